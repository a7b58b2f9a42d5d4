"""The same intervention in several schools: what each gives, and what they say together."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact import self_test
from attendance_lib.analysis.impact.evaluate import evaluate
from attendance_lib.analysis.impact.expectation import spread_ratio
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.schools import FEW_SCHOOLS, effect_of, effects_of, pool_each, pool_schools
from attendance_lib.analysis.impact.verdicts import FEW_PUPILS, RANGE_TOO_WIDE, SELF_TEST_OFF, Verdict
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.analysis.impact.workings import weighted_line
from tests.analysis.impact.simulate import SCHEME, World, invent


def schools(*rows, intervention="Mentor"):
    """Schools of (pupils, estimate in points, its standard error in points)."""
    told = [
        {
            "intervention": intervention, "school": f"School {number}", "pupils": float(pupils),
            "estimate": estimate / 100, "variance": (error / 100) ** 2,
        }
        for number, (pupils, estimate, error) in enumerate(rows)
    ]  # fmt: skip
    return pd.DataFrame(told)


# Worked by hand


def test_four_schools_that_differ_by_more_than_chance():
    """Estimates 1, 3, 5 and 7 with errors of 1: a mean of 4 and a spread of 20 on 3 degrees.

    Paule and Mandel: 20 / (1 + t) = 3, so t = 17/3. The weights are 3/20 each, their sum 3/5, the error the root of 5/3 = 1.29099;
    Hartung and Knapp's is 1 times that, and t of 3 degrees is 3.182446: 4.10850. With 1.959964 times the 0.15 that schools share
    it is the root of 16.87977 + 0.08643: 4.11900.
    """
    found = pool_schools(schools((10, 1, 1), (12, 3, 1), (14, 5, 1), (16, 7, 1)))
    assert (found.schools, found.pupils) == (4, 52)
    told = [100 * each for each in (found.estimate, found.low, found.high, found.between_sd)]
    assert told == pytest.approx([4, -0.11900, 8.11900, (17 / 3) ** 0.5], abs=1e-4)
    # Half the range is 2.10157 normal errors of 1.959964; to be seen in 80 of 100 it takes 2.801585 of these.
    assert 100 * found.smallest_effect == pytest.approx(4.11900 / 1.959964 * 2.801585, abs=1e-4)
    assert np.isnan(found.next_low)
    assert found.judgement.verdict is Verdict.NO_CLEAR_EFFECT


def test_a_further_school_may_lie_elsewhere_than_the_mean():
    """Five of 0, 2, 4, 6 and 8 with errors of 1: 40 / (1 + t) = 4, t = 9, an error of the root of 10 / 5.

    Higgins, Thompson and Spiegelhalter: 3.182446 (3 degrees) times the root of 9 + 2, and 0.0225 that schools share, is 10.56577.
    """
    found = pool_schools(schools(*[(10, 2 * each, 1) for each in range(5)]))
    assert 100 * found.next_low == pytest.approx(4 - 10.56577, abs=1e-4)
    assert 100 * found.next_high == pytest.approx(4 + 10.56577, abs=1e-4)


def test_two_schools_say_nothing_together_and_a_withheld_one_is_none():
    two = schools((30, 4, 1), (30, 5, 1), (30, 6, 1))
    two.loc[2, ["estimate", "variance"]] = np.nan
    found = pool_schools(two)
    assert (found.schools, found.pupils) == (2, 60)
    assert np.isnan(found.estimate)
    assert (found.judgement.verdict, found.judgement.reason) == (Verdict.TOO_FEW, FEW_SCHOOLS)


def test_the_verdict_is_by_the_rule_of_one_school():
    helped = pool_schools(schools((20, 4, 1), (20, 4, 1), (20, 4, 1)))
    worse = pool_schools(schools((20, -4, 1), (20, -4, 1), (20, -4, 1)))
    wide = pool_schools(schools((9, -4, 4), (9, 0, 4), (9, 9, 4)))
    assert [each.judgement.verdict for each in (helped, worse, wide)] == [
        Verdict.HELPED, Verdict.WORSE, Verdict.TOO_FEW,
    ]  # fmt: skip
    assert wide.judgement.reason == RANGE_TOO_WIDE


def test_order_of_schools_changes_no_figure():
    random = np.random.default_rng(3)
    rows = schools(*zip(range(10, 19), random.normal(2, 3, 9), random.uniform(1, 3, 9), strict=True))
    found = pool_each(rows)
    for _ in range(10):
        pd.testing.assert_frame_equal(pool_each(rows.iloc[random.permutation(9)]), found)


def test_an_intervention_of_one_school_is_in_no_pool():
    several = pd.concat([schools((10, 1, 1), (10, 2, 1)), schools((10, 1, 1), intervention="Breakfast")])
    assert pool_each(several)["intervention"].tolist() == ["Mentor"]
    assert pool_each(several.head(0)).empty


# What one school gives


def evaluation(treated, seed=7):
    school = invent(World(pupils=200, treated=treated, others=0, has_last_year=False), seed)
    counts = count_weeks(school.register)
    return evaluate(Question(counts, place_starts(school.interventions, counts), SCHEME))


@pytest.fixture(scope="module")
def one():
    return evaluation(15)


def test_a_school_gives_its_weighted_line_and_the_variance_by_chance(one):
    told = effects_of([one]).iloc[0]
    line = weighted_line(one)
    assert told[["estimate", "low", "high"]].tolist() == [line.estimate, line.low, line.high]
    assert (told["pupils"], told["not_pooled"]) == (one.measured.likeness.pupils, "")
    # The range of one group alone is wider than its error by the t quantile of 20 degrees, 2.085963, and by its own spread.
    ratio = spread_ratio(one.expectation, one.neighbours, line.shares)
    assert told["variance"] ** 0.5 * 2 * 2.085963 * ratio == pytest.approx(line.high - line.low, rel=1e-6)


def test_a_school_whose_pupils_are_few_gives_no_figure_and_says_why():
    told = effects_of([evaluation(5)]).iloc[0]
    assert told["not_pooled"] == FEW_PUPILS
    assert told[["estimate", "low", "high", "variance"]].isna().all()


def test_a_school_whose_self_test_is_far_off_gives_no_figure(monkeypatch):
    monkeypatch.setattr(self_test.SelfTest, "is_far_off", True)
    assert effect_of(evaluation(15))[2:][-1] == SELF_TEST_OFF
