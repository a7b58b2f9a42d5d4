"""A pupil who left and came back: one person with the sessions of both enrolments, and two enrolments in rates."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.pack.cohorts import CURRENT_ROLL, Selection
from attendance_lib.register.grid import (
    NOT_ON_ROLL,
    Register,
    cell_of,
    count_returned,
    with_earlier_enrolments,
)

OFF, HERE, ILL = NOT_ON_ROLL, cell_of("/"), cell_of("I")
DAYS = ["2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10"]
# Pupil 1 was ill for two sessions, was away, and came back for the last; 2 was always here; 3 came back and left again.
CELLS = np.array(
    [
        [ILL, ILL, OFF, OFF],
        [OFF, OFF, OFF, HERE],
        [HERE, HERE, HERE, HERE],
        [HERE, OFF, OFF, OFF],
        [OFF, HERE, HERE, OFF],
    ],
    dtype=np.uint8,
)
PUPILS = pd.DataFrame(
    {
        "pupil_id": ["1", "1", "2", "3", "3"],
        "year_group": 7,
        "reference_year": 2026,
        "date_of_birth": pd.Timestamp("2015-01-01"),
        "admission_date": pd.to_datetime([DAYS[0], DAYS[3], DAYS[0], DAYS[0], DAYS[1]]),
        "leaving_date": pd.to_datetime([DAYS[1], None, None, DAYS[0], DAYS[2]]),
    }
)
SESSIONS = pd.DataFrame(
    {"date": pd.to_datetime(DAYS), "session": "AM", "school_year": "202627", "closed_year_groups": [()] * 4}
)
EDITS = pd.DataFrame(
    {
        "row": [0, 2, 3],
        "column": [1, 0, 0],
        "amended_from": np.uint8(HERE),
        "amended_on": pd.Timestamp("2026-09-10"),
    }
)
REGISTER = Register(CELLS, PUPILS, SESSIONS, EDITS, has_history=True)
KEEP = np.array([False, True, True, False, False])


def test_the_row_that_is_kept_has_the_sessions_of_the_earlier_enrolment():
    persons = with_earlier_enrolments(REGISTER, KEEP)
    assert persons.pupils["pupil_id"].tolist() == ["1", "2"]
    assert persons.codes.tolist() == [[ILL, ILL, OFF, HERE], [HERE] * 4]
    assert CELLS[1].tolist() == [OFF, OFF, OFF, HERE]


def test_edits_of_the_earlier_enrolment_are_the_person_s():
    persons = with_earlier_enrolments(REGISTER, KEEP)
    assert sorted(zip(persons.amendments["row"], persons.amendments["column"], strict=True)) == [
        (0, 1),
        (1, 0),
    ]
    assert persons.as_known_on(pd.Timestamp("2026-09-09").date()).codes[0].tolist() == [ILL, HERE, OFF, HERE]


def test_lists_count_persons_and_rates_count_enrolments():
    lists = pupil_totals(Selection(CURRENT_ROLL, of_persons=True).of(REGISTER))
    rates = pupil_totals(Selection(CURRENT_ROLL).of(REGISTER))
    assert lists[["absence_sessions", "possible_sessions"]].to_numpy().tolist() == [[2, 3], [0, 4]]
    assert rates[["absence_sessions", "possible_sessions"]].to_numpy().tolist() == [[0, 1], [0, 4]]


def test_who_came_back_is_counted_among_those_asked_for():
    assert count_returned(REGISTER, pd.Series(["1", "2"])) == 1
    assert count_returned(REGISTER, pd.Series(["2"])) == 0
    # Over the last two days alone pupil 3 has one enrolment, and pupil 1 too.
    later = REGISTER.where_sessions(np.array([False, False, True, True]))
    assert count_returned(later, pd.Series(["1", "2", "3"])) == 0


def test_without_anybody_who_came_back_nothing_changes():
    alone = REGISTER.where_pupils(np.array([False, True, True, False, True]))
    kept = with_earlier_enrolments(alone, np.array([True, True, False]))
    assert kept.codes.tolist() == CELLS[1:3].tolist()
