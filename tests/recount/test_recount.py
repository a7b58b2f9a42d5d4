"""The recount itself: against totals worked out by hand, and free of the library that it checks."""

import ast
from datetime import date
from pathlib import Path

import pytest

from tests.recount.counting import (
    CLASSES,
    Recount,
    count,
    edit_kind,
    is_at_risk,
    is_persistent,
    is_severe,
    school_age_begins,
    school_age_ends,
)
from tests.recount.school_files import School, sessions_of

HERE = Path(__file__).parent
TINY_SCHOOL = HERE.parent / "tiny_school"
CALENDAR = {
    "terms": [
        {
            "school_year": "202627",
            "name": "autumn",
            "half_terms": [{"start": date(2026, 9, 7), "end": date(2026, 10, 23)}],
        }
    ],
    "closures": [{"date": date(2026, 9, 16), "session": "PM", "year_groups": [8]}],
}


def table(name):
    heads, *rows = [
        [cell.strip() for cell in line.split("|")] for line in (TINY_SCHOOL / name).read_text().splitlines()
    ]
    return [dict(zip(heads, row, strict=False)) for row in rows]


@pytest.fixture(scope="module")
def tiny():
    dated = ("date_of_birth", "admission_date", "leaving_date")
    pupils = [
        row
        | {name: date.fromisoformat(row[name]) if row.get(name) else None for name in dated}
        | {"year_group": int(row["year_group"]), "enrolment": place}
        for place, row in enumerate(table("pupils.txt"))
    ]
    marks = {pupil["pupil_id"]: {} for pupil in pupils}
    for row in table("register.txt"):
        for pupil_id, found in marks.items():
            found[date.fromisoformat(row["date"]), row["session"]] = row[pupil_id]
    return School(pupils, marks, sessions_of(CALENDAR))


@pytest.mark.parametrize("expected", table("totals.txt")[:-1], ids=lambda row: row["pupil_id"])
def test_the_tiny_school_s_totals_are_those_worked_out_by_hand(tiny, expected):
    pupil = next(pupil for pupil in tiny.pupils if pupil["pupil_id"] == expected["pupil_id"])
    found = count(tiny, [pupil], tiny.sessions)
    names = {
        "absence": "absent", "authorised_absence": "authorised", "unauthorised_absence": "unauthorised",
        "approved_activity": "activity", "not_on_roll": "off roll", "late_before_close": ("code", "L"),
        "late_after_close": ("code", "U"), "no_reason_yet": ("code", "N"),
    }  # fmt: skip
    assert {name: found[names.get(name, name)] for name in expected if name != "pupil_id"} == {
        name: int(value) for name, value in expected.items() if name != "pupil_id"
    }


@pytest.mark.parametrize(
    ("absent", "possible", "flags"),
    [
        (0, 0, (False, False, False)),
        (1, 20, (False, False, True)),
        (2, 30, (False, False, True)),
        (3, 30, (True, False, False)),
        (14, 29, (True, False, False)),
        (15, 30, (True, True, False)),
    ],
)
def test_lines_are_drawn_on_counts(absent, possible, flags):
    counted = {"absent": absent, "possible": possible}
    assert (is_persistent(counted), is_severe(counted), is_at_risk(counted)) == flags


def test_every_code_of_the_law_of_2024_is_in_one_class():
    letters = "/ \\ L K V P W B D C1 M J1 S X C2 C T R I E Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 G N O U Z #".split()
    assert sorted(CLASSES) == sorted(letters)


def test_a_dfe_cohort_is_aged_five_to_fifteen_on_31_august(tiny):
    # A05, born on 31 August 2010, was 16 that day; A01, born the day after, was 15.
    found = Recount(tiny, date(2026, 9, 14), date(2026, 9, 18)).enrolments("dfe")
    assert [pupil["pupil_id"] for pupil in found] == ["A01", "A02", "A03", "A04", "A06"]


@pytest.mark.parametrize(
    ("born", "begins", "ends"),
    [
        ("2010-08-31", "2015-08-31", "2026-06-26"),
        ("2010-09-01", "2015-12-31", "2027-06-25"),
        ("2011-01-01", "2016-03-31", "2027-06-25"),
        ("2012-02-29", "2017-03-31", "2028-06-30"),
    ],
)
def test_school_age_begins_on_a_prescribed_day_and_ends_on_a_friday_in_june(born, begins, ends):
    day = date.fromisoformat(born)
    assert (str(school_age_begins(day)), str(school_age_ends(day))) == (begins, ends)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("N", "I", "a reason was found for N"),
        ("O", "\\", "unauthorised absence became attendance"),
        ("O", "M", "unauthorised absence became authorised"),
        ("I", "L", "absence became attendance"),
        ("/", "O", "attendance became absence"),
        ("I", "M", "any other change"),
    ],
)
def test_edits_are_told_apart(before, after, kind):
    assert edit_kind(before, after) == kind


@pytest.mark.parametrize("module", ["school_files.py", "counting.py"])
def test_the_recount_uses_nothing_of_the_library(module):
    tree = ast.parse((HERE / module).read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= {
        "bisect",
        "csv",
        "collections",
        "dataclasses",
        "datetime",
        "fractions",
        "functools",
        "pathlib",
        "openpyxl",
        "yaml",
        "tests",
    }
