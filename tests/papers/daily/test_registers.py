"""Registers not taken, attendance within bounds while marks are missing, and the headcount."""

from attendance_lib.papers.daily import calls, front_page, registers
from tests.papers.daily.daily_school import PUPILS, TODAY, opened, planted


def test_a_register_not_taken_is_named_with_whom_to_ask_and_its_pupils_are_on_no_list_of_calls(pack):
    frame = registers.registers_not_taken(pack).frame
    assert frame.to_numpy().tolist() == [["7B", 7, 8, "T. Head (Head of Year 7)"]]
    assert registers.not_registered(pack) == frozenset(PUPILS[8:15])
    assert not set(PUPILS[8:15]) & set(calls.calls_of(pack)["pupil_id"])


def test_a_register_of_which_the_desk_entered_who_came_late_is_not_taken_either():
    late = opened(codes=planted() | {("09", TODAY, "AM"): "L", ("10", TODAY, "AM"): "L"})
    assert registers.registers_not_taken(late).frame["pupils"].tolist() == [5]
    assert not set(PUPILS[10:15]) & set(calls.calls_of(late)["pupil_id"])
    # With half of its eight marks there it is taken, and whoever has none is to be called.
    half = planted() | {(pupil, TODAY, "AM"): "L" for pupil in ("09", "10", "11")}
    assert registers.forms_not_taken(opened(codes=half)).empty
    assert set(PUPILS[11:15]) < set(calls.calls_of(opened(codes=half))["pupil_id"])


def test_attendance_is_bounds_while_marks_are_missing(pack):
    # Of 28, nine are present, eleven absent in some way (U of 08 too) and eight without a mark: 9/28 to 17/28.
    bounds = registers.bounds_of(pack)
    assert (bounds.attended, bounds.possible, bounds.missing) == (9, 20, 8)
    said = front_page.what_to_know(pack).items
    assert said[1] == "Attendance this morning 32.1% to 60.7%, 8 pupils not registered."
    assert said[2] == "Register not taken: 7B; 7 pupils unknown, nothing below is complete."


def test_attendance_is_one_figure_once_every_mark_is_there():
    complete = {key: code or "/" for key, code in planted().items()}
    assert registers.bounds_of(opened(codes=complete)).words == "60.7%, 17 of 28 pupils"


def test_the_headcount_counts_who_is_on_site_beside_the_same_weekday_before(pack):
    (frame,) = (each.frame.set_index("group") for each in registers.headcount(pack).tables)
    # The nine present and U. The last six Wednesday mornings: 26 on 16 September (25 and 26 away), 27 on the 23rd (26 away), 28
    # on three, and 24 on 21 October (05, 18, 20 and 24 away): the middle of 24, 26, 27, 28, 28, 28.
    assert frame.loc["All", ["due", "here", "missing"]].tolist() == [28, 10, 8]
    assert frame.loc["Year 7", ["due", "here", "missing"]].tolist() == [16, 4, 8]
    assert frame.loc["All", "usual"] == 27.5
