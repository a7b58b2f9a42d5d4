"""Small exports as people who do this job report them, each read as it was meant; the cases lie beside the project."""

import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from attendance_lib.analysis.headline import totals_of
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.intake.settings.school_file import Cohort
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.check.check import CheckRequest, check_exports
from attendance_lib.papers.fortnightly.changes import crossing_counts
from attendance_lib.papers.fortnightly.data_notes import two_bases
from attendance_lib.papers.fortnightly.groups import groups
from attendance_lib.papers.fortnightly.priority import priority_pupils
from attendance_lib.papers.inspection import inspection_of, registers_by_year, things_to_fix
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.gate import check_reaches, read_exported
from attendance_lib.reports.project import Project

CASES = Path(__file__).parents[2] / "shared" / "field-cases"
FIRST, LAST = "7 September 2026", "18 September 2026"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the field cases are not beside the project")


@dataclass(frozen=True)
class Told:
    """A check of a case: its exit code and the page in one line."""

    code: int
    text: str


@pytest.fixture
def checked(tmp_path):
    """Check a case, after changes to its school file: text to put for other text."""

    def check(case, *changes):
        folder = shutil.copytree(CASES / case, tmp_path / "params")
        (tmp_path / "notebooks").mkdir()
        school = folder / "school.yml"
        for old, new in changes:
            school.write_text(school.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        request = CheckRequest(Project(tmp_path), school, tmp_path / "outputs")
        done = check_exports(request, Progress(), inspection_of)
        assert sorted(path.name for path in done.folder.glob("[!.]*")) == ["check.html", "check.xlsx"]
        return Told(done.exit_code, " ".join(done.text.split()))

    return check


def marks_in_place(told):
    """Say marks in their place of those due, and marks left out of those read."""
    found = re.search(
        r"Marks in their place: ([\d,]+); of ([\d,]+) due.*?Marks left out: [\d.%]+; ([\d,]+) of ([\d,]+) read",
        told.text,
    )
    return tuple(int(number.replace(",", "")) for number in found.groups())


def test_codes_entered_ahead_are_planned(checked, tmp_path):
    told = checked("planned_absence")
    assert f"marks of {FIRST} to {LAST} Good:" in told.text
    assert marks_in_place(told) == (160, 160, 0, 300)
    assert "C Leave for exceptional circumstances 20 1 2 Nov 26 13 Nov 26" in told.text
    assert "D Dual registered at another school 120 1 21 Sep 26 18 Dec 26" in told.text
    last = read_exported(load_settings(tmp_path / "params" / "school.yml")).last_register_day
    assert last == date(2026, 9, 18)
    with pytest.raises(
        Exception,
        match="the last register taken is of 2026-09-18, and this paper waits for marks of 2026-10-02",
    ):
        check_reaches(last, date(2026, 10, 2))


def test_one_stray_date_is_named_and_moves_nothing(checked):
    told = checked("one_mark_at_christmas")
    assert (told.code, marks_in_place(told)) == (0, (159, 160, 1, 160))
    assert f"marks of {FIRST} to {LAST}" in told.text
    assert (
        "marks.csv, row 161, column 'date': 1 mark was made when the calendar has the session closed"
        in told.text
    )
    assert "it is of 2026-12-29" in told.text


def test_rows_swallowed_by_a_quotation_mark_are_refused_with_the_first(checked):
    told = checked("stray_quotes_marks")
    assert told.code == 11
    assert "marks.csv, row 32: a cell holds 41 lines that are rows themselves" in told.text


@pytest.mark.parametrize(
    "case", ["utc_midnight_marks", "two_digit_years_tidy", "two_digit_years_grid", "two_digit_years_roll"]
)
def test_dates_in_another_dress_are_read_and_nothing_is_to_be_put_right(checked, case):
    told = checked(case)
    assert (told.code, marks_in_place(told)) == (0, (160, 160, 0, 160))
    assert f"marks of {FIRST} to {LAST} Good: every report can be made, and nothing was found" in told.text


def test_characters_that_cannot_be_seen_are_taken_out_and_counted(checked):
    told = checked("invisible_characters")
    assert (told.code, marks_in_place(told)) == (0, (160, 160, 0, 160))
    assert "held characters that cannot be seen, which were taken out: Times 5, File marks.csv" in told.text


OWN = ('marks: {path: "marks.csv"}', 'marks: {path: "marks.csv", codes: {I01: I, I02: I, X01: X, X06: X}}')


def test_a_system_s_own_codes_are_refused_with_the_setting_and_read_with_it(checked, tmp_path):
    told = checked("sub_codes")
    assert told.code == 11
    assert (
        'say in the school file, beside the path, which register code each stands for, as in codes: {I01: "I",'
        in told.text
    )
    assert "Correct the register" not in told.text
    shutil.rmtree(tmp_path / "params")
    (tmp_path / "notebooks").rmdir()
    told = checked("sub_codes", OWN)
    assert (told.code, marks_in_place(told)) == (0, (160, 160, 0, 160))
    assert "'I01' as 'I' 7 times, 'I02' as 'I' 3 times, 'X01' as 'X' 1 time, 'X06' as 'X' 1 time" in told.text


def test_two_marks_in_a_cell_are_told_as_that(checked):
    told = checked("two_marks_a_cell")
    assert told.code == 11
    assert "80 cells hold two marks, or what is no register code ('/\\' 66 times" in told.text
    assert "Export one row or one column for each session, so that each cell holds one mark." in told.text
    assert "\\\\" not in told.text


def test_year_groups_as_the_census_codes_them_are_read_each_with_a_line(checked):
    told = checked("year_codes")
    assert (told.code, marks_in_place(told)) == (0, (160, 160, 0, 160))
    assert "On roll: 8; of 8 enrolments" in told.text
    assert (
        "year group X: in no year group, counted in the whole school and in no year's row: Times 2"
        in told.text
    )
    assert "year groups E1 and E2 were read as the years before nursery: Times 2" in told.text


def test_an_admission_after_the_last_mark_is_an_error_of_the_roll_and_its_marks_are_left_out(checked):
    told = checked("admission_a_year_late")
    assert (told.code, marks_in_place(told)) == (11, (130, 130, 30, 160))
    assert (
        "Must: pupils.csv, row 5: 1 row is of a pupil all of whose marks are before admission_date"
        in told.text
    )


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (
            "web_page_named_xls",
            "this is a web page (HTML) named .xls. Open it in Excel and save it as .xlsx, or export CSV.",
        ),
        (
            "xml_2003_named_xls",
            "marks.xls: this is an XML spreadsheet of 2003 named .xls. Save it as .xlsx or CSV.",
        ),
    ],
)
def test_what_is_only_named_a_workbook_is_refused_with_the_remedy_that_works(checked, case, words):
    told = checked(case)
    assert told.code == 11
    assert words in told.text


