"""Reasons, unexplained sessions and uncommon codes."""

from datetime import date

import pytest

from attendance_lib.analysis.reasons import (
    absence_by_reason,
    code_groups_text,
    reasons_compared,
    uncommon_codes,
    unexplained,
)


def test_reasons_are_shares_of_possible_sessions_and_add_up_to_absence(make_register):
    pupil = {"marks": {"2026-11-02": "I I", "2026-11-03": "M O", "2026-11-04": "D D", "2026-11-05": "C1 J1"}}
    table = absence_by_reason(make_register(pupil, first="2026-11-02")).set_index("reason")
    # 20 sessions, 2 of them at another school (D): 18 possible.
    assert table["reason_rate"].to_dict() == {
        "Illness": 2 / 18,
        "Leave granted": 2 / 18,
        "Medical appointment": 1 / 18,
        "Other unauthorised": 1 / 18,
    }
    assert table.loc["Leave granted", "codes"] == "C1, J1"
    assert not table.loc["Other unauthorised", "is_authorised"]


def test_a_reason_that_did_not_occur_this_period_is_nought_and_not_missing(make_register):
    register = make_register({"marks": {"2026-11-02": "G G", "2026-11-09": "I I"}}, first="2026-11-02")
    before = register.between(date(2026, 11, 2), date(2026, 11, 6))
    now = register.between(date(2026, 11, 9), date(2026, 11, 13))
    table = reasons_compared(now, before, register).set_index("reason")
    holiday = table.loc["Unauthorised holiday", ["sessions", "reason_rate", "previous_rate"]]
    assert holiday.tolist() == [0, 0, 2 / 10]
    assert table.loc["Illness", "change_rate"] == 2 / 10


@pytest.mark.parametrize(("on", "overdue"), [(date(2026, 11, 9), False), (date(2026, 11, 10), True)])
def test_a_reason_is_due_by_the_fifth_school_day(make_register, calendar, on, overdue):
    # The session is on Monday 2 November: day 0. The fifth school day after it is Monday 9 November.
    due = unexplained(make_register({"marks": {"2026-11-02": "N \\"}}, first="2026-11-02"), calendar, on)
    assert due[["what", "is_overdue"]].values.tolist() == [["N", overdue]]
    assert due["deadline_date"].dt.date.tolist() == [date(2026, 11, 9)]


def test_the_five_days_step_over_a_holiday(make_register, calendar):
    due = unexplained(make_register({"marks": {"2026-10-21": "N \\"}}), calendar, date(2026, 11, 13))
    # Thursday 22 and Friday 23 October, then the holiday, then 2, 3 and 4 November.
    assert due["deadline_date"].dt.date.tolist() == [date(2026, 11, 4)]


def test_a_missing_mark_is_due_too_and_is_not_an_n(make_register, calendar):
    due = unexplained(
        make_register({"marks": {"2026-11-02": "- \\"}}, {}, first="2026-11-02"), calendar, date(2026, 11, 13)
    )
    assert due[["what", "session"]].values.tolist() == [["missing", "AM"]]


def test_uncommon_codes_are_counted_by_sessions_and_by_pupils(make_register):
    register = make_register(
        {"marks": {"2026-11-02": "B B"}},
        {"marks": {"2026-11-02": "B \\", "2026-11-09": "E E"}},
        first="2026-11-02",
    )
    table = uncommon_codes(register.between(date(2026, 11, 9), date(2026, 11, 13)), register).set_index(
        "code"
    )
    assert table[["sessions", "enrolments", "year_to_date_sessions", "year_to_date_enrolments"]].to_dict(
        "index"
    ) == {
        "B": {"sessions": 0, "enrolments": 0, "year_to_date_sessions": 3, "year_to_date_enrolments": 2},
        "E": {"sessions": 2, "enrolments": 1, "year_to_date_sessions": 2, "year_to_date_enrolments": 1},
    }


def test_a_pupils_reasons_are_written_most_first(make_register):
    pupil = {"marks": {"2026-11-02": "I I", "2026-11-03": "O \\"}}
    assert code_groups_text(make_register(pupil, {}, first="2026-11-02")) == [
        "Illness 2, Other unauthorised 1",
        "",
    ]
