"""When the demo school's calendar asks for what, in both its school years, read off a wall calendar by hand."""

from datetime import date
from pathlib import Path

import pytest

from attendance_lib.intake.settings.loading import load_settings


@pytest.fixture(scope="module")
def occasions():
    return load_settings(Path(__file__).parents[2] / "params" / "demo.yml").occasions()


def test_the_meetings_of_2026_27_are_every_second_tuesday_of_term(occasions):
    """4 January and 3 May are no school days; 20 July is the last day of the year."""
    assert [f"{meeting:%m-%d}" for _, meeting in occasions.meetings()] == [
        "09-08", "09-22", "10-06", "10-20", "11-10", "11-24", "12-08",
        "01-05", "01-19", "02-02", "02-23", "03-09", "03-23",
        "04-20", "05-04", "05-18", "06-08", "06-22", "07-06", "07-20",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("meeting", "due", "first", "last"),
    [
        # The year begins on Thursday the 3rd, with Year 7 alone.
        (date(2026, 9, 8), date(2026, 9, 7), date(2026, 9, 3), date(2026, 9, 4)),
        # Over the half-term holiday; 2 November is INSET.
        (date(2026, 11, 10), date(2026, 11, 9), date(2026, 10, 19), date(2026, 11, 6)),
        # The last school day before it is the last that it covers.
        (date(2027, 1, 5), date(2027, 1, 4), date(2026, 12, 7), date(2026, 12, 18)),
        (date(2027, 2, 23), date(2027, 2, 22), date(2027, 2, 1), date(2027, 2, 12)),
        # Monday 3 May is a bank holiday.
        (date(2027, 5, 4), date(2027, 5, 1), date(2027, 4, 19), date(2027, 4, 30)),
        (date(2027, 7, 20), date(2027, 7, 19), date(2027, 7, 5), date(2027, 7, 16)),
    ],
)
def test_the_packs_of_2026_27(occasions, meeting, due, first, last):
    (pack,) = (each for each in occasions.pastoral() if each.meeting == meeting)
    assert (pack.due, pack.first, pack.last) == (due, first, last)


def test_a_report_waits_until_the_fifth_school_day_after_a_half_term_and_over_the_summer_for_nothing(
    occasions,
):
    """INSET days do not count, a day for Year 7 alone does; a school year's last half term waits for no register."""
    assert [(f"{each.last:%y-%m-%d}", f"{each.marks_to:%m-%d}") for each in occasions.governors()] == [
        ("25-10-24", "11-10"),
        ("25-12-19", "01-12"),
        ("26-02-13", "02-27"),
        ("26-03-27", "04-17"),
        ("26-05-22", "06-05"),
        ("26-07-17", "07-17"),
        ("26-10-23", "11-09"),
        ("26-12-18", "01-11"),
        ("27-02-12", "02-26"),
        ("27-03-25", "04-16"),
        ("27-05-28", "06-11"),
        ("27-07-20", "07-20"),
    ]
