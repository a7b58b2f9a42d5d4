"""Headline figures by span and by week: of sixty pupils with 40 sessions in the half term and 70 in the one before it."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.papers.governors.spans import known_counts, rounded_parts, week_figures
from tests.papers.governors.conftest import PUPILS

TWO_DAYS = ("I", ["2026-11-02", "2026-11-03"])


@pytest.fixture(scope="module")
def twelve_away(report_of):
    """Twelve of the sixty miss two days of November: 48 sessions."""
    return report_of(dict.fromkeys(PUPILS[:12], TWO_DAYS))


def test_each_span_has_the_rate_of_its_own_sessions(twelve_away):
    """48 of 60 * 40 and of 60 * 110 sessions; nothing in September and October."""
    rates = {
        span: twelve_away.row("spans", "span", span)["attendance_rate"]
        for span in ("half_term", "half_term_before", "year_to_date")
    }
    assert rates == {
        "half_term": 0.98,
        "half_term_before": 1.0,
        "year_to_date": pytest.approx(0.993, abs=5e-4),
    }


def test_persistent_absence_is_of_a_year_to_date_alone(twelve_away):
    """4 of 110 sessions are no tenth, though a half term of 40 would make one."""
    flagged = {
        span: twelve_away.row("spans", "span", span)["persistently_absent_enrolments"]
        for span in ("half_term", "year_to_date")
    }
    assert pd.isna(flagged["half_term"])
    assert flagged["year_to_date"] == 0


def test_a_rate_of_a_week_is_rounded_half_up_in_whole_numbers():
    """Of 200 sessions 1 missed is 99.5 %: 100 whole per cents; 2 are 99.0; 3 are 98.5, again 99."""
    assert rounded_parts(np.array([0, 1, 2, 3, 4]), 200, 100).tolist() == [100, 100, 99, 99, 98]


@pytest.mark.parametrize(
    ("enrolments", "level", "rate"),
    [(49, 5, None), (50, 5, 0.98), (99, 10, None), (100, 10, 0.98), (499, 5, 0.98), (500, 5, 0.975)],
)
def test_a_week_has_no_rate_of_few_pupils_and_tenths_of_a_per_cent_of_many(enrolments, level, rate):
    """5 of 200 sessions missed: 97.5 %, in whole per cents 98."""
    weeks = pd.DataFrame({"absence_sessions": [5], "possible_sessions": [200]})
    (found,) = week_figures(weeks, "", "attendance_rate", enrolments, level)["attendance_rate"]
    assert (None if pd.isna(found) else found) == rate


def test_what_a_rounded_week_tells_is_the_least_and_the_most_that_give_it():
    """98 whole per cents of 200 sessions: 97.5 to below 98.5, so 4 or 5 missed."""
    weeks = pd.DataFrame({"absence_sessions": [5], "possible_sessions": [200]})
    found = week_figures(weeks, "", "attendance_rate", 60, 5)
    assert found[["least_sessions", "most_sessions"]].to_numpy().tolist() == [[4, 5]]


def test_a_time_of_which_nothing_is_held_has_no_count():
    assert known_counts(pd.Series([0, 2])).tolist() == [0, 2]
    assert known_counts(pd.Series([0, 0])).isna().all()
