"""One row a pupil and week, with a column for each half day (``MonAM`` to ``FriPM``), as Bromcom exports it."""

import re
from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from attendance_lib.errors import counted
from attendance_lib.intake.declared import DATE, MARKED_PUPIL, Column, Table
from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.headings import find_columns, plain
from attendance_lib.intake.layouts.reading import (
    TITLE_ROWS,
    Layout,
    RawMarks,
    Reading,
    no_marks,
    without_empty_rows,
)
from attendance_lib.intake.sheet import OpenedFile, Sheet
from attendance_lib.intake.values import as_text

HALF_DAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*?(am|pm)")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WEEKLY = Table(
    "weekly marks",
    ("pupil_id", "week_beginning"),
    (
        MARKED_PUPIL,
        Column(
            "week_beginning", DATE, "Monday of the week", is_required=True,
            also_called=("CalendarStartDate", "Week commencing", "Week start", "Week", "Start date", "Date"),
        ),
    ),
)  # fmt: skip


def recognises(sheet: Sheet, export: OpenedFile) -> bool:
    """Return whether one of the first rows names half days of the week.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> names = ["UPN", "Week commencing", "MonAM", "MonPM", "TueAM", "TuePM"]
    >>> recognises(Sheet("week.csv", "", np.array([names], dtype=object)), SimpleNamespace(columns={}))
    True
    """
    return _header_row(sheet, export) is not None


def read(reading: Reading) -> RawMarks:
    """Return the marks of a weekly sheet, one entry a pupil and half day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.intake.ledger import Ledger
    >>> rows = [["UPN", "Week commencing", "MonAM", "TuePM"], ["12", "2026-11-09", "/", "N"]]
    >>> sheet = Sheet("week.csv", "", np.array(rows, dtype=object))
    >>> marks = read(Reading(SimpleNamespace(columns={}, date_order=""), sheet, Ledger()))
    >>> columns = [each.cells() for each in (marks.day, marks.session, marks.code)]
    >>> [f"{day} {session} {code}" for day, session, code in zip(*columns, strict=True)]
    ['2026-11-09 AM /', '2026-11-10 PM N']
    """
    header = _header_row(reading.sheet, reading.export) or 0
    row = reading.sheet.cells[header]
    positions = find_columns(row, WEEKLY, reading.export.columns).positions
    if "week_beginning" not in positions:
        reading.refuse(
            "there is no column with the first day of the week. Export it too, or map it in the school file: "
            'columns: {week_beginning: "..."}.',
            row=header + 1,
        )
        return no_marks()
    body = reading.sheet.cells[header + 1 :]
    filled = without_empty_rows(body)
    mondays = _mondays(
        reading,
        reading.seen(Encoded.of(body[filled, positions["week_beginning"]]), "week_beginning"),
        str(as_text(row[positions["week_beginning"]])),
    )
    half_days = find_half_days(row)
    marks = reading.seen(Encoded.of(body[np.ix_(filled, list(half_days))].ravel()), "code")
    pupils = reading.seen(Encoded.of(body[filled, positions["pupil_id"]]), "pupil_id").map(as_text)
    rows = np.flatnonzero(filled) + header + 2
    return _unpivoted(RawMarks(pupils, mondays, mondays, marks, rows), list(half_days.values()))


def _header_row(sheet: Sheet, export: OpenedFile) -> int | None:
    """Return the first row with a pupil's identifier and two or more half days, None if there is none."""
    for number, row in enumerate(sheet.cells[:TITLE_ROWS]):
        if len(find_half_days(row)) > 1 and "pupil_id" in find_columns(row, WEEKLY, export.columns).positions:
            return number
    return None


def find_half_days(row: Sequence[object]) -> dict[int, tuple[int, str]]:
    """Return the half days that headings name, by position: days after Monday and session.

    Examples
    --------
    >>> find_half_days(["StudentId", "MonAM", "Friday PM"])
    {1: (0, 'AM'), 2: (4, 'PM')}
    """
    matches = {position: HALF_DAY.fullmatch(plain(heading)) for position, heading in enumerate(row)}
    return {
        position: (WEEKDAYS.index(match[1]), match[2].upper()) for position, match in matches.items() if match
    }


def _mondays(reading: Reading, weeks: Encoded, heading: str) -> Encoded:
    mondays = reading.days(weeks, heading)
    wrong = sorted(day for day in mondays.values if day is not None and day.weekday())
    if wrong:
        reading.refuse(
            f"{wrong[0]} is a {wrong[0]:%A}, but a week here begins on a Monday ({counted(len(wrong), 'such date')}). "
            "Export whole weeks from Monday.",
            heading,
        )
    return mondays


def _unpivoted(weekly: RawMarks, half_days: list[tuple[int, str]]) -> RawMarks:
    """Turn one entry a week (its marks in ``code`` row by row) into one entry a half day."""
    width, weeks = len(half_days), len(weekly.day)
    days = [
        None if monday is None else monday + timedelta(days=after)
        for monday in weekly.day.values
        for after, _ in half_days
    ]
    day_values = np.empty(len(days), dtype=object)
    day_values[:] = days
    places = (weekly.day.places[:, None].astype(np.int64) * width + np.arange(width)).ravel()
    sessions = Encoded.of(np.array([session for _, session in half_days], dtype=object))
    return RawMarks(
        pupil=Encoded(weekly.pupil.values, np.repeat(weekly.pupil.places, width)),
        day=Encoded(day_values, places),
        session=Encoded(sessions.values, np.tile(sessions.places, weeks)),
        code=weekly.code,
        rows=np.repeat(weekly.rows, width),
    )


WEEKLY_WIDE = Layout(
    "weekly_wide",
    WEEKLY,
    recognises=recognises,
    read=read,
    headed={"pupil_id": "pupil_id", "date": "week_beginning"},
)
