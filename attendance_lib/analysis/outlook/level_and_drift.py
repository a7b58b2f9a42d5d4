"""What a pupil is expected to miss: a lasting level and a drift about it, estimated from the school's own weeks.

Illness and every other absence are followed apart, since they last differently, and what is expected of both is added up;
what their levels share is told by both.
A pupil's rate in a week, less the school's, is taken to be a level that lasts, a drift that persists from week to week
and the week's own noise. How large each is at this school shows in how alike a pupil's weeks are: one number for each
distance between two weeks. The best linear prediction follows week by week (the Kalman filter), whatever weeks a pupil has.
Each number is worked out element by element, or exactly, so that no chance hangs on the processor.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import fsum, sqrt

import numpy as np

from attendance_lib.analysis.impact.exact_products import counts_of_both, sums_of_products
from attendance_lib.analysis.outlook.marks import Known, Missed

FULL_WEEK = 10
PERSISTENCE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
# With fewer weeks of a year level and drift cannot be distinguished: then this much of what lasts is level, this lasting the drift.
FEWEST_WEEKS, SHARE_OF_LEVEL, USUAL_PERSISTENCE = 7, 0.6, 0.8
# How much of a level lasts into the next school year is drawn to this, as if so many weeks had said so.
USUALLY_LASTS, AS_OF_WEEKS = 0.9, 6
LEAST_RATE = 0.002
# The levels of illness and of other absence are never taken to be closer than this (a correlation).
MOST_SHARED = 0.95
# Of a pupil-week with fewer than half of the sessions that others had, the rate is too coarse to learn from.
HALF = 2


@dataclass(frozen=True)
class Numbers:
    """Four numbers of a school's absence for one reason or all, and how much of the first lasts into the next year.

    ``level``, ``drift`` and ``noise`` are variances of a rate (squared fractions; the noise that of a week of ten
    sessions); ``persistence`` and ``lasts`` are fractions.
    """

    level: float
    drift: float
    persistence: float
    noise: float
    lasts: float


@dataclass(frozen=True, eq=False)
class Expectation:
    """What each pupil is expected to miss of the sessions to come: shape (pupils,) each.

    ``mean`` is a fraction, ``variance`` that of the fraction about it, before a pupil's own mean says how far it can vary.
    """

    mean: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True)
class Both:
    """The numbers of illness and of every other absence, and the covariance of their levels (squared fraction)."""

    ill: Numbers
    other: Numbers
    shared: float


def school_rates(missed: Missed) -> np.ndarray:
    """Return the school's absence rate in each week (a fraction, 0 where nobody had a session; shape (weeks,)).

    Examples
    --------
    >>> missed = Missed(np.array([[1, 0], [3, 2]]), np.array([[10, 0], [10, 10]]), np.array([2025, 2026]), 1)
    >>> school_rates(missed).tolist()
    [0.2, 0.2]
    """
    absent, possible = missed.absent.sum(axis=0), missed.possible.sum(axis=0)
    return absent / np.maximum(possible, 1)


@lru_cache(maxsize=12)
def deviations(missed: Missed) -> np.ndarray:
    """Return each pupil's rate less the school's in each week up to now (fractions, shape (pupils, weeks)).

    0 where nothing was possible.

    Examples
    --------
    >>> missed = Missed(np.array([[1, 0], [3, 2]]), np.array([[10, 0], [10, 10]]), np.array([2025, 2026]), 1)
    >>> deviations(missed).round(3).tolist()  # nobody had a session of the first pupil in the second week
    [[-0.1, 0.0], [0.1, 0.0]]
    """
    now = slice(0, missed.week + 1)
    absent, possible = missed.absent[:, now], missed.possible[:, now]
    return np.where(possible > 0, absent / np.maximum(possible, 1) - school_rates(missed)[now], 0.0)


def powers(base: float, count: int) -> np.ndarray:
    """Return the powers from 0 of a number, multiplied one by one (shape (count,)).

    Examples
    --------
    >>> powers(0.5, 3).tolist()
    [1.0, 0.5, 0.25]
    """
    factors = np.full(count, base)
    factors[:1] = 1.0
    return np.cumprod(factors)


def numbers_of(known: Known) -> Both:
    """Learn a school's numbers of illness and of every other absence, and how far their levels go together."""
    ill, other = (numbers_of_one(each) for each in known.by_reason)
    most = MOST_SHARED * sqrt(ill.level * other.level)
    return Both(ill, other, min(max(alike_across(*known.by_reason), 0.0), most))


