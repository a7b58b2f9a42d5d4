"""The open school days of the demo school, read from its school file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

SESSIONS = ("AM", "PM")
LAST_DAY = date(2026, 11, 20)
"""The day of the export: marks run up to this day and no further."""
# Bank holidays that fall inside a half term; the others are in the holidays.
BANK_HOLIDAYS = (date(2026, 5, 4), date(2027, 5, 3))


@dataclass(frozen=True)
class Timetable:
    """The days on which the school was open to at least one year group, in order.

    Attributes
    ----------
    days : numpy.ndarray
        Open days, ``datetime64[D]``.
    school_years : numpy.ndarray
        School year of each day, such as ``"202526"``.
    half_terms : numpy.ndarray
        Number of the half term of each day, counted from 0 at the first of all.
    closed : dict of int to numpy.ndarray
        For each year group, whether each session (AM and PM of each day in turn) did not happen.
    year_groups : tuple of int
        Year groups of the school, youngest first.
    staff : tuple of dict
        Roles, names and caseloads as the school file gives them.
    meetings : tuple of date
        Days of the pastoral meetings up to the last half term on file.
    """

    days: np.ndarray
    school_years: np.ndarray
    half_terms: np.ndarray
    closed: dict[int, np.ndarray]
    year_groups: tuple[int, ...]
    staff: tuple[dict[str, Any], ...]
    meetings: tuple[date, ...]

    @property
    def weekdays(self) -> np.ndarray:
        """Day of the week of each open day, Monday 0."""
        # 1970-01-01, day 0 of datetime64, was a Thursday.
        return (self.days.astype(int) + 3) % 7

    @property
    def mondays(self) -> np.ndarray:
        """Monday of the week of each open day."""
        return self.days - self.weekdays

    def day(self, on: date | str) -> int:
        """Find the position of the first open day on or after a date."""
        return int(np.searchsorted(self.days, np.datetime64(on)))

    def last_days(self) -> np.ndarray:
        """Find the positions of the last day of each half term that has ended."""
        return np.flatnonzero(np.diff(self.half_terms))

    def date_of(self, day: int) -> date:
        """Give the date of an open day."""
        return self.days[day].item()


def read_timetable(school_file: Path) -> Timetable:
    """Read the days the demo school was open from its school file.

    Parameters
    ----------
    school_file : pathlib.Path
        A school file such as ``params/demo.yml``.

    Returns
    -------
    Timetable
        Open days up to `LAST_DAY`.
    """
    settings = yaml.safe_load(school_file.read_text(encoding="utf-8"))
    calendar, school = settings["calendar"], settings["school"]
    shut = set(calendar["inset"]) | set(BANK_HOLIDAYS)
    shut |= {c["date"] for c in calendar["closures"] if set(c) == {"date", "reason"}}
    rows = [row for row in _term_days(calendar) if row[0] not in shut]
    past = [row for row in rows if row[0] <= LAST_DAY]
    days = np.array([row[0] for row in past], dtype="datetime64[D]")
    return Timetable(
        days=days,
        school_years=np.array([row[1] for row in past]),
        half_terms=np.array([row[2] for row in past]),
        closed={g: _closed_sessions(g, days, calendar["closures"]) for g in school["year_groups"]},
        year_groups=tuple(school["year_groups"]),
        staff=tuple(settings["staff"]),
        meetings=_meetings([row[0] for row in rows], settings["meetings"]["pastoral"]),
    )


def _term_days(calendar: dict[str, Any]) -> Iterator[tuple[date, str, int]]:
    """Every weekday of every half term, with its school year and half-term number."""
    halves = [(term["school_year"], half) for term in calendar["terms"] for half in term["half_terms"]]
    for number, (school_year, half) in enumerate(halves):
        for offset in range((half["end"] - half["start"]).days + 1):
            day = half["start"] + timedelta(offset)
            if day.weekday() < 5:
                yield day, school_year, number


def _closed_sessions(year_group: int, days: np.ndarray, closures: list[dict[str, Any]]) -> np.ndarray:
    """Whether each session did not happen for one year group."""
    closed = np.zeros((len(days), len(SESSIONS)), dtype=bool)
    for closure in closures:
        if year_group in closure.get("year_groups", [year_group]):
            sessions = [SESSIONS.index(closure["session"])] if "session" in closure else [0, 1]
            closed[np.ix_(days == np.datetime64(closure["date"]), sessions)] = True
    return closed.reshape(-1)


def _meetings(days: list[date], rule: dict[str, Any]) -> tuple[date, ...]:
    """The meeting days: the same weekday as the first, every so many school weeks."""
    first = rule["first"]
    weeks = sorted({day - timedelta(day.weekday()) for day in days})
    later = [week for week in weeks if week >= first - timedelta(first.weekday())]
    return tuple(week + timedelta(first.weekday()) for week in later[:: rule["every_school_weeks"]])
