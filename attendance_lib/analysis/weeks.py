"""Attendance week by week: of the school, of year groups and of single pupils."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import with_rates
from attendance_lib.pack.periods import Periods, position_in_year
from attendance_lib.register.grid import Register
from attendance_lib.register.tally import tally
from attendance_lib.rules.codes import ABSENT, ATTENDED


def last_school_weeks(register: Register, weeks: int) -> Register:
    """Return the sessions of a register's last so many school weeks (fewer where it has fewer).

    Examples
    --------
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-06", "2026-11-09", "2026-11-10"]), "school_week": [1, 2, 2]})
    >>> register = Register(np.zeros((1, 3), dtype=np.uint8), pd.DataFrame({"pupil_id": ["1"]}), sessions)
    >>> last_school_weeks(register, 1).days.astype(str).tolist()
    ['2026-11-09', '2026-11-10']
    """
    week = register.sessions["school_week"]
    return register.where_sessions(week > week.max() - weeks) if len(week) else register


def weekly_rates(register: Register) -> np.ndarray:
    """Return each enrolment's attendance rate by school week.

    Returns
    -------
    numpy.ndarray
        Fractions of possible sessions, shape (pupils, weeks), oldest first; NaN where nothing was possible.

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> days = pd.to_datetime(["2026-11-06", "2026-11-06", "2026-11-09", "2026-11-09"])
    >>> sessions = pd.DataFrame({"date": days, "school_week": [1, 1, 2, 2]})
    >>> cells = np.array([[cell_of(letter) for letter in ("/", "I", "Y1", "L")]], dtype=np.uint8)  # nobody could come in Y1
    >>> weekly_rates(Register(cells, pd.DataFrame({"pupil_id": ["1"]}), sessions)).tolist()
    [[0.5, 1.0]]
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

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> days = pd.to_datetime(["2026-11-02", "2026-11-09"])
    >>> weeks = pd.DataFrame({"date": days, "school_week": [8, 9], "week_beginning": days})
    >>> register = Register(np.array([[cell_of("I"), cell_of("Y1")]]), pd.DataFrame(), weeks)
    >>> attendance_by_week(register)[["school_week", "attendance_rate"]].values.tolist()  # in the second nothing was possible
    [[8.0, 0.0]]
    """
    return with_rates(
        tally(register, by_pupil, ["school_week", "week_beginning"]).query("possible_sessions > 0")
    ).reset_index(drop=True)


def weeks_beside_last_year(periods: Periods) -> pd.DataFrame:
    """Set each school week's attendance beside the same week of the same half term last year.

    Returns
    -------
    pandas.DataFrame
        One row per school week of the year to date, ascending: ``school_week`` (number in the school year,
        from 1), ``week_beginning`` (a Monday), ``attendance_rate`` and ``last_year_rate`` (fractions; missing
        where there was no such week or nothing was possible).
    """
    return counted_beside_last_year(periods)[
        ["school_week", "week_beginning", "attendance_rate", "last_year_rate"]
    ]


def counted_beside_last_year(periods: Periods) -> pd.DataFrame:
    """Return the weeks of ``weeks_beside_last_year`` with what their rates are made from.

    Returns
    -------
    pandas.DataFrame
        One row per school week of the year to date: those columns, ``half_term`` (without its year) and ``week`` of it, and
        ``possible_sessions``, ``absence_sessions`` and the same with ``last_year_`` (sessions).
    """
    here, then = (week_places(register) for register in (periods.year_to_date, periods.last_year_to_date))
    counts = {name: f"last_year_{name}" for name in ("possible_sessions", "absence_sessions")}
    then = then.drop(columns="week_beginning").rename(columns={"attendance_rate": "last_year_rate"} | counts)
    both = here.merge(then, on=["half_term", "week"], how="left")
    return both.assign(school_week=np.arange(1, len(both) + 1))


def week_places(register: Register) -> pd.DataFrame:
    """Return each school week's attendance and absence with its place in the year (one row per week: ``half_term``, ``week``)."""
    sessions = register.sessions
    placed = sessions.assign(**position_in_year(sessions)[["half_term", "week"]])
    counted = tally(
        Register(register.codes, register.pupils, placed), (), ["half_term", "week", "week_beginning"]
    )
    counted = counted[counted["possible_sessions"] > 0].sort_values(
        "week_beginning", kind="stable", ignore_index=True
    )
    columns = [
        "half_term",
        "week",
        "week_beginning",
        "attendance_rate",
        "possible_sessions",
        "absence_sessions",
    ]
    return with_rates(counted)[columns]
