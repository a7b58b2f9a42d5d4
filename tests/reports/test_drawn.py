"""A draw as it lies in a pack is drawn again from its list; whatever does not follow, or cannot be read, is said."""

import json

import pytest

from attendance_lib.reports.drawn import draw_findings, draw_notes
from attendance_lib.rules.draw import TicketList, record_of

TICKETS = TicketList("raffle 2026-11-16 2026-11-20", "as ever", 2, 1, ("p1", "p1", "p2", "p3", "p4"))


@pytest.fixture
def pack(tmp_path):
    """A pack in which the draw was held with a public value."""
    (tmp_path / "list.txt").write_text(TICKETS.text, encoding="utf-8", newline="\n")
    put(tmp_path, record_of(TICKETS, "4 8 15", []))
    return tmp_path


def put(pack, record):
    (pack / "draw.json").write_text(json.dumps(record), encoding="utf-8")


def test_a_draw_as_it_was_held_has_no_fault_and_says_what_to_compare(pack):
    faults, notes = draw_findings(pack)
    assert faults == []
    (note,) = notes
    assert note.startswith("draw raffle 2026-11-16 2026-11-20, drawn with 4 8 15: ")
    assert TICKETS.hash in note


def test_before_it_is_drawn_the_list_alone_can_be_compared():
    (note,) = draw_notes(record_of(TICKETS, "", []))
    assert ", not drawn yet: " in note


def test_another_winner_is_a_fault(pack):
    record = record_of(TICKETS, "4 8 15", [])
    record["winners"][0]["pupil_id"] = "p9"
    put(pack, record)
    (fault,) = draw_findings(pack)[0]
    assert fault.startswith("draw: who has won does not follow")


def test_a_list_of_which_one_line_was_changed_is_not_the_one_written_down(pack):
    (pack / "list.txt").write_text(TICKETS.text.replace("5 p4", "5 p1"), encoding="utf-8", newline="\n")
    assert any("list" in fault for fault in draw_findings(pack)[0])


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"{", "cannot be read"), (b"\xff", "cannot be read"), (b"[]", "is no record of a draw")],
)
def test_a_record_that_cannot_be_read_is_a_fault_and_no_traceback(pack, content, fault):
    (pack / "draw.json").write_bytes(content)
    (found,) = draw_findings(pack)[0]
    assert fault in found


@pytest.mark.parametrize("name", ["list.txt", "draw.json"])
def test_a_pack_without_either_draws_nothing(pack, name):
    (pack / name).unlink()
    assert draw_findings(pack) == ([], [])
