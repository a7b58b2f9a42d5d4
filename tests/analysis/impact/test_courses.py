"""Courses of an intervention, fair trials and lead times, worked out by hand on two pupils and fourteen weeks."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.courses import (
    BEFORE,
    FEW_SESSIONS,
    LATE,
    LATER,
    NOT_ASKED,
    SHORT_DOSE,
    SOON,
    TOO_EARLY,
    count_fair_trials,
    courses_of,
    first_triggers,
    standing_of,
    with_fair_trial,
    with_lead_time,
)
from attendance_lib.analysis.impact.evaluate import evaluate_all
from attendance_lib.analysis.impact.risk_sets import LITTLE_AFTER, LITTLE_BEFORE
from attendance_lib.analysis.impact.verdicts import Judgement, Verdict
from attendance_lib.analysis.impact.weeks import NOT_IN_REGISTER, count_weeks, place_starts
from attendance_lib.register.grid import CLOSED, NOT_ON_ROLL, Register, cell_of

WEEKS, A_WEEK = 14, 10
PRESENT, ILL = cell_of("/"), cell_of("I")


def sessions_of(weeks=WEEKS):
    """Fourteen whole weeks from Monday 7 September 2026; the last four are the spring term's."""
    mondays = pd.date_range("2026-09-07", periods=weeks, freq="7D").repeat(A_WEEK)
    day = np.tile(np.repeat(np.arange(5), 2), weeks)
    number = np.arange(weeks).repeat(A_WEEK)
    return pd.DataFrame(
        {
            "date": (mondays + pd.to_timedelta(day, unit="D")).astype("datetime64[s]"),
            "session": np.tile(["AM", "PM"], 5 * weeks),
            "week_beginning": mondays.astype("datetime64[s]"),
            "school_week": number + 1,
            "school_year": "202627",
            "term": np.where(number < 10, "202627-autumn", "202627-spring"),
        }
    )


def register_of(absences, weeks=WEEKS):
    """Pupils who attend every session but those given as absent (positions from 0)."""
    codes = np.full((len(absences), weeks * A_WEEK), PRESENT, dtype=np.uint8)
    for row, places in enumerate(absences.values()):
        codes[row, list(places)] = ILL
    pupils = pd.DataFrame(
        {
            "pupil_id": list(absences),
            "year_group": 9,
            "reference_year": 2026,
            "fsm": [True, False] + [None] * (len(absences) - 2),
            "sen_status": ["N", "K"] + [None] * (len(absences) - 2),
            "admission_date": pd.Timestamp("2025-09-03"),
            "leaving_date": pd.NaT,
        }
    )
    return Register(codes, pupils, sessions_of(weeks))


def log_of(*rows):
    log = pd.DataFrame(list(rows)).reindex(
        columns=["pupil_id", "intervention", "start_date", "end_date", "barrier", "cost"]
    )
    dated = {name: pd.to_datetime(log[name]).astype("datetime64[s]") for name in ("start_date", "end_date")}
    return log.assign(**dated)


@pytest.fixture
def courses():
    # Ada is away for the first two days of week 6 (positions 50 to 53) and all of week 13 (120 to 129).
    register = register_of({"ada": [*range(50, 54), *range(120, 130)], "bo": []})
    log = log_of(
        {"pupil_id": "ada", "intervention": "Mentor", "start_date": "2026-10-05", "end_date": "2026-10-16"},
        {"pupil_id": "bo", "intervention": "Mentor", "start_date": "2026-11-30"},
        {"pupil_id": "zed", "intervention": "Mentor", "start_date": "2026-11-30"},
        {"pupil_id": "bo", "intervention": "Raffle", "start_date": "2026-09-14"},
        {"pupil_id": None, "intervention": "Raffle", "start_date": "2026-09-07"},
    )
    counts = count_weeks(register)
    return courses_of(log, place_starts(log, counts), counts, []).set_index(["intervention", "pupil_id"])


