"""Dates as exports write them. Day-first and month-first are told apart by a whole column, never row by row."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
# The time of day and the zone of a date are dropped, not applied: midnight in British Summer Time is that day.
CLOCK = r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
ISO = re.compile(rf"{WEEKDAY}(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}}){CLOCK}", re.IGNORECASE)
NAMED = re.compile(
    rf"{WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[-\s]+([a-z]{{3,9}})[-,\s]+(\d{{4}}){CLOCK}", re.IGNORECASE
)
YEAR_NAMED = re.compile(rf"(\d{{4}})-([a-z]{{3,9}})-(\d{{1,2}}){CLOCK}", re.IGNORECASE)
NUMERIC = re.compile(rf"{WEEKDAY}(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){CLOCK}", re.IGNORECASE)


class Order(StrEnum):
    """Whether 03/09/2026 is 3 September or March 9th."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True)
class Dates:
    """The distinct values of a column as dates.

    ``found`` maps each value that is a date; ``order`` is what the column proves (None if it has no such
    date, or cannot tell); ``is_mixed`` if it proves both, ``is_open`` if it has such dates and proves neither.
    """

    found: dict[object, date]
    order: Order | None = None
    is_mixed: bool = False
    is_open: bool = False


def resolve_dates(values: Iterable[object], order: Order | None = None) -> Dates:
    """Return the distinct values of one column as dates.

    Parameters
    ----------
    values : iterable
        Text, dates and date-times as a file holds them.
    order : Order, optional
        The order to assume where the column itself cannot tell.

    Returns
    -------
    Dates
        Values that are no date are left out of ``found``; numeric dates too if the order stays open.

    Examples
    --------
    >>> resolve_dates(["03/09/2026", "14/09/2026"]).found["03/09/2026"]
    datetime.date(2026, 9, 3)
    >>> resolve_dates(["03/09/2026", "04/09/2026"]).is_open
    True
    """
    found: dict[object, date] = {}
    numeric: dict[object, tuple[int, int, int]] = {}
    for value in values:
        match = NUMERIC.fullmatch(value.strip()) if isinstance(value, str) else None
        if match:
            numeric[value] = (int(match[1]), int(match[2]), int(match[3]))
        elif (day := plain_date(value)) is not None:
            found[value] = day
    return _with_numeric(found, numeric, order)


def plain_date(value: object) -> date | None:
    """Return a value as a date if it can be one in only one way.

    Examples
    --------
    >>> plain_date("13 Feb 2026"), plain_date("2001-05-06T00:00:00+01:00"), plain_date("03/09/2026")
    (datetime.date(2026, 2, 13), datetime.date(2001, 5, 6), None)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _written_date(value.strip()) if isinstance(value, str) else None


def _written_date(text: str) -> date | None:
    if match := ISO.fullmatch(text):
        return _calendar_date(match[1], match[2], match[3])
    if match := NAMED.fullmatch(text):
        return _calendar_date(match[3], MONTHS.get(match[2].lower(), 0), match[1])
    if match := YEAR_NAMED.fullmatch(text):
        return _calendar_date(match[1], MONTHS.get(match[2].lower(), 0), match[3])
    return None


def _calendar_date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _with_numeric(
    found: dict[object, date], numeric: dict[object, tuple[int, int, int]], order: Order | None
) -> Dates:
    day_first = {
        value: _calendar_date(year, second, first) for value, (first, second, year) in numeric.items()
    }
    month_first = {
        value: _calendar_date(year, first, second) for value, (first, second, year) in numeric.items()
    }
    shows_day = any(day_first[value] and not month_first[value] for value in numeric)
    shows_month = any(month_first[value] and not day_first[value] for value in numeric)
    # 03/03/2026 is the same day in either order and needs no proof.
    differs = any(day_first[value] != month_first[value] for value in numeric)
    if shows_day and shows_month:
        return Dates(found, is_mixed=True)
    proven = Order.DAY_FIRST if shows_day else Order.MONTH_FIRST if shows_month else None
    if differs and not (proven or order):
        return Dates(found, is_open=True)
    read = month_first if (proven or order) is Order.MONTH_FIRST else day_first
    return Dates(found | {value: day for value, day in read.items() if day}, order=proven)
