"""Attendance by school week, this year beside last, as far as a week's rate does not tell its sessions."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from attendance_lib.analysis.disclosure.model import Coordinates, Count, PublicTable, Rate, Unit
from attendance_lib.analysis.measures import count_flags, pupil_totals
from attendance_lib.analysis.periods import position_in_year
from attendance_lib.analysis.weeks import counted_beside_last_year
from attendance_lib.register import Register
from attendance_lib.rules.disclosure import (
    FEWEST_FOR_WEEKS,
    FEWEST_FOR_WEEKS_AT_TEN,
    PER_MILLE_FROM,
    SUPPRESSION_LEVEL,
)
from attendance_lib.sections.governors.workings import Workings, days_of

WEEKS = "weekly_attendance"
ABSENCE = {"measure": "absence_sessions"}
# Attendance in whole per cents, or in tenths of one.
PER_CENT, PER_MILLE = 100, 1000


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
    """
    absence, possible = (weeks[f"{prefix}{name}_sessions"] for name in ("absence", "possible"))
    fewest = FEWEST_FOR_WEEKS if level <= SUPPRESSION_LEVEL else FEWEST_FOR_WEEKS_AT_TEN
    is_given = absence.notna() & (enrolments >= fewest)
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
    """Return attendance in whole parts of the possible sessions (100 for per cents), rounded half up, for sessions missed."""
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
