"""Simple rules and the choice between them and ours, on pupils few enough to count by hand."""

import numpy as np
import pytest

from attendance_lib.analysis.outlook.backtest import (
    CHECK,
    ON_EQUAL_TERMS,
    OURS,
    Tried,
    arithmetic_first,
    best_of,
    brier,
    by_halves,
    compare,
    with_hindsight,
)
from attendance_lib.analysis.outlook.chances import chances, learn
from attendance_lib.analysis.outlook.level_and_drift import numbers_of
from attendance_lib.analysis.outlook.marks import WeeklyMarks
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
from tests.analysis.outlook.invented_marks import two_years_of


def tried_of(said, came):
    everybody = np.ones(len(came), dtype=bool)
    said = {name: np.array(chance) for name, chance in said.items()}
    return Tried(
        2, 3, 2, everybody, everybody, everybody, np.array(came, dtype=bool), said, had_hindsight=False
    )


def test_arithmetic_comes_before_any_rule_and_chances_are_whole_per_cents():
    told = arithmetic_first(np.array([0.314, 0.5, 0.5]), np.array([3, 0, 11]), np.array([10, 10, 10]))
    assert told.tolist() == [0.31, 1.0, 0.0]


def test_each_half_is_taught_by_the_other():
    # Positions 0, 2 are taught by 1, 3 and the other way round.
    told = by_halves(two_years_of([0] * 4), lambda who: np.full(4, float(np.flatnonzero(who)[0])))
    assert told.tolist() == [1.0, 0.0, 1.0, 0.0]


def test_the_brier_score_is_the_mean_square_of_chance_less_outcome():
    tried = tried_of({OURS: [0.5, 0.2]}, [1, 0])
    assert brier([tried], OURS) == pytest.approx((0.25 + 0.04) / 2)


def test_a_pupil_s_weeks_are_one_case_in_the_error():
    # Two weeks alike: the same mean gain of (0.25 - 0) / 2, and the error of two pupils, not of four cases.
    week = tried_of({ON_EQUAL_TERMS: [1.0, 0.0], "year_to_date": [0.5, 0.0]}, [1, 0])
    one, both = compare([week], "year_to_date"), compare([week, week], "year_to_date")
    assert one.better_by == both.better_by == pytest.approx(0.125)
    assert one.error == both.error == pytest.approx(np.sqrt(2 * 0.125**2) / 2)


def test_a_rule_is_taken_only_where_it_was_better_by_more_than_a_standard_error():
    # Pupils alike: the rule misses by 0 where ours misses by 0.01 each, so the error is nothing.
    clearly = {OURS: [0.9] * 4, ON_EQUAL_TERMS: [0.9] * 4, CHECK: [0.8] * 4, "year_to_date": [1.0] * 4}
    assert best_of([tried_of(clearly, [1] * 4)]) == "year_to_date"
    # Better for one pupil of four only: by 0.0025 with an error as large and more.
    by_luck = clearly | {"year_to_date": [1.0, 0.9, 0.9, 0.89]}
    assert best_of([tried_of(by_luck, [1] * 4)]) == OURS
    assert best_of([]) == OURS


def one_year_of(absent):
    """Full weeks of one year, half of what is missed by illness, all of it held."""
    pupils, weeks = absent.shape
    possible, year = np.full(absent.shape, 10), np.ones(weeks, dtype=int)
    nobody_joined = np.zeros(pupils, dtype=int)
    return WeeklyMarks(absent, absent // 2, possible, possible, possible > 0, year, weeks - 1, nobody_joined)


def test_with_hindsight_each_half_is_corrected_as_the_other_half_s_ends_teach():
    random = np.random.default_rng(8)
    marks = one_year_of(random.binomial(10, np.repeat(random.beta(1, 8, 240), 12).reshape(240, 12)))
    known = marks.at(5)
    asked = known, 12, PERSISTENT_ABSENCE, numbers_of(known)
    one_by_one = by_halves(known, lambda who: chances(*asked, learn(marks, *asked, who)))
    at_once = with_hindsight(marks, *asked)
    assert at_once.tolist() == one_by_one.tolist()
    assert at_once.tolist() != chances(*asked).tolist()
