"""Ranges of chance: the published worked examples, and pupils as the unit where sessions would mislead."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.groups import attendance_estimate, wilson, wilson_change


# Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
@pytest.mark.parametrize(
    ("count", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_as_published(count, whole, low, high):
    interval = wilson(count, whole)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


# Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10.
@pytest.mark.parametrize(
    ("now", "then", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_the_difference_of_two_shares_is_as_published(now, then, low, high):
    change = wilson_change(now, then)
    assert (change.low, change.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_nobody_on_one_side_leaves_everything_open():
    change = wilson_change((3, 10), (0, 0))
    assert np.isnan(change.low)
    assert change.holds_zero


def totals_of(pupils, attended, possible):
    return pd.DataFrame({"pupil_id": pupils, "attended_sessions": attended, "possible_sessions": possible})


def test_attendance_is_sessions_over_sessions_and_two_enrolments_are_one_pupil():
    estimate = attendance_estimate(totals_of(["a", "a", "b"], [10, 5, 9], [10, 10, 10]))
    assert (estimate.value, estimate.pupils) == ((10 + 5 + 9) / 30, 2)
    # (10 + 5 - 0.8 * 20) / 30 and (9 - 0.8 * 10) / 30, each times the root of 2 / 1.
    assert estimate.pull.to_dict() == pytest.approx({"a": -1 / 30 * 2**0.5, "b": 1 / 30 * 2**0.5})


def test_the_same_pupils_who_attend_the_same_have_not_changed_at_all():
    here = totals_of(list("abcd"), [70, 60, 50, 70], [70] * 4)
    change = attendance_estimate(here) - attendance_estimate(here)
    assert (change.value, change.interval.low, change.interval.high) == (0, 0, 0)


def test_one_pupil_and_nobody_leave_everything_open():
    one, nobody = totals_of(["a"], [5], [10]), totals_of([], [], [])
    assert attendance_estimate(one).interval.holds_zero
    assert np.isnan(attendance_estimate(nobody).value)
    assert (attendance_estimate(one) - attendance_estimate(nobody)).interval.holds_zero


@pytest.fixture(scope="module")
def simulated():
    """Changes between two groups of 20 pupils of 70 sessions each, who differ as a beta-binomial has it, and truly do not move."""
    random = np.random.default_rng(20261023)
    changes = []
    for _ in range(400):
        groups = [random.binomial(70, random.beta(13.5, 1.5, 20)) for _ in range(2)]
        changes.append(
            [
                totals_of([f"{side}{pupil}" for pupil in range(20)], attended, [70] * 20)
                for side, attended in zip("xy", groups, strict=True)
            ]
        )
    return changes


def test_chance_is_called_change_about_once_in_twenty(simulated):
    called = [
        not (attendance_estimate(now) - attendance_estimate(then)).interval.holds_zero
        for now, then in simulated
    ]
    assert 0.02 < np.mean(called) < 0.08


def test_sessions_as_if_independent_would_call_it_far_more_often(simulated):
    def is_called(now, then):
        rates = [side["attended_sessions"].sum() / side["possible_sessions"].sum() for side in (now, then)]
        error = sum(rate * (1 - rate) / (20 * 70) for rate in rates) ** 0.5
        return abs(rates[0] - rates[1]) > 1.96 * error

    assert np.mean([is_called(now, then) for now, then in simulated]) > 0.3
