"""Which blank cells are missing marks: those of a session that was open, of a pupil on roll, with no mark from elsewhere."""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.intake.identify import identify
from attendance_lib.intake.openness import find_openness, is_on_roll, is_open_to, session_numbers
from attendance_lib.rules.calendar import SchoolCalendar


def count_missing(
    blanks: pd.DataFrame,
    marks: pd.DataFrame,
    pupils: pd.DataFrame,
    calendar: SchoolCalendar,
    last_day: date | None,
) -> int:
    """Return how many pupil sessions the files leave blank that should have a mark (``blanks`` has one row per blank cell).

    Parameters
    ----------
    blanks : pandas.DataFrame
        Pupil, date and session of each blank cell, the pupil as the file names him or her.
    marks : pandas.DataFrame
        MARKS, with ``pupil_id`` as a category of the roll's identifiers.
    pupils : pandas.DataFrame
        PUPILS.
    calendar : SchoolCalendar
        The school's calendar.
    last_day : datetime.date or None
        The last register day.

    Returns
    -------
    int
        Pupil sessions. Cells of sessions closed to the pupil's year group, of pupils not on roll that day, and
        of days after the last register are rightly blank.
    """
    if blanks.empty or last_day is None:
        return 0
    names = identify(blanks["pupil_id"].cat.categories, pupils).pupil_id
    known = blanks.assign(pupil_id=blanks["pupil_id"].astype(object).map(names).astype("category"))
    known = known[known["pupil_id"].notna() & (known["date"] <= pd.Timestamp(last_day))]
    is_open = is_open_to(known, pupils, calendar, find_openness(known, calendar))
    due = known[is_on_roll(known, pupils) & is_open]
    return int((~_named(due).isin(_named(marks))).sum())


def _named(rows: pd.DataFrame) -> pd.Index:
    """Return pupil and session of each row as one key."""
    numbers = session_numbers(rows["date"], rows["session"])
    return pd.MultiIndex.from_arrays([np.asarray(rows["pupil_id"], dtype=object), numbers])
