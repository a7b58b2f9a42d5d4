"""Files and sheets that were not read, so that none is passed over without a word."""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.files.delimited import DELIMITERS
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.headings import Headings, find_columns, missing_columns, nearest_heading, plain
from attendance_lib.intake.layouts.reading import TITLE_ROWS, Layout, RawMarks, Reading, header_row
from attendance_lib.intake.ledger import Finding, Ledger, Severity
from attendance_lib.intake.privacy import for_message
from attendance_lib.intake.schema import MARKS
from attendance_lib.intake.sheet import Sheet
from attendance_lib.intake.values import as_text

# Marks without a place, and rows without a mark too: titles and totals, or lines that another delimiter cuts up

# A line of marks has a pupil, a date, a session and a code.
CUT_UP_DELIMITERS = 3
REMEDY = {
    "pupil_id": "Export each mark with its pupil.",
    "date": "Export dates as 2026-11-20.",
    "session": "Export sessions as AM and PM.",
}


def lost_marks(reading: Reading, layout: Layout, name: str, rows: np.ndarray) -> Finding:
    """Return the finding about marks that lack a pupil, a date or a session, with what the first has there.

    Parameters
    ----------
    reading : Reading
        The file.
    layout : Layout
        How it is written.
    name : str
        The column of MARKS that cannot be read.
    rows : numpy.ndarray
        The rows of the marks in the file, ascending.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.intake.layouts.tidy import TIDY
    >>> sheet = Sheet("marks.csv", "", np.array([["pupil_id", "date", "session", "code"], ["12", "soon", "AM", "/"]], dtype=object))
    >>> lost_marks(Reading(SimpleNamespace(columns={}), sheet, Ledger()), TIDY, "date", np.array([2])).message
    "1 mark has no date that can be read, the first 'soon', and is left out. Export dates as 2026-11-20."
    """
    lack = f"{counted(len(rows), 'mark has', 'marks have')} no {name} that can be read"
    first = found_there(reading, layout, name, int(rows[0]))
    message = f"{lack}{first}, and {in_number(len(rows), 'is', 'are')} left out."
    where = (reading.sheet.label, name, len(rows), int(rows[0]))
    return Finding(f"unreadable_{name}", Severity.MUST, f"{message} {REMEDY[name]}", *where)


def found_there(reading: Reading, layout: Layout, name: str, row: int) -> str:
    """Return what a row holds in a column of marks, where that column has a heading.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.intake.layouts.tidy import TIDY
    >>> sheet = Sheet("marks.csv", "", np.array([["pupil_id", "date", "session", "code"], ["Archer", "", "AM", "/"]], dtype=object))
    >>> reading = Reading(SimpleNamespace(columns={}), sheet, Ledger())
    >>> found_there(reading, TIDY, "date", 2), found_there(reading, TIDY, "code", 2)
    (', the first cell is empty', '')
    """
    header = header_row(reading.sheet, layout.table, reading.export.columns)
    if header is None or name not in layout.headed:
        return ""
    positions = find_columns(reading.sheet.cells[header], layout.table, reading.export.columns).positions
    cell = reading.sheet.cells[row - 1, positions[layout.headed[name]]]
    return f", the first {for_message(cell)}" if as_text(cell) else ", the first cell is empty"


def report_incomplete_rows(reading: Reading, raw: RawMarks, incomplete: np.ndarray) -> None:
    """Write down the rows that hold no mark and lack a pupil, a date or a session; lines cut up count as dropped.

    Parameters
    ----------
    reading : Reading
        The file.
    raw : RawMarks
        What its layout found in it.
    incomplete : numpy.ndarray
        Which of these (boolean) hold no mark and have no place.
    """
    is_cut = np.array([is_cut_up(value) for value in raw.pupil.values], dtype=bool)
    cut = incomplete & raw.pupil.holds(is_cut)
    rows, cut_rows = np.unique(raw.rows[incomplete & ~cut]), np.unique(raw.rows[cut])
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
    """Return whether the cell of the pupil is a whole line with another delimiter.

    Examples
    --------
    >>> is_cut_up("003400;2026-09-14;AM;/"), is_cut_up("Printed on 14 September")
    (True, False)
    """
    return any(pupil.count(delimiter) >= CUT_UP_DELIMITERS for delimiter in DELIMITERS)


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


