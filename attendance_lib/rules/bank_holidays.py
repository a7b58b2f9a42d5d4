"""Bank holidays in England and Wales. Source: gov.uk/bank-holidays; checked against its list for 2019 to 2028."""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

# Proclaimed days, and the days they replaced (gov.uk): VE Day 75, two jubilee days, the State Funeral, the Coronation.
ADDED = {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
MOVED_AWAY = {date(2020, 5, 4), date(2022, 5, 30)}

SATURDAY = 5


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Return the dates of one calendar year's bank holidays in England.

    Examples
    --------
    >>> date(2026, 4, 3) in bank_holidays(2026), date(2026, 12, 28) in bank_holidays(2026)
    (True, True)
    """
    fixed = {in_lieu(date(year, 1, 1), frozenset())}
    christmas = in_lieu(date(year, 12, 25), frozenset({date(year, 12, 26)}))
    fixed |= {christmas, in_lieu(date(year, 12, 26), frozenset({christmas}))}
    moving = {easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)}
    mondays = {first_monday(year, 5), last_monday(year, 5), last_monday(year, 8)}
    return frozenset((fixed | moving | mondays | {day for day in ADDED if day.year == year}) - MOVED_AWAY)


def in_lieu(day: date, taken: frozenset[date]) -> date:
    """Return the weekday on which a holiday is kept: the next one that is not taken if it falls on a weekend.

    Examples
    --------
    >>> in_lieu(date(2021, 12, 25), frozenset({date(2021, 12, 26)}))
    datetime.date(2021, 12, 27)
    """
    if day.weekday() < SATURDAY and day not in taken:
        return day
    while day.weekday() >= SATURDAY or day in taken:
        day += timedelta(days=1)
    return day


def first_monday(year: int, month: int) -> date:
    """Return the first Monday of a month.

    Examples
    --------
    >>> first_monday(2026, 5)
    datetime.date(2026, 5, 4)
    """
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7)


def last_monday(year: int, month: int) -> date:
    """Return the last Monday of a month.

    Examples
    --------
    >>> last_monday(2026, 5), last_monday(2026, 8)
    (datetime.date(2026, 5, 25), datetime.date(2026, 8, 31))
    """
    next_month = date(year + month // 12, month % 12 + 1, 1)
    return next_month - timedelta(days=(next_month.weekday() - 1) % 7 + 1)
