"""Placebo groups: comparison pupils as like the treated as can be, drawn many times, and the range they give."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from attendance_lib.analysis.impact.expected import Expectation

FEWEST_NEIGHBOURS, MOST_NEIGHBOURS = 10, 40
DRAWS = 999
SEED = 20260907
CONFIDENCE = 0.95
POWER = 0.8
# How much a point of recent dip weighs against a point of expected attendance in finding like pupils.
DIP_WEIGHT = 0.5
# Distances are compared to nine places, so that the last bit of a sum cannot change who is nearest.
PLACES = 9


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each treated pupil the nearest comparison rows of the same start week, nearest first.

    ``rows`` are positions in the risk sets, shape (treated, most neighbours), padded by repeating the nearest;
    ``sizes`` says how many are true, shape (treated,).
    """

    rows: np.ndarray
    sizes: np.ndarray

    @cached_property
    def is_true(self) -> np.ndarray:
        """Which places hold a neighbour (boolean, shape of ``rows``)."""
        return np.arange(self.rows.shape[1]) < self.sizes[:, None]

    def draw(self, values: np.ndarray, picks: np.ndarray) -> np.ndarray:
        """Return the mean value of each placebo group drawn: shape (draws, ...) for values of shape (rows, ...)."""
        place = (picks * self.sizes).astype(np.int64)
        chosen = self.rows[np.arange(len(self.rows)), place]
        return values[chosen].mean(axis=1)

    def mean_of(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of a value over each treated pupil's neighbours: shape (treated,)."""
        return np.where(self.is_true, values[self.rows], 0.0).sum(axis=1) / self.sizes


@dataclass(frozen=True, eq=False)
class PlaceboRange:
    """What the placebo groups say about chance, in fractions of possible sessions.

    ``means`` are the centred and stretched means of the groups drawn for the first outcome, with the model's
    uncertainty added: shape (draws,). ``outcome_errors`` are the standard errors of every outcome.
    """

    means: np.ndarray
    outcome_errors: np.ndarray
    stretch: float
    spread_ratio: float

    @property
    def se(self) -> float:
        """The standard error: half the 95 % range in units of the normal quantile."""
        return float((self.upper - self.lower) / (2 * stats.norm.ppf((1 + CONFIDENCE) / 2)))

    @cached_property
    def lower(self) -> float:
        """The quantile of chance below which 2.5 % lie (negative)."""
        return float(np.quantile(self.means, (1 - CONFIDENCE) / 2))

    @cached_property
    def upper(self) -> float:
        """The quantile of chance above which 2.5 % lie."""
        return float(np.quantile(self.means, (1 + CONFIDENCE) / 2))

    @property
    def smallest_effect(self) -> float:
        """The smallest effect whose range would miss zero in 80 % of schools."""
        return self.se * float(stats.norm.ppf((1 + CONFIDENCE) / 2) + stats.norm.ppf(POWER))


def find_neighbours(expectation: Expectation) -> Neighbours:
    """Find for each treated pupil the comparison pupils of the same start week nearest in expectation and recent dip.

    Returns
    -------
    Neighbours
        Between 10 and 40 each (the square root of the week's comparison pupils), or all where there are fewer.
    """
    sets = expectation.sets
    place = np.column_stack([expectation.expected[:, 0], DIP_WEIGHT * sets.dip])
    rows = np.zeros((sets.pupils, MOST_NEIGHBOURS), dtype=np.int64)
    sizes = np.zeros(sets.pupils, dtype=np.int64)
    treated = np.flatnonzero(sets.is_treated)
    for week in sets.weeks:
        here = np.flatnonzero(sets.week[treated] == week)
        compared = np.flatnonzero((sets.week == week) & ~sets.is_treated)
        size = min(int(np.clip(np.sqrt(len(compared)), FEWEST_NEIGHBOURS, MOST_NEIGHBOURS)), len(compared))
        distance = np.abs(place[treated[here], None, :] - place[None, compared, :])
        distance = np.round(np.hypot(distance[:, :, 0], distance[:, :, 1]), PLACES)
        nearest = np.argsort(distance, axis=1, kind="stable")[:, :size]
        rows[here] = compared[nearest[:, :1]]
        rows[here[:, None], np.arange(size)[None, :]] = compared[nearest]
        sizes[here] = size
    return Neighbours(rows, sizes)


def placebo_range(expectation: Expectation, neighbours: Neighbours, seed: int = SEED) -> PlaceboRange:
    """Draw placebo groups and stretch what they show to the range of chance.

    Parameters
    ----------
    expectation : Expectation
        Of the risk sets.
    neighbours : Neighbours
        Whom the groups are drawn from.
    seed : int
        Of the draws; the same for every intervention, so that adding one moves no other.

    Returns
    -------
    PlaceboRange
        From 999 groups: the mean of their residuals, centred, times the ratio of the treated's spread to the
        placebo's (where it is above 1), plus the model's own uncertainty, stretched by a t quantile.
    """
    treated = expectation.sets.pupils
    random = np.random.default_rng(seed)
    drawn = neighbours.draw(expectation.residual, random.random((DRAWS, treated)))
    chance = random.standard_normal(DRAWS) * expectation.model_error
    ratio = spread_ratio(expectation, neighbours)
    stretch = float(
        stats.t.ppf((1 + CONFIDENCE) / 2, max(treated - 1, 1)) / stats.norm.ppf((1 + CONFIDENCE) / 2)
    )
    centred = drawn - drawn.mean(axis=0)
    return PlaceboRange(
        stretch * (centred[:, 0] * ratio + chance), stretch * centred.std(axis=0), stretch, ratio
    )


def spread_ratio(expectation: Expectation, neighbours: Neighbours) -> float:
    """Return how much wider the treated's residuals spread than the placebo groups' do, at least 1.

    The treated's own spread is of few pupils, so it may widen the range and never narrows it.
    """
    if expectation.sets.pupils < MINIMUM_FOR_SPREAD:
        return 1.0
    around = expectation.residual[neighbours.rows, 0][neighbours.is_true]
    placebo = float(around.std())
    return max(1.0, float(expectation.gaps[:, 0].std(ddof=1)) / placebo) if placebo > 0 else 1.0


MINIMUM_FOR_SPREAD = 2
