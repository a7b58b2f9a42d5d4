"""The chance that a pupil ends at a line or over it: arithmetic, then a beta tail, corrected on last year's same week."""

from dataclasses import dataclass
from math import fsum

import numpy as np
from scipy.special import betainc, expit, logit

from attendance_lib.analysis.distributions import DIGITS
from attendance_lib.analysis.outlook.level_and_drift import Both, Expectation, expectation, rate_ahead
from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks, needed
from attendance_lib.rules.thresholds import Threshold

SESSIONS_A_DAY = 2
# Chances are whole per cents: nobody reads more, and no processor tells more apart.
CERTAIN = 100
# Before a chance is corrected it is no nearer to nothing or one than this.
LEAST = 0.001
# The correction is drawn to none: as if a slope of one had been seen in so much information, and an intercept of nothing.
SLOPE_WEIGHT, INTERCEPT_WEIGHT = 400.0, 40.0
# Newton's steps: they settle after some six, or a few more where the line lies far off.
STEPS, SETTLED = 25, 1e-8
# The smaller, the more of the variance goes to those who are often away.
LEAN, MOST_OF_FREE = 0.15, 0.95
# The year before was taught without a year before it, so that early in the year little of what it teaches carries over: half of
# it after so many weeks.
HALF_AFTER_WEEKS = 8
# How far the model's variance was right is drawn to "right" as if by so many pupils.
SPREAD_PUPILS = 50
FEWEST_TO_LEARN = 50


@dataclass(frozen=True)
class Correction:
    """What the same week of last year taught: how far to scale the variance, and the line through the log odds.

    Numbers, or one for each pupil (shape (pupils,)).
    """

    spread: float | np.ndarray = 1.0
    intercept: float | np.ndarray = 0.0
    slope: float | np.ndarray = 1.0

    def after(self, weeks: int) -> "Correction":
        """Return what of it is used after so many weeks of a school year.

        Examples
        --------
        >>> Correction(1.5, -0.4, 1.2).after(8)
        Correction(spread=1.25, intercept=-0.2, slope=1.1)
        """
        share = weeks / (weeks + HALF_AFTER_WEEKS)
        return Correction(1 + share * (self.spread - 1), share * self.intercept, 1 + share * (self.slope - 1))


NO_CORRECTION = Correction()


def settled(values: np.ndarray) -> np.ndarray:
    """Return fractions to DIGITS places, since the last bits of SciPy's functions are the machine's (shape of ``values``).

    Examples
    --------
    >>> settled(np.array([1 / 3])).tolist()[0] == round(1 / 3, DIGITS)
    True
    """
    return np.round(values, DIGITS)