def test_the_rows_for_the_whole_school_are_no_pupils_course(courses):
    assert sorted(courses.index) == [("Mentor", "ada"), ("Mentor", "bo"), ("Mentor", "zed"), ("Raffle", "bo")]


def test_the_window_runs_from_the_start_to_the_last_week_known(courses):
    # 5 October begins the fifth week (position 4): ten weeks are left, of ten sessions; Ada missed 14 of them.
    ada = courses.loc[("Mentor", "ada")]
    assert ada[["week", "weeks_since", "possible_sessions"]].tolist() == [4, 10, 100]
    assert ada[["absence_sessions", "attended_sessions"]].tolist() == [14, 86]
    # 30 November begins the thirteenth.
    assert courses.loc[("Mentor", "bo"), ["week", "weeks_since", "possible_sessions"]].tolist() == [12, 2, 20]


def test_the_dose_is_the_weeks_in_which_it_ran(courses):
    # 5 to 16 October: two weeks. No end: to the last week.
    assert courses["weeks_run"].to_dict() == {
        ("Mentor", "ada"): 2,
        ("Mentor", "bo"): 2,
        ("Mentor", "zed"): 0,
        ("Raffle", "bo"): 12,
    }


def test_a_pupil_who_is_not_in_the_register_has_no_sessions(courses):
    zed = courses.loc[("Mentor", "zed")]
    assert (zed["left_out"], zed["landed"], zed["possible_sessions"]) == (NOT_IN_REGISTER, "", 0)
    assert not zed["is_fsm"]


def test_what_is_not_evaluated_says_that_it_was_not_asked_about(courses):
    assert courses.loc[("Raffle", "bo"), "left_out"] == NOT_ASKED


def test_groups_are_those_of_the_pupils(courses):
    assert courses["is_fsm"].tolist() == [True, False, False, False]
    assert courses.loc[("Mentor", "bo"), "has_sen"]


def test_why_a_course_asked_about_has_no_estimate_is_said():
    register = register_of({"ada": [], "bo": []})
    log = log_of(
        {"pupil_id": "ada", "intervention": "Mentor", "start_date": "2026-09-14"},
        {"pupil_id": "bo", "intervention": "Mentor", "start_date": "2026-11-30"},
    )
    counts = count_weeks(register)
    starts = place_starts(log, counts)
    found = courses_of(log, starts, counts, evaluate_all(counts, starts, 12)).set_index("pupil_id")
    # Ada: ten sessions before, and thirty are needed. Bo: twenty after.
    assert found["left_out"].to_dict() == {"ada": LITTLE_BEFORE, "bo": LITTLE_AFTER}


# Fair trials

ENOUGH = {
    "intervention": "Mentor",
    "left_out": "",
    "weeks_since": 12,
    "weeks_run": 8,
    "possible_sessions": 100,
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"weeks_since": 6, "weeks_run": 6}, ""),
        ({"weeks_since": 5, "weeks_run": 5}, TOO_EARLY),
        ({"possible_sessions": 30}, ""),
        ({"possible_sessions": 29}, FEW_SESSIONS),
        ({"weeks_run": 4}, ""),
        ({"weeks_run": 3}, SHORT_DOSE),
        ({"left_out": NOT_IN_REGISTER, "weeks_since": 0}, NOT_IN_REGISTER),
    ],
)
def test_a_fair_trial_is_long_enough_and_has_sessions_and_half_the_usual_dose(change, reason):
    # Beside four who ran for 8 weeks the median is 8, whatever the fifth did: half of it is 4.
    judged = with_fair_trial(pd.DataFrame([ENOUGH | change, *[ENOUGH] * 4])).iloc[0]
    assert (judged["not_fair"], judged["is_fair_trial"]) == (reason, reason == "")


def test_a_short_scheme_has_a_fair_trial_by_its_own_usual_dose():
    visits = [ENOUGH | {"intervention": "Home visit", "weeks_run": 2}] * 3
    judged = with_fair_trial(pd.DataFrame([ENOUGH, *visits]))
    assert judged["usual_weeks"].tolist() == [8, 2, 2, 2]
    assert count_fair_trials(judged).to_dict() == {"Home visit": 3, "Mentor": 1}


