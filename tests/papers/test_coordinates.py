"""Of which days a published count is: spans that meet, whatever holiday lies between, worked by hand on a calendar."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.papers.coordinates import cut_at, days_of, span_of

# 2026: Wednesday 2 September opens the year; half term from Monday 26 October; Friday 6 November is closed.
DAYS = [
    date(2026, 7, 20), date(2026, 7, 21),
    date(2026, 9, 2), date(2026, 9, 3), date(2026, 9, 4),
    date(2026, 10, 22), date(2026, 10, 23),
    date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 5),
    date(2026, 11, 9),
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "cut"),
    [
        (date(2026, 11, 2), date(2026, 11, 2)),  # a school day follows in its week
        (date(2026, 10, 23), date(2026, 10, 25)),  # a Friday: to the Sunday, and not through the holiday
        (date(2026, 11, 5), date(2026, 11, 8)),  # a Thursday before a closure
        (date(2026, 11, 9), date(2026, 11, 15)),  # the calendar's last
    ],
)
def test_a_day_with_no_other_in_its_week_stands_for_the_whole_week(day, cut):
    assert cut_at(DAYS, day) == cut


def test_spans_on_either_side_of_a_holiday_meet():
    before, after = span_of(DAYS, DAYS[5:7]), span_of(DAYS, DAYS[7:8])
    assert before["to"] == after["after"] == "2026-10-25"
    assert after["to"] == "2026-11-02"


def test_a_span_never_begins_before_the_school_year():
    # The school day before 2 September is of last year; August parts the years.
    assert span_of(DAYS, DAYS[2:5]) == {"after": "2026-07-31", "to": "2026-09-06"}
    assert span_of(DAYS[2:], DAYS[2:3])["after"] == "2026-07-31"


def test_no_day_is_a_span_of_its_own():
    assert set(span_of(DAYS, []).values()) == {"0001-01-01"}


def test_the_days_of_sessions_are_each_said_once():
    sessions = pd.DataFrame({"date": pd.to_datetime(["2026-09-02", "2026-09-02", "2026-09-03"])})
    assert days_of(sessions) == DAYS[2:4]
