"""The simple rules: who is in which cell, and the share that each cell is given."""

import numpy as np
import pytest

from attendance_lib.analysis.outlook.rules import RULES, told_by
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
from tests.analysis.outlook.invented_marks import two_years_of


def test_a_rule_s_chance_is_the_share_of_its_cell_drawn_to_everybody_s_by_one_pupil():
    # Over so far or not and over last year or not. Taught by four: of the two over in both years both crossed, of the others none.
    then = two_years_of([2, 2, 0, 0], last_year=[6, 6, 0, 0])
    over, who = np.array([True, True, False, False]), np.ones(4, dtype=bool)
    now = two_years_of([5, 0], last_year=[9, 0])
    every = (2 + 0.5) / (4 + 1)
    told = told_by(RULES["both"], PERSISTENT_ABSENCE, now, (then, over, who))
    assert told == pytest.approx([(2 + every) / 3, (0 + every) / 3])


def test_days_missed_at_first_are_put_into_bands():
    # 0, 1, 3, 5 and 9 sessions begin the five bands.
    cells = RULES["first_days"].cells(two_years_of([0, 1, 2, 3, 4, 5, 8, 9]), PERSISTENT_ABSENCE)
    assert cells.tolist() == [0, 1, 1, 2, 2, 3, 3, 4]


def test_who_has_no_last_year_here_is_a_cell_of_its_own():
    known = two_years_of([0, 0, 0], last_year=[6, 5, 0])
    known.possible[2, 0] = 0
    assert RULES["last_year"].cells(known, PERSISTENT_ABSENCE).tolist() == [1, 0, 2]
