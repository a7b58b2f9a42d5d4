"""Expected attendance: what pupils with the same history went on to do, over the same weeks, without the intervention."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from attendance_lib.analysis.distributions import normal_quantile, t_quantile
from attendance_lib.analysis.impact.exact_products import product_over_columns
from attendance_lib.analysis.impact.history import standardised, useful
from attendance_lib.analysis.impact.least_squares import Fit, coefficients, fit_weighted
from attendance_lib.analysis.impact.risk_sets import RiskSets
from attendance_lib.analysis.impact.verdicts import Likeness

CLOSE = 0.05

# A fitted rate near 0 or 1 says too little about its variance to be weighted by it in full.
LOWEST_VARIANCE_RATE = 0.1


@dataclass(frozen=True, eq=False)
class Expectation:
    """Risk sets with the attendance expected of every row from the comparison pupils alone.

    ``columns`` are the regression's (shape (rows, columns)); ``expected`` and ``residual`` (actual minus
    expected) have shape (rows, outcomes).
    """

    sets: RiskSets
    columns: np.ndarray
    weights: np.ndarray
    fit: Fit

    @cached_property
    def expected(self) -> np.ndarray:
        """Expected outcomes as fractions: shape (rows, outcomes)."""
        return self.fit.expected(self.columns)

    @cached_property
    def residual(self) -> np.ndarray:
        """Actual minus expected outcomes, in fractions: shape (rows, outcomes)."""
        return self.sets.outcomes - self.expected

    @cached_property
    def gaps(self) -> np.ndarray:
        """Actual minus expected outcomes (differences of fractions) of those treated: shape (treated, outcomes).

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> sets = SimpleNamespace(outcomes=np.array([[0.95], [0.85]]), is_treated=np.array([True, False]))
        >>> Expectation(sets, np.ones((2, 1)), np.ones(2), Fit(np.array([[0.9]]), np.zeros((1, 1)))).gaps.round(2).tolist()
        [[0.05]]
        """
        return self.residual[self.sets.is_treated]

    @cached_property
    def alike(self) -> np.ndarray:
        """How much each of those treated counts where all count alike, without a unit: ones, shape (treated,)."""
        return np.ones(self.sets.pupils)

    def effects(self, shares: np.ndarray) -> np.ndarray:
        """Return the mean difference of each outcome (fractions, shape (outcomes,)); ``shares`` as ``alike``, one on average.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> sets = SimpleNamespace(outcomes=np.array([[0.95], [0.85]]), is_treated=np.array([True, True]))
        >>> found = Expectation(sets, np.ones((2, 1)), np.ones(2), Fit(np.array([[0.9]]), np.zeros((1, 1))))
        >>> found.effects(np.array([1.5, 0.5])).round(3).tolist()  # (1.5 x 0.05 - 0.5 x 0.05) / 2
        [0.025]
        """
        return (self.gaps * shares[:, None]).mean(axis=0)

    def model_error(self, shares: np.ndarray) -> float:
        """Return the standard error of the treated's mean expected attendance (a fraction) that the fit's uncertainty makes.

        ``shares`` says how much each of those treated counts in the mean (as ``alike``).

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> fit = Fit(np.array([[0.9]]), np.array([[0.0004]]))
        >>> found = Expectation(SimpleNamespace(is_treated=np.array([True])), np.ones((1, 1)), np.ones(1), fit)
        >>> round(found.model_error(np.ones(1)), 4)  # the root of the variance of the one coefficient
        0.02
        """
        return float(np.sqrt(self.fit.mean_variance(self.columns[self.sets.is_treated], shares)))

    def refit(self, outcomes: np.ndarray) -> "Expectation":
        """Return the same regression for other outcomes (fractions) of the same rows; rows without one do not count."""
        known = np.isfinite(outcomes).all(axis=1)
        sets = replace(self.sets.where(known), outcomes=outcomes[known])
        return fit_expectation(sets, self.columns[known], self.weights[known])


def expect(sets: RiskSets) -> Expectation:
    """Learn what was to be expected from the comparison pupils.

    Parameters
    ----------
    sets : RiskSets
        With at least one treated and one comparison row.

    Returns
    -------
    Expectation
        Weighted least squares on comparison rows, pooled over start weeks with an intercept for each: a start
        week weighs as many as began in it, and a row as one over the variance p(1 - p) at a first fit.
    """
    columns = regression_columns(sets)
    mix = mix_weights(sets)
    compared = ~sets.is_treated
    first = product_over_columns(
        columns, coefficients(columns[compared], sets.outcomes[compared, :1], mix[compared])
    )[:, 0]
    rate = np.clip(first, LOWEST_VARIANCE_RATE, 1 - LOWEST_VARIANCE_RATE)
    return fit_expectation(sets, columns, mix / (rate * (1 - rate)))


def fit_expectation(sets: RiskSets, columns: np.ndarray, weights: np.ndarray) -> Expectation:
    """Fit the comparison rows' outcomes (fractions) with given columns (shape (rows, columns)) and weights (shape (rows,))."""
    compared = ~sets.is_treated
    fit = fit_weighted(columns[compared], sets.outcomes[compared], weights[compared], sets.cluster[compared])
    return Expectation(sets, columns, weights, fit)


