"""The clocks of local authorities, counted on a calendar of 2026: half term from 26 October, Christmas on a Friday."""

from datetime import date

import pytest

from attendance_lib.rules.authorities import (
    BY_HAND,
    EVIDENCE_WORDS,
    Evidence,
    Unit,
    days_until,
    end_of_school_weeks,
    last_day_of,
    working_day_after,
)
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

CALENDAR = SchoolCalendar(
    (
        Term(
            "202627",
            "autumn",
            (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18))),
        ),
    )
)


@pytest.mark.parametrize(
    ("start", "count", "unit", "last"),
    [
        ("2026-10-22", 1, Unit.SCHOOL_DAYS, "2026-10-23"),
        ("2026-10-22", 2, Unit.SCHOOL_DAYS, "2026-11-02"),  # half term lies between
        ("2026-10-22", 2, Unit.WORKING_DAYS, "2026-10-26"),  # which has working days
        ("2026-12-17", 2, Unit.SCHOOL_DAYS, None),  # past the calendar's end
        ("2026-10-20", 2, Unit.SCHOOL_WEEKS, "2026-11-13"),  # the week it starts in is not whole
        ("2026-12-08", 2, Unit.SCHOOL_WEEKS, None),
    ],
)
def test_a_clock_runs_on_days_of_its_own_kind(start, count, unit, last):
    expected = date.fromisoformat(last) if last else None
    assert last_day_of(CALENDAR, date.fromisoformat(start), count, unit) == expected


def test_sessions_run_on_no_clock():
    with pytest.raises(ValueError, match="no clock of days"):
        last_day_of(CALENDAR, date(2026, 10, 20), 2, Unit.SESSIONS)


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (
            "2026-12-24",
            1,
            "2026-12-29",
        ),  # Christmas Day, a weekend, and the 28th in place of Saturday's Boxing Day
        ("2026-11-06", 0, "2026-11-06"),
        ("2026-11-06", 1, "2026-11-09"),
        ("2026-11-07", 1, "2026-11-09"),  # from a Saturday
    ],
)
def test_no_weekend_or_bank_holiday_is_a_working_day(day, count, last):
    assert working_day_after(date.fromisoformat(day), count) == date.fromisoformat(last)


def test_a_school_week_ends_with_its_last_day_of_school():
    assert end_of_school_weeks(CALENDAR, date(2026, 10, 12), 1) == date(2026, 10, 23)
    assert end_of_school_weeks(CALENDAR, date(2026, 10, 11), 1) == date(2026, 10, 16)


@pytest.mark.parametrize("unit", [Unit.SCHOOL_DAYS, Unit.WORKING_DAYS])
@pytest.mark.parametrize(
    ("day", "left"), [("2026-11-11", 2), ("2026-11-12", 1), ("2026-11-13", 0), ("2026-11-16", 0)]
)
def test_on_its_last_day_no_day_is_left(unit, day, left):
    assert days_until(CALENDAR, date.fromisoformat(day), date(2026, 11, 13), unit) == left


def test_the_days_left_agree_with_the_last_day_of_the_same_clock():
    for count in range(1, 12):
        for unit in (Unit.SCHOOL_DAYS, Unit.WORKING_DAYS):
            last = last_day_of(CALENDAR, date(2026, 10, 20), count, unit)
            assert days_until(CALENDAR, date(2026, 10, 20), last, unit) == count


def test_every_kind_of_evidence_has_its_words_and_only_some_no_export_can_show():
    assert EVIDENCE_WORDS.keys() == set(Evidence)
    assert len(set(EVIDENCE_WORDS.values())) == len(Evidence)
    assert set(BY_HAND) < set(Evidence)
