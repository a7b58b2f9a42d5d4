"""Support plans as they stood on Friday 20 November, worked out by hand: the next two school weeks end on 4 December."""

import pandas as pd
import pytest

from attendance_lib.analysis.plans import plans_of, running_plans
from attendance_lib.casebook.state import CellState, RowState, Saying, State

FIRST = {
    "plan_id": "SP1",
    "pupil_id": "0001",
    "opened_on": "2026-09-14",
    "lead": "SENCo",
    "review_on": "2026-10-22",
}


@pytest.fixture
def plans(make_pack, plan_log):
    """Plans of a pack from a log of them."""
    return lambda *rows, **more: plans_of(make_pack(plans=plan_log(*rows), **more)).set_index("plan_id")


def test_a_school_without_a_log_has_no_plan_and_one_with_an_empty_one_neither(make_pack, plan_log):
    assert len(plans_of(make_pack())) == len(plans_of(make_pack(plans=plan_log()))) == 0
    assert running_plans(make_pack()).empty


@pytest.mark.parametrize(
    ("review", "day", "moved", "overdue", "due"),
    [
        (None, None, False, False, False),
        ("2026-11-19", "2026-11-19", False, True, False),
        ("2026-11-20", "2026-11-20", False, False, True),
        ("2026-12-04", "2026-12-04", False, False, True),
        ("2026-12-05", "2026-12-07", True, False, False),  # a Saturday
        ("2026-10-28", "2026-11-02", True, True, False),  # half term
        ("2026-12-22", "2026-12-22", False, False, False),  # after the calendar's end
    ],
)
def test_a_review_is_held_on_a_school_day_and_is_overdue_or_due_by_it(
    plans, review, day, moved, overdue, due
):
    found = plans(FIRST | {"review_on": review}).loc["SP1"]
    assert (found["review_day"] == pd.Timestamp(day)) if day else pd.isna(found["review_day"])
    assert [found[name] for name in ("is_review_moved", "is_review_overdue", "is_review_due")] == [
        moved,
        overdue,
        due,
    ]


def test_a_plan_with_a_new_target_takes_the_place_of_the_one_before_and_tells_what_came_of_it(plans):
    held = FIRST | {"reviewed_on": "2026-10-22", "outcome": "partly met"}
    found = plans(FIRST | {"plan_id": "SP3", "opened_on": "2026-10-22", "review_on": "2026-11-10"}, held)
    assert found["version"].to_dict() == {"SP1": 1, "SP3": 2}
    assert found["is_running"].to_dict() == {"SP1": False, "SP3": True}
    assert found["history"].to_dict() == {"SP1": "", "SP3": "SP1 of 14 Sep: partly met, reviewed 22 Oct"}
    assert found["is_review_overdue"].to_dict() == {"SP1": False, "SP3": True}


def test_what_was_written_after_the_last_day_is_not_known_on_it(plans):
    late = {"reviewed_on": "2026-11-23", "outcome": "met", "next_step": "close", "closed_on": "2026-11-23"}
    found = plans(FIRST | late, FIRST | {"plan_id": "SP9", "pupil_id": "0002", "opened_on": "2026-11-23"})
    assert list(found.index) == ["SP1"]
    assert found.loc["SP1", ["is_running", "is_review_overdue"]].tolist() == [True, True]
    assert found.loc["SP1", ["outcome", "next_step"]].isna().all()


@pytest.mark.parametrize(("left", "runs"), [("2026-11-19", False), ("2026-11-20", True), (None, True)])
def test_a_plan_of_a_pupil_who_left_runs_no_more_and_says_when(plans, left, runs):
    found = plans(FIRST, people={"0001": {"leaving_date": pd.Timestamp(left)}}).loc["SP1"]
    assert (found["is_running"], found["is_open"], pd.isna(found["left_on"])) == (runs, True, runs)


def test_a_pupil_whom_the_roll_has_not_is_told_and_lost_zeros_are_put_back(plans):
    found = plans(FIRST | {"pupil_id": "1"}, FIRST | {"plan_id": "SP2", "pupil_id": "77"})
    assert found["pupil_id"].to_dict() == {"SP1": "0001", "SP2": "77"}
    assert found["is_known"].to_dict() == {"SP1": True, "SP2": False}
    assert found["is_running"].to_dict() == {"SP1": True, "SP2": False}


def test_a_cohort_has_its_own_pupils_plans(plans):
    found = plans(FIRST, FIRST | {"plan_id": "SP2", "pupil_id": "0003"}, where={"year_group": (10,)})
    assert list(found.index) == ["SP2"]


def said(key, column, value, logged=None):
    saying = Saying(1, 1, 0, "workbook", value, path="plan/a/plan.xlsx")
    return CellState("plans", key, column, (saying,), logged)


def casebook(**rows):
    """A casebook with rows of plans: key to what staff wrote, and the pack in which they added it."""
    found = {
        key: RowState(
            "plans", key, "pack", {name: said(key, name, value) for name, value in cells.items()},
            pack_id="pk1", cohort="all", date_to="2026-11-13",
        )
        for key, cells in rows.items()
    }  # fmt: skip
    return State(1, "", 0, 1, {"plans": found})


def test_what_staff_wrote_on_a_sheet_is_in_the_plan_and_a_plan_they_added_is_of_that_pack_s_last_day(plans):
    known = casebook(
        SP1={"outcome": "met", "reviewed_on": "2026-11-18"}, n1={"pupil_id": "2", "target_sessions": "4.0"}
    )
    found = plans(FIRST, casebook=known)
    assert found.loc["SP1", ["outcome", "is_review_overdue", "is_in_log"]].tolist() == ["met", False, True]
    assert found.loc["n1", ["pupil_id", "target_sessions", "is_in_log"]].tolist() == ["0002", 4, False]
    assert found.loc["n1", "opened_on"] == pd.Timestamp("2026-11-13")


def test_a_row_that_staff_cleared_is_no_plan(plans):
    assert list(plans(FIRST, casebook=casebook(n1={"pupil_id": "", "lead": ""})).index) == ["SP1"]


@pytest.mark.parametrize("typed", ["four", "-4", "9" * 20, "inf", "1e400"])
def test_what_can_be_no_number_of_sessions_is_no_target_and_stops_no_pack(plans, typed):
    found = plans(FIRST, casebook=casebook(SP1={"target_sessions": typed}))
    assert pd.isna(found.loc["SP1", "target_sessions"])
