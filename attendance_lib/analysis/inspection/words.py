"""Counts and dates as the detail of a thing to fix says them."""

from datetime import date

import numpy as np

from attendance_lib.analysis.support_text import short_day


def in_sessions(count: int) -> str:
    """Return a number of sessions in words.

    Examples
    --------
    >>> in_sessions(1), in_sessions(12)
    ('1 session', '12 sessions')
    """
    return f"{count:,} session{'s' if count != 1 else ''}"


def in_marks(count: int) -> str:
    """Return a number of marks in words."""
    return f"{count:,} mark{'s' if count != 1 else ''}"


def in_pupils(count: int) -> str:
    """Return a number of pupils in words."""
    return f"{count:,} pupil{'s' if count != 1 else ''}"


def in_days(count: int) -> str:
    """Return a number of school days in words."""
    return f"{count:,} school day{'s' if count != 1 else ''}"


def in_minutes(count: int) -> str:
    """Return a number of minutes in words."""
    return f"{count:,} minute{'s' if count != 1 else ''}"


def in_year(day: date | np.datetime64) -> str:
    """Return a date in words, with its year.

    Examples
    --------
    >>> in_year(np.datetime64("2026-10-05"))
    '5 Oct 2026'
    """
    known = np.datetime64(day, "D").astype(object)
    return f"{short_day(known)} {known.year}"
