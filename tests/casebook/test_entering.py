"""Entering what a file says: what is typed over, blanked, taken back or said again."""

from datetime import date

import pytest

from tests.casebook.desk import COPY, P1, P2


def test_9_a_cleared_cell_is_blank(desk):
    desk.fill(P1, "A0022", note=None)
    desk.make(P2)
    assert desk.said("A0022", "note") == [""]
    assert desk.files[P2].row("A0022").cells["Note"] is None


def test_10_typed_read_and_blanked_with_other_words_there_is_blank(desk):
    desk.fill(P1, "A0021", note="no reply", owner="MP")
    desk.run()
    desk.fill(P1, "A0021", note=None)
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0021", "owner")) == ([""], ["MP"])
    assert desk.last.notices == ()


def test_10_blanked_and_typed_again_it_is_said_again(desk):
    desk.fill(P1, "A0021", note="no reply", owner="MP")
    for note in (None, "no reply"):
        desk.run()
        desk.fill(P1, "A0021", note=note)
    desk.run()
    assert desk.said("A0021", "note") == ["no reply"]


def test_11_typed_read_and_blanked_with_no_other_word_left_the_word_stays_and_it_is_told(desk):
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    desk.fill(P1, "A0021", note=None)
    desk.run()
    assert desk.said("A0021", "note") == ["no reply"]
    assert "taken back, or another copy was saved over it" in desk.told()
    assert "no reply" not in desk.told()
    desk.resave(P1)
    desk.run()
    assert desk.last.notices == ()


def test_11_typed_over_with_no_other_word_there_both_are_listed(desk):
    desk.fill(P1, "A0021", note="one")
    desk.run()
    desk.fill(P1, "A0021", note="two")
    desk.fill(P1, "A0022", owner="MP")
    desk.run()
    assert desk.said("A0021", "note") == ["two", "one"]
    desk.fill(P1, "A0021", note="three")
    desk.run()
    assert desk.said("A0021", "note") == ["three", "one"]


def test_11_another_copy_saved_over_a_file_takes_nothing_back(desk):
    desk.fill(P1, "A0022", owner="MP")
    desk.run()
    desk.copy(P1, COPY)
    desk.fill(P1, "A0021", note="from the one")
    desk.run()
    desk.copy(COPY, P1)
    desk.resave(P1)
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0022", "owner")) == (["from the one"], ["MP"])


def test_12_saved_again_and_made_twice_over_all_words_stay(desk):
    for number, (key, note) in enumerate([("A0021", "first"), ("A0023", "second")], 1):
        desk.fill(P1, key, note=note)
        desk.resave(P1)
        desk.run()
        desk.rename(P1, f"kept/{number}/fortnightly.xlsx")
        desk.make(P1, day=date(2026, 9, 18))
        assert desk.files[P1].row(key).cells["Note"] == note
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0023", "note")) == (["first"], ["second"])


@pytest.mark.parametrize("before", ["Viist", ""])
def test_30_a_slip_mended_in_a_new_action_is_the_same_action(desk, before):
    row = desk.add(P1, pupil_id="002105", action=before, owner="KS")
    desk.run()
    row.cells["What"] = "Visit"
    desk.touch(P1)
    desk.run()
    assert [key for key in desk.rows() if "/" in key] == ["2026-09-18/1"]
    assert desk.said("2026-09-18/1", "action") == ["Visit"]
