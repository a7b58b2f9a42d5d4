"""Level and drift of a few pupils: worked by hand, or by a slower and independent way."""

import numpy as np
import pytest

from attendance_lib.analysis.outlook.level_and_drift import (
    Both,
    Numbers,
    alike_across,
    expectation,
    numbers_of,
    numbers_of_one,
    rate_ahead,
    state_of,
)
from tests.analysis.outlook.invented_marks import known_of, marks_of

WEEKS = 8


def test_pupils_who_never_change_are_all_level():
    # 0 and 4 of 10 each week: 0.2 away from the school's 0.2 on either side, so that every product is 0.04.
    numbers = numbers_of_one(known_of([[0] * WEEKS, [4] * WEEKS], [[10] * WEEKS] * 2))
    assert numbers.level == pytest.approx(0.04)
    assert numbers.drift == pytest.approx(0)
    assert numbers.noise == pytest.approx(1e-4)  # nothing is left for it but the least that it may be


def test_how_much_of_a_level_lasts_is_drawn_to_nine_tenths_as_if_by_six_weeks():
    # This year the two change places: all products across the summer are -0.04, so nothing lasts: (8 * -1 + 6 * 0.9) / 14.
    years = [1] * WEEKS + [2] * WEEKS
    absent = [[0] * WEEKS + [4] * WEEKS, [4] * WEEKS + [0] * WEEKS]
    assert numbers_of_one(known_of(absent, [[10] * 16] * 2, years=years)).lasts == 0.0
    alike = [[0] * 16, [4] * 16]
    assert numbers_of_one(known_of(alike, [[10] * 16] * 2, years=years)).lasts == pytest.approx(
        (8 * 1 + 6 * 0.9) / 14
    )


