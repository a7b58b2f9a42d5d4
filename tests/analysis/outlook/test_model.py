"""The model on schools of a few pupils: worked by hand, or by a slower and independent way."""

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
    Numbers,
    expectation,
    numbers_of,
    rate_ahead,
    state_of,
)
from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks, needed
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, SEVERE_ABSENCE

WEEKS = 8


def known_of(absent, possible, ahead=None, years=None, now=None):
    absent, possible = np.array(absent), np.array(possible)
    years = np.array(years if years is not None else [1] * absent.shape[1])
    ahead = np.zeros_like(absent) if ahead is None else np.array(ahead)
    return Known(absent, possible, ahead, years, absent.shape[1] - 1 if now is None else now)


def marks_of(absent, possible, years, now, changes=()):
    absent, possible = np.array(absent), np.array(possible)
    return WeeklyMarks(
        absent, possible, np.full(absent.shape, 10), np.ones(absent.shape, dtype=bool), np.array(years), now,
        np.zeros(len(absent), dtype=int), np.array(changes, dtype=np.int64).reshape(-1, 5),
    )  # fmt: skip


# What arithmetic settles


@pytest.mark.parametrize(
    ("absent", "possible", "left", "line", "need"),
    [
        (3, 20, 21, PERSISTENT_ABSENCE, 2),  # a tenth of 41 is 4.1, so 5 in all
        (4, 20, 20, PERSISTENT_ABSENCE, 0),  # 4 of 40 is the line itself
        (0, 30, 10, PERSISTENT_ABSENCE, 4),
        (12, 20, 3, PERSISTENT_ABSENCE, -9),
        (5, 20, 10, SEVERE_ABSENCE, 10),
        (0, 30, 10, SEVERE_ABSENCE, 20),  # more than there are: it cannot be
    ],
)
def test_the_sessions_needed_are_whole_and_the_line_itself_is_over(absent, possible, left, line, need):
    known = known_of([[absent, 0]], [[possible, 0]], [[0, left]], now=0)
    assert needed(known, 2, line).tolist() == [need]


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


# Level and drift


def test_pupils_who_never_change_are_all_level():
    # 0 and 4 of 10 each week: 0.2 away from the school's 0.2 on either side, so that every product is 0.04.
    numbers = numbers_of(known_of([[0] * WEEKS, [4] * WEEKS], [[10] * WEEKS] * 2))
    assert numbers.level == pytest.approx(0.04)
    assert numbers.drift == pytest.approx(0)
    assert numbers.noise == pytest.approx(1e-4)  # nothing is left for it but the least that it may be


def test_how_much_of_a_level_lasts_is_drawn_to_nine_tenths_as_if_by_six_weeks():
    # This year the two change places: all products across the summer are -0.04, so nothing lasts: (8 * -1 + 6 * 0.9) / 14.
    years = [1] * WEEKS + [2] * WEEKS
    absent = [[0] * WEEKS + [4] * WEEKS, [4] * WEEKS + [0] * WEEKS]
    assert numbers_of(known_of(absent, [[10] * 16] * 2, years=years)).lasts == 0.0
    alike = [[0] * 16, [4] * 16]
    assert numbers_of(known_of(alike, [[10] * 16] * 2, years=years)).lasts == pytest.approx(
        (8 * 1 + 6 * 0.9) / 14
    )


def covariance_of(numbers, years, other=None):
    """The covariance of a pupil's weeks as it is defined, two by two."""
    level = np.where(
        np.equal.outer(years, years), 1.0, numbers.lasts ** np.abs(np.subtract.outer(years, years))
    )
    lag = np.abs(np.subtract.outer(np.arange(len(years)), np.arange(len(years))))
    return numbers.level * level + np.equal.outer(years, years) * numbers.drift * numbers.persistence**lag


