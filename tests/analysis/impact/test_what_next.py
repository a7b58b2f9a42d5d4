"""What shows no clear effect, what was written down, what came after, and what the log suggests: worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.courses import ABOVE, BELOW, NOT_RECORDED, WITHIN
from attendance_lib.analysis.impact.rounds import OTHER, SAME, suggest
from attendance_lib.analysis.impact.verdicts import FEW_SIMILAR, Verdict
from attendance_lib.analysis.impact.what_next import (
    BEGAN,
    changes_of,
    count_recorded,
    pupils_without_effect,
    what_next,
    with_order,
)
from attendance_lib.analysis.intervention_log import NO_CHANGE

PLAIN = {
    "pupil_id": "1",
    "intervention": "Mentor",
    "start_date": "2026-09-14",
    "week": 2,
    "weeks_since": 12,
    "school_year": "202627",
    "is_fair_trial": True,
    "absence_sessions": 10,
    "possible_sessions": 100,
    "landed": WITHIN,
    "barrier": "sleep",
    "outcome": None,
    "reason_not_working": None,
    "next_step": None,
}


def courses(*changes):
    rows = pd.DataFrame([PLAIN | change for change in changes])
    return rows.assign(start_date=pd.to_datetime(rows["start_date"]).astype("datetime64[s]"))


def listed(*changes):
    table = courses(*changes)
    return pupils_without_effect(table, table["pupil_id"])


# Who is listed


@pytest.mark.parametrize(
    ("change", "is_listed"),
    [
        ({}, True),
        ({"landed": BELOW}, True),
        ({"landed": ABOVE}, False),
        ({"landed": ""}, False),
        ({"absence_sessions": 9}, False),
        ({"absence_sessions": 10, "possible_sessions": 101}, False),
        ({"is_fair_trial": False}, False),
    ],
)
def test_a_pupil_is_listed_after_a_fair_trial_still_absent_and_like_others(change, is_listed):
    assert len(listed(change)) == is_listed


def test_only_the_pupils_in_question_are_listed():
    table = courses({}, {"pupil_id": "2"})
    assert pupils_without_effect(table, pd.Series(["2"]))["pupil_id"].tolist() == ["2"]


def test_no_change_recorded_comes_first_then_this_year_then_the_lowest():
    found = listed(
        {"pupil_id": "written", "outcome": "met"},
        {"pupil_id": "last year", "outcome": "met", "school_year": "202526", "landed": BELOW},
        {"pupil_id": "below", "outcome": "met", "landed": BELOW},
        {"pupil_id": "more absent", "outcome": "met", "absence_sessions": 20},
        {"pupil_id": "bare"},
    )
    assert found["pupil_id"].tolist() == ["bare", "below", "more absent", "written", "last year"]
    assert found["has_no_change_recorded"].tolist() == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("change", "bare", "waits"),
    [
        ({}, True, False),
        ({"outcome": "not met"}, False, False),
        ({"next_step": "escalate"}, False, True),
        ({"next_step": " Close "}, False, False),
        ({"next_step": "continue"}, False, False),
        ({"outcome": ""}, True, False),
    ],
)
def test_a_change_is_recorded_by_outcome_or_next_step_and_may_wait(change, bare, waits):
    found = listed(change).iloc[0]
    assert (found["has_no_change_recorded"], found["is_not_begun"]) == (bare, waits)


def test_another_intervention_begun_since_is_a_change():
    found = listed({}, {"intervention": "Visit", "start_date": "2026-10-05", "is_fair_trial": False})
    assert (found["intervention"].tolist(), what_next(found)) == (["Mentor"], [BEGAN])
    assert not found["has_no_change_recorded"].any()


# What is recorded


def test_what_is_recorded_is_counted_commonest_first_and_what_is_missing_last():
    found = count_recorded(
        listed(
            {
                "pupil_id": "1",
                "outcome": "not met",
                "reason_not_working": "too late",
                "next_step": "escalate",
            },
            {"pupil_id": "1", "intervention": "Visit", "outcome": "not met", "next_step": "escalate"},
            {"pupil_id": "2", "barrier": "", "outcome": "Met", "next_step": "close"},
            {"pupil_id": "3"},
        )
    )
    assert found.to_numpy().tolist() == [
        ["Barrier", "sleep", 3, 2],
        ["Barrier", NOT_RECORDED, 1, 1],
        # Of the three whose outcome is not met; the second course of pupil 1 and pupil 3 have no reason.
        ["Reason, where the outcome is not met", "too late", 1, 1],
        ["Reason, where the outcome is not met", NOT_RECORDED, 2, 2],
        ["Outcome", "not met", 2, 1],
        ["Outcome", "Met", 1, 1],
        ["Outcome", NOT_RECORDED, 1, 1],
        ["Next step", "escalate", 2, 1],
        ["Next step", NO_CHANGE, 1, 1],
        ["Next step", "close", 1, 1],
    ]


def test_nothing_listed_gives_nothing_to_count():
    assert count_recorded(listed({"landed": ABOVE})).empty


# Sequences


def test_courses_follow_each_other_by_their_start():
    found = with_order(
        courses(
            {"pupil_id": "2", "intervention": "Visit"},
            {"intervention": "Visit", "start_date": "2026-11-02", "week": 9},
            {"intervention": "Mentor", "start_date": "2026-09-14", "week": 2, "weeks_since": 7},
            {"intervention": "Card", "start_date": "2026-10-05", "week": 5},
        )
    )
    assert found[["pupil_id", "intervention", "step", "steps"]].to_numpy().tolist() == [
        ["1", "Mentor", 1, 3],
        ["1", "Card", 2, 3],
        ["1", "Visit", 3, 3],
        ["2", "Visit", 1, 1],
    ]
    assert found["later_intervention"].fillna("").tolist() == ["Card", "Visit", "", ""]
    assert found["later_start_date"].iloc[0] == pd.Timestamp("2026-10-05")
    # Card began in week 5, and the mentor's window ran to week 9; the visit began in week 9, and the card's ran to 17.
    assert found["is_overlapped"].tolist() == [True, True, False, False]


def test_a_window_that_ends_where_the_next_begins_is_not_overlapped():
    first, second = {"weeks_since": 7}, {"intervention": "Visit", "start_date": "2026-11-02", "week": 9}
    assert not with_order(courses(first, second))["is_overlapped"].any()


def test_two_courses_of_one_day_do_not_follow_each_other():
    same = courses(
        {"intervention": "Card"},
        {"intervention": "Mentor"},
        {"intervention": "Visit", "start_date": "2026-10-05"},
    )
    found = with_order(same)
    assert found["later_intervention"].fillna("").tolist() == ["Visit", "Visit", ""]


def test_a_course_without_a_start_comes_last_and_is_followed_by_none():
    found = with_order(courses({"intervention": "Card", "start_date": None}, {}))
    assert found["intervention"].tolist() == ["Mentor", "Card"]
    assert found["later_intervention"].isna().all()


def test_only_pupils_with_two_courses_have_a_change():
    table = courses({}, {"intervention": "Visit", "start_date": "2026-10-05"}, {"pupil_id": "2"})
    assert changes_of(table, table["pupil_id"])["pupil_id"].tolist() == ["1", "1"]
    assert changes_of(table, pd.Series(["2"])).empty


# Suggestions


def rounds_like(table, everything):
    """What ``suggest`` asks of rounds: estimates by barrier and of everyone."""
    return SimpleNamespace(
        study=SimpleNamespace(courses=everything),
        by_kind=lambda kinds: table,
        of_everyone=lambda: table.drop(columns="kind"),
    )


def one_round(barrier, intervention, estimate, se=0.005, pupils=8, **more):
    """A round of so many pupils of its own."""
    ids = tuple(f"{barrier}{intervention}{number}" for number in range(pupils))
    return {
        "kind": barrier,
        "intervention": intervention,
        "estimate": estimate,
        "se": se,
        "low": estimate - 1.96 * se,
        "high": estimate + 1.96 * se,
        "possible_sessions": 800,
        "not_comparable": "",
        "pupil_ids": ids,
    } | more


@pytest.fixture
def suggestions():
    table = pd.DataFrame(
        [
            one_round("sleep", "Mentor", 0.05),
            one_round("sleep", "Card", -0.05),
            one_round("sleep", "Club", 0.04, pupils=7),
            one_round("money", "Club", 0.001),
            one_round("fear", "Return", 0.2, not_comparable=FEW_SIMILAR),
        ]
    )
    return suggest(rounds_like(table, courses({})))


def test_each_barrier_has_what_was_tried_with_it_and_what_helped_elsewhere(suggestions):
    found = suggestions.table
    assert found[["barrier", "intervention", "basis", "verdict"]].to_numpy().tolist() == [
        ["fear", "Mentor", OTHER, Verdict.HELPED],
        ["fear", "Return", SAME, Verdict.TOO_FEW],
        ["money", "Mentor", OTHER, Verdict.HELPED],
        ["money", "Club", SAME, Verdict.NO_CLEAR_EFFECT],
        ["sleep", "Mentor", SAME, Verdict.HELPED],
        ["sleep", "Card", SAME, Verdict.WORSE],
        ["sleep", "Club", SAME, Verdict.TOO_FEW],
    ]


def test_what_there_are_too_few_to_tell_of_is_never_suggested(suggestions):
    readings = suggestions.table.loc[suggestions.table["verdict"] == Verdict.TOO_FEW, "reading"]
    assert set(readings) == {"Too few to tell: no ground to suggest it, and none to stop it"}
    asked = courses({"pupil_id": "9", "barrier": "sleep", "intervention": "Mentor"})
    # The pupil has had the mentor; the card and the club remain, and neither is likely to have helped.
    assert suggestions.to_try(asked, asked)["basis"].isna().tolist() == [True]


def test_a_suggestion_is_for_the_pupils_own_barrier_and_not_what_was_tried(suggestions):
    asked = courses(
        {"pupil_id": "1", "barrier": "sleep", "intervention": "Card"},
        {"pupil_id": "2", "barrier": "money", "intervention": "Club"},
        {"pupil_id": "3", "barrier": None, "intervention": "Club"},
    )
    found = suggestions.to_try(asked, asked)
    assert found["intervention"].fillna("").tolist() == ["Mentor", "Mentor", ""]
    assert found["basis"].fillna("").tolist() == [SAME, OTHER, ""]


def test_nothing_evaluated_suggests_nothing():
    empty = pd.DataFrame([one_round("sleep", "Mentor", 0.05)]).iloc[:0]
    found = suggest(rounds_like(empty, courses({})))
    assert found.table.empty
    assert found.to_try(courses({}), courses({}))["basis"].isna().all()
    assert np.array_equal(found.to_try(courses({}).iloc[:0], courses({})).shape[:1], [0])
