"""Many small estimates put together: a random-effects pool by type, and false discoveries kept in check."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import chance_of_normal, normal_quantile, t_quantile
from attendance_lib.analysis.impact.expectation import POWER, REACH
from attendance_lib.analysis.impact.verdicts import (
    FEW_PUPILS,
    FEWEST_PUPILS,
    NOBODY_LEFT,
    SELF_TEST_OFF,
    Judgement,
    Verdict,
    cautious,
    judge_range,
)

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
    """Pool estimates by random effects, with Paule and Mandel's spread between groups and Hartung and Knapp's range.

    Parameters
    ----------
    estimates, errors : iterable of float
        Estimates and their standard errors, in one unit; missing ones are left out. Their order does not matter.

    Returns
    -------
    Pool
        See ``pool_given``. Of one group the group itself; of none, missing.

    Notes
    -----
    Paule and Mandel, Journal of Research of the National Bureau of Standards 87 (1982) 377-385; Hartung and Knapp,
    Statistics in Medicine 20 (2001) 3875-3889.

    Examples
    --------
    >>> pool = pool_estimates([0.01, 0.03], [0.02, 0.02])
    >>> round(pool.estimate, 4), round(pool.se, 4), pool.between_variance
    (0.02, 0.0141, 0.0)
    """
    effects, se = known_pairs(estimates, errors)
    if not len(effects):
        return Pool(0, *[float("nan")] * 7)
    return pool_given(effects, se, between_variance(effects, se))


def pool_given(effects: np.ndarray, se: np.ndarray, between: float) -> Pool:
    """Pool estimates whose true effects differ by so much from group to group (a variance, in the unit of the others squared).

    Parameters
    ----------
    effects, se : numpy.ndarray
        Estimates and their standard errors, in one unit (shape (groups,), at least one).
    between : float
        The variance between groups.

    Returns
    -------
    Pool
        ``se`` is one over the root of the weights' sum; the range is Hartung and Knapp's (``reach_of``).

    Examples
    --------
    >>> alike = pool_given(np.array([0.01, 0.03]), np.array([0.01, 0.01]), 0.0)
    >>> round(alike.estimate, 4), round(alike.se, 4)  # the mean, with a standard error of 0.01 / sqrt(2)
    (0.02, 0.0071)
    """
    weight = 1 / (se**2 + between)
    estimate, error = weighted_mean(effects, weight), 1 / sqrt(fsum(weight))
    reach = reach_of(effects - estimate, weight, error)
    spread, freedom = spread_about(effects, 1 / se**2), len(effects) - 1
    # Of one group nothing but rounding is left as spread, and the share of that would be all or nothing.
    share = max(0.0, (spread - freedom) / spread) if freedom and spread > 0 else 0.0
    return Pool(len(effects), estimate, error, estimate - reach, estimate + reach, between, spread, share)


def weighted_mean(values: np.ndarray, weight: np.ndarray) -> float:
    """Return the weighted mean of values, in their unit, whose last bit does not depend on their order (shape (groups,)).

    Examples
    --------
    >>> weighted_mean(np.array([1.0, 4.0]), np.array([2.0, 1.0]))
    2.0
    """
    return fsum(weight * values) / fsum(weight)


def spread_about(effects: np.ndarray, weight: np.ndarray) -> float:
    """Return the weighted sum of squares about the weighted mean (shape (groups,)): Cochran's Q with fixed-effect weights.

    Examples
    --------
    >>> spread_about(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    2.0
    """
    return fsum(weight * (effects - weighted_mean(effects, weight)) ** 2)


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


def between_variance(effects: np.ndarray, se: np.ndarray) -> float:
    """Return Paule and Mandel's variance between groups: with it the weighted sum of squares is what chance gives; at least 0.

    Parameters
    ----------
    effects, se : numpy.ndarray
        Estimates and their standard errors, in one unit (shape (groups,), at least one).

    Notes
    -----
    Found by Newton's steps from below, which never pass it: DerSimonian and Kacker, Contemporary Clinical Trials 28
    (2007) 105-114, section 2.

    Examples
    --------
    >>> [round(between_variance(np.array([0.0, high]), np.ones(2)), 9) for high in (1.0, 6**0.5)]
    [0.0, 2.0]
    """
    freedom, between = len(effects) - 1, 0.0
    for _ in range(MOST_STEPS):
        weight = 1 / (se**2 + between)
        too_wide = spread_about(effects, weight) - freedom
        step = (
            too_wide / fsum((weight * (effects - weighted_mean(effects, weight))) ** 2)
            if too_wide > 0
            else 0.0
        )
        between += step
        if step <= between * SMALLEST_STEP:
            break
    return between


MOST_STEPS, SMALLEST_STEP = 100, 1e-12


def reach_of(deviations: np.ndarray, weight: np.ndarray, error: float) -> float:
    """Return half the 95 % range: Hartung and Knapp's with a t quantile, never narrower than the normal one of the same weights.

    ``deviations`` from the pooled estimate, in its unit, and ``weight`` have the shape (groups,). By chance estimates lie
    closer together than their own errors allow, and Hartung and Knapp's range alone would then be too narrow: Jackson, Law,
    Ruecker and Schwarzer, Statistics in Medicine 36 (2017) 3923-3934.

    Examples
    --------
    >>> round(reach_of(np.array([0.0]), np.array([4.0]), error=0.5), 2)  # of one round, 1.96 standard errors
    0.98
    """
    plain = error * normal_quantile((1 + CONFIDENCE) / 2)
    freedom = len(deviations) - 1
    if freedom < 1:
        return plain
    knapp = sqrt(fsum(weight * deviations**2) / freedom / fsum(weight))
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
    found[known] = adjusted(p_values[known])
    return found


def adjusted(p_values: np.ndarray) -> np.ndarray:
    """Return the rate of false discoveries for each of the findings that have a p-value (see ``q_values``).

    The p-value of rank i of m becomes p m/i times the sum of 1/j up to m, at most that of the next rank, and at most 1.
    scipy.stats has the same, but is longer to import than all else that a paper needs of scipy.

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.04])).round(3).tolist()  # 0.01 x 2 x 1.5 and 0.04 x 1 x 1.5
    [0.03, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    ranks = np.arange(1.0, len(p_values) + 1)
    raised = p_values[order] * (len(p_values) / ranks) * (1 / ranks).sum()
    rates = np.empty(len(p_values))
    rates[order] = np.minimum.accumulate(raised[::-1])[::-1]
    return rates.clip(0, 1)


def with_false_discovery(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``q_value`` and ``stands_among_many`` (q at most 5 %) to a table of impacts (rows) with ``p_value``.

    Examples
    --------
    >>> table = with_false_discovery(pd.DataFrame({"p_value": [0.001, 0.04]}))  # q of two: p x 2 / rank x (1 + 1 / 2)
    >>> table["q_value"].round(3).tolist(), table["stands_among_many"].tolist()
    ([0.003, 0.06], [True, False])
    """
    q = q_values(table["p_value"].to_numpy(dtype=float))
    return table.assign(q_value=q, stands_among_many=q <= FALSE_DISCOVERY_RATE)


# Pools of rounds: what many small estimates say together, with a verdict that has the reasons of a single one

NOT_COMPARABLE = "no round had enough similar pupils"
POOL_COLUMNS = [
    "verdict",
    "reason",
    "rounds",
    "pupils",
    "estimate",
    "low",
    "high",
    "cautious_estimate",
    "smallest_effect",
    "between_sd",
    "i_squared",
    "possible_sessions",
    "rounds_left_out",
    "pupils_left_out",
    "p_value",
]


def pool_rounds(rounds: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Pool rounds within each value of some columns by random effects.

    Parameters
    ----------
    rounds : pandas.DataFrame
        ``Rounds.by_kind``.
    by : sequence of str
        Columns of ``rounds``, such as ``["intervention"]`` or ``["kind"]``.

    Returns
    -------
    pandas.DataFrame
        One row per value, ascending: the columns, POOL_COLUMNS, ``q_value`` and ``stands_among_many`` (false
        discovery rate at most 5 % over the rows). Effects are fractions of possible sessions; ``pupils`` are
        different pupils; rounds without enough similar pupils are left out and counted.

    Examples
    --------
    >>> rounds = {"kind": "Tier 2", "estimate": [0.02, 0.03, 0.9], "se": 0.01, "low": 0.0, "high": 0.04, "possible_sessions": 100}
    >>> rounds = pd.DataFrame(rounds).assign(not_comparable=["", "", "too few similar pupils"], pupil_ids=[("1",), ("1",), ("2",)])
    >>> pool_rounds(rounds, ["kind"])[["kind", "rounds", "rounds_left_out", "pupils", "reason"]].values.tolist()
    [['Tier 2', 2, 1, 1, 'too few pupils']]
    """
    rows = [(*key, *pool_of(part)) for key, part in rounds.groupby(list(by), sort=True)]
    return with_false_discovery(pd.DataFrame(rows, columns=[*by, *POOL_COLUMNS]))


def pool_of(rounds: pd.DataFrame) -> tuple:
    """Return POOL_COLUMNS of some rounds (one row each): counts, differences of fractions and what may be said."""
    taken = rounds[rounds["not_comparable"] == ""]
    pool = with_own_range(pool_estimates(taken["estimate"], taken["se"]), taken)
    pupils = len(pupils_in(taken))
    error = (pool[1][1] - pool[1][0]) / (2 * REACH)
    least = error * (REACH + normal_quantile(POWER))
    judgement = judge_pool(pool[1], least, (pupils, len(rounds)))
    if judgement.reason == NOT_COMPARABLE and (rounds["not_comparable"] == SELF_TEST_OFF).all():
        judgement = Judgement(Verdict.TOO_FEW, SELF_TEST_OFF)
    estimate = pool[0].estimate
    return (
        str(judgement.verdict),
        judgement.reason,
        len(taken),
        pupils,
        estimate,
        *pool[1],
        cautious(estimate, error),
        least,
        sqrt(pool[0].between_variance),
        pool[0].i_squared,
        int(taken["possible_sessions"].sum()),
        len(rounds) - len(taken),
        len(pupils_in(rounds) - pupils_in(taken)),
        chance_of_normal(estimate / error) if error > 0 else np.nan,
    )


def with_own_range(pool: Pool, rounds: pd.DataFrame) -> tuple[Pool, tuple[float, float]]:
    """Return a pool with its range (fractions); of one round (row) that round's own, so that no two tables differ on it.

    Examples
    --------
    >>> pool = Pool(1, 0.02, 0.01, 0.0, 0.04, 0.0, 0.0, 0.0)
    >>> with_own_range(pool, pd.DataFrame({"low": [0.005], "high": [0.035]}))[1]
    (0.005, 0.035)
    """
    if len(rounds) == 1:
        return pool, (float(rounds["low"].iloc[0]), float(rounds["high"].iloc[0]))
    return pool, (pool.low, pool.high)


def pupils_in(rounds: pd.DataFrame) -> set[str]:
    """Return the different pupils in some rounds (one row each, ``pupil_ids`` a collection of identifiers).

    Examples
    --------
    >>> sorted(pupils_in(pd.DataFrame({"pupil_ids": [("1", "2"), ("2",)]})))
    ['1', '2']
    """
    return {pupil for ids in rounds["pupil_ids"] for pupil in ids}


def judge_pool(span: tuple[float, float], smallest_effect: float, sizes: tuple[int, int]) -> Judgement:
    """Say what may be said of a pool.

    Parameters
    ----------
    span : (float, float)
        The 95 % range (fractions).
    smallest_effect : float
        The smallest effect that would have been seen (80 % power).
    sizes : (int, int)
        Pupils pooled, and rounds there were, pooled or not.

    Examples
    --------
    >>> judge_pool((0.01, 0.05), 0.03, (30, 3)).verdict.value, judge_pool((0.01, 0.05), 0.03, (7, 3)).reason
    ('likely helped', 'too few pupils')
    >>> judge_pool((-0.04, 0.08), 0.09, (30, 3)).reason, judge_pool((-0.01, 0.03), 0.03, (30, 3)).verdict.value
    ('range too wide', 'no clear effect')
    """
    (low, high), (pupils, rounds) = span, sizes
    if pupils < FEWEST_PUPILS:
        lacking = NOBODY_LEFT if not rounds else NOT_COMPARABLE if not pupils else FEW_PUPILS
        return Judgement(Verdict.TOO_FEW, lacking)
    return judge_range(low, high, smallest_effect)


def difference_between(first: Mapping[str, float], second: Mapping[str, float]) -> tuple[float, float, float]:
    """Return the difference of two pools' estimates with its 95 % range (fractions), as if they were independent.

    Examples
    --------
    >>> low = {"estimate": 0.01, "low": -0.02, "high": 0.04}
    >>> high = {"estimate": 0.03, "low": -0.01, "high": 0.07}
    >>> [round(figure, 3) for figure in difference_between(high, low)]
    [0.02, -0.03, 0.07]
    """
    halves = [(pool["high"] - pool["low"]) / 2 for pool in (first, second)]
    half = float(np.sqrt(np.square(halves).sum()))
    change = first["estimate"] - second["estimate"]
    return change, change - half, change + half
