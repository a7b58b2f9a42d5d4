"""A printed register: title rows, one row a pupil, one column a session under its date, totals around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.declared import PUPIL_ID, Table
from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.headings import find_columns
from attendance_lib.intake.layouts.reading import Layout, RawMarks, Reading, no_marks, without_empty_rows
from attendance_lib.intake.ledger import Finding, Repair, Severity
from attendance_lib.intake.privacy import for_message
from attendance_lib.intake.register_codes import read_code
from attendance_lib.intake.sheet import OpenedFile, Sheet
from attendance_lib.intake.values import (
    MONTHS,
    Order,
    as_session,
    as_text,
    complete_years,
    is_without_year,
    resolve_dates,
    serial_date,
    without_unseen,
)

# Headings over several rows: the month above, the day of the month below it, AM and PM below that

WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
MONTH = re.compile(r"([a-z]{3,9})[-,/.\s]*(\d{4}|\d\d)?", re.IGNORECASE)
DAY = re.compile(rf"({WEEKDAY}\.?,?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+{WEEKDAY})?", re.IGNORECASE)
LONGEST, LAST_DAY = 20, 31
# Fewer days in a row could be anything.
FEWEST_DAYS = 2


def with_months(rows: np.ndarray) -> np.ndarray:
    """Return the first rows of a sheet with whole dates where days of the month are below their month.

    Parameters
    ----------
    rows : numpy.ndarray
        Cells (object), shape (rows, columns).

    Returns
    -------
    numpy.ndarray
        The same rows if there is no such pair; else a copy in which the row of days has dates and that of months is empty
        where the months were.

    Examples
    --------
    >>> with_months(np.array([["", "September 2026", ""], ["Adno", "7", "8"]], dtype=object)).tolist()
    [['', '', ''], ['Adno', '7 September 2026', '8 September 2026']]
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
    """Return the day of the month in each cell, with its weekday if one comes before it; empty where there is none.

    Examples
    --------
    >>> days_of(["Mon 7", 8.0, "9th", "32", "AM"])
    ['Mon 7', '8', '9', '', '']
    """
    return [_day_in(cell) for cell in row]


def _day_in(cell: object) -> str:
    match = DAY.fullmatch(_short(cell))
    return f"{match[1] or ''}{match[2]}" if match and 1 <= int(match[2]) <= LAST_DAY else ""


def bare_days(row: Sequence[object]) -> str:
    """Return what to do where a row names weekdays with days of the month, which without a month are no dates.

    Examples
    --------
    >>> bare_days(["", "Mon 7", "", "Tue 8"]).partition(".")[0], bare_days(["7", "8"])
    ('there are days of the month without month and year', '')
    """
    if sum(not day.isdigit() for day in days_of(row) if day) < FEWEST_DAYS:
        return ""
    return "there are days of the month without month and year. Export whole dates in the headings, or the month in the row above."


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


PUPIL_COLUMN = Table("register grid", ("pupil_id",), (PUPIL_ID,))
DATE_AND_SESSION = re.compile(r"(.*?(?:\d|[a-z](?=\s)))\s*[-(]?\s*(am|pm)\s*\)?", re.IGNORECASE)
TOTALS = re.compile(
    r"(grand\s+)?(sub)?(total|average|mean|present|absent|possible|percent|%|count|marks|pupils|printed|key)\b.*",
    re.IGNORECASE,
)
LONGEST_HEADING = 80


@dataclass(frozen=True)
class Columns:
    """Where a grid's columns are: the row of dates, the first row of pupils, and date and session by position.

    ``undated`` are the positions of columns with AM or PM and no date that can be read.
    """

    header: int
    body: int
    pupil: int
    dates: dict[int, object]
    sessions: dict[int, str]
    undated: tuple[int, ...] = ()


def recognises(sheet: Sheet, export: OpenedFile) -> bool:
    """Return whether there is a row of dates above rows of pupils.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = [["Adno", "2026-09-07", ""], ["", "AM", "PM"], ["003400", "/", "L"]]
    >>> sheets = [Sheet("register.xlsx", "", np.array(each, dtype=object)) for each in (rows, rows[1:])]
    >>> [recognises(sheet, SimpleNamespace(columns={})) for sheet in sheets]  # the second has no date
    [True, False]
    """
    return find_grid(sheet, export) is not None


