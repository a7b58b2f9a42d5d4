"""Which sessions each span of a paper holds."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.pack.periods import Periods
from attendance_lib.register.grid import Register, cell_of
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term


def span(register):
    return (
        (register.first_date.isoformat(), register.last_date.isoformat()) if len(register.sessions) else None
    )


@pytest.fixture(scope="module")
def periods(make_register):
    """The two weeks from 2 November 2026, the first of the second half term."""
    return Periods(make_register({}, first="2025-09-08"), date(2026, 11, 2), date(2026, 11, 13))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("current", ("2026-11-02", "2026-11-13")),
        ("year_to_date", ("2026-09-07", "2026-11-13")),
        ("year_to_previous", ("2026-09-07", "2026-10-23")),
        # Two school weeks before, over the half-term holiday.
        ("previous", ("2026-10-12", "2026-10-23")),
        # The first two weeks of the same half term.
        ("last_year", ("2025-11-03", "2025-11-14")),
        ("last_year_to_date", ("2025-09-08", "2025-11-14")),
    ],
)
def test_each_span_holds_its_own_sessions(periods, name, expected):
    assert span(getattr(periods, name)) == expected


def test_the_day_before_the_period_may_lie_in_last_school_year(make_register):
    first_weeks = Periods(make_register({}, first="2025-09-08"), date(2026, 9, 7), date(2026, 9, 18))
    assert first_weeks.previous_end == date(2025, 12, 19)
    assert span(first_weeks.year_to_previous) is None


def test_the_first_weeks_of_a_school_year_have_none_before_them(make_register):
    """The weeks before are of other children in each year group; a period that reaches half back has its own year's half."""
    year = make_register({}, first="2025-09-08")
    assert span(Periods(year, date(2026, 9, 7), date(2026, 9, 18)).previous) is None
    assert span(Periods(year, date(2026, 9, 14), date(2026, 9, 25)).previous) == ("2026-09-07", "2026-09-11")


def test_a_period_of_part_of_a_week_is_compared_with_the_same_weekdays_last_year(make_register):
    thursday_on = Periods(make_register({}, first="2025-09-08"), date(2026, 11, 5), date(2026, 11, 10))
    days = thursday_on.last_year.sessions["date"].dt.date.unique().tolist()
    assert [day.isoformat() for day in days] == ["2025-11-06", "2025-11-07", "2025-11-10", "2025-11-11"]


def test_without_last_years_marks_there_is_no_last_year(make_register):
    alone = Periods(make_register({}), date(2026, 11, 2), date(2026, 11, 13))
    assert span(alone.last_year) is None
    assert span(alone.last_year_to_date) is None


def days_of(register):
    return [day.isoformat() for day in register.sessions["date"].dt.date.unique()]


def test_a_friday_is_compared_with_the_friday_before(make_register):
    friday = Periods(make_register({}), date(2026, 11, 13), date(2026, 11, 13))
    assert days_of(friday.previous) == ["2026-11-06"]


def test_a_fortnight_under_way_is_compared_with_the_same_days_of_the_two_weeks_before(make_register):
    """Monday 2 to Tuesday 10 November: the last whole week before the holiday answers to the second one's two days."""
    under_way = Periods(make_register({}), date(2026, 11, 2), date(2026, 11, 10))
    whole_week = [f"2026-10-{day}" for day in (12, 13, 14, 15, 16)]
    assert days_of(under_way.previous) == [*whole_week, "2026-10-19", "2026-10-20"]


ENDS = {"202526-autumn-1": date(2025, 10, 24), "202627-autumn-1": date(2026, 10, 23)}


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        # 7 weeks to 23 October 2026 against 7 weeks to 24 October 2025, which began a day of the year later.
        ("2026-10-23", ("2025-09-08", "2025-10-24")),
        # Under way: to Wednesday of the third week.
        ("2026-09-23", ("2025-09-08", "2025-09-24")),
    ],
)
def test_a_half_term_is_compared_with_last_year_s_by_its_own_dates(make_register, last, expected):
    register = make_register({}, first="2025-09-08")
    half = Periods(register, date(2026, 9, 7), date.fromisoformat(last), half_term_ends=ENDS)
    assert span(half.last_year) == expected
    assert span(half.last_year_to_date) == expected


def test_a_half_term_that_had_a_week_more_is_compared_whole():
    """Six weeks this year, seven last year: 30 days against 35, and not 30 of those 35."""
    halves = {"202526": ("2025-09-01", "2025-10-17"), "202627": ("2026-09-07", "2026-10-16")}
    terms = [
        Term(year, "autumn", (HalfTerm(*map(date.fromisoformat, days)),)) for year, days in halves.items()
    ]
    sessions = SchoolCalendar(tuple(terms)).sessions()
    pupils = pd.DataFrame(
        {"pupil_id": ["0"], "year_group": [9], "reference_year": [2026], "date_of_birth": [pd.NaT]}
    )
    codes = np.full((1, len(sessions)), cell_of("/"), dtype=np.uint8)
    periods = Periods(Register(codes, pupils, sessions), date(2026, 9, 7), date(2026, 10, 16))
    whole = replace(periods, half_term_ends={"202627-autumn-1": date(2026, 10, 16)})
    assert len(days_of(periods.last_year)) == 30
    assert span(whole.last_year) == ("2025-09-01", "2025-10-17")
    assert len(days_of(whole.last_year)) == 35
