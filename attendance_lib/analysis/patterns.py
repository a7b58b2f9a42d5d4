"""Whether a pupil's absence keeps to a weekday or to one half of the day more than the school's own does."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import chance_of_more
from attendance_lib.register.grid import Register
from attendance_lib.rules.codes import ABSENT, POSSIBLE

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
HALVES = ("mornings only", "afternoons only")

# A pattern is named when chance alone, at the school's own base rate, would show it to fewer than 1 pupil
# in 1,000 for each thing looked at (five weekdays and two halves), and it rests on at least this many days.
CHANCE = 0.001
FEWEST_DAYS = 4


def absence_patterns(register: Register, base: Register) -> pd.DataFrame:
    """Find each enrolment's strongest pattern of absence.

    Parameters
    ----------
    register : Register
        The pupils looked at, year to date.
    base : Register
        The whole school over the same sessions, which gives the rate a pattern must exceed.

    Returns
    -------
    pandas.DataFrame
        One row per enrolment in the register's order: ``pattern`` (text such as "Fridays: 9 of 14 days
        absent, 3.4 expected"; empty where there is none), ``pattern_days`` (days absent that keep to it) and
        ``pattern_expected_days`` (at the school's own rates).

    Notes
    -----
    Days, not sessions, are counted, since a morning and its afternoon are one absence. Given a pupil's days
    with any absence, the share that falls on a weekday is expected to follow the school's absence on the days
    that were possible for the pupil; the chance of as many or more is a binomial tail.
    """
    tests = pd.concat([weekday_tests(register, base), half_day_tests(register, base)])
    strong = tests[(tests["chance"] < CHANCE) & (tests["days"] >= FEWEST_DAYS)]
    best = strong.sort_values(["row", "chance", "what"]).drop_duplicates("row").set_index("row")
    best = best.reindex(range(len(register.pupils)))
    return pd.DataFrame(
        {
            "pattern": [
                _sentence(*values) for values in best[["what", "days", "of_days", "expected"]].to_numpy()
            ],
            "pattern_days": best["days"].astype("Int64"),
            "pattern_expected_days": best["expected"],
        }
    ).reset_index(drop=True)


def _sentence(what: object, days: float, of_days: float, expected: float) -> str:
    return (
        f"{what}: {days:.0f} of {of_days:.0f} days absent, {expected:.1f} expected"
        if isinstance(what, str)
        else ""
    )


def days_absent(register: Register) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which days each enrolment was absent for any session, which were possible, and their weekdays.

    Shapes: boolean (pupils, days) twice, and (days,) numbers with Monday 0.

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> cells = np.array([[cell_of(code) for code in ("/", "I", "/", "/")]], dtype=np.uint8)  # ill on Friday afternoon
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-20"] * 2 + ["2026-11-23"] * 2)})
    >>> [each.tolist() for each in days_absent(Register(cells, pd.DataFrame(index=[0]), days))]
    [[[True, False]], [[True, True]], [4, 0]]
    """
    absent = np.isin(register.categories, ABSENT)
    possible = np.isin(register.categories, POSSIBLE)
    days, first = np.unique(register.sessions["date"].to_numpy(), return_index=True)
    weekday = pd.DatetimeIndex(days).day_of_week.to_numpy()
    return (
        np.logical_or.reduceat(absent, first, axis=1),
        np.logical_or.reduceat(possible, first, axis=1),
        weekday,
    )


def weekday_tests(register: Register, base: Register) -> pd.DataFrame:
    """Return, per enrolment and weekday, the days absent, those expected and the chance of as many (one row each).

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-02", "2026-11-06", "2026-11-09", "2026-11-13"])})
    >>> cells = (np.array([[cell_of(code) for code in codes]]) for codes in ("/I/I", "IIII"))  # a pupil, and the school
    >>> pupil, school = (Register(each, pd.DataFrame(), days) for each in cells)
    >>> tests = weekday_tests(pupil, school).round(6)  # both days absent were Fridays
    >>> tests.loc[tests["what"] == "Fridays", ["days", "expected", "chance"]].values.tolist()
    [[2.0, 1.0, 0.25]]
    """
    absent, possible, weekday = days_absent(register)
    base_absent, base_possible, _ = days_absent(base)
    # Whole numbers, for a product of booleans would say whether, not how often.
    is_day = (weekday[:, None] == np.arange(len(WEEKDAYS))).astype(int)
    base_rate = (base_absent.sum(0) @ is_day) / np.maximum(base_possible.sum(0) @ is_day, 1)
    weight = (possible @ is_day) * base_rate
    share = weight / np.maximum(weight.sum(1, keepdims=True), 1e-12)
    return _tests(absent @ is_day, absent.sum(1), share, [f"{day}s" for day in WEEKDAYS])


def half_day_tests(register: Register, base: Register) -> pd.DataFrame:
    """Return, per enrolment and half of the day, the days absent in that half alone, beside the school's share.

    Parameters
    ----------
    register, base : Register
        The enrolments in question, and those whose share they are set beside, over the same sessions.

    Returns
    -------
    pandas.DataFrame
        One row per enrolment and half of the day, as ``weekday_tests`` has them for weekdays.
    """
    counts, days = half_days(register), days_absent(register)[0].sum(1)
    base_counts, base_days = half_days(base), days_absent(base)[0].sum()
    share = np.broadcast_to(base_counts.sum(0) / max(base_days, 1), counts.shape)
    return _tests(counts, days, share, list(HALVES))


def half_days(register: Register) -> np.ndarray:
    """Return each enrolment's days absent in the morning only and in the afternoon only (shape (pupils, 2)).

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> cells = np.array([[cell_of(code) for code in ("/", "I", "I", "I")]], dtype=np.uint8)  # only the first day is half missed
    >>> days = pd.to_datetime(["2026-11-19"] * 2 + ["2026-11-20"] * 2)
    >>> sessions = pd.DataFrame({"date": days, "session": ["AM", "PM"] * 2})
    >>> half_days(Register(cells, pd.DataFrame(index=[0]), sessions)).tolist()
    [[0, 1]]
    """
    absent = np.isin(register.categories, ABSENT)
    attended = np.isin(register.categories, POSSIBLE) & ~absent
    day, number = np.unique(register.sessions["date"].to_numpy(), return_inverse=True)
    is_am = (register.sessions["session"] == "AM").to_numpy()
    by_half = np.zeros((2, 2, len(register.pupils), len(day)), dtype=bool)
    for half, columns in enumerate((np.flatnonzero(is_am), np.flatnonzero(~is_am))):
        by_half[0, half][:, number[columns]] = absent[:, columns]
        by_half[1, half][:, number[columns]] = attended[:, columns]
    only_am = by_half[0, 0] & by_half[1, 1]
    only_pm = by_half[0, 1] & by_half[1, 0]
    return np.column_stack([only_am.sum(1), only_pm.sum(1)])


def _tests(counts: np.ndarray, totals: np.ndarray, share: np.ndarray, names: list[str]) -> pd.DataFrame:
    rows, columns = np.indices(counts.shape)
    of_days = np.broadcast_to(totals[:, None], counts.shape)
    return pd.DataFrame(
        {
            "row": rows.ravel(),
            "what": np.array(names, dtype=object)[columns.ravel()],
            "days": counts.ravel(),
            "of_days": of_days.ravel(),
            "expected": (share * of_days).ravel(),
            "chance": chance_of_more(counts - 1, of_days, np.clip(share, 0, 1)).ravel(),
        }
    )
