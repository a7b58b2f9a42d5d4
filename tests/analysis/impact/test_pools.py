"""Many small estimates put together, and false discoveries kept in check."""

import numpy as np
import pytest
from scipy import stats

from attendance_lib.analysis.impact.pools import (
    NOT_COMPARABLE,
    difference_between,
    pool_estimates,
    pool_given,
    pool_rounds,
    q_values,
)
from attendance_lib.analysis.impact.verdicts import FEW_PUPILS, FEW_SIMILAR, RANGE_TOO_WIDE, Verdict
from tests.analysis.impact.invented_rounds import pool, rounds_table


def test_rounds_that_agree_add_up():
    found = pool((0.03, 0.02, "abcdefgh"), (0.03, 0.02, "ijklmnop"), (0.03, 0.02, "qrstuvwx"))
    # 0.02 / sqrt(3) = 0.011547; 1.959964 of these are 0.022632.
    assert found[["estimate", "low", "high"]].tolist() == pytest.approx([0.03, 0.007368, 0.052632], abs=1e-6)
    assert (found["verdict"], found["rounds"], found["pupils"]) == (Verdict.HELPED, 3, 24)
    assert (found["between_sd"], found["i_squared"], found["possible_sessions"]) == (0, 0, 2400)
    # (1.959964 + 0.841621) of the error; and the estimate drawn to nothing by 9 / (9 + 1.3333).
    assert found["smallest_effect"] == pytest.approx(2.801585 * 0.011547, abs=1e-5)
    assert found["cautious_estimate"] == pytest.approx(0.03 * 9 / (9 + 4 / 3), abs=1e-6)


def test_rounds_that_differ_widen_the_range():
    found = pool((0.09, 0.01, "abcdefgh"), (0.03, 0.01, "ijklmnop"), (-0.03, 0.01, "qrstuvwx"))
    # Q = (36 + 0 + 36) / 1 in hundredths squared = 72 on 2 degrees; tau squared = (72 - 2) / 2 hundredths squared = 0.0035.
    assert found["between_sd"] == pytest.approx(0.0035**0.5)
    assert found["i_squared"] == pytest.approx(70 / 72)
    # Hartung and Knapp: sqrt(0.0072 / 2 / 3) = 0.034641 times t(0.975, 2) = 4.302653.
    assert found["high"] - found["estimate"] == pytest.approx(0.034641 * 4.302653, abs=1e-5)
    assert (found["verdict"], found["reason"]) == (Verdict.TOO_FEW, RANGE_TOO_WIDE)


def test_a_single_round_keeps_its_own_range():
    found = pool((0.04, 0.01, "abcdefgh"))
    assert found[["low", "high", "rounds"]].tolist() == pytest.approx([0.02, 0.07, 1])


def test_a_round_without_anyone_like_it_is_in_no_pool_and_counted():
    one = (0.03, 0.01, "abcdefgh")
    found = pool(one, (0.50, 0.01, "ghij", FEW_SIMILAR))
    assert found["estimate"] == pytest.approx(0.03)
    # g and h are pooled by their other round; i and j are left out.
    assert found[["pupils", "rounds_left_out", "pupils_left_out"]].tolist() == [8, 1, 2]
    alone = pool((0.50, 0.01, "abcdefgh", FEW_SIMILAR))
    assert (alone["verdict"], alone["reason"], alone["rounds"]) == (Verdict.TOO_FEW, NOT_COMPARABLE, 0)
    assert np.isnan(alone["estimate"])


def test_a_pupil_in_two_rounds_is_one_pupil():
    found = pool((0.03, 0.001, "abcd"), (0.03, 0.001, "abcd"), (0.03, 0.001, "abc"))
    assert (found["pupils"], found["verdict"], found["reason"]) == (4, Verdict.TOO_FEW, FEW_PUPILS)


def test_nothing_to_pool_gives_no_row():
    assert pool_rounds(rounds_table(), ["intervention"]).empty


def test_two_pools_differ_by_more_than_either_is_unsure_of():
    first = {"estimate": 0.05, "low": 0.02, "high": 0.08}
    second = {"estimate": 0.01, "low": -0.03, "high": 0.05}
    # Half ranges of 3 and 4 make 5.
    assert difference_between(first, second) == pytest.approx((0.04, -0.01, 0.09))


