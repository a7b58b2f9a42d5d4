"""The open school days of the demo school, as its school file has them."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from attendance_lib.intake.settings.school_file import Meeting, Settings, StaffMember
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.readers import reader_of

LAST_DAY = date(2026, 11, 20)
"""The day of the export: marks run up to this day and no further."""
THURSDAY = 3


# Members of the invented school who own no action and lead nothing that its logs know.
IN_NO_LOG = ("Tutor", "Senior Leadership Team")


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
    staff : tuple of StaffMember
        Roles, names and caseloads.
    meetings : tuple of date
        Days of the pastoral meetings, also those after the last day.
    """

    days: np.ndarray
    school_years: np.ndarray
    half_terms: np.ndarray
    closed: dict[int, np.ndarray]
    staff: tuple[StaffMember, ...]
    meetings: tuple[date, ...]

    @property
    def weekdays(self) -> np.ndarray:
        """Day of the week of each open day, Monday 0 (shape (days,)).

        Examples
        --------
        >>> days = np.array(["2026-11-09", "2026-11-10", "2026-11-16"], dtype="datetime64[D]")
        >>> Timetable(days, np.array(["202627"] * 3), np.array([1, 1, 2]), {}, (), ()).weekdays.tolist()
        [0, 1, 0]
        """
        # Day 0 of datetime64 was a Thursday.
        return (self.days.astype(int) + THURSDAY) % 7

    @property
    def mondays(self) -> np.ndarray:
        """Monday of the week of each open day (datetime64[D], shape (days,)).

        Examples
        --------
        >>> days = np.array(["2026-11-09", "2026-11-10", "2026-11-16"], dtype="datetime64[D]")
        >>> Timetable(days, np.array(["202627"] * 3), np.array([1, 1, 2]), {}, (), ()).mondays.astype(str).tolist()
        ['2026-11-09', '2026-11-09', '2026-11-16']
        """
        return self.days - self.weekdays

    @property
    def last(self) -> int:
        """Position of the last day."""
        return len(self.days) - 1

    def day(self, on: date | str) -> int:
        """Find the position of the first open day on or after a date.

        Examples
        --------
        >>> days = np.array(["2026-11-09", "2026-11-10", "2026-11-16"], dtype="datetime64[D]")
        >>> timetable = Timetable(days, np.array(["202627"] * 3), np.array([1, 1, 2]), {}, (), ())
        >>> timetable.day("2026-11-10"), timetable.day("2026-11-14")  # a Saturday
        (1, 2)
        """
        return int(np.searchsorted(self.days, np.datetime64(on)))

    def last_days(self) -> np.ndarray:
        """Find the positions of the last day of each half term that has ended (shape (half terms,)).

        Examples
        --------
        >>> days = np.array(["2026-11-09", "2026-11-10", "2026-11-16"], dtype="datetime64[D]")
        >>> Timetable(days, np.array(["202627"] * 3), np.array([1, 1, 2]), {}, (), ()).last_days().tolist()
        [1]
        """
        return np.flatnonzero(np.diff(self.half_terms))

    def date_of(self, day: int) -> date:
        """Give the date of an open day.

        Examples
        --------
        >>> days = np.array(["2026-11-09", "2026-11-10", "2026-11-16"], dtype="datetime64[D]")
        >>> timetable = Timetable(days, np.array(["202627"] * 3), np.array([1, 1, 2]), {}, (), ())
        >>> timetable.date_of(timetable.last)
        datetime.date(2026, 11, 16)
        """
        return self.days[day].item()


def timetable_of(settings: Settings) -> Timetable:
    """Return the days on which a school was open.

    Parameters
    ----------
    settings : Settings
        Its school file, such as ``params/demo.yml``.

    Returns
    -------
    Timetable
        Open days up to `LAST_DAY`.
    """
    every_session = settings.build_calendar().sessions()
    sessions = every_session[every_session["date"] <= pd.Timestamp(LAST_DAY)]
    days = sessions.drop_duplicates("date", ignore_index=True)
    return Timetable(
        days=days["date"].to_numpy(dtype="datetime64[D]"),
        school_years=days["school_year"].to_numpy(dtype=str),
        half_terms=pd.factorize(days["half_term"])[0],
        closed=_closed_sessions(settings, sessions),
        staff=tuple(each for each in settings.staff if reader_of(each.role).name not in IN_NO_LOG),
        meetings=_meetings(every_session, settings.meetings["pastoral"]),
    )


def _closed_sessions(settings: Settings, sessions: pd.DataFrame) -> dict[int, np.ndarray]:
    """For each year group, whether each session of the open days did not happen."""
    place = 2 * pd.factorize(sessions["date"])[0] + (sessions["session"] == SESSIONS[1]).to_numpy()
    closed = {}
    for year_group in settings.school.year_groups:
        took_place = [year_group not in shut for shut in sessions["closed_year_groups"]]
        closed[year_group] = np.ones(2 * sessions["date"].nunique(), dtype=bool)
        closed[year_group][place[took_place]] = False
    return closed


def _meetings(sessions: pd.DataFrame, rule: Meeting) -> tuple[date, ...]:
    """The meeting days: the same weekday as the first, every so many school weeks."""
    weekday = timedelta(rule.first.weekday())
    weeks = sessions["week_beginning"].drop_duplicates().dt.date
    later = [week for week in weeks if week + weekday >= rule.first]
    return tuple(week + weekday for week in later[:: rule.every_school_weeks])
