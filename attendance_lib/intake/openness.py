"""Whether a mark's session was open by the calendar, and whether its pupil was on roll."""

from enum import IntEnum

import numpy as np
import pandas as pd

from attendance_lib.rules.calendar import SchoolCalendar


class Openness(IntEnum):
    """A session by the calendar; ``PARTLY`` if it was closed for some year groups."""

    CLOSED = 0
    PARTLY = 1
    OPEN = 2


def find_openness(marks: pd.DataFrame, calendar: SchoolCalendar) -> np.ndarray:
    """Return the openness of each mark's session.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS.
    calendar : SchoolCalendar
        The school's calendar.

    Returns
    -------
    numpy.ndarray
        ``Openness`` numbers, shape (marks,).
    """
    sessions = calendar.open_sessions
    partly = sessions["closed_year_groups"].map(len).to_numpy() > 0
    numbers = session_numbers(sessions["date"], sessions["session"])
    wanted = session_numbers(marks["date"], marks["session"])
    openness = np.full(len(marks), Openness.CLOSED)
    openness[np.isin(wanted, numbers)] = Openness.OPEN
    openness[np.isin(wanted, numbers[partly])] = Openness.PARTLY
    return openness


def is_open_to(
    rows: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar, openness: np.ndarray
) -> np.ndarray:
    """Return whether each row's session was open to the year group that its pupil was in at the time.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``pupil_id``, ``date`` and ``session``; the pupils stand in ``pupils``.
    pupils : pandas.DataFrame
        PUPILS.
    calendar : SchoolCalendar
        The school's calendar.
    openness : numpy.ndarray
        ``find_openness`` of the rows.

    Returns
    -------
    numpy.ndarray
        Boolean, shape (rows,).
    """
    is_open = openness == Openness.OPEN
    partly = np.flatnonzero(openness == Openness.PARTLY)
    if len(partly):
        is_open[partly] = _is_open_partly(rows.iloc[partly], pupils, calendar)
    return is_open


def _is_open_partly(rows: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> list[bool]:
    sessions = calendar.open_sessions
    numbers = session_numbers(sessions["date"], sessions["session"])
    closed_to = dict(zip(numbers.tolist(), sessions["closed_year_groups"], strict=True))
    # The roll says in which year group a pupil is now; a year earlier it was the one before.
    starts = sessions.assign(start=sessions["school_year"].str[:4].astype(int))
    start_of = dict(zip(numbers.tolist(), starts["start"].tolist(), strict=True))
    latest = starts.loc[starts["date"] <= rows["date"].max(), "start"].max()
    year_of = pupils.drop_duplicates("pupil_id", keep="last").set_index("pupil_id")["year_group"]
    years = rows["pupil_id"].astype(object).map(year_of).to_numpy(dtype=float, na_value=np.nan)
    wanted = session_numbers(rows["date"], rows["session"]).tolist()
    return [
        year - (latest - start_of.get(number, latest)) not in closed_to.get(number, ())
        for year, number in zip(years, wanted, strict=True)
    ]


def session_numbers(days: pd.Series, sessions: pd.Series) -> np.ndarray:
    """Return one whole number for each row's date and session, in order of time.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["1970-01-02", "1970-01-02"]))
    >>> session_numbers(days, pd.Series(["AM", "PM"])).tolist()
    [2, 3]
    """
    return days.to_numpy().astype("datetime64[D]").astype(np.int64) * 2 + (sessions == "PM").to_numpy()


def is_on_roll(marks: pd.DataFrame, pupils: pd.DataFrame) -> np.ndarray:
    """Return whether each mark lies within an enrolment of its pupil, first and last day included.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS, with ``pupil_id`` as a category.
    pupils : pandas.DataFrame
        PUPILS; a missing admission date means always, a missing leaving date means still.

    Returns
    -------
    numpy.ndarray
        Boolean, shape (marks,); false for a pupil who is not in ``pupils``.
    """
    names, places = marks["pupil_id"].cat.categories, marks["pupil_id"].cat.codes.to_numpy()
    days = marks["date"].to_numpy().astype("datetime64[D]")
    number = pupils.groupby("pupil_id").cumcount()
    found = np.zeros(len(marks), dtype=bool)
    # A second or third turn only where a pupil left and came back.
    for turn in range(int(number.max()) + 1 if len(number) else 0):
        enrolment = (
            pupils[number == turn].set_index("pupil_id")[["admission_date", "leaving_date"]].reindex(names)
        )
        has_one = np.isin(names, pupils.loc[number == turn, "pupil_id"])[places]
        admission = enrolment["admission_date"].to_numpy().astype("datetime64[D]")[places]
        leaving = enrolment["leaving_date"].to_numpy().astype("datetime64[D]")[places]
        found |= (
            has_one & (np.isnat(admission) | (admission <= days)) & (np.isnat(leaving) | (days <= leaving))
        )
    return found
