"""The days of the spans in which notices are counted: each day of the school year in one of them, holidays too."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.papers.governors.casework_tables import spans_of_days

YEAR = SimpleNamespace(first_date=date(2026, 9, 7), last_date=date(2026, 11, 27))


def spans(sessions, last=None):
    earlier = SimpleNamespace(sessions=[0] * sessions, last_date=last)
    found = spans_of_days(SimpleNamespace(year_to_date=YEAR, year_to_previous=earlier))
    return {name: tuple(day.date() for day in days) for name, days in found.items()}


def test_the_days_of_half_term_belong_to_the_half_term_after_it():
    """School to 23 October and from 2 November: a notice of 28 October is of the second half term."""
    assert spans(70, date(2026, 10, 23)) == {
        "period": (date(2026, 10, 24), date(2026, 11, 27)),
        "earlier": (date(2026, 9, 7), date(2026, 10, 23)),
        "year": (date(2026, 9, 7), date(2026, 11, 27)),
    }


def test_before_the_first_half_term_of_a_year_is_no_day():
    found = spans(0)
    assert found["period"] == found["year"]
    first, last = found["earlier"]
    assert last < first


@pytest.mark.parametrize(("day", "period", "year"), [("2026-10-22", 0, 6), ("2026-11-02", 6, 6)])
def test_a_notice_is_of_the_half_term_in_which_it_was_issued(make_report, day, period, year):
    """Six pupils, one notice each."""
    log = pd.DataFrame(
        {
            "pupil_id": [f"{number:04d}" for number in range(1, 7)],
            "kind": "notice to improve",
            "issued_on": pd.Timestamp(day),
        }
    )
    row = make_report({}, notices=log).row("statutory_action", "kind", "notice to improve")
    assert row[["period_notices", "year_notices"]].tolist() == [period, year]
