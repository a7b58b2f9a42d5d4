"""The school's own mapping of headings goes before everything else, and is told of where it leads nowhere."""

import json

import pytest

from attendance_lib.errors import InputError, SettingsError
from attendance_lib.intake.headings import LONGEST, plain

PATH = 'path: "marks*.csv"'
WEEK = "Ident,W/C,MonAM,MonPM\n001,2026-09-14,/,\\\n"


def test_the_first_day_of_the_week_can_be_mapped(read_changed, codes_of):
    mapped = f'{PATH}, columns: {{pupil_id: "Ident", week_beginning: "W/C"}}'
    school = read_changed({"marks.csv": WEEK}, settings=[(PATH, mapped)])
    assert codes_of(school) == {("001", "09-14", "AM"): "/", ("001", "09-14", "PM"): "\\"}


def test_the_fields_of_strings_of_marks_can_be_mapped(read_changed, codes_of):
    records = json.dumps([{"Who": "001", "Since": "2026-09-14", "Codes": "/,\\"}])
    mapped = f'{PATH}, columns: {{pupil_id: "Who", start_date: "Since", marks_csv: "Codes"}}'
    school = read_changed({"marks.csv": records}, settings=[(PATH, mapped)])
    assert codes_of(school) == {("001", "09-14", "AM"): "/", ("001", "09-14", "PM"): "\\"}


def test_a_mapped_heading_goes_before_the_one_that_would_be_found(read_changed, codes_of):
    text = "pupil_id,date,session,code,Final mark\n001,2026-09-14,AM,I,/\n"
    school = read_changed({"marks.csv": text}, settings=[(PATH, f'{PATH}, columns: {{code: "Final mark"}}')])
    assert codes_of(school) == {("001", "09-14", "AM"): "/"}


def test_a_heading_that_is_mapped_and_not_there_is_named(read_changed):
    with pytest.raises(
        InputError, match=r"marks.csv: there is no heading 'codes', to which .* 'code'\. Did you mean 'code'"
    ):
        read_changed(settings=[(PATH, f'{PATH}, columns: {{code: "codes"}}')])


def test_a_file_of_marks_that_lacks_one_column_is_told_which(read_changed):
    with pytest.raises(
        InputError, match="marks.csv, row 1: if these are rows of marks, there is no column 'session'"
    ):
        read_changed({"marks.csv": ("date,session", "date,halfday")})


def test_a_heading_that_stands_there_twice_is_named(read_changed):
    twice = ("pupil_id,date,session,code,minutes_late", "pupil_id,date,session,code,code")
    with pytest.raises(InputError) as refused:
        read_changed({"marks.csv": twice})
    assert refused.value.problems == (
        "marks.csv, row 1: if these are rows of marks, the heading 'code' occurs 2 times. Keep one of them.",
    )


def test_a_sheet_of_names_without_headings_is_refused_without_one(read_changed):
    with pytest.raises(InputError, match=r"^marks.csv: this is in none of the layouts"):
        read_changed({"marks.csv": "Petronella,2013-12-25\n" * 5})


def test_a_column_that_no_layout_has_is_refused(read_changed):
    with pytest.raises(
        SettingsError, match="marks has no column 'week_begining'. Did you mean 'week_beginning'"
    ):
        read_changed(settings=[(PATH, f'{PATH}, columns: {{week_begining: "W/C"}}')])


def test_a_text_of_megabytes_is_no_heading():
    assert plain("Pupil ID") == "pupilid"
    assert len(plain("x" * 10_000_000)) == LONGEST
