"""Whether a changed workbook was only filled in: nothing but cells meant for staff differs from how it was made.

How it was made is known from the pack's executed notebook, from which the workbook is written again.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from attendance_lib.errors import InputError
from attendance_lib.reports.files import sha256
from attendance_lib.reports.notebook_file import read_notebook
from attendance_lib.reports.receipt import Receipt
from attendance_lib.reports.scratch import scratch
from attendance_lib.rules.pack_marks import TOKEN_HEADING

COLUMNS = "columns"
SHEET, HEADING, NAME, EDITABLE = "sheet", "heading", "name", "editable"
DECIMALS = 9  # spreadsheets keep 15 significant digits and may save one fewer

Row = tuple[object, ...]
Book = dict[str, list[Row]]


def workbook_differences(pack: Path, receipt: Receipt) -> list[str]:
    """Return what differs between a pack's workbook and the one it was made with, other than cells to fill in.

    Rows may have been sorted, and rows added where the sheet has room for them.
    """
    notebook = f"{receipt.report}.ipynb"
    if not (pack / notebook).is_file() or sha256(pack / notebook) != receipt.outputs.get(notebook):
        return [f"changed, and {notebook}, which tells what was in it, is not as it was made"]
    try:
        now = sheets_of(pack / receipt.workbook)
    except InputError:
        return ["is no longer a workbook that can be read"]
    with scratch() as folder:
        made = write_again(pack / notebook, folder, str(receipt.casebook.get("pack_id", "")))
        return list(differences(sheets_of(made), now))


def sheets_of(path: Path) -> Book:
    """Return the rows of every sheet of a workbook, blank cells as None, whole numbers as integers, dates as ISO text."""
    from attendance_lib.intake.spreadsheet import open_workbook

    book = open_workbook(path)
    return {name: [tuple(map(plain, row)) for row in book.read(name).tolist()] for name in book.names}


def write_again(notebook: Path, folder: Path, pack_id: str) -> Path:
    """Write the workbook of an executed notebook, and its tables, into a folder; return the workbook."""
    from attendance_lib.reports.render import write_data

    target = folder / notebook.stem
    write_data(read_notebook(notebook), target, pack_id=pack_id)
    return target.with_suffix(".xlsx")


def differences(made: Book, now: Book) -> Iterator[str]:
    """Yield a line for each sheet whose fixed cells differ."""
    declared = columns_of(made)
    for sheet, rows in made.items():
        columns = declared.get(sheet, {})
        if sheet not in now:
            yield f"sheet '{sheet}' is missing"
        elif not same_rows(fixed(rows, columns), fixed(now[sheet], columns), may_grow=any(columns.values())):
            yield f"sheet '{sheet}' differs in cells that are not for filling in"


def columns_of(book: Book) -> dict[str, dict[str, bool]]:
    """Return, for each sheet of a table, its headings and whether each is for staff to fill in."""
    names, *rows = book[COLUMNS]
    found: dict[str, dict[str, bool]] = {}
    for row in (dict(zip(names, values, strict=True)) for values in rows):
        if row[NAME] is None:  # a line above a table
            continue
        found.setdefault(row[SHEET], {})[row[HEADING]] = bool(row[EDITABLE])
    return found


def fixed(rows: list[Row], columns: dict[str, bool]) -> Counter[Row]:
    """Return rows without the cells that are for filling in, each with how often it stands there."""
    editable = editable_positions(rows, columns)
    kept = (tuple(value for index, value in enumerate(row) if index not in editable) for row in rows)
    return Counter(trimmed for row in kept if (trimmed := without_blank_end(row)))


def editable_positions(rows: list[Row], columns: dict[str, bool]) -> set[int]:
    """Return the positions (from 0) of the columns to fill in and of the rows' marks, found by the row that holds all headings."""
    header = next((row for row in rows if columns and set(columns) <= set(row)), ())
    return {index for index, heading in enumerate(header) if columns.get(heading) or heading == TOKEN_HEADING}


def same_rows(made: Counter[Row], now: Counter[Row], *, may_grow: bool) -> bool:
    """Whether every row made is still there, and none was added where none may be."""
    return not made - now and (may_grow or not now - made)


def plain(value: object) -> object:
    """Return a cell's value as it is whichever spreadsheet saved it: blank text is no value, a whole number an integer."""
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, DECIMALS)
    return value if value != "" else None


def without_blank_end(row: Row) -> Row:
    """Return a row without the blank cells at its end."""
    while row and row[-1] is None:
        row = row[:-1]
    return row
