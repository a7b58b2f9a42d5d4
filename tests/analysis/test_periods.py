"""Which sessions each span of a paper holds."""

from datetime import date

import pytest

from attendance_lib.analysis.periods import Periods


def span(register):
    return (
        (register.first_date.isoformat(), register.last_date.isoformat()) if len(register.sessions) else None
    )


@pytest.fixture(scope="module")
def periods(make_register):
    """The two weeks from 2 November 2026, the first of the second half term."""
    return Periods(make_register({}, first="2025-09-08"), date(2026, 11, 2), date(2026, 11, 13))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("current", ("2026-11-02", "2026-11-13")),
        ("year_to_date", ("2026-09-07", "2026-11-13")),
        ("year_to_previous", ("2026-09-07", "2026-10-23")),
        # Two school weeks before, over the half-term holiday.
        ("previous", ("2026-10-12", "2026-10-23")),
        # The first two weeks of the same half term.
        ("last_year", ("2025-11-03", "2025-11-14")),
        ("last_year_to_date", ("2025-09-08", "2025-11-14")),
    ],
)
def test_each_span_holds_its_own_sessions(periods, name, expected):
    assert span(getattr(periods, name)) == expected


def test_the_day_before_the_period_may_lie_in_last_school_year(make_register):
    first_weeks = Periods(make_register({}, first="2025-09-08"), date(2026, 9, 7), date(2026, 9, 18))
    assert first_weeks.previous_end == date(2025, 12, 19)
    assert span(first_weeks.previous) == ("2025-12-08", "2025-12-19")
    assert span(first_weeks.year_to_previous) is None


def test_a_period_of_part_of_a_week_is_compared_with_the_same_weekdays_last_year(make_register):
    thursday_on = Periods(make_register({}, first="2025-09-08"), date(2026, 11, 5), date(2026, 11, 10))
    days = thursday_on.last_year.sessions["date"].dt.date.unique().tolist()
    assert [day.isoformat() for day in days] == ["2025-11-06", "2025-11-07", "2025-11-10", "2025-11-11"]


def test_without_last_years_marks_there_is_no_last_year(make_register):
    alone = Periods(make_register({}), date(2026, 11, 2), date(2026, 11, 13))
    assert span(alone.last_year) is None
    assert span(alone.last_year_to_date) is None
