"""The daily paper on a school whose one morning is planted here, pupil by pupil, and counted by hand."""

from attendance_lib.papers.daily import calls, front_page, lists, registers
from tests.papers.daily.daily_school import (
    opened,
)

# Registers, and what they leave unknown


# Whom to call


# N by age


# The other lists


# Morning and afternoon


# Nothing to tell


def test_a_quiet_school_says_so():
    quiet = opened(codes={}, planned=None, sign_ins=None)
    assert registers.registers_not_taken(quiet).items == ("Every register of the morning is in.",)
    assert calls.calls_of(quiet).empty
    (page,) = lists.today(quiet).shown
    assert page.frame.empty
    assert "Not looked at, for want of exports: planned, sign_ins" in page.note
    assert front_page.what_to_know(quiet).items == (
        "Attendance this morning 100.0%, 28 of 28 pupils.",
        "0 pupils are unexplained now; 0 more are open from the last school day.",
    )  # fmt: skip
