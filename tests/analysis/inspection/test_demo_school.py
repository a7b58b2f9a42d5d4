"""What was planted in the demo school is found, and recounted from its truth the slow way."""

import csv
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.analysis.inspection.inspect import inspect_register
from attendance_lib.analysis.inspection.scope import Order, scope_of
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings import load_settings
from attendance_lib.register import build_register
from attendance_lib.rules.notices import national_framework

ROOT = Path(__file__).resolve().parents[3]
EXPORTS = ROOT / "outputs" / "demo_exports"
LAST_DAYS = {"202526": date(2026, 7, 17), "202627": date(2026, 11, 20)}
NEAR, WEEKS = 7, 10

pytestmark = [
    pytest.mark.skipif(
        not (EXPORTS / "truth.json").is_file(), reason="the demo school is not written; `make demo` writes it"
    ),
    pytest.mark.xdist_group("demo_inspection"),
]


@pytest.fixture(scope="module")
def truth():
    return json.loads((EXPORTS / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def school():
    return read_school(load_settings(ROOT / "params" / "demo.yml"))


@pytest.fixture(scope="module")
def things(school):
    """What is found in both school years, each judged on its last day with marks."""
    placed = build_register(school.pupils, school.marks, school.calendar)
    rules = (national_framework(),)
    scopes = [
        scope_of(school, placed.register, placed.left_out_marks, Order(day, notice_rules=rules))
        for day in LAST_DAYS.values()
    ]
    return pd.concat([inspect_register(scope) for scope in scopes])


def places(things, *rules):
    rows = things[things["rule"].isin(rules)]
    return sorted(zip(rows["pupil_id"], rows["date"].dt.strftime("%Y-%m-%d"), rows["session"], strict=True))


def planted(marks):
    return sorted((mark["pupil_id"], mark["date"], mark["session"]) for mark in marks)


def test_the_register_that_was_not_taken_is_found(things, truth):
    gone = things[things["rule"] == "register_missing"]
    form, day = truth["missing_register"]
    assert set(gone["form"]) == {form}
    assert gone["date"].dt.strftime("%Y-%m-%d").tolist() == [day, day]
    assert gone["session"].tolist() == ["AM", "PM"]


def test_the_missing_marks_are_found_and_no_other(things, truth, school):
    form, day = truth["missing_register"]
    of_form = set(school.pupils.loc[school.pupils["form"] == form, "pupil_id"])
    single = [
        mark for mark in truth["missing_marks"] if mark["date"] != day or mark["pupil_id"] not in of_form
    ]
    assert len(single) < len(truth["missing_marks"])
    assert places(things, "mark_missing") == planted(single)


def test_the_obsolete_codes_are_found_and_no_other(things, truth):
    assert places(things, "obsolete_code") == planted(
        [mark for marks in truth["obsolete_codes"].values() for mark in marks]
    )


def test_every_n_that_nobody_followed_up_is_found_and_no_other_older_than_five_days(things, school):
    due = []
    for year, last in LAST_DAYS.items():
        days = [day for day in school.calendar.school_days if day <= last]
        first = min(day for day in days if day >= date(int(year[:4]), 8, 1))
        held = school.marks[
            (school.marks["code"] == "N") & school.marks["date"].between(str(first), str(days[-7]))
        ]
        due += [
            tuple(row)
            for row in held.assign(date=held["date"].dt.strftime("%Y-%m-%d"))[
                ["pupil_id", "date", "session"]
            ].to_numpy()
        ]
    assert places(things, "n_overdue") == sorted(due)


def test_the_forgotten_n_are_among_them(things, truth):
    settled = [
        mark
        for mark in truth["forgotten_n"]
        if not "2026-07-09" < mark["date"] <= "2026-07-17" and mark["date"] < "2026-11-12"
    ]
    assert set(planted(settled)) <= set(places(things, "n_overdue"))


def test_l_after_the_close_is_found_where_u_was_edited_into_l(things, truth):
    late = places(things, "late_after_close")
    assert len(late) == 4
    assert set(late) <= set(planted(truth["late_edits"]))


def amendments():
    with (EXPORTS / "amended_marks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_late_edits_near_a_threshold_are_found_and_no_other_of_them(things, truth, school):
    edits = {(row["pupil_id"], row["date"], row["session"]): row for row in amendments()}
    late = planted(truth["late_edits"])
    found = set(places(things, "edit_near_threshold"))
    assert {place for place in late if fullest(school, place, edits) >= NEAR} == found & set(late)
    assert {edits[place]["amended_from"] for place in found - set(late)} == {"N"}


def fullest(school, place, edits):
    """Count by hand: unauthorised marks as they stood before the edit, in each run of ten school weeks that holds the session."""
    pupil_id, day, _ = place
    made = edits[place]["amended_on"]
    weeks = {
        row.date.strftime("%Y-%m-%d"): row.school_week
        for row in school.calendar.open_sessions.itertuples()
        if str(row.date)[:10] <= made
    }
    counts = dict.fromkeys(range(1, max(weeks.values()) + 1), 0)
    for mark in school.marks[school.marks["pupil_id"] == pupil_id].itertuples():
        held = (pupil_id, mark.date.strftime("%Y-%m-%d"), mark.session)
        edit = edits.get(held)
        code = edit["amended_from"] if edit and edit["amended_on"] >= made else mark.code
        if held[1] in weeks and code in ("G", "N", "O", "U"):
            counts[weeks[held[1]]] += 1
    starts = range(max(weeks[day] - WEEKS + 1, 1), weeks[day] + 1)
    return max(sum(counts.get(week, 0) for week in range(start, start + WEEKS)) for start in starts)


def test_nothing_is_said_of_what_was_not_planted(things):
    clear = {
        "x_of_school_age",
        "c2_not_of_school_age",
        "wrong_half_day",
        "mark_off_roll",
        "mark_when_closed",
        "unknown_code",
    }
    assert (
        set(things["rule"])
        & (clear | {"conflicting_rows", "closure_code_open", "study_leave_year", "late_before_close"})
        == set()
    )
