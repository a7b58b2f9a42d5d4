"""The calendar that marks draw, against calendars known beforehand: what was open to whom, session by session."""

from datetime import date, timedelta

import pandas as pd
import pytest

from attendance_lib.intake.drafting.calendar import draft_calendar, usual_end
from attendance_lib.intake.drafting.school_days import school_days_of
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term

AUTUMN = Term(
    "202627",
    "autumn",
    (HalfTerm(date(2026, 9, 3), date(2026, 10, 23)), HalfTerm(date(2026, 11, 3), date(2026, 12, 18))),
)
SPRING = Term("202627", "spring", (HalfTerm(date(2027, 1, 4), date(2027, 1, 29)),))
TEN = range(10)


def roll(years=(7, 8)):
    """Ten pupils in each year group."""
    rows = [(f"{year}{number}", year, pd.NaT) for year in years for number in TEN]
    return pd.DataFrame(rows, columns=["pupil_id", "year_group", "leaving_date"]).astype(
        {"year_group": "Int64"}
    )


def marks_in(calendar, pupils, codes=None):
    """A mark of everybody in every session that is open to the year group; `codes` {day: code of that day}."""
    rows = [
        (pupil, day, session, (codes or {}).get(day.date(), "/"))
        for day, session, closed in calendar.open_sessions[
            ["date", "session", "closed_year_groups"]
        ].itertuples(index=False)
        for pupil, year in zip(pupils["pupil_id"], pupils["year_group"], strict=True)
        if year not in closed
    ]
    return pd.DataFrame(rows, columns=["pupil_id", "date", "session", "code"])


def drafted(calendar, last=date(2027, 1, 29), codes=None, extra=()):
    pupils = roll()
    marks = pd.concat(
        [
            marks_in(calendar, pupils, codes),
            pd.DataFrame(list(extra), columns=["pupil_id", "date", "session", "code"]),
        ]
    )
    marks = marks[marks["date"] <= pd.Timestamp(last)].astype({"date": "datetime64[s]"})
    return draft_calendar(school_days_of(marks, pupils, last))


def sessions(calendar, last):
    """What is open up to a day, with the year groups for which it is closed."""
    rows = calendar.open_sessions
    rows = rows[rows["date"] <= pd.Timestamp(last)]
    return list(zip(rows["date"].dt.date, rows["session"], rows["closed_year_groups"], strict=True))


ODD_DAYS = SchoolCalendar(
    (AUTUMN, SPRING),
    inset=(date(2026, 11, 27),),
    closures=(
        Closure(date(2026, 9, 3), year_groups=(8,)),
        Closure(date(2026, 10, 14), year_groups=(7,), session="PM"),
        Closure(date(2026, 12, 18), session="PM"),
        Closure(date(2026, 12, 2)),
    ),
)


def test_terms_closed_days_and_half_days_are_those_of_the_calendar():
    draft = drafted(ODD_DAYS)
    last = date(2027, 1, 29)
    assert sessions(draft.built(), last) == sessions(ODD_DAYS, last)
    assert [(term.school_year, term.name, len(term.half_terms)) for term in draft.terms] == [
        ("202627", "autumn", 2), ("202627", "spring", 1),
    ]  # fmt: skip
    assert [each.value for each in draft.inset] == [date(2026, 11, 27), date(2026, 12, 2)]


def test_each_closed_day_says_what_speaks_for_it():
    said = [each.why for each in (*drafted(ODD_DAYS).inset, *drafted(ODD_DAYS).closures)]
    assert said == [
        "Friday: no mark",
        "Wednesday: no mark",
        "marks of Year 7, none of Year 8; the first day after a holiday",
        "marks of Year 8, none of Year 7",
        "no mark in the PM session; the last day before a holiday",
    ]


