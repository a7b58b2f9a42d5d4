"""Tier 1: the school's weekly gap to England before and after a change, where nobody is left to compare with."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import t_quantile
from attendance_lib.analysis.impact.verdicts import Judgement, Verdict
from attendance_lib.analysis.impact.weeks import WeekCounts, count_weeks
from attendance_lib.pack.cohorts import DFE_COMPARABLE, ENROLLED, Selection
from attendance_lib.register.grid import Register
from attendance_lib.rules.calendar import monday_of

WINDOW_WEEKS = 12
# Two school years of 38 weeks: those of 39 without the week that a bank holiday or an INSET day took.
WEEKS_NEEDED = 76
# The same week a year before: 52 weeks, so that a Monday is compared with a Monday.
YEAR = pd.Timedelta(days=364)
FEWEST_AFTER = 6
FEWEST_PRETENDED = 12
CONFIDENCE = 0.95

ONE_SCHOOL = "cannot be said from one school: fewer than two school years of weeks beside England's"
FEW_AFTER = "fewer than six school weeks since the change"
FEW_BEFORE = "fewer than six school weeks before the change"
FEW_OTHER_DATES = "too few other dates to pretend the change at"


@dataclass(frozen=True)
class WholeSchool:
    """The change in the gap between the school and England at a date (fractions), with its range where there is one.

    ``change`` is what was seen (where the season is known, in the weeks that the year before had too);
    ``last_year_change`` the change about the same weeks a year before, when nothing began; ``season`` the part of that
    which comes again; and ``estimate`` the change without it. What is not known of the year before is missing, and the
    estimate then is the change itself. ``low`` and ``high`` are its range, and ``pretended`` is how many other dates
    that was made from.
    """

    judgement: Judgement
    change: float
    last_year_change: float
    season: float
    estimate: float
    low: float
    high: float
    pretended: int
    weeks: int


def weeks_of_school(register: Register, *, beside_england: bool) -> pd.DataFrame:
    """Return the whole school's attendance by week.

    Parameters
    ----------
    register : Register
        Every session known, of everyone.
    beside_england : bool
        Whether to count those of DfE's ages alone, school year by school year, so that England may be compared with it.

    Returns
    -------
    pandas.DataFrame
        One row per school week, in order: ``week_beginning`` and ``school_rate`` (a fraction, missing without a possible session).
    """
    chosen = Selection(DFE_COMPARABLE if beside_england else ENROLLED)
    years = register.sessions["school_year"].drop_duplicates()
    parts = [_weekly_rates(count_weeks(chosen.of(register.in_school_year(year)))) for year in years]
    return pd.concat(parts, ignore_index=True) if parts else _weekly_rates(count_weeks(register))


def _weekly_rates(counts: WeekCounts) -> pd.DataFrame:
    possible, absent = (np.diff(counts.running[name].sum(axis=0)) for name in ("possible", "absence"))
    rate = 1 - absent / np.where(possible > 0, possible, np.nan)
    return pd.DataFrame(
        {"week_beginning": pd.to_datetime(counts.weeks["week_beginning"]), "school_rate": rate}
    )


def weekly_gap(own: pd.DataFrame, england: pd.DataFrame) -> pd.DataFrame:
    """Set the school's attendance beside England's, week by week.

    Parameters
    ----------
    own : pandas.DataFrame
        ``weeks_of_school`` of those whom DfE counts.
    england : pandas.DataFrame
        ``week_beginning`` (a Monday) and ``attendance_rate`` (a fraction).

    Returns
    -------
    pandas.DataFrame
        One row per week that both have, in order: ``week_beginning``, ``school_rate``, ``england_rate`` and
        ``gap`` (school minus England, fractions).

    Examples
    --------
    >>> own = pd.DataFrame({"week_beginning": pd.to_datetime(["2026-11-02", "2026-11-09"]), "school_rate": [0.92, 0.93]})
    >>> england = pd.DataFrame({"week_beginning": pd.to_datetime(["2026-11-09"]), "attendance_rate": [0.94]})
    >>> weekly_gap(own, england)["gap"].round(2).tolist()  # only the week that both have
    [-0.01]
    """
    theirs = england[["week_beginning", "attendance_rate"]].rename(
        columns={"attendance_rate": "england_rate"}
    )
    theirs = theirs.assign(
        week_beginning=pd.to_datetime(theirs["week_beginning"]).astype(own["week_beginning"].dtype)
    )
    both = own.merge(theirs, on="week_beginning", validate="one_to_one").dropna(ignore_index=True)
    return both.assign(gap=both["school_rate"] - both["england_rate"])


@dataclass(frozen=True, eq=False)
class GapWeeks:
    """The weekly gaps about a change: its ``place`` among the weeks, and how many on each side count (``sides``).

    ``gap`` and ``year_before`` are the gaps of each week and of the same week a year before (fractions, shape (weeks,));
    ``back`` is where the latter stands among the weeks, and where it is not known the gap is missing.
    """

    gap: np.ndarray
    year_before: np.ndarray
    back: np.ndarray
    place: int
    sides: tuple[int, int]

    @cached_property
    def others(self) -> np.ndarray:
        """The other places at which the change can be pretended: none whose weeks look across the true one (shape (places,)).

        Examples
        --------
        >>> weeks = GapWeeks(np.array([1.0, 1.0, 1.0, 3.0, 3.0, 3.0]), np.full(6, np.nan), np.full(6, -1), 3, (1, 1))
        >>> weeks.others.tolist()  # a week before and one after, none of them across week 3
        [1, 2, 4, 5]
        """
        before, after = self.sides
        places = np.arange(before, len(self.gap) - after + 1)
        return places[(places + after <= self.place) | (places - before >= self.place)]

    @cached_property
    def others_with_a_year_before(self) -> np.ndarray:
        """Those of the other places of which the year before is known and does not look across the true one; shape (places,)."""
        return np.array([each for each in self.others if self.is_clear_a_year_before(each)], dtype=int)

    def is_clear_a_year_before(self, place: int) -> bool:
        """Say whether enough weeks about a place are known a year before, all of them on one side of the true place."""
        before, after = self.sides
        known = np.isfinite(self.year_before)
        back = self.back[place - before : place + after][known[place - before : place + after]]
        is_enough = (
            min(known[place - before : place].sum(), known[place : place + after].sum()) >= FEWEST_AFTER
        )
        return bool(is_enough and (back.max() < self.place or back.min() >= self.place))

    @cached_property
    def with_a_year_before(self) -> np.ndarray:
        """The gap in those weeks whose year before is known, missing in the others (fractions, shape (weeks,)).

        Examples
        --------
        >>> weeks = GapWeeks(np.array([1.0, 1.0, 1.0, 3.0, 3.0, 3.0]), np.full(6, np.nan), np.full(6, -1), 3, (1, 1))
        >>> np.isnan(weeks.with_a_year_before).all()
        np.True_
        """
        return np.where(np.isfinite(self.year_before), self.gap, np.nan)

    def changes(self, series: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return the change of a series (fractions, shape (weeks,)) at each of some places (shape (places,)).

        Examples
        --------
        >>> weeks = GapWeeks(np.array([1.0, 1.0, 1.0, 3.0, 3.0, 3.0]), np.full(6, np.nan), np.full(6, -1), 3, (1, 1))
        >>> weeks.changes(weeks.gap, np.array([2, 3])).tolist()
        [0.0, 2.0]
        """
        return np.array([change_at(series, int(each), self.sides) for each in places])


