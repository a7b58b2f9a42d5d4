"""Periods of which too much is missing: each limit a step below and above, on a grid of two weeks worked by hand."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from attendance_lib.register.broken_off import problems_of_period
from attendance_lib.register.grid import CLOSED, MISSING, NOT_ON_ROLL, Register, cell_of

MONDAY = date(2026, 11, 9)
FIRST_WEEK, SECOND_WEEK = slice(0, 10), slice(10, 20)
FORTNIGHT = (MONDAY, date(2026, 11, 20))


def register(pupils, *holes, cell=MISSING):
    """Two school weeks of pupils who are always present but for holes: their number and the sessions."""
    days = [MONDAY + timedelta(days=day) for day in (*range(5), *range(7, 12)) for _ in range(2)]
    sessions = pd.DataFrame({"date": pd.to_datetime(days), "session": ["AM", "PM"] * 10})
    codes = np.full((pupils, 20), cell_of("/"), dtype=np.uint8)
    for rows, columns in holes:
        codes[:rows, columns] = cell
    return Register(codes, pd.DataFrame({"pupil_id": [str(number) for number in range(pupils)]}), sessions)


def told(found):
    return [problem.split(" ")[0] for problem in problems_of_period(found, *FORTNIGHT)]


def test_more_than_one_in_ten_marks_missing_refuses():
    """Of 40 pupils' 800 marks 80 are a tenth: 20 pupils without four sessions. One more is over the limit."""
    assert told(register(40, (20, slice(0, 4)))) == []
    assert told(register(40, (20, slice(0, 4)), (21, slice(0, 1)))) == ["81"]


def test_few_missing_marks_refuse_nothing_however_large_a_share():
    """Of 10 pupils' 200 marks 39 are a fifth, and less than what four pupils have in a week."""
    assert told(register(10, (9, slice(0, 4)), (3, slice(4, 5)))) == []
    assert told(register(10, (9, slice(0, 4)), (4, slice(4, 5)))) == ["40"]


def test_sessions_without_any_mark_may_be_closures_and_refuse_nothing():
    assert told(register(40, (40, slice(4, 10)))) == []


@pytest.mark.parametrize(
    ("pupils", "silent", "refused"), [(140, 3, False), (150, 4, True), (250, 5, False), (250, 6, True)]
)
def test_pupils_with_marks_before_and_none_for_a_week_refuse(pupils, silent, refused):
    """Four pupils at least, and more than one in fifty: five of 250 are that exactly."""
    assert told(register(pupils, (silent, SECOND_WEEK))) == ([f"{silent}"] if refused else [])


@pytest.mark.parametrize("cell", [CLOSED, NOT_ON_ROLL])
def test_who_left_or_had_no_school_lacks_no_mark(cell):
    assert told(register(150, (30, SECOND_WEEK), cell=cell)) == []


def test_who_never_had_a_mark_or_has_one_in_the_week_does_not_break_off():
    assert told(register(400, (20, slice(0, 20)))) == []
    assert told(register(400, (20, slice(10, 19)))) == []


def test_a_week_that_began_before_the_period_is_not_judged_by_it():
    found = register(150, (4, slice(10, 20)))
    assert list(problems_of_period(found, date(2026, 11, 17), FORTNIGHT[1])) == []
    assert list(problems_of_period(found, *(MONDAY, date(2026, 11, 13)))) == []


def test_the_words_name_the_days_and_the_remedy():
    (problem,) = problems_of_period(register(150, (4, SECOND_WEEK)), *FORTNIGHT)
    assert problem.startswith(
        "4 of 150 pupils with marks before have none from 2026-11-16 to 2026-11-20, so the export seems"
    )
    assert "Export the marks again." in problem
