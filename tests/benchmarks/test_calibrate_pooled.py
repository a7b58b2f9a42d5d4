"""How the pool's calibration counts: trusts dealt from schools, errors in points, ranges that hold the truth, standard errors."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.schools import Pooled
from attendance_lib.analysis.impact.verdicts import Judgement, Verdict
from benchmarks.calibrate_pooled import (
    HEADINGS,
    Trial,
    deal,
    errors_in_words,
    hits_in_words,
    row_of,
    share,
    tasks_of,
    trial,
)

MISSING = float("nan")


def tried(estimate, truth, verdict=Verdict.NO_CLEAR_EFFECT, plain=(0.0, 0.0), following=(MISSING, MISSING)):
    """A trust whose pool's range is 0.02 to each side, and whose further school's true effect is 0.03."""
    pooled = Pooled(
        3, 60, estimate, estimate - 0.02, estimate + 0.02, 0.0, *following, 0.03, 0.5, Judgement(verdict)
    )
    return Trial(pooled, truth, plain, 0.03)


def test_errors_are_of_the_pool_less_the_truth_in_points():
    # Errors of +1 and -3 points: their mean is -1, and the root of (1 + 9) / 2 is 2.236.
    assert errors_in_words([tried(0.03, 0.02), tried(0.0, 0.03)]) == ["+2.50", "-1.00", "2.24"]


def test_hits_are_counted_of_the_range_each_verdict_the_plain_range_and_the_next_school():
    four = [
        tried(0.03, 0.02, Verdict.HELPED, plain=(0.01, 0.05), following=(0.0, 0.06)),
        tried(0.03, 0.06, Verdict.HELPED, plain=(0.02, 0.05), following=(0.0, 0.02)),
        tried(-0.03, -0.02, Verdict.WORSE, plain=(-0.03, 0.0), following=(0.03, 0.03)),
        tried(0.0, 0.01, plain=(-0.01, 0.02), following=(0.031, 0.1)),
    ]
    # Standard errors of four: the root of p (1 - p) / 4.
    quarter, half, three = "25.0 % ± 21.7", "50.0 % ± 25.0", "75.0 % ± 21.7"
    assert hits_in_words(four, 100) == [three, half, quarter, quarter, "0.0 % ± 0.0", three, half, half]


def test_of_trusts_of_few_schools_no_further_school_is_foretold():
    assert hits_in_words([tried(0.03, 0.02)], 1)[-1] == "–"


@pytest.mark.parametrize(("apart", "error"), [(25, 8.0), (100, 4.0), (400, 4.0)])
def test_a_share_is_as_sure_as_trusts_without_a_school_in_common_and_no_surer_than_those_dealt(apart, error):
    # The root of 0.2 x 0.8 is 0.4.
    assert share([True] * 20 + [False] * 80, apart) == f"20.0 % ± {error}"


def test_hartung_and_knapp_s_range_is_that_of_the_mean_of_schools_alike_in_variance():
    trust = pd.DataFrame(
        {"pupils": 15, "estimate": [0.01, 0.02, 0.03], "variance": 0.0004, "truth": [0.01, 0.02, 0.06]}
    )
    found = trial(trust, None, 0.03)
    # Standard deviation 0.01; Student's t of two degrees of freedom at 97.5 % is 4.3027.
    reach = 4.302652729911275 * 0.01 / sqrt(3)
    assert found.plain == pytest.approx((0.02 - reach, 0.02 + reach))
    assert found.truth == pytest.approx(0.03)
    assert trial(trust, 0.05, 0.03).truth == 0.05


def test_two_schools_have_no_pool_and_no_plain_range():
    trust = pd.DataFrame({"pupils": 15, "estimate": [0.01, 0.02], "variance": 0.0004, "truth": [0.01, 0.02]})
    assert np.isnan(trial(trust, None, 0.03).plain).all()


def test_every_school_is_dealt_before_any_is_dealt_again():
    trusts = list(deal(pd.DataFrame({"school": range(7)}), size=3, trusts=5))
    assert [len(set(trust["school"])) for trust in trusts] == [3] * 5
    for first, second in (trusts[:2], trusts[2:4]):
        assert not set(first["school"]) & set(second["school"])


def test_schools_that_give_nothing_to_a_pool_are_said_to_be_so_many():
    schools = pd.DataFrame({"lack": ["few"] * 6 + [""] * 4})
    row = row_of(schools, 3)
    assert row[:2] == ["3", "none: 60.0 % of schools give nothing"]
    assert len(row) == len(HEADINGS)


def test_parts_are_shared_out_and_go_on_together():
    tasks = tasks_of(20)
    counts = pd.Series([part for part, _ in tasks]).value_counts().to_dict()
    assert counts == {"main": 20, "hetero": 8, "mixed": 6, "stress": 2}
    assert {part for part, _ in tasks[:18]} == set(counts)
    assert len(set(tasks)) == len(tasks)
