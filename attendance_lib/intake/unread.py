"""The sheets of a file that were not read, so that none is passed over without a word."""

import numpy as np

from attendance_lib.intake.export import Export, Sheet
from attendance_lib.intake.ledger import Finding, Ledger, Severity

# A list of the codes names either slash once; a register is full of them.
SLASHES, FULL_OF_THEM = ("/", "\\"), 4


def report_unread(export: Export, read: tuple[Sheet, ...], ledger: Ledger) -> None:
    """Write down the sheets or lists of records that hold something and were not read, and how many sheets are hidden.

    Parameters
    ----------
    export : Export
        A file of marks.
    read : tuple of Sheet
        Those of its sheets whose layout was recognised.
    ledger : Ledger
        Where it is written. Sheets are told by number, for a name may be a pupil's.
    """
    others = [
        (number, sheet)
        for number, sheet in enumerate(export.sheets, 1)
        if sheet.cells.size and not any(sheet is each for each in read)
    ]
    if others:
        numbers = ", ".join(str(number) for number, _ in others)
        holds_marks = any(holds_register(sheet) for _, sheet in others)
        severity = Severity.MUST if holds_marks else Severity.SHOULD
        what = (
            "has another layout than the others or none"
            if len(others) == 1
            else "have another layout or none"
        )
        which = "sheet" if export.is_spreadsheet else "list of records"
        message = (
            f"{which} {numbers} of the file {what} and was not read. Correct its headings, or put it in a file of its own, "
            "if it holds marks."
        )
        ledger.find(Finding("sheets_not_read", severity, message, export.label, count=len(others)))
    hidden = export.hidden_sheets
    if hidden:
        noun = "sheet is hidden and was" if hidden == 1 else "sheets are hidden and were"
        message = f"{hidden} {noun} not read. Name the sheet in the school file as sheet, or show it, if it holds marks."
        ledger.find(Finding("hidden_sheets", Severity.SHOULD, message, export.label, count=hidden))


def holds_register(sheet: Sheet) -> bool:
    """Whether the first rows of a sheet are full of marks of presence."""
    return int(np.isin(sheet.sample, SLASHES).sum()) > FULL_OF_THEM
