"""The headline counts and rates of every span that the front page compares, one row a span."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from attendance_lib.analysis.disclosure.model import Count, PublicTable, Rate, Unit
from attendance_lib.analysis.headline import span_figures
from attendance_lib.register import Register
from attendance_lib.sections.governors.workings import Workings

NAME = "spans"
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


@dataclass(frozen=True, eq=False)
class SpanOf:
    """One row: its name and label, its register, and the coordinates of its enrolments."""

    name: str
    label: str
    register: Register
    where: dict[str, str]
    has_flags: bool = False


def public_spans(workings: Workings) -> PublicTable:
    """Return the headline counts and rates, one row per span that the register holds (see ``spans_of``)."""
    spans = [each for each in spans_of(workings) if len(each.register.sessions)]
    frame = pd.DataFrame([span_row(each) for each in spans])
    return PublicTable(
        name=NAME,
        title="Headline figures by period",
        frame=frame,
        rows=tuple(each.where for each in spans),
        counts=(
            Count("enrolments"),
            *(
                Count(name, {"measure": name}, "enrolments", Unit.SESSIONS, is_shown=False)
                for name in SESSIONS
            ),
            *(Count(name, {"measure": measure}, "enrolments") for name, measure in MEASURE_OF.items()),
        ),
        rates=tuple(Rate(rate, (count,), "enrolments") for rate, count in {**RATE_OF, **FLAGS}.items()),
    )


def spans_of(workings: Workings) -> Iterator[SpanOf]:
    """Yield the spans: the half term and the one before, the year to date, and the same of up to three earlier years."""
    periods, everyone = workings.periods, workings.now
    before = workings.half_terms.previous
    short = {"span": HALF_TERM}
    yield SpanOf(HALF_TERM, "This half term", periods.current, everyone | short)
    yield SpanOf(HALF_TERM_BEFORE, "Half term before", before, workings.then(before) | short)
    yield SpanOf(YEAR_TO_DATE, "Year to date", periods.year_to_date, everyone, has_flags=True)
    for ago, year in enumerate(workings.half_terms.earlier_years, start=1):
        when = year_in_words(year.current.sessions["school_year"].iloc[-1])
        where = workings.then(year.current)
        yield SpanOf(f"{HALF_TERM}_{ago}", f"Same half term {when}", year.current, where | short)
        yield SpanOf(f"{YEAR_TO_DATE}_{ago}", f"Same point {when}", year.year_to_date, where, has_flags=True)


def year_in_words(school_year: str) -> str:
    """Return a school year as it is written.

    Examples
    --------
    >>> year_in_words("202526")
    '2025/26'
    """
    return f"{school_year[:4]}/{school_year[4:]}"


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
