"""What was known of marks in a week, and how many sessions a line still needs."""

import numpy as np
import pytest

from attendance_lib.analysis.outlook.marks import needed
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, SEVERE_ABSENCE
from tests.analysis.outlook.invented_marks import known_of, marks_of


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


def test_marks_changed_later_are_as_they_were_then():
    # In week 1 two of pupil 0's absences, one of them of illness, were written in after week 2: until then they were present.
    marks = marks_of([[1, 3, 0]], [[10, 10, 10]], [1, 1, 1], 2, [[0, 1, 1, 2, 1, 0]], [[0, 2, 0]])
    assert marks.at(1).absent.tolist() == [[1, 1, 0]]
    assert marks.at(1).ill.tolist() == [[0, 1, 0]]
    assert marks.at(2).absent.tolist() == [[1, 3, 0]]
    assert marks.at(2).ill.tolist() == [[0, 2, 0]]


def test_last_year_s_end_answers_to_this_year_s():
    marks = marks_of(np.zeros((1, 9)), np.full((1, 9), 10), [1] * 5 + [2] * 4, 6)
    known = marks.at(6)
    assert marks.same_week_last_year(known) == 1
    assert marks.end_last_year(known, 8) == 3  # as many weeks on
    assert marks.end_last_year(known, 9) == 5  # the year's end is the year's end, though it was a week longer
