"""What was probably meant: two files that changed places, and a holiday that lies in another week than the calendar has it."""

import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from tests.school_file import details

PUPILS = "pupil_id,surname,forename,year_group,admission_date\n" + "".join(
    f"{number},A,B,7,2025-09-03\n" for number in range(10)
)
WEEKS = {"12": range(12, 17), "19": range(19, 24), "26": range(26, 31)}
CALENDAR = """\
calendar:
  terms:
    - school_year: "202627"
      name: autumn
      half_terms:
        - {{start: 2026-10-12, end: {end}}}
        - {{start: {start}, end: 2026-11-20}}
"""


def marks_of(*weeks, november=range(2, 7)):
    days = [f"2026-10-{day}" for week in weeks for day in WEEKS[week]] + [
        f"2026-11-{day:02d}" for day in november
    ]
    return "pupil_id,date,session,code\n" + "".join(
        f"{pupil},{day},{session},/\n" for day in days for pupil in range(10) for session in ("AM", "PM")
    )


@pytest.fixture
def read(tmp_path):
    """Reads ten pupils and their marks under a calendar with one holiday."""

    def reading(marks, end, start, roll="pupils.csv", register="marks.csv"):
        (tmp_path / roll).write_text(PUPILS, encoding="utf-8")
        (tmp_path / register).write_text(marks, encoding="utf-8")
        path = tmp_path / "school.yml"
        path.write_text(details() + CALENDAR.format(end=end, start=start), encoding="utf-8")
        return read_school(load_settings(path))

    return reading


def test_a_holiday_a_week_later_than_the_calendar_has_it_is_found_as_that(read):
    """The calendar closes the week of 19 October; the registers were taken then, and none in the week after."""
    with pytest.raises(InputError) as refused:
        read(marks_of("12", "19"), end="2026-10-16", start="2026-10-26")
    assert (
        "registers were taken from 2026-10-19 to 2026-10-23, which the calendar has as holiday, and none from 2026-10-26 to "
        "2026-10-30, which it has as school: is the holiday a week later?"
    ) in str(refused.value)


def test_so_is_one_a_week_earlier(read):
    with pytest.raises(
        InputError,
        match="none from 2026-10-19 to 2026-10-23, which it has as school: is the holiday a week earlier",
    ):
        read(marks_of("12", "26"), end="2026-10-23", start="2026-11-02")


def test_a_right_calendar_is_not_doubted_nor_one_day_of_training_in_the_holidays(read):
    stray = "".join(f"{pupil},2026-10-28,AM,/\n" for pupil in range(3))
    school = read(marks_of("12", "19") + stray, end="2026-10-23", start="2026-11-02")
    assert len(school.marks) == 303


def test_roll_and_marks_that_changed_places_are_said_to_have(read):
    said = "exports.pupils holds marks, and exports.marks the roll. Swap the two paths."
    swapped = {"roll": "marks.csv", "register": "pupils.csv"}
    with pytest.raises(InputError, match=said):
        read(marks_of("12", "19"), end="2026-10-23", start="2026-11-02", **swapped)


def test_a_file_of_another_kind_is_named_with_where_it_belongs(read):
    lessons = "pupil_id,date,period,code\n1,2026-10-12,P1,/\n"
    with pytest.raises(
        InputError,
        match="exports.marks leads to lessons, not to marks. Correct the path, or write it under exports.lessons",
    ):
        read(lessons, end="2026-10-23", start="2026-11-02")
