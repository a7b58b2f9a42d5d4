"""The log of actions and what staff wrote into the last pack's workbook, brought together."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.action_log import (
    count_strays,
    judge_actions,
    match_pupils,
    merge_actions,
    open_action_pupils,
    without_plan,
)

LAST_END = date(2026, 11, 6)
DATE_FROM, DATE_TO = date(2026, 11, 9), date(2026, 11, 20)
NO_ENTRIES = pd.DataFrame()


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
    """The one action "A1" of a log and of a workbook that say these things."""
    log = actions({"action_id": "A1"} | logged) if logged is not None else None
    sheet = actions({"action_id": "A1"} | written) if written is not None else NO_ENTRIES
    return merge_actions(log, sheet, LAST_END).iloc[0]


@pytest.mark.parametrize("column", ["note", "next_step", "owner", "action"])
def test_what_staff_filled_in_wins_over_the_log(column):
    assert merged_one({column: "old"}, {column: "new"})[column] == "new"


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_cell_leaves_what_the_log_says(blank):
    assert merged_one({"note": "left a message"}, {"note": blank})["note"] == "left a message"


@pytest.mark.parametrize(
    ("logged", "written", "held"),
    [
        ("open", "done", "done"),
        ("open", "in progress", "in progress"),
        ("in progress", "open", "in progress"),
        ("done", "open", "done"),
        ("done", "in progress", "done"),
        ("done", "cancelled", "cancelled"),
        ("dropped", "open", "cancelled"),
        ("open", None, "open"),
        ("waiting for a date", None, "open"),
        (None, None, "open"),
    ],
)
def test_the_status_further_along_holds(logged, written, held):
    assert merged_one({"status": logged}, {"status": written})["status"] == held


def test_an_action_only_in_the_workbook_is_kept_as_it_stands():
    found = merged_one(None, {"status": "in progress", "note": "met on Monday", "pupil_id": "0002"})
    assert (found["status"], found["note"], found["pupil_id"]) == ("in progress", "met on Monday", "0002")
    assert (found["is_in_log"], found["is_in_workbook"]) == (False, True)


def test_an_entry_that_the_log_does_not_know_is_kept_beside_it():
    merged = merge_actions(
        actions({"action_id": "A1"}), actions({"action_id": "A7", "note": "kept"}), LAST_END
    )
    assert merged["action_id"].tolist() == ["A1", "A7"]
    assert count_strays(merged, pd.Series(["0001"]))["unknown_actions"] == 1


def test_rows_that_staff_added_are_numbered_by_the_last_packs_end_in_their_order():
    sheet = actions(
        {"action_id": "A1"}, {"action_id": None, "action": "first"}, {"action_id": None, "action": "second"}
    )
    merged = merge_actions(actions({"action_id": "A1"}), sheet, LAST_END)
    assert merged[["action_id", "action"]].to_numpy().tolist()[1:] == [
        ["2026-11-06/1", "first"],
        ["2026-11-06/2", "second"],
    ]
    assert count_strays(merged, pd.Series(["0001"]))["unknown_actions"] == 0


def test_numbering_goes_on_after_those_already_given_for_the_day():
    sheet = actions({"action_id": "2026-11-06/1"}, {"action_id": "2026-10-23/5"}, {"action_id": None})
    assert merge_actions(None, sheet, LAST_END)["action_id"].tolist() == [
        "2026-11-06/1",
        "2026-10-23/5",
        "2026-11-06/2",
    ]


def test_an_added_row_without_a_date_was_raised_when_the_last_pack_ended():
    merged = merge_actions(None, actions({"action_id": None, "raised_on": None}), LAST_END)
    assert merged["raised_on"].tolist() == [pd.Timestamp(LAST_END)]


def test_nothing_is_lost_and_nothing_twice():
    log, sheet = (
        actions({"action_id": "A1"}, {"action_id": "A2"}),
        actions({"action_id": "A2"}, {"action_id": "A3"}, {"action_id": None}),
    )
    assert merge_actions(log, sheet, LAST_END)["action_id"].tolist() == ["A1", "A2", "A3", "2026-11-06/1"]


def test_no_log_and_no_workbook_give_no_action():
    assert merge_actions(None, NO_ENTRIES, LAST_END).empty


def judged(*rows, sheet=NO_ENTRIES):
    return judge_actions(merge_actions(actions(*rows), sheet, LAST_END), DATE_FROM, DATE_TO)


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
    found = judged({"action_id": "A1"}, sheet=actions({"action_id": "A1", "status": "done"}))
    assert found["standing"].tolist() == ["Done since last time"]
    assert found["completed_on"].tolist() == [pd.Timestamp(DATE_TO)]


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


def test_leading_zeros_that_a_workbook_dropped_are_put_back_where_one_pupil_fits():
    roll = pd.Series(["002103", "002104", "07", "7"])
    found = match_pupils(
        actions(*({"pupil_id": each} for each in ("2103", "002104", "7", "07", "999", None))), roll
    )
    assert found["pupil_id"].tolist() == ["002103", "002104", "7", "07", "999", None]


def test_actions_about_pupils_not_on_the_roll_file_are_counted():
    merged = merge_actions(
        actions({"action_id": "A1", "pupil_id": "999"}, {"action_id": "A2"}), NO_ENTRIES, LAST_END
    )
    assert count_strays(merged, pd.Series(["0001"])) == {"unknown_actions": 0, "unknown_pupils": 1}


def test_pupils_with_an_open_action_are_those_of_actions_not_closed():
    log = actions(
        {"action_id": "A1", "pupil_id": "0001"},
        {"action_id": "A2", "pupil_id": "0002", "status": "done"},
        {"action_id": "A3"},
    )
    assert open_action_pupils(merge_actions(log, NO_ENTRIES, LAST_END)).tolist() == ["0001"]


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
