"""What a cell says, whichever program saved it."""

from datetime import date, datetime

from tests.casebook.desk import P1, Desk, log


def test_27_a_pupils_number_without_its_zeros_is_the_same(desk):
    desk.files[P1].row("A0021").cells["Pupil ID"] = 2103.0
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    assert (desk.said("A0021", "pupil_id"), desk.said("A0021", "note")) == (["002103"], ["no reply"])


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
