"""The log of actions and what the casebook knows that staff wrote, brought together."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.action_log import (
    count_strays,
    judge_actions,
    merge_actions,
    open_action_pupils,
    without_plan,
)
from tests.known_state import cell, known, printed

DATE_FROM, DATE_TO = date(2026, 11, 9), date(2026, 11, 20)


def actions(*rows):
    """Actions given as dictionaries of the cells that are filled in."""
    base = {"raised_on": "2026-10-20", "action": "Ring home", "status": "open"}
    names = [
        "action_id",
        "pupil_id",
        "raised_on",
        "action",
        "owner",
        "due_date",
        "status",
        "completed_on",
        "note",
        "next_step",
    ]
    return pd.DataFrame([base | row for row in rows]).reindex(columns=names)


def merged_one(logged=None, written=None):
    """The one action "A1" of a log and of a casebook that say these things."""
    log = actions({"action_id": "A1"} | logged) if logged is not None else None
    state = known({"A1": written}, logged=("A1",) if log is not None else ()) if written is not None else None
    return merge_actions(log, state).iloc[0]


@pytest.mark.parametrize("column", ["note", "next_step", "owner", "action"])
def test_what_the_casebook_shows_wins_over_the_log(column):
    assert merged_one({column: "old"}, {column: "new"})[column] == "new"


def test_what_the_casebook_shows_as_the_logs_own_word_is_the_logs_as_it_is_now():
    state = known({"A1": {}}, logged=("A1",))
    state.rows["actions"]["A1"].cells["owner"] = cell("A1", "owner", "HoY 7", source="log", logged="HoY 7")
    assert merge_actions(actions({"action_id": "A1", "owner": "Head"}), state)["owner"].tolist() == ["Head"]


def test_a_cleared_cell_is_blank_whatever_the_log_says():
    assert merged_one({"note": "left a message"}, {"note": ""})["note"] is None


@pytest.mark.parametrize(
    ("logged", "written", "held"),
    [
        ("open", "done", "done"),
        ("done", "open", "open"),
        ("open", None, "open"),
        ("dropped", None, "cancelled"),
        ("waiting for a date", None, "open"),
        ("open", "sometime", "open"),
        (None, None, "open"),
    ],
)
def test_the_status_is_the_one_shown_in_our_words(logged, written, held):
    said = {} if written is None else {"status": written}
    assert merged_one({"status": logged}, said)["status"] == held


def test_an_action_that_staff_added_is_there_with_where_it_was_added():
    found = merged_one(None, {"action": "Meet", "status": "in progress", "pupil_id": "0002"})
    assert (found["status"], found["action"], found["pupil_id"]) == ("in progress", "Meet", "0002")
    assert (found["is_in_log"], found["added_in"], found["raised_on"]) == (
        False,
        "all",
        pd.Timestamp("2026-11-06"),
    )


@pytest.mark.parametrize(
    ("raised", "expected"), [("2026-11-03", "2026-11-03"), ("31/31/2026", "2026-11-06"), ("", "2026-11-06")]
)
def test_an_added_action_without_a_day_that_can_be_read_is_of_its_meeting(raised, expected):
    assert merged_one(None, {"action": "Meet", "raised_on": raised})["raised_on"] == pd.Timestamp(expected)


def test_nothing_is_lost_and_nothing_twice():
    log = actions({"action_id": "A1"}, {"action_id": "A2"})
    state = known({"A3": {"action": "Meet"}, "A2": {"note": "x"}}, logged=("A2",))
    assert merge_actions(log, state)["action_id"].tolist() == ["A1", "A2", "A3"]


def test_a_row_of_which_every_cell_was_cleared_is_none():
    assert merge_actions(None, known({"A3": {"action": "", "note": ""}})).empty


def test_no_log_and_no_casebook_give_no_action():
    assert merge_actions(None, None).empty


def judged(*rows, state=None, last=None):
    return judge_actions(merge_actions(actions(*rows) if rows else None, state), DATE_FROM, DATE_TO, last)


@pytest.mark.parametrize(
    ("cells", "standing"),
    [
        ({"status": "open", "due_date": "2026-11-19"}, "Overdue"),
        ({"status": "open", "due_date": "2026-11-20"}, "To do"),
        ({"status": "open"}, "To do"),
        ({"status": "in progress", "due_date": "2026-11-13"}, "Overdue"),
        ({"status": "in progress", "due_date": "2026-12-04"}, "In progress"),
        ({"status": "done", "completed_on": "2026-11-09", "due_date": "2026-11-06"}, "Done since last time"),
        ({"status": "cancelled", "completed_on": "2026-11-12"}, "Cancelled since last time"),
    ],
)
def test_each_action_stands_somewhere(cells, standing):
    assert judged({"action_id": "A1"} | cells)["standing"].tolist() == [standing]


@pytest.mark.parametrize(
    "cells",
    [
        {"status": "done", "completed_on": "2026-11-08"},
        {"status": "dropped"},
        {"status": "open", "raised_on": "2026-11-21"},
    ],
)
def test_what_was_closed_before_the_period_or_agreed_after_it_is_left_out(cells):
    assert judged({"action_id": "A1"} | cells).empty


def test_an_action_that_staff_closed_without_a_date_is_dated_by_the_periods_last_day():
    state = known({"A1": {"status": "done"}}, logged=("A1",))
    found = judged({"action_id": "A1"}, state=state, last=printed({"A1": "open"}))
    assert found["standing"].tolist() == ["Done since last time"]
    assert found["completed_on"].tolist() == [pd.Timestamp(DATE_TO)]


@pytest.mark.parametrize("day", ["2026-10-30", "2026-11-06", "2026-11-08", "2026-11-20"])
def test_what_the_last_pack_printed_as_open_and_is_done_counts_as_done_since_whatever_its_day(day):
    done = {"action_id": "A1", "status": "done", "completed_on": day}
    assert judged(done, last=printed({"A1": "in progress"}))["standing"].tolist() == ["Done since last time"]


@pytest.mark.parametrize("day", ["2026-10-30", "2026-11-12"])
def test_what_the_last_pack_printed_as_done_is_not_told_again(day):
    assert judged(
        {"action_id": "A1", "status": "done", "completed_on": day}, last=printed({"A1": "done"})
    ).empty


@pytest.mark.parametrize(
    ("day", "is_listed"), [("2026-11-05", False), ("2026-11-06", True), ("2026-11-08", True)]
)
def test_what_the_last_pack_did_not_print_is_done_since_its_last_day(day, is_listed):
    found = judged({"action_id": "A1", "status": "done", "completed_on": day}, last=printed({"A2": "open"}))
    assert len(found) == is_listed


@pytest.mark.parametrize(
    ("raised", "is_late"), [("2026-11-20", False), ("2026-11-21", True), ("2062-11-20", True)]
)
def test_an_added_action_dated_after_the_period_is_listed_as_late(raised, is_late):
    found = judged(state=known({"N1": {"action": "Meet", "raised_on": raised}}))
    assert found[["action_id", "is_late"]].to_numpy().tolist() == [["N1", is_late]]


def test_days_overdue_are_counted_from_the_day_it_was_due():
    found = judged(
        {"action_id": "A1", "due_date": "2026-11-13"}, {"action_id": "A2", "due_date": "2026-11-27"}
    )
    assert found["days_overdue"].tolist() == [7, pd.NA]


def test_overdue_actions_come_first_the_longest_overdue_at_the_top():
    found = judged(
        {"action_id": "A1", "due_date": "2026-12-01"},
        {"action_id": "A2", "status": "done", "completed_on": "2026-11-12"},
        {"action_id": "A3", "due_date": "2026-11-12"},
        {"action_id": "A4", "due_date": "2026-11-02"},
        {"action_id": "A5", "status": "in progress"},
    )
    assert found["action_id"].tolist() == ["A4", "A3", "A5", "A1", "A2"]


def test_actions_about_pupils_not_on_the_roll_file_are_counted():
    merged = merge_actions(actions({"action_id": "A1", "pupil_id": "999"}, {"action_id": "A2"}), None)
    assert count_strays(merged, pd.Series(["0001"])) == {"unknown_actions": 0, "unknown_pupils": 1}


def test_pupils_with_an_open_action_are_those_of_actions_not_closed():
    log = actions(
        {"action_id": "A1", "pupil_id": "0001"},
        {"action_id": "A2", "pupil_id": "0002", "status": "done"},
        {"action_id": "A3"},
    )
    assert open_action_pupils(merge_actions(log, None)).tolist() == ["0001"]


def support(**counts):
    return pd.DataFrame(
        {"pupil_id": ["0001"], "interventions_now": [0], "formal_support_now": [0]}
        | {k: [v] for k, v in counts.items()}
    )


OVER_A_LINE = pd.DataFrame({"pupil_id": ["0001"], "absence_rate": [0.12]})


@pytest.mark.parametrize(
    ("counts", "with_action", "is_listed"),
    [
        ({}, [], True),
        ({"interventions_now": pd.NA, "formal_support_now": pd.NA}, [], True),
        ({"interventions_now": 1}, [], False),
        ({"formal_support_now": 1}, [], False),
        ({}, ["0001"], False),
        ({}, ["0002"], True),
    ],
)
def test_a_pupil_has_no_plan_without_action_intervention_or_contract(counts, with_action, is_listed):
    assert (len(without_plan(OVER_A_LINE, support(**counts), with_action)) == 1) == is_listed


def test_pupils_without_a_plan_are_listed_most_absent_first():
    pupils = pd.DataFrame({"pupil_id": ["0001", "0002", "0003"], "absence_rate": [0.12, 0.6, 0.12]})
    listed = without_plan(pupils, support().iloc[:0], [])
    assert listed["pupil_id"].tolist() == ["0002", "0001", "0003"]


def test_nothing_about_a_pupil_who_has_left_is_overdue():
    rows = (
        {"action_id": "A1", "pupil_id": "1", "due_date": "2026-03-03"},
        {"action_id": "A2", "pupil_id": "2", "due_date": "2026-03-03"},
        {"action_id": "A3", "pupil_id": "1", "status": "done", "completed_on": "2026-11-10"},
    )
    found = judge_actions(merge_actions(actions(*rows), None), DATE_FROM, DATE_TO, left=["1"])
    assert dict(zip(found["action_id"], found["standing"], strict=True)) == {
        "A1": "Pupil has left", "A2": "Overdue", "A3": "Done since last time",
    }  # fmt: skip
    # From 3 March to 20 November 2026 are 28 + 30 + 31 + 30 + 31 + 31 + 30 + 31 + 20 days.
    assert found.set_index("action_id")["days_overdue"].dropna().to_dict() == {"A2": 262}


def test_what_staff_add_at_a_meeting_is_of_the_meeting_and_not_of_the_pack_s_last_day():
    """The pack ends on Friday 6 November, the meeting is on Tuesday the 10th; a day that staff wrote stands."""
    state = known({"N1": {"action": "Ring"}, "N2": {"action": "Visit", "raised_on": "2026-11-05"}})
    meetings = {date(2026, 11, 6): date(2026, 11, 10)}
    found = merge_actions(None, state, meetings).set_index("action_id")["raised_on"]
    assert found.astype(str).to_dict() == {"N1": "2026-11-10", "N2": "2026-11-05"}
    assert merge_actions(None, state)["raised_on"].astype(str).tolist() == ["2026-11-06", "2026-11-05"]