def read(reading: Reading) -> RawMarks:
    """Return the marks of a register grid, one entry a pupil and session; rows and columns of totals are left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.intake.ledger import Ledger
    >>> rows = [["Adno", "2026-09-07", ""], ["", "AM", "PM"], ["003400", "/", "L"], ["Total", "1", "1"]]
    >>> sheet = Sheet("register.xlsx", "", np.array(rows, dtype=object))
    >>> marks = read(Reading(SimpleNamespace(columns={}, date_order=""), sheet, Ledger()))
    >>> columns = [each.cells() for each in (marks.day, marks.session, marks.code)]
    >>> [f"{day} {session} {code}" for day, session, code in zip(*columns, strict=True)]
    ['2026-09-07 AM /', '2026-09-07 PM L']
    """
    grid = find_grid(reading.sheet, reading.export)
    if grid is None or not _has_sessions(reading, grid):
        return no_marks()
    days = _days_of(reading, grid)
    body = reading.sheet.cells[grid.body :]
    pupils = reading.seen(Encoded.of(body[:, grid.pupil]), "pupil_id").map(as_text)
    is_total = pupils.holds(np.array([bool(TOTALS.fullmatch(name)) for name in pupils.values], dtype=bool))
    is_pupil = (
        without_empty_rows(body[:, sorted(grid.dates)]) & ~is_total | (pupils.cells() != "") & ~is_total
    )
    _report_left_out(reading, grid, (body, is_pupil, is_total))
    cells = body[is_pupil][:, list(grid.sessions)]
    height, width = cells.shape
    sessions = Encoded.of(np.array(list(grid.sessions.values()), dtype=object))
    pupils = pupils.where(is_pupil)
    return RawMarks(
        pupil=Encoded(pupils.values, np.repeat(pupils.places, width)),
        day=Encoded(days.values, np.tile(days.places, height)),
        session=Encoded(sessions.values, np.tile(sessions.places, height)),
        code=reading.seen(Encoded.of(cells.ravel()), "code"),
        rows=np.repeat(np.flatnonzero(is_pupil) + grid.body + 1, width),
    )