def regression_columns(sets: RiskSets) -> np.ndarray:
    """Return an intercept for each start week and the useful features, in standard units (shape (rows, columns))."""
    compared = sets.features[~sets.is_treated]
    kept = useful(compared)
    features = standardised(sets.features[:, kept], compared[:, kept])
    intercepts = sets.week[:, None] == sets.weeks[None, :]
    return np.hstack([intercepts.astype(float), features])


def mix_weights(sets: RiskSets) -> np.ndarray:
    """Return weights that give each start week's comparison pupils together the weight of those who began in it.

    Shape (rows,); the weights of the comparison rows add up to the number treated.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> treated = np.array([True, True, False, False, False, False])
    >>> mix_weights(SimpleNamespace(weeks=np.array([3]), week=np.full(6, 3), is_treated=treated))[2:].tolist()  # 2 over 4
    [0.5, 0.5, 0.5, 0.5]
    """
    place = np.searchsorted(sets.weeks, sets.week)
    treated = np.bincount(place, weights=sets.is_treated, minlength=len(sets.weeks))
    compared = np.bincount(place, weights=~sets.is_treated, minlength=len(sets.weeks))
    return (treated / np.maximum(compared, 1))[place]


# Placebo groups: comparison pupils as like the treated as can be, drawn many times, and the range they give

FEWEST_NEIGHBOURS, MOST_NEIGHBOURS = 10, 40
DRAWS = 999
SEED = 20260907
CONFIDENCE = 0.95
# The placebo groups' spread counts as known from so many pupils, whatever the size of the group: it stands so much against
# the treated's own, and its t quantile allows for the rest, as what befalls a class or a bus befalls real groups only.
PLACEBO_FREEDOM = 20
POWER = 0.8
# Half a 95 % range in standard errors: 1.96.
REACH = normal_quantile((1 + CONFIDENCE) / 2)
# How much a point of recent dip weighs against a point of expected attendance in finding like pupils.
DIP_WEIGHT = 0.5
# Distances are compared to nine places, so that the last bit of a sum cannot change who is nearest.
PLACES = 9
# A normal draw far out is made with a logarithm, whose last bit is the machine's: twelve places are the same everywhere.
NORMAL_PLACES = 12


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each treated pupil the nearest comparison rows of the same start week, nearest first.

    ``rows`` are positions in the risk sets, shape (treated, most that any has), padded by repeating the nearest;
    ``sizes`` says how many are true, shape (treated,).
    """

    rows: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, found: Sequence[np.ndarray]) -> Self:
        """Put the neighbours of each treated pupil, at least one and as many as were found, into one rectangle.

        Examples
        --------
        >>> Neighbours.of([np.array([4, 7]), np.array([5])]).rows.tolist()
        [[4, 7], [5, 5]]
        """
        sizes = np.array(list(map(len, found)))
        rows = np.empty((len(found), sizes.max()), dtype=np.int64)
        for row, each in zip(rows, found, strict=True):
            row[: len(each)], row[len(each) :] = each, each[0]
        return cls(rows, sizes)

    @cached_property
    def is_true(self) -> np.ndarray:
        """Which places hold a neighbour (boolean, without a unit, shape of ``rows``).

        Examples
        --------
        >>> Neighbours(np.array([[4, 7], [5, 5]]), np.array([2, 1])).is_true.tolist()  # the second has one neighbour
        [[True, True], [True, False]]
        """
        return np.arange(self.rows.shape[1]) < self.sizes[:, None]

    def draw(self, values: np.ndarray, picks: np.ndarray, shares: np.ndarray) -> np.ndarray:
        """Return the mean values, in their own units, of each placebo group: shape (draws, values) for values of (rows, values).

        ``shares`` says how much each place in a group counts, one on average (shape (treated,)).

        Examples
        --------
        >>> neighbours = Neighbours(np.array([[0, 2], [1, 1]]), np.array([2, 1]))
        >>> picks = np.array([[0.6, 0.9]])  # the second of two neighbours, and the only one there is: rows 2 and 1
        >>> neighbours.draw(np.array([[0.9], [0.8], [0.7]]), picks, np.ones(2)).round(2).tolist()
        [[0.75]]
        """
        place = (picks * self.sizes).astype(np.int64)
        place += np.arange(len(self.rows)) * self.rows.shape[1]
        # The pupils first, so that a group's values are added up one pupil after the other, many groups at a time.
        drawn = values.take(self.rows.take(place.T), axis=0)
        drawn *= shares[:, None, None]
        return drawn.mean(axis=0)

    def mean_of(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of a value, in its own unit, over each treated pupil's neighbours: shape (treated,).

        Examples
        --------
        >>> Neighbours(np.array([[0, 2], [1, 1]]), np.array([2, 1])).mean_of(np.array([0.9, 0.8, 0.7])).tolist()
        [0.8, 0.8]
        """
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
        """The standard error: half the 95 % range in units of the normal quantile.

        Examples
        --------
        >>> round(PlaceboRange(np.linspace(-0.1, 0.1, 201), np.array([0.05]), 1.0, 1.0).se, 4)  # 0.095 / 1.96
        0.0485
        """
        return (self.upper - self.lower) / (2 * REACH)

    @cached_property
    def lower(self) -> float:
        """The quantile of chance below which 2.5 % lie (negative).

        Examples
        --------
        >>> round(PlaceboRange(np.linspace(-0.1, 0.1, 201), np.array([0.05]), 1.0, 1.0).lower, 4)
        -0.095
        """
        return float(np.quantile(self.means, (1 - CONFIDENCE) / 2))

    @cached_property
    def upper(self) -> float:
        """The quantile of chance above which 2.5 % lie.

        Examples
        --------
        >>> round(PlaceboRange(np.linspace(-0.1, 0.1, 201), np.array([0.05]), 1.0, 1.0).upper, 4)
        0.095
        """
        return float(np.quantile(self.means, (1 + CONFIDENCE) / 2))

    @property
    def smallest_effect(self) -> float:
        """The smallest effect whose range would miss zero in 80 % of schools.

        Examples
        --------
        >>> round(PlaceboRange(np.linspace(-0.1, 0.1, 201), np.array([0.05]), 1.0, 1.0).smallest_effect, 3)  # 0.0485 x 2.80
        0.136
        """
        return self.se * (REACH + normal_quantile(POWER))


