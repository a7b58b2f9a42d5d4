"""Tier 1: the school's weekly gap to England before and after a change, where nobody is left to compare with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import t_quantile
from attendance_lib.analysis.impact.verdicts import Judgement, Verdict
from attendance_lib.analysis.impact.week_counts import WeekCounts
from attendance_lib.rules.calendar import monday_of

WINDOW_WEEKS = 12
SCHOOL_YEARS_NEEDED, WEEKS_A_YEAR = 2, 38
FEWEST_AFTER = 6
FEWEST_PRETENDED = 12
CONFIDENCE = 0.95

ONE_SCHOOL = "cannot be told from one school: fewer than two school years of weeks beside England's"
FEW_AFTER = "fewer than six school weeks since the change"
FEW_BEFORE = "fewer than six school weeks before the change"
FEW_OTHER_DATES = "too few other dates to pretend the change at"


@dataclass(frozen=True)
class WholeSchool:
    """The change in the gap between the school and England at a date (fractions), with its range where there is one.

    ``last_year_change`` is the change about the same week a year before, when nothing began: missing where not known.
    ``pretended`` is how many other dates the range was made from.
    """

    judgement: Judgement
    change: float
    low: float
    high: float
    last_year_change: float
    pretended: int
    weeks: int


def weekly_gap(counts: WeekCounts, england: pd.DataFrame) -> pd.DataFrame:
    """Set the school's attendance beside England's, week by week.

    Parameters
    ----------
    counts : WeekCounts
        The register by weeks.
    england : pandas.DataFrame
        ``week_beginning`` (a Monday) and ``attendance_rate`` (a fraction).

    Returns
    -------
    pandas.DataFrame
        One row per week that both have, in order: ``week_beginning``, ``school_rate``, ``england_rate`` and
        ``gap`` (school minus England, fractions).
    """
    possible, absent = (np.diff(counts.running[name].sum(axis=0)) for name in ("possible", "absence"))
    rate = 1 - absent / np.where(possible > 0, possible, np.nan)
    own = pd.DataFrame(
        {"week_beginning": pd.to_datetime(counts.weeks["week_beginning"]), "school_rate": rate}
    )
    theirs = england[["week_beginning", "attendance_rate"]].rename(
        columns={"attendance_rate": "england_rate"}
    )
    theirs = theirs.assign(
        week_beginning=pd.to_datetime(theirs["week_beginning"]).astype(own["week_beginning"].dtype)
    )
    both = own.merge(theirs, on="week_beginning", validate="one_to_one").dropna(ignore_index=True)
    return both.assign(gap=both["school_rate"] - both["england_rate"])


def evaluate_whole_school(
    gap: pd.DataFrame, start: pd.Timestamp, window_weeks: int = WINDOW_WEEKS
) -> WholeSchool:
    """Compare the gap after a whole-school change with the gap before it (one row per week, fractions).

    Parameters
    ----------
    gap : pandas.DataFrame
        ``weekly_gap``.
    start : pandas.Timestamp
        When the change began.
    window_weeks : int
        Weeks on each side; fewer after where fewer have passed.

    Returns
    -------
    WholeSchool
        The range is from pretending the change at every other date whose weeks lie wholly before the change or
        wholly after it. Those dates overlap, so the t quantile has as many degrees of freedom as windows fit
        side by side. With fewer than two school years of weeks there is a change and no verdict.
    """
    series = gap["gap"].to_numpy()
    monday = np.datetime64(monday_of(start.date()))
    place = int(np.searchsorted(gap["week_beginning"].to_numpy(), monday, side="left"))
    after = min(window_weeks, len(series) - place)
    before = min(window_weeks, place)
    if reason := too_little(len(series), before, after):
        return no_verdict(reason, change_at(series, place, (before, after)), len(series))
    pretended = placebo_changes(series, place, (before, after))
    change = change_at(series, place, (before, after))
    last_year = last_year_change(series, place, (before, after))
    if len(pretended) < FEWEST_PRETENDED:
        return no_verdict(FEW_OTHER_DATES, change, len(series))
    low, high = change - reach(pretended, before + after), change + reach(pretended, before + after)
    verdict = Verdict.HELPED if low > 0 else Verdict.WORSE if high < 0 else Verdict.NO_CLEAR_EFFECT
    return WholeSchool(Judgement(verdict), change, low, high, last_year, len(pretended), len(series))


def too_little(weeks: int, before: int, after: int) -> str:
    """Return why there can be no verdict; empty where there can."""
    cases = {
        ONE_SCHOOL: weeks < SCHOOL_YEARS_NEEDED * WEEKS_A_YEAR,
        FEW_AFTER: after < FEWEST_AFTER,
        FEW_BEFORE: before < FEWEST_AFTER,
    }
    return next((reason for reason, is_so in cases.items() if is_so), "")


def no_verdict(reason: str, change: float, weeks: int) -> WholeSchool:
    """Return a change without a range, and why."""
    missing = float("nan")
    return WholeSchool(Judgement(Verdict.TOO_FEW, reason), change, missing, missing, missing, 0, weeks)


def change_at(series: np.ndarray, place: int, sides: tuple[int, int]) -> float:
    """Return the mean of the weeks from a place on less the mean of those before it; missing where a side is empty.

    ``series`` is a gap in each week (fractions, shape (weeks,)); ``sides`` how many weeks before and after count.

    Examples
    --------
    >>> change_at(np.array([0.0, 0.0, 0.02, 0.04]), 2, (2, 2))
    0.03
    """
    before, after = sides
    if not (before and after) or place - before < 0 or place + after > len(series):
        return float("nan")
    return float(series[place : place + after].mean() - series[place - before : place].mean())


def placebo_changes(series: np.ndarray, place: int, sides: tuple[int, int]) -> np.ndarray:
    """Return the change at every other date that does not look across the true one (fractions, shape (dates,)).

    ``series`` is a gap in each week (shape (weeks,)).

    Examples
    --------
    >>> placebo_changes(np.array([0.0, 0.0, 0.02, 0.02, 0.04, 0.04]), 2, (1, 1)).round(2).tolist()
    [0.0, 0.0, 0.02, 0.0]
    """
    before, after = sides
    places = np.arange(before, len(series) - after + 1)
    clear = (places + after <= place) | (places - before >= place)
    return np.array([change_at(series, each, sides) for each in places[clear]])


def last_year_change(series: np.ndarray, place: int, sides: tuple[int, int]) -> float:
    """Return the change about the same week one school year before; missing where the weeks are not known.

    ``series`` is a gap in each week (fractions, shape (weeks,)).
    """
    return change_at(series, place - WEEKS_A_YEAR, sides)


def reach(pretended: np.ndarray, width: int) -> float:
    """Return half the 95 % range from the changes at other dates, whose mean is taken to be nothing (a fraction).

    ``pretended`` has the shape (dates,); ``width`` is how many weeks one of its changes looks over.
    """
    freedom = max(len(pretended) // width, 1) + 1
    return float(np.sqrt((pretended**2).mean()) * t_quantile((1 + CONFIDENCE) / 2, freedom))
