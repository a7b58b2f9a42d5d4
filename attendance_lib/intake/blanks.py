"""Which blank cells are missing marks: those of a session that was open, of a pupil on roll, with no mark from elsewhere."""

import numpy as np
import pandas as pd

from attendance_lib.intake.identify import identify
from attendance_lib.intake.last_register import Registers
from attendance_lib.intake.openness import find_openness, is_on_roll, is_open_to, session_numbers
from attendance_lib.rules.calendar import SchoolCalendar


def count_missing(
    blanks: pd.DataFrame,
    marks: pd.DataFrame,
    pupils: pd.DataFrame,
    calendar: SchoolCalendar,
    registers: Registers,
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
    registers : Registers
        How far registers reach.

    Returns
    -------
    int
        Pupil sessions. Cells of sessions closed to the pupil's year group, of pupils not on roll that day, and
        of those after the last register or before the first are rightly blank.
    """
    if blanks.empty or registers.last is None:
        return 0
    names = identify(blanks["pupil_id"].cat.categories, pupils).pupil_id
    known = blanks.assign(pupil_id=blanks["pupil_id"].astype(object).map(names).astype("category"))
    numbers = session_numbers(known["date"], known["session"])
    is_within = (numbers <= registers.last) & (numbers >= (registers.first or 0))
    known = known[known["pupil_id"].notna() & is_within]
    is_open = is_open_to(known, pupils, calendar, find_openness(known, calendar))
    due = known[is_on_roll(known, pupils) & is_open]
    return int((~_named(due).isin(_named(marks))).sum())


def _named(rows: pd.DataFrame) -> pd.Index:
    """Return pupil and session of each row as one key."""
    numbers = session_numbers(rows["date"], rows["session"])
    return pd.MultiIndex.from_arrays([np.asarray(rows["pupil_id"], dtype=object), numbers])
