"""The last register day: codes entered ahead and stray dates are not taken for registers."""

import json
from datetime import date

import pandas as pd
import pytest

from attendance_lib.intake.placing import find_registers, session_numbers
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
    found = find_registers(marks_of(*entries), ROLL, calendar)
    assert found.day == (day and date(2026, 9, day))


def test_only_those_on_roll_that_day_are_expected():
    roll = ROLL.assign(leaving_date=pd.to_datetime([None, "2026-09-08", "2026-09-08", "2026-09-08"]))
    marks = marks_of((7, "/", "1234"), (9, "/", "1"))
    assert find_registers(marks, roll, CALENDAR).day == date(2026, 9, 9)


def test_who_is_admitted_later_is_not_expected():
    """On the 9th the first pupil alone is on roll; the third and fourth come on the 10th, each with one code entered ahead."""
    roll = ROLL.assign(
        admission_date=pd.to_datetime([None, None, "2026-09-10", "2026-09-10"]),
        leaving_date=pd.to_datetime([None, "2026-09-08", None, None]),
    )
    marks = marks_of((7, "/", "12"), (9, "/", "1"), (10, "C", "3"), (11, "C", "4"))
    assert find_registers(marks, roll, CALENDAR).day == date(2026, 9, 9)


def of_halves(*entries):
    """Marks of either half: (September day, half, code, pupils)."""
    rows = [
        (pupil, f"2026-09-{day:02d}", half, code) for day, half, code, pupils in entries for pupil in pupils
    ]
    frame = pd.DataFrame(rows, columns=["pupil_id", "date", "session", "code"])
    return frame.assign(date=pd.to_datetime(frame["date"]).astype("datetime64[s]"))


@pytest.mark.parametrize(
    ("afternoon", "half"),
    [("", "AM"), ("1", "AM"), ("12", "PM"), ("1234", "PM")],
)
def test_an_afternoon_of_codes_entered_ahead_is_no_register(afternoon, half):
    """One of four in the afternoon is a code entered ahead; two of four are a register."""
    marks = of_halves(
        (7, "AM", "/", "1234"), (7, "PM", "/", "1234"), (8, "AM", "/", "1234"), (8, "PM", "C", afternoon)
    )
    found = find_registers(marks, ROLL, CALENDAR)
    (number,) = session_numbers(pd.Series(pd.to_datetime(["2026-09-08"])), pd.Series([half]))
    assert (found.last, found.day, found.first) == (number, date(2026, 9, 8), None)


@pytest.mark.parametrize(("code", "half"), [("\\", "PM"), ("L", "PM"), ("I", "AM"), ("V", "AM")])
def test_an_afternoon_in_which_anybody_is_present_was_begun(code, half):
    """So few marks of presence are a register that was not finished: what is missing of it is missing."""
    marks = of_halves((7, "AM", "/", "1234"), (7, "PM", code, "1"))
    (number,) = session_numbers(pd.Series(pd.to_datetime(["2026-09-07"])), pd.Series([half]))
    assert find_registers(marks, ROLL, CALENDAR).last == number


LONG = SchoolCalendar(
    (
        Term("202526", "autumn", (HalfTerm(date(2025, 9, 8), date(2025, 10, 3)),)),
        Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 10, 2)),)),
    )
)


@pytest.mark.parametrize(
    ("strays", "is_found"),
    [
        # The first day of 2026/27 is the eleventh school day after Friday 19 September 2025, and the tenth after Monday 22.
        ([("2025-09-19", "1")], True),
        ([("2025-09-22", "1")], False),
        ([("2025-09-18", "1"), ("2025-09-17", "2")], True),
        # Two of four at one session are a register.
        ([("2025-09-18", "12")], False),
        # A mark between closes the gap.
        ([("2025-09-18", "1"), ("2025-09-25", "1")], False),
        ([], False),
    ],
)
def test_single_marks_long_before_the_first_register_are_found(strays, is_found):
    roll = ROLL.assign(admission_date=pd.to_datetime(["2024-09-02"] * 4))
    marks = pd.concat([marks_of((7, "/", "1234"), (8, "/", "1234")), *(on_day(*each) for each in strays)])
    (first,) = session_numbers(pd.Series(pd.to_datetime(["2026-09-07"])), pd.Series(["AM"]))
    assert find_registers(marks, roll, LONG).first == (first if is_found else None)


def on_day(day, pupils):
    return marks_of((1, "I", pupils)).assign(date=pd.Timestamp(day).as_unit("s"))


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


WEEKLY = "StudentId,CalendarStartDate,MonAM,MonPM,TueAM,TuePM\n"


def test_blank_cells_of_an_afternoon_entered_ahead_are_not_missing(read_changed):
    rows = "001,2026-09-14,/,\\,/,M\n002,2026-09-14,/,\\,/,\n003,2026-09-14,/,\\,/,\n"
    school = read_changed({"marks.csv": WEEKLY + rows})
    assert (school.last_register_day, school.log.missing_marks) == (date(2026, 9, 15), 0)
    assert school.planned_marks[["pupil_id", "session", "code"]].astype(str).to_numpy().tolist() == [
        ["001", "PM", "M"]
    ]


TWO_YEARS = (
    "calendar:\n  terms:",
    "calendar:\n  terms:\n"
    '    - {school_year: "202526", name: autumn, half_terms: [{start: 2025-09-08, end: 2025-10-24}]}',
)
PUPILS_OF_THREE = ("001", "002", "003")


def string(pupil, day, codes):
    """One record of Xporter's."""
    return {"MIS_ID": pupil, "AttStatsStartDate": day, "MarksCSV": codes}


STRINGS = [*(string(who, "2026-09-14", "/,\\") for who in PUPILS_OF_THREE), string("002", "2025-09-15", "/")]
EARLY = {
    "tidy": "pupil_id,date,session,code\n"
    + "".join(f"{who},2026-09-14,AM,/\n" for who in PUPILS_OF_THREE)
    + "002,2025-09-15,AM,/\n",
    "weekly_wide": "StudentId,CalendarStartDate,MonAM,MonPM\n"
    + "".join(f"{who},2026-09-14,/,\\\n" for who in PUPILS_OF_THREE)
    + "002,2025-09-15,/,\n",
    "xporter": json.dumps({"StudentAttendance": STRINGS}),
}


@pytest.mark.parametrize("layout", EARLY)
def test_a_date_a_year_early_is_named_with_its_row_in_every_layout(checked_changed, layout):
    all_here = ("F,1,2026-09-07", "F,1,2025-09-03")
    checked = checked_changed({"marks.csv": EARLY[layout], "pupils.csv": all_here}, [TWO_YEARS])
    (found,) = [each for each in checked.log.findings if each.rule == "marked_long_before"]
    assert (found.file.partition(" (")[0], found.row, found.count) == ("marks.csv", 5, 1)
    assert "it is of 2025-09-15" in found.message
    assert checked.log.files[-1].layout == layout
    # One mark in four is above the limit on marks left out, as of a school of three it must be.
    assert checked.school.last_register_day == date(2026, 9, 14)
    assert checked.log.missing_marks == 0


def test_marks_that_all_say_closed_are_no_register(checked_changed):
    marks = "pupil_id,date,session,code\n001,2026-09-14,AM,#\n002,2026-09-14,AM,#\n"
    assert checked_changed({"marks.csv": marks}).problems == (
        "none of the 2 marks is of a pupil on roll and says anything but closed (#, Z): no register was taken. "
        "Export the marks of registers.",
    )