def test_following_the_weeks_is_the_best_linear_prediction_worked_out_in_one_piece():
    random = np.random.default_rng(5)
    years = np.repeat([1, 2], 7)
    possible = np.where(random.random((6, 14)) < 0.3, 0, random.integers(4, 11, (6, 14)))
    possible[:, 10:] = 0
    absent = random.binomial(possible, 0.2)
    ahead = np.zeros((6, 14), dtype=int)
    ahead[:, 10:] = [
        [10, 10, 8, 4],
        [10, 10, 8, 4],
        [10, 10, 0, 0],
        [10, 10, 8, 4],
        [5, 0, 8, 4],
        [10, 10, 8, 4],
    ]
    known = known_of(absent, possible, ahead, years, now=9)
    numbers = Numbers(0.01, 0.006, 0.8, 0.02, 0.7)
    whole = covariance_of(numbers, years)
    rates = absent.sum(axis=0) / np.maximum(possible.sum(axis=0), 1)
    found = expectation(known, numbers, 14)
    for pupil in range(6):
        seen = np.flatnonzero(possible[pupil] > 0)
        share = ahead[pupil] / ahead[pupil].sum()
        noisy = whole[np.ix_(seen, seen)] + np.diag(numbers.noise * 10 / possible[pupil, seen])
        across = whole[seen] @ share
        weights = np.linalg.solve(noisy, across)
        deviation = absent[pupil, seen] / possible[pupil, seen] - rates[seen]
        left = share @ whole @ share - weights @ across + numbers.noise * 10 / ahead[pupil].sum()
        mean = rate_ahead(known, 14) + weights @ deviation
        assert found.mean[pupil] == pytest.approx(np.clip(mean, 0.002, 0.998))
        assert found.variance[pupil] == pytest.approx(left)


def test_a_week_without_a_session_says_nothing():
    numbers = Numbers(0.01, 0.006, 0.8, 0.02, 0.9)
    shut = known_of([[1, 0, 2], [0, 0, 1]], [[10, 0, 10], [10, 0, 10]])
    state = state_of(shut, numbers)
    # As if the drift had gone on for two weeks in one step.
    longer = Numbers(0.01, 0.006, 0.64, 0.02, 0.9)
    assert state.level == pytest.approx(state_of(known_of([[1, 2], [0, 1]], [[10, 10]] * 2), longer).level)


def test_half_of_last_year_s_season_is_expected_again():
    # Last year 1 of 10 to date and 4 of 10 after; this year 2 of 10 to date: 0.2 times the root of four.
    known = known_of([[1, 4, 2, 0]], [[10, 10, 10, 0]], [[0, 0, 0, 10]], years=[1, 1, 2, 2], now=2)
    assert rate_ahead(known, 4) == pytest.approx(0.4)


# Corrected on last year


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
    assert (
        learn(marks, marks.at(3), 8, PERSISTENT_ABSENCE, Numbers(0.01, 0.006, 0.8, 0.02, 0.9)) == Correction()
    )


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


# What was known when


def test_marks_changed_later_are_as_they_were_then():
    # In week 1 two of pupil 0's absences were written in after week 2: until then they were present.
    marks = marks_of([[1, 3, 0]], [[10, 10, 10]], [1, 1, 1], 2, [[0, 1, 1, 2, 0]])
    assert marks.at(1).absent.tolist() == [[1, 1, 0]]
    assert marks.at(2).absent.tolist() == [[1, 3, 0]]


def test_nothing_after_the_week_changes_what_was_known_or_said():
    random = np.random.default_rng(3)
    absent, possible = random.binomial(10, 0.1, (80, 20)), np.full((80, 20), 10)
    other = absent.copy()
    other[:, 15:] = 10 - other[:, 15:]
    years = np.repeat([1, 2], 10)
    both = [marks_of(each, possible, years, 19).at(14) for each in (absent, other)]
    first, second = (
        (numbers_of(each), expectation(each, numbers_of(each), 20).mean.tolist()) for each in both
    )
    assert first == second


def test_last_year_s_end_answers_to_this_year_s():
    marks = marks_of(np.zeros((1, 9)), np.full((1, 9), 10), [1] * 5 + [2] * 4, 6)
    known = marks.at(6)
    assert marks.same_week_last_year(known) == 1
    assert marks.end_last_year(known, 8) == 3  # as many weeks on
    assert marks.end_last_year(known, 9) == 5  # the year's end is the year's end, though it was a week longer