def test_a_day_closed_in_the_register_counts_its_signs_and_a_day_of_snow_is_a_school_day():
    day, snow = date(2026, 11, 27), date(2026, 11, 26)
    codes = {snow: "Y4"}
    closed = [(pupil, pd.Timestamp(day), "AM", "#") for pupil in roll()["pupil_id"]]
    draft = drafted(SchoolCalendar((AUTUMN, SPRING), inset=(day,)), codes=codes, extra=closed)
    assert [(each.value, each.why) for each in draft.inset] == [(day, "Friday: no mark, 20 say closed (#)")]


def test_a_single_mark_on_a_closed_day_opens_no_school():
    stray = [("70", pd.Timestamp("2026-11-27"), "AM", "/")]
    draft = drafted(SchoolCalendar((AUTUMN, SPRING), inset=(date(2026, 11, 27),)), extra=stray)
    assert [each.why for each in draft.inset] == ["Friday: 1 mark of 20 pupils"]


def test_local_elections_are_a_closure_and_weekdays_before_a_first_day_are_only_named():
    summer = Term("202627", "summer", (HalfTerm(date(2027, 4, 13), date(2027, 5, 28)),))
    draft = drafted(SchoolCalendar((summer,), closures=(Closure(date(2027, 5, 6)),)), last=date(2027, 5, 28))
    assert [each.value for each in draft.closures] == [Closure(date(2027, 5, 6))]
    assert "polling station" in draft.closures[0].why
    assert draft.edges == (date(2027, 4, 12),)


def test_the_half_term_that_is_still_being_lived_ends_on_the_usual_day_and_says_that_it_was_guessed():
    draft = drafted(ODD_DAYS, last=date(2026, 11, 20))
    half = draft.terms[-1].half_terms[-1]
    assert half.value == HalfTerm(date(2026, 11, 3), date(2026, 12, 18))
    assert half.why.startswith("the marks end on 2026-11-20; such a half term often ends on 2026-12-18")


@pytest.mark.parametrize("day", ["2026-10-23", "2026-12-18", "2027-02-12", "2027-03-25", "2027-05-28"])
def test_the_usual_ends_are_those_that_an_authority_published(day):
    """The demo's calendar for 2026/27, which was made by those rules of thumb that authorities print."""
    end = date.fromisoformat(day)
    assert usual_end(end - timedelta(days=10)) == end


def test_weeks_alternate_from_a_in_each_school_year():
    labels = drafted(ODD_DAYS).alternating_weeks()
    assert labels["A"][:4] == (date(2026, 8, 31), date(2026, 9, 14), date(2026, 9, 28), date(2026, 10, 12))
    assert labels["B"][3:5] == (date(2026, 10, 19), date(2026, 11, 9))


def test_a_year_group_that_leaves_early_is_named_and_closes_no_day():
    whole = Term("202526", "summer", (HalfTerm(date(2026, 6, 1), date(2026, 7, 17)),))
    pupils = roll()
    marks = marks_in(SchoolCalendar((whole, AUTUMN)), pupils).astype({"date": "datetime64[s]"})
    gone = pupils.loc[pupils["year_group"] == 8, "pupil_id"]
    marks = marks[~(marks["pupil_id"].isin(gone) & (marks["date"] > pd.Timestamp("2026-06-26")))]
    draft = draft_calendar(school_days_of(marks, pupils, date(2026, 12, 18)))
    (left,) = draft.left
    assert (left.year_group, left.last, left.others_last) == (8, date(2026, 6, 26), date(2026, 7, 17))
    assert draft.closures == ()


def test_a_pupil_who_repeats_a_year_is_no_year_group():
    """Alone in Year 6 beside twenty in each other one, and away in November: that closes no session for Year 6."""
    others = roll()
    more = others.assign(pupil_id="1" + others["pupil_id"])
    pupils = pd.concat([others, more, others.head(1).assign(pupil_id="61", year_group=6)])
    marks = marks_in(SchoolCalendar((AUTUMN,)), pupils).astype({"date": "datetime64[s]"})
    away = marks[(marks["pupil_id"] != "61") | (marks["date"].dt.month != 11)]
    assert draft_calendar(school_days_of(away, pupils, date(2026, 12, 18))).closures == ()
