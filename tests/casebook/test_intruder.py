"""Ways in which people, drives and second machines break what staff wrote, each tried once and mended."""

from copy import deepcopy

import pytest

from attendance_lib.casebook.sheets import ReturnedFile
from tests.casebook.desk import Desk
from tests.casebook.test_cases import P1, log

LOCAL = "local/fortnightly.xlsx"


@pytest.fixture
def desk(tmp_path):
    """Three actions in the log, and a pack of them at P1."""
    desk = Desk(tmp_path, log())
    desk.make(P1)
    return desk


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
