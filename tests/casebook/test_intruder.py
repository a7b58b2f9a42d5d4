"""Ways in which people, drives and second machines break what staff wrote, each tried once and mended."""

import shutil
import time
from copy import deepcopy
from dataclasses import replace
from datetime import date

from attendance_lib.casebook.book import Found
from attendance_lib.casebook.sheets import (
    DIFFERING,
    SETTLED,
    PrintedColumn,
    PrintedPack,
    PrintedRow,
    PrintedSheet,
    ReturnedFile,
    ReturnedRow,
    ReturnedSheet,
    cell_key,
)
from tests.casebook.desk import P1, P2, Desk, Row

LOCAL = "local/fortnightly.xlsx"


# Files


class Foreign:
    """A file that belongs to no pack: one that cannot be opened, or somebody's list."""

    changed = 0

    def __init__(self, sha256, problem=""):
        self.sha256, self.problem = sha256, problem

    def returned(self, path):
        return ReturnedFile(path, self.sha256, (), problem=self.problem)


def test_two_equal_files_of_no_pack_stop_nothing(desk):
    """Two that are half synced, say: 0 bytes both."""
    for name in ("one.xlsx", "two.xlsx"):
        desk.files[name] = Foreign("e3b0", "the file is empty")
    desk.fill(P1, "A0021", note="rang")
    desk.run()
    assert desk.said("A0021", "note") == ["rang"]
    assert desk.told().count("the file is empty") == 2
    desk.files["three.xlsx"] = Foreign("e3b0", "the file is empty")
    desk.run()
    assert "three.xlsx" in desk.told()


def test_a_drive_that_comes_back_beside_its_copy_answers_no_word_of_the_copy(desk):
    desk.fill(P1, "A0021", note="on the drive")
    desk.run()
    drive = desk.files.pop(P1)
    desk.files[LOCAL] = deepcopy(drive)
    desk.run()
    desk.files[P1] = drive
    desk.fill(LOCAL, "A0021", note="on the copy")
    desk.run()
    desk.fill(P1, "A0022", note="another word on the drive")
    desk.run()
    assert sorted(desk.said("A0021", "note")) == ["on the copy", "on the drive"]


# Rows


def test_an_action_moved_down_for_another_with_the_same_words_is_not_swallowed(desk):
    first = desk.add(P1, pupil_id="002103", action="Ring home")
    desk.run()
    rows = desk.files[P1].rows
    below = rows[rows.index(first) + 1]
    below.cells, first.cells = first.cells, {"Pupil ID": "002105", "What": "Ring home"}
    desk.touch(P1)
    desk.run()
    added = [key for key in desk.rows() if key.startswith("2026")]
    assert [desk.said(key, "pupil_id") for key in added] == [["002103"], ["002105"]]


def test_a_row_copied_without_its_number_for_another_action_of_the_pupil_is_another(desk):
    rows = desk.files[P1].rows
    copy = deepcopy(rows[0])
    copy.cells |= {"Action": None, "What": "Visit them at home", "Note": "both parents"}
    rows.insert(1, copy)
    desk.touch(P1)
    desk.run()
    assert (desk.said("A0021", "action"), desk.said("A0021", "note")) == (["Ring home"], [])
    (added,) = [key for key in desk.rows() if key.startswith("2026")]
    assert (desk.shown(added, "action"), desk.shown(added, "note")) == ("Visit them at home", "both parents")


def test_a_table_sorted_in_part_is_told(desk):
    """The numbers moved, and the notes and hidden marks did not: nobody can tell for certain whose the notes are."""
    rows = desk.files[P1].rows
    stayed = [(row.token, row.cells["Note"]) for row in rows]
    rows[0], rows[1] = rows[1], rows[0]
    for row, (token, note) in zip(rows, stayed, strict=True):
        row.token, row.cells["Note"] = token, note
    desk.touch(P1)
    desk.run()
    assert "rows 6, 7 were moved in part" in desk.told()


def test_a_day_typed_the_american_way_does_not_turn_its_neighbours_in_silence(desk):
    desk.fill(P1, "A0021", due_date="05/10/2026")
    desk.fill(P1, "A0022", due_date="10/15/2026")
    desk.run()
    assert "column 'Due': days typed here as text are read with the month first" in desk.told()


def test_a_status_filled_down_past_the_table_makes_no_actions_and_is_told(desk):
    rows = desk.files[P1].rows
    rows += [Row("", {}) for _ in range(20)]
    for row in rows:
        row.cells["Status"] = "done"
    desk.touch(P1)
    desk.run()
    assert desk.rows() == ["A0021", "A0022", "A0023"]
    assert desk.said("A0021", "status") == ["done"]
    assert "row 9 to 32: 24 rows say neither whom nor what" in desk.told()
    assert [word.value for word in desk.book.state().beside] == ["done"]


