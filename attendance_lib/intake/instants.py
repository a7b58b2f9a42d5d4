"""Instants that stand for days: midnight in Britain, written in the time of another zone, above all in UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

BRITAIN = ZoneInfo("Europe/London")
# What may follow a date: a time of day and the zone it is in.
CLOCK_AND_ZONE = re.compile(
    r"[T\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]m)?\s*(?:(Z|UTC|GMT)|([+-]\d{2}):?(\d{2}))",
    re.IGNORECASE,
)
NOON = 12


def day_in_britain(day: date, written: str) -> date:
    """Return the day that a date with a time and a zone stands for.

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
