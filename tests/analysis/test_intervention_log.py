"""Interventions: what is due and how long they have run, worked out by hand."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.intervention_log import (
    Span,
    count_interventions,
    judge_interventions,
    to_discuss,
)
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

AUTUMN = Term(
    "202627",
    "autumn",
    (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18))),
)
SPAN = Span(
    SchoolCalendar((AUTUMN,)), date(2026, 11, 9), date(2026, 11, 20)
)  # the next two school weeks end on 4 December


def log(*rows):
    base = {
        "pupil_id": "0001",
        "intervention": "Mentor",
        "tier": "2",
        "start_date": "2026-10-19",
        "lead": "SENCo",
    }
    return pd.DataFrame([base | row for row in rows])


def one(**cells):
    found = judge_interventions(log(cells), SPAN)
    return found.iloc[0] if len(found) else None


@pytest.mark.parametrize(
    ("start", "is_started"), [("2026-11-08", False), ("2026-11-09", True), ("2026-11-20", True)]
)
def test_an_intervention_started_in_the_period(start, is_started):
    assert one(start_date=start)["is_started"] == is_started


def test_an_intervention_that_starts_later_is_not_there_yet():
    assert one(start_date="2026-11-21") is None


@pytest.mark.parametrize(
    ("end", "has_ended", "is_ending", "is_running"),
    [
        (None, False, False, True),
        ("2026-11-08", False, False, False),
        ("2026-11-09", True, True, False),
        ("2026-11-20", True, True, True),
        ("2026-12-04", False, True, True),
        ("2026-12-05", False, False, True),
    ],
)
def test_an_intervention_ends_in_the_period_or_by_the_next(end, has_ended, is_ending, is_running):
    found = one(end_date=end)
    assert (found["has_ended"], found["is_ending"], found["is_running"]) == (has_ended, is_ending, is_running)


@pytest.mark.parametrize(
    ("cells", "is_overdue", "is_due"),
    [
        ({"review_date": "2026-11-19"}, True, False),
        ({"review_date": "2026-11-20"}, False, True),
        ({"review_date": "2026-12-04"}, False, True),
        ({"review_date": "2026-12-07"}, False, False),
        ({"review_date": "2026-11-19", "outcome": "partly met"}, False, False),
        ({"review_date": "2026-11-19", "next_step": "continue"}, False, False),
        ({"review_date": "2026-11-13", "end_date": "2026-11-13"}, False, False),
        ({}, False, False),
    ],
)
def test_a_review_is_due_by_the_next_period_or_overdue(cells, is_overdue, is_due):
    found = one(**cells)
    assert (found["is_review_overdue"], found["is_review_due"]) == (is_overdue, is_due)


@pytest.mark.parametrize(
    ("start", "end", "weeks"),
    [
        ("2026-11-16", None, 1),
        ("2026-11-20", None, 1),
        ("2026-10-19", None, 4),  # the half-term holiday is no school week
        ("2026-10-24", None, 3),
        ("2026-09-07", "2026-09-25", 3),
        ("2026-10-26", "2026-10-30", 0),
        ("2026-08-01", None, 10),
    ],
)
def test_dose_is_counted_in_school_weeks_so_far(start, end, weeks):
    assert one(start_date=start, end_date=end)["weeks_so_far"] == weeks


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"start_date": "2026-10-05"}, False),  # six school weeks
        ({"start_date": "2026-09-28"}, True),  # seven
        ({"start_date": "2026-09-28", "outcome": "partly met"}, False),
        ({"start_date": "2026-09-28", "next_step": "continue"}, False),
        ({"start_date": "2026-09-28", "outcome": " "}, True),
        ({"start_date": "2026-09-07", "end_date": "2026-11-13"}, False),
    ],
)
def test_no_change_is_recorded_after_six_school_weeks_without_a_word(cells, expected):
    assert one(**cells)["has_no_change_recorded"] == expected


def test_why_an_intervention_is_on_the_table_is_told_in_words():
    assert (
        one(start_date="2026-11-09", end_date="2026-12-04", review_date="2026-11-27")["why"]
        == "Started; Ending; Review due"
    )


def test_what_needs_a_word_is_listed_overdue_reviews_first_and_only_for_single_pupils():
    rows = log(
        {"pupil_id": "0001", "start_date": "2026-11-09"},
        {"pupil_id": "0002", "review_date": "2026-11-12"},
        {"pupil_id": "0003", "review_date": "2026-11-10"},
        {"pupil_id": "0004"},
        {"pupil_id": "", "tier": "1", "start_date": "2026-11-09"},
    )
    assert to_discuss(judge_interventions(rows, SPAN))["pupil_id"].tolist() == ["0003", "0002", "0001"]


def test_interventions_are_counted_by_tier_type_and_lead():
    rows = log(
        {"pupil_id": "0001", "start_date": "2026-11-09"},
        {"pupil_id": "0001", "intervention": "Home visit", "end_date": "2026-11-13"},
        {
            "pupil_id": "0002",
            "tier": "3",
            "lead": None,
            "review_date": "2026-11-12",
            "start_date": "2026-09-07",
        },
        {"pupil_id": "0003", "end_date": "2026-10-23"},
        {"pupil_id": None, "tier": "1", "intervention": "Raffle"},
    )
    counts = count_interventions(judge_interventions(rows, SPAN)).set_index(["group", "value"])
    names = ["pupils", "started", "ending", "running", "reviews_overdue"]
    assert counts.loc[("Tier", "2"), names].tolist() == [1, 1, 1, 1, 0]
    assert counts.loc[("Tier", "3"), names].tolist() == [1, 0, 0, 1, 1]
    assert counts.loc[("Tier", "1"), names].tolist() == [0, 0, 0, 1, 0]
    assert counts.loc[("Intervention", "Mentor"), names].tolist() == [2, 1, 0, 2, 1]
    assert counts.loc[("Intervention", "Mentor"), "median_weeks_so_far"] == (2 + 10) / 2
    assert counts.loc[("Lead", "Not recorded"), "pupils"] == 1


def test_past_the_end_of_the_calendar_nothing_lies_ahead():
    span = Span(SchoolCalendar((AUTUMN,)), date(2026, 12, 7), date(2026, 12, 18))
    assert span.ahead == pd.Timestamp("2026-12-18")
