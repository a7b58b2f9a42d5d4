"""The last register day: codes entered ahead and stray dates are not taken for registers."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.intake.last_register import find_last_register_day
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term

TERM = Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 9, 25)),))
CALENDAR = SchoolCalendar((TERM,))
ROLL = pd.DataFrame(
    {
        "pupil_id": ["1", "2", "3", "4"],
        "year_group": [7, 7, 11, 11],
        "admission_date": pd.to_datetime(["2026-09-07"] * 4),
        "leaving_date": pd.to_datetime([None] * 4),
    }
)


def marks_of(*entries):
    """Marks of the morning: (September day, code, pupils)."""
    rows = [(pupil, f"2026-09-{day:02d}", "AM", code) for day, code, pupils in entries for pupil in pupils]
    frame = pd.DataFrame(rows, columns=["pupil_id", "date", "session", "code"])
    return frame.assign(date=pd.to_datetime(frame["date"]).astype("datetime64[s]"))


@pytest.mark.parametrize(
    ("entries", "day"),
    [
        # Two of four are half; one of four is not.
        ([(7, "/", "1234"), (8, "/", "12")], 8),
        ([(7, "/", "1234"), (8, "C", "1")], 7),
        # The newest day counts, whatever is missing before it.
        ([(7, "/", "1234"), (9, "/", "123")], 9),
        # Codes for pupils who need not attend take them out of the count: one of two is half, none of one is not.
        ([(7, "/", "1234"), (8, "D", "34"), (8, "/", "1")], 8),
        ([(7, "/", "1234"), (8, "X", "123")], 7),
        # A day closed to Year 11: two are expected, one is half.
        ([(7, "/", "1234"), (18, "/", "1")], 18),
        # A pupil without any mark at all is not waited for.
        ([(7, "/", "123"), (8, "/", "12"), (9, "C", "3")], 8),
        # Where no session has half, the last one with a mark.
        ([(7, "/", "1"), (8, "/", "2"), (9, "/", "3"), (10, "/", "4")], 10),
        ([(7, "D", "1234"), (8, "X", "12")], 8),
        ([], None),
        # Saturday is no school day.
        ([(7, "/", "1234"), (12, "/", "1234")], 7),
    ],
)
def test_the_last_register_day_is_the_last_on_which_half_of_those_expected_are_marked(entries, day):
    calendar = SchoolCalendar((TERM,), closures=(Closure(date(2026, 9, 18), "exams", (11,)),))
    found = find_last_register_day(marks_of(*entries), ROLL, calendar)
    assert found == (day and date(2026, 9, day))


def test_only_those_on_roll_that_day_are_expected():
    roll = ROLL.assign(leaving_date=pd.to_datetime([None, "2026-09-08", "2026-09-08", "2026-09-08"]))
    marks = marks_of((7, "/", "1234"), (9, "/", "1"))
    assert find_last_register_day(marks, roll, CALENDAR) == date(2026, 9, 9)


AHEAD = "".join(f"001,2026-11-{day:02d},{session},C,\n" for day in (2, 3, 4) for session in ("AM", "PM"))
FAR = "002,2027-06-07,AM,V,\n"


def test_marks_after_the_last_register_are_planned_and_neither_counted_nor_missing(read_changed):
    marks = "003,2026-09-14,PM,I,\n"
    school = read_changed({"marks.csv": (marks, marks + AHEAD)})
    assert school.last_register_day == date(2026, 9, 14)
    assert (len(school.marks), len(school.planned_marks)) == (6, 6)
    assert set(school.planned_marks["code"]) == {"C"}
    assert (school.log.findings, school.log.rows_dropped, school.log.missing_marks) == ((), 0, 0)


def test_blank_cells_after_the_last_register_are_not_missing(read_changed):
    week = "StudentId,CalendarStartDate,MonAM,TueAM,WedAM\n"
    rows = "001,2026-09-14,/,/,C\n002,2026-09-14,/,,\n003,2026-09-14,/,/,\n"
    school = read_changed({"marks.csv": week + rows})
    # On Tuesday two of three are marked, so that one is missing; on Wednesday one of three is a code entered ahead.
    assert (school.last_register_day, school.log.missing_marks) == (date(2026, 9, 15), 1)
    assert school.planned_marks["pupil_id"].tolist() == ["001"]


def test_marks_that_all_say_closed_are_no_register(checked_changed):
    marks = "pupil_id,date,session,code\n001,2026-09-14,AM,#\n002,2026-09-14,AM,#\n"
    assert checked_changed({"marks.csv": marks}).problems == (
        "none of the 2 marks is of a pupil on roll and says anything but closed (#, Z): no register was taken. "
        "Export the marks of registers.",
    )
