"""Windows of penalty notice rules, worked out by hand on small registers and counted again the slow way."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance_lib.analysis.notice_windows import count_windows, people_of, sessions_counted
from attendance_lib.analysis.penalty_notices import notice_rules
from attendance_lib.intake.settings.school_file import LocalNotice, NationalFramework, NoticeSettings
from attendance_lib.register.build import build_register
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.notices import NoticeRule, Span, national_framework

# Week numbers of the calendar: 1 June is 1, 13 July 7, 7 September 8, 19 October 14, 2 November 15, 14 December 21.
TERMS = (
    Term("202526", "summer", (HalfTerm(date(2026, 6, 1), date(2026, 7, 17)),)),
    Term(
        "202627",
        "autumn",
        (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18))),
    ),
)
CALENDAR = SchoolCalendar(TERMS)
NATIONAL = national_framework()
TERM_RULE = NoticeRule("10 in a term", 10, 1, Span.TERMS, date(2025, 9, 1))
TWO_TERMS = NoticeRule("14 in two terms", 14, 2, Span.TERMS, date(2025, 9, 1))


def whole_days(code, *days):
    """Marks for both sessions of days."""
    return [(day, session, code) for day in days for session in ("AM", "PM")]


def days_from(start, count):
    """The first so many weekdays from a day."""
    first = date.fromisoformat(start)
    every = (first + timedelta(days=n) for n in range(2 * count + 7))
    return [day.isoformat() for day in every if day.weekday() < 5][:count]


def register_of(marks, calendar=CALENDAR, **pupil):
    """One pupil "0001" with these marks; "0002" attends every session, so that all are in the register."""
    present = calendar.sessions()[["date", "session"]].assign(pupil_id="0002", code="/")
    given_marks = pd.DataFrame(marks, columns=["date", "session", "code"]).assign(pupil_id="0001")
    given_marks = given_marks.assign(date=pd.to_datetime(given_marks["date"]).astype("datetime64[s]"))
    about = {
        "year_group": 9,
        "date_of_birth": "2013-01-15",
        "admission_date": "2024-09-02",
        "leaving_date": None,
    } | pupil
    pupils = pd.DataFrame(
        [{"pupil_id": "0001"} | about, {"pupil_id": "0002"} | about | {"leaving_date": None}]
    )
    dated = {
        name: pd.to_datetime(pupils[name]).astype("datetime64[s]")
        for name in about
        if name.endswith(("_date", "_birth"))
    }
    return build_register(pupils.assign(**dated), pd.concat([present, given_marks]), calendar).register


def window(marks, on, rule=NATIONAL, calendar=CALENDAR, acted_on=None, **pupil):
    """The row of pupil "0001" under one rule, as a dictionary."""
    found = windows_by_parent(marks, on, rule, calendar, acted_on, **pupil)
    return found.get("A. Ames" if acted_on else "")


def windows_by_parent(marks, on, rule=NATIONAL, calendar=CALENDAR, acted_on=None, **pupil):
    """The rows of pupil "0001" by parent: A. Ames had a penalty notice for absence up to ``acted_on``, if given."""
    acted = acted_on and pd.DataFrame(
        {
            "pupil_id": ["0001"],
            "parent": ["A. Ames"],
            "acted_on_through_date": [pd.Timestamp(acted_on)],
            "notices_in_three_years": [1],
        }
    )
    people = people_of(register_of(marks, calendar, **pupil), date.fromisoformat(on), acted)
    found = count_windows(people, [rule], date.fromisoformat(on))
    rows = found[found["pupil_id"] == "0001"].to_dict("records")
    return {row["parent"]: row for row in rows}


FIVE_DAYS = days_from("2026-09-07", 5)


@pytest.mark.parametrize(
    ("marks", "count", "is_met", "is_near", "to_go"),
    [
        (whole_days("O", *FIVE_DAYS[:3]), 6, False, False, 4),
        ([*whole_days("O", *FIVE_DAYS[:3]), ("2026-09-10", "AM", "O")], 7, False, True, 3),
        ([*whole_days("O", *FIVE_DAYS[:4]), ("2026-09-11", "AM", "O")], 9, False, True, 1),
        (whole_days("O", *FIVE_DAYS), 10, True, False, 0),
        ([*whole_days("O", *FIVE_DAYS), ("2026-09-14", "AM", "O")], 11, True, False, 0),
    ],
)
def test_ten_sessions_meet_the_national_threshold_and_seven_are_near(marks, count, is_met, is_near, to_go):
    found = window(marks, "2026-09-18")
    assert (found["counted_sessions"], found["is_met_now"], found["is_near"]) == (count, is_met, is_near)
    assert found["sessions_to_threshold"] == to_go


@pytest.mark.parametrize(
    ("code", "counts"), [("G", 10), ("N", 10), ("O", 10), ("U", 10), ("L", 0), ("I", 0), ("C", 0), ("Y1", 0)]
)
def test_only_unauthorised_codes_count(code, counts):
    assert window(whole_days(code, *FIVE_DAYS), "2026-09-18")["counted_sessions"] == counts


def test_the_threshold_is_met_on_the_date_of_the_tenth_session():
    marks = [
        *whole_days("O", "2026-09-07", "2026-09-15", "2026-09-22", "2026-10-01"),
        *whole_days("G", "2026-10-08", "2026-10-09"),
    ]
    assert window(marks, "2026-10-16")["first_met_date"] == pd.Timestamp("2026-10-08")


def test_the_window_crosses_the_summer_holiday():
    marks = [*whole_days("O", "2026-07-16"), *whole_days("G", *days_from("2026-11-09", 4))]
    found = window(marks, "2026-11-13")  # week 16: the window is weeks 7 (13 July) to 16
    assert (found["counted_sessions"], found["first_met_date"]) == (2 + 8, pd.Timestamp("2026-11-12"))
    assert (found["window_start_date"], found["window_end_date"]) == (
        pd.Timestamp("2026-07-13"),
        pd.Timestamp("2026-11-13"),
    )


def test_a_week_later_the_oldest_sessions_have_fallen_out():
    marks = [*whole_days("O", "2026-07-16"), *whole_days("G", *days_from("2026-11-09", 4))]
    found = window(marks, "2026-11-20")
    assert (found["counted_sessions"], found["is_met_now"], found["has_been_met"]) == (8, False, True)
    assert (found["peak_sessions"], found["first_met_date"]) == (10, pd.Timestamp("2026-11-12"))


def test_an_inset_only_week_is_no_school_week():
    inset = tuple(date(2026, 11, day) for day in range(2, 7))
    marks = [*whole_days("O", "2026-07-16"), *whole_days("G", *days_from("2026-11-09", 4))]
    found = window(marks, "2026-11-20", calendar=SchoolCalendar(TERMS, inset=inset))
    assert (found["counted_sessions"], found["is_met_now"]) == (10, True)


@pytest.mark.parametrize(("on", "count"), [("2026-11-16", 10), ("2026-11-20", 10), ("2026-11-23", 8)])
def test_the_window_slides_by_school_week_and_not_by_day(on, count):
    # 7 September is week 8 and 16 to 20 November week 17: all of that week still reaches back to it.
    marks = [*whole_days("O", "2026-09-07"), *whole_days("G", *days_from("2026-11-09", 4))]
    assert window(marks, on)["counted_sessions"] == count


def test_sessions_of_the_oldest_week_are_said_to_fall_out_next():
    marks = [*whole_days("O", "2026-09-07", "2026-09-15"), *whole_days("G", *days_from("2026-11-09", 4))]
    assert window(marks, "2026-11-20")["falling_out_sessions"] == 2
    assert window(marks, "2026-11-13")["falling_out_sessions"] == 0


def test_n_is_counted_and_shown_apart():
    marks = [*whole_days("O", *FIVE_DAYS[:3]), *whole_days("N", *FIVE_DAYS[3:])]
    found = window(marks, "2026-09-18")
    assert (found["counted_sessions"], found["n_sessions"], found["counted_without_n_sessions"]) == (10, 4, 6)
    assert found["is_met_only_with_n"]


def test_a_threshold_met_without_n_is_not_met_only_with_n():
    marks = [*whole_days("O", *FIVE_DAYS), ("2026-09-14", "AM", "N")]
    assert not window(marks, "2026-09-18")["is_met_only_with_n"]


def test_n_can_be_left_out_and_is_still_shown():
    marks = [*whole_days("O", *FIVE_DAYS[:3]), *whole_days("N", *FIVE_DAYS[3:])]
    found = window(marks, "2026-09-18", rule=national_framework(count_n=False))
    assert (found["counted_sessions"], found["n_sessions"], found["counted_without_n_sessions"]) == (6, 4, 6)
    assert not found["is_met_only_with_n"]


def test_the_codes_counted_are_told_apart():
    marks = [
        ("2026-09-07", "AM", "G"), ("2026-09-07", "PM", "N"), ("2026-09-08", "AM", "O"), ("2026-09-08", "PM", "O"),
        ("2026-09-09", "AM", "U"), ("2026-09-09", "PM", "L"),
    ]  # fmt: skip
    found = window(marks, "2026-09-11")
    assert [found[f"{letter}_sessions"] for letter in "gnou"] == [1, 1, 2, 1]


def test_absence_already_acted_on_does_not_count_again():
    marks = [*whole_days("O", *FIVE_DAYS), *whole_days("O", "2026-09-21")]
    found = window(marks, "2026-09-25", acted_on="2026-09-11")
    assert (found["counted_sessions"], found["has_been_met"]) == (2, False)
    assert found["acted_on_through_date"] == pd.Timestamp("2026-09-11")


def test_a_notice_uses_sessions_up_for_the_parent_who_got_it_alone():
    """Ten sessions to 11 September and two on the 21st: the notice leaves A. Ames two, and every other parent twelve."""
    marks = [*whole_days("O", *FIVE_DAYS), *whole_days("O", "2026-09-21")]
    found = windows_by_parent(marks, "2026-09-25", acted_on="2026-09-11")
    assert {parent: row["counted_sessions"] for parent, row in found.items()} == {"": 12, "A. Ames": 2}
    assert {parent: row["notices_in_three_years"] for parent, row in found.items()} == {"": 0, "A. Ames": 1}


def test_only_absence_after_the_last_one_acted_on_counts():
    found = window(whole_days("O", *FIVE_DAYS), "2026-09-18", acted_on="2026-09-10")
    assert found["counted_sessions"] == 2  # Friday 11 September


def test_marks_before_the_framework_do_not_count():
    terms = (
        Term("202324", "summer", (HalfTerm(date(2024, 7, 8), date(2024, 7, 19)),)),
        Term("202425", "autumn", (HalfTerm(date(2024, 9, 2), date(2024, 9, 20)),)),
    )
    marks = [*whole_days("O", *days_from("2024-07-15", 5)), *whole_days("O", "2024-09-03")]
    about = {"admission_date": "2023-09-01", "year_group": 9}
    assert window(marks, "2024-09-06", calendar=SchoolCalendar(terms), **about)["counted_sessions"] == 2


def test_a_rule_counts_only_marks_from_its_first_to_its_last_day():
    rule = NoticeRule("local", 10, 1, Span.TERMS, date(2026, 9, 8), date(2026, 9, 30))
    assert window(whole_days("O", *FIVE_DAYS), "2026-09-18", rule=rule)["counted_sessions"] == 8


@pytest.mark.parametrize("on", ["2026-09-07", "2026-10-01"])
def test_a_rule_not_in_force_lists_nobody(on):
    rule = NoticeRule("local", 10, 1, Span.TERMS, date(2026, 9, 8), date(2026, 9, 30))
    assert window(whole_days("O", "2026-09-07"), on, rule=rule) is None


def test_a_term_rule_counts_this_term_only():
    marks = [*whole_days("O", *days_from("2026-07-06", 4)), *whole_days("O", *days_from("2026-12-14", 5))]
    found = window(marks, "2026-12-18", rule=TERM_RULE)
    assert (found["counted_sessions"], found["window_start_date"]) == (10, pd.Timestamp("2026-09-07"))


@pytest.mark.parametrize(("days", "count", "is_met"), [(4, 14, True), (3, 12, False)])
def test_two_consecutive_terms_cross_the_summer(days, count, is_met):
    marks = [*whole_days("O", *days_from("2026-06-01", 3)), *whole_days("G", *days_from("2026-12-07", days))]
    found = window(marks, "2026-12-18", rule=TWO_TERMS)
    assert (found["counted_sessions"], found["is_met_now"]) == (count, is_met)
    assert found["falling_out_sessions"] == 6


def test_a_spell_at_the_threshold_is_dated_by_its_own_first_day():
    # Met on 12 June (week 2); the window still holds 10 on 25 September (week 10), whose own window begins in week 1.
    marks = [*whole_days("O", *days_from("2026-06-08", 5)), *whole_days("O", "2026-09-24")]
    assert window(marks, "2026-09-25")["first_met_date"] == pd.Timestamp("2026-06-12")


def test_a_threshold_met_before_the_window_is_no_longer_told():
    marks = whole_days("O", *days_from("2026-06-01", 5))
    assert not window(marks, "2026-12-11")["has_been_met"]


def test_the_week_of_a_holiday_is_judged_at_the_last_session_before_it():
    found = window(whole_days("O", *FIVE_DAYS), "2026-10-28")
    assert (found["counted_sessions"], found["window_end_date"]) == (10, pd.Timestamp("2026-10-23"))


@pytest.mark.parametrize(
    ("about", "count"),
    [
        ({"date_of_birth": "2010-08-31"}, None),  # left compulsory school age on 26 June 2026
        ({"date_of_birth": "2010-09-01"}, 10),
        ({"date_of_birth": "2021-09-01"}, None),  # reaches it on 31 December 2026
        ({"date_of_birth": "2021-08-31"}, 10),
        ({"date_of_birth": None, "year_group": 11}, 10),
        ({"date_of_birth": None, "year_group": 12}, None),
        ({"leaving_date": "2026-09-17"}, None),
    ],
)
def test_only_pupils_on_roll_and_of_compulsory_school_age_are_listed(about, count):
    found = window(whole_days("O", *FIVE_DAYS), "2026-09-18", **about)
    assert (found and found["counted_sessions"]) == count


def test_a_pupil_who_came_back_is_one_pupil():
    register = register_of(whole_days("O", *FIVE_DAYS), leaving_date="2026-09-09")
    again = register.pupils.iloc[[0]].assign(admission_date=pd.Timestamp("2026-09-10"), leaving_date=pd.NaT)
    pupils = pd.concat([register.pupils.drop(columns="reference_year"), again.drop(columns="reference_year")])
    marks = pd.DataFrame(whole_days("O", *FIVE_DAYS), columns=["date", "session", "code"]).assign(
        pupil_id="0001"
    )
    present = CALENDAR.sessions()[["date", "session"]].assign(pupil_id="0002", code="/")
    marks = pd.concat([present, marks.assign(date=pd.to_datetime(marks["date"]).astype("datetime64[s]"))])
    people = people_of(build_register(pupils, marks, CALENDAR).register, date(2026, 9, 18))
    found = count_windows(people, [NATIONAL], date(2026, 9, 18))
    assert found.loc[found["pupil_id"] == "0001", "counted_sessions"].tolist() == [10]


def test_the_sessions_counted_are_listed_in_order_of_time():
    marks = [
        ("2026-09-08", "PM", "U"),
        ("2026-09-07", "AM", "N"),
        ("2026-09-09", "AM", "I"),
        ("2026-07-01", "AM", "O"),
    ]
    people = people_of(register_of(marks), date(2026, 11, 20))
    windows = count_windows(people, [NATIONAL, TERM_RULE], date(2026, 11, 20))
    listed = sessions_counted(people, [NATIONAL, TERM_RULE], windows[windows["rule"] == NATIONAL.name])
    assert listed[["pupil_id", "session", "code"]].to_numpy().tolist() == [
        ["0001", "AM", "N"],
        ["0001", "PM", "U"],
    ]
    assert listed["date"].tolist() == [pd.Timestamp("2026-09-07"), pd.Timestamp("2026-09-08")]


def test_no_rule_gives_an_empty_table_with_its_columns():
    found = count_windows(people_of(register_of([]), date(2026, 9, 18)), [], date(2026, 9, 18))
    assert found.empty
    assert {"pupil_id", "rule", "is_met_now"} <= set(found.columns)


def test_the_schools_rules_are_the_framework_and_its_own():
    local = LocalNotice(**{"name": "14 over two terms", "sessions": 14, "terms": 2, "from": date(2025, 9, 1)})
    framework = NationalFramework(**{"from": date(2024, 8, 19), "count_n": False})
    national, own = notice_rules(NoticeSettings(national_framework=framework, local=(local,)))
    assert (national.sessions, national.length, national.span, national.codes) == (
        10,
        10,
        "school_week",
        ("G", "O", "U"),
    )
    assert (own.name, own.sessions, own.length, own.span) == ("14 over two terms", 14, 2, "term")
    assert own.codes == ("G", "N", "O", "U")
    assert notice_rules(NoticeSettings()) == ()


# The same, counted again session by session.

CODES = ["/", "L", "O", "N", "G", "U", "I", "C"]
SESSIONS = CALENDAR.sessions()
SMALL = NoticeRule("small", 4, 3, Span.SCHOOL_WEEKS, date(2026, 6, 10), codes=("G", "N", "O", "U"))
SMALL_TERM = NoticeRule("small term", 6, 2, Span.TERMS, date(2026, 6, 10))


def slow_counts(codes, rule, on, acted_on):
    """For each session up to a day, the sessions counted in the window that ends with it (a list of date and count)."""
    told = list(zip(SESSIONS["date"].dt.date, SESSIONS[rule.span], codes, strict=True))
    told = [each for each in told if each[0] <= on]
    order = list(dict.fromkeys(span for _, span, _ in told))
    counts = []
    for end, (day, span, _) in enumerate(told):
        inside = order[max(order.index(span) - rule.length + 1, 0) : order.index(span) + 1]
        counted = [
            code
            for when, where, code in told[: end + 1]
            if where in inside
            and code in rule.codes
            and rule.from_date <= when
            and (acted_on is None or when > acted_on)
        ]
        counts.append((day, span, len(counted)))
    return counts


def slow_first_met(counts, rule):
    """The first day of the earliest spell at the threshold that reaches into the current window."""
    order = list(dict.fromkeys(span for _, span, _ in counts))
    inside = order[-rule.length :]
    for place, (_, span, count) in enumerate(counts):
        if span in inside and count >= rule.sessions:
            while place and counts[place - 1][2] >= rule.sessions:
                place -= 1
            return pd.Timestamp(counts[place][0])
    return pd.NaT


@settings(max_examples=20)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([SMALL, SMALL_TERM, NATIONAL]),
    st.sampled_from(sorted(set(SESSIONS["date"].dt.date))[20:]),
    st.sampled_from([None, date(2026, 7, 1), date(2026, 9, 22)]),
)
def test_a_slow_recount_agrees(seed, rule, on, acted_on):
    codes = np.random.default_rng(seed).choice(
        CODES, len(SESSIONS), p=[0.6, 0.05, 0.07, 0.06, 0.06, 0.06, 0.05, 0.05]
    )
    marks = list(zip(SESSIONS["date"].dt.strftime("%Y-%m-%d"), SESSIONS["session"], codes, strict=True))
    found = window(marks, on.isoformat(), rule, acted_on=acted_on and acted_on.isoformat())
    counts = slow_counts(codes, rule, on, acted_on)
    inside = list(dict.fromkeys(span for _, span, _ in counts))[-rule.length :]
    assert found["counted_sessions"] == counts[-1][2]
    assert found["peak_sessions"] == max(count for _, span, count in counts if span in inside)
    expected = slow_first_met(counts, rule)
    assert found["first_met_date"] == expected or (pd.isna(found["first_met_date"]) and pd.isna(expected))
