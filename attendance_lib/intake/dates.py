"""Dates as exports write them. Day-first and month-first are told apart by a whole column, never row by row."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from attendance_lib.intake.instants import day_in_britain

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
# The time of day and the zone of a date are dropped, unless they make it midnight in Britain of another day (``instants``).
CLOCK = r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
ISO = re.compile(rf"{WEEKDAY}(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}}){CLOCK}", re.IGNORECASE)
# Excel shows 14-Sep-26, other systems 14/09/26: registers are of this century, and so are births unless they were to come.
NAMED = re.compile(
    rf"{WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[-\s/.]+([a-z]{{3,9}})[-,\s/.]+((?:\d\d)?\d\d){CLOCK}",
    re.IGNORECASE,
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
CENTURY, YEARS_OF_A_CENTURY = 2000, 100
# Longer text is no date, and looking for one in it could take a pattern hours.
LONGEST = 64
YEAR_NAMED = re.compile(rf"(\d{{4}})-([a-z]{{3,9}})-(\d{{1,2}}){CLOCK}", re.IGNORECASE)
WITHOUT_YEAR = re.compile(
    r"(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[-\s/.]+([a-z]{3,9}|\d{1,2})",
    re.IGNORECASE,
)
# A number in this range, where a date is wanted, is a date that lost its format in a workbook.
# No pupil was born before and no register kept after these; 0001 and 9999 are what systems write for no date.
FIRST_YEAR, LAST_YEAR = 1900, 2199
LAST_MONTH_OF_SCHOOL_YEAR = 8
FIRST_SERIAL_DAY, LAST_SERIAL_DAY = date(2000, 1, 1), date(2099, 12, 31)
NUMERIC = re.compile(rf"{WEEKDAY}(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d\d){CLOCK}", re.IGNORECASE)


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


def resolve_dates(values: Iterable[object], order: Order | None = None, latest: int | None = None) -> Dates:
    """Return the distinct values of one column as dates.

    Parameters
    ----------
    values : iterable
        Text, dates and date-times as a file holds them.
    order : Order, optional
        The order to assume where the column itself cannot tell.
    latest : int, optional
        The latest year that a year of two digits may be; of a later one the century before is meant, as of births.

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
        match = NUMERIC.fullmatch(_text(value))
        if match:
            numeric[value] = (int(match[1]), int(match[2]), _year(match[3], latest))
        elif (day := plain_date(value, latest)) is not None:
            found[value] = day
    return _with_numeric(found, numeric, order)


def plain_date(value: object, latest: int | None = None) -> date | None:
    """Return a value as a date if it can be one in only one way; ``latest`` is as in ``resolve_dates``.

    Examples
    --------
    >>> plain_date("13-Feb-26"), plain_date("2001-05-06T00:00:00+01:00"), plain_date("03/09/2026")
    (datetime.date(2026, 2, 13), datetime.date(2001, 5, 6), None)
    """
    if isinstance(value, date):
        return _calendar_date(value.year, value.month, value.day)
    day = _written_date(_text(value), latest)
    return day and day_in_britain(day, _text(value))


def _year(written: str, latest: int | None) -> int:
    if len(written) > 2:  # noqa: PLR2004 - two digits or four
        return int(written)
    year = CENTURY + int(written)
    return year - YEARS_OF_A_CENTURY if latest is not None and year > latest else year


def serial_date(value: object, day_zero: date | None) -> date | None:
    """Return the date that a workbook's number stands for, None if it stands for none from 2000 to 2099.

    Examples
    --------
    >>> serial_date(46279.0, date(1899, 12, 30)), serial_date(46279.0, None), serial_date(380.0, date(1899, 12, 30))
    (datetime.date(2026, 9, 14), None, None)
    """
    if (
        day_zero is None
        or isinstance(value, bool)
        or not isinstance(value, float | int)
        or value != value // 1
    ):
        return None
    first, last = (FIRST_SERIAL_DAY - day_zero).days, (LAST_SERIAL_DAY - day_zero).days
    return day_zero + timedelta(days=int(value)) if first <= value <= last else None


def is_without_year(value: object) -> bool:
    """Whether a text is a day and a month with no year, such as ``Mon 14 Sep`` or ``14/09``.

    Examples
    --------
    >>> is_without_year("Mon 14 Sep"), is_without_year("14/09"), is_without_year("14/13"), is_without_year("7 C")
    (True, True, False, False)
    """
    match = WITHOUT_YEAR.fullmatch(_text(value))
    return bool(match) and _calendar_date(2000, _month(match[3]), match[2]) is not None


def complete_years(values: Iterable[object], school_days: Collection[date]) -> dict[object, date] | None:
    """Return days and months without a year as dates of the one school year in which all of them are school days.

    Parameters
    ----------
    values : iterable
        Texts for which ``is_without_year`` holds.
    school_days : collection of datetime.date
        The days on which the school is open, over all its terms.

    Returns
    -------
    dict of object to datetime.date, or None
        None if no school year, or more than one, fits all of them: a wrong weekday fits none.

    Examples
    --------
    >>> days = [date(2025, 9, 15), date(2026, 9, 14), date(2026, 9, 15)]
    >>> complete_years(["14 Sep", "15 Sep"], days)["14 Sep"]
    datetime.date(2026, 9, 14)
    >>> complete_years(["15 Sep"], days) is None, complete_years(["Mon 15 Sep"], days)["Mon 15 Sep"]
    (True, datetime.date(2025, 9, 15))
    """
    wanted = list(values)
    fits = [
        found for year in sorted({_school_year(day) for day in school_days})
        if len(found := _in_school_year(wanted, {day for day in school_days if _school_year(day) == year})) == len(set(wanted))
    ]  # fmt: skip
    return fits[0] if len(fits) == 1 else None


def _in_school_year(values: Iterable[object], school_days: Collection[date]) -> dict[object, date]:
    by_day = {(day.day, day.month): day for day in school_days}
    found = {}
    for value in values:
        match = WITHOUT_YEAR.fullmatch(str(value).strip())
        day = by_day.get((int(match[2]), _month(match[3]))) if match else None
        if day and (not match[1] or f"{day:%a}".lower() == match[1].lower()):
            found[value] = day
    return found


def _school_year(day: date) -> int:
    return day.year if day.month > LAST_MONTH_OF_SCHOOL_YEAR else day.year - 1


def _month(written: str) -> int:
    return int(written) if written.isdigit() else MONTHS.get(written.lower(), 0)


def _text(value: object) -> str:
    """Return what a text that could be a date says, nothing for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    return text if len(text) <= LONGEST else ""


def _written_date(text: str, latest: int | None) -> date | None:
    if match := ISO.fullmatch(text) or COMPACT.fullmatch(text):
        return _calendar_date(match[1], match[2], match[3])
    if match := NAMED.fullmatch(text):
        return _calendar_date(_year(match[3], latest), MONTHS.get(match[2].lower(), 0), match[1])
    if match := YEAR_NAMED.fullmatch(text):
        return _calendar_date(match[1], MONTHS.get(match[2].lower(), 0), match[3])
    return None


def _calendar_date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        day_found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return day_found if FIRST_YEAR <= day_found.year <= LAST_YEAR else None


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
    here = {value: day_in_britain(day, _text(value)) for value, day in read.items() if day}
    return Dates(found | here, order=proven)
