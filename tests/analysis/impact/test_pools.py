"""Many small estimates put together, and false discoveries kept in check."""

import numpy as np
import pytest

from attendance_lib.analysis.impact.pools import (
    NOT_COMPARABLE,
    difference_between,
    pool_estimates,
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


def test_false_discoveries_are_reckoned_over_those_known():
    # 0.01 of two known: 0.01 x 2 x (1 + 1/2) = 0.03.
    assert q_values(np.array([0.01, np.nan, 0.9]))[:2] == pytest.approx([0.03, np.nan], nan_ok=True)