def test_too_few_to_tell_keeps_its_reason_and_is_never_called_no_clear_effect():
    assert standing_of(Judgement(Verdict.TOO_FEW, "range too wide"), 40) == "too few to tell: range too wide"
    assert standing_of(Judgement(Verdict.WORSE), 0) == "likely worse"


# Triggers


def test_the_trigger_is_the_first_day_that_ends_at_ten_per_cent_of_twenty_sessions():
    register = register_of(
        {
            "early": [0, 1],  # 2 of 20 at the end of the tenth day, Friday 18 September: exactly 10 %
            "late": [40, 41, 42, 43, 44],  # the fifth of 45: 11 % in the middle of Wednesday of week 5
            "never": [0],
            "again": [30, 31, 32, 60],  # the third of 33, 9.09 %; then 3 of 34
        }
    )
    found = first_triggers(register).set_index("enrolment")["trigger_date"]
    # 5 of 46 at the end of Wednesday 7 October is 10.9 %; 4 of 44 on Tuesday is 9.1 %.
    assert found[0] == pd.Timestamp("2026-09-18")
    assert found[1] == pd.Timestamp("2026-10-07")
    assert found[[2, 3]].isna().all()


def test_a_line_crossed_in_the_morning_and_not_at_the_days_end_calls_for_nothing():
    register = register_of({"ada": [2, 20], "bo": []})
    codes = register.codes.copy()
    codes[0, 1] = CLOSED
    # On the morning of Monday 21 September 2 of 20 are missed, in the afternoon 2 of 21.
    found = first_triggers(Register(codes, register.pupils, register.sessions))
    assert found["trigger_date"].isna().all()


def test_a_new_school_year_begins_anew():
    register = register_of({"ada": [0, 1, 2], "bo": []})
    sessions = register.sessions.assign(
        school_year=np.where(np.arange(len(register.sessions)) < 70, "202526", "202627")
    )
    found = first_triggers(Register(register.codes, register.pupils, sessions))
    assert found["trigger_date"].notna().tolist() == [True, False, False, False]


def test_sessions_outside_the_denominator_call_for_nothing():
    register = register_of({"ada": [0, 1], "bo": []})
    codes = register.codes.copy()
    codes[0, 2:20] = CLOSED
    codes[1, :20] = NOT_ON_ROLL
    found = first_triggers(Register(codes, register.pupils, register.sessions))
    # Two of two were missed, but twenty are needed: eighteen more are nine days, Monday 21 September to Thursday 1 October.
    assert found["trigger_date"].iloc[0] == pd.Timestamp("2026-10-01")
    assert pd.isna(found["trigger_date"].iloc[1])


@pytest.mark.parametrize(
    ("start", "days", "band"),
    [
        ("2026-09-17", None, BEFORE),
        ("2026-09-18", 0, SOON),
        ("2026-09-21", 1, SOON),  # over the weekend: one school day
        ("2026-10-02", 10, SOON),
        ("2026-10-03", 10, SOON),  # a Saturday
        ("2026-10-05", 11, LATER),
        ("2026-10-30", 30, LATER),
        ("2026-11-02", 31, LATE),
    ],
)
def test_lead_time_counts_school_days_after_the_trigger(start, days, band):
    register = register_of({"ada": [0, 1], "bo": []})
    course = pd.DataFrame(
        {"enrolment": [0], "school_year": ["202627"], "start_date": pd.to_datetime([start])}
    )
    found = with_lead_time(course, register).iloc[0]
    assert found["lead_band"] == band
    assert (None if pd.isna(found["lead_days"]) else found["lead_days"]) == days


def test_a_course_that_is_not_placed_has_no_lead_time():
    register = register_of({"ada": [0, 1], "bo": []})
    course = pd.DataFrame({"enrolment": [-1], "school_year": [None], "start_date": [pd.NaT]})
    assert with_lead_time(course, register)["lead_band"].tolist() == [""]
