"""Quantiles and tails against the printed tables, and chance by counting outcomes one by one."""

from itertools import product

import numpy as np
import pytest

from attendance_lib.analysis.distributions import (
    chance_of_more,
    chance_of_normal,
    is_beyond_chance,
    normal_quantile,
    settled,
    t_quantile,
)


# Fisher and Yates, Statistical Tables, tables I and III.
@pytest.mark.parametrize(
    ("share", "quantile"), [(0.5, 0.0), (0.95, 1.6449), (0.975, 1.9600), (0.995, 2.5758)]
)
def test_quantiles_of_the_normal_distribution_are_those_printed(share, quantile):
    assert normal_quantile(share) == pytest.approx(quantile, abs=5e-5)
    assert normal_quantile(1 - share) == pytest.approx(-quantile, abs=5e-5)


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.706), (4, 2.776), (30, 2.042)])
def test_quantiles_of_student_s_t_are_those_printed(freedom, quantile):
    assert t_quantile(0.975, freedom) == pytest.approx(quantile, abs=5e-4)


def test_a_distance_counts_on_either_side():
    assert chance_of_normal(1.6449) == pytest.approx(0.1, abs=1e-5)
    assert chance_of_normal(-1.6449) == chance_of_normal(1.6449)
    assert chance_of_normal(0.0) == 1.0


def chance_by_counting(count, of, share):
    """Every sequence of successes and failures, with its probability."""
    outcomes = product((0, 1), repeat=of)
    return sum(
        share ** sum(outcome) * (1 - share) ** (of - sum(outcome))
        for outcome in outcomes
        if sum(outcome) > count
    )


def test_the_chance_of_more_is_that_of_every_outcome_counted():
    counts, of, shares = np.array([0, 1, 3, 5]), np.array([4, 5, 6, 5]), np.array([0.1, 0.3, 0.5, 0.9])
    counted = [chance_by_counting(*each) for each in zip(counts, of, shares, strict=True)]
    assert chance_of_more(counts, of, shares) == pytest.approx(counted)


def test_what_is_beyond_chance_is_fewer_than_one_in_ten_over_all_questions():
    # 3 of 3 at a half: 1/8; 4 of 4: 1/16; so one question takes the second, and two take neither.
    counts, share = np.array([3, 4]), np.array([0.5, 0.5])
    assert is_beyond_chance(counts, counts, share, questions=1).tolist() == [False, True]
    assert is_beyond_chance(counts, counts, share, questions=2).tolist() == [False, False]


def test_only_twelve_digits_are_kept():
    assert settled(0.1 + 0.2) == 0.3
    assert settled(123456789.1234) == 123456789.123