def _report_left_out(
    reading: Reading, grid: Columns, rows: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    """Write down rows of totals, and codes in columns without a date, which count as marks left out."""
    body, is_pupil, is_total = rows
    message = "rows of totals below the pupils were passed over"
    reading.ledger.repair(Repair("rows_of_totals", reading.sheet.label, int(is_total.sum()), message))
    codes = Encoded.of(body[is_pupil][:, list(grid.undated)].ravel())
    count = int(
        codes.holds(np.array([read_code(code).letter != "" for code in codes.values], dtype=bool)).sum()
    )
    if count:
        reading.ledger.rows_read += count
        heading = for_message(reading.sheet.cells[grid.header, grid.undated[0]])
        columns = counted(len(grid.undated), "column")
        message = (
            f"{counted(count, 'mark stands', 'marks stand')} in {columns} of AM or PM without a date that can be read, "
            f"the first {heading}, and {in_number(count, 'is', 'are')} left out. Correct the dates in the headings."
        )
        where = (reading.sheet.label, "date", count, grid.header + 1)
        reading.ledger.drop(Finding("unreadable_date", Severity.MUST, message, *where))


def find_grid(sheet: Sheet, export: OpenedFile) -> Columns | None:
    """Find the row with the most dates and the column of the pupils, None if there are none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = [["Adno", "2026-09-07", ""], ["", "AM", "PM"], ["003400", "/", "L"]]
    >>> sheet = Sheet("register.xlsx", "", np.array(rows, dtype=object))
    >>> grid = find_grid(sheet, SimpleNamespace(columns={}))
    >>> grid.header, grid.body, grid.pupil, grid.sessions
    (0, 2, 0, {1: 'AM', 2: 'PM'})
    """
    sample = with_months(sheet.sample)
    dates_of = [_dates_in(row, sheet.day_zero) for row in sample]
    if not any(dates_of):
        return None
    header = int(np.argmax([len(dates) for dates in dates_of]))
    dates = dates_of[header]
    for number in (header, header + 1, header - 1):
        if not 0 <= number < len(sample) or (number < header and _names_columns(sample[number], dates)):
            continue
        pupil = find_columns(sample[number], PUPIL_COLUMN, export.columns).positions.get("pupil_id")
        if pupil is not None and pupil not in dates:
            return _columns(sample, header, pupil, dates)
    return None


def _names_columns(row: Sequence[object], dates: dict[int, object]) -> bool:
    """Whether a row has headings over dates, so that these are values of a column and no headings themselves."""
    return any(as_text(row[position]) != "" and as_session(row[position]) is None for position in dates)


def _dates_in(row: Sequence[object], day_zero: date | None) -> dict[int, object]:
    """Return the dates among headings, by position, without the session that may follow them."""
    bare = {position: _without_session(without_unseen(heading)) for position, heading in enumerate(row)}
    is_date = (
        resolve_dates(bare.values(), Order.DAY_FIRST).found.keys()
        | resolve_dates(bare.values(), Order.MONTH_FIRST).found.keys()
        | {heading for heading in bare.values() if is_without_year(heading) or serial_date(heading, day_zero)}
    )
    return {position: heading for position, heading in bare.items() if heading in is_date}


def _without_session(heading: object) -> object:
    match = _dated(heading)
    return match[1] if match else heading


def _dated(heading: object) -> re.Match[str] | None:
    """Match a heading that ends in AM or PM; longer text is none, and matching it could take hours."""
    is_short = isinstance(heading, str) and len(heading) <= LONGEST_HEADING
    return DATE_AND_SESSION.fullmatch(heading.strip()) if is_short else None


def _columns(sample: np.ndarray, header: int, pupil: int, dates: dict[int, object]) -> Columns:
    """Read date and session of each column; a date holds for the columns after it that have a session and no heading."""
    dates, above = dict(dates), None
    second = next((row for row in (header + 1, header - 1) if _is_sessions(sample, row)), header)
    beside = sample[second] if second != header else [""] * len(sample[header])
    sessions: dict[int, str] = {}
    undated: list[int] = []
    for position, (heading, below) in enumerate(zip(sample[header], beside, strict=True)):
        above = dates.get(position, above if as_text(heading) == "" else None)
        session = _session_of(heading, below)
        if above is not None and session:
            dates[position], sessions[position] = above, session
        elif session and not TOTALS.fullmatch(as_text(heading)):
            undated.append(position)
    return Columns(header, max(header, second) + 1, pupil, dates, sessions, tuple(undated))


def _is_sessions(sample: np.ndarray, row: int) -> bool:
    return (
        0 <= row < len(sample)
        and sum(
            as_session(without_unseen(cell)) is not None and len(as_text(cell)) > 1 for cell in sample[row]
        )
        > 1
    )


def _session_of(heading: object, below: object) -> str | None:
    match = _dated(without_unseen(heading))
    return match[2].upper() if match else as_session(without_unseen(below))


def _has_sessions(reading: Reading, grid: Columns) -> bool:
    bare = [position for position in grid.dates if position not in grid.sessions]
    if bare:
        reading.refuse(
            f"{len(bare)} of {counted(len(grid.dates), 'column')} of marks {in_number(len(bare), 'has', 'have')} a date but "
            "neither AM nor PM. Export AM and PM in the headings or in the row below them.",
            row=grid.header + 1,
        )
    return not bare


def _days_of(reading: Reading, grid: Columns) -> Encoded:
    headings = Encoded.of(
        np.array([None, *(grid.dates[position] for position in grid.sessions)], dtype=object)[1:]
    )
    days = (
        _days_without_year(reading, headings, grid)
        if any(map(is_without_year, headings.values))
        else reading.days(headings, "dates in the headings")
    )
    twice = {(day, session) for day, session in zip(days.cells(), grid.sessions.values(), strict=True)}
    if len(twice) < len(grid.sessions):
        _report_repeats(reading, len(grid.sessions) - len(twice))
    return days


def _days_without_year(reading: Reading, headings: Encoded, grid: Columns) -> Encoded:
    """Read headings such as Mon 14 Sep by the school's calendar; refuse them if it leaves the year open."""
    found = complete_years(headings.values, reading.school_days)
    if found is None:
        reading.refuse(
            "the dates in the headings have no year, and they are school days of no school year of the calendar, or of "
            "several. Export dates with the year, or check the terms in the school file.",
            row=grid.header + 1,
        )
        return headings.map(lambda _: None)
    message = "headings without a year were given the year in which all of them are school days"
    reading.ledger.repair(Repair("years_by_calendar", reading.sheet.label, len(found), message))
    return headings.map(lambda heading: found.get(heading))


def _report_repeats(reading: Reading, count: int) -> None:
    reading.ledger.find(
        Finding(
            "repeated_column",
            Severity.SHOULD,
            f"{counted(count, 'session stands', 'sessions stand')} in more than one column.",
            reading.sheet.label,
            count=count,
        )
    )


GRID_XLSX = Layout("grid_xlsx", PUPIL_COLUMN, recognises=recognises, read=read, near_miss=bare_days)
