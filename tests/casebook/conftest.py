"""Desks at which a casebook is kept: of three actions in the log, and of one of which the workbook has been read."""

import pytest

from attendance_lib.display.workbook.book import write_workbook
from tests.casebook.desk import P1, Desk, log
from tests.casebook.returned_packs import ACTIONS, GROUPS, PROPERTIES


@pytest.fixture
def desk(tmp_path):
    """Three actions in the log, and a pack of them at P1."""
    desk = Desk(tmp_path, log())
    desk.make(P1)
    return desk


@pytest.fixture
def read_desk(tmp_path):
    """One action in the log, and a note on it read from a pack at P1."""
    desk = Desk(tmp_path, {"A0021": {"pupil_id": "002103", "action": "Ring home", "status": "open"}})
    desk.make(P1)
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    return desk


@pytest.fixture
def desk_of_two(tmp_path):
    """Two actions in the log, one of a pupil whose number has letters, and a pack of them at P1."""
    desk_of_two = Desk(
        tmp_path,
        {
            "A0021": {"pupil_id": "LZ2103", "action": "Ring home", "owner": "KS", "status": "open"},
            "A0022": {"pupil_id": "002104", "action": "Meet parents", "owner": "TB", "status": "open"},
        },
    )
    desk_of_two.make(P1)
    return desk_of_two


@pytest.fixture
def pack(tmp_path):
    path = tmp_path / "fortnightly.xlsx"
    write_workbook([ACTIONS.payload(), GROUPS.payload()], path, PROPERTIES)
    return path
