"""The sheet of actions: what a reader sees of the log and of what staff wrote."""

import pandas as pd
import pytest

from attendance_lib.casebook.state import Beside, Notice
from attendance_lib.intake.schema import ACTIONS, INTERVENTIONS
from attendance_lib.intake.staff.cells import ACTION_STATUSES
from attendance_lib.papers.fortnightly.actions import (
    action_counts,
    actions,
    actions_to_enter,
    differing_actions,
    pupils_without_plan,
    told_of_files_since,
)
from tests.known_state import cell, known, printed

LOG = (
    {
        "action_id": "A1",
        "pupil_id": "0001",
        "raised_on": "2026-10-20",
        "action": "Ring home",
        "due_date": "2026-11-03",
        "status": "open",
    },
    {
        "action_id": "A2",
        "pupil_id": "0002",
        "raised_on": "2026-10-20",
        "action": "Home visit",
        "due_date": "2026-12-01",
        "status": "in progress",
    },
    {
        "action_id": "A3",
        "pupil_id": "0003",
        "raised_on": "2026-11-06",
        "action": "Letter",
        "status": "done",
        "completed_on": "2026-11-10",
    },
    {
        "action_id": "A4",
        "pupil_id": "0004",
        "raised_on": "2026-09-08",
        "action": "Meeting",
        "status": "done",
        "completed_on": "2026-09-20",
    },
    {
        "action_id": "A5",
        "pupil_id": None,
        "raised_on": "2026-11-10",
        "action": "Check the gate",
        "status": "open",
    },
)
WEEKS = [f"2026-09-{day:02d}" for day in (7, 8, 9, 10, 11, 14)]  # 12 of 102 sessions


@pytest.fixture
def log(make_log):
    return make_log(*LOG, columns=ACTIONS.column_names)


def standing(table):
    return dict(zip(table.frame["action_id"], table.frame["standing"], strict=True))


def test_the_sheet_holds_what_was_not_closed_before_the_period(make_pack, log):
    found = standing(actions(make_pack(actions=log)))
    assert found == {"A1": "Overdue", "A2": "In progress", "A5": "To do", "A3": "Done since last time"}


def test_names_stand_beside_identifiers(make_pack, log):
    frame = actions(make_pack(actions=log)).frame.set_index("action_id")
    assert frame.loc["A1", "pupil_name"] == "Abara, Ada"
    assert pd.isna(frame.loc["A5", "pupil_name"])


def test_the_sentences_say_what_became_of_the_actions_agreed(make_pack, log):
    assert action_counts(make_pack(actions=log)).items == (
        "Of 3 actions agreed by 6 November 2026 and not closed before, 1 is done, 1 overdue and 1 in progress and not overdue.",
        "Of 1 action agreed in this period, 1 is still to do and not yet due.",
    )


def test_no_action_at_all_is_said(make_pack, log):
    assert action_counts(make_pack(actions=log.iloc[:0])).items == (
        "No action agreed by 6 November 2026 and not closed before.",
    )


def test_a_log_that_is_not_exported_is_said_with_what_to_do(make_pack):
    pack = make_pack()
    assert action_counts(pack).items[-1].startswith("No log of actions is exported. To add it")
    assert actions(pack).empty_text == "No action is open, and none was closed in this period."
    assert actions(pack).blank_rows == 25


def test_a_cohort_sees_its_own_actions_and_the_whole_school_all(make_pack, log):
    assert set(standing(actions(make_pack(actions=log, where={"year_group": (9,)})))) == {"A1", "A2"}


def test_staff_choose_among_the_statuses_that_can_be_read_back(make_pack):
    columns = {column.name: column for column in actions(make_pack()).columns}
    assert columns["status"].choices == ACTION_STATUSES
    assert all(columns[name].editable for name in ("status", "completed_on", "note", "next_step"))


def test_what_staff_wrote_is_in_the_next_pack(make_pack, log):
    written = {
        "A1": {"status": "done", "note": "spoke to parent"},
        "A2": {"next_step": "visit again"},
        "2026-11-06/1": {"pupil_id": "4", "action": "Write a plan", "owner": "SENCo", "status": "open"},
    }
    last = printed({"A1": "open", "A2": "in progress"})
    state = known(written, logged=("A1", "A2"), prints=[last])
    frame = actions(make_pack(actions=log, casebook=state)).frame.set_index("action_id")
    assert frame.loc["A1", ["standing", "note"]].tolist() == ["Done since last time", "spoke to parent"]
    assert frame.loc["A2", "next_step"] == "visit again"
    assert frame.loc["2026-11-06/1", ["pupil_id", "action", "owner", "standing"]].tolist() == [
        "0004",
        "Write a plan",
        "SENCo",
        "To do",
    ]


def test_a_casebook_in_which_nobody_wrote_anything_changes_nothing(make_pack, log):
    alone = actions(make_pack(actions=log)).payload()
    assert actions(make_pack(actions=log, casebook=known({}))).payload() == alone


def test_entries_that_the_log_and_the_roll_do_not_know_are_kept_and_told(make_pack, log):
    state = known({"Z9": {"action": "Meet", "pupil_id": "777"}})
    pack = make_pack(actions=log, casebook=state)
    assert "Z9" in standing(actions(pack))
    assert action_counts(pack).items[-2:] == (
        "1 action of earlier packs is not in the log; kept here.",
        "1 action names a pupil who is not on the roll.",
    )


def test_an_action_dated_after_the_period_is_listed_with_a_warning(make_pack, log):
    pack = make_pack(actions=log, casebook=known({"N1": {"action": "Meet", "raised_on": "2062-11-10"}}))
    assert standing(actions(pack))["N1"] == "To do"
    assert "1 action says that it was agreed after this period: check the day." in action_counts(pack).items


