"""The sheet of actions: what a reader sees, and the way to the workbook and back."""

import pandas as pd
import pytest
from openpyxl import load_workbook

from attendance_lib.display.workbook import WorkbookProperties, write_workbook
from attendance_lib.intake.pack_workbook import ACTION_STATUSES, read_pack_actions
from attendance_lib.intake.schema import ACTIONS, INTERVENTIONS
from attendance_lib.sections.actions import action_counts, actions, pupils_without_plan

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
PROPERTIES = WorkbookProperties("Pack", "School", "9 to 20 November 2026", "", "2026-11-20")
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
    assert actions(pack).empty_text == action_counts(pack).items[-1]
    assert actions(pack).blank_rows == 25


def test_a_cohort_sees_its_own_actions_and_the_whole_school_all(make_pack, log):
    assert set(standing(actions(make_pack(actions=log, where={"year_group": (9,)})))) == {"A1", "A2"}


def test_staff_choose_among_the_statuses_that_can_be_read_back(make_pack):
    columns = {column.name: column for column in actions(make_pack()).columns}
    assert columns["status"].choices == ACTION_STATUSES
    assert all(columns[name].editable for name in ("status", "completed_on", "note", "next_step"))


def filled_in(table, path, cells, new):
    """Write a table as a workbook, fill in cells (action and column to value) and a new row, and read it back."""
    write_workbook([table.payload()], path, PROPERTIES)
    book = load_workbook(path)
    sheet = book["actions"]
    headings = {column.heading: column.name for column in table.columns}
    header = next(row for row in sheet.iter_rows() if row[0].value == table.columns[0].heading)
    place = {headings[cell.value]: cell.column for cell in header}
    rows = {sheet.cell(row, 1).value: row for row in range(header[0].row + 1, sheet.max_row + 1)}
    for (action, column), value in cells.items():
        sheet.cell(rows[action], place[column]).value = value
    first_blank = header[0].row + 1 + len(table.frame)
    for column, value in new.items():
        sheet.cell(first_blank, place[column]).value = value
    book.save(path)
    return read_pack_actions(path)


def test_what_staff_write_into_the_workbook_is_in_the_next_pack(make_pack, log, tmp_path):
    cells = {("A1", "status"): "done", ("A1", "note"): "spoke to parent", ("A2", "next_step"): "visit again"}
    new = {"pupil_id": "4", "action": "Write a plan", "owner": "SENCo", "status": "open"}
    entries = filled_in(actions(make_pack(actions=log)), tmp_path / "pack.xlsx", cells, new)
    frame = actions(make_pack(actions=log, staff_entries=entries)).frame.set_index("action_id")
    assert frame.loc["A1", ["standing", "note"]].tolist() == ["Done since last time", "spoke to parent"]
    assert frame.loc["A2", "next_step"] == "visit again"
    assert frame.loc["2026-11-06/1", ["pupil_id", "action", "owner", "standing"]].tolist() == [
        "0004",
        "Write a plan",
        "SENCo",
        "To do",
    ]


def test_an_untouched_workbook_changes_nothing(make_pack, log, tmp_path):
    table = actions(make_pack(actions=log))
    entries = filled_in(table, tmp_path / "pack.xlsx", {}, {})
    again = actions(make_pack(actions=log, staff_entries=entries))
    assert again.payload()["rows"] == table.payload()["rows"]


def test_entries_that_the_log_and_the_roll_do_not_know_are_kept_and_told(make_pack, log):
    entries = log.iloc[[0]].assign(action_id="Z9", pupil_id="777", next_step=None)
    pack = make_pack(actions=log, staff_entries=entries)
    assert "Z9" in standing(actions(pack))
    assert action_counts(pack).items[-2:] == (
        "1 action of the last workbook is not in the log; kept here.",
        "1 action names a pupil who is not on the roll.",
    )


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
