"""Every mark has its place in the grid, or a reason why it has none."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.register.build import build_register
from attendance_lib.register.grid import CLOSED, MISSING, NOT_ON_ROLL, cell_of
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term

AGREES = "agrees with a closed session or a pupil not on roll"
UNKNOWN_PUPIL = "pupil not in the pupils file"
NO_SESSION = "no open session in the calendar"
OFF_ROLL = "before admission or after leaving"
CLOSED_FOR_YEAR = "session closed for the year group"

SUMMER = Term("202526", "summer", (HalfTerm(date(2026, 7, 13), date(2026, 7, 14)),))
AUTUMN = Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 9, 9)),))
INSET = date(2026, 9, 8)
SENT_HOME = Closure(date(2026, 9, 9), "snow", year_groups=(7,), session="PM")
CALENDAR = SchoolCalendar((SUMMER, AUTUMN), inset=(INSET,), closures=(SENT_HOME,))
# Its open sessions: Monday 13 and Tuesday 14 July, Monday 7 and Wednesday 9 September.


def pupils_of(*rows):
    table = pd.DataFrame(rows, columns=["pupil_id", "year_group", "admission_date", "leaving_date"])
    dates = {name: pd.to_datetime(table[name]) for name in ("admission_date", "leaving_date")}
    return table.assign(year_group=table["year_group"].astype("Int16"), **dates)


def marks_of(*rows, columns=("pupil_id", "date", "session", "code")):
    table = pd.DataFrame(rows, columns=list(columns))
    return table.assign(date=pd.to_datetime(table["date"]))


ALWAYS = ("001", 8, "2020-09-01", None)
FIRST, LAST = ("001", "2026-07-13", "AM", "/"), ("001", "2026-09-09", "PM", "\\")


def build(pupils, *marks):
    """The grid over all eight sessions (the first and last mark are always there) and {reason: marks}."""
    placement = build_register(pupils_of(ALWAYS, *pupils), marks_of(FIRST, *marks, LAST), CALENDAR)
    return placement.register, dict(
        zip(placement.left_out["reason"], placement.left_out["marks"], strict=True)
    )


def cell(register, pupil_row, day, session):
    where = (register.sessions["date"] == day) & (register.sessions["session"] == session)
    return int(register.codes[pupil_row, np.flatnonzero(where)[0]])


# Marks without a place


@pytest.mark.parametrize(
    ("pupil", "mark", "reason"),
    [
        (("002", 8, "2026-09-07", None), ("002", "2026-07-14", "AM", "/"), OFF_ROLL),
        (("002", 8, "2020-09-01", "2026-07-13"), ("002", "2026-07-14", "AM", "/"), OFF_ROLL),
        (("002", 7, "2020-09-01", None), ("002", "2026-09-09", "PM", "\\"), CLOSED_FOR_YEAR),
        (("002", 8, "2020-09-01", None), ("003", "2026-09-07", "AM", "/"), UNKNOWN_PUPIL),
        (("002", 8, "2020-09-01", None), ("003", "2026-09-07", "AM", "#"), UNKNOWN_PUPIL),
        (("002", 8, "2020-09-01", None), ("002", "2026-09-08", "AM", "/"), NO_SESSION),
        (("002", 8, "2020-09-01", None), ("002", "2026-09-12", "AM", "/"), NO_SESSION),
        (("002", 8, "2020-09-01", None), ("002", "2026-09-08", "AM", "#"), AGREES),
        (("002", 7, "2020-09-01", None), ("002", "2026-09-09", "PM", "#"), AGREES),
        (("002", 8, "2026-09-09", None), ("002", "2026-09-07", "AM", "Z"), AGREES),
    ],
)
def test_a_mark_without_a_place_is_counted_with_its_reason(pupil, mark, reason):
    assert build([pupil], mark)[1] == {reason: 1}


def test_reasons_come_with_the_most_marks_first():
    marks = [("003", "2026-09-07", session, "/") for session in ("AM", "PM")] + [
        ("001", "2026-09-08", "AM", "/")
    ]
    register_and_reasons = build([], *marks)
    assert list(register_and_reasons[1].items()) == [(UNKNOWN_PUPIL, 2), (NO_SESSION, 1)]


def test_marks_that_all_have_a_place_leave_no_reason():
    assert build([])[1] == {}


def test_a_session_marked_closed_on_an_open_day_is_a_mark_and_not_possible():
    register, reasons = build([], ("001", "2026-09-07", "AM", "#"))
    assert (cell(register, 0, "2026-09-07", "AM"), reasons) == (cell_of("#"), {})


# The four kinds of cell are distinct


def test_a_joiner_is_not_on_roll_before_the_day_of_admission():
    register, _ = build([("002", 8, "2026-09-07", None)])
    assert cell(register, 1, "2026-07-14", "PM") == NOT_ON_ROLL
    assert cell(register, 1, "2026-09-07", "AM") == MISSING


def test_a_leaver_is_on_roll_up_to_and_including_the_day_of_leaving():
    register, _ = build([("002", 8, "2020-09-01", "2026-09-07")])
    assert cell(register, 1, "2026-09-07", "PM") == MISSING
    assert cell(register, 1, "2026-09-09", "AM") == NOT_ON_ROLL


def test_a_closed_session_is_closed_only_for_its_year_group_and_session():
    register, _ = build([("002", 7, "2020-09-01", None)])
    assert cell(register, 1, "2026-09-09", "PM") == CLOSED
    assert cell(register, 1, "2026-09-09", "AM") == MISSING
    assert cell(register, 0, "2026-09-09", "PM") == cell_of("\\")


def test_a_pupil_off_roll_when_a_session_is_closed_is_off_roll():
    register, _ = build([("002", 7, "2020-09-01", "2026-09-07")])
    assert cell(register, 1, "2026-09-09", "PM") == NOT_ON_ROLL


def test_a_session_closed_last_year_was_closed_for_those_who_were_in_that_year_then():
    calendar = SchoolCalendar((SUMMER, AUTUMN), closures=(Closure(date(2026, 7, 14), year_groups=(7,)),))
    pupils = pupils_of(("001", 8, "2020-09-01", None), ("002", 7, "2020-09-01", None))
    register = build_register(pupils, marks_of(FIRST, LAST), calendar).register
    assert [cell(register, row, "2026-07-14", "AM") for row in (0, 1)] == [CLOSED, MISSING]


def test_the_tiny_schools_cells_are_of_every_kind(tiny_school):
    codes = tiny_school.register.codes
    assert codes.shape == (6, 20)
    assert [(codes == kind).sum() for kind in (MISSING, NOT_ON_ROLL, CLOSED)] == [1, 4 + 6, 1]
    assert dict(tiny_school.left_out.to_numpy()) == {AGREES: 2, OFF_ROLL: 1}


# Two enrolments of one pupil


RETURNED = [("002", 8, "2020-09-01", "2026-07-13"), ("002", 9, "2026-09-07", None)]


@pytest.mark.parametrize(("day", "row"), [("2026-07-13", 1), ("2026-09-07", 2), ("2026-09-09", 2)])
def test_a_mark_goes_to_the_enrolment_of_its_date(day, row):
    register, reasons = build(RETURNED, ("002", day, "AM", "I"))
    assert [each for each in (1, 2) if cell(register, each, day, "AM") == cell_of("I")] == [row]
    assert reasons == {}


def test_a_mark_between_two_enrolments_has_no_place():
    assert build(RETURNED, ("002", "2026-07-14", "AM", "I"))[1] == {OFF_ROLL: 1}


def test_a_first_enrolment_without_an_admission_date_comes_before_the_second():
    register, reasons = build([("002", 8, None, "2026-07-13"), RETURNED[1]], ("002", "2026-07-13", "AM", "I"))
    assert register.pupils["leaving_date"].isna().tolist() == [True, False, True]
    assert (cell(register, 1, "2026-07-13", "AM"), reasons) == (cell_of("I"), {})


def test_three_enrolments_each_have_their_marks():
    thrice = [
        ("002", 8, "2020-09-01", "2026-07-13"),
        ("002", 8, "2026-07-14", "2026-07-14"),
        ("002", 9, "2026-09-07", None),
    ]
    days = ["2026-07-13", "2026-07-14", "2026-09-07"]
    register, _ = build(thrice, *[("002", day, "AM", "I") for day in days])
    assert [cell(register, row, day, "AM") for row, day in enumerate(days, start=1)] == [cell_of("I")] * 3


# Order, extent and emptiness


def test_the_order_of_rows_does_not_matter(tiny_pupils, tiny_marks, tiny_calendar, tiny_school):
    shuffled = build_register(
        tiny_pupils.iloc[::-1], tiny_marks.sample(frac=1, random_state=4), tiny_calendar
    )
    assert shuffled.register.codes.tolist() == tiny_school.register.codes.tolist()
    pd.testing.assert_frame_equal(shuffled.register.pupils, tiny_school.register.pupils)
    assert dict(shuffled.left_out.to_numpy()) == dict(tiny_school.left_out.to_numpy())


def test_the_grid_runs_from_the_first_to_the_last_session_with_a_mark(tiny_school):
    register = tiny_school.register
    assert (register.first_date, register.last_date) == (date(2026, 9, 7), date(2026, 9, 18))


def test_a_closure_entered_ahead_does_not_lengthen_the_grid():
    ahead = ("001", "2026-09-09", "PM", "#")
    register = build_register(pupils_of(ALWAYS), marks_of(FIRST, ahead), CALENDAR).register
    assert register.codes.shape == (1, 1)


def test_an_open_session_that_nobody_marked_is_missing_for_all():
    register, _ = build([("002", 8, "2020-09-01", None)])
    assert [cell(register, row, "2026-09-07", "AM") for row in (0, 1)] == [MISSING, MISSING]


@pytest.mark.parametrize("pupils", [pupils_of(), pupils_of(ALWAYS)])
def test_a_school_without_marks_has_no_sessions(pupils):
    placement = build_register(pupils, marks_of(), CALENDAR)
    assert placement.register.codes.shape == (len(pupils), 0)
    assert placement.left_out.empty


def test_marks_without_pupils_are_all_left_out():
    placement = build_register(pupils_of(), marks_of(FIRST, LAST), CALENDAR)
    assert placement.register.codes.shape == (0, 8)
    assert placement.left_out.to_numpy().tolist() == [[UNKNOWN_PUPIL, 2]]


@pytest.mark.parametrize(
    ("leaving", "reference_year"),
    [(None, 2026), ("2026-09-07", 2026), ("2026-08-31", 2025), ("2026-07-13", 2025), ("2019-07-01", 2025)],
)
def test_an_exported_year_group_is_that_of_the_last_school_year_on_roll(leaving, reference_year):
    register, _ = build([("002", 8, "2018-09-01", leaving)])
    assert register.pupils["reference_year"].tolist() == [2026, reference_year]


# Amendments


AMENDED = (*("pupil_id", "date", "session", "code"), "amended_from", "amended_on")


def test_an_amendment_is_kept_with_its_place():
    marks = marks_of(
        (*FIRST, None, None),
        ("001", "2026-07-14", "AM", "I", "N", "2026-07-16"),
        (*LAST, None, None),
        columns=AMENDED,
    )
    register = build_register(
        pupils_of(ALWAYS), marks.assign(amended_on=pd.to_datetime(marks["amended_on"])), CALENDAR
    ).register
    assert register.has_history
    assert register.amendments[["row", "column", "amended_from"]].to_numpy().tolist() == [
        [0, 2, cell_of("N")]
    ]


def test_an_amendment_of_a_mark_without_a_place_is_left_out_with_it():
    marks = marks_of(
        (*FIRST, None, None), ("003", "2026-07-14", "AM", "I", "N", "2026-07-16"), columns=AMENDED
    )
    register = build_register(
        pupils_of(ALWAYS), marks.assign(amended_on=pd.to_datetime(marks["amended_on"])), CALENDAR
    ).register
    assert register.amendments.empty


def test_an_export_without_history_says_so(tiny_school):
    assert not tiny_school.register.has_history
    assert tiny_school.register.amendments.empty
