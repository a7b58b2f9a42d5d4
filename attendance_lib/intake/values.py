"""How single values are typed: text with its leading zeros, whole numbers, flags, year groups, sessions."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

# Instants that mean days: midnight in Britain, written in the time of another zone, above all in UTC

BRITAIN = ZoneInfo("Europe/London")
# What may follow a date: a time of day and the zone it is in.
CLOCK_AND_ZONE = re.compile(
    r"[T\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]m)?\s*(?:(Z|UTC|GMT)|([+-]\d{2}):?(\d{2}))",
    re.IGNORECASE,
)
NOON = 12


def day_in_britain(day: date, written: str) -> date:
    """Return the day that a date with a time and a zone means.

    Parameters
    ----------
    day : datetime.date
        The day as it is written.
    written : str
        The whole text.

    Returns
    -------
    datetime.date
        The day that begins in Britain at that instant, if one does; else the day as written, above all where the
        time is midnight in its own zone.

    Examples
    --------
    >>> day_in_britain(date(2026, 9, 6), "2026-09-06T23:00:00.000Z"), day_in_britain(date(2026, 9, 7), "2026-09-07T00:00:00Z")
    (datetime.date(2026, 9, 7), datetime.date(2026, 9, 7))
    """
    return _midnight(day, written) or day


def is_midnight_elsewhere(day: date, written: object) -> bool:
    """Whether a text is the midnight in Britain with which a day begins, written as the time of another zone.

    Examples
    --------
    >>> [is_midnight_elsewhere(date(2026, 9, 7), text) for text in ("2026-09-06T23:00:00Z", "2026-09-07T00:00Z")]
    [True, False]
    """
    return isinstance(written, str) and _midnight(day - timedelta(days=1), written) == day


CLOCK_OF_DAY = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


def moment_of(day: date | None, value: object) -> datetime | None:
    """Return the time that a cell holds, of which ``day`` is the day; midnight where it says no time of day.

    Examples
    --------
    >>> moment_of(date(2026, 11, 20), "20/11/2026 08:47"), moment_of(None, "8:47")
    (datetime.datetime(2026, 11, 20, 8, 47), None)
    """
    if day is None:
        return None
    if is_midnight_elsewhere(day, value):
        return datetime.combine(day, time())
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    match = CLOCK_OF_DAY.search(as_text(value))
    clock = time(*(int(part or 0) for part in match.groups())) if match else time()
    return datetime.combine(day, clock)


def _midnight(day: date, written: str) -> date | None:
    """Return the day in Britain that begins at an instant with a zone; None if none does or its own time is midnight."""
    match = CLOCK_AND_ZONE.search(written)
    clock = _clock(match) if match else None
    if clock is None or clock == time():
        return None
    instant = datetime.combine(day, clock, _zone(match)).astimezone(BRITAIN)
    return instant.date() if instant.time() == time() else None


def _clock(match: re.Match[str]) -> time | None:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hour = hour % NOON + (NOON if match[4].lower() == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _zone(match: re.Match[str]) -> timezone:
    if match[5]:
        return UTC
    hours = int(match[6])
    minutes = int(match[7]) if hours >= 0 and match[6][0] == "+" else -int(match[7])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(offset) if abs(offset) < timedelta(days=1) else UTC


# Dates as exports write them. Day-first or month-first is decided by a whole column, never row by row

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
DAY_AND_MONTH = re.compile(
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
    date, or does not decide it); ``is_mixed`` if it proves both, ``is_open`` if it has such dates and proves neither.
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
        The order to assume where the column itself does not decide it.
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
    """Return the date that a workbook's number means, None if it is none from 2000 to 2099.

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
    match = DAY_AND_MONTH.fullmatch(_text(value))
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
        match = DAY_AND_MONTH.fullmatch(str(value).strip())
        day = by_day.get((int(match[2]), _month(match[3]))) if match else None
        if day and (not match[1] or f"{day:%a}".lower() == match[1].lower()):
            found[value] = day
    return found


def _school_year(day: date) -> int:
    return day.year if day.month > LAST_MONTH_OF_SCHOOL_YEAR else day.year - 1


def _month(written: str) -> int:
    return int(written) if written.isdigit() else MONTHS.get(written.lower(), 0)


def _text(value: object) -> str:
    """Return what a text that could be a date gives, nothing for anything else."""
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


