"""Which sheet, column and row of a file is which of the pack, whatever was sorted, added or reworded."""

from copy import deepcopy

import pytest

from tests.casebook.desk import COPY, P1, P2, kept


def test_23_a_reworded_heading_is_found_and_told(desk):
    desk.reword(P1, "note", "Update 24 Nov")
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    assert desk.said("A0021", "note") == ["no reply"]
    assert "column 'Update 24 Nov': this column is read as 'Note'" in desk.told()


def test_23_without_any_carrier_a_reworded_heading_is_found_by_its_place_and_cells(desk):
    desk.paste(P1)
    desk.reword(P1, "owner", "Who does it")
    desk.files[P1].row("A0021").cells["Who does it"] = "MP"
    desk.run()
    assert desk.said("A0021", "owner") == ["MP"]
    assert "column 'Who does it': this column is read as 'Owner'" in desk.told()


def test_23_a_known_other_heading_is_found_without_a_word(desk):
    desk.paste(P1)
    desk.reword(P1, "owner", "Lead")
    desk.files[P1].row("A0021").cells["Lead"] = "MP"
    desk.run()
    assert (desk.said("A0021", "owner"), desk.told()) == (["MP"], "")


def test_24_without_carriers_and_with_a_column_added_it_is_kept_and_told(desk):
    desk.paste(P1)
    desk.reword(P1, "note", "Update 24 Nov")
    desk.add_column(P1, 9, "Phone")
    desk.files[P1].row("A0021").cells |= {"Update 24 Nov": "no reply", "Phone": "01632 960001"}
    desk.run()
    assert desk.said("A0021", "note") == []
    assert kept(desk) == {"no reply", "asked twice", "01632 960001"}
    assert "column 'Update 24 Nov': this column is none of the pack's; it is kept" in desk.told()
    assert "column 'Note': this column is not in the file" in desk.told()


def test_24_a_column_put_where_another_was_deleted_is_not_taken_for_it(desk):
    desk.paste(P1)
    at = desk.files[P1].headings.index("Owner")
    desk.delete_column(P1, "owner")
    desk.add_column(P1, at, "Phone")
    desk.files[P1].row("A0021").cells["Phone"] = "01632 960001"
    desk.run()
    assert (desk.said("A0021", "owner"), kept(desk)) == (["KS"], {"01632 960001"})


@pytest.mark.parametrize("key", ["a0021", "A21", " A0021 ", "A21.", "", None])
def test_27_a_number_typed_otherwise_or_over_is_the_same_action(desk, key):
    row = desk.files[P1].row("A0021")
    row.cells |= {"Action": key, "Note": "no reply"}
    desk.touch(P1)
    desk.run()
    assert desk.said("A0021", "note") == ["no reply"]
    assert desk.rows() == ["A0021", "A0022", "A0023"]


def test_27_without_tokens_a_number_in_another_case_is_the_same_action(desk):
    desk.paste(P1)
    desk.files[P1].row("A0021").cells |= {"Action": "a0021", "Note": "no reply"}
    desk.run()
    assert (desk.said("A0021", "note"), desk.rows()) == (["no reply"], ["A0021", "A0022", "A0023"])


def test_27_without_tokens_a_number_in_another_case_lets_its_cells_be_cleared(desk):
    desk.paste(P1)
    desk.files[P1].row("A0022").cells |= {"Action": "a0022", "Note": None}
    desk.run()
    assert desk.said("A0022", "note") == [""]


def test_27_a_blank_beside_the_number_of_an_action_that_was_not_printed_says_nothing(desk):
    desk.log["A0030"] = dict(desk.log["A0021"], action="Another matter", note="")
    desk.run()
    row = desk.add(P1, action_id="A0030", note="no reply")
    desk.run()
    row.cells["Note"] = None
    desk.touch(P1)
    desk.run()
    assert desk.said("A0030", "note") == ["no reply"]
    assert desk.last.notices == ()


def test_27_without_tokens_and_number_pupil_and_words_tell_the_action(desk):
    desk.paste(P1)
    desk.files[P1].row("A0021").cells |= {"Action": None, "Note": "no reply"}
    desk.run()
    assert (desk.said("A0021", "note"), desk.rows()) == (["no reply"], ["A0021", "A0022", "A0023"])


def test_28_a_row_doubled_with_two_notes_lists_both_and_is_told(desk):
    paper = desk.files[P1]
    paper.rows.insert(1, deepcopy(paper.row("A0021")))
    paper.rows[0].cells["Note"], paper.rows[1].cells["Note"] = "one", "two"
    desk.touch(P1)
    desk.run()
    assert desk.said("A0021", "note") == ["two", "one"]
    assert "rows 6 and 7 are both A0021" in desk.told()
    paper.rows[1].cells["Note"] = "three"
    desk.touch(P1)
    desk.run()
    assert desk.said("A0021", "note") == ["three", "one"]


def test_29_a_row_used_as_template_with_its_number_left_is_a_new_action(desk):
    desk.fill(P1, "A0021", pupil_id="002110", action="See form tutor", note="new")
    desk.run()
    assert (desk.said("A0021", "action"), desk.said("A0021", "note")) == (["Ring home"], [])
    assert (desk.shown("2026-09-18/1", "action"), desk.shown("2026-09-18/1", "note")) == (
        "See form tutor",
        "new",
    )
    assert "the row was written over for another matter, known as 2026-09-18/1" in desk.told()
    assert "these rows are not in the file: A0021" in desk.told()


