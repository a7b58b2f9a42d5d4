"""What School Census counts tell; the expected values are worked by hand from the lines below."""

from datetime import date

import pytest
from click.testing import CliRunner

from attendance_lib.cli import attendance
from attendance_lib.errors import InputError
from attendance_lib.intake.census import read_census_counts
from attendance_lib.intake.files.export import Export
from attendance_lib.papers.census import census_absence, what_census_counts_are

ON = date(2024, 10, 3)
PUPILS = """\
pupilonrolltableid,upn,surname,ncyearactual,termlysessionspossible
p1,A1,Quillfeather,7,100
p2,A2,Quillfeather,8,30
p3,A3,Quillfeather,8,40
p4,A4,Quillfeather,7Q,20
"""
SESSIONS = """\
pupilonrolltableid,sessions,attendancereason
p1,48,/
p1,40,\\
p1,2,B
p1,7,I
p1,3,U
p1,1,H
p2,27,/
p2,3,C2
p3,18,/
p3,22,O
p4,20,/
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "pupils.csv").write_text(PUPILS, encoding="utf-8")
    (tmp_path / "sessions.csv").write_text(SESSIONS, encoding="utf-8")
    return tmp_path / "pupils.csv", tmp_path / "sessions.csv"


@pytest.fixture
def counts(files):
    return read_census_counts(*map(Export, files), ON)


def test_absence_is_told_by_year_group_and_of_all(counts):
    rows = census_absence(counts).frame.set_index("group")
    assert list(rows.index) == ["Year 7", "Year 8", "Not stated", "All year groups"]
    assert rows["enrolments"].tolist() == [1, 2, 1, 4]
    assert rows["possible_sessions"].tolist() == [100, 70, 20, 190]
    assert rows["attendance_rate"].tolist() == [90 / 100, 45 / 70, 1, 155 / 190]
    assert rows["absence_rate"].tolist() == [10 / 100, 25 / 70, 0, 35 / 190]
    assert rows["authorised_absence_rate"].tolist() == [7 / 100, 3 / 70, 0, 10 / 190]
    assert rows["unauthorised_absence_rate"].tolist() == [3 / 100, 22 / 70, 0, 25 / 190]
    assert rows["persistently_absent_enrolments"].tolist() == [1, 2, 0, 3]
    assert rows["persistent_absence_rate"].tolist() == [1, 1, 0, 3 / 4]
    assert rows["severely_absent_enrolments"].tolist() == [0, 1, 0, 1]


def test_what_the_counts_cannot_tell_and_what_was_wrong_is_said(counts):
    said = " ".join(what_census_counts_are(counts, ON).items)
    assert "have no dates" in said
    assert "4 pupils; codes read as in force on 3 October 2024." in said
    assert "pupils.csv, row 5, column 'year_group': '7Q' is not a year group" in said
    assert (
        "1 sessions have a code that was not in force" in said
        or "1 session has a code that was not in force" in said
    )


def test_the_command_prints_them_and_no_name(files):
    done = CliRunner().invoke(attendance, ["census", *map(str, files), "--on", "2024-10-03"])
    assert done.exit_code == 0
    assert "All year groups           4                190" in done.output
    assert not any(word in done.output for word in ("Quillfeather", "A1", "p1"))


def test_the_command_needs_a_day_and_the_right_tables(files):
    pupils, sessions = map(str, files)
    assert "Missing option '--on'" in CliRunner().invoke(attendance, ["census", pupils, sessions]).output
    done = CliRunner().invoke(attendance, ["census", sessions, pupils, "--on", "2024-10-03"])
    assert isinstance(done.exception, InputError)


def test_the_census_says_whom_it_counts(counts):
    """Its tables have no date of birth, so that nobody can be left out by age as DfE does."""
    said = what_census_counts_are(counts, ON).items
    assert "All pupils of the table are counted, whatever their age" in said[1]