# Every horizon and line of a week asks for the same numbers and states.
@lru_cache(maxsize=4)
def alike_across(ill: Missed, other: Missed) -> float:
    """Return the mean product of a pupil's illness in one week and other absence in another of the same year (squared fraction)."""
    is_whole, years = is_whole_week(ill), ill.years[: ill.week + 1]
    first, second = (np.where(is_whole, deviations(each), 0.0) for each in (ill, other))
    products, pairs = [], 0
    for year in np.unique(years):
        x, y, held = (each[:, years == year] for each in (first, second, is_whole))
        # Every week by every week, less each week by itself.
        products += (x.sum(axis=1) * y.sum(axis=1) - (x * y).sum(axis=1)).tolist()
        weeks = held.sum(axis=1)
        pairs += int((weeks * (weeks - 1)).sum())
    return fsum(products) / max(pairs, 1)


def is_whole_week(missed: Missed) -> np.ndarray:
    """Return which pupil-weeks up to now have sessions enough to learn from (boolean, shape (pupils, weeks)).

    Examples
    --------
    >>> missed = Missed(np.array([[1, 0], [3, 2]]), np.array([[10, 0], [10, 10]]), np.array([2025, 2026]), 1)
    >>> is_whole_week(missed).tolist()
    [[True, False], [True, True]]
    """
    possible = missed.possible[:, : missed.week + 1]
    return (possible > 0) & (possible * HALF >= possible.max(axis=0, initial=1))


@lru_cache(maxsize=12)
def numbers_of_one(missed: Missed) -> Numbers:
    """Learn a school's numbers of absence for one reason or all from every pair of a pupil's weeks up to now."""
    weeks = slice(0, missed.week + 1)
    possible, years, is_whole = missed.possible[:, weeks], missed.years[weeks], is_whole_week(missed)
    deviation = np.where(is_whole, deviations(missed), 0.0)
    products = sums_of_products(deviation)
    pairs = counts_of_both(is_whole)
    place = np.arange(len(years))
    lag = np.subtract.outer(place, place)
    here = np.equal.outer(years, years) & (lag >= 0)
    # Added up one after the other in the order of the weeks, on every machine alike.
    sums = [np.bincount(lag[here], each[here]) for each in (products, pairs)]
    alike = {
        distance: (total / (count or 1.0), count)
        for distance, (total, count) in enumerate(zip(*(each.tolist() for each in sums), strict=True))
    }
    level, drift, persistence = level_and_drift(
        {distance: each for distance, each in alike.items() if distance}
    )
    of_each = np.bincount(possible[is_whole])
    shares = [count * FULL_WEEK / size for size, count in enumerate(of_each.tolist()) if count]
    sessions = fsum(shares) / max(int(is_whole.sum()), 1)
    noise = max((alike[0][0] - level - drift) / (sessions or 1.0), 1e-4)
    return Numbers(level, drift, persistence, noise, share_that_lasts(products, pairs, years, level))


def mean_over(products: np.ndarray, pairs: np.ndarray, where: np.ndarray) -> tuple[float, float]:
    """Return the mean product over some pairs of weeks (``where``, the shape of both), and of how many pupil-pairs it is.

    Examples
    --------
    >>> where = np.array([True, True, False])
    >>> mean_over(np.array([2.0, 4.0, 9.0]), np.array([1, 3, 5]), where)  # 6 over 4 pairs of pupils
    (1.5, 4.0)
    """
    count = fsum(pairs[where].tolist())
    return fsum(products[where].tolist()) / (count or 1.0), count


