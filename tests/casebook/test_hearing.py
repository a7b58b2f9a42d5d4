"""What a file says, cell by cell, and what in it is kept and told."""

import pytest

from attendance_lib.casebook.sheets import ReturnedRow, ReturnedSheet, Stray, Unread
from tests.casebook.desk import P1, kept


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
