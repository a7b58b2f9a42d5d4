"""Pools of rounds: what many small estimates say together, with a verdict that has the reasons of a single one."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import chance_of_normal, normal_quantile
from attendance_lib.analysis.impact.placebo import POWER, REACH
from attendance_lib.analysis.impact.pooling import Pool, pool_estimates, with_false_discovery
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
