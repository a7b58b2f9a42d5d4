"""Attendance week by week: of the school, of year groups and of single pupils."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import with_rates
from attendance_lib.register import Register, tally
from attendance_lib.rules.codes import Category

ATTENDED = (Category.PRESENT, Category.APPROVED_ACTIVITY)
ABSENT = (Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE)


def last_school_weeks(register: Register, weeks: int) -> Register:
    """Return the sessions of a register's last so many school weeks (fewer where it has fewer)."""
    week = register.sessions["school_week"]
    return register.where_sessions(week > week.max() - weeks) if len(week) else register


def weekly_rates(register: Register) -> np.ndarray:
    """Return each enrolment's attendance rate by school week.

    Returns
    -------
    numpy.ndarray
        Fractions of possible sessions, shape (pupils, weeks), oldest first; NaN where nothing was possible.
    """
    weeks = register.sessions["school_week"].to_numpy()
    starts = np.flatnonzero(np.r_[True, weeks[1:] != weeks[:-1]]) if len(weeks) else np.zeros(0, dtype=int)
    if not len(starts):
        return np.zeros((len(register.pupils), 0))
    attended = np.add.reduceat(np.isin(register.categories, ATTENDED).astype(int), starts, axis=1)
    absent = np.add.reduceat(np.isin(register.categories, ABSENT).astype(int), starts, axis=1)
    possible = attended + absent
    return np.divide(attended, possible, out=np.full(possible.shape, np.nan), where=possible > 0)


def attendance_by_week(register: Register, by_pupil: tuple[str, ...] = ()) -> pd.DataFrame:
    """Count sessions by school week and, where asked, by groups of pupils, with rates.

    Returns
    -------
    pandas.DataFrame
        One row per group and school week, ascending: the groups, ``school_week``, ``week_beginning``, the
        counts (sessions) and rates (fractions).
    """
    return with_rates(tally(register, by_pupil, ["school_week", "week_beginning"]).query("possible_sessions > 0")).reset_index(drop=True)
