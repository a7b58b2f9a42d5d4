"""What the inspection found, as counts, and what the definitions of persistent absence share."""

import numpy as np
import pandas as pd

from attendance_lib.papers.governors.compliance import compliance
from attendance_lib.papers.governors.compliance_counts import (
    CHECKS_TABLE,
    REGISTER_CHECKS,
    compared_only,
    is_of_a_file,
)
from tests.papers.governors import conftest
from tests.papers.governors.conftest import FIRST, PUPILS, school_days


def test_marks_without_minutes_read_c_again_though_no_mark_has_any_by_then(make_report, monkeypatch):
    """Two pupils are late for a day, of whom the one has minutes: two marks have none. His are put right: no minutes are exported.

    That is a thing of a whole file, and two marks are two marks as before: what was c for a date stays so.
    """
    told, untold = conftest.PUPILS[20], conftest.PUPILS[21]
    late = {told: ("L", ["2026-11-03"]), untold: ("L", ["2026-11-04"])}
    marks_of = conftest.marks_table

    def with_minutes(absences):
        marks = marks_of(absences)
        is_told = (marks["pupil_id"] == told) & (marks["code"] == "L")
        return marks.assign(minutes_late=np.where(is_told, 5.0, np.nan))

    monkeypatch.setattr(conftest, "marks_table", with_minutes)
    first = make_report(late)
    again = make_report({untold: late[untold]}, earlier=[first.record])
    things = [
        {
            table: report.row(table, "rule", "late_without_minutes").get("year_things")
            for table in (CHECKS_TABLE, REGISTER_CHECKS)
        }
        for report in (first, again)
    ]
    assert things == [
        {CHECKS_TABLE: "c", REGISTER_CHECKS: None},
        {CHECKS_TABLE: "c", REGISTER_CHECKS: 1},
    ]


def test_a_file_without_minutes_is_one_thing_in_the_table(report_of):
    found = compliance(report_of({conftest.PUPILS[21]: ("L", ["2026-11-04"])})).frame
    assert found.set_index("rule").loc["late_without_minutes", "year_things"] == 1


def test_only_a_check_that_finds_marks_can_have_found_a_whole_file():
    """Without a day a finding of marks is of the file; one of a register that is missing has a day, one of a plan needs none."""
    found = pd.DataFrame(
        {
            "rule": ["late_without_minutes", "late_without_minutes", "not_a_check_of_marks"],
            "known_date": pd.to_datetime([None, "2026-11-04", None]),
        }
    )
    assert is_of_a_file(found).tolist() == [True, False, False]


def test_a_count_that_is_the_headline_s_but_for_a_few_is_withheld(report_of):
    """Of twelve at 10 % three are on it: 7 of 70 sessions. Whoever knows that the others are below it would subtract."""
    on_the_line = {
        pupil: ("I", [*school_days("2026-09-07", "2026-09-09"), "2026-09-10 AM"]) for pupil in PUPILS[:3]
    }
    below = {pupil: ("I", school_days("2026-09-07", "2026-09-15")) for pupil in PUPILS[3:12]}
    table = report_of(on_the_line | below, period=FIRST).tables["reconciliation"]
    rows = table.set_index("definition")
    column = "persistently_absent_enrolments"
    assert rows.loc["dfe_comparable", column] == 12
    assert (
        rows.loc["below_the_line", [column, f"removed_{column}", "persistent_absence_rate"]].tolist()
        == ["c"] * 3
    )
    assert rows.loc["long_enough", column] == 12


def test_what_is_in_both_is_the_count_less_those_added_and_the_headline_differs_from_nothing():
    """20 persistently absent by the headline; another definition adds 3 and takes away 5, so 18 are its own and 15 are in both."""
    counts = {"persistently_absent_enrolments": (20, 18), "severely_absent_enrolments": (4, 4)}
    moves = {"added_persistently_absent_enrolments": (0, 3), "removed_persistently_absent_enrolments": (0, 5)}
    none = {"added_severely_absent_enrolments": (0, 0), "removed_severely_absent_enrolments": (0, 0)}
    size = {"enrolments": (60, 58), "added_enrolments": (0, 0), "removed_enrolments": (0, 2)}
    table = compared_only(pd.DataFrame(counts | moves | none | size))
    assert table["both_persistently_absent_enrolments"].tolist() == [pd.NA, 15]
    assert table["both_severely_absent_enrolments"].tolist() == [pd.NA, 4]
    assert table["removed_persistently_absent_enrolments"].tolist() == [pd.NA, 5]
