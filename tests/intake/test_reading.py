"""Dates as systems write them, in every layout that has dates: UTC midnights, and years of two digits."""

import re
from datetime import date, timedelta

import openpyxl
import pandas as pd
import pytest

from attendance_lib.errors import InputError
from tests.intake.writers import MONDAY, grid, sims_xml, tidy, weekly, wonde, xporter

ISO = re.compile(rb"(\d{4})-(\d\d)-(\d\d)(?:T\d\d:00:00)?")
DAYS = (MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=4))
REGISTER = {
    (pupil, day, half): code
    for pupil in ("001", "002", "003")
    for day in DAYS
    for half, code in (("AM", "/"), ("PM", "I"))
}
EXPECTED = {(pupil, f"{day:%m-%d}", half): code for (pupil, day, half), code in REGISTER.items()}


def utc_midnight(match):
    """Midnight in British Summer Time, as UTC has it."""
    day = date(*map(int, match.groups())) - timedelta(days=1)
    return f"{day}T23:00:00.000Z".encode()


def two_digits(match):
    return b"/".join((match[3], match[2], match[1][2:]))


@pytest.mark.parametrize("write", [tidy, weekly, sims_xml, xporter, wonde])
def test_a_midnight_written_in_utc_is_the_day_that_it_begins(read_changed, codes_of, write):
    school = read_changed({"marks.csv": ISO.sub(utc_midnight, write(REGISTER))})
    assert codes_of(school) == EXPECTED
    assert school.log.findings == ()


@pytest.mark.parametrize("write", [tidy, weekly, sims_xml, wonde])
def test_years_of_two_digits_are_read_in_the_order_that_the_column_proves(read_changed, codes_of, write):
    school = read_changed({"marks.csv": ISO.sub(two_digits, write(REGISTER))})
    assert codes_of(school) == EXPECTED


def test_years_of_two_digits_in_the_headings_of_a_grid(read_changed, codes_of, school_folder):
    (school_folder / "whole.xlsx").write_bytes(grid(REGISTER))
    book = openpyxl.load_workbook(school_folder / "whole.xlsx")
    for cell in book.active[3]:
        if match := re.match(r"(\d\d) Sep 2026 (.*)", str(cell.value)):
            cell.value = f"{match[1]}/09/26 {match[2]}"
    book.save(school_folder / "marks.csv")
    assert codes_of(read_changed()) == EXPECTED


def test_an_open_order_of_two_digit_dates_is_refused(read_changed):
    marks = "pupil_id,date,session,code\n001,08/09/26,AM,/\n001,09/09/26,AM,/\n"
    with pytest.raises(InputError, match="could have the day or the month first"):
        read_changed({"marks.csv": marks})


ROLL = "pupil_id,year_group,date_of_birth,admission_date,leaving_date\n"


def test_births_of_two_digits_are_past_and_admissions_of_this_century(read_changed):
    rows = "001,7,28/02/15,07/09/26,\n002,8,02/02/14,03/09/25,\n003,8,02/03/98,03/09/25,25/09/26\n"
    pupils = read_changed({"pupils.csv": ROLL + rows}).pupils
    assert [str(day.date()) for day in pupils["date_of_birth"]] == ["2015-02-28", "2014-02-02", "1998-03-02"]
    assert [str(day.date()) for day in pupils["admission_date"]] == ["2026-09-07", "2025-09-03", "2025-09-03"]
    assert str(pupils["leaving_date"].iloc[2].date()) == "2026-09-25"


def test_births_with_the_month_in_words_are_past_too(read_changed):
    rows = "001,7,28-Feb-15,07-Sep-26,\n002,8,02-Feb-98,03-Sep-25,\n003,8,02-Mar-14,03-Sep-25,\n"
    pupils = read_changed({"pupils.csv": ROLL + rows}).pupils
    assert pupils["date_of_birth"].dt.year.tolist() == [2015, 1998, 2014]


def test_the_roll_s_midnights_in_utc_are_the_days_that_they_begin(read_changed):
    rows = "001,7,2015-05-05T23:00:00Z,2026-09-06T23:00:00+00:00,\n002,8,2014-01-02T00:00:00Z,2025-09-02T23:00Z,\n"
    rows += "003,8,2014-06-02T00:00:00+01:00,2025-09-03,\n"
    school = read_changed({"pupils.csv": ROLL + rows})
    births, admissions = (
        school.pupils[name].dt.strftime("%Y-%m-%d").tolist() for name in ("date_of_birth", "admission_date")
    )
    assert births == ["2015-05-06", "2014-01-02", "2014-06-02"]
    assert admissions == ["2026-09-07", "2025-09-03", "2025-09-03"]
    assert [(each.rule, each.count) for each in school.log.repairs] == [("midnights", 1), ("midnights", 2)]


@pytest.mark.parametrize("written", ["2026-09-14T23:00:00Z", "15/09/26", "15-Sep-26"])
def test_a_log_s_dates_are_read_as_the_marks_are(read_changed, school_folder, written):
    head = "contact_id,pupil_id,date,mode\n"
    (school_folder / "contacts.csv").write_text(f"{head}c1,001,{written},visit\n", encoding="utf-8")
    school = read_changed(settings=[("calendar:", '  contacts: {path: "contacts.csv"}\ncalendar:')])
    assert school.contacts["date"].tolist() == [pd.Timestamp("2026-09-15")]


def test_when_a_mark_was_made_keeps_its_clock_unless_it_is_a_midnight(read_changed):
    head = "pupil_id,date,session,code,recorded_at\n"
    rows = "001,2026-09-14,AM,/,2026-09-14T08:45:00Z\n002,2026-09-14,AM,/,2026-09-13T23:00:00Z\n"
    marks = read_changed({"marks.csv": head + rows}).marks
    assert marks["recorded_at"].astype(str).tolist() == ["2026-09-14 08:45:00", "2026-09-14 00:00:00"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("date_of_birth", "2015/2/x"), ("admission_date", "first day"), ("sex", "Q")],
)
def test_a_column_of_which_nothing_can_be_read_is_a_must_and_a_value_here_and_there_is_not(
    read_changed, column, value
):
    head = f"pupil_id,year_group,{column}\n"
    good = {"sex": "F"}.get(column, "2015-01-02")
    for first, severity in ((value, "must"), (good, "should")):
        school = read_changed({"pupils.csv": f"{head}001,7,{first}\n002,8,{value}\n003,8,\n"})
        (finding,) = [each for each in school.log.findings if each.rule == f"unreadable_{column}"]
        assert str(finding.severity) == severity


def test_stamps_of_which_none_can_be_read_are_a_must(read_changed):
    head = "pupil_id,date,session,code,amended_on\n"
    rows = "001,2026-09-14,AM,/,x\n002,2026-09-14,AM,/,soon\n003,2026-09-14,AM,/,\n"
    (finding,) = read_changed({"marks.csv": head + rows}).log.findings
    assert (finding.rule, str(finding.severity), finding.count) == ("unreadable_amended_on", "must", 2)
