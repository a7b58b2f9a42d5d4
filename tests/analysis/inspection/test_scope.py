"""What is inspected: which cells want a mark, whose form is whose, and what of a mark is known."""

from datetime import date, time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.inspection.scope import (
    Order,
    close_minutes,
    closing_times,
    is_due,
    is_skipped,
    members,
)


@pytest.fixture
def week(make_scope):
    """One week of one pupil, from Monday 9 November."""
    return lambda *pupils, **more: make_scope(
        *(pupils or ({},)), first="2026-11-09", last="2026-11-13", **more
    )


def last_cells(cells, count=10):
    return cells[:, -count:].tolist()


def test_a_cell_wants_a_mark_while_the_pupil_is_on_roll_and_the_school_is_open(week):
    """Leaves on the Wednesday: Thursday and Friday, four sessions, want none."""
    scope = week({"leaving_date": "2026-11-11"}, {})
    assert last_cells(is_due(scope.register)) == [[True] * 6 + [False] * 4, [True] * 10]


@pytest.mark.parametrize(
    ("code", "is_passed_over"),
    [("#", True), ("Z", True), ("Y3", True), ("Y2", False), ("I", False), ("-", False)],
)
def test_a_run_goes_on_over_sessions_in_which_there_was_no_school(week, code, is_passed_over):
    """A session without a mark (-) is one of school, and ends a run."""
    scope = week({"marks": {"2026-11-11": f"{code} {code}"}})
    assert last_cells(is_skipped(scope.register)) == [[False] * 4 + [is_passed_over] * 2 + [False] * 4]


def test_a_pupil_without_a_form_is_in_that_of_the_year_group(week):
    scope = week(
        {"form": "9A"}, {"form": None}, {"form": None, "year_group": 0}, {"form": None, "year_group": None}
    )
    assert scope.form_names.tolist() == ["9A", "Year 9", "Reception", "(no form)"]


def test_cells_are_counted_form_by_form(week):
    """Two of 9B and one of 9A are ill on Monday morning."""
    ill = {"marks": {"2026-11-09": "I /"}}
    scope = week({"form": "9B"} | ill, {"form": "9A"} | ill, {"form": "9B"} | ill, {"form": "9B"})
    assert scope.forms[1] == ["9A", "9B"]
    assert last_cells(scope.by_form(scope.holds("I"))) == [[1] + [0] * 9, [2] + [0] * 9]


def test_minutes_and_the_moment_of_a_mark_are_in_its_own_cell(week):
    place = ("0000", "2026-11-10", "PM")
    scope = week({"marks": {"2026-11-10": "/ L"}}, minutes={place: 12}, made={place: "2026-11-10 13:25"})
    assert np.argwhere(~np.isnan(scope.minutes)).tolist() == [[0, scope.register.codes.shape[1] - 7]]
    assert scope.minutes[0, -7] == 12
    assert scope.recorded_at[0, -7] == np.datetime64("2026-11-10T13:25")
    assert np.isnat(scope.recorded_at).sum() == scope.recorded_at.size - 1


def test_the_year_begins_after_what_came_before_it(make_scope):
    """From 13 July last year are five days, ten sessions; a column of the year is so much further in the register."""
    scope = make_scope({}, first="2026-07-13", last="2026-09-11")
    july = scope.register.sessions["date"] < pd.Timestamp("2026-09-01")
    assert scope.before == int(july.sum())
    assert scope.year.sessions["date"].min() == pd.Timestamp("2026-09-07")


@pytest.mark.parametrize(
    ("where", "chosen"),
    [({}, [True, True]), ({"year_group": (9,)}, [True, False]), ({"year_group": ()}, [False, False])],
)
def test_whom_an_inspection_is_about_is_by_what_they_are_in_the_year(week, where, chosen):
    scope = week({"year_group": 9}, {"year_group": 10})
    assert members(scope.register, Order(date(2026, 11, 13), where)).tolist() == chosen


def test_registers_close_when_the_school_file_says():
    hours = SimpleNamespace(
        AM=SimpleNamespace(opens=time(8, 40), closes=time(9, 10)),
        PM=SimpleNamespace(opens=time(13, 10), closes=time(13, 30)),
    )
    school = SimpleNamespace(settings=SimpleNamespace(school=SimpleNamespace(registers=hours)))
    assert closing_times(school) == {"AM": time(9, 10), "PM": time(13, 30)}
    assert close_minutes(school) == {"AM": 30.0, "PM": 20.0}