@pytest.mark.parametrize(("added_in", "is_shown"), [("chosen", True), ("all", False), ("year_11", False)])
def test_an_action_about_nobody_is_in_the_pack_of_the_cohort_it_was_added_for(
    make_pack, log, added_in, is_shown
):
    state = known({"N1": {"action": "Assembly"}}, cohort=added_in)
    own = actions(make_pack(actions=log, casebook=state, where={"year_group": (9,)}))
    assert ("N1" in standing(own)) == is_shown
    assert "N1" in standing(actions(make_pack(actions=log, casebook=state)))


def test_words_that_differ_stand_side_by_side_with_where_they_were_written(make_pack, log):
    state = known({"A1": {"note": ["rang home", "spoke to gran", "rang home", ""]}}, logged=("A1",))
    (row,) = differing_actions(make_pack(actions=log, casebook=state)).frame.to_dict("records")
    assert row == {
        "cell": "actions, A1, note",
        "row_key": "A1",
        "field": "Note",
        "shown": "rang home",
        "others": "spoke to gran (copy 2.xlsx); (blank) (copy 4.xlsx)",
        "settled": None,
    }


def test_words_that_the_log_does_not_say_are_to_be_entered_there(make_pack, log):
    state = known({"A1": {}, "N1": {"action": "Meet"}}, logged=("A1",))
    state.rows["actions"]["A1"].cells["owner"] = cell("A1", "owner", "Tutor", logged="HoY 7")
    state.rows["actions"]["A1"].cells["note"] = cell("A1", "note", "same", logged="same")
    frame = actions_to_enter(make_pack(actions=log, casebook=state)).frame
    assert frame[["row_key", "field", "shown", "logged"]].to_numpy().tolist() == [
        ["N1", "All of it", "Meet", "(not there)"],
        ["A1", "Owner", "Tutor", "HoY 7"],
    ]


NOTICES = (
    Notice("old.xlsx", "told before", revision=1),
    Notice("a.xlsx", "a column is none of the pack's", "", "actions", "", "Parent said", revision=3),
    Notice("a.xlsx", "taken back", "", "actions", "", "note", "rang Ada", "A1", revision=3),
    Notice("a.xlsx", "taken back", "", "actions", "", "note", "rang Cy", "A3", revision=3),
)
BESIDE = (
    Beside(3, "a.xlsx", "actions", "A3", "Parent said", "will ring", "M. Okafor"),
    Beside(3, "a.xlsx", "actions", "A1", "Parent said", "rang Ada"),
    Beside(1, "a.xlsx", "actions", "A1", "Parent said", "told before"),
)


def test_what_was_found_in_files_since_the_last_pack_is_told_with_the_words(make_pack, log):
    state = known({}, notices=NOTICES, beside=BESIDE, prints=[printed({})])
    frame = told_of_files_since(make_pack(actions=log, casebook=state)).frame
    assert frame[["place", "what", "words"]].to_numpy().tolist() == [
        ["actions, Parent said", "a column is none of the pack's", ""],
        ["actions, A1, note", "taken back", "rang Ada"],
        ["actions, A3, note", "taken back", "rang Cy"],
        ["actions, A3, Parent said", "written by M. Okafor beside the table", "will ring"],
    ]


def test_a_cohort_is_told_no_words_about_others(make_pack, log):
    state = known({}, notices=NOTICES, beside=BESIDE)
    frame = told_of_files_since(make_pack(actions=log, casebook=state, where={"year_group": (9,)})).frame
    # A1 is about a pupil of year 9, A3 is not.
    assert frame["words"].tolist() == ["", "", "rang Ada", "told before"]


ABSENCES = {"0001": {"O": WEEKS}, "0002": {"I": WEEKS}, "0003": {"I": WEEKS}, "0004": {"I": WEEKS[:4]}}


def test_pupils_over_a_line_without_action_or_intervention_are_listed(make_pack, make_log, log):
    mentor = {"pupil_id": "0003", "intervention": "Mentor", "tier": "2", "start_date": "2026-10-05"}
    pack = make_pack(
        ABSENCES, actions=log.iloc[[1]], interventions=make_log(mentor, columns=INTERVENTIONS.column_names)
    )
    frame = pupils_without_plan(pack).frame  # 0002 has an open action, 0003 a mentor; 0004 is over no line
    assert frame[["pupil_name", "lines"]].to_numpy().tolist() == [
        ["Abara, Ada", "Persistent absence, notice threshold, local referral trigger"]
    ]
    assert frame["rules_met"].tolist() == ["National framework; 10 sessions in a term"]


def test_the_note_counts_those_over_a_line_and_names_the_logs_that_are_missing(make_pack, log):
    note = pupils_without_plan(make_pack(ABSENCES, actions=log)).note
    assert note.startswith("1 of 3 pupils over a line")
    assert "No log of interventions or penalty notices" in note


def test_nobody_over_a_line_is_said(make_pack):
    assert pupils_without_plan(make_pack()).empty_text == "Nobody is over a line."


@pytest.mark.parametrize("section", [actions, pupils_without_plan])
def test_names_and_identifiers_are_personal_and_every_column_has_a_meaning(make_pack, section):
    columns = {column.name: column for column in section(make_pack()).columns}
    assert columns["pupil_name"].personal
    assert columns["pupil_id"].personal
    assert all(column.meaning for column in columns.values())


def test_actions_about_leavers_stand_apart(make_pack, log):
    pack = make_pack(actions=log)
    pupils = pack.school.pupils
    pupils.loc[pupils["pupil_id"] == "0001", "leaving_date"] = pd.Timestamp("2026-11-12")
    assert standing(actions(pack))["A1"] == "Pupil has left"
    assert "1 about pupils who have left, to be closed or handed on" in action_counts(pack).items[0]
