"""Which sessions are open and to whom, and the weeks and deadlines counted on them."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.rules.calendar import (
    Closure,
    HalfTerm,
    SchoolCalendar,
    Term,
    days_between,
    school_year_of,
)

# Autumn 2026: two weeks, half-term holiday, two weeks; spring begins on Tuesday 5 January 2027.
AUTUMN = Term(
    "202627",
    "autumn",
    (HalfTerm(date(2026, 10, 12), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 11, 13))),
)
SPRING = Term("202627", "spring", (HalfTerm(date(2027, 1, 5), date(2027, 1, 8)),))
SUMMER_BEFORE = Term("202526", "summer", (HalfTerm(date(2026, 7, 13), date(2026, 7, 14)),))


def calendar(*terms, **more):
    return SchoolCalendar(terms or (AUTUMN, SPRING), **more)


def days_open(school):
    return [day.isoformat() for day in school.school_days]


def sessions_on(school, day):
    rows = school.open_sessions[school.open_sessions["date"] == pd.Timestamp(day)]
    return dict(zip(rows["session"], rows["closed_year_groups"], strict=True))


# Open and closed


def test_a_week_has_ten_sessions_from_monday_to_friday():
    week = calendar(Term("202627", "autumn", (HalfTerm(date(2026, 10, 11), date(2026, 10, 18)),)))
    assert days_open(week) == [f"2026-10-{day}" for day in (12, 13, 14, 15, 16)]
    assert week.open_sessions["session"].tolist() == ["AM", "PM"] * 5


def test_half_terms_and_terms_have_the_holidays_between_them_closed():
    assert len(calendar().school_days) == 10 + 10 + 4
    assert not {"2026-10-26", "2026-12-25", "2027-01-04"} & set(days_open(calendar()))


def test_a_bank_holiday_within_a_half_term_is_closed():
    may = calendar(Term("202627", "summer", (HalfTerm(date(2027, 4, 30), date(2027, 5, 4)),)))
    assert days_open(may) == ["2027-04-30", "2027-05-04"]


def test_an_inset_day_is_closed():
    assert sessions_on(calendar(inset=(date(2026, 11, 2),)), "2026-11-02") == {}


@pytest.mark.parametrize(
    ("closures", "expected"),
    [
        ((), {"AM": (), "PM": ()}),
        ((Closure(date(2026, 11, 3)),), {}),
        ((Closure(date(2026, 11, 3), "boiler", session="AM"),), {"PM": ()}),
        ((Closure(date(2026, 11, 3), "trip", (8, 7)),), {"AM": (7, 8), "PM": (7, 8)}),
        ((Closure(date(2026, 11, 3), "trip", (9,), "PM"),), {"AM": (), "PM": (9,)}),
        (
            (Closure(date(2026, 11, 3), "", (7,)), Closure(date(2026, 11, 3), "", (9, 7), "PM")),
            {"AM": (7,), "PM": (7, 9)},
        ),
        (
            (Closure(date(2026, 11, 3), "", (7,)), Closure(date(2026, 11, 3), "snow", session="PM")),
            {"AM": (7,)},
        ),
        ((Closure(date(2026, 11, 4)),), {"AM": (), "PM": ()}),
    ],
)
def test_closures_are_for_all_or_for_year_groups_and_for_a_day_or_a_session(closures, expected):
    assert sessions_on(calendar(closures=closures), "2026-11-03") == expected


def test_terms_may_be_given_in_any_order():
    pd.testing.assert_frame_equal(
        calendar(SPRING, AUTUMN).open_sessions, calendar(AUTUMN, SPRING).open_sessions
    )


def test_sessions_are_in_order_of_time():
    rows = calendar(AUTUMN, SUMMER_BEFORE, SPRING).open_sessions[["date", "session"]]
    assert rows.sort_values(["date", "session"]).index.tolist() == list(range(len(rows)))


def test_a_caller_may_change_the_sessions_it_was_given():
    school = calendar()
    mine = school.sessions()
    mine["session"] = "NIGHT"
    assert set(school.open_sessions["session"]) == {"AM", "PM"}


# Weeks, half terms, terms and years


def weeks_of(school):
    rows = school.open_sessions.drop_duplicates("week_beginning")
    return dict(zip(rows["week_beginning"].dt.strftime("%m-%d"), rows["school_week"], strict=True))


def test_school_weeks_are_numbered_on_over_holidays():
    assert weeks_of(calendar()) == {"10-12": 1, "10-19": 2, "11-02": 3, "11-09": 4, "01-04": 5}


def test_school_weeks_are_numbered_on_over_school_years():
    assert weeks_of(calendar(SUMMER_BEFORE, AUTUMN)) == {
        "07-13": 1,
        "10-12": 2,
        "10-19": 3,
        "11-02": 4,
        "11-09": 5,
    }


def test_a_week_of_nothing_but_inset_is_no_school_week():
    inset = tuple(days_between(date(2026, 10, 19), date(2026, 10, 23)))
    assert weeks_of(calendar(inset=inset)) == {"10-12": 1, "11-02": 2, "11-09": 3, "01-04": 4}


def test_a_week_with_one_session_open_to_one_year_group_is_a_school_week():
    closures = tuple(Closure(day) for day in days_between(date(2026, 10, 20), date(2026, 10, 23)))
    last = (Closure(date(2026, 10, 19), session="AM"), Closure(date(2026, 10, 19), "", (7, 8), "PM"))
    assert weeks_of(calendar(closures=closures + last))["10-19"] == 2


def test_weeks_have_their_labels_and_none_where_the_school_gives_none():
    labels = {date(2026, 10, 12): "A", date(2026, 10, 19): "B"}
    rows = calendar(week_labels=labels).open_sessions.drop_duplicates("week_beginning")
    assert rows["week_label"].tolist() == ["A", "B", "", "", ""]


def test_a_session_knows_its_half_term_term_and_school_year():
    rows = calendar(SUMMER_BEFORE, AUTUMN).open_sessions.drop_duplicates("half_term")
    assert rows[["half_term", "term", "school_year"]].to_numpy().tolist() == [
        ["202526-summer-1", "202526-summer", "202526"],
        ["202627-autumn-1", "202627-autumn", "202627"],
        ["202627-autumn-2", "202627-autumn", "202627"],
    ]


# Deadlines and windows


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 10, 12), 5, date(2026, 10, 19)),
        (date(2026, 10, 16), 5, date(2026, 10, 23)),
        (date(2026, 10, 21), 5, date(2026, 11, 4)),
        (date(2026, 10, 28), 1, date(2026, 11, 2)),
        (date(2026, 11, 13), 1, date(2027, 1, 5)),
        (date(2027, 1, 7), 1, date(2027, 1, 8)),
        (date(2027, 1, 8), 1, None),
        (date(2027, 1, 5), 4, None),
    ],
)
def test_school_days_are_counted_over_weekends_and_holidays(day, count, expected):
    assert calendar().school_days_after(day, count) == expected


def test_an_inset_day_does_not_use_up_a_deadline():
    school = calendar(inset=(date(2026, 10, 13),))
    assert school.school_days_after(date(2026, 10, 12), 1) == date(2026, 10, 14)


@pytest.mark.parametrize(
    ("day", "weeks", "window"),
    [
        (date(2026, 10, 23), 1, (date(2026, 10, 19), date(2026, 10, 23))),
        (date(2026, 10, 23), 2, (date(2026, 10, 12), date(2026, 10, 23))),
        (date(2026, 10, 28), 1, (date(2026, 10, 19), date(2026, 10, 23))),
        (date(2026, 11, 4), 2, (date(2026, 10, 19), date(2026, 11, 4))),
        (date(2027, 1, 8), 3, (date(2026, 11, 2), date(2027, 1, 8))),
        (date(2027, 1, 8), 10, (date(2026, 10, 12), date(2027, 1, 8))),
    ],
)
def test_the_last_school_weeks_reach_back_over_holidays(day, weeks, window):
    assert calendar().weeks_ending(day, weeks) == window


def test_there_are_no_weeks_before_the_first_session():
    with pytest.raises(ValueError, match="2026-10-11 is before the calendar's first open session"):
        calendar().weeks_ending(date(2026, 10, 11), 1)


@pytest.mark.parametrize(
    ("day", "school_year"),
    [
        (date(2026, 7, 31), "202526"),
        (date(2026, 8, 1), "202627"),
        (date(2026, 12, 31), "202627"),
        (date(2027, 1, 1), "202627"),
        (date(1999, 9, 1), "199900"),
        (date(2009, 9, 1), "200910"),
    ],
)
def test_a_school_year_runs_from_august_to_july(day, school_year):
    assert school_year_of(day) == school_year


@pytest.mark.parametrize(("start", "end", "count"), [(1, 3, 3), (1, 1, 1), (2, 1, 0)])
def test_days_between_holds_both_ends(start, end, count):
    assert len(list(days_between(date(2026, 9, start), date(2026, 9, end)))) == count


def test_a_term_is_called_what_the_school_calls_it_and_halves_are_of_two():
    half = HalfTerm(date(2026, 9, 7), date(2026, 10, 23))
    terms = (
        Term("202627", "Term 1", (half,)),
        Term("202627", "autumn", (half, half)),
        Term("202627", "Lent", (half,) * 3),
    )
    assert SchoolCalendar(terms).half_term_names == {
        "202627-Term 1-1": "Term 1, 2026/27",
        "202627-autumn-1": "Autumn term 2026/27, first half",
        "202627-autumn-2": "Autumn term 2026/27, second half",
        "202627-Lent-1": "Lent term 2026/27, part 1 of 3",
        "202627-Lent-2": "Lent term 2026/27, part 2 of 3",
        "202627-Lent-3": "Lent term 2026/27, part 3 of 3",
    }
