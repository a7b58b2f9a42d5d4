"""Which days a school was open by its marks alone: holidays, half days, and pupils who are not there to be marked."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.intake.drafting.school_days import Run, is_weekday, school_days_of

FOUR = ("1", "2", "3", "4")


def roll(years=(7, 7, 8, 8)):
    table = pd.DataFrame({"pupil_id": FOUR, "year_group": list(years), "leaving_date": pd.NaT})
    return table.astype({"year_group": "Int64"})


def days_of(*cells, last):
    """The school days of cells: days, pupils, and the sessions (or a code of both) in which those have a mark."""
    rows = [
        (pupil, pd.Timestamp(day), session, code)
        for days, pupils, sessions, code in cells
        for day in days
        for pupil in pupils
        for session in sessions
    ]
    marks = pd.DataFrame(rows, columns=["pupil_id", "date", "session", "code"]).astype(
        {"date": "datetime64[s]"}
    )
    return school_days_of(marks, roll(), date.fromisoformat(last))


BOTH = ("AM", "PM")
WEEK = [f"2026-11-{day:02d}" for day in range(9, 14)]


def test_weekends_and_bank_holidays_are_no_days_to_look_at():
    assert [is_weekday(date(2026, 12, day)) for day in (24, 25, 26, 27, 28, 29)] == [
        True,
        False,
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("pupils", "here", "away"),
    [("13", (7, 8), ()), ("12", (7,), (8,)), ("1", (7,), (8,)), ("", (), (7, 8))],
)
def test_a_year_group_is_in_school_where_half_of_it_has_a_mark(pupils, here, away):
    """Two in each: one of them is half."""
    rest = [day for day in WEEK if day != "2026-11-11"]
    found = days_of((rest, FOUR, BOTH, "/"), (["2026-11-11"], pupils, BOTH, "/"), last="2026-11-13")
    session = found.by_day[date(2026, 11, 11)]["AM"]
    assert (session.here, session.away, session.expected, session.marked) == (here, away, 4, len(pupils))


def test_a_mark_that_says_closed_is_counted_apart_and_opens_nothing():
    rest = [day for day in WEEK if day != "2026-11-11"]
    found = days_of((rest, FOUR, BOTH, "/"), (["2026-11-11"], FOUR, ("PM",), "#"), last="2026-11-13")
    session = found.by_day[date(2026, 11, 11)]["PM"]
    assert (session.is_open, session.marked, session.closed) == (False, 0, 4)
    assert date(2026, 11, 11) not in found.open_days


def test_a_morning_makes_a_day_of_school():
    found = days_of((WEEK[:-1], FOUR, BOTH, "/"), (WEEK[-1:], FOUR, ("AM",), "/"), last="2026-11-13")
    assert [each.is_open for each in found.by_day[date(2026, 11, 13)].values()] == [True, False]
    assert found.open_days[-1] == date(2026, 11, 13)


def test_five_weekdays_without_school_part_two_half_terms_and_four_do_not():
    """The week from 16 to 20 November is empty; then a Monday is."""
    week_off = days_of((["2026-11-13", "2026-11-23"], FOUR, BOTH, "/"), last="2026-11-23")
    assert week_off.runs == (
        Run(date(2026, 11, 13), date(2026, 11, 13)),
        Run(date(2026, 11, 23), date(2026, 11, 23)),
    )
    four_off = days_of((["2026-11-13", "2026-11-20"], FOUR, BOTH, "/"), last="2026-11-20")
    assert four_off.runs == (Run(date(2026, 11, 13), date(2026, 11, 20)),)
    assert four_off.runs[0].middle == date(2026, 11, 16)
    assert len(four_off.weekdays_of(four_off.runs[0])) == 6


def test_who_has_no_mark_in_the_week_before_and_after_is_not_expected():
    """Pupil 4 has marks from 23 November alone: expected from the 16th."""
    weeks = [*WEEK, *(f"2026-11-{day}" for day in (*range(16, 21), *range(23, 28)))]
    found = days_of((weeks, FOUR[:3], BOTH, "/"), (weeks[-5:], "4", BOTH, "/"), last="2026-11-27")
    assert [found.by_day[date(2026, 11, day)]["AM"].expected for day in (13, 16, 23)] == [3, 4, 4]
