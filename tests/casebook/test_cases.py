"""What becomes of what staff write, case by case: each test is one way in which a workbook comes back."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime

import pytest

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
    Stray,
    Unread,
    cell_key,
)
from tests.casebook.desk import URN, Desk

P1, P2, P3 = "p1/fortnightly.xlsx", "p2/fortnightly.xlsx", "p3/fortnightly.xlsx"
COPY = "p1/fortnightly (1).xlsx"


def log():
    return {
        "A0021": {"pupil_id": "002103", "action": "Ring home", "owner": "KS", "due_date": date(2026, 10, 2), "status": "open"},
        "A0022": {"pupil_id": "002104", "action": "Meet parents", "owner": "TB", "due_date": date(2026, 10, 9), "status": "open",
                  "note": "asked twice"},
        "A0023": {"pupil_id": "002105", "action": "Letter", "owner": "KS", "status": "done"},
    }  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    """Three actions in the log, and a pack of them at P1."""
    desk = Desk(tmp_path, log())
    desk.make(P1)
    return desk


# One workbook and the log


def test_1_untouched_with_the_log_unchanged_stays_as_printed(desk):
    before = desk.book.state()
    desk.resave(P1)
    desk.run()
    after = desk.book.state()
    assert (after.rows, after.basis, after.notices) == (before.rows, before.basis, ())


def test_2_untouched_with_a_newer_log_says_what_the_log_says(desk):
    desk.log["A0021"]["owner"] = "MP"
    desk.run()
    assert desk.said("A0021", "owner") == ["MP"]


def test_3_touched_with_the_log_unchanged_says_what_the_workbook_says_to_be_entered_in_the_log(desk):
    desk.fill(P1, "A0021", owner="MP")
    desk.run()
    cell = desk.book.state().rows["actions"]["A0021"].cells["owner"]
    assert (cell.value, cell.logged, cell.is_to_enter, cell.is_differing) == ("MP", "KS", True, False)
    assert [saying.source for saying in cell.standing] == ["workbook"]


def test_3_entered_in_the_log_it_is_no_longer_to_be_entered(desk):
    desk.fill(P1, "A0021", owner="MP")
    desk.run()
    desk.log["A0021"]["owner"] = "MP"
    desk.run()
    cell = desk.book.state().rows["actions"]["A0021"].cells["owner"]
    assert (cell.value, cell.is_to_enter) == ("MP", False)


def test_4_both_changed_in_one_run_shows_the_workbook_and_lists_both(desk):
    desk.fill(P1, "A0021", owner="MP")
    desk.log["A0021"]["owner"] = "TB"
    desk.run()
    assert desk.said("A0021", "owner") == ["MP", "TB"]
    assert desk.differs("A0021", "owner")


def test_4_both_changed_to_the_same_is_one_value(desk):
    desk.fill(P1, "A0021", status="Completed")
    desk.log["A0021"]["status"] = "done"
    desk.run()
    assert (desk.shown("A0021", "status"), desk.differs("A0021", "status")) == ("done", False)


def test_5_a_log_changed_a_run_later_shows_the_log_and_keeps_the_old_words(desk):
    desk.fill(P1, "A0021", owner="MP")
    desk.run()
    old = desk.book.state()
    desk.log["A0021"]["owner"] = "TB"
    desk.run()
    assert desk.said("A0021", "owner") == ["TB"]
    assert desk.book.state(old.revision) == old
    assert old.rows["actions"]["A0021"].value("owner") == "MP"


def test_6_closed_in_the_workbook_only_it_is_closed_for_good_with_its_note(desk):
    desk.fill(P1, "A0021", status="done", note="mother rang back")
    for path in (P2, P3, "p4/fortnightly.xlsx"):
        desk.make(path)
    assert (desk.said("A0021", "status"), desk.said("A0021", "note")) == (["done"], ["mother rang back"])


def test_7_done_in_the_log_and_reopened_by_staff_it_is_open_with_the_note(desk):
    desk.fill(P1, "A0023", status="open", note="never sent")
    desk.make(P2)
    assert (desk.shown("A0023", "status"), desk.shown("A0023", "note")) == ("open", "never sent")


def test_8_closed_now_and_open_in_the_last_print_can_be_told(desk):
    """Whatever the date: done on the last day, at the weekend, in the holiday."""
    desk.fill(P1, "A0021", status="done")
    desk.run()
    state = desk.book.state()
    last = state.previous_print("fortnightly", "whole_school")
    assert (last.cells["actions"]["A0021"]["status"], state.rows["actions"]["A0021"].value("status")) == (
        "open",
        "done",
    )
    assert state.previous_print("fortnightly", "year_11") is None


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


def test_12_a_pack_made_again_at_its_place_inherits_no_words(desk):
    """Words of the file that lay there before are not taken back because the new file lacks them."""
    desk.fill(P1, "A0021", note="first", owner="MP")
    desk.run()
    del desk.files[P1]
    desk.make(P1, day=date(2026, 9, 18))
    desk.fill(P1, "A0021", owner="TB")
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0021", "owner")) == (["first"], ["TB"])


# Copies


def test_13_a_renamed_file_is_read_and_goes_on_where_it_was(desk):
    desk.fill(P1, "A0021", note="no reply", owner="MP")
    desk.run()
    desk.rename(P1, "kept/minutes of 24 Nov.xlsx")
    desk.run()
    desk.fill("kept/minutes of 24 Nov.xlsx", "A0021", note="rang back")
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0021", "owner")) == (["rang back"], ["MP"])


def test_14_equal_copies_add_nothing(desk):
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    before = desk.book.state()
    for name in ("p1/fortnightly (1).xlsx", "p1/Copy of fortnightly.xlsx", "p1/fortnightly-PC7.xlsx"):
        desk.copy(P1, name)
        desk.resave(name)
    desk.run()
    assert len(desk.last.readings) == 3
    assert desk.book.state().rows == before.rows
    assert desk.book.state().basis == before.basis


def test_14_a_copy_with_other_words_is_read_beside_the_file(desk):
    desk.copy(P1, COPY)
    desk.fill(COPY, "A0021", note="from the copy")
    desk.fill(P1, "A0022", owner="MP")
    desk.run()
    assert (desk.shown("A0021", "note"), desk.shown("A0022", "owner")) == ("from the copy", "MP")


def test_15_three_copies_with_three_words_in_a_cell_show_all_three(desk):
    for number, note in enumerate(["one", "two", "three"]):
        desk.copy(P1, f"p1/{number}.xlsx")
        desk.fill(f"p1/{number}.xlsx", "A0021", note=note)
    desk.run()
    assert desk.said("A0021", "note") == ["three", "two", "one"]


def test_15_words_that_differ_stand_until_a_later_pack_settles_them(desk):
    desk.copy(P1, COPY)
    desk.fill(P1, "A0021", note="one")
    desk.fill(COPY, "A0021", note="two")
    desk.make(P2)
    desk.make(P3)
    assert desk.said("A0021", "note") == ["two", "one"]
    desk.fill(P3, "A0021", note="one it is")
    desk.run()
    assert desk.said("A0021", "note") == ["one it is"]


def test_15_one_copy_typed_over_leaves_what_another_still_says(desk):
    desk.fill(P1, "A0021", note="one", owner="MP")
    desk.copy(P1, COPY)
    desk.run()
    desk.fill(COPY, "A0021", note="two")
    desk.run()
    assert desk.said("A0021", "note") == ["two", "one"]
    desk.fill(P1, "A0021", note="three")
    desk.run()
    assert desk.said("A0021", "note") == ["three", "two"]


def test_16_a_copy_typed_over_before_any_run_shows_both(desk):
    desk.fill(P1, "A0021", note="one")
    desk.copy(P1, COPY)
    desk.fill(COPY, "A0021", note="two")
    desk.run()
    assert desk.said("A0021", "note") == ["two", "one"]


def test_17_of_overlapping_periods_the_pack_that_knew_more_counts_not_its_dates(desk):
    desk.make(P2, day=date(2026, 9, 11))
    desk.fill(P1, "A0021", note="known")
    desk.make(P3, day=date(2026, 9, 16))
    desk.fill(P3, "A0021", note="knew better")
    desk.run()
    assert desk.said("A0021", "note") == ["knew better"]


def test_18_a_late_return_is_shown_if_nothing_was_said_since(desk):
    desk.make(P2)
    desk.make(P3)
    desk.fill(P1, "A0021", note="late")
    desk.run()
    assert desk.said("A0021", "note") == ["late"]


def test_18_a_late_return_after_other_words_is_listed_behind_them(desk):
    desk.fill(P1, "A0022", owner="MP")
    desk.make(P2)
    desk.fill(P2, "A0021", note="newer")
    desk.make(P3)
    desk.fill(P1, "A0021", note="late")
    desk.run()
    assert desk.said("A0021", "note") == ["newer", "late"]


def test_18_a_late_return_of_what_was_answered_since_changes_nothing(desk):
    desk.copy(P1, COPY)
    desk.fill(P1, "A0021", note="said")
    desk.make(P2)
    desk.fill(P2, "A0021", note="answered")
    desk.run()
    desk.fill(COPY, "A0021", note="said")
    desk.run()
    assert desk.said("A0021", "note") == ["answered"]


def test_19_a_shorter_pack_with_the_same_end_is_read_too(desk):
    desk.make(P2, day=date(2026, 9, 18))
    desk.fill(P1, "A0021", note="of the long one")
    desk.fill(P2, "A0022", owner="MP")
    desk.run()
    assert (desk.shown("A0021", "note"), desk.shown("A0022", "owner")) == ("of the long one", "MP")


# The school


def test_20_packs_under_an_earlier_number_are_read(desk):
    desk.files[P1].urn = "123456"
    desk.fill(P1, "A0021", note="from before")
    desk.run()
    assert desk.shown("A0021", "note") == "from before"


def test_21_an_action_raised_on_a_wrong_day_is_there_with_what_was_written(desk):
    desk.add(P1, action="Visit", pupil_id="002105", raised_on=date(2062, 11, 9))
    desk.run()
    row = desk.book.state().rows["actions"]["2026-09-18/1"]
    assert (row.value("raised_on"), row.value("action")) == ("2062-11-09", "Visit")
    assert (row.origin, row.date_to, row.cohort) == ("pack", "2026-09-18", "whole_school")


def test_22_an_action_without_a_pupil_says_in_which_cohort_it_was_raised(desk):
    desk.make(P2, cohort="year_11")
    desk.add(P2, action="Assembly on punctuality")
    desk.run()
    (row,) = (row for row in desk.book.state().rows["actions"].values() if row.origin == "pack")
    assert (row.value("pupil_id"), row.value("action"), row.cohort) == (
        "",
        "Assembly on punctuality",
        "year_11",
    )


# Columns


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


def test_25_an_added_column_is_kept_and_told(desk):
    desk.add_column(P1, 3, "Phone")
    desk.files[P1].row("A0021").cells["Phone"] = "01632 960001"
    desk.run()
    assert kept(desk) == {"01632 960001"}
    assert "sheet 'actions', column 'Phone': this column is none of the pack's" in desk.told()


def test_25_a_deleted_column_says_nothing_and_is_told(desk):
    desk.fill(P1, "A0021", note="no reply", owner="MP")
    desk.run()
    desk.delete_column(P1, "note")
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0022", "note")) == (["no reply"], ["asked twice"])
    assert "column 'Note': this column is not in the file; what was said in it stays" in desk.told()


# Rows


def test_26_a_deleted_row_stays_and_is_told(desk):
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    desk.delete_row(P1, "A0021")
    desk.run()
    assert desk.said("A0021", "note") == ["no reply"]
    assert "these rows are not in the file: A0021; they stay" in desk.told()
    desk.resave(P1)
    desk.run()
    assert desk.last.notices == ()


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


def test_27_a_pupils_number_without_its_zeros_is_the_same(desk):
    desk.files[P1].row("A0021").cells["Pupil ID"] = 2103.0
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    assert (desk.said("A0021", "pupil_id"), desk.said("A0021", "note")) == (["002103"], ["no reply"])


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


@pytest.mark.parametrize("before", ["Viist", ""])
def test_30_a_slip_mended_in_a_new_action_is_the_same_action(desk, before):
    row = desk.add(P1, pupil_id="002105", action=before, owner="KS")
    desk.run()
    row.cells["What"] = "Visit"
    desk.touch(P1)
    desk.run()
    assert [key for key in desk.rows() if "/" in key] == ["2026-09-18/1"]
    assert desk.said("2026-09-18/1", "action") == ["Visit"]


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


# Folders


def test_32_a_file_in_the_folder_handed_over_is_read(desk):
    desk.copy(P1, "/drive/fortnightly.xlsx")
    pack = desk.book.state().prints[-1]
    assert pack.pack_id == desk.files[P1].pack_id
    desk.fill("/drive/fortnightly.xlsx", "A0021", note="from the drive")
    desk.run()
    assert desk.said("A0021", "note") == ["from the drive"]


def test_32_two_fresh_copies_handed_over_are_two_files(desk):
    """Neither goes on where the other, or the pack itself, was: what one says is not typed over in another."""
    pack = desk.printed(desk.book.state(1), date(2026, 9, 18))
    assert pack.pack_id == desk.files[P1].pack_id
    for path in ("/drive/1.xlsx", "/drive/2.xlsx"):
        desk.copy(P1, path)
        desk.book.register_pack(pack, path, desk.files[path].returned(path).sha256, desk.tick())
    for path, note in (("/drive/1.xlsx", "one"), ("/drive/2.xlsx", "two")):
        desk.fill(path, "A0021", note=note)
        desk.fill(path, "A0022", owner="MP")
        desk.run()
    assert desk.said("A0021", "note") == ["two", "one"]


def test_33_a_folder_deleted_after_a_run_loses_nothing(desk):
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    del desk.files[P1]
    desk.make(P2)
    assert desk.said("A0021", "note") == ["no reply"]


def test_34_an_action_of_a_pupil_who_left_stays(desk):
    desk.fill(P1, "A0021", pupil_id="999999", note="moved away")
    desk.make(P2)
    assert (desk.shown("A0021", "pupil_id"), desk.shown("A0021", "note")) == ("999999", "moved away")


def test_35_an_action_gone_from_the_log_stays_and_is_told(desk):
    desk.fill(P1, "A0022", note="thrice")
    del desk.log["A0022"]
    desk.run()
    row = desk.book.state().rows["actions"]["A0022"]
    assert (row.value("note"), row.value("owner"), row.is_in_log) == ("thrice", "TB", False)
    assert "the log no longer has A0022; all that was said of them stays" in desk.told()
    desk.run()
    assert desk.last.notices == ()


def test_35_an_older_log_put_back_is_told_and_the_action_stays(desk):
    desk.log["A0021"]["status"] = "done"
    desk.log["A0024"] = {"pupil_id": "002106", "action": "Mentor", "status": "open"}
    desk.run()
    desk.log = log()
    desk.run()
    assert "the log is again as it was before" in desk.told()
    assert (desk.shown("A0021", "status"), desk.shown("A0024", "action")) == ("open", "Mentor")


def test_35_without_a_log_nothing_is_gone_from_it(desk):
    before = desk.book.state()
    desk.log = None
    desk.run()
    assert desk.book.state() == before


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("due_date", "soon", "what stands here is not a date. Type day, month and year"),
        ("status", "waiting", "what stands here is none of the words to choose from: open, in progress, done, cancelled"),
        ("note", "#REF!", "holds the error #REF!. Type the value itself"),
        ("note", Unread("=A1&B1", "holds a formula without its result. Type the value itself"), "holds a formula"),
    ],
)  # fmt: skip
def test_36_a_cell_that_cannot_be_read_is_kept_as_it_stands_and_told(desk, name, value, told):
    before = desk.said("A0021", name)
    desk.fill(P1, "A0021", **{name: value})
    desk.run()
    assert desk.said("A0021", name) == before
    assert kept(desk) == {value.raw if isinstance(value, Unread) else value}
    assert told in desk.told()
    assert "row 6" in desk.told()
    assert "soon" not in desk.told()


def test_36_once_it_can_be_read_it_counts(desk):
    desk.fill(P1, "A0021", due_date="soon")
    desk.run()
    desk.fill(P1, "A0021", due_date="9/10/26")
    desk.run()
    assert desk.said("A0021", "due_date") == ["2026-10-09"]


def test_37_another_schools_book_is_refused_and_not_stored(desk):
    desk.files[P1].urn = "990002"
    desk.fill(P1, "A0021", note="of the other school")
    before = desk.book.state()
    desk.run()
    assert desk.book.state() == before
    assert "workbook of the school with URN 990002, not of 990001, and was not read" in desk.told()


CARDS = (
    PrintedColumn("card_id", "Card"),
    PrintedColumn("intervention", "Intervention", is_editable=True),
    PrintedColumn("aim", "Aim", is_editable=True),
    PrintedColumn("review_date", "Review", is_editable=True),
)


def test_38_cards_are_kept_in_the_same_way_by_number_not_by_name(desk):
    def sheet(*rows):
        lines = [PrintedRow(f"{at:03d}", key, cells) for at, (key, *cells) in enumerate(rows, 1)]
        return PrintedSheet("impact_card", CARDS, tuple(replace(line, cells=(line.key or None, *line.cells)) for line in lines),
                            "card_id", "intervention", "aim")  # fmt: skip

    def pack(basis, day, *rows):
        return PrintedPack(URN, "impact", date(2026, 9, 1), day, "whole_school", basis, (sheet(*rows),))

    def comes_back(printed, *rows):
        lines = [
            ReturnedRow(at + 6, printed.token_text(printed.sheets[0].rows[at]), cells)
            for at, cells in enumerate(rows)
        ]
        headings, names = zip(*((column.heading, column.name) for column in CARDS), strict=True)
        return ReturnedFile(
            f"{printed.pack_id}.xlsx",
            str(rows),
            (ReturnedSheet("impact_card", headings, tuple(lines), names),),
        )

    blank = ("", None, None, None)
    first = pack(0, date(2026, 10, 2), blank, blank)
    desk.book.register_pack(first, "i1.xlsx", "1", "2026-10-02")
    take(
        desk,
        comes_back(first, ("", "Breakfast club", "4 points", "Easter"), ("", "Mentor", "fewer lates", None)),
    )
    state = desk.book.state()
    assert list(state.rows["impact_card"]) == ["2026-10-02/1", "2026-10-02/2"]
    second = pack(
        state.basis,
        date(2026, 11, 6),
        ("2026-10-02/1", "Breakfast club", "4 points", "Easter"),
        ("2026-10-02/2", "Mentor", "fewer lates", None),
    )
    desk.book.register_pack(second, "i2.xlsx", "2", "2026-11-06")
    take(
        desk,
        comes_back(
            second,
            ("2026-10-02/1", "Breakfast club in the hall", "4 points", "May"),
            ("2026-10-02/2", "Mentor", "fewer lates", None),
        ),
    )
    rows = desk.book.state().rows["impact_card"]
    assert [row.value("intervention") for row in rows.values()] == ["Breakfast club in the hall", "Mentor"]
    assert rows["2026-10-02/1"].value("review_date") == "May"


def take(desk, file):
    from attendance_lib.casebook.book import Found

    desk.last = desk.book.take_in(Found((file,), desk.logs()), desk.tick())


# Beside the cases


def test_a_file_of_no_pack_is_kept_and_told(desk):
    paper = desk.files[P1]
    desk.paste(P1)
    paper.headings = [f"H{at}" for at in range(len(paper.headings))]
    desk.run()
    assert "this file belongs to no pack that is known here; it is kept" in desk.told()


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


def test_dates_as_another_program_writes_them_say_nothing_new(desk):
    before = desk.book.state()
    desk.files[P1].row("A0021").cells["Due"] = "2026-10-02 0:00:00"
    desk.files[P1].row("A0022").cells["Due"] = datetime(2026, 10, 9)
    desk.resave(P1)
    desk.run()
    assert desk.book.state().rows == before.rows


def test_months_before_days_are_seen_where_a_column_proves_it(tmp_path):
    rows = log()
    rows["A0023"]["due_date"] = date(2026, 10, 15)
    desk = Desk(tmp_path, rows)
    desk.make(P1)
    before = desk.book.state()
    for key, text in (("A0021", "10/02/2026"), ("A0022", "10/09/2026"), ("A0023", "10/15/2026")):
        desk.files[P1].row(key).cells["Due"] = text
    desk.resave(P1)
    desk.run()
    assert desk.book.state().rows == before.rows


def test_words_in_a_column_not_for_filling_in_are_kept_and_told(desk):
    desk.fill(P1, "A0021", pupil_name="see his sister too", days_overdue="12")
    desk.run()
    assert kept(desk) == {"see his sister too"}
    assert "this column is not for filling in" in desk.told()


def test_a_sheet_that_staff_added_and_a_line_beside_the_table_are_kept_and_told(desk):
    desk.files[P1].others = (
        ReturnedSheet("Minutes", ("Who", "What"), (ReturnedRow(2, "", ("KS", "to ring the LA")),)),
    )
    desk.files[P1].strays = (Stray("actions", 2, 1, "postponed to Friday"),)
    desk.touch(P1)
    desk.run()
    assert kept(desk) == {"KS | to ring the LA", "postponed to Friday"}
    assert "sheet 'Minutes': this sheet is none of the pack's" in desk.told()
    assert "row 2: this is outside the tables of the pack" in desk.told()


def test_a_line_written_below_the_table_is_kept_and_is_no_action(desk):
    desk.files[P1].rows[-1].cells["Action"] = "Next meeting: 4 December"
    desk.touch(P1)
    desk.run()
    assert (desk.rows(), kept(desk)) == (["A0021", "A0022", "A0023"], {"Next meeting: 4 December"})
    assert "row 12: this line is no row of the table; it is kept" in desk.told()
    assert "meeting" not in desk.told()


def test_what_cannot_be_read_is_in_no_line_for_the_console(desk):
    for value in ("some_x000D_\nday", " some day ", 99999999.0):
        desk.fill(P1, "A0021", due_date=value)
        desk.run()
        assert "some" not in desk.told()
        assert "9999" not in desk.told()
        assert "is not a date" in desk.told() or "is not between" in desk.told()


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


def test_statements_that_differ_can_be_settled_in_favour_of_the_one_shown(desk):
    desk.copy(P1, COPY)
    desk.fill(P1, "A0021", note="one")
    desk.fill(COPY, "A0021", note="two")
    desk.run()
    state = desk.book.state()
    columns = (PrintedColumn("cell", "Cell"), PrintedColumn(SETTLED, "Settled", is_editable=True))
    key = cell_key("actions", "A0021", "note")
    sheet = PrintedSheet(DIFFERING, columns, (PrintedRow("001", key, (key, None)),), "cell")
    pack = PrintedPack(URN, "fortnightly", date(2026, 9, 7), date(2026, 9, 18), "", state.basis, (sheet,))
    desk.book.register_pack(pack, P2, "2", desk.tick())
    rows = (ReturnedRow(6, pack.token_text(sheet.rows[0]), (key, "two")),)
    take(
        desk, ReturnedFile(P2, "3", (ReturnedSheet(DIFFERING, ("Cell", "Settled"), rows, ("cell", SETTLED)),))
    )
    assert desk.said("A0021", "note") == ["two"]


def test_a_second_run_writes_nothing(desk):
    desk.fill(P1, "A0021", note="no reply", status="soon")
    desk.add(P1, pupil_id="002105", action="Visit")
    desk.run()
    content = desk.book.path.read_bytes()
    desk.run()
    assert desk.book.path.read_bytes() == content


def test_a_pack_made_again_from_the_same_words_is_the_same_pack(desk):
    first = desk.printed(desk.book.state(), date(2026, 10, 2))
    desk.resave(P1)
    desk.run()
    assert desk.printed(desk.book.state(), date(2026, 10, 2)).pack_id == first.pack_id
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    assert desk.printed(desk.book.state(), date(2026, 10, 2)).pack_id != first.pack_id


def kept(desk) -> set[str]:
    """All words that are kept without being said of a cell."""
    from attendance_lib.casebook.disk import open_store

    entries = open_store(desk.book.path.read_bytes(), "", (URN,)).entries
    return {entry.value for entry in entries if entry.kind in ("extra", "unread")}
