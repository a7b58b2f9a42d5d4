"""The headline counts and rates of every span that the front page compares, one row a span."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import band_counts, count_flags, pupil_totals, span_figures
from attendance_lib.analysis.movement import FLOW_LINES
from attendance_lib.analysis.weeks import counted_beside_last_year
from attendance_lib.disclosure.tables import Coordinates, Count, PublicTable, Rate, Unit
from attendance_lib.pack.periods import position_in_year
from attendance_lib.papers.coordinates import days_of
from attendance_lib.papers.governors.workings import MEASURE_OF, Workings, table_of_report
from attendance_lib.register.grid import Register
from attendance_lib.rules.calendar import year_in_words
from attendance_lib.rules.thresholds import PER_MILLE_FROM, is_small_school

NAME, WHOLE_YEARS = "spans", "whole_years"
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


@table_of_report(place=10)
def public_spans(workings: Workings) -> PublicTable:
    """Return the headline counts and rates, one row per span that the register holds (see ``spans_of``)."""
    spans = [each for each in spans_of(workings) if len(each.register.sessions)]
    frame = pd.DataFrame([span_row(each) for each in spans])
    return span_table(NAME, "Headline figures by period", frame, spans)


@table_of_report(place=30)
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
    return span_table(WHOLE_YEARS, "Full school years", frame, years, OF_THE_CENSUS)


CENSUS = {"counted_as": "census"}
OF_THE_CENSUS = "because the census leaves Year 11 out after the spring bank holiday, and no other table does"


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
    before, word = workings.half_terms.previous_of_year, workings.pack.school.calendar.span_word
    yield half_term_of(workings, HALF_TERM, f"This {word}", periods.current)
    yield half_term_of(workings, HALF_TERM_BEFORE, f"{word.capitalize()} before", before)
    yield year_of(workings, YEAR_TO_DATE, "Year to date", periods.year_to_date)
    for ago, year in enumerate(workings.half_terms.earlier_years, start=1):
        when = year_in_words(year.current.sessions["school_year"].iloc[-1])
        yield half_term_of(workings, f"{HALF_TERM}_{ago}", f"Same {word} {when}", year.current)
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


# Where enrolments stand: bands of absence, and who joined, left and stayed in persistent and severe absence

BANDS, FLOWS = "bands", "flows"
THEN = "compared_enrolments"
MEASURES = {"persistent": "persistently_absent", "severe": "severely_absent"}
# In the order shown: before is left and stayed; after is stayed and joined.
MOVES = ("before", "left", "stayed", "joined", "after")
# What earlier reports told apart. Their counts have coordinates of their own, so that these stay true.
TOGETHER = {"left": ("left", "gone"), "joined": ("joined", "new")}
EVERY_BAND = {"band": "any"}
# The bands that make up persistent absence; the last alone is severe.
PERSISTENT_BANDS = ("above_85", "above_80", "above_50", "severe")


def bands_now_and_then(workings: Workings) -> pd.DataFrame:
    """Return each band (row) with its enrolments, all enrolments and its share (in [0, 1]); then the same with ``compared_``."""
    spans = workings.spans
    now, then = (band_counts(totals) for totals in (spans.year_to_date, spans.compared_to_date))
    before = known_counts(then["enrolments"])
    return now.assign(
        all_enrolments=now["enrolments"].sum(),
        share_rate=shares(now["enrolments"]),
        compared_enrolments=before,
        compared_all_enrolments=before.sum(min_count=1),
        compared_share_rate=shares(then["enrolments"]),
    )


@table_of_report(place=70)
def public_bands(workings: Workings) -> PublicTable:
    """Return the enrolments in each band now and at the point compared with, with their shares."""
    frame = bands_now_and_then(workings)
    before = workings.then(workings.compared_to_date)
    return PublicTable(
        name=BANDS,
        title="Attendance bands, year to date",
        frame=frame,
        rows=tuple({"band": band} | workings.at_end for band in frame["band"]),
        counts=(
            Count("enrolments"),
            Count(THEN, before),
            Count("all_enrolments", EVERY_BAND, is_shown=False),
            Count("compared_all_enrolments", before | EVERY_BAND, is_shown=False),
        ),
        rates=(
            Rate("share_rate", ("enrolments",), "all_enrolments"),
            Rate("compared_share_rate", (THEN,), "compared_all_enrolments"),
        ),
    )


def known_counts(counts: pd.Series) -> pd.Series:
    """Return counts (Int64, one per row), missing where there is nobody in any: those days are not held.

    Examples
    --------
    >>> known_counts(pd.Series([0, 3])).tolist(), known_counts(pd.Series([0, 0])).tolist()
    ([0, 3], [<NA>, <NA>])
    """
    return counts.astype("Int64") if counts.sum() else counts.astype("Int64") * pd.NA


def shares(counts: pd.Series) -> pd.Series:
    """Return each row's count over their sum (fractions; missing where there is none).

    Examples
    --------
    >>> shares(pd.Series([1, 3])).tolist(), shares(pd.Series([0])).tolist()
    ([0.25, 0.75], [nan])
    """
    whole = counts.sum()
    return counts / whole if whole else counts.astype(float) * float("nan")


@table_of_report(place=80, whole_school_only=True)
def public_flows(workings: Workings) -> PublicTable:
    """Return who joined, left and stayed in persistent and severe absence since the last half term's end.

    One row per line and move, so that each count has coordinates of its own; where the register begins with this
    half term there is nothing to follow from, and the table has no row.
    """
    then = workings.then(workings.flow_from)
    counted = workings.flows.assign(line=list(FLOW_LINES)).set_index("line")
    keys = [(line, move) for line in FLOW_LINES for move in MOVES] if len(workings.flow_from.sessions) else []
    frame = pd.DataFrame(
        [(line, move, counted.loc[line, move]) for line, move in keys],
        columns=["line", "move", "enrolments"],
    )
    return PublicTable(
        name=FLOWS,
        title="Who came into persistent and severe absence, who stayed and who left",
        frame=frame,
        rows=tuple(flow_coordinates(line, move, (then, workings.at_end)) for line, move in keys),
        counts=(Count("enrolments", is_none_hidden=True),),
    )


def flow_coordinates(line: str, move: str, times: tuple[dict, dict]) -> dict[str, str]:
    """Return the coordinates of one count of ``public_flows``: before and after are those of other tables.

    Examples
    --------
    >>> then, now = {"as_at": "2026-07-17"}, {"as_at": "2026-10-23"}
    >>> flow_coordinates("persistent", "before", (then, now)) == {"measure": MEASURES["persistent"], "as_at": "2026-07-17"}
    True
    """
    then, now = times
    if move in ("before", "after"):
        return {"measure": MEASURES[line]} | (then if move == "before" else now)
    return now | {"flow": line, "move": coordinate_of_move(move), "since": then["as_at"]}


def coordinate_of_move(move: str) -> str:
    """Return the coordinate of one of MOVES.

    Examples
    --------
    >>> coordinate_of_move("stayed"), coordinate_of_move("left")
    ('stayed', 'left or gone')
    """
    return " or ".join(TOGETHER.get(move, (move,)))


# Attendance by school week, this year beside last, as far as a week's rate does not tell its sessions

WEEKS = "weekly_attendance"
ABSENCE = {"measure": "absence_sessions"}
# Attendance in whole per cents, or in tenths of one.
PER_CENT, PER_MILLE = 100, 1000


@table_of_report(place=190)
def public_weeks(workings: Workings) -> PublicTable:
    """Return attendance in each school week of the year to date beside the same week last year.

    Whoever knows the roll knows how many sessions a week has, so a rate of few pupils would tell how many were missed:
    below 500 enrolments it is given in whole per cents, which cost a reader nothing (weeks differ by more), and below 50
    (100 where the level is ten) not at all. What it tells even so is declared as the least and the most.
    """
    periods = workings.periods
    weeks = counted_beside_last_year(periods)
    years = {"": periods.year_to_date, "last_year_": periods.last_year_to_date}
    columns = {"": "attendance_rate", "last_year_": "last_year_rate"}
    figures = [
        week_figures(weeks, prefix, columns[prefix], enrolments_of(register), workings.level)
        for prefix, register in years.items()
    ]
    frame = pd.concat([weeks[["school_week", "week_beginning"]], *figures], axis=1)
    return PublicTable(
        name=WEEKS,
        title="Attendance by school week",
        frame=frame,
        rows=tuple({} for _ in range(len(frame))),
        counts=tuple(
            count
            for prefix, register in years.items()
            for count in week_counts(workings, weeks, prefix, register)
        ),
        rates=tuple(
            Rate(column, (f"{prefix}absence_sessions",), f"{prefix}enrolments")
            for prefix, column in columns.items()
        ),
        plain={"school_week": "because weeks are counted in it, and no pupil"},
    )


def enrolments_of(register: Register) -> int:
    """Return how many enrolments have a possible session in a register."""
    return int(count_flags(pupil_totals(register))["enrolments"].iloc[0])


def week_figures(weeks: pd.DataFrame, prefix: str, column: str, enrolments: int, level: int) -> pd.DataFrame:
    """Return one year's rates (fractions, one row per week) with the counts behind them; all missing where no week is given.

    ``weeks`` holds sessions by week; ``enrolments`` are those of the year to date.

    Examples
    --------
    >>> weeks = pd.DataFrame({"absence_sessions": [23], "possible_sessions": [1000]})
    >>> [week_figures(weeks, "", "rate", enrolments, 5)["rate"].tolist() for enrolments in (500, 100, 40)]
    [[0.977], [0.98], [nan]]
    """
    absence, possible = (weeks[f"{prefix}{name}_sessions"] for name in ("absence", "possible"))
    is_given = absence.notna() & (not is_small_school(enrolments, level))
    parts = PER_MILLE if enrolments >= PER_MILLE_FROM else PER_CENT
    told = [
        told_by_rate(*each, parts)
        for each in zip(absence[is_given].astype(int), possible[is_given].astype(int), strict=True)
    ]
    found = pd.DataFrame(told, columns=["rate", "least", "most"], index=weeks.index[is_given]).reindex(
        weeks.index
    )
    return pd.DataFrame(
        {
            column: found["rate"],
            f"{prefix}absence_sessions": absence.where(is_given),
            f"{prefix}least_sessions": found["least"],
            f"{prefix}most_sessions": found["most"],
            f"{prefix}enrolments": pd.Series([enrolments or None] * len(weeks), dtype=float).where(is_given),
        }
    )


def told_by_rate(absence: int, possible: int, parts: int) -> tuple[float, int, int]:
    """Return the attendance rate of a week rounded half up, and the least and the most sessions missed that give it.

    Examples
    --------
    >>> told_by_rate(25, 470, 100), told_by_rate(1, 10, 1000)
    ((0.95, 22, 25), (0.9, 1, 1))
    """
    rounded = rounded_parts(np.arange(possible + 1), possible, parts)
    fitting = np.flatnonzero(rounded == rounded[absence])
    return rounded[absence].item() / parts, int(fitting[0]), int(fitting[-1])


def rounded_parts(absence: np.ndarray, possible: int, parts: int) -> np.ndarray:
    """Return attendance in whole parts of the possible sessions (100 for per cents), rounded half up; (n,) as the sessions missed.

    Examples
    --------
    >>> rounded_parts(np.array([0, 1, 5]), 200, 100).tolist()
    [100, 100, 98]
    """
    return (2 * parts * (possible - absence) + possible) // (2 * possible)


def week_counts(workings: Workings, weeks: pd.DataFrame, prefix: str, register: Register) -> Iterator[Count]:
    """Yield what one year's columns count, none of them shown."""
    enrolments, absence = f"{prefix}enrolments", f"{prefix}absence_sessions"
    yield Count(enrolments, workings.then(register), is_shown=False)
    yield Count(
        absence,
        ABSENCE,
        enrolments,
        Unit.SESSIONS,
        is_shown=False,
        told=(f"{prefix}least_sessions", f"{prefix}most_sessions"),
        by_row=tuple(week_spans(workings, weeks, register)),
    )


def week_spans(workings: Workings, weeks: pd.DataFrame, register: Register) -> Iterator[Coordinates]:
    """Yield the coordinates of each week (row) in one year's register; those of no day where it has no such week."""
    days = register.sessions.assign(**position_in_year(register.sessions)[["half_term", "week"]])
    held = {place: days_of(each) for place, each in days.groupby(["half_term", "week"])}
    for place in zip(weeks["half_term"], weeks["week"], strict=True):
        yield workings.over_days(held.get(place, []))
