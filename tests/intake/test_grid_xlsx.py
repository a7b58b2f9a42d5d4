"""Grids whose headings stand over three rows: month, day of the month, AM and PM."""

from datetime import date

import openpyxl
import pytest

from attendance_lib.errors import InputError

MARKS = [
    ["001", "x", "/", "\\", "I", "I"],
    ["002", "x", "L", "\\", "/", "\\"],
    ["003", "x", "/", "\\", "/", "\\"],
]
HALVES = [None, None, "AM", "PM", "AM", "PM"]


@pytest.fixture
def read_grid(read_changed, school_folder):
    def read(*heads):
        book = openpyxl.Workbook()
        for row in (*heads, *MARKS):
            book.active.append(row)
        book.save(school_folder / "marks.csv")
        return read_changed()

    return read


@pytest.mark.parametrize(
    ("months", "days"),
    [
        ((["September 2026"], 3), ["Mon 14", None, "Tue 15", None]),
        ((["Sep-26"], 3), ["14", None, "15", None]),
        ((["SEPT 2026"], 3), [14, None, 15, None]),
        # A month without its year, told by the calendar; and the month written again over each day.
        ((["September"], 3), ["Mon 14", None, "Tue 15", None]),
        ((["September 2026", None, "September 2026"], 1), ["14th Mon", None, "15th Tue", None]),
    ],
)
@pytest.mark.parametrize("title", [[], [["Registers"]]])
def test_days_below_their_month_are_dates(read_grid, codes_of, months, days, title):
    cells, blanks = months
    school = read_grid(*title, ["Adno", "Name", *cells, *[None] * blanks], [None, None, *days], HALVES)
    assert codes_of(school)[("001", "09-15", "PM")] == "I"
    assert len(school.marks) == 12
    assert set(school.marks["date"].dt.date) == {date(2026, 9, 14), date(2026, 9, 15)}


def test_a_month_changes_within_a_week(read_grid, codes_of):
    head = ["Adno", "Name", "September 2026", None, "October 2026", None]
    school = read_grid(head, [None, None, "Wed 30", None, "Thu 1", None], HALVES)
    assert {day for _, day, _ in codes_of(school)} == {"09-30", "10-01"}


def test_days_without_a_month_are_refused_as_that(read_grid):
    with pytest.raises(
        InputError, match="row 2: there are days of the month without month and year. Export whole dates"
    ):
        read_grid(["Adno", "Name"], [None, None, "Mon 14", None, "Tue 15", None], HALVES)