def find_neighbours(expectation: Expectation) -> Neighbours:
    """Find for each treated pupil the comparison pupils of the same start week nearest in expectation and recent dip.

    Returns
    -------
    Neighbours
        Between 10 and 40 each (the square root of the week's comparison pupils), or all where there are fewer; and
        with the last of them all who are as near. To stop among those would choose by the order of the rows, which
        holds outcomes.
    """
    sets = expectation.sets
    place = expectation.expected[:, 0], DIP_WEIGHT * sets.dip
    treated = np.flatnonzero(sets.is_treated)
    found: list[np.ndarray] = [np.zeros(0, dtype=np.int64)] * sets.pupils
    for week in sets.weeks:
        here = np.flatnonzero(sets.week[treated] == week)
        compared = np.flatnonzero((sets.week == week) & sets.may_stand_in)
        size = min(int(np.clip(np.sqrt(len(compared)), FEWEST_NEIGHBOURS, MOST_NEIGHBOURS)), len(compared))
        level, dip = (each[treated[here], None] - each[None, compared] for each in place)
        distance = np.round(np.sqrt(level * level + dip * dip), PLACES)
        for pupil, nearest in zip(here, nearest_first(distance, size), strict=True):
            found[pupil] = compared[nearest]
    return Neighbours.of(found)


def nearest_first(distance: np.ndarray, size: int) -> list[np.ndarray]:
    """Return for each row the columns of its smallest values, ascending: so many, and all level with the last of them.

    ``distance`` has the shape (rows, columns). That last value is sought, not its place: among equals a partial sort
    keeps others on another processor.

    Examples
    --------
    >>> [columns.tolist() for columns in nearest_first(np.array([[3.0, 1.0, 2.0, 2.0], [1.0, 2.0, 3.0, 4.0]]), 2)]
    [[1, 2, 3], [0, 1]]
    """
    last = np.partition(distance, size - 1, axis=1)[:, size - 1, None]
    row, column = np.nonzero(distance <= last)
    nearest = column[np.lexsort([distance[row, column], row])]
    return np.split(nearest, np.cumsum(np.bincount(row, minlength=len(distance)))[:-1])


