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