def test_29_only_the_pupil_or_only_the_words_changed_is_the_same_action(desk):
    desk.fill(P1, "A0021", pupil_id="002110")
    desk.fill(P1, "A0022", action="See form tutor")
    desk.run()
    assert (desk.shown("A0021", "pupil_id"), desk.shown("A0022", "action")) == ("002110", "See form tutor")
    assert desk.rows() == ["A0021", "A0022", "A0023"]


def test_30_two_people_in_the_same_blank_row_are_two_actions(desk):
    desk.copy(P1, COPY)
    desk.add(P1, pupil_id="002105", action="Visit")
    desk.add(COPY, pupil_id="002110", action="Ring the nurse")
    desk.run()
    new = {key: desk.shown(key, "action") for key in desk.rows() if "/" in key}
    assert new == {"2026-09-18/1": "Visit", "2026-09-18/2": "Ring the nurse"}


def test_30_like_words_in_two_blank_rows_are_two_actions_of_one_pupil(desk):
    desk.add(P1, pupil_id="002105", action="Ring home on Monday")
    desk.run()
    desk.add(P1, pupil_id="002105", action="Ring home on Tuesday")
    desk.run()
    new = {key: desk.shown(key, "action") for key in desk.rows() if "/" in key}
    assert new == {"2026-09-18/1": "Ring home on Monday", "2026-09-18/2": "Ring home on Tuesday"}


def test_30_the_same_new_action_in_two_copies_is_one(desk):
    desk.add(P1, pupil_id="002105", action="Visit", note="one")
    desk.copy(P1, COPY)
    desk.files[COPY].rows[3].cells["Note"] = "two"
    desk.touch(COPY)
    desk.run()
    assert [key for key in desk.rows() if "/" in key] == ["2026-09-18/1"]
    assert desk.said("2026-09-18/1", "note") == ["two", "one"]


@pytest.mark.parametrize("tokens", ["kept", "left behind", "lost"])
def test_31_sorted_with_or_without_tokens_the_result_is_the_same(desk, tokens):
    desk.fill(P1, "A0021", note="no reply")
    desk.fill(P1, "A0023", owner="MP")
    desk.add(P1, pupil_id="002105", action="Visit")
    if tokens == "lost":
        desk.paste(P1)
    desk.sort(P1, "action", with_tokens=tokens == "kept", reverse=True)
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0023", "owner")) == (["no reply"], ["MP"])
    assert (desk.said("A0022", "note"), desk.said("A0022", "owner")) == (["asked twice"], ["TB"])
    assert (desk.rows()[3:], desk.shown("2026-09-18/1", "action")) == (["2026-09-18/1"], "Visit")


def test_31_sorted_after_it_was_read_nothing_is_said_again(desk):
    desk.fill(P1, "A0021", note="no reply")
    desk.add(P1, pupil_id="002105", action="Visit")
    desk.run()
    before = desk.book.state()
    desk.sort(P1, "action", with_tokens=False, reverse=True)
    desk.run()
    assert desk.book.state().rows == before.rows


def test_a_pasted_table_is_known_by_its_numbers(desk):
    desk.make(P2)
    desk.paste(P2)
    desk.files[P2].row("A0021").cells["Note"] = "pasted"
    desk.run()
    assert desk.said("A0021", "note") == ["pasted"]
    assert [reading.known_by for reading in desk.last.readings] == ["row keys"]


def test_a_pasted_table_is_of_the_pack_most_of_whose_cells_it_has(desk):
    desk.copy(P1, "pasted.xlsx")
    desk.log["A0022"]["owner"] = "MP"
    desk.make(P2)
    desk.paste("pasted.xlsx")
    desk.files["pasted.xlsx"].row("A0021").cells["Note"] = "pasted"
    desk.run()
    assert (desk.said("A0022", "owner"), desk.said("A0021", "note")) == (["MP"], ["pasted"])


def test_tokens_outvote_what_a_file_says_of_itself(desk):
    old = desk.files[P1].pack_id
    desk.log["A0021"]["owner"] = "MP"
    desk.make(P2)
    desk.files[P2].pack_id, new = old, desk.files[P2].pack_id
    desk.fill(P2, "A0021", note="here")
    desk.run()
    assert [(reading.pack_id, reading.known_by) for reading in desk.last.readings] == [(new, "tokens")]


def test_a_number_that_nobody_gave_is_kept_beside_the_one_that_the_row_gets(desk):
    desk.add(P1, action_id="A9999", pupil_id="002105", action="Visit")
    desk.run()
    assert (desk.rows()[3:], kept(desk)) == (["2026-09-18/1"], {"A9999"})
    assert "so the row is known as 2026-09-18/1" in desk.told()


def test_a_known_action_written_into_a_blank_row_is_that_action(desk):
    desk.make(P2, keys=["A0021"])
    desk.add(P2, action_id="a0022", note="thrice")
    desk.run()
    assert (desk.said("A0022", "note"), desk.said("A0022", "owner")) == (["thrice"], ["TB"])
    assert desk.rows() == ["A0021", "A0022", "A0023"]
