"""What can be cut out of a register, and what it looked like earlier."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.register.grid import MISSING, Register, cell_of
from attendance_lib.rules.codes import Category

# Two pupils over two school years: two days in July 2026, two in September.
SESSIONS = pd.DataFrame(
    {
        "date": pd.to_datetime(np.repeat(["2026-07-13", "2026-07-14", "2026-09-07", "2026-09-08"], 2)),
        "session": ["AM", "PM"] * 4,
        "school_year": ["202526"] * 4 + ["202627"] * 4,
    }
)
PUPILS = pd.DataFrame(
    {
        "pupil_id": ["001", "002"],
        "year_group": pd.array([8, 11], dtype="Int16"),
        "reference_year": [2026, 2025],
        "admission_date": pd.to_datetime(["2026-07-14", None]),
        "leaving_date": pd.to_datetime([None, "2026-07-14"]),
    }
)
PRESENT, ILL, NO_REASON = cell_of("/"), cell_of("I"), cell_of("N")
AMENDMENTS = pd.DataFrame(
    {
        "row": [0, 0, 1],
        "column": [1, 4, 7],
        "amended_from": np.array([NO_REASON, MISSING, NO_REASON], dtype=np.uint8),
        "amended_on": pd.to_datetime(["2026-07-15", "2026-09-09", "2026-09-10"]),
    }
)


@pytest.fixture
def register():
    codes = np.full((2, 8), PRESENT, dtype=np.uint8)
    codes[0, 1] = codes[0, 4] = codes[1, 7] = ILL
    return Register(codes, PUPILS, SESSIONS, AMENDMENTS, has_history=True)


def days_of(register):
    return register.sessions["date"].dt.strftime("%m-%d").unique().tolist()


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 7, 14), date(2026, 9, 7), ["07-14", "09-07"]),
        (date(2026, 7, 1), date(2026, 12, 31), ["07-13", "07-14", "09-07", "09-08"]),
        (date(2026, 9, 7), date(2026, 9, 7), ["09-07"]),
        (date(2026, 8, 1), date(2026, 8, 31), []),
        (date(2026, 9, 8), date(2026, 9, 7), []),
    ],
)
def test_between_takes_both_its_days(register, start, end, days):
    cut = register.between(start, end)
    assert days_of(cut) == days
    assert cut.codes.shape == (2, 2 * len(days))


def test_first_and_last_date_are_those_of_the_sessions(register):
    assert (register.first_date, register.last_date) == (date(2026, 7, 13), date(2026, 9, 8))


@pytest.mark.parametrize(
    ("school_year", "year_groups"), [("202627", [8, 12]), ("202526", [7, 11]), ("202425", [6, 10])]
)
def test_in_an_earlier_school_year_pupils_were_in_the_year_group_below(register, school_year, year_groups):
    assert register.in_school_year(school_year).pupils["year_group"].tolist() == year_groups


def test_a_school_year_holds_its_own_sessions_only(register):
    assert days_of(register.in_school_year("202526")) == ["07-13", "07-14"]


def test_a_year_group_nobody_recorded_stays_so_in_every_year(register):
    unknown = register.pupils.assign(year_group=pd.array([None, 11], dtype="Int16"))
    stepped = Register(register.codes, unknown, register.sessions).in_school_year("202526")
    assert stepped.pupils["year_group"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("day", "days", "year_groups"),
    [
        (date(2026, 9, 7), ["09-07"], [8, 12]),
        (date(2026, 9, 8), ["09-07", "09-08"], [8, 12]),
        (date(2026, 12, 31), ["09-07", "09-08"], [8, 12]),
        (date(2026, 8, 15), ["07-13", "07-14"], [7, 11]),
        (date(2026, 7, 13), ["07-13"], [7, 11]),
        (date(2026, 7, 12), [], [8, 11]),
    ],
)
def test_the_year_to_date_is_of_the_school_year_of_the_latest_session(register, day, days, year_groups):
    cut = register.year_to_date(day)
    assert days_of(cut) == days
    assert cut.pupils["year_group"].tolist() == year_groups


# As it stood on a day


@pytest.mark.parametrize(
    ("day", "cells"),
    [
        (date(2026, 7, 14), [NO_REASON, MISSING, NO_REASON]),
        (date(2026, 7, 15), [ILL, MISSING, NO_REASON]),
        (date(2026, 9, 9), [ILL, ILL, NO_REASON]),
        (date(2026, 9, 10), [ILL, ILL, ILL]),
    ],
)
def test_amendments_made_after_a_day_are_taken_back(register, day, cells):
    then = register.as_known_on(day)
    assert [int(then.codes[row, column]) for row, column in [(0, 1), (0, 4), (1, 7)]] == cells


def test_looking_back_leaves_the_register_as_it_is(register):
    register.as_known_on(date(2026, 7, 14))
    assert register.codes[0, 1] == ILL


def test_looking_back_changes_nothing_but_amended_cells(register):
    then = register.as_known_on(date(2026, 7, 14))
    assert np.argwhere(then.codes != register.codes).tolist() == [[0, 1], [0, 4], [1, 7]]


@pytest.mark.parametrize("keep", [[True, False], [False, True], [True, True], [False, False]])
def test_looking_back_and_choosing_pupils_may_come_in_either_order(register, keep):
    day = date(2026, 7, 14)
    expected = register.as_known_on(day).codes[np.array(keep)]
    assert register.where_pupils(keep).as_known_on(day).codes.tolist() == expected.tolist()


@pytest.mark.parametrize("columns", [[1, 4], [4, 7], [0, 7], [5, 6], []])
def test_looking_back_and_choosing_sessions_may_come_in_either_order(register, columns):
    day = date(2026, 7, 14)
    keep = np.isin(np.arange(8), columns)
    expected = register.as_known_on(day).codes[:, keep]
    assert register.where_sessions(keep).as_known_on(day).codes.tolist() == expected.tolist()


def test_a_cut_twice_over_keeps_its_amendments_in_place(register):
    day = date(2026, 7, 14)
    cut = register.where_pupils([False, True]).between(date(2026, 9, 8), date(2026, 9, 8))
    assert cut.as_known_on(day).codes.tolist() == [[PRESENT, NO_REASON]]
    assert cut.has_history


def test_the_categories_of_an_amended_cell_follow_the_code_it_had(register):
    then = register.as_known_on(date(2026, 7, 14))
    assert [Category(each) for each in then.categories[[0, 0], [1, 4]]] == [
        Category.UNAUTHORISED_ABSENCE,
        Category.MISSING,
    ]


# On roll


@pytest.mark.parametrize(
    ("day", "is_on_roll"),
    [
        (date(2026, 7, 13), [False, True]),
        (date(2026, 7, 14), [True, True]),
        (date(2026, 7, 15), [True, False]),
        (date(1999, 1, 1), [False, True]),
    ],
)
def test_a_pupil_is_on_roll_from_admission_to_leaving_both_included(register, day, is_on_roll):
    assert register.is_on_roll(day).tolist() == is_on_roll


def test_choosing_pupils_keeps_their_rows_together(register):
    kept = register.where_pupils([False, True])
    assert kept.pupils["pupil_id"].tolist() == ["002"]
    assert kept.pupils.index.tolist() == [0]
    assert kept.codes.tolist() == register.codes[1:].tolist()
