"""The roll against the marks, on six enrolments over two days."""

from datetime import date

import pandas as pd

from attendance_lib.register.build import build_register
from attendance_lib.register.coverage import reconcile_by_form
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

CALENDAR = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 9, 11)),)),))
# Marks are of the 8th and the 9th. a has them, b has none, c joined on the 9th, d left on the 8th, e joins on the 10th,
# f leaves on the last day and so is still on roll.
ROLL = [
    ("a", 7, "7A", "2025-09-01", None),
    ("b", 7, "7A", "2025-09-01", None),
    ("c", 7, None, "2026-09-09", None),
    ("d", 8, "8A", None, "2026-09-08"),
    ("f", 9, "9A", None, "2026-09-09"),
    ("e", 8, "8A", "2026-09-10", None),
]
MARKS = [("a", "08"), ("a", "09"), ("c", "09"), ("d", "08")]


def reconciled():
    pupils = pd.DataFrame(ROLL, columns=["pupil_id", "year_group", "form", "admission_date", "leaving_date"])
    pupils = pupils.assign(
        admission_date=pd.to_datetime(pupils["admission_date"]),
        leaving_date=pd.to_datetime(pupils["leaving_date"]),
    )
    marks = pd.DataFrame(MARKS, columns=["pupil_id", "day"])
    marks = marks.assign(date=pd.to_datetime("2026-09-" + marks["day"]), session="AM", code="/")
    return reconcile_by_form(build_register(pupils, marks, CALENDAR).register).set_index("form")


def test_who_has_marks_and_who_has_none_is_told_by_form():
    table = reconciled()
    assert table["enrolments"].to_dict() == {"": 1, "7A": 2, "8A": 2, "9A": 1}
    assert table["marked_enrolments"].to_dict() == {"": 1, "7A": 1, "8A": 1, "9A": 0}
    assert table["unmarked_enrolments"].to_dict() == {"": 0, "7A": 1, "8A": 0, "9A": 1}


def test_who_was_not_yet_on_roll_is_not_expected_to_have_marks():
    assert reconciled()["expected_enrolments"].to_dict() == {"": 1, "7A": 2, "8A": 2 - 1, "9A": 1}


def test_joiners_and_leavers_are_those_between_the_first_and_the_last_mark():
    table = reconciled()
    assert table["joined_enrolments"].to_dict() == {"": 1, "7A": 0, "8A": 0, "9A": 0}
    assert table["left_enrolments"].to_dict() == {"": 0, "7A": 0, "8A": 1, "9A": 0}
    assert table["current_enrolments"].to_dict() == {"": 1, "7A": 2, "8A": 0, "9A": 1}
