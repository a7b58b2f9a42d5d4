"""When a published count is of, in the coordinates that every published paper of a school has: one day, or a span of days."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from attendance_lib.disclosure.tables import AFTER, TO


def span_of(school_days: Sequence[date], days: Sequence[date]) -> dict[str, str]:
    """Return the coordinates of the span from the first to the last of some days.

    It begins after the school day before its first, or the July before where that is of another school year, and it
    ends on its last. A day with no school day after it in its week stands for the whole week: so spans meet, however
    long the holiday between them, and wherever in their week a half term and a school week end. Both are in order.

    Examples
    --------
    >>> days = [date(2026, 10, 22), date(2026, 10, 23), date(2026, 11, 2), date(2026, 11, 3)]
    >>> span_of(days, days[:2]), span_of(days, days[2:3])
    ({'after': '2026-07-31', 'to': '2026-10-25'}, {'after': '2026-10-25', 'to': '2026-11-02'})
    """
    if not days:
        return {AFTER: date.min.isoformat(), TO: date.min.isoformat()}
    first, last = days[0], days[-1]
    begun = date(first.year - (first.month < YEAR_BEGINS), YEAR_BEGINS, 1) - ONE_DAY
    place = bisect_left(school_days, first)
    before = school_days[place - 1] if place else begun
    after = cut_at(school_days, before) if before > begun else begun
    return {AFTER: after.isoformat(), TO: cut_at(school_days, last).isoformat()}


def cut_at(school_days: Sequence[date], day: date) -> date:
    """Return the last day before the next school day, or before the next week if that comes first.

    Examples
    --------
    >>> days = [date(2026, 10, 22), date(2026, 10, 23), date(2026, 11, 2)]
    >>> [cut_at(days, day).isoformat() for day in days[:2]]
    ['2026-10-22', '2026-10-25']
    """
    sunday, place = day + (SUNDAY - day.weekday()) * ONE_DAY, bisect_right(school_days, day)
    return day if place < len(school_days) and school_days[place] <= sunday else sunday


def days_of(sessions: pd.DataFrame) -> list[date]:
    """Return the school days of some sessions (one row each), in order.

    Examples
    --------
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-09", "2026-11-09", "2026-11-10"])})
    >>> [f"{day}" for day in days_of(sessions)]
    ['2026-11-09', '2026-11-10']
    """
    return [each.date() for each in sessions["date"].drop_duplicates()]


ONE_DAY, SUNDAY = timedelta(days=1), 6
YEAR_BEGINS, JULY = 8, "{}-07-31"  # the school year begins in August


def as_at(day: date) -> dict[str, str]:
    """Return the coordinate of a year to date.

    Examples
    --------
    >>> as_at(date(2026, 10, 23))
    {'as_at': '2026-10-23'}
    """
    return {"as_at": day.isoformat()}
