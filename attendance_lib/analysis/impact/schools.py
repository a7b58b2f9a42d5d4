"""The same intervention in several schools: what each school's evaluation gives to a pool, and what the pool says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import chance_of_normal, normal_quantile, t_quantile
from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.expectation import POWER, REACH
from attendance_lib.analysis.impact.pools import CONFIDENCE, Pool, pool_estimates, with_false_discovery
from attendance_lib.analysis.impact.verdicts import SELF_TEST_OFF, Judgement, Verdict, judge_range, lack
from attendance_lib.analysis.impact.workings import weighted_line

# What one school gives

EFFECT_COLUMNS = ["intervention", "pupils", "estimate", "low", "high", "variance", "not_pooled"]


def effects_of(evaluations: Iterable[Evaluation]) -> pd.DataFrame:
    """Return what a school's evaluations give to a pool.

    Each pupil counts by how surely its attendance could be foretold (``workings.weighted_line``): with that line ten schools of
    15 pupils see an effect of two points in three trusts of four, with the headline's in six of ten (docs/impact_calibration.md).

    Parameters
    ----------
    evaluations : iterable of Evaluation
        One of each intervention.

    Returns
    -------
    pandas.DataFrame
        EFFECT_COLUMNS, one row per intervention on whom anybody was evaluated: ``pupils`` (count), ``estimate``, ``low``, ``high``
        (differences of fractions), ``variance`` (fractions squared) and ``not_pooled``, why it is in no pool (empty where it is),
        which leaves the figures missing.
    """
    rows = [effect_of(each) for each in evaluations if each.measured.likeness.pupils]
    return pd.DataFrame(rows, columns=EFFECT_COLUMNS)


def effect_of(evaluation: Evaluation) -> tuple:
    """Return EFFECT_COLUMNS of one intervention (fractions), without figures where it may be in no pool."""
    likeness = evaluation.measured.likeness
    place = evaluation.measured.intervention, likeness.pupils
    lacking = lack(likeness) or (SELF_TEST_OFF if evaluation.self_test.is_far_off else "")
    if lacking:
        return (*place, *[float("nan")] * 4, lacking)
    line = weighted_line(evaluation)
    return (*place, line.estimate, line.low, line.high, line.variance, "")


# What several schools say together

# Of two schools Hartung and Knapp's range is 13 errors to either side, and says nothing.
FEWEST_SCHOOLS = 3
FEW_SCHOOLS = "too few schools"
# Of fewer schools it cannot be said how much they differ.
FEWEST_TO_FORETELL = 5


@dataclass(frozen=True)
class Pooled:
    """What several schools say together of one intervention (differences of fractions).

    ``schools`` and ``pupils`` are those pooled. ``between_sd`` is the standard deviation of true effects from school to school,
    ``next_low`` and ``next_high`` where the true effect in a further school would lie, about 9 times in 10; figures are missing
    where there are too few schools for them.
    """

    schools: int
    pupils: int
    estimate: float
    low: float
    high: float
    between_sd: float
    next_low: float
    next_high: float
    smallest_effect: float
    p_value: float
    judgement: Judgement


def pool_schools(effects: pd.DataFrame) -> Pooled:
    """Pool one intervention over schools: each school one estimate, whose pupils come and go together.

    Parameters
    ----------
    effects : pandas.DataFrame
        One row per school: ``pupils`` (count), ``estimate`` (difference of fractions) and ``variance`` (fractions squared). Rows
        without these are left out.

    Returns
    -------
    Pooled
        By ``pools.pool_estimates`` with the error that schools share; the verdict is by the rule of a single school
        (``verdicts.judge_range``).

    Examples
    --------
    >>> effects = pd.DataFrame({"pupils": 15, "estimate": [0.02, 0.03, 0.04], "variance": 0.0004})
    >>> round(pool_schools(effects).estimate, 3), pool_schools(effects.head(2)).judgement.reason
    (0.03, 'too few schools')
    """
    taken = effects.dropna(subset=["pupils", "estimate", "variance"])
    schools, pupils = len(taken), int(taken["pupils"].sum())
    if schools < FEWEST_SCHOOLS:
        return Pooled(schools, pupils, *[float("nan")] * 8, Judgement(Verdict.TOO_FEW, FEW_SCHOOLS))
    pool = with_shared_error(pool_estimates(taken["estimate"], np.sqrt(taken["variance"].astype(float))))
    error = (pool.high - pool.low) / (2 * REACH)
    least = error * (REACH + normal_quantile(POWER))
    return Pooled(
        schools=schools,
        pupils=pupils,
        estimate=pool.estimate,
        low=pool.low,
        high=pool.high,
        between_sd=sqrt(pool.between_variance),
        **dict(zip(("next_low", "next_high"), next_school(pool), strict=True)),
        smallest_effect=least,
        p_value=chance_of_normal(pool.estimate / error),
        judgement=judge_range(pool.low, pool.high, least),
    )


# What a school's line says less than is true, on average over invented schools: 0.1 to 0.2 points, of whatever world.
SHARED_ERROR = 0.0015


def with_shared_error(pool: Pool) -> Pool:
    """Return a pool whose error and range (fractions) also hold what all schools are off by, which no number of them takes away.

    Of thirty schools the range would otherwise be so narrow that it held the truth in 90 to 93 trusts of a hundred, and not in
    95 (docs/impact_calibration.md).

    Examples
    --------
    >>> wider = with_shared_error(Pool(30, 0.0, 0.002, -0.00392, 0.00392, 0.0, heterogeneity=29.0, i_squared=0.0))
    >>> round(wider.se, 4), round(wider.high, 4)  # the root of 0.002 squared and 0.0015 squared, and 1.96 of these
    (0.0025, 0.0049)
    """
    reach = sqrt(((pool.high - pool.low) / 2) ** 2 + (REACH * SHARED_ERROR) ** 2)
    error = sqrt(pool.se**2 + SHARED_ERROR**2)
    return replace(pool, se=error, low=pool.estimate - reach, high=pool.estimate + reach)


def next_school(pool: Pool) -> tuple[float, float]:
    """Return where the true effect in a further school would lie (fractions); missing of too few schools.

    Notes
    -----
    Meant for 19 times in 20; with ten schools or fewer it is about 9 in 10 where they truly differ (docs/impact_calibration.md).
    Higgins, Thompson and Spiegelhalter, Journal of the Royal Statistical Society A 172 (2009) 137-159, section 4.

    Examples
    --------
    >>> pool = Pool(5, 0.02, 0.01, 0.0, 0.04, between_variance=0.0003, heterogeneity=8.0, i_squared=0.5)
    >>> [round(end, 4) for end in next_school(pool)]  # 3.1824 times the root of 0.0003 + 0.0001
    [-0.0436, 0.0836]
    """
    if pool.groups < FEWEST_TO_FORETELL:
        return float("nan"), float("nan")
    reach = t_quantile((1 + CONFIDENCE) / 2, pool.groups - 2) * sqrt(pool.between_variance + pool.se**2)
    return pool.estimate - reach, pool.estimate + reach


POOLED_COLUMNS = [
    "intervention", "schools", "pupils", "estimate", "low", "high", "between_sd", "next_low", "next_high", "smallest_effect",
    "p_value", "verdict", "reason", "q_value", "stands_among_many",
]  # fmt: skip


def pool_each(effects: pd.DataFrame) -> pd.DataFrame:
    """Pool every intervention that several schools have.

    Parameters
    ----------
    effects : pandas.DataFrame
        One row per school and intervention: ``intervention`` (its name, the same in each school), and the columns of
        ``pool_schools``.

    Returns
    -------
    pandas.DataFrame
        POOLED_COLUMNS, one row per intervention of two schools or more, by name (counts, differences of fractions). False
        discoveries are reckoned over its rows.

    Examples
    --------
    >>> names = ["Mentor"] * 3 + ["Club"]  # one school alone is no pool
    >>> effects = pd.DataFrame({"intervention": names, "pupils": 15, "estimate": 0.03, "variance": 0.0004})
    >>> pool_each(effects)[["intervention", "schools", "pupils"]].values.tolist()
    [['Mentor', 3, 45]]
    """
    rows = []
    for name, part in effects.groupby("intervention", sort=True):
        if len(part) > 1:
            found = pool_schools(part)
            told = {"verdict": str(found.judgement.verdict), "reason": found.judgement.reason}
            rows.append({"intervention": name} | vars(found) | told)
    return with_false_discovery(pd.DataFrame(rows, columns=POOLED_COLUMNS[:-2]))