def beta_tail(mean: np.ndarray, variance: np.ndarray, need: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Return the chance that at least ``need`` of ``left`` sessions are missed (fractions, shape (pupils,)).

    Parameters
    ----------
    mean, variance : numpy.ndarray
        Of the fraction missed, shape (pupils,).
    need, left : numpy.ndarray
        Sessions, shape (pupils,). Nothing needed is certain, more than are left cannot be.

    Notes
    -----
    Absence comes in days: the tail is cut half a day below the days needed.

    Examples
    --------
    >>> half, third = np.full(3, 0.5), np.full(3, 1 / 12)
    >>> beta_tail(half, third, np.array([0, 6, 11]), np.full(3, 10)).tolist()
    [1.0, 0.5, 0.0]
    """
    chance = np.where(need <= 0, 1.0, 0.0)
    asked = np.flatnonzero(is_open(need, left))
    mean, variance, need, left = (each[asked] for each in (mean, variance, need, left))
    cut = np.minimum(SESSIONS_A_DAY * np.ceil(need / SESSIONS_A_DAY) - 1, left - 0.5) / left
    size = mean * (1 - mean) / variance - 1
    chance[asked] = settled(betainc((1 - mean) * size, mean * size, 1 - cut))
    return chance


def own_variance(expected: Expectation, left: np.ndarray, spread: float | np.ndarray) -> np.ndarray:
    """Return how far each pupil's share missed can vary (squared fractions, shape (pupils,)).

    Whoever is hardly ever away varies little, whoever is often away more than in proportion: the model's variance, which is
    one for all, is shared out by free x (LEAN + free), where free is mean x (1 - mean). It is no less than that of
    independent days, and leaves the beta a shape.

    Examples
    --------
    >>> expected = Expectation(np.array([0.5]), np.array([0.001]))
    >>> own_variance(expected, np.array([10]), 1.0).round(6).tolist()  # no less than of five independent days: 0.5 x 0.5 / 5
    [0.05]
    """
    free = expected.mean * (1 - expected.mean)
    weight = free * (LEAN + free)
    varies = spread * expected.variance * weight / (fsum(weight.tolist()) / max(len(weight), 1))
    return np.clip(varies, free / np.maximum(left / SESSIONS_A_DAY, 1), MOST_OF_FREE * free)


def is_open(need: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Return for whom the arithmetic of sessions leaves it open whether a line is reached (boolean, shape (pupils,)).

    Examples
    --------
    >>> is_open(np.array([0, 3, 3]), np.array([10, 10, 2])).tolist()  # reached already, open, out of reach
    [False, True, False]
    """
    return (need > 0) & (need <= left)


def learn(
    marks: WeeklyMarks,
    known: Known,
    stop: int,
    line: Threshold,
    numbers: Both,
    who: np.ndarray | None = None,
) -> Correction:
    """Learn from a week of last year and what followed how to correct chances given in the same week.

    Parameters
    ----------
    marks : WeeklyMarks
        With what followed.
    known : Known
        What was known then.
    stop : int
        The week before which it was to be given.
    line : Threshold
        Which line.
    numbers : Both
        The school's numbers as they are used today.
    who : numpy.ndarray, optional
        Whose ends may teach (boolean, shape (pupils,)); everybody's if not given.
    """
    here = known.is_here & (known.left(stop) > 0) & (True if who is None else who)
    over = marks.is_over(known, stop, line)
    if int(here.sum()) < FEWEST_TO_LEARN:
        return NO_CORRECTION
    expected = expectation(known, numbers, stop)
    within = slice(known.week + 1, stop)
    absent, possible = marks.absent[:, within].sum(axis=1), marks.possible[:, within].sum(axis=1)
    seen = here & (possible > 0)
    left = known.left(stop)
    miss = (absent / np.maximum(possible, 1) - expected.mean)[seen]
    told = own_variance(expected, left, 1.0)[seen]
    prior = SPREAD_PUPILS * fsum(told.tolist()) / max(len(told), 1)
    spread = (fsum((miss * miss).tolist()) + prior) / (fsum(told.tolist()) + prior)
    need = needed(known, stop, line)
    open_ = here & is_open(need, left)
    varies = own_variance(expected, left, spread)
    asked = (each[open_] for each in (expected.mean, varies, need, left))
    intercept, slope = line_of_log_odds(beta_tail(*asked), over[open_])
    return Correction(spread, intercept, slope)


def log_odds(chance: np.ndarray) -> np.ndarray:
    """Return the log odds of chances (fractions), none nearer to nothing or one than LEAST (shape of ``chance``).

    Examples
    --------
    >>> certain, even = log_odds(np.array([1.0, 0.5])).tolist()
    >>> certain == log_odds(np.array([1 - LEAST])).item(), even
    (True, 0.0)
    """
    return logit(np.clip(chance, LEAST, 1 - LEAST))


def line_of_log_odds(
    chance: np.ndarray, came: np.ndarray, weights: tuple[float, float] = (INTERCEPT_WEIGHT, SLOPE_WEIGHT)
) -> tuple[float, float]:
    """Return intercept and slope of a logistic line through chances (fractions) and what came (boolean), drawn to 0 and 1.

    Examples
    --------
    >>> line_of_log_odds(np.array([0.5, 0.5]), np.array([True, False]))
    (0.0, 1.0)
    """
    # Many pupils have the same absence so far, so that what is stated of them is one case that came so often.
    told, place = np.unique(chance, return_inverse=True)
    x, number, came_of = log_odds(told), np.bincount(place), np.bincount(place, came)
    intercept, slope = 0.0, 1.0
    for _ in range(STEPS):
        said = expit(intercept + slope * x)
        certainty, rest = number * (said * (1 - said)), came_of - number * said
        terms = np.array([rest, x * rest, certainty, x * certainty, x * x * certainty])
        # One after the other, from the smallest chance on: the same on every machine and in whatever order the pupils stand.
        sums = np.add.accumulate(terms, axis=1)[:, -1] if len(x) else np.zeros(len(terms))
        g0, g1 = sums[0] - weights[0] * intercept, sums[1] - weights[1] * (slope - 1)
        h00, h01, h11 = sums[2] + weights[0], sums[3], sums[4] + weights[1]
        whole = h00 * h11 - h01 * h01
        step0, step1 = (h11 * g0 - h01 * g1) / whole, (h00 * g1 - h01 * g0) / whole
        # No step is longer than one, so that none leads away from where the chances are distinguished.
        length = max(abs(step0), abs(step1), 1.0)
        intercept, slope = intercept + step0 / length, slope + step1 / length
        if max(abs(step0), abs(step1)) < SETTLED:
            break
    return float(intercept), float(slope)


def corrected(chance: np.ndarray, correction: Correction) -> np.ndarray:
    """Return chances with the correction (fractions, shape of ``chance``); what is certain, or cannot be, stays so.

    Examples
    --------
    >>> corrected(np.array([0.0, 0.5, 1.0]), Correction()).tolist()
    [0.0, 0.5, 1.0]
    """
    moved = settled(expit(correction.intercept + correction.slope * log_odds(chance)))
    return np.where((chance <= 0) | (chance >= 1), chance, moved)


def chances(
    known: Known, stop: int, line: Threshold, numbers: Both, correction: Correction = NO_CORRECTION
) -> np.ndarray:
    """Return each pupil's chance of ending at a line or over it before the week at ``stop`` (fractions, shape (pupils,))."""
    expected, left = expectation(known, numbers, stop), known.left(stop)
    need = needed(known, stop, line)
    chance = beta_tail(expected.mean, own_variance(expected, left, correction.spread), need, left)
    return corrected(chance, correction)


# The check: a pupil's own days so far, and a quarter of last year's, added to what pupils of the school are like

SHARE_OF_LAST_YEAR = 4


def simple_chances(known: Known, stop: int, line: Threshold, spread: float) -> np.ndarray:
    """Return each pupil's chance by a beta-binomial (fractions, shape (pupils,)).

    ``spread`` is the variance between pupils (squared fraction): the school's own, or from published bands.
    """
    rate = min(max(rate_ahead(known, stop), 0.01), 0.99)
    size = max(rate * (1 - rate) / max(spread, 1e-4) - 1, 0.5)
    absent = known.absent_so_far + known.absent_last_year / SHARE_OF_LAST_YEAR
    possible = known.possible_so_far + known.possible_last_year / SHARE_OF_LAST_YEAR
    missed = rate * size + absent / SESSIONS_A_DAY
    days = size + possible / SESSIONS_A_DAY
    mean, ahead = missed / days, np.maximum(known.left(stop) / SESSIONS_A_DAY, 1)
    variance = mean * (1 - mean) * (days + ahead) / (ahead * (days + 1))
    return beta_tail(mean, variance, needed(known, stop, line), known.left(stop))
