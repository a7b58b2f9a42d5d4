"""Many small estimates put together: a random-effects pool by type, and false discoveries kept in check."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from scipy import stats

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
    """Return a pool with its range (fractions); of one round (row) that round's own, so that no two tables differ on it."""
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
