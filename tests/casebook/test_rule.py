"""Which word of several stands: what was said last, by whom, and what must be told."""

from datetime import date

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
from tests.casebook.desk import COPY, P1, P2, P3, URN, take


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
    last = state.print_before("fortnightly", "whole_school", date.max.isoformat())
    assert (last.cells["actions"]["A0021"]["status"], state.rows["actions"]["A0021"].value("status")) == (
        "open",
        "done",
    )
    assert state.print_before("fortnightly", "year_11", date.max.isoformat()) is None


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
