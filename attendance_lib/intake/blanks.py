"""Which blank cells are missing marks: those of a session that was open, of a pupil on roll, with no mark from elsewhere."""

import numpy as np
import pandas as pd

from attendance_lib.intake.identify import identify
from attendance_lib.intake.openness import Openness, find_openness, is_on_roll, session_numbers
from attendance_lib.rules.calendar import SchoolCalendar


def count_missing(
    blanks: pd.DataFrame, marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar
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

    Returns
    -------
    int
        Pupil sessions. Cells of sessions closed to the pupil's year group, of pupils not on roll that day, and
        of days after the last mark are rightly blank.
    """
    if blanks.empty or marks.empty:
        return 0
    names = identify(blanks["pupil_id"].cat.categories, pupils).pupil_id
    known = blanks.assign(pupil_id=blanks["pupil_id"].astype(object).map(names).astype("category"))
    known = known[known["pupil_id"].notna() & (known["date"] <= marks["date"].max())]
    due = known[is_on_roll(known, pupils) & _is_open(known, pupils, calendar)]
    return int((~_named(due).isin(_named(marks))).sum())


def _is_open(rows: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> np.ndarray:
    """Return whether each row's session was open to the year group that its pupil was in at the time."""
    openness = find_openness(rows, calendar)
    sessions = calendar.open_sessions
    numbers = session_numbers(sessions["date"], sessions["session"])
    closed_to = dict(zip(numbers.tolist(), sessions["closed_year_groups"], strict=True))
    # The roll says in which year group a pupil is now; a year earlier it was the one before.
    starts = sessions.assign(start=sessions["school_year"].str[:4].astype(int))
    start_of = dict(zip(numbers.tolist(), starts["start"].tolist(), strict=True))
    latest = starts.loc[starts["date"] <= rows["date"].max(), "start"].max()
    year_of = pupils.drop_duplicates("pupil_id", keep="last").set_index("pupil_id")["year_group"]
    years = rows["pupil_id"].astype(object).map(year_of).to_numpy()
    wanted = session_numbers(rows["date"], rows["session"]).tolist()
    is_open = [
        year - (latest - start_of.get(number, latest)) not in closed_to.get(number, ())
        for year, number in zip(years, wanted, strict=True)
    ]
    return (openness == Openness.OPEN) | ((openness == Openness.PARTLY) & np.array(is_open, dtype=bool))


def _named(rows: pd.DataFrame) -> pd.Index:
    """Return pupil and session of each row as one key."""
    numbers = session_numbers(rows["date"], rows["session"])
    return pd.MultiIndex.from_arrays([np.asarray(rows["pupil_id"], dtype=object), numbers])