# Colditz et al. (1994), 13 trials of BCG vaccine: cases and non-cases, vaccinated and not (metafor's dat.bcg).
BCG = np.array([
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
    (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
])  # fmt: skip


def bcg_trials():
    a, b, c, d = BCG.T
    return np.log(a / (a + b)) - np.log(c / (c + d)), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def test_the_pool_gives_the_published_answer_for_the_bcg_trials():
    pool = pool_estimates(*bcg_trials())
    # Viechtbauer, Journal of Statistical Software 36(3) (2010): Q(12) = 152.23, I squared 92.12; metafor's own tests: Paule and
    # Mandel's tau squared (as DerSimonian and Laird's, iterated) 0.3181.
    assert (pool.heterogeneity, 100 * pool.i_squared) == pytest.approx((152.233, 92.1173), abs=0.001)
    assert pool.between_variance == pytest.approx(0.3181, abs=0.00005)


@pytest.mark.filterwarnings("ignore:`use_t=True`")
def test_the_pool_agrees_with_statsmodels():
    from statsmodels.stats.meta_analysis import combine_effects

    risk, error = bcg_trials()
    for some in (slice(None), slice(0, 5), [1, 3], [4, 8, 10]):
        theirs = combine_effects(risk[some], error[some] ** 2, method_re="pm", use_t=True)
        ours = pool_estimates(risk[some], error[some])
        frame = theirs.summary_frame().loc["random effect wls", ["eff", "ci_low", "ci_upp"]]
        assert ours.between_variance == pytest.approx(theirs.tau2, abs=1e-7)
        assert (ours.estimate, ours.low, ours.high) == pytest.approx(tuple(frame), abs=1e-6)


# Raudenbush and Bryk's 19 studies of teachers' expectations (1985): estimate and its variance (metafor's dat.raudenbush1985).
EXPECTANCY = np.array([
    (0.03, 0.0156), (0.12, 0.0216), (-0.14, 0.0279), (1.18, 0.1391), (0.26, 0.1362), (-0.06, 0.0106), (-0.02, 0.0106),
    (-0.32, 0.0484), (0.27, 0.0269), (0.80, 0.0630), (0.54, 0.0912), (0.18, 0.0497), (-0.02, 0.0835), (0.23, 0.0841),
    (-0.18, 0.0253), (-0.06, 0.0279), (0.30, 0.0193), (0.07, 0.0088), (-0.07, 0.0303),
])  # fmt: skip


@pytest.mark.parametrize(
    ("between", "published"),
    [
        (0.0, (0.060, 0.036, -0.048, 0.168)),
        (0.013, (0.078, 0.047, -0.047, 0.202)),
        (0.019, (0.084, 0.052, -0.046, 0.213)),
        (0.026, (0.089, 0.056, -0.044, 0.223)),
    ],
)
def test_hartung_and_knapp_s_range_is_the_textbook_s(between, published):
    """Raudenbush in Cooper, Hedges and Valentine, The Handbook of Research Synthesis and Meta-Analysis (2009), table 16.3, p. 309.

    Estimate, conventional error and Knapp and Hartung's range for the tau squared of several estimators, which it gives to three
    places.
    """
    pool = pool_given(EXPECTANCY[:, 0], np.sqrt(EXPECTANCY[:, 1]), between)
    assert (pool.estimate, pool.se, pool.low, pool.high) == pytest.approx(published, abs=0.0015)
    assert pool.heterogeneity == pytest.approx(35.83, abs=0.005)


def test_paule_and_mandel_s_variance_is_where_the_spread_is_what_chance_gives():
    """Halving an interval, of which nothing is known but that Q falls from above to below the degrees of freedom."""
    random = np.random.default_rng(5)
    for groups in (2, 3, 8, 30):
        effects, se = random.normal(0, 3, groups), random.uniform(0.5, 2, groups)
        low, high = 0.0, 1000.0
        for _ in range(100):
            middle = (low + high) / 2
            weight = [1 / (each * each + middle) for each in se]
            mean = sum(w * e for w, e in zip(weight, effects, strict=True)) / sum(weight)
            q = sum(w * (e - mean) ** 2 for w, e in zip(weight, effects, strict=True))
            low, high = (middle, high) if q > groups - 1 else (low, middle)
        assert pool_estimates(effects, se).between_variance == pytest.approx(low, abs=1e-9)


def test_no_figure_of_a_pool_depends_on_the_order_of_its_groups():
    random = np.random.default_rng(7)
    effects, se = random.normal(0, 3, 12), random.uniform(0.5, 2, 12)
    found = pool_estimates(effects, se)
    for _ in range(20):
        order = random.permutation(12)
        assert pool_estimates(effects[order], se[order]) == found


def test_estimates_closer_together_than_chance_allows_keep_the_range_of_their_own_errors():
    """All of one height: nothing is left as spread, and Hartung and Knapp's range alone would have no width."""
    pool = pool_estimates([0.02, 0.02, 0.02], [0.01, 0.02, 0.02])
    # Weights 10000 + 2500 + 2500: an error of 1 / sqrt(15000) = 0.0081650, of which 1.959964 are 0.016003.
    assert (pool.low, pool.high) == pytest.approx((0.02 - 0.016003, 0.02 + 0.016003), abs=1e-6)


def test_false_discoveries_are_reckoned_over_those_known():
    # 0.01 of two known: 0.01 x 2 x (1 + 1/2) = 0.03.
    assert q_values(np.array([0.01, np.nan, 0.9]))[:2] == pytest.approx([0.03, np.nan], nan_ok=True)


@pytest.mark.parametrize("count", [0, 1, 2, 9, 60])
def test_false_discoveries_are_those_of_scipy_to_the_last_bit(count):
    rng = np.random.default_rng(count)
    p_values = np.round(rng.uniform(size=count), 2)  # some are equal
    theirs = stats.false_discovery_control(p_values, method="by") if count else p_values
    assert q_values(p_values).tolist() == theirs.tolist()
