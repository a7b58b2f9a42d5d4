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
from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks
from attendance_lib.analysis.outlook.rules import RULES, told_by
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE


def known_of(absent, last_year=None):
    """Pupils with twenty sessions this year in two weeks, and sixty last year."""
    this = np.array([[each, 0] for each in absent])
    before = np.array([[each, 0] for each in (last_year or [0] * len(absent))])
    possible = np.tile([60, 0, 20, 0], (len(absent), 1))
    return Known(
        np.hstack([before, this]),
        possible,
        np.tile([0, 0, 0, 10], (len(absent), 1)),
        np.array([1, 1, 2, 2]),
        2,
    )


def tried_of(said, came):
    everybody = np.ones(len(came), dtype=bool)
    said = {name: np.array(chance) for name, chance in said.items()}
    return Tried(2, 2, everybody, everybody, everybody, np.array(came, dtype=bool), said, had_hindsight=False)


def test_a_rule_s_chance_is_the_share_of_its_cell_drawn_to_everybody_s_by_one_pupil():
    # Over so far or not and over last year or not. Taught by four: of the two over in both years both crossed, of the others none.
    then = known_of([2, 2, 0, 0], last_year=[6, 6, 0, 0])
    over, who = np.array([True, True, False, False]), np.ones(4, dtype=bool)
    now = known_of([5, 0], last_year=[9, 0])
    every = (2 + 0.5) / (4 + 1)
    told = told_by(RULES["both"], PERSISTENT_ABSENCE, now, (then, over, who))
    assert told == pytest.approx([(2 + every) / 3, (0 + every) / 3])


def test_days_missed_at_first_are_put_into_bands():
    # 0, 1, 3, 5 and 9 sessions begin the five bands.
    cells = RULES["first_days"].cells(known_of([0, 1, 2, 3, 4, 5, 8, 9]), PERSISTENT_ABSENCE)
    assert cells.tolist() == [0, 1, 1, 2, 2, 3, 3, 4]


def test_who_has_no_last_year_here_is_a_cell_of_its_own():
    known = known_of([0, 0, 0], last_year=[6, 5, 0])
    known.possible[2, 0] = 0
    assert RULES["last_year"].cells(known, PERSISTENT_ABSENCE).tolist() == [1, 0, 2]


def test_arithmetic_comes_before_any_rule_and_chances_are_whole_per_cents():
    told = arithmetic_first(np.array([0.314, 0.5, 0.5]), np.array([3, 0, 11]), np.array([10, 10, 10]))
    assert told.tolist() == [0.31, 1.0, 0.0]


def test_each_half_is_taught_by_the_other():
    # Positions 0, 2 are taught by 1, 3 and the other way round.
    told = by_halves(known_of([0] * 4), lambda who: np.full(4, float(np.flatnonzero(who)[0])))
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


def test_with_hindsight_each_half_is_corrected_as_the_other_half_s_ends_teach():
    random = np.random.default_rng(8)
    absent = random.binomial(10, np.repeat(random.beta(1, 8, 240), 12).reshape(240, 12))
    possible = np.full(absent.shape, 10)
    marks = WeeklyMarks(
        absent, possible, possible, possible > 0, np.ones(12, dtype=int), 11, np.zeros(240, dtype=int)
    )
    known = marks.at(5)
    numbers = numbers_of(known)
    one_by_one = by_halves(
        known,
        lambda who: chances(
            known,
            12,
            PERSISTENT_ABSENCE,
            numbers,
            learn(marks, known, 12, PERSISTENT_ABSENCE, numbers, who),
        ),
    )
    at_once = with_hindsight(marks, known, 12, PERSISTENT_ABSENCE, numbers)
    assert at_once.tolist() == one_by_one.tolist()
    assert at_once.tolist() != chances(known, 12, PERSISTENT_ABSENCE, numbers).tolist()
