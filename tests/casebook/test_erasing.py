"""Erasing a pupil from all that staff wrote, for good."""

from attendance_lib.casebook.book import Known
from attendance_lib.casebook.erasing import Erasure
from tests.casebook.desk import P1


def test_an_erased_pupil_is_nowhere_in_the_file_and_everybody_else_is(desk_of_two):
    desk_of_two.fill(P1, "A0021", note="secret words")
    desk_of_two.fill(P1, "A0022", note="others")
    desk_of_two.add(P1, pupil_id="LZ2103", action="Secret visit")
    desk_of_two.run()
    before = desk_of_two.book.state()
    told = desk_of_two.book.erase("LZ2103", "later")
    content = desk_of_two.book.path.read_bytes()
    for word in (b"LZ2103", b"secret words", b"Secret visit", b"Ring home"):
        assert word not in content
    assert told.still_named == (P1, str(desk_of_two.book.file.previous))
    assert desk_of_two.book.check([Known(before.revision, before.head, "a receipt")]) == []
    assert (before.erasures, desk_of_two.book.state(before.revision).erasures) == (0, 1)
    assert desk_of_two.rows() == ["A0022"]
    assert desk_of_two.said("A0022", "note") == ["others"]
    assert desk_of_two.book.state(before.revision).rows["actions"].keys() == {"A0022"}


def test_what_was_erased_does_not_come_back_with_a_workbook_or_the_log(desk_of_two):
    desk_of_two.fill(P1, "A0021", note="secret words")
    desk_of_two.add(P1, pupil_id="LZ2103", action="Secret visit")
    desk_of_two.run()
    desk_of_two.book.erase("LZ2103", "later")
    desk_of_two.resave(P1)
    desk_of_two.paste(P1)
    desk_of_two.fill(P1, "A0022", note="others")
    desk_of_two.run()
    assert (desk_of_two.rows(), desk_of_two.said("A0022", "note")) == (["A0022"], ["others"])
    assert (
        "rows about somebody whose entries were erased are in this file; they were not read"
        in desk_of_two.told()
    )
    assert b"secret words" not in desk_of_two.book.path.read_bytes()


def test_erased_twice_and_erased_without_a_trace_are_no_error(desk_of_two):
    assert desk_of_two.book.erase("999999", "later") == Erasure(0, (str(desk_of_two.book.file.previous),))
    desk_of_two.book.erase("LZ2103", "later")
    desk_of_two.book.erase("LZ2103", "later")
    assert desk_of_two.book.check() == []
