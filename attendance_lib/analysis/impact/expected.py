"""Expected attendance: what pupils with the same history went on to do, over the same weeks, without the intervention."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from attendance_lib.analysis.impact.exact_products import product_over_columns
from attendance_lib.analysis.impact.history import standardised, useful
from attendance_lib.analysis.impact.least_squares import Fit, coefficients, fit_weighted
from attendance_lib.analysis.impact.risk_sets import RiskSets

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
        """Actual minus expected outcomes (differences of fractions) of those treated: shape (treated, outcomes)."""
        return self.residual[self.sets.is_treated]

    @cached_property
    def alike(self) -> np.ndarray:
        """How much each of those treated counts where all count alike: ones, shape (treated,)."""
        return np.ones(self.sets.pupils)

    def effects(self, shares: np.ndarray) -> np.ndarray:
        """Return the mean difference of each outcome (fractions, shape (outcomes,)); ``shares`` as ``alike``, one on average."""
        return (self.gaps * shares[:, None]).mean(axis=0)

    def model_error(self, shares: np.ndarray) -> float:
        """Return the standard error of the treated's mean expected attendance (a fraction) that the fit's uncertainty makes.

        ``shares`` says how much each of those treated counts in the mean (as ``alike``).
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
    """
    place = np.searchsorted(sets.weeks, sets.week)
    treated = np.bincount(place, weights=sets.is_treated, minlength=len(sets.weeks))
    compared = np.bincount(place, weights=~sets.is_treated, minlength=len(sets.weeks))
    return (treated / np.maximum(compared, 1))[place]