def placebo_range(
    expectation: Expectation,
    neighbours: Neighbours,
    shares: np.ndarray,
    seed: int = SEED,
) -> PlaceboRange:
    """Draw placebo groups and stretch what they show to the range of chance.

    Parameters
    ----------
    expectation : Expectation
        Of the risk sets.
    neighbours : Neighbours
        Whom the groups are drawn from.
    shares : numpy.ndarray
        How much each of those treated counts in the mean whose range it is: one on average, shape (treated,).
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
    drawn = neighbours.draw(expectation.residual, random.random((DRAWS, treated)), shares)
    chance = np.round(random.standard_normal(DRAWS), NORMAL_PLACES) * expectation.model_error(shares)
    ratio = spread_ratio(expectation, neighbours, shares)
    stretch = t_quantile((1 + CONFIDENCE) / 2, PLACEBO_FREEDOM) / REACH
    centred = drawn - drawn.mean(axis=0)
    return PlaceboRange(
        stretch * (centred[:, 0] * ratio + chance), stretch * centred.std(axis=0), stretch, ratio
    )


def spread_ratio(expectation: Expectation, neighbours: Neighbours, shares: np.ndarray) -> float:
    """Return how much wider the treated's residuals spread than the placebo groups' do, at least 1, each times its share.

    The treated's own spread is of few pupils, so that of the placebo groups counts beside it as if it came from
    PLACEBO_FREEDOM pupils more, and it may widen the range but never narrows it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> alone = SimpleNamespace(sets=SimpleNamespace(pupils=1))  # one pupil does not spread
    >>> spread_ratio(alone, Neighbours(np.array([[1, 2]]), np.array([2])), np.ones(1))
    1.0
    """
    freedom = expectation.sets.pupils - 1
    if not freedom:
        return 1.0
    placebo = float(np.sqrt((variance_of_like(expectation, neighbours) * shares**2).mean()))
    if not placebo > 0:
        return 1.0
    own = np.square((expectation.gaps[:, 0] * shares).std(ddof=1) / placebo)
    return float(np.sqrt(max(1.0, (PLACEBO_FREEDOM + freedom * own) / (PLACEBO_FREEDOM + freedom))))


def variance_of_like(expectation: Expectation, neighbours: Neighbours) -> np.ndarray:
    """Return the variance of the residuals of each treated pupil's neighbours (fractions squared, shape (treated,)).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> residual = np.array([[0.1], [-0.1], [0.3]])
    >>> like = variance_of_like(SimpleNamespace(residual=residual), Neighbours(np.array([[0, 1], [2, 2]]), np.array([2, 1])))
    >>> like.round(4).tolist()  # of one neighbour nothing spreads
    [0.01, 0.0]
    """
    around = expectation.residual[neighbours.rows, 0]
    within = (around - neighbours.mean_of(expectation.residual[:, 0])[:, None]) ** 2
    return within.sum(axis=1, where=neighbours.is_true) / neighbours.sizes


def measure_likeness(expectation: Expectation, neighbours: Neighbours) -> Likeness:
    """Measure how like the treated their comparison pupils are."""
    sets = expectation.sets
    level = expectation.expected[:, 0]
    gaps = [
        float(np.abs(np.mean(value[sets.is_treated] - neighbours.mean_of(value))))
        for value in (level, sets.recent_rate)
    ]
    return Likeness(sets.pupils, sets.comparison_pupils, close_share(expectation), max(gaps))


def close_share(expectation: Expectation) -> float:
    """Return the share of treated pupils with ten comparison pupils of their week within 5 points of expectation.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> is_treated = np.arange(11) == 0
    >>> sets = SimpleNamespace(weeks=[3], week=np.full(11, 3), is_treated=is_treated, may_stand_in=~is_treated)
    >>> levels = [np.array([0.90, *[0.86] * 9, last])[:, None] for last in (0.86, 0.84)]  # the tenth within 5 points, or not
    >>> [close_share(SimpleNamespace(sets=sets, expected=level)) for level in levels]
    [1.0, 0.0]
    """
    sets, level = expectation.sets, expectation.expected[:, 0]
    found = []
    for week in sets.weeks:
        here = sets.week == week
        compared = np.sort(level[here & sets.may_stand_in])
        mine = level[here & sets.is_treated]
        close = np.searchsorted(compared, mine + CLOSE, "right") - np.searchsorted(
            compared, mine - CLOSE, "left"
        )
        found.append(close >= FEWEST_NEIGHBOURS)
    return float(np.concatenate(found).mean())
