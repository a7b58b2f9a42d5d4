"""The pieces that have textbook answers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from attendance_lib.analysis.impact.least_squares import fit_weighted
from attendance_lib.analysis.impact.pools import pool_estimates, q_values
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.impact.whole_school import ONE_SCHOOL, evaluate_whole_school

REFERENCE = Path(__file__).parents[4] / "shared" / "data" / "evaluation"
needs_reference = pytest.mark.skipif(
    not REFERENCE.exists(), reason="the reference data are not on this machine"
)

# Colditz et al. (1994), 13 trials of BCG vaccine: cases and non-cases, vaccinated and not (metafor's dat.bcg).
BCG = np.array([
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
    (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
])  # fmt: skip


def test_the_pool_gives_the_published_answer_for_the_bcg_trials():
    a, b, c, d = BCG.T
    risk = np.log(a / (a + b)) - np.log(c / (c + d))
    error = np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    pool = pool_estimates(risk, error)
    # Viechtbauer, Journal of Statistical Software 36(3) (2010): Q(12) = 152.23; DerSimonian and Laird's tau squared 0.309.
    assert pool.heterogeneity == pytest.approx(152.233, abs=0.01)
    assert (pool.between_variance, pool.estimate, pool.se) == pytest.approx(
        (0.3088, -0.7141, 0.1787), abs=0.0002
    )
    # Hartung and Knapp's range, as statsmodels 0.15's combine_effects(method_re="dl", use_t=True) gives it.
    assert (pool.low, pool.high, pool.i_squared) == pytest.approx((-1.10782, -0.32041, 0.92117), abs=0.00001)


def test_weighted_clustered_errors_are_those_of_the_sandwich_added_up_by_hand():
    random = np.random.default_rng(5)
    columns = np.column_stack([np.ones(60), random.random((60, 2))])
    outcome, weights, cluster = random.random((60, 1)), random.random(60) + 0.5, np.arange(60) // 4
    fit = fit_weighted(columns, outcome, weights, cluster)
    root = np.sqrt(weights)[:, None]
    expected = np.linalg.lstsq(columns * root, outcome * root, rcond=None)[0]
    bread = np.linalg.inv((columns * root).T @ (columns * root))
    meat = np.zeros((3, 3))
    for group in range(15):
        score = sum(
            weights[i] * columns[i] * float(outcome[i, 0] - columns[i] @ expected[:, 0])
            for i in range(60)
            if cluster[i] == group
        )
        meat += np.outer(score, score)
    assert fit.coefficients == pytest.approx(expected)
    assert fit.covariance == pytest.approx(15 / 14 * 59 / 57 * bread @ meat @ bread)


@pytest.mark.parametrize("seed", range(4))
def test_weighted_clustered_errors_are_those_of_statsmodels(seed):
    random = np.random.default_rng(seed)
    rows, groups = 300, 40
    cluster = random.integers(0, groups, rows)
    columns = np.column_stack([np.ones(rows), random.standard_normal((rows, 3))])
    # Errors that hang together within a cluster, and differ in spread with the weight.
    weights = random.random(rows) + 0.2
    errors = random.standard_normal(groups)[cluster] + random.standard_normal(rows) / weights
    outcome = columns @ np.array([1.0, 0.5, 0.0, -2.0]) + errors
    theirs = sm.WLS(outcome, columns, weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": True}
    )
    ours = fit_weighted(columns, outcome[:, None], weights, cluster)
    assert ours.coefficients[:, 0] == pytest.approx(theirs.params, rel=1e-9)
    assert ours.covariance == pytest.approx(theirs.cov_params(), rel=1e-9)
    mean = columns[:50].mean(axis=0)
    assert ours.mean_variance(columns[:50], np.ones(50)) == pytest.approx(
        float(theirs.t_test(mean).sd[0, 0]) ** 2, rel=1e-9
    )


@needs_reference
def test_covariance_adjustment_gives_the_published_answer_for_anorexia():
    rows = pd.read_csv(REFERENCE / "anorexia.csv")
    columns = np.column_stack(
        [np.ones(len(rows)), rows["Treat"] == "Cont", rows["Treat"] == "FT", rows["Prewt"]]
    ).astype(float)
    fit = fit_weighted(columns, rows[["Postwt"]].to_numpy(), np.ones(len(rows)), np.arange(len(rows)))
    assert fit.coefficients[1:, 0] == pytest.approx([-4.097, 4.563, 0.434], abs=0.001)


@needs_reference
def test_the_contrast_of_the_experiment_is_that_of_dehejia_and_wahba():
    rows = pd.read_csv(REFERENCE / "nsw_mixtape.csv")
    columns = np.column_stack([np.ones(len(rows)), rows["treat"]])
    fit = fit_weighted(columns, rows[["re78"]].to_numpy(), np.ones(len(rows)), np.arange(len(rows)))
    assert fit.coefficients[1, 0] == pytest.approx(1794.34, abs=0.01)


def test_false_discoveries_are_reckoned_over_those_known():
    # 0.01 of two known: 0.01 x 2 x (1 + 1/2) = 0.03.
    assert q_values(np.array([0.01, np.nan, 0.9]))[:2] == pytest.approx([0.03, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("step", "verdict"), [(0.0, Verdict.NO_CLEAR_EFFECT), (0.05, Verdict.HELPED), (-0.05, Verdict.WORSE)]
)
def test_a_whole_school_change_is_told_from_the_same_change_at_other_dates(step, verdict):
    weeks = pd.date_range("2024-09-02", periods=80, freq="7D")
    gap = 0.004 * np.random.default_rng(4).standard_normal(80) + step * (np.arange(80) >= 60)
    found = evaluate_whole_school(pd.DataFrame({"week_beginning": weeks, "gap": gap}), weeks[60])
    assert found.judgement.verdict is verdict
    assert found.low <= step <= found.high


def test_fewer_than_two_school_years_of_weeks_give_no_verdict():
    weeks = pd.date_range("2024-09-02", periods=75, freq="7D")
    found = evaluate_whole_school(
        pd.DataFrame({"week_beginning": weeks, "gap": np.arange(75) * 0.1}), weeks[50]
    )
    assert (found.judgement.verdict, found.judgement.reason) == (Verdict.TOO_FEW, ONE_SCHOOL)


def test_a_whole_school_change_is_seldom_seen_where_there_was_none():
    # Weekly gaps that hang together (0.5 from week to week, spread 0.6 points): two school years and a half.
    random = np.random.default_rng(8)
    weeks = pd.date_range("2024-09-02", periods=95, freq="7D")
    found = []
    for _ in range(150):
        shocks = 0.005 * random.standard_normal(95)
        gap = np.zeros(95)
        for week in range(1, 95):
            gap[week] = 0.5 * gap[week - 1] + shocks[week]
        found.append(evaluate_whole_school(pd.DataFrame({"week_beginning": weeks, "gap": gap}), weeks[70]))
    said = [each.judgement.verdict for each in found]
    # At most 5 in 100 of either kind are meant: 150 x 0.05 = 7.5, and 12 in one case of 20 by chance.
    assert said.count(Verdict.HELPED) + said.count(Verdict.WORSE) <= 12
    assert np.mean([each.low <= 0 <= each.high for each in found]) >= 0.92