def unknown_layout(export: Export, layouts: Mapping[str, Layout]) -> list[str]:
    """Say why a file is in no layout: headings that the school file maps and it lacks, else what its headings lack.

    Parameters
    ----------
    export : Export
        A file of marks that no layout recognises.
    layouts : mapping of str to Layout
        All that are read, by name.

    Returns
    -------
    list of str
        One line for each reason.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sheet = Sheet("marks", "", np.array([["Admission no", "Mark"]], dtype=object))
    >>> unknown_layout(SimpleNamespace(label="marks", sheets=(sheet,), columns={"pupil_id": "Admission num"}), {})
    ["marks: there is no heading 'Admission num', to which the school file maps 'pupil_id'. Did you mean 'Admission no'?"]
    """
    rows = [
        (f"{sheet.label}, row {number}", row)
        for sheet in export.sheets
        for number, row in enumerate(sheet.cells[:TITLE_ROWS], 1)
    ]
    near_misses = [
        f"{where}: {problem}"
        for where, row in rows
        for layout in layouts.values()
        if (problem := layout.near_miss(row))
    ]
    none = (
        f"{export.label}: this is in none of the layouts we read ({', '.join(layouts)}). "
        "Check that its headings are there, or map them in the school file under columns."
    )
    return (
        _mapped_in_vain(export, [row for _, row in rows])
        or near_misses
        or _nearly_tidy(export, rows)
        or [none]
    )


def _mapped_in_vain(export: Export, rows: list[Sequence[object]]) -> list[str]:
    """Return a line for each heading that the school file maps and none of the first rows has."""
    there = set(map(plain, chain.from_iterable(rows)))
    return [
        f"{export.label}: there is no heading '{heading}', to which the school file maps '{name}'."
        f"{nearest_heading(heading, rows[0])}"
        for name, heading in export.columns.items()
        if rows and plain(heading) not in there
    ]


def _nearly_tidy(export: Export, rows: list[tuple[str, Sequence[object]]]) -> list[str]:
    """Return what is wrong with the row (each with its place) that most nearly heads one mark a row; nothing if none is near."""
    near = [
        [f"{where}: if these are rows of marks, {problem}" for problem in (*found.problems, *missing)]
        for where, row in rows
        if len(missing := _missing(row, found := find_columns(row, MARKS, export.columns))) <= MOST_MISSING
    ]
    return min(near, key=len, default=[])


def _missing(row: Sequence[object], found: Headings) -> list[str]:
    """Return what is missing in a row of headings; a heading that occurs twice is a problem of its own."""
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
        Where it is written. Sheets are named by number, for a name may be a pupil's.
    """
    others = {
        number: sheet
        for number, sheet in enumerate(export.sheets, 1)
        if sheet.cells.size and not any(sheet is each for each in read)
    }
    if others:
        severity = Severity.MUST if any(map(holds_register, others.values())) else Severity.SHOULD
        kind = ("sheet",) if export.is_spreadsheet else ("list of records", "lists of records")
        which = in_number(len(others), ONE_UNREAD, SEVERAL_UNREAD)
        message = f"{in_number(len(others), *kind)} {', '.join(map(str, others))} of the file {which}"
        ledger.find(Finding("sheets_not_read", severity, message, export.label, count=len(others)))
    _report_formulas(export, ledger)
    if hidden := export.hidden_sheets:
        sheets = counted(hidden, "sheet is hidden and was", "sheets are hidden and were")
        message = (
            f"{sheets} not read. Name the sheet in the school file as sheet, or show it, if it holds marks."
        )
        ledger.find(Finding("hidden_sheets", Severity.SHOULD, message, export.label, count=hidden))


def _report_formulas(export: Export, ledger: Ledger) -> None:
    """Write down cells with a formula that no program has worked out, which are read as blank."""
    cells = export.formula_cells
    if cells:
        count = len(cells)
        message = (
            f"{counted(count, 'cell holds', 'cells hold')} a formula and no value (the first is {cells[0]}) and "
            f"{in_number(count, 'is', 'are')} read as blank, for no formula is worked out here. "
            "Open the file in a spreadsheet program, save it, and check again."
        )
        ledger.find(Finding("formulas_without_value", Severity.SHOULD, message, export.label, count=count))


def holds_register(sheet: Sheet) -> bool:
    """Whether the first rows of a sheet are full of marks of presence.

    Examples
    --------
    >>> cells = np.array([["1", "/", "/"], ["2", "/", "I"], ["3", "/", "/"]])
    >>> [holds_register(Sheet("a sheet", "", shown)) for shown in (cells, cells[:1])]
    [True, False]
    """
    return int(np.isin(sheet.sample, SLASHES).sum()) > FULL_OF_THEM