def level_and_drift(alike: dict[int, tuple[float, float]]) -> tuple[float, float, float]:
    """Return the level, the drift and its persistence that fit how alike weeks are by their distance.

    Parameters
    ----------
    alike : dict of int to tuple of float
        By distance in weeks from 1: the mean product of two weeks' deviations (squared fractions), and of how many pairs.

    Examples
    --------
    >>> alike = {lag: (0.01 + 0.004 * 0.8**lag, 100.0) for lag in range(1, 12)}
    >>> [round(each, 6) for each in level_and_drift(alike)]
    [0.01, 0.004, 0.8]
    """
    held = {distance: each for distance, each in alike.items() if each[1] > 0}
    if len(held) < FEWEST_WEEKS - 1:
        weight = fsum(count for _, count in held.values())
        lasts = max(fsum(mean * count for mean, count in held.values()) / (weight or 1.0), 0.0)
        return SHARE_OF_LEVEL * lasts, (1 - SHARE_OF_LEVEL) * lasts, USUAL_PERSISTENCE
    value, weight = np.array(list(held.values())).T
    fits = [line_through(powers(base, max(held) + 1)[list(held)], value, weight) for base in PERSISTENCE]
    _, level, drift, base = min(
        (fit[2], fit[0], fit[1], base) for fit, base in zip(fits, PERSISTENCE, strict=True)
    )
    return level, drift, base


