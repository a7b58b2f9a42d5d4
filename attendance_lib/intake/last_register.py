"""The registers taken, which do not reach from the oldest mark to the newest: codes are entered ahead, and dates are mistyped.

Everything that is judged by how far the registers go (the periods that papers cover, missing marks, whether an
export is stale) goes by them. Marks after the last one are planned: they are shown by themselves and are in no rate.
Single marks long before the first one are of a date that was mistyped.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from attendance_lib.intake.openness import session_numbers
from attendance_lib.rules.calendar import SchoolCalendar
from attendance_lib.rules.codes import CODES, Category
from attendance_lib.rules.thresholds import OUT_OF, REGISTER_TAKEN

NOT_POSSIBLE, PRESENT = (
    frozenset(code.letter for code in CODES if code.category is category)
    for category in (Category.NOT_POSSIBLE, Category.PRESENT)
)
# Ours: no school goes so many school days without any mark between its first registers, and of a date that was mistyped there
# is one mark, or one for each tenth of those expected at most.
GAP_DAYS, MISTYPED_OF = 10, 10


class Registers(NamedTuple):
    """How far the registers taken reach, as session numbers (``openness.session_numbers``) and the last one's day.

    ``first`` is None unless single marks stand long before the first register; ``last`` and ``day`` are None without any mark.
    """

    first: int | None
    last: int | None
    day: date | None


def find_registers(marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> Registers:
    """Find the last session at which a fair share of those expected has a mark, and the first if marks stand long before it.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS of pupils on roll on their day.
    pupils : pandas.DataFrame
        PUPILS.
    calendar : SchoolCalendar
        The school's calendar.

    Returns
    -------
    Registers
        Where no session has such a share (a handful of pupils, few marks), the last session with a mark. An afternoon belongs
        to the day if anybody is marked present in it: nobody is ahead. Else, as at midday, the morning is the last session.

    Notes
    -----
    Expected are those on roll for whose year group the session was open, who have a mark at all, without those
    whose mark says that attendance was not possible or not required (D, X, Y...): such codes are entered for a
    year ahead. The share (``rules.thresholds``) is decided on counts.
    """
    counts = SessionCounts.of(marks, pupils, calendar)
    used = np.flatnonzero(counts.marked)[::-1]
    with_marks = [*used, *np.flatnonzero(counts.excused)[::-1]]
    last = next((each for each in used if counts.is_taken(each)), with_marks[0] if with_marks else None)
    if last is None:
        return Registers(None, None, None)
    day = counts.sessions["date"].iloc[last]
    of_day = np.flatnonzero((counts.sessions["date"] == day).to_numpy() & (counts.present > 0))
    number = int(counts.numbers[max([last, *of_day])])
    return Registers(first_after_strays(counts), number, day.date())


class SessionCounts(NamedTuple):
    """The open sessions with their numbers and how many are ``marked``, ``excused`` and ``present`` in each (shape (sessions,)).

    Who is present is marked, too.
    """

    sessions: pd.DataFrame
    numbers: np.ndarray
    marked: np.ndarray
    excused: np.ndarray
    present: np.ndarray
    roll: pd.DataFrame

    @classmethod
    def of(cls, marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> "SessionCounts":
        """Count marks (MARKS) in the calendar's open sessions; the roll is of those pupils who have a mark."""
        sessions = calendar.open_sessions
        numbers = session_numbers(sessions["date"], sessions["session"])
        wanted = session_numbers(marks["date"], marks["session"])
        is_open = np.isin(wanted, numbers)
        place = np.searchsorted(numbers, wanted[is_open])
        excused, present = (
            marks["code"].isin(codes).to_numpy()[is_open] for codes in (NOT_POSSIBLE, PRESENT)
        )
        counted = (np.bincount(place[here], minlength=len(numbers)) for here in (~excused, excused, present))
        return cls(sessions, numbers, *counted, pupils[pupils["pupil_id"].isin(marks["pupil_id"].unique())])

    def expected(self, place: int) -> int:
        """Return how many enrolments were due at a session, without those who were excused."""
        return due_at(self.sessions.iloc[place], self.roll) - int(self.excused[place])

    def is_taken(self, place: int) -> bool:
        """Whether a fair share of those expected at a session has a mark."""
        return is_taken(self.marked[place], self.expected(place))

    def is_mistyped(self, place: int) -> bool:
        """Whether a session has so few marks that mistyped dates may have brought them there."""
        marks = int(self.marked[place] + self.excused[place])
        return marks == 1 or MISTYPED_OF * marks <= due_at(self.sessions.iloc[place], self.roll)


def first_after_strays(counts: SessionCounts) -> int | None:
    """Return the number of the first session with a mark after a long gap that single marks stand before; None if none do."""
    days = pd.factorize(counts.sessions["date"])[0]
    used = np.flatnonzero(counts.marked + counts.excused)
    taken = next((place for place, each in enumerate(used) if counts.is_taken(each)), 0)
    gaps = np.flatnonzero(np.diff(days[used[: taken + 1]]) > GAP_DAYS)
    if not len(gaps) or not all(counts.is_mistyped(each) for each in used[: gaps[-1] + 1]):
        return None
    return int(counts.numbers[used[gaps[-1] + 1]])


def is_taken(marked: int, expected: int) -> bool:
    """Whether so many marks are a fair share of those expected.

    Examples
    --------
    >>> is_taken(1, 2), is_taken(1, 3), is_taken(0, 0)
    (True, False, False)
    """
    return bool(marked > 0 and OUT_OF * marked >= REGISTER_TAKEN * expected)


def due_at(session: pd.Series, pupils: pd.DataFrame) -> int:
    """Return how many enrolments were on roll at a session (a row of ``open_sessions``) and in a year group it was open to."""
    day = session["date"]
    on_roll = ~(pupils["admission_date"] > day) & ~(pupils["leaving_date"] < day)
    return int((on_roll & ~pupils["year_group"].isin(session["closed_year_groups"])).sum())
