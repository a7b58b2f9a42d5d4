"""The clean sample school raises no must that is not truly there: every one is recounted from the text of the files."""

import csv
from collections import Counter
from datetime import date

import pytest

from attendance_lib.analysis.inspection.inspect import inspect_register
from attendance_lib.analysis.inspection.scope import Order, scope_of
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.register.build import build_register
from attendance_lib.rules.notices import national_framework
from tests.sample_school import SAMPLES, WHY_SKIPPED, write_school

LAST_DAY = date(2026, 2, 13)
pytestmark = [
    pytest.mark.skipif(not SAMPLES.is_dir(), reason=WHY_SKIPPED),
    pytest.mark.xdist_group("sample_inspection"),
]


@pytest.fixture(scope="module")
def musts(tmp_path_factory):
    """Every must found, as {rule: [(pupil, first day, session), ...]}."""
    school = read_school(load_settings(write_school(tmp_path_factory.mktemp("samples"))))
    placed = build_register(school.pupils, school.marks, school.calendar)
    order = Order(LAST_DAY, notice_rules=(national_framework(),))
    things = inspect_register(scope_of(school, placed.register, placed.left_out_marks, order))
    things = things[things["severity"] == "must"]
    days = things["date"].dt.strftime("%Y-%m-%d")
    found = zip(things["rule"], things["pupil_id"], days, things["session"], strict=True)
    grouped = {}
    for rule, *place in found:
        grouped.setdefault(rule, []).append(tuple(place))
    return grouped


@pytest.fixture(scope="module")
def rows():
    with (SAMPLES / "tidy_marks.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row.values())[:4] for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def born():
    with (SAMPLES / "pupils.csv").open(encoding="utf-8", newline="") as file:
        return {row["pupil_id"]: row["date_of_birth"] for row in csv.DictReader(file)}


def test_the_musts_are_of_these_checks_and_no_other(musts):
    assert sorted(musts) == [
        "c2_not_of_school_age", "illness_return", "mark_missing", "n_overdue", "x_of_school_age",
    ]  # fmt: skip


def test_the_blank_marks_are_the_missing_ones(musts, rows):
    assert sorted(musts["mark_missing"]) == sorted(
        (pupil, day, session) for pupil, day, session, code in rows if not code
    )


def test_every_n_before_the_last_six_school_days_is_overdue(musts, rows):
    # Friday 13 February is the last day; five school days before it is Friday 6.
    assert sorted(musts["n_overdue"]) == sorted(
        (pupil, day, session) for pupil, day, session, code in rows if code == "N" and day < "2026-02-06"
    )


def test_x_is_on_a_pupil_who_has_not_turned_sixteen(musts, rows, born):
    assert musts["x_of_school_age"] == [
        place[:3] for place in rows if place[3] == "X" and born[place[0]] >= "2009-09-01"
    ]


def test_c2_is_on_pupils_who_turned_sixteen_before_september(musts, rows, born):
    # Such a pupil was of compulsory school age to the last Friday of June 2025.
    left = {pupil for pupil, _, _, code in rows if code == "C2" and born[pupil] < "2009-09-01"}
    assert {pupil for pupil, *_ in musts["c2_not_of_school_age"]} == left


def test_illness_of_thirty_sessions_is_counted_of_those_who_had_not_turned_sixteen(musts, rows, born):
    ill = Counter(pupil for pupil, _, _, code in rows if code == "I")
    assert sorted(pupil for pupil, *_ in musts["illness_return"]) == sorted(
        pupil for pupil, count in ill.items() if count >= 30 and born[pupil] >= "2009-09-01"
    )
    assert {pupil for pupil, count in ill.items() if count >= 30} > {
        pupil for pupil, *_ in musts["illness_return"]
    }


def test_education_is_not_owed_to_the_one_long_suspended_who_turned_sixteen_before_september(
    musts, rows, born
):
    suspended = [day for pupil, day, _, code in rows if (pupil, code) == ("003409", "E")]
    days = Counter(day for day in suspended if "2025-11-24" < day < "2025-12-04")
    six = ["2025-11-25", "2025-11-26", "2025-11-27", "2025-12-01", "2025-12-02", "2025-12-03"]
    assert days == dict.fromkeys(six, 2)
    assert born["003409"] < "2009-09-01"
    assert "suspension_sixth_day" not in musts