def line_through(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[float, float, float]:
    """Return intercept and slope, neither below 0, of a weighted line, and the weighted sum of squares left (shapes (points,)).

    Examples
    --------
    >>> line_through(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), np.ones(3))
    (1.0, 2.0, 0.0)
    """
    whole = fsum(weight.tolist())
    middle, height = fsum((weight * x).tolist()) / whole, fsum((weight * y).tolist()) / whole
    spread = fsum((weight * (x - middle) * (x - middle)).tolist())
    slope = fsum((weight * (x - middle) * (y - height)).tolist()) / (spread or 1.0)
    slope = max(slope, 0.0)
    intercept = height - slope * middle
    if intercept < 0:
        intercept, slope = (
            0.0,
            max(fsum((weight * x * y).tolist()) / fsum((weight * x * x).tolist()), 0.0),
        )
    elif slope == 0:
        intercept = max(height, 0.0)
    rest = y - intercept - slope * x
    return intercept, slope, fsum((weight * rest * rest).tolist())


def share_that_lasts(products: np.ndarray, pairs: np.ndarray, years: np.ndarray, level: float) -> float:
    """Return how much of a level lasts into the next year (0 to 1), drawn to USUALLY_LASTS.

    ``products`` and ``pairs`` are of each two weeks, shape (weeks, weeks); ``years`` has the shape (weeks,).

    Examples
    --------
    >>> share_that_lasts(np.zeros((1, 1)), np.zeros((1, 1)), np.array([2026]), 0.01) == USUALLY_LASTS  # one year tells nothing
    True
    """
    is_next = np.equal.outer(years + 1, years)
    mean, count = mean_over(products, pairs, is_next)
    if not count or not level:
        return USUALLY_LASTS
    weeks = int((years == years[-1]).sum())
    seen = mean / level
    return float(np.clip((weeks * seen + AS_OF_WEEKS * USUALLY_LASTS) / (weeks + AS_OF_WEEKS), 0.0, 1.0))


@dataclass(frozen=True, eq=False)
class State:
    """What is known of each pupil's level and drift: estimates and their variances and covariance, shape (pupils,) each."""

    level: np.ndarray
    drift: np.ndarray
    level_variance: np.ndarray
    covariance: np.ndarray
    drift_variance: np.ndarray


@lru_cache(maxsize=16)
def state_of(missed: Missed, numbers: Numbers) -> State:
    """Follow each pupil's weeks up to now and return what they tell of level and drift."""
    pupils = len(missed.absent)
    # Week by week in memory: each is read once for all pupils.
    of_pupils = deviations(missed), missed.possible[:, : missed.week + 1]
    deviation, sessions = (np.ascontiguousarray(each.T) for each in of_pupils)
    # Of a week without a session nothing is learned, however it went.
    noise = np.where(sessions > 0, numbers.noise * FULL_WEEK / np.maximum(sessions, 1), np.inf)
    level, drift, both = np.zeros(pupils), np.zeros(pupils), np.zeros(pupils)
    of_level, of_drift = np.full(pupils, numbers.level), np.full(pupils, numbers.drift)
    rho, lasts = numbers.persistence, numbers.lasts
    for week in range(missed.week + 1):
        if week and missed.years[week] != missed.years[week - 1]:
            level, of_level = lasts * level, lasts * lasts * of_level + (1 - lasts * lasts) * numbers.level
            drift, both, of_drift = np.zeros(pupils), np.zeros(pupils), np.full(pupils, numbers.drift)
        elif week:
            drift, both = rho * drift, rho * both
            of_drift = rho * rho * of_drift + (1 - rho * rho) * numbers.drift
        with_level, with_drift = of_level + both, both + of_drift
        whole = of_level + 2 * both + of_drift + noise[week]
        to_level, to_drift = with_level / whole, with_drift / whole
        surprise = deviation[week] - level - drift
        level, drift = level + to_level * surprise, drift + to_drift * surprise
        of_level, of_drift = of_level - to_level * with_level, of_drift - to_drift * with_drift
        both = both - to_level * with_drift
    return State(level, drift, of_level, both, of_drift)


def rate_ahead(missed: Missed, stop: int) -> float:
    """Return the rate that the school is heading for in the weeks before ``stop``: this year's, with half of last year's season.

    Examples
    --------
    >>> absent, possible = np.array([[2, 4, 1]]), np.array([[20, 10, 10]])  # last year 0.1 and then 0.4, this year 0.1 so far
    >>> missed = Missed(absent, possible, np.array([2025, 2025, 2026]), 2)
    >>> round(rate_ahead(missed, 4), 6)  # half of a season of four times as much is twice as much
    0.2
    """
    absent, possible = missed.absent.sum(axis=0), missed.possible.sum(axis=0)
    now = absent[missed.is_this_year].sum() / max(possible[missed.is_this_year].sum(), 1)
    before = np.flatnonzero(missed.is_last_year)
    if not len(before):
        return float(now)
    place = before[0] + missed.week_of_year + 1
    to_date = slice(before[0], place)
    later = slice(place, min(place + stop - missed.week - 1, before[-1] + 1))
    sums = [int(each[part].sum()) for part in (to_date, later) for each in (absent, possible)]
    if min(sums) <= 0:
        return float(now)
    return float(now * np.sqrt((sums[2] / sums[3]) / (sums[0] / sums[1])))


@lru_cache(maxsize=8)
def expectation(known: Known, numbers: Both, stop: int) -> Expectation:
    """Return what each pupil is expected to miss from now to before the week at ``stop``, by illness and otherwise.

    What drift lies off its own level is taken as it is; the levels are first set beside one another, since who is often away
    otherwise may also often be ill.
    """
    own = (numbers.ill, numbers.other)
    parts = [ahead_of(known, missed, each, stop) for missed, each in zip(known.by_reason, own, strict=True)]
    (first, second), variances = [each.weight for each in parts], levels_together(*parts, numbers)
    (ill, other), (of_ill, of_both, of_other) = variances
    mean = first * ill + second * other + sum(each.rest for each in parts)
    variance = first * first * of_ill + 2 * first * second * of_both + second * second * of_other
    return bounded(mean, variance + sum(each.variance for each in parts))


def bounded(mean: np.ndarray, variance: np.ndarray) -> Expectation:
    """Return what is expected with no rate (a fraction of sessions) nearer to nothing or one than LEAST_RATE; shape (pupils,).

    Examples
    --------
    >>> bounded(np.array([0.0, 0.1]), np.zeros(2)).mean.tolist() == [LEAST_RATE, 0.1]
    True
    """
    return Expectation(np.clip(mean, LEAST_RATE, 1 - LEAST_RATE), variance)


@dataclass(frozen=True, eq=False)
class Ahead:
    """What is expected of absence for one reason: ``weight`` x level + ``rest``, with ``variance`` beside that of the level.

    Rates (fractions), shape (pupils,) each; ``level`` and ``level_variance`` as the reason's own weeks tell them.
    """

    weight: np.ndarray
    rest: np.ndarray
    variance: np.ndarray
    level: np.ndarray
    level_variance: np.ndarray


def ahead_of(known: Known, missed: Missed, numbers: Numbers, stop: int) -> Ahead:
    """Return what is expected of absence for one reason (``missed``, as known) or for all, before the week at ``stop``."""
    state = state_of(missed, numbers)
    # Hardly any pupils of one year group differ in what lies ahead of them.
    drifts = [drift_over(ahead[known.week : stop], numbers) for ahead in known.kinds_ahead[0]]
    carried, spread = np.array(drifts).reshape(-1, 2)[known.kinds_ahead[1]].T
    # How far the drift is known only with the level, and what is left of it.
    slope = state.covariance / (state.level_variance if numbers.level else 1.0)
    left = state.drift_variance - slope * state.covariance
    return Ahead(
        1 + carried * slope,
        rate_ahead(missed, stop) + carried * (state.drift - slope * state.level),
        carried * carried * left + spread + numbers.noise * FULL_WEEK / np.maximum(known.left(stop), 1),
        state.level,
        state.level_variance,
    )


def levels_together(
    ill: Ahead, other: Ahead, numbers: Both
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return both levels as both reasons' weeks tell them, and their variances with the covariance in the middle.

    Each is of shape (pupils,).
    """
    shared, whole = numbers.shared, numbers.ill.level * numbers.other.level
    if not shared:
        return (ill.level, other.level), (ill.level_variance, np.zeros(len(ill.level)), other.level_variance)
    rest = whole - shared * shared
    # Precisions: of what the levels are like at this school, and of what the weeks add to that.
    of_ill = numbers.other.level / rest + 1 / ill.level_variance - 1 / numbers.ill.level
    of_other = numbers.ill.level / rest + 1 / other.level_variance - 1 / numbers.other.level
    both = -shared / rest
    told = ill.level / ill.level_variance, other.level / other.level_variance
    size = of_ill * of_other - both * both
    levels = (of_other * told[0] - both * told[1]) / size, (of_ill * told[1] - both * told[0]) / size
    return levels, (of_other / size, -both / size, of_ill / size)


def drift_over(sessions: np.ndarray, numbers: Numbers) -> tuple[float, float]:
    """Return how much of today's drift is in the mean of the weeks ahead, and the variance of what drift is added to it.

    ``sessions`` are those to come in this week and each after it (shape (weeks,)).

    Examples
    --------
    >>> numbers = Numbers(level=0.01, drift=0.04, persistence=0.5, noise=0.02, lasts=0.8)
    >>> drift_over(np.array([10]), numbers), drift_over(np.array([0, 10]), numbers)  # this week, and the next alone
    ((1.0, 0.0), (0.5, 0.03))
    """
    share = sessions / max(int(sessions.sum()), 1)
    left = powers(numbers.persistence, 2 * len(share))
    place = np.arange(len(share))
    apart = left[np.abs(np.subtract.outer(place, place))] - left[np.add.outer(place, place)]
    carried = fsum((share * left[: len(share)]).tolist())
    return carried, numbers.drift * fsum((np.multiply.outer(share, share) * apart).ravel().tolist())
