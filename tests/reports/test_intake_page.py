"""The page of `attendance check`."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from attendance_lib.intake.ledger import FileRead, Finding, IntakeLog, Repair, Severity
from attendance_lib.reports.intake_page import intake_page

MARKS = FileRead(
    "marks",
    "exports/../exports/marks.xlsx",
    "2026",
    "tidy",
    12345,
    60,
    date(2026, 9, 3),
    date(2026, 11, 20),
    "0" * 64,
)
LOG = IntakeLog(
    files=(
        replace(
            MARKS,
            kind="pupils",
            path="exports/pupils.csv",
            sheet="",
            rows=61,
            first_date=None,
            last_date=None,
        ),
        MARKS,
    ),
    repairs=(Repair("dates", "marks.xlsx", 1234, "dates were read as day, month, year"),),
    findings=(
        Finding("late", Severity.SHOULD, "3 lates have no minutes.", "marks.xlsx", count=3),
        Finding("code", Severity.MUST, "'H' is not in force.", "marks.xlsx", "code", row=7),
    ),
    rows_read=12345,
    rows_dropped=5,
    missing_marks=40,
)


@pytest.fixture
def page(project, monkeypatch):
    """The page of a log of two files, a repair and two findings."""
    monkeypatch.chdir(project.root.parent)
    return lambda log: intake_page(school_with(log, project), project)


def school_with(log, project):
    files = tuple(replace(file, path=str(project.root / file.path)) for file in log.files)
    details = SimpleNamespace(name="St Mary's", urn="990002")
    return SimpleNamespace(settings=SimpleNamespace(school=details), log=replace(log, files=files))


def test_the_page_tells_files_repairs_findings_and_marks(page):
    assert page(LOG).splitlines() == [
        "St Mary's (URN 990002)",
        "  export  file                       layout  rows    pupils  first day   last day",
        "  pupils  exports/pupils.csv         tidy    61      60",
        "  marks   exports/marks.xlsx [2026]  tidy    12,345  60      2026-09-03  2026-11-20",
        "",
        "Repaired on reading",
        "     1,234  dates were read as day, month, year",
        "",
        "To look at",
        "  must      marks.xlsx, row 7, column 'code': 'H' is not in force.",
        "  should    marks.xlsx: 3 lates have no minutes.",
        "",
        "Marks",
        "      12,345  read",
        "           5  left out",
        "          40  missing",
    ]


def test_where_there_is_nothing_the_page_says_none(page):
    lines = page(replace(LOG, repairs=(), findings=())).splitlines()
    assert lines[lines.index("Repaired on reading") + 1] == lines[lines.index("To look at") + 1] == "  none"
