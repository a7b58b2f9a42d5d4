"""Files and sheets that were not read, so that none is passed over without a word."""

from collections.abc import Sequence

import numpy as np

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.export import Export, Sheet
from attendance_lib.intake.headings import Headings, find_columns, missing_columns, nearest_heading, plain
from attendance_lib.intake.layouts import LAYOUTS
from attendance_lib.intake.layouts.month_rows import has_bare_days
from attendance_lib.intake.layouts.tidy import TITLE_ROWS
from attendance_lib.intake.ledger import Finding, Ledger, Severity
from attendance_lib.intake.schema import MARKS

# A list of the codes names either slash once; a register is full of them.
SLASHES, FULL_OF_THEM = ("/", "\\"), 4
# So many of the four columns of marks make a row of headings.
MOST_MISSING = 2
ONE_UNREAD = (
    "has another layout than the others or none and was not read. Correct its headings, or put it in a file of its own, "
    "if it holds marks."
)
SEVERAL_UNREAD = (
    "have another layout or none and were not read. Correct their headings, or put them in files of their own, "
    "if they hold marks."
)


def unknown_layout(export: Export) -> list[str]:
    """Say why a file is in no layout: headings that the school file maps and it lacks, else what its headings lack.

    Parameters
    ----------
    export : Export
        A file of marks that no layout recognises.

    Returns
    -------
    list of str
        One line for each reason.
    """
    rows = [
        (f"{sheet.label}, row {number}", row)
        for sheet in export.sheets
        for number, row in enumerate(sheet.cells[:TITLE_ROWS], 1)
    ]
    there = {plain(cell) for _, row in rows for cell in row}
    mapped = [
        f"{export.label}: there is no heading '{heading}', to which the school file maps '{name}'."
        f"{nearest_heading(heading, rows[0][1])}"
        for name, heading in export.columns.items()
        if rows and plain(heading) not in there
    ]
    near = [
        [f"{where}: if these are rows of marks, {problem}" for problem in (*found.problems, *missing)]
        for where, row in rows
        if len(missing := _missing(row, found := find_columns(row, MARKS, export.columns))) <= MOST_MISSING
    ]
    bare = [
        f"{where}: there are days of the month without month and year. Export whole dates in the headings, or the month in "
        "the row above."
        for where, row in rows
        if has_bare_days(row)
    ]
    return (
        mapped
        or bare
        or min(near, key=len, default=[])
        or [
            f"{export.label}: this is in none of the layouts we read ({', '.join(LAYOUTS)}). "
            "Check that its headings are there, or map them in the school file under columns."
        ]
    )


def _missing(row: Sequence[object], found: Headings) -> list[str]:
    """Return what is missing in a row of headings; a heading that stands there twice is a problem of its own."""
    lacks = missing_columns(row, MARKS, found)
    return lacks[len(found.problems) :] if found.problems else lacks


def report_unread(export: Export, read: tuple[Sheet, ...], ledger: Ledger) -> None:
    """Write down what was not read: other sheets or lists of records that hold something, hidden sheets, and formulas.

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
        kind = ("sheet",) if export.is_spreadsheet else ("list of records", "lists of records")
        told = in_number(len(others), ONE_UNREAD, SEVERAL_UNREAD)
        message = f"{in_number(len(others), *kind)} {numbers} of the file {told}"
        ledger.find(Finding("sheets_not_read", severity, message, export.label, count=len(others)))
    hidden, formulas = export.hidden_sheets, export.formula_cells
    if formulas:
        message = (
            f"{counted(len(formulas), 'cell holds', 'cells hold')} a formula and no value (the first is {formulas[0]}) and "
            f"{in_number(len(formulas), 'is', 'are')} read as blank, for no formula is worked out here. "
            "Open the file in a spreadsheet program, save it, and check again."
        )
        ledger.find(
            Finding("formulas_without_value", Severity.SHOULD, message, export.label, count=len(formulas))
        )
    if hidden:
        sheets = counted(hidden, "sheet is hidden and was", "sheets are hidden and were")
        message = (
            f"{sheets} not read. Name the sheet in the school file as sheet, or show it, if it holds marks."
        )
        ledger.find(Finding("hidden_sheets", Severity.SHOULD, message, export.label, count=hidden))


def holds_register(sheet: Sheet) -> bool:
    """Whether the first rows of a sheet are full of marks of presence."""
    return int(np.isin(sheet.sample, SLASHES).sum()) > FULL_OF_THEM
