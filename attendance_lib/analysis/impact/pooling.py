"""Many small estimates put together: a random-effects pool by type, and false discoveries kept in check."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from attendance_lib.analysis.distributions import normal_quantile, t_quantile

CONFIDENCE = 0.95
FALSE_DISCOVERY_RATE = 0.05


@dataclass(frozen=True)
class Pool:
    """A random-effects pool of estimates (fractions).

    ``between_variance`` is how much true effects differ from group to group (tau squared), ``heterogeneity`` is
    Cochran's Q and ``i_squared`` the share of the spread that is more than chance.
    """

    groups: int
    estimate: float
    se: float
    low: float
    high: float
    between_variance: float
    heterogeneity: float
    i_squared: float


def pool_estimates(estimates: Iterable[float], errors: Iterable[float]) -> Pool:
    """Pool estimates by DerSimonian and Laird's random effects, with Hartung and Knapp's range.

    Parameters
    ----------
    estimates, errors : iterable of float
        Estimates and their standard errors, in one unit; missing ones are left out.

    Returns
    -------
    Pool
        ``se`` is DerSimonian and Laird's; the range is Hartung and Knapp's (t quantile), and never narrower
        than DerSimonian and Laird's. Of one group the group itself; of none, missing.

    Notes
    -----
    DerSimonian and Laird, Controlled Clinical Trials 7 (1986) 177-188; Hartung and Knapp, Statistics in Medicine
    20 (2001) 3875-3889, with the guard of Jackson et al. (2017) against ranges that are too narrow.

    Examples
    --------
    >>> pool = pool_estimates([0.01, 0.03], [0.02, 0.02])
    >>> round(pool.estimate, 4), round(pool.se, 4), pool.between_variance
    (0.02, 0.0141, 0.0)
    """
    effects, se = known_pairs(estimates, errors)
    if not len(effects):
        return Pool(0, *[float("nan")] * 7)
    weight = 1 / se**2
    spread = float((weight * (effects - np.average(effects, weights=weight)) ** 2).sum())
    between = between_variance(weight, spread)
    weight = 1 / (se**2 + between)
    estimate, error = float(np.average(effects, weights=weight)), float(1 / np.sqrt(weight.sum()))
    reach = reach_of(effects - estimate, weight, error)
    freedom = len(effects) - 1
    # Of one group nothing but rounding is left as spread, and the share of that would be all or nothing.
    share = max(0.0, (spread - freedom) / spread) if freedom and spread > 0 else 0.0
    return Pool(len(effects), estimate, error, estimate - reach, estimate + reach, between, spread, share)


def known_pairs(estimates: Iterable[float], errors: Iterable[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the estimates and errors (both fractions) that are there and above zero error (shape (groups,)).

    Examples
    --------
    >>> [part.tolist() for part in known_pairs([0.1, 0.2, float("nan")], [0.01, 0.0, 0.02])]
    [[0.1], [0.01]]
    """
    effects, se = np.array(list(estimates), dtype=float), np.array(list(errors), dtype=float)
    known = np.isfinite(effects) & np.isfinite(se) & (se > 0)
    return effects[known], se[known]


def between_variance(weight: np.ndarray, spread: float) -> float:
    """Return DerSimonian and Laird's tau squared from fixed-effect weights (shape (groups,)) and Cochran's Q; at least 0.

    Examples
    --------
    >>> [float(between_variance(np.ones(2), spread)) for spread in (3.0, 0.5)]
    [2.0, 0.0]
    """
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, (spread - (len(weight) - 1)) / scale) if scale > 0 else 0.0


def reach_of(deviations: np.ndarray, weight: np.ndarray, error: float) -> float:
    """Return half the 95 % range: Hartung and Knapp's with a t quantile, at least DerSimonian and Laird's.

    ``deviations`` from the pooled estimate, in its unit, and ``weight`` have the shape (groups,).
    """
    plain = error * normal_quantile((1 + CONFIDENCE) / 2)
    freedom = len(deviations) - 1
    if freedom < 1:
        return plain
    knapp = float(np.sqrt((weight * deviations**2).sum() / freedom / weight.sum()))
    return max(plain, knapp * t_quantile((1 + CONFIDENCE) / 2, freedom))


def q_values(p_values: np.ndarray) -> np.ndarray:
    """Return the false discovery rate (a fraction) at which each of several findings would just be made (shape (findings,)).

    Benjamini and Yekutieli's (2001), which holds however the findings hang together: the same pupils are compared
    with several schemes. Missing values stay missing and do not count.

    Examples
    --------
    >>> q_values(np.array([0.01, 0.04, 0.5])).round(4).tolist()
    [0.055, 0.11, 0.9167]
    """
    found = np.full(len(p_values), np.nan)
    known = np.isfinite(p_values)
    if known.any():
        found[known] = stats.false_discovery_control(p_values[known], method="by")
    return found


def with_false_discovery(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``q_value`` and ``stands_among_many`` (q at most 5 %) to a table of impacts (rows) with ``p_value``."""
    q = q_values(table["p_value"].to_numpy(dtype=float))
    return table.assign(q_value=q, stands_among_many=q <= FALSE_DISCOVERY_RATE)
