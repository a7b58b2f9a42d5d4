"""The daily paper on a school whose one morning is planted here, pupil by pupil, and counted by hand."""

import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.papers.daily import calls, front_page, lists, registers
from tests.papers.daily.daily_school import opened


def test_the_sheet_begins_with_when_the_registers_were_extracted(pack):
    said = front_page.what_to_know(pack, "2026-11-04T09:25").items
    assert said[0] == "Registers extracted Wed 4 Nov at 09:25."
    # Where nobody says when, the last signature that the sheet knows of: 28's at 09:30; 02's at two is the afternoon's.
    assert front_page.what_to_know(pack).items[0] == "Time of extract not given; desk to 09:30."
    assert (
        front_page.what_to_know(opened("PM")).items[0].startswith("Time of extract not given; desk to 14:00.")
    )


@pytest.mark.parametrize("text", ["9.25", "2026-11-04", "2026-11-04 09:25Z", 2026])
def test_what_is_no_time_is_refused_as_the_time_of_the_extract(pack, text):
    with pytest.raises(SettingsError, match="Parameter 'extracted'.*Write it"):
        front_page.what_to_know(pack, text)


@pytest.mark.parametrize(("session", "text"), [("AM", "2026-11-04T08:39"), ("PM", "2026-11-04T13:09")])
def test_registers_cannot_have_been_extracted_before_they_opened(session, text):
    with pytest.raises(SettingsError, match="is before the .* register of 2026-11-04 opened"):
        front_page.what_to_know(opened(session), text)
    assert front_page.what_to_know(opened("AM"), "2026-11-04T08:40").items[0].endswith("at 08:40.")


def test_of_the_unexplained_those_with_a_flag_are_told_apart(pack):
    assert (
        "3 pupils are unexplained now, 1 known to social care or youth justice, 1 with another flag; 1 more is still open."
        in front_page.what_to_know(pack).items
    )


def test_a_quiet_school_says_so():
    quiet = opened(codes={}, planned=None, sign_ins=None)
    assert registers.registers_not_taken(quiet).shown == ()
    assert calls.calls_of(quiet).empty
    (page,) = lists.today(quiet).shown
    assert page.frame.empty
    assert "Not looked at, for want of exports: planned, sign_ins" in page.note
    assert front_page.what_to_know(quiet).items == (
        "Time of extract not given. Every register is in.",
        "Attendance this morning 100.0%, 28 of 28 pupils.",
        "0 pupils are unexplained now; 0 more are still open.",
    )  # fmt: skip