@pytest.mark.parametrize("case", ["month_day_session_headings", "wonde_date_objects"])
def test_headings_and_dates_in_pieces_are_read(checked, case):
    told = checked(case)
    assert (told.code, marks_in_place(told)) == (0, (160, 160, 0, 160))
    assert f"marks of {FIRST} to {LAST} Good: every report can be made, and nothing was found" in told.text


def test_forms_that_became_dates_are_worth_putting_right(checked):
    told = checked("forms_became_dates")
    assert told.code == 0
    assert "Should: pupils.csv, row 2, column 'form': 8 rows have a form that looks like a date" in told.text
    assert "Format the column as text" in told.text


def test_a_pupil_who_came_back_is_one_person_on_the_lists_and_two_enrolments_in_rates(tmp_path):
    folder = shutil.copytree(CASES / "came_back", tmp_path / "params")
    school = read_school(load_settings(folder / "school.yml"))
    whole = Cohort(name="all", title="Whole school")
    pack = pack_of(school, (date(2026, 10, 5), date(2026, 10, 16)), whole)
    # By hand: 15 of 30 sessions missed to 25 September, 0 of 20 from 5 October: 15 of 50, persistently absent.
    listed = priority_pupils(pack)
    (row,) = listed.frame.loc[listed.frame["pupil_id"] == "004102"].to_dict("records")
    assert (row["absence_sessions"], row["possible_sessions"], row["distance"]) == (15, 50, "over 80")
    assert "1 pupil who left and came back is one person here" in listed.note
    assert int(totals_of(pack)["is_persistently_absent"].sum()) == 1 + others_persistently_absent(pack)
    # Every table that has the pupil says which it is.
    assert "1 pupil who left and came back is two enrolments here" in groups(pack).note
    assert "1 pupil who left and came back is two enrolments here" in registers_by_year(pack).note
    assert "1 pupil who left and came back is one person here" in crossing_counts(pack).note
    assert "each enrolment is inspected; illness and suspensions are added up" in things_to_fix(pack).note
    # Two enrolments of nine are theirs, as DfE counts: one of them persistently absent.
    two = two_bases(pack).frame.set_index("basis")["enrolments"].tolist()
    assert two == [9, 8]


def others_persistently_absent(pack):
    return int(totals_of(pack).loc[totals_of(pack)["pupil_id"] != "004102", "is_persistently_absent"].sum())
