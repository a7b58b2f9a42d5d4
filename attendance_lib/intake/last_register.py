"""The last register taken, which is not the newest mark: codes are entered ahead, and dates are mistyped.

Everything that is judged by how far the registers go (the periods that papers cover, missing marks, whether an
export is stale) goes by it. Marks after it are planned: they are shown by themselves and are in no rate.
"""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.intake.openness import session_numbers
from attendance_lib.rules.calendar import SchoolCalendar
from attendance_lib.rules.codes import CODES, Category
from attendance_lib.rules.thresholds import OUT_OF, REGISTER_TAKEN

NOT_POSSIBLE = frozenset(code.letter for code in CODES if code.category is Category.NOT_POSSIBLE)


def find_last_register_day(
    marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar
) -> date | None:
    """Return the last school day with a session at which a fair share of those expected has a mark.

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
    datetime.date or None
        None if no mark is of an open session. Where no session has such a share (a handful of pupils, few marks),
        the last day with a mark.

    Notes
    -----
    Expected are those on roll for whose year group the session was open, who have a mark at all, without those
    whose mark says that attendance was not possible or not required (D, X, Y...): such codes are entered for a
    year ahead. The share (``rules.thresholds``) is decided on counts.
    """
    sessions = calendar.open_sessions
    numbers = session_numbers(sessions["date"], sessions["session"])
    wanted = session_numbers(marks["date"], marks["session"])
    is_open = np.isin(wanted, numbers)
    place = np.searchsorted(numbers, wanted[is_open])
    excused = marks["code"].isin(NOT_POSSIBLE).to_numpy()[is_open]
    marked = np.bincount(place[~excused], minlength=len(numbers))
    excuses = np.bincount(place[excused], minlength=len(numbers))
    roll = pupils[pupils["pupil_id"].isin(marks["pupil_id"].unique())]
    used = np.flatnonzero(marked)[::-1]
    taken = (
        each for each in used if is_taken(marked[each], due_at(sessions.iloc[each], roll) - excuses[each])
    )
    with_marks = [*used, *np.flatnonzero(excuses)[::-1]]
    last = next(taken, with_marks[0] if with_marks else None)
    return None if last is None else sessions["date"].iloc[last].date()


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
