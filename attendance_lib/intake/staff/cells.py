"""The cells of a pack's actions as staff type them: text, a status in our words, a date in British form."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from attendance_lib.errors import quoted
from attendance_lib.intake.values import as_text, plain_date

DATE_COLUMNS = ("raised_on", "due_date", "completed_on")
ACTION_STATUSES = ("open", "in progress", "done", "cancelled")
STATUS_WORDS = {
    "not started": "open",
    "ongoing": "in progress",
    "started": "in progress",
    "complete": "done",
    "completed": "done",
    "closed": "done",
    "no longer needed": "cancelled",
}
# Words of logs besides those that staff may type into a workbook.
LOG_STATUS_WORDS = STATUS_WORDS | {
    "dropped": "cancelled",
    "withdrawn": "cancelled",
    "not done": "open",
    "": "open",
}
BRITISH = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})")
FIRST_DATE, LAST_DATE = date(2000, 1, 1), date(2099, 12, 31)
EXCEL_EPOCH = date(1899, 12, 30)
CENTURY = 2000
CELL_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell, and what to do."""

    text: str


def typed_text(value: object) -> str:
    r"""Return a cell as text, its line ends as LF; Excel writes a carriage return as ``_x000D_``.

    Examples
    --------
    >>> typed_text("rang home_x000D_\nno reply")
    'rang home\nno reply'
    """
    return as_text(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")


def logged_status(value: object) -> str:
    """Return a log's status in our words; one that is not known leaves an action open, so that it is looked at.

    Examples
    --------
    >>> logged_status("Completed"), logged_status("dropped"), logged_status(None), logged_status("waiting")
    ('done', 'cancelled', 'open', 'open')
    """
    words = " ".join(as_text(value).casefold().split())
    status = LOG_STATUS_WORDS.get(words, words)
    return status if status in ACTION_STATUSES else ACTION_STATUSES[0]


def typed_date(value: object) -> date | Problem:
    """Return a cell as a date: a real date, Excel's number of one, or British or ISO text.

    Examples
    --------
    >>> typed_date("24/11/2026"), typed_date("24.11.26"), typed_date("2026-11-24"), typed_date(46350.0)
    (datetime.date(2026, 11, 24), datetime.date(2026, 11, 24), datetime.date(2026, 11, 24), datetime.date(2026, 11, 24))
    """
    day = _day(value)
    shown = as_text(value)
    if day is None:
        return Problem(f"{quoted(shown)} is not a date. Type day, month and year, as in 24/11/2026")
    if not FIRST_DATE <= day <= LAST_DATE:
        return Problem(f"{quoted(shown)} is not between 2000 and 2099. Correct the year")
    return day


def _day(value: object) -> date | None:
    if isinstance(value, datetime | date):
        return plain_date(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _numbered_day(value)
    match = BRITISH.fullmatch(as_text(value))
    return _british_day(match) if match else plain_date(as_text(value))


def _numbered_day(number: float) -> date | None:
    limit = (LAST_DATE - EXCEL_EPOCH).days
    return EXCEL_EPOCH + timedelta(days=int(number)) if 0 < number <= limit else None


def _british_day(match: re.Match[str]) -> date | None:
    day, month, year = map(int, match.groups())
    try:
        return date(year if year >= CENTURY or len(match[3]) > 2 else CENTURY + year, month, day)  # noqa: PLR2004
    except ValueError:
        return None
