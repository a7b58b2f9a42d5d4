"""The stated rules for what is short, small, closed or elsewhere, each on the small school of two years with one change."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.outlook.outlook import outlook_of
from attendance_lib.papers.outlook import pupils
from attendance_lib.rules.calendar import Closure
from tests.papers.outlook.two_years import (
    CALENDAR,
    MARKS,
    ROLL,
    TODAY,
    YEARS,
    opened,
    said,
    sessions_of,
    to_come,
)

WHO = 25


@pytest.fixture(scope="module")
def usual():
    return said(opened())


def days_of(first, last):
    return [each for each in CALENDAR.school_days if first <= each <= last]


def most_of(missed, possible, left):
    return max(each for each in range(left + 1) if 10 * (missed + each) < possible + left)


def test_each_of_a_year_group_of_ten_is_told_a_chance_and_its_base_is_of_the_ten():
    left_out = ["024", "035"]
    roll = ROLL[~ROLL["pupil_id"].isin(left_out)].reset_index(drop=True)
    small = opened(roll=roll, marks=MARKS[~MARKS["pupil_id"].isin(left_out)])
    people = pupils.people_of(small)
    ten = people[people["year_group"] == 9]
    assert len(ten) == 10
    assert (ten["cannot"] == "").all()
    assert set(ten["base"]) == {f"{int(ten['percent'].mean() + 0.5)} in 100"}


def test_a_month_closed_ahead_is_not_among_the_sessions_to_come(usual):
    closed = days_of(date(2027, 1, 4), date(2027, 1, 29))
    calendar = replace(CALENDAR, closures=(*CALENDAR.closures, *map(Closure, closed)))
    missed, possible = sessions_of(WHO, "2026-08-01", TODAY)
    left = to_come(YEARS[WHO], "2027-07-20") - 2 * len(closed)
    assert len(closed) == 20
    told = said(opened(calendar=calendar)).loc[f"{WHO:03d}"]
    assert told["needed"] == f"misses no more than {most_of(missed, possible, left)} of the next {left}"
    assert told["needed"] != usual.loc[f"{WHO:03d}", "needed"]


def test_a_month_closed_this_autumn_says_nothing_and_what_is_left_is_told():
    closed = days_of(date(2026, 9, 21), date(2026, 10, 16))
    calendar = replace(CALENDAR, closures=(*CALENDAR.closures, *map(Closure, closed)))
    during = pd.to_datetime(pd.Series(closed))
    told = opened(marks=MARKS[~MARKS["date"].isin(during)], calendar=calendar)
    missed, possible = sessions_of(WHO, "2026-08-01", TODAY)
    lost, shut = sessions_of(WHO, closed[0], closed[-1])
    row = said(told).loc[f"{WHO:03d}"]
    assert row["facts"].startswith(f"{missed - lost} of {possible - shut} missed")
    assert (pupils.people_of(told)["cannot"] == "").sum() == 59


def test_a_code_outside_the_denominator_is_no_session(usual):
    fortnight = (MARKS["pupil_id"] == f"{WHO:03d}") & MARKS["date"].between("2026-11-02", "2026-11-13")
    elsewhere = MARKS.assign(code=MARKS["code"].mask(fortnight, "Y1"))
    missed, possible = sessions_of(WHO, "2026-08-01", TODAY)
    lost, outside = sessions_of(WHO, "2026-11-02", "2026-11-13")
    left = to_come(YEARS[WHO], "2027-07-20")
    row = said(opened(marks=elsewhere)).loc[f"{WHO:03d}"]
    assert row["facts"].startswith(f"{missed - lost} of {possible - outside} missed")
    assert (
        row["needed"]
        == f"misses no more than {most_of(missed - lost, possible - outside, left)} of the next {left}"
    )
    others = usual.index != f"{WHO:03d}"
    assert said(opened(marks=elsewhere))["needed"][others].tolist() == usual["needed"][others].tolist()


def test_illness_is_followed_apart_so_that_the_same_sessions_missed_are_told_other_chances(usual):
    even = MARKS["pupil_id"].astype(int) % 2 == 0
    told = said(opened(marks=MARKS.assign(code=MARKS["code"].mask(even & (MARKS["code"] == "O"), "I"))))
    assert told["needed"].tolist() == usual["needed"].tolist()
    assert "mostly ill" in told.loc["028", "facts"]
    assert told["percent"].tolist() != usual["percent"].tolist()


def test_illness_written_in_later_is_what_was_marked_until_then():
    # Two days of the first week after half term: the Tuesday was O until the 17th, the Wednesday was I from the beginning.
    own = MARKS["pupil_id"] == f"{WHO:03d}"
    tuesday, wednesday = (own & (MARKS["date"] == day) for day in ("2026-11-03", "2026-11-04"))
    marks = MARKS.assign(
        code=MARKS["code"].mask(tuesday | wednesday, "I"),
        amended_from=pd.Series("O", index=MARKS.index).where(tuesday),
        amended_on=pd.Series(pd.Timestamp("2026-11-17"), index=MARKS.index).where(tuesday),
    )
    told = outlook_of(opened(marks=marks))
    school, row = told.school, int(told.school.rows_of(pd.Series([f"{WHO:03d}"]))[0])
    week = int((school.weeks["first_date"] == pd.Timestamp("2026-11-02")).argmax())
    then, now = school.marks.at(week), told.known
    assert [then.ill[row, week], now.ill[row, week]] == [2, 4]
    assert then.absent[row, week] == now.absent[row, week]


def test_whoever_was_elsewhere_last_year_is_told_by_this_year_alone_and_it_is_said(usual):
    own = MARKS["pupil_id"] == f"{WHO:03d}"
    admitted = ROLL["admission_date"].mask(ROLL["pupil_id"] == f"{WHO:03d}", pd.Timestamp("2026-09-07"))
    here = opened(
        roll=ROLL.assign(admission_date=admitted),
        marks=MARKS[~(own & (MARKS["date"] < pd.Timestamp("2026-08-01")))],
    )
    row = said(here).loc[f"{WHO:03d}"]
    assert "no last year here" in row["facts"]
    assert "last year" in usual.loc[f"{WHO:03d}", "facts"]
    assert "no last year" not in usual.loc[f"{WHO:03d}", "facts"]
    assert row["needed"] == usual.loc[f"{WHO:03d}", "needed"]
    assert row["percent"] != usual.loc[f"{WHO:03d}", "percent"]


def test_why_nothing_is_told_is_said_once_where_it_is_one_reason():
    table = pupils.cannot_be_told(opened())
    (reason,) = set(table.frame["cannot"])
    assert table.note == f"Why not: {reason}."
    assert not next(each for each in table.columns if each.name == "cannot").shown


def test_a_weekday_that_stands_out_is_among_the_facts(usual):
    fridays = (
        (MARKS["pupil_id"] == "030")
        & (MARKS["date"].dt.day_name() == "Friday")
        & (MARKS["date"] > "2026-08-01")
    )
    told = said(opened(marks=MARKS.assign(code=MARKS["code"].mask(fridays, "O"))))
    assert "Fridays: 10 of 10 days absent" in told.loc["030", "facts"]
    assert "Fridays" not in usual.loc["030", "facts"]
