"""The headline counts and rates of every span that the front page compares, one row a span."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from attendance_lib.analysis.chance import attendance_estimate, wilson_change
from attendance_lib.analysis.disclosure.model import Count, PublicTable, Rate, Unit
from attendance_lib.analysis.gaps import counted, share
from attendance_lib.analysis.headline import span_figures
from attendance_lib.register import Register
from attendance_lib.rules.calendar import year_in_words
from attendance_lib.sections.governors.workings import Workings

NAME, WHOLE_YEARS, CHANGES = "spans", "whole_years", "changes"
HALF_TERM, HALF_TERM_BEFORE, YEAR_TO_DATE = "half_term", "half_term_before", "year_to_date"
# Not printed; a printed rate and its enrolments all but tell them.
SESSIONS = (
    "absence_sessions",
    "authorised_absence_sessions",
    "unauthorised_absence_sessions",
    "late_before_close_sessions",
    "late_after_close_sessions",
)
RATE_OF = {
    "attendance_rate": "absence_sessions",
    "absence_rate": "absence_sessions",
    "authorised_absence_rate": "authorised_absence_sessions",
    "unauthorised_absence_rate": "unauthorised_absence_sessions",
    "late_before_close_rate": "late_before_close_sessions",
    "late_after_close_rate": "late_after_close_sessions",
}
FLAGS = {
    "persistent_absence_rate": "persistently_absent_enrolments",
    "severe_absence_rate": "severely_absent_enrolments",
}
MEASURE_OF = {
    "persistently_absent_enrolments": "persistently_absent",
    "severely_absent_enrolments": "severely_absent",
}


SPAN_COLUMNS = [
    "span", "label", "first_date", "last_date", "enrolments", *SESSIONS, *RATE_OF, *MEASURE_OF, *FLAGS,
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class SpanOf:
    """One row: its name and label, its register, the coordinates of its enrolments and those of its sessions."""

    name: str
    label: str
    register: Register
    where: dict[str, str]
    over: dict[str, str]
    has_flags: bool = False


def public_spans(workings: Workings) -> PublicTable:
    """Return the headline counts and rates, one row per span that the register holds (see ``spans_of``)."""
    spans = [each for each in spans_of(workings) if len(each.register.sessions)]
    frame = pd.DataFrame([span_row(each) for each in spans])
    return span_table(NAME, "Headline figures by period", frame, spans)


def public_whole_years(workings: Workings) -> PublicTable:
    """Return the headline counts and rates of each earlier whole school year, as the census counts it."""
    years = [
        SpanOf(
            year, year_in_words(year), register, workings.then(register) | CENSUS, workings.over(register) | CENSUS,
            has_flags=True,
        )
        for year, register in workings.half_terms.whole_years.items()
    ]  # fmt: skip
    frame = pd.DataFrame([span_row(each) for each in years], columns=SPAN_COLUMNS)
    return span_table(WHOLE_YEARS, "Whole school years", frame, years, OF_THE_CENSUS)


CENSUS = {"counted_as": "census"}
OF_THE_CENSUS = "because the census leaves Year 11 out after the spring bank holiday, and no other table does"


def public_changes(workings: Workings) -> PublicTable:
    """Return how attendance in the half term and persistent absence in the year moved, with what chance leaves open.

    One row: ``attendance_change_rate`` with ``attendance_low`` and ``attendance_high``, and the same with
    ``persistent_``; missing where there is nothing to compare with.
    """
    spans = workings.spans
    attendance = attendance_estimate(spans.current) - attendance_estimate(spans.compared)
    now, then = (flagged(totals) for totals in (spans.year_to_date, spans.compared_to_date))
    persistent = wilson_change(now, then)
    frame = pd.DataFrame(
        {
            "enrolments": [now[1]],
            "compared_enrolments": [float(then[1]) if then[1] else None],
            "attendance_change_rate": [attendance.value],
            "attendance_low": [attendance.interval.low],
            "attendance_high": [attendance.interval.high],
            "persistent_change_rate": [share(*now) - share(*then)],
            "persistent_low": [persistent.low],
            "persistent_high": [persistent.high],
        }
    )
    figures = [name for name in frame if not name.endswith("enrolments")]
    then_where = workings.then(workings.compared_to_date)
    return PublicTable(
        name=CHANGES,
        title="How the headline figures moved",
        frame=frame,
        rows=(workings.at_end,),
        counts=(Count("enrolments"), Count("compared_enrolments", then_where)),
        rates=tuple(Rate(name, ("enrolments", "compared_enrolments"), "enrolments") for name in figures),
    )


def flagged(totals: pd.DataFrame) -> tuple[int, int]:
    """Return how many enrolments (rows of PUPIL_TOTALS) are persistently absent, and of how many with a possible session.

    Examples
    --------
    >>> flagged(pd.DataFrame({"possible_sessions": [0, 40, 40], "is_persistently_absent": [False, True, False]}))
    (1, 2)
    """
    here = counted(totals)
    return int(here["is_persistently_absent"].sum()), len(here)


def span_table(
    name: str, title: str, frame: pd.DataFrame, spans: Sequence[SpanOf], alone: str = ""
) -> PublicTable:
    """Return a table of headline counts and rates (one row per span; fractions) with what its columns count.

    Enrolments stand at a date where sessions have a span, so each column of either has coordinates of its own; ``alone`` says
    why the enrolments add up with nothing else, if so.
    """
    return PublicTable(
        name=name,
        title=title,
        frame=frame,
        rows=tuple({} for _ in spans),
        counts=(
            Count("enrolments", by_row=tuple(each.where for each in spans), alone=alone),
            *(
                Count(
                    column, {"measure": column}, "enrolments", Unit.SESSIONS, is_shown=False,
                    by_row=tuple(each.over for each in spans),
                )
                for column in SESSIONS
            ),
            *(
                Count(column, {"measure": measure}, "enrolments", by_row=tuple(each.where for each in spans))
                for column, measure in MEASURE_OF.items()
            ),
        ),
        rates=tuple(Rate(rate, (count,), "enrolments") for rate, count in {**RATE_OF, **FLAGS}.items()),
    )  # fmt: skip


def spans_of(workings: Workings) -> Iterator[SpanOf]:
    """Yield the spans: the half term and the one before, the year to date, and the same of up to three earlier years."""
    periods = workings.periods
    before = workings.half_terms.previous_of_year
    yield half_term_of(workings, HALF_TERM, "This half term", periods.current)
    yield half_term_of(workings, HALF_TERM_BEFORE, "Half term before", before)
    yield year_of(workings, YEAR_TO_DATE, "Year to date", periods.year_to_date)
    for ago, year in enumerate(workings.half_terms.earlier_years, start=1):
        when = year_in_words(year.current.sessions["school_year"].iloc[-1])
        yield half_term_of(workings, f"{HALF_TERM}_{ago}", f"Same half term {when}", year.current)
        yield year_of(workings, f"{YEAR_TO_DATE}_{ago}", f"Same point {when}", year.year_to_date)


def half_term_of(workings: Workings, name: str, label: str, register: Register) -> SpanOf:
    """Return the row of a half term, of which persistent and severe absence are not measured."""
    return SpanOf(name, label, register, workings.enrolled(register), workings.over(register))


def year_of(workings: Workings, name: str, label: str, register: Register) -> SpanOf:
    """Return the row of a year to date."""
    return SpanOf(name, label, register, workings.then(register), workings.over(register), has_flags=True)


def span_row(span: SpanOf) -> dict[str, object]:
    """Return one span's row: label, dates, counts and rates; persistent and severe absence over a year to date only."""
    figures = span_figures(span.register)
    dates = {
        "span": span.name,
        "label": span.label,
        "first_date": span.register.first_date,
        "last_date": span.register.last_date,
    }
    flagged = [*MEASURE_OF, *FLAGS]
    whole = {name: int(figures[name]) for name in ("enrolments", *SESSIONS)}
    rates = {name: figures[name] for name in RATE_OF}
    flags = {name: figures[name] if span.has_flags else None for name in flagged}
    return dates | whole | rates | flags