def gap_weeks(gap: pd.DataFrame, start: pd.Timestamp, window_weeks: int) -> GapWeeks:
    """Find a change among the weeks of ``weekly_gap`` (rows), and the same weeks a year before.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-02", "2026-11-09", "2026-11-16"])
    >>> found = gap_weeks(pd.DataFrame({"week_beginning": days, "gap": [0.0, 0.0, 0.0]}), pd.Timestamp("2026-11-11"), 6)
    >>> found.place, found.sides
    (1, (1, 2))
    """
    weeks, series = gap["week_beginning"], gap["gap"].to_numpy(dtype=float)
    place = int(np.searchsorted(weeks.to_numpy(), np.datetime64(monday_of(start.date())), side="left"))
    back = pd.Index(weeks).get_indexer(pd.Index(weeks - YEAR))
    year_before = np.where(back >= 0, series[back], np.nan)
    return GapWeeks(
        series, year_before, back, place, (min(window_weeks, place), min(window_weeks, len(series) - place))
    )


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
        wholly after it. Where enough of these have a year before, the season is taken out of the change and of them
        all: of the change about the same weeks a year before the part that comes again at those dates (between none
        and all, by least squares). With fewer than two school years of weeks there is a change and no verdict.

    Examples
    --------
    >>> weeks = pd.date_range("2026-09-07", periods=12, freq="7D")
    >>> found = evaluate_whole_school(pd.DataFrame({"week_beginning": weeks, "gap": [0.0] * 6 + [0.02] * 6}), weeks[6])
    >>> round(found.change, 3), found.judgement.reason.partition(":")[0]
    (0.02, 'cannot be said from one school')
    """
    about = gap_weeks(gap, start, window_weeks)
    before, after = about.sides
    change = change_at(about.gap, about.place, about.sides)
    if reason := too_little(len(gap), before, after):
        return no_verdict(reason, change, len(gap))
    if len(about.others) < FEWEST_PRETENDED:
        return no_verdict(FEW_OTHER_DATES, change, len(gap))
    return judged(about, change)


def judged(about: GapWeeks, change: float) -> WholeSchool:
    """Return a change (a fraction) less its season, with its range and verdict."""
    has_year_before = about.is_clear_a_year_before(about.place)
    has_season = has_year_before and len(about.others_with_a_year_before) >= FEWEST_PRETENDED
    last_year = change_at(about.year_before, about.place, about.sides) if has_year_before else float("nan")
    comes_again, pretended, lost = (
        without_season(about) if has_season else (float("nan"), about.changes(about.gap, about.others), 0)
    )
    if has_season:
        change = change_at(about.with_a_year_before, about.place, about.sides)
    season = comes_again * last_year
    estimate = change - season if has_season else change
    half = reach(pretended, about.sides, lost)
    low, high = estimate - half, estimate + half
    verdict = Verdict.HELPED if low > 0 else Verdict.WORSE if high < 0 else Verdict.NO_CLEAR_EFFECT
    return WholeSchool(
        Judgement(verdict), change, last_year, season, estimate, low, high, len(pretended), len(about.gap)
    )


def without_season(about: GapWeeks) -> tuple[float, np.ndarray, int]:
    """Return the share of last year's change that comes again, the changes at other dates without it, and that one was lost.

    The share is fitted to the other dates by least squares through nothing and lies between 0 and 1; the changes are
    fractions, shape (dates,).
    """
    places = about.others_with_a_year_before
    now, then = (about.changes(series, places) for series in (about.with_a_year_before, about.year_before))
    whole = (then**2).sum()
    share = float(np.clip((now * then).sum() / whole, 0, 1)) if whole > 0 else 0.0
    return share, now - share * then, 1


def too_little(weeks: int, before: int, after: int) -> str:
    """Return why there can be no verdict; empty where there can.

    Examples
    --------
    >>> too_little(weeks=WEEKS_NEEDED, before=FEWEST_AFTER, after=FEWEST_AFTER)
    ''
    >>> too_little(weeks=WEEKS_NEEDED, before=FEWEST_AFTER, after=FEWEST_AFTER - 1) == FEW_AFTER
    True
    """
    cases = {
        ONE_SCHOOL: weeks < WEEKS_NEEDED,
        FEW_AFTER: after < FEWEST_AFTER,
        FEW_BEFORE: before < FEWEST_AFTER,
    }
    return next((reason for reason, is_so in cases.items() if is_so), "")


def no_verdict(reason: str, change: float, weeks: int) -> WholeSchool:
    """Return a change without a range, and why.

    Examples
    --------
    >>> no_verdict("no figures of England", 0.01, 6).judgement.reason
    'no figures of England'
    """
    missing = float("nan")
    return WholeSchool(Judgement(Verdict.TOO_FEW, reason), change, *[missing] * 5, 0, weeks)


def change_at(series: np.ndarray, place: int, sides: tuple[int, int]) -> float:
    """Return the mean of the weeks from a place on less the mean of those before it; missing where a side has too few.

    ``series`` is a gap in each week (fractions, shape (weeks,), missing where not known); ``sides`` how many weeks before and
    after count.

    Examples
    --------
    >>> change_at(np.array([0.0, 0.0, 0.02, 0.04]), 2, (2, 2))
    0.03
    """
    before, after = sides
    ahead, behind = (
        part[np.isfinite(part)] for part in (series[place : place + after], series[place - before : place])
    )
    return float(ahead.mean() - behind.mean()) if len(ahead) and len(behind) else float("nan")


def reach(pretended: np.ndarray, sides: tuple[int, int], lost: int) -> float:
    """Return half the 95 % range from the changes at other dates, whose mean is taken to be nothing (a fraction).

    ``pretended`` has the shape (dates,); ``sides`` is how many weeks before and after a date count, ``lost`` how many
    figures were fitted to the same dates.
    """
    known = freedom(len(pretended), sides)
    left = max(known - lost, 1.0)
    return float(np.sqrt((pretended**2).mean() * known / left) * t_quantile((1 + CONFIDENCE) / 2, left))


def freedom(dates: int, sides: tuple[int, int]) -> float:
    """Return how many changes that share no week so many dates, week after week, are worth.

    Changes at dates near one another hang together, as they look over the same weeks. The mean of n squares of which
    those k apart have the correlation r(k) strays as that of n / (1 + 2 sum (1 - k / n) r(k)^2) independent ones
    (Bayley and Hammersley, Supplement to the Journal of the Royal Statistical Society 8 (1946) 184-197).

    Examples
    --------
    >>> round(freedom(10, (1, 1)), 4), round(freedom(49, (12, 12)), 4)
    (6.8966, 6.9146)
    """
    before, after = sides
    weights = np.r_[np.full(before, -1 / before), np.full(after, 1 / after)]
    apart = np.arange(1, min(dates, before + after))
    shared = np.array([(weights[each:] * weights[:-each]).sum() for each in apart]) / (weights**2).sum()
    return float(dates / (1 + 2 * ((1 - apart / dates) * shared**2).sum()))
