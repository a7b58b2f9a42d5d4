"""Counts and dates as the detail of a thing to fix says them."""

from datetime import date

import numpy as np

from attendance_lib.analysis.support_text import short_day
from attendance_lib.errors import counted


def in_sessions(count: int) -> str:
    """Return a number of sessions in words.

    Examples
    --------
    >>> in_sessions(1), in_sessions(12)
    ('1 session', '12 sessions')
    """
    return counted(count, "session")


def in_marks(count: int) -> str:
    """Return a number of marks in words."""
    return counted(count, "mark")


def in_pupils(count: int) -> str:
    """Return a number of pupils in words."""
    return counted(count, "pupil")


def in_days(count: int) -> str:
    """Return a number of school days in words."""
    return counted(count, "school day")


def in_minutes(count: int) -> str:
    """Return a number of minutes in words."""
    return counted(count, "minute")


def in_year(day: date | np.datetime64) -> str:
    """Return a date in words, with its year.

    Examples
    --------
    >>> in_year(np.datetime64("2026-10-05"))
    '5 Oct 2026'
    """
    known = np.datetime64(day, "D").astype(object)
    return f"{short_day(known)} {known.year}"