def _orders_shown(
    day_first: dict[object, date | None], month_first: dict[object, date | None]
) -> list[Order]:
    """Return the orders of day and month that some text shows: it is a date in that order alone."""
    both = ((Order.DAY_FIRST, day_first, month_first), (Order.MONTH_FIRST, month_first, day_first))
    return [order for order, own, other in both if any(own[text] and not other[text] for text in own)]


def _with_numeric(
    found: dict[object, date], numeric: dict[object, tuple[int, int, int]], order: Order | None
) -> Dates:
    day_first = {
        value: _calendar_date(year, second, first) for value, (first, second, year) in numeric.items()
    }
    month_first = {
        value: _calendar_date(year, first, second) for value, (first, second, year) in numeric.items()
    }
    shown = _orders_shown(day_first, month_first)
    if len(shown) > 1:
        return Dates(found, is_mixed=True)
    proven = next(iter(shown), None)
    taken = proven or order
    # 03/03/2026 is the same day in either order and needs no proof.
    if day_first != month_first and not taken:
        return Dates(found, is_open=True)
    read = month_first if taken is Order.MONTH_FIRST else day_first
    here = {value: day_in_britain(day, _text(value)) for value, day in read.items() if day}
    return Dates(found | here, order=proven)


# Characters that nobody can see, which web pages and spreadsheets leave in cells: taken out of all but free text

# Zero width space, joiners, marks of direction, soft hyphen, word joiner, byte order mark and their like.
UNSEEN = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]"
)
# Of these, what no script needs; the others join letters of some, or turn them.
NEVER_NEEDED = re.compile("[\u00ad\u200b\u2060\ufeff]")


def without_unseen(value: object) -> object:
    r"""Return a value without characters that cannot be seen; only texts can hold any.

    Examples
    --------
    >>> without_unseen("/\u200b"), without_unseen("\ufeff7A"), without_unseen(7.0), len(without_unseen("\u0645\u200c\u0631"))
    ('/', '7A', 7.0, 3)
    """
    if not isinstance(value, str) or value.isascii() or not UNSEEN.search(value):
        return value
    seen = UNSEEN.sub("", value)
    # Blanks that do not break are not ASCII either, and need no joiner.
    return seen if "".join(seen.split()).isascii() else NEVER_NEEDED.sub("", value)


YES = frozenset({"1", "t", "true", "y", "yes"})
NO = frozenset({"0", "f", "false", "n", "no"})
NO_BREAK_SPACE = "\u00a0"
# Fifteen digits are what a spreadsheet's number holds in full; more are no count, amount or minutes.
WHOLE = re.compile(r"-?\d{1,15}(?:\.0+)?")
DECIMAL = re.compile(r"-?\d{1,15}(?:\.\d+)?")
MORNING = frozenset({"am", "a", "morning", "a.m."})
AFTERNOON = frozenset({"pm", "p", "afternoon", "p.m."})


def as_text(value: object) -> str:
    """Return a cell as text without surrounding spaces; a spreadsheet's 3400.0 is 3400.

    Examples
    --------
    >>> as_text(" 003400 "), as_text(3400.0), as_text(None)
    ('003400', '3400', '')
    """
    if isinstance(value, str):
        return value.replace(NO_BREAK_SPACE, " ").strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - only NaN differs from itself


def as_flag(value: object) -> bool | None:
    """Return true or false, None if it is neither.

    Examples
    --------
    >>> as_flag("T"), as_flag(0.0), as_flag("maybe")
    (True, False, None)
    """
    text = as_text(value).lower()
    return True if text in YES else False if text in NO else None


def as_whole(value: object) -> int | None:
    """Return a whole number, None if it is not one.

    Examples
    --------
    >>> as_whole("8.0"), as_whole("8.5"), as_whole("9" * 400)
    (8, None, None)
    """
    text = as_text(value)
    return int(float(text)) if WHOLE.fullmatch(text) else None


def as_number(value: object) -> float | None:
    """Return a number, None if it is not one; a pound sign and thousands' commas are dropped.

    Examples
    --------
    >>> as_number("£1,250.50")
    1250.5
    """
    text = as_text(value).replace("£", "").replace(",", "").strip()
    return float(text) if DECIMAL.fullmatch(text) else None


def as_session(value: object) -> str | None:
    """Return AM or PM, None if it is neither.

    Examples
    --------
    >>> as_session("am"), as_session("Afternoon"), as_session("1")
    ('AM', 'PM', None)
    """
    text = as_text(value).lower()
    return "AM" if text in MORNING else "PM" if text in AFTERNOON else None