def test_two_thousand_rows_pasted_take_seconds(desk):
    rows = desk.files[P1].rows
    rows += [Row("", {"Pupil ID": f"{number:06}", "What": f"Thing {number}"}) for number in range(2000)]
    desk.touch(P1)
    begun = time.process_time()
    desk.run()
    assert time.process_time() - begun < 6
    assert len(desk.rows()) == 2003


# Sheets and copies of the casebook


def test_last_time_s_table_kept_on_a_sheet_of_its_own_turns_nothing_back(desk):
    old = desk.files[P1].returned(P1).sheets[0]
    desk.log["A0021"]["owner"] = "MP"
    desk.make(P2)
    desk.files[P2].others = (replace(old, name="last time"),)
    desk.fill(P2, "A0022", note="rang")
    desk.run()
    assert (desk.said("A0021", "owner"), desk.said("A0022", "note")) == (["MP"], ["rang"])


def test_what_is_written_on_last_time_s_sheet_counts_as_said_then(desk):
    desk.make(P2)
    desk.fill(P1, "A0021", note="late")
    old = desk.files.pop(P1).returned(P1).sheets[0]
    desk.files[P2].others = (replace(old, name="last time"),)
    desk.fill(P2, "A0022", note="rang")
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0022", "note")) == (["late"], ["rang"])
    revision = desk.last.revision
    desk.resave(P2)
    desk.run()
    assert (desk.said("A0021", "note"), desk.told()) == (["late"], "")
    assert desk.book.state().basis == desk.book.state(revision).basis


def test_a_second_sheet_of_the_same_table_is_told(desk):
    paper = desk.files[P1]
    paper.others = (replace(paper.returned(P1).sheets[0], name="actions (2)"),)
    desk.fill(P1, "A0021", note="rang")
    desk.run()
    assert desk.said("A0021", "note") == ["rang"]
    assert "sheet 'actions (2)': this sheet is read as 'actions' too" in desk.told()


def test_what_was_erased_does_not_come_back_with_a_copy_of_the_casebook(desk, tmp_path):
    folder = tmp_path / "PC7"
    folder.mkdir()
    shutil.copy(desk.book.path, folder)
    other = Desk(folder, deepcopy(desk.log), dict(desk.files), desk.clock, desk.packs)
    other.copy(P1, P1)
    other.fill(P1, "A0021", note="secret words")
    other.fill(P1, "A0022", note="others")
    other.add(P1, pupil_id="002103", action="Secret visit")
    other.make(P2)
    desk.book.erase("002103", "later")
    shutil.copy(other.book.path, desk.folder / "casebook-990001-PC7.sqlite")
    desk.run()
    assert desk.said("A0022", "note") == ["others"]
    content = desk.book.path.read_bytes()
    for word in (b"002103", b"secret words", b"Secret visit", b"Ring home"):
        assert word not in content
    assert desk.book.check() == []


def test_a_row_typed_where_statements_are_settled_is_kept_and_told(desk):
    columns = (PrintedColumn("cell", "Cell"), PrintedColumn(SETTLED, "Settled", is_editable=True))
    key = cell_key("actions", "A0021", "note")
    sheet = PrintedSheet(DIFFERING, columns, (PrintedRow("001", key, (key, None)),), "cell")
    day = date(2026, 9, 18)
    pack = PrintedPack("990001", "fortnightly", day, day, "", desk.book.state().basis, (sheet,))
    desk.book.register_pack(pack, P2, "2", desk.tick())
    rows = (
        ReturnedRow(6, pack.token_text(sheet.rows[0]), (key, "settled")),
        ReturnedRow(7, "", (None, "and ring the GP")),
    )
    file = ReturnedFile(P2, "3", (ReturnedSheet(DIFFERING, ("Cell", "Settled"), rows, ("cell", SETTLED)),))
    told = desk.book.take_in(Found((file,)), desk.tick())
    assert desk.said("A0021", "note") == ["settled"]
    assert ["this row is none of those to be settled" in notice.line for notice in told.notices] == [True]
    assert [word.value for word in desk.book.state().beside] == ["and ring the GP"]


def test_what_another_machine_erased_is_not_read_again_in_the_run_that_hears_of_it(desk, tmp_path):
    folder = tmp_path / "PC7"
    folder.mkdir()
    shutil.copy(desk.book.path, folder)
    other = Desk(folder, deepcopy(desk.log), dict(desk.files), desk.clock, desk.packs)
    other.book.erase("002103", "later")
    desk.fill(P1, "A0022", note="others")
    desk.run()
    shutil.copy(other.book.path, desk.folder / "casebook-990001-PC7.sqlite")
    desk.fill(P1, "A0021", note="secret words")
    desk.run()
    assert b"secret words" not in desk.book.path.read_bytes()
