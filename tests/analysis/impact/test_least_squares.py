"""The pieces that have textbook answers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.least_squares import fit_weighted

REFERENCE = Path(__file__).parents[4] / "shared" / "data" / "evaluation"
needs_reference = pytest.mark.skipif(
    not REFERENCE.exists(), reason="the reference data are not on this machine"
)


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
    # Here, since it imports much of SciPy, which no worker needs that only collects this test.
    import statsmodels.api as sm

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
