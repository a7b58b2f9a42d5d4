"""A plan's target in sessions, worked out by hand: the autumn of ``tests/papers/conftest.py`` to Friday 20 November.

From 2 November to 11 December are six school weeks, 60 sessions, of which 30 come after the 20th. The last six school weeks
began on 5 October and have 60 sessions.
"""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.plan_progress import progress_of, weeks_of
from attendance_lib.analysis.plans import plans_of
from attendance_lib.papers.plan.family_copy import pace_words, target_words
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term

PLAN = {
    "plan_id": "SP1", "pupil_id": "0001", "opened_on": "2026-10-22", "target_sessions": 4, "target_from": "2026-11-02",
    "target_to": "2026-12-11",
}  # fmt: skip
# Two days in the target's weeks and one before them: 6 of the last six weeks' 60 sessions, 4 of the target's 30 so far.
AWAY = {"0001": {"I": ["2026-10-05", "2026-11-09", "2026-11-10"]}}
AUTUMN = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))

REACHES = "the school calendar reaches from 2026-09-07 to 2026-12-18, so only some of its days are counted"


@pytest.fixture
def progress(make_pack, plan_log):
    """Where the target of a plan stands; cells may be changed, and the pack's absences."""

    def find(absences=AWAY, calendar=None, **changed):
        more = {"calendar": calendar} if calendar else {}
        pack = make_pack(absences, plans=plan_log(PLAN | changed), **more)
        (plan,) = plans_of(pack).to_dict("records")
        return progress_of(pack, plan)

    return find


def test_missed_so_far_to_come_and_the_present_pace(progress):
    found = progress()
    assert (found.target, found.of, found.missed, found.possible, found.to_come) == (4, 60, 4, 30, 30)
    assert (found.pace_missed, found.pace_possible) == (6, 60)
    # 4 so far, and 6 of 60 of the 30 to come: 3 more.
    assert found.at_pace == 7
    assert (
        target_words(found) == "Miss no more than 4 of the 60 sessions from 2 November to 11 December 2026."
    )
    assert pace_words(found) == "So far it is 4 of 30. At the present pace it would be 7 in all."


@pytest.mark.parametrize(
    ("days", "at_pace"), [(["2026-10-05"], 1), (["2026-10-05", "2026-10-06", "2026-10-07"], 3)]
)
def test_half_a_session_is_rounded_up(progress, days, at_pace):
    """One day is 2 of 60: of 30 to come 1. Three days are 6: of 30 to come 3."""
    assert progress({"0001": {"I": days}}).at_pace == at_pace


def test_of_25_sessions_to_come_2_in_60_are_less_than_one_and_3_half_days_are_more(progress):
    # From 2 November to Tuesday 8 December: 24 sessions to come; 2 of 60 are 0.8, rounded 1.
    found = progress({"0001": {"I": ["2026-10-05"]}}, target_to="2026-12-08")
    assert (found.to_come, found.at_pace) == (24, 1)


def test_a_target_that_has_not_begun_has_only_its_pace(progress):
    found = progress(target_from="2026-11-23", target_to="2026-12-11")
    assert (found.of, found.missed, found.possible, found.to_come, found.at_pace) == (30, 0, 0, 30, 3)
    assert pace_words(found) == "At the present pace it would be 3."


@pytest.mark.parametrize(
    ("target", "finding"), [(4, "met"), (3, "partly met"), (2, "partly met"), (1, "not met")]
)
def test_once_its_days_are_past_the_register_says_what_came_of_it(progress, target, finding):
    """4 missed from 2 to 20 November: met by 4; no more than twice 3 or 2, and more than twice 1."""
    found = progress(target_sessions=target, target_to="2026-11-20")
    assert (found.of, found.missed, found.at_pace, found.finding) == (30, 4, None, finding)
    assert pace_words(found) == "It came to 4 of 30."


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, ""),
        ({"target_sessions": None}, "it says no number of sessions"),
        ({"target_to": None}, "it has no first or no last day"),
        ({"target_from": "2026-12-14"}, "it ends before it begins"),
        ({"target_from": "2026-10-26", "target_to": "2026-10-30"}, "there is no school on any of its days"),
        ({"target_to": "2027-01-15"}, REACHES),
        ({"target_sessions": 60}, "it is 60 of only 60 sessions"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_counted_says_why(progress, changed, problem):
    assert progress(**changed).problem == problem


def test_a_session_closed_to_the_pupil_s_year_group_is_not_counted(progress):
    shut = Closure(date(2026, 12, 1), "exams of others", year_groups=(9,), session="PM")
    found = progress(calendar=SchoolCalendar((Term("202627", "autumn", AUTUMN),), closures=(shut,)))
    assert (found.of, found.to_come) == (59, 29)


def test_the_weeks_of_a_pupil_are_counted_from_the_register(make_pack, plan_log):
    pack = make_pack(AWAY, plans=plan_log(PLAN))
    (plan,) = plans_of(pack).to_dict("records")
    weeks = weeks_of(pack, progress_of(pack, plan), "0001").set_index("week_beginning")
    assert len(weeks) == 10
    assert weeks.loc[pd.Timestamp("2026-11-09"), ["missed", "possible", "of_target"]].tolist() == [
        4,
        10,
        True,
    ]
    assert weeks.loc[pd.Timestamp("2026-10-05"), ["missed", "possible", "of_target"]].tolist() == [
        2,
        10,
        False,
    ]
    assert weeks["missed"].sum() == 6