def test_illness_and_other_absence_have_numbers_of_their_own():
    # Of 4 in 10 missed every week, pupil 1 is ill in one week and away otherwise in the next.
    absent, ill = [[0] * WEEKS, [4] * WEEKS], [[0] * WEEKS, [4, 0] * (WEEKS // 2)]
    found = numbers_of(known_of(absent, [[10] * WEEKS] * 2, ill=ill))
    alone = [
        numbers_of_one(known_of(each, [[10] * WEEKS] * 2))
        for each in (ill, np.subtract(absent, ill).tolist())
    ]
    assert [found.ill, found.other] == alone
    # Each pupil is 0.2 off the school in four weeks of illness and in four others of the rest: 16 products of 0.04 of 8 x 7.
    assert found.shared == pytest.approx(min(16 * 0.04 / 56, 0.95 * np.sqrt(alone[0].level * alone[1].level)))
    assert found.shared > 0


def test_how_far_two_reasons_go_together_is_told_by_other_weeks_of_the_same_year_alone():
    # Off the school by 0.1 and 0 for illness, by 0.1 and 0.2 otherwise, and the other pupil the other way: 0.1 x 0.2 twice over,
    # of two pairs of weeks each. Last year they changed places, which says nothing here.
    ill, other = [[0, 0, 2, 0], [0, 0, 0, 0]], [[0, 0, 2, 4], [4, 4, 0, 0]]
    known = known_of(np.add(ill, other), [[10] * 4] * 2, years=[1, 1, 2, 2], ill=ill)
    assert alike_across(*known.by_reason) == pytest.approx(2 * 0.02 / 8)


def covariance_of(numbers, years):
    """The covariance of a pupil's weeks as it is defined, two by two."""
    level = np.where(
        np.equal.outer(years, years), 1.0, numbers.lasts ** np.abs(np.subtract.outer(years, years))
    )
    lag = np.abs(np.subtract.outer(np.arange(len(years)), np.arange(len(years))))
    return numbers.level * level + np.equal.outer(years, years) * numbers.drift * numbers.persistence**lag


def prediction(missed, possible, share, each, years):
    """What one reason's rate ahead differs from the school's by, by one pupil's weeks with a session, and what is left open.

    ``missed`` and ``possible`` are the pupil's weeks, and ``missed`` already less the school's rate.
    """
    seen = np.flatnonzero(possible > 0)
    whole = covariance_of(each, years)
    noisy = whole[np.ix_(seen, seen)] + np.diag(each.noise * 10 / possible[seen])
    across = whole[seen] @ share
    weights = np.linalg.solve(noisy, across)
    return weights @ missed[seen], share @ whole @ share - weights @ across


def test_following_the_weeks_is_the_best_linear_prediction_worked_out_in_one_piece():
    random = np.random.default_rng(5)
    years = np.repeat([1, 2], 7)
    possible = np.where(random.random((6, 14)) < 0.3, 0, random.integers(4, 11, (6, 14)))
    possible[:, 10:] = 0
    absent = random.binomial(possible, 0.2)
    ill = random.binomial(absent, 0.4)
    ahead = np.zeros((6, 14), dtype=int)
    ahead[:, 10:] = [10, 10, 8, 4]
    ahead[2, 10:], ahead[4, 10:] = [10, 10, 0, 0], [5, 0, 8, 4]
    known = known_of(absent, possible, ahead, years, now=9, ill=ill)
    own = Numbers(0.002, 0.004, 0.6, 0.01, 0.5), Numbers(0.01, 0.006, 0.8, 0.02, 0.7)
    found = expectation(known, Both(*own, 0.0), 14)
    for pupil in range(6):
        share, mean, left = ahead[pupil] / ahead[pupil].sum(), 0.0, 0.0
        for missed, each in zip((ill, absent - ill), own, strict=True):
            rates = missed.sum(axis=0) / np.maximum(possible.sum(axis=0), 1)
            deviation = missed[pupil] / np.maximum(possible[pupil], 1) - rates
            moved, open_ = prediction(deviation, possible[pupil], share, each, years)
            left += open_ + each.noise * 10 / ahead[pupil].sum()
            mean += rate_ahead(known_of(missed, possible, ahead, years, now=9), 14) + moved
        assert found.mean[pupil] == pytest.approx(np.clip(mean, 0.002, 0.998))
        assert found.variance[pupil] == pytest.approx(left)


def covariance_of_two(own, shared, years):
    """The covariance of the weeks of two reasons, whose levels go together by so much."""
    across = np.full((len(years), len(years)), shared)
    first, second = (covariance_of(each, years) for each in own)
    return np.block([[first, across], [across, second]])


def deviations(missed, possible, pupil, seen):
    """How far a pupil's full weeks are from what the school missed in them (fractions)."""
    return (missed[pupil, seen] - missed[:, seen].sum(axis=0) / (possible[:, seen] > 0).sum(axis=0)) / 10


def test_levels_that_go_together_are_the_best_linear_prediction_from_both_reasons_in_one_piece():
    random = np.random.default_rng(6)
    possible = np.where(random.random((5, 9)) < 0.2, 0, 10)
    possible[:, 7:] = 0
    absent = random.binomial(possible, 0.3)
    ill = random.binomial(absent, 0.5)
    ahead = np.tile([0] * 7 + [10, 6], (5, 1))
    known = known_of(absent, possible, ahead, now=6, ill=ill)
    own, shared = (Numbers(0.004, 0.004, 0.6, 0.01, 0.9), Numbers(0.01, 0.006, 0.8, 0.02, 0.9)), 0.005
    found, share = expectation(known, Both(*own, shared), 9), np.array([10, 6]) / 16
    whole = covariance_of_two(own, shared, np.ones(9))
    target = np.tile(np.r_[np.zeros(7), share], 2)
    for pupil in range(5):
        seen = np.flatnonzero(possible[pupil] > 0)
        rows = np.r_[seen, seen + 9]
        noise = np.repeat([each.noise for each in own], len(seen))
        across = whole[rows] @ target
        weights = np.linalg.solve(whole[np.ix_(rows, rows)] + np.diag(noise), across)
        deviation = [deviations(each, possible, pupil, seen) for each in (ill, absent - ill)]
        rates = sum(rate_ahead(each, 9) for each in known.by_reason)
        mean = np.clip(rates + weights @ np.concatenate(deviation), 0.002, 0.998)
        assert found.mean[pupil] == pytest.approx(mean)
        left = target @ whole @ target - weights @ across + noise[0] * 10 / 16 + noise[-1] * 10 / 16
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


def test_nothing_after_the_week_changes_what_was_known_or_said():
    random = np.random.default_rng(3)
    absent, possible = random.binomial(10, 0.1, (80, 20)), np.full((80, 20), 10)
    other = absent.copy()
    other[:, 15:] = 10 - other[:, 15:]
    years = np.repeat([1, 2], 10)
    both = [marks_of(each, possible, years, 19, ill=each // 2).at(14) for each in (absent, other)]
    first, second = ((numbers_of(each), *expectation(each, numbers_of(each), 20).mean) for each in both)
    assert first == second
