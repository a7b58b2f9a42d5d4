import pytest

from attendance_lib.errors import InputError

HEAD = "StudentId,CalendarStartDate,MonAM,MonPM,TueAM,TuePM\n"


def test_a_week_becomes_one_mark_a_half_day(read_changed, codes_of):
    school = read_changed(
        {"marks.csv": HEAD + "001,2026-09-14T00:00:00,/,\\,L,\n002,2026-09-21T00:00:00,I,,,\n"}
    )
    assert codes_of(school) == {
        ("001", "09-14", "AM"): "/", ("001", "09-14", "PM"): "\\", ("001", "09-15", "AM"): "L", ("002", "09-21", "AM"): "I",
    }  # fmt: skip
    # Blank are 15 PM, 21 PM and the 22nd; nobody has a mark after the morning of the 21st: those registers may be to come.
    assert (school.log.files[-1].layout, school.log.missing_marks) == ("weekly_wide", 1)


def test_headings_may_be_written_out(read_changed, codes_of):
    marks = "Student ID;Week commencing;Monday AM;Friday PM\n001;14/09/2026;/;\\\n"
    assert codes_of(read_changed({"marks.csv": marks})) == {
        ("001", "09-14", "AM"): "/",
        ("001", "09-18", "PM"): "\\",
    }


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        (
            HEAD + "001,2026-09-13,/,,,\n",
            "column 'CalendarStartDate': 2026-09-13 is a Sunday, but a week here begins on a Monday",
        ),
        ("StudentId,MonAM,MonPM\n001,/,\\\n", "row 1: there is no column with the first day of the week"),
    ],
)
def test_a_week_without_its_monday_is_refused(read_changed, marks, message):
    with pytest.raises(InputError, match=message):
        read_changed({"marks.csv": marks})
