"""What a pupil is expected to miss: a lasting level and a drift about it, told from the school's own weeks.

A pupil's rate in a week, less the school's, is taken to be a level that lasts, a drift that persists from week to week
and the week's own noise. How large each is at this school shows in how alike a pupil's weeks are: one number for each
distance between two weeks. The best linear prediction follows week by week (the Kalman filter), whatever weeks a pupil has.
Each number is worked out element by element, or exactly, so that no chance hangs on the processor.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import fsum

import numpy as np

from attendance_lib.analysis.impact.exact_products import counts_of_both, sums_of_products
from attendance_lib.analysis.outlook.marks import Known

FULL_WEEK = 10
PERSISTENCE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
# With fewer weeks of a year level and drift cannot be told apart: then so much of what lasts is level, and so persistent the drift.
FEWEST_WEEKS, SHARE_OF_LEVEL, USUAL_PERSISTENCE = 7, 0.6, 0.8
# How much of a level lasts into the next school year is drawn to this, as if so many weeks had said so.
USUALLY_LASTS, AS_OF_WEEKS = 0.9, 6
LEAST_RATE = 0.002
# Of a pupil-week with fewer than half of the sessions that others had, the rate is too coarse to learn from.
HALF = 2


@dataclass(frozen=True)
class Numbers:
    """Four numbers of a school, and how much of the first lasts into the next year.

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


def school_rates(known: Known) -> np.ndarray:
    """Return the school's absence rate in each week (a fraction, 0 where nobody had a session; shape (weeks,))."""
    absent, possible = known.absent.sum(axis=0), known.possible.sum(axis=0)
    return absent / np.maximum(possible, 1)


@lru_cache(maxsize=4)
def deviations(known: Known) -> np.ndarray:
    """Return each pupil's rate less the school's in each week (fractions, 0 where nothing was possible; (pupils, weeks))."""
    rate = known.absent / np.maximum(known.possible, 1)
    return np.where(known.possible > 0, rate - school_rates(known), 0.0)


def powers(base: float, count: int) -> np.ndarray:
    """Return the powers from 0 of a number, multiplied one by one (shape (count,)).

    Examples
    --------
    >>> powers(0.5, 3).tolist()
    [1.0, 0.5, 0.25]
    """
    return np.cumprod(np.r_[1.0, np.full(max(count - 1, 0), base)])[:count]


# Every horizon and line of a week asks for the same numbers and states.
@lru_cache(maxsize=4)
def numbers_of(known: Known) -> Numbers:
    """Learn a school's numbers from every pair of a pupil's weeks up to now."""
    weeks = slice(0, known.week + 1)
    possible, years = known.possible[:, weeks], known.years[weeks]
    is_whole = (possible > 0) & (possible * HALF >= possible.max(axis=0, initial=1))
    deviation = np.where(is_whole, deviations(known)[:, weeks], 0.0)
    products = sums_of_products(deviation)
    pairs = counts_of_both(is_whole)
    is_same_year = np.equal.outer(years, years)
    longest = int(np.unique(years, return_counts=True)[1].max())
    alike = {
        distance: mean_over(*(np.diagonal(each, distance) for each in (products, pairs, is_same_year)))
        for distance in range(longest)
    }
    level, drift, persistence = level_and_drift(
        {distance: each for distance, each in alike.items() if distance}
    )
    sessions = fsum((FULL_WEEK / possible[is_whole]).tolist()) / max(int(is_whole.sum()), 1)
    noise = max((alike[0][0] - level - drift) / (sessions or 1.0), 1e-4)
    return Numbers(level, drift, persistence, noise, lasting(products, pairs, years, level))


def mean_over(products: np.ndarray, pairs: np.ndarray, where: np.ndarray) -> tuple[float, float]:
    """Return the mean product over some pairs of weeks (``where``, the shape of both), and of how many pupil-pairs it is."""
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
    """Return intercept and slope, neither below 0, of a weighted line, and the weighted sum of squares left (shapes (points,))."""
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


def lasting(products: np.ndarray, pairs: np.ndarray, years: np.ndarray, level: float) -> float:
    """Return how much of a level lasts into the next year (0 to 1), drawn to USUALLY_LASTS."""
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


