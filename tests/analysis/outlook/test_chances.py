"""Chances of ending over a line: by hand, or from the beta distribution itself; and what last year corrects."""

from math import log

import numpy as np
import pytest
from scipy import stats

from attendance_lib.analysis.outlook.chances import (
    Correction,
    beta_tail,
    corrected,
    learn,
    line_of_log_odds,
    own_variance,
    simple_chances,
)
from attendance_lib.analysis.outlook.level_and_drift import (
    Expectation,
    numbers_of,
)
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
from tests.analysis.outlook.invented_marks import known_of, marks_of


def test_the_tail_is_that_of_the_beta_cut_half_a_day_below_the_days_needed():
    # Mean 0.2 and variance 0.16 / 11: size 10, so Beta(2, 8). Five or six of forty sessions are three days, cut at 2.5.
    need, left = np.array([5, 6, 0, 41]), np.full(4, 40)
    told = beta_tail(np.full(4, 0.2), np.full(4, 0.16 / 11), need, left)
    assert told[:2] == pytest.approx([stats.beta.sf(5 / 40, 2, 8)] * 2)
    assert told[2:].tolist() == [1.0, 0.0]


def test_one_session_needed_is_a_day_and_not_certain():
    told = beta_tail(np.array([0.05]), np.array([0.0475 / 20]), np.array([1]), np.array([10]))
    assert 0 < told[0] < 0.5


def test_the_variance_goes_to_those_who_are_often_away():
    expected = Expectation(np.array([0.02, 0.4]), np.full(2, 0.01))
    rare, often = own_variance(expected, np.full(2, 200), 1.0)
    free = np.array([0.0196, 0.24])
    weight = free * (0.15 + free)
    assert [rare, often] == pytest.approx(
        [max(0.01 * weight[0] / weight.mean(), free[0] / 100), 0.01 * weight[1] / weight.mean()]
    )


def test_the_line_through_log_odds_goes_through_two_groups_where_it_is_not_drawn_to_anything():
    chance = np.repeat([0.5, 0.8], 4)
    came = np.array([1, 1, 1, 0, 1, 1, 0, 0], dtype=bool)
    intercept, slope = line_of_log_odds(chance, came, (1e-12, 1e-12))
    assert intercept == pytest.approx(log(3))
    assert slope == pytest.approx(-log(3) / log(4))


def test_a_correction_leaves_what_is_certain_and_what_cannot_be():
    assert corrected(np.array([0.0, 0.5, 1.0]), Correction(1.0, log(3), 1.0)).tolist() == [0.0, 0.75, 1.0]


def test_too_few_pupils_teach_no_correction():
    marks = marks_of([[1] * 8] * 4, [[10] * 8] * 4, [1] * 8, 7)
    known = marks.at(3)
    assert learn(marks, known, 8, PERSISTENT_ABSENCE, numbers_of(known)) == Correction()


def test_the_check_adds_days_so_far_and_a_quarter_of_last_year_s():
    # Rate 0.05 (1 of 20 this year, last year as much before as after), spread 0.0475 / 5: a beta of size 4, so (0.2, 3.8).
    # This year half a day of ten, and a quarter of last year's two days of twenty: (0.2 + 0.5 + 0.5, ...) of 4 + 10 + 5.
    known = known_of(
        [[1, 1, 1, 1, 1, 0, 0, 0]], [[10] * 4 + [20, 0, 0, 0]], [[0] * 5 + [10, 10, 0]], [1] * 4 + [2] * 4, 4
    )
    mean, days = (0.2 + 0.5 + 4 / 4 / 2) / (4 + 10 + 5), 19
    variance = mean * (1 - mean) * (days + 10) / (10 * (days + 1))
    size = mean * (1 - mean) / variance - 1
    # A tenth of 40 is 4: three more, two days, cut at three of twenty sessions.
    told = simple_chances(known, 8, PERSISTENT_ABSENCE, 0.0475 / 5)
    assert told == pytest.approx([stats.beta.sf(3 / 20, mean * size, (1 - mean) * size)])
