"""Marks without a place, and rows without a mark too: titles and totals, or lines that another delimiter cuts up."""

import numpy as np

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.delimited import DELIMITERS
from attendance_lib.intake.headings import find_columns
from attendance_lib.intake.layouts.tidy import header_row
from attendance_lib.intake.layouts.weekly_wide import WEEKLY
from attendance_lib.intake.ledger import Finding, Severity
from attendance_lib.intake.plain_words import shown_plainly
from attendance_lib.intake.raw_marks import RawMarks, Reading
from attendance_lib.intake.schema import MARKS
from attendance_lib.intake.values import as_text

# A line of marks has a pupil, a date, a session and a code.
CUT_UP_DELIMITERS = 3
REMEDY = {
    "pupil_id": "Export each mark with its pupil.",
    "date": "Export dates as 2026-11-20.",
    "session": "Export sessions as AM and PM.",
}


def lost_marks(reading: Reading, name: str, rows: np.ndarray) -> Finding:
    """Return the finding about marks that lack a pupil, a date or a session, with what the first has there.

    Parameters
    ----------
    reading : Reading
        The file.
    name : str
        The column of MARKS that cannot be read.
    rows : numpy.ndarray
        The rows of the file in which the marks stand, ascending.
    """
    lack = f"{counted(len(rows), 'mark has', 'marks have')} no {name} that can be read"
    first = found_there(reading, name, int(rows[0]))
    message = f"{lack}{first}, and {in_number(len(rows), 'is', 'are')} left out."
    where = (reading.sheet.label, name, len(rows), int(rows[0]))
    return Finding(f"unreadable_{name}", Severity.MUST, f"{message} {REMEDY[name]}", *where)


def found_there(reading: Reading, name: str, row: int) -> str:
    """Say what a row holds in a column, where headings tell which column that is."""
    weekly_name = "week_beginning" if name == "date" else name
    for table, heading in ((MARKS, name), (WEEKLY, weekly_name)):
        header = header_row(reading.sheet, table, reading.export.columns)
        if header is not None:
            positions = find_columns(reading.sheet.cells[header], table, reading.export.columns).positions
            if heading in positions:
                cell = reading.sheet.cells[row - 1, positions[heading]]
                return f", the first {shown_plainly(cell)}" if as_text(cell) else ", the first cell is empty"
    return ""


def report_placeless(reading: Reading, raw: RawMarks, placeless: np.ndarray) -> None:
    """Write down the rows that hold no mark and lack a pupil, a date or a session; lines cut up count as dropped.

    Parameters
    ----------
    reading : Reading
        The file.
    raw : RawMarks
        What its layout found in it.
    placeless : numpy.ndarray
        Which of these (boolean) hold no mark and have no place.
    """
    is_cut = np.array([is_cut_up(value) for value in raw.pupil.values], dtype=bool)
    cut = placeless & raw.pupil.holds(is_cut)
    rows, cut_rows = np.unique(raw.rows[placeless & ~cut]), np.unique(raw.rows[cut])
    if len(cut_rows):
        reading.ledger.rows_read += len(cut_rows)
        message = (
            f"{counted(len(cut_rows), 'line is', 'lines are')} cut up by another delimiter than the lines before "
            f"and {in_number(len(cut_rows), 'is', 'are')} left out. "
            "Use one delimiter throughout, or keep the two in separate files."
        )
        where = (reading.sheet.label, "", len(cut_rows), int(cut_rows[0]))
        reading.ledger.drop(Finding("cut_up_rows", Severity.MUST, message, *where))
    if len(rows):
        message = (
            f"{counted(len(rows), 'row holds', 'rows hold')} no mark, and not all of pupil, date and session, as titles and "
            f"totals do; {in_number(len(rows), 'it is', 'they are')} passed over. Look at the first."
        )
        where = (reading.sheet.label, "", len(rows), int(rows[0]))
        reading.ledger.find(Finding("rows_without_mark", Severity.SHOULD, message, *where))


def is_cut_up(pupil: str) -> bool:
    """Whether what stands where a pupil should is a whole line under another delimiter.

    Examples
    --------
    >>> is_cut_up("003400;2026-09-14;AM;/"), is_cut_up("Printed on 14 September")
    (True, False)
    """
    return any(pupil.count(delimiter) >= CUT_UP_DELIMITERS for delimiter in DELIMITERS)