@lru_cache(maxsize=8)
def state_of(known: Known, numbers: Numbers) -> State:
    """Follow each pupil's weeks up to now and return what they tell of level and drift."""
    pupils = len(known.absent)
    # Week by week in memory: each is read once for all pupils.
    deviation, sessions = (np.ascontiguousarray(each.T) for each in (deviations(known), known.possible))
    level, drift, both = np.zeros(pupils), np.zeros(pupils), np.zeros(pupils)
    of_level, of_drift = np.full(pupils, numbers.level), np.full(pupils, numbers.drift)
    rho, lasts = numbers.persistence, numbers.lasts
    for week in range(known.week + 1):
        if week and known.years[week] != known.years[week - 1]:
            level, of_level = lasts * level, lasts * lasts * of_level + (1 - lasts * lasts) * numbers.level
            drift, both, of_drift = np.zeros(pupils), np.zeros(pupils), np.full(pupils, numbers.drift)
        elif week:
            drift, both = rho * drift, rho * both
            of_drift = rho * rho * of_drift + (1 - rho * rho) * numbers.drift
        possible = sessions[week]
        has_marks = possible > 0
        whole = of_level + 2 * both + of_drift + numbers.noise * FULL_WEEK / np.maximum(possible, 1)
        to_level = np.where(has_marks, (of_level + both) / whole, 0.0)
        to_drift = np.where(has_marks, (both + of_drift) / whole, 0.0)
        surprise = deviation[week] - level - drift
        level, drift = level + to_level * surprise, drift + to_drift * surprise
        of_level, both, of_drift = (
            of_level - to_level * (of_level + both),
            both - to_level * (both + of_drift),
            of_drift - to_drift * (both + of_drift),
        )
    return State(level, drift, of_level, both, of_drift)


def rate_ahead(known: Known, stop: int) -> float:
    """Return the rate that the school is heading for in the weeks before ``stop``: this year's, with half of last year's season."""
    absent, possible = known.absent.sum(axis=0), known.possible.sum(axis=0)
    now = absent[known.is_this_year].sum() / max(possible[known.is_this_year].sum(), 1)
    before = np.flatnonzero(known.is_last_year)
    if not len(before):
        return float(now)
    place = before[0] + known.week_of_year + 1
    to_date = slice(before[0], place)
    later = slice(place, min(place + stop - known.week - 1, before[-1] + 1))
    sums = [int(each[part].sum()) for part in (to_date, later) for each in (absent, possible)]
    if min(sums) <= 0:
        return float(now)
    return float(now * np.sqrt((sums[2] / sums[3]) / (sums[0] / sums[1])))


@lru_cache(maxsize=8)
def expectation(known: Known, numbers: Numbers, stop: int) -> Expectation:
    """Return what each pupil is expected to miss from now to before the week at ``stop``."""
    state = state_of(known, numbers)
    # Hardly any pupils of one year group differ in what lies ahead of them.
    drifts = [drift_over(ahead[known.week : stop], numbers) for ahead in known.kinds_ahead[0]]
    carried, spread = np.array(drifts).reshape(-1, 2)[known.kinds_ahead[1]].T
    mean = rate_ahead(known, stop) + state.level + carried * state.drift
    variance = (
        state.level_variance
        + 2 * carried * state.covariance
        + carried * carried * state.drift_variance
        + spread
        + numbers.noise * FULL_WEEK / np.maximum(known.left(stop), 1)
    )
    return Expectation(np.clip(mean, LEAST_RATE, 1 - LEAST_RATE), variance)


def drift_over(sessions: np.ndarray, numbers: Numbers) -> tuple[float, float]:
    """Return how much of today's drift is in the mean of the weeks ahead, and the variance of what drift is added to it.

    ``sessions`` are those to come in this week and each after it (shape (weeks,)).
    """
    share = sessions / max(int(sessions.sum()), 1)
    left = powers(numbers.persistence, 2 * len(share))
    place = np.arange(len(share))
    apart = left[np.abs(np.subtract.outer(place, place))] - left[np.add.outer(place, place)]
    carried = fsum((share * left[: len(share)]).tolist())
    return carried, numbers.drift * fsum((np.multiply.outer(share, share) * apart).ravel().tolist())
