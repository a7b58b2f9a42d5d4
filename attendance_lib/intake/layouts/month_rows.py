"""Headings over several rows: the month above, the day of the month below it, AM and PM below that."""

import re
from collections.abc import Sequence

import numpy as np

from attendance_lib.intake.dates import MONTHS
from attendance_lib.intake.unseen import without_unseen
from attendance_lib.intake.values import as_text

WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
MONTH = re.compile(r"([a-z]{3,9})[-,/.\s]*(\d{4}|\d\d)?", re.IGNORECASE)
DAY = re.compile(rf"({WEEKDAY}\.?,?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+{WEEKDAY})?", re.IGNORECASE)
LONGEST, LAST_DAY = 20, 31
# Fewer days in a row could be anything.
FEWEST_DAYS = 2


def with_months(rows: np.ndarray) -> np.ndarray:
    """Return the first rows of a sheet with whole dates where days of the month stand below their month.

    Parameters
    ----------
    rows : numpy.ndarray
        Cells (object), shape (rows, columns).

    Returns
    -------
    numpy.ndarray
        The same rows if there is no such pair; else a copy in which the row of days has dates and that of months is empty
        where the months stood.
    """
    for number in range(len(rows) - 1):
        months = months_of(rows[number])
        days = days_of(rows[number + 1]) if any(months) else ()
        if sum(bool(day and month) for day, month in zip(days, months, strict=False)) >= FEWEST_DAYS:
            return _joined(rows, number, months, list(days))
    return rows


def months_of(row: Sequence[object]) -> list[str]:
    """Return the month above each column: one holds for the blank cells after it, as a merged cell leaves them.

    Examples
    --------
    >>> months_of(["Adno", "September 2026", "", "Oct-26"])
    ['', 'September 2026', 'September 2026', 'Oct 26']
    """
    found, month = [], ""
    for cell in row:
        text = _short(cell)
        match = MONTH.fullmatch(text)
        is_month = bool(match) and match[1].lower() in MONTHS
        month = " ".join(filter(None, match.groups())) if is_month else "" if text else month
        found.append(month)
    return found


def days_of(row: Sequence[object]) -> list[str]:
    """Return the day of the month in each cell, with its weekday if one stands before it; empty where there is none.

    Examples
    --------
    >>> days_of(["Mon 7", 8.0, "9th", "32", "AM"])
    ['Mon 7', '8', '9', '', '']
    """
    matches = (DAY.fullmatch(_short(cell)) for cell in row)
    return [
        f"{match[1] or ''}{match[2]}" if match and 1 <= int(match[2]) <= LAST_DAY else "" for match in matches
    ]


def has_bare_days(row: Sequence[object]) -> bool:
    """Whether a row names weekdays with days of the month, which without a month are no dates.

    Examples
    --------
    >>> has_bare_days(["", "Mon 7", "", "Tue 8"]), has_bare_days(["7", "8"])
    (True, False)
    """
    return sum(not day.isdigit() for day in days_of(row) if day) >= FEWEST_DAYS


def _joined(rows: np.ndarray, number: int, months: list[str], days: list[str]) -> np.ndarray:
    joined = rows.copy()
    for column, (day, month) in enumerate(zip(days, months, strict=True)):
        if month:
            joined[number, column] = ""
        if month and day:
            joined[number + 1, column] = f"{day} {month}"
    return joined


def _short(cell: object) -> str:
    text = as_text(without_unseen(cell))
    return text if len(text) <= LONGEST else "?"
