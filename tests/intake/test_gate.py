"""What refuses a school as a whole, what a refusal says, and that neither it nor any finding shows a personal value."""

import re
from pathlib import Path

import openpyxl
import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.school import read_school_checked
from attendance_lib.intake.settings.loading import load_settings

HEADINGS = "pupil_id,date,session,code\n"


@pytest.fixture
def check_changed(school_folder):
    """Check the school after changes: file name to (old, new) or to new text."""

    def check(changes):
        for name, change in changes.items():
            path = school_folder / name
            text = change if isinstance(change, str) else path.read_text(encoding="utf-8").replace(*change)
            path.write_text(text, encoding="utf-8")
        return read_school_checked(load_settings(school_folder / "school.yml"))

    return check


def test_a_good_school_is_accepted(check_changed):
    checked = check_changed({})
    assert checked.problems == ()
    assert checked.accepted() is checked.school
    assert checked.log is checked.school.log


def test_a_refused_file_leaves_no_school_but_an_account_of_what_was_read(check_changed):
    checked = check_changed({"marks.csv": "a,b\n1,2\n"})
    assert checked.school is None
    assert [file.kind for file in checked.log.files] == ["pupils"]
    assert checked.problems[0].startswith("marks.csv: this is in none of the layouts")


def test_a_school_over_the_loss_limit_is_read_and_refused(check_changed):
    checked = check_changed({"marks.csv": ("003,", "009,")})
    assert len(checked.school.marks) == 4
    with pytest.raises(InputError, match=r"2 of 6 marks would be left out \(33.3%, limit 2%\)"):
        checked.accepted()


def test_marks_outside_every_term_are_refused(check_changed):
    with pytest.raises(
        InputError,
        match=r"none of the 6 marks \(2026-08-10 to 2026-08-10\).*school days 2026-09-07 to 2026-12-18",
    ):
        check_changed({"marks.csv": ("2026-09-14", "2026-08-10")}).accepted()


def test_a_roll_of_which_no_pupil_has_a_mark_is_refused_for_the_loss(check_changed):
    checked = check_changed({"marks.csv": f"{HEADINGS}901,2026-09-14,AM,/\n"})
    assert checked.problems[0].startswith("1 of 1 mark would be left out (100.0%, limit 2%)")


def test_an_error_tells_the_first_twenty_problems_and_a_count_and_the_check_all(check_changed):
    checked = check_changed({"pupils.csv": ("2026-09-07,", "2026-09-07,2026-09-01")})
    several = type(checked)(checked.settings, None, checked.log, checked.problems * 25)
    with pytest.raises(InputError) as told:
        several.accepted()
    assert told.value.problems == (*checked.problems * 20, "... and 5 more problems like these.")


@pytest.mark.parametrize("value", ["O'Neill", "Ó Briain", "李", "Zoë", "2014-05-06", "A3"])
def test_a_personal_value_in_the_column_of_codes_is_not_told(check_changed, value):
    checked = check_changed({"marks.csv": (",I,", f",{value},")})
    said = "\n".join(checked.problems)
    assert "2 marks hold what is no register code (" in said
    assert value not in said
    assert not re.search(rf"\b{re.escape(value)}\b", said)


def test_a_code_that_is_also_a_name_is_told(check_changed):
    checked = check_changed({"pupils.csv": ("Null", "J"), "marks.csv": (",N,", ",J,")})
    assert "1 mark holds the code 'J' on a date" in str(checked.log.findings[0])


def test_a_repair_does_not_tell_a_personal_value(check_changed):
    checked = check_changed({"pupils.csv": ("Null", "C-2"), "marks.csv": (",N,", ",c-2,")})
    assert checked.log.repairs[0].message == "code read by its plain meaning: '(personal)' as 'C2' 1 time"


def test_a_file_that_another_program_holds_is_refused_and_no_traceback(check_changed, monkeypatch):
    read = Path.read_bytes

    def locked(path):
        if path.name == "marks.csv":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert check_changed({}).problems == (
        "marks.csv: the file cannot be opened (Permission denied). Close it in other programs, or ask for the right to read it.",
    )


@pytest.mark.parametrize("name", ["O'Neill, N", "Zoë"])
def test_a_sheet_named_after_a_pupil_is_not_told(check_changed, school_folder, name):
    book = openpyxl.Workbook()
    book.active.title = name
    for row in (
        ["pupil_id", "date", "session", "code"],
        ["001", "2026-09-14", "AM", "A"],
        ["002", "2026-09-14", "AM", "/"],
    ):
        book.active.append(row)
    book.save(school_folder / "marks.csv")
    checked = check_changed({})
    said = [*checked.problems, *map(str, checked.log.findings), *(file.sheet for file in checked.log.files)]
    assert not any(name in line for line in said)
    assert any("sheet '(personal)', row 2" in line for line in said)


def test_a_date_of_birth_that_a_stray_comma_moves_is_not_told(check_changed):
    checked = check_changed({"pupils.csv": (",2015-01-02,F,", ",,2015-01-02,F,")})
    assert [str(each) for each in checked.log.findings if each.column == "sex"] == [
        "pupils.csv, row 2, column 'sex': a value is not one of F, M (1 row). It is taken as missing; correct the export."
    ]


def test_a_name_that_a_stray_comma_moves_in_a_log_is_not_told(check_changed, school_folder):
    log = "pupil_id,intervention,start_date,cost\n001,Petronella Strangefellow,Petronella,Strangefellow\n"
    (school_folder / "log.csv").write_text(log, encoding="utf-8")
    school = school_folder / "school.yml"
    text, named = school.read_text(encoding="utf-8"), '  interventions: {path: "log.csv"}\ncalendar:'
    school.write_text(text.replace("calendar:", named), encoding="utf-8")
    checked = check_changed({})
    said = " ".join([*checked.problems, *map(str, checked.log.findings)])
    assert "column 'start_date': a text of 10 characters is not a date" in said
    assert not any(name in said for name in ("Petronella", "Strangefellow"))
