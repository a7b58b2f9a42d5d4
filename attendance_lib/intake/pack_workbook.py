"""The actions that staff filled in, read back from a pack's own workbook as they left it.

Columns are found through the workbook's hidden sheet ``columns`` (sheet, heading, name), or by their
headings where that sheet was lost, so staff may sort, filter, insert and delete rows and add columns.
"""

import io
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from attendance_lib.errors import InputError, nearest
from attendance_lib.intake.headings import plain
from attendance_lib.intake.pack_cells import ACTION_STATUSES, DATE_COLUMNS, Problem, typed_cell
from attendance_lib.intake.pack_headings import ACTION_COLUMNS, KNOWN_HEADINGS, find_header
from attendance_lib.intake.spreadsheet import SheetName, open_spreadsheet, read_sheet
from attendance_lib.intake.values import as_text

__all__ = ["ACTION_COLUMNS", "ACTION_STATUSES", "read_pack_actions"]

ACTIONS_SHEET = "actions"
COLUMNS_SHEET = "columns"
COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True)
class ActionSheet:
    """The sheet ``actions`` as staff left it: cells, header row (from 0), where our columns stand.

    ``told`` are the positions of all columns that the pack wrote; ``formulas`` the cells (row, column,
    from 0) that hold a formula.
    """

    label: str
    cells: np.ndarray
    header: int
    positions: Mapping[str, int]
    told: tuple[int, ...]
    formulas: frozenset[tuple[int, int]]

    @cached_property
    def rows(self) -> list[int]:
        """Return the rows under the header in which a column of the pack holds anything."""
        return [row for row in range(self.header + 1, len(self.cells)) if self._is_filled(row)]

    def value(self, row: int, name: str) -> object:
        """Return a cell's value, empty text where the column is missing."""
        return self.cells[row, self.positions[name]] if name in self.positions else ""

    def place(self, row: int, name: str) -> str:
        """Say where a cell stands, with the heading that staff see."""
        heading = as_text(self.cells[self.header, self.positions[name]])
        return f"{self.label}, sheet '{ACTIONS_SHEET}', row {row + 1}, column '{heading}'"

    def is_uncounted(self, row: int, name: str) -> bool:
        """Whether a cell holds a formula whose result was never saved."""
        return (row, self.positions.get(name)) in self.formulas and as_text(self.value(row, name)) == ""

    def _is_filled(self, row: int) -> bool:
        return any(as_text(self.cells[row, at]) or (row, at) in self.formulas for at in self.told)


def read_pack_actions(path: Path) -> pd.DataFrame:
    """Return the actions of a pack's workbook as staff left them.

    Parameters
    ----------
    path : pathlib.Path
        The pack's ``.xlsx``, saved by Excel or LibreOffice.

    Returns
    -------
    pandas.DataFrame
        One row per filled row of the sheet ``actions``, in its order: ``action_id``, ``pupil_id``,
        ``action``, ``owner``, ``status`` (one of ``ACTION_STATUSES``), ``note`` and ``next_step`` as
        text, ``raised_on``, ``due_date`` and ``completed_on`` as datetime64[s], and ``source_row`` (the
        sheet's row number). Blank cells are missing; a row that staff added has no ``action_id``.

    Raises
    ------
    InputError
        If the file cannot be opened or has no such sheet or column; or with one line for each cell that
        cannot be read: a status not in the list, a date, a formula without its result, a row without
        an action, an ``action_id`` twice.

    Notes
    -----
    Dates typed as text are British (day first) or ISO.
    """
    sheet = _open_actions(path)
    columns = {name: [_typed(sheet, row, name) for row in sheet.rows] for name in ACTION_COLUMNS}
    problems = sorted([*_cell_problems(sheet, columns), *_repeated(sheet, columns["action_id"])])
    if problems:
        raise InputError(*(text for _, text in problems))
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype="datetime64[s]" if name in DATE_COLUMNS else "str")
            for name, values in columns.items()
        }
    ).assign(source_row=np.array(sheet.rows, dtype="int64") + 1)


def _open_actions(path: Path) -> ActionSheet:
    content = _content(path)
    workbook = open_spreadsheet(content, path.name)
    name = _sheet_called(ACTIONS_SHEET, workbook)
    if name is None:
        raise InputError(
            f"{path.name}: there is no sheet '{ACTIONS_SHEET}'. {nearest(ACTIONS_SHEET, workbook.sheet_names)} "
            "Give the sheet its name back, or leave previous_pack empty."
        )
    cells = read_sheet(workbook, content, SheetName(path.name, name))
    declared = _declared_headings(workbook, content, SheetName(path.name, name))
    header, found = find_header(cells, KNOWN_HEADINGS | declared, path.name)
    positions = {column: at for column, at in found.items() if column in ACTION_COLUMNS}
    return ActionSheet(path.name, cells, header, positions, tuple(found.values()), _formulas(content, name))


def _content(path: Path) -> bytes:
    content = _bytes(path)
    # Excel keeps a workbook with a password, and an old .xls, in a compound file ([MS-OFFCRYPTO] 2.3).
    if content.startswith(COMPOUND_FILE):
        raise InputError(
            f"{path.name}: the workbook has a password, or is an old .xls. "
            "Open it in Excel, take the password off, and save it as an Excel workbook (.xlsx)."
        )
    return content


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path.name}: the file cannot be read ({error.strerror}). Check previous_pack, and close the file in Excel."
        ) from None


def _sheet_called(wanted: str, workbook: CalamineWorkbook) -> str | None:
    return next((name for name in workbook.sheet_names if name.strip().casefold() == wanted), None)


def _declared_headings(workbook: CalamineWorkbook, content: bytes, actions: SheetName) -> dict[str, str]:
    """Return plain heading to column name as the pack wrote them; nothing where its hidden sheet was lost."""
    name = _sheet_called(COLUMNS_SHEET, workbook)
    if name is None:
        return {}
    rows = read_sheet(workbook, content, SheetName(actions.label, name))
    told = [tuple(map(as_text, row[:3])) for row in rows if len(row) > 2]  # noqa: PLR2004 - sheet, heading, name
    return {
        plain(heading): column
        for sheet, heading, column in told
        if sheet.casefold() == actions.sheet.strip().casefold()
    }


def _formulas(content: bytes, sheet: str) -> frozenset[tuple[int, int]]:
    """Return the cells (row, column, from 0) of a sheet that hold a formula."""
    with warnings.catch_warnings():
        # openpyxl warns of what it would lose on saving (Excel's own drop-downs); nothing is saved here.
        warnings.simplefilter("ignore", UserWarning)
        book = load_workbook(io.BytesIO(content), read_only=True)
        cells = [cell for row in book[sheet].iter_rows() for cell in row if cell.data_type == "f"]
        book.close()
    return frozenset((cell.row - 1, cell.column - 1) for cell in cells)


def _typed(sheet: ActionSheet, row: int, name: str) -> str | date | Problem | None:
    value = sheet.value(row, name)
    if sheet.is_uncounted(row, name):
        return Problem("holds a formula without its result. Type the value itself")
    return typed_cell(name, value)


def _cell_problems(sheet: ActionSheet, columns: Mapping[str, list]) -> Iterator[tuple[int, str]]:
    for name, values in columns.items():
        for row, value in zip(sheet.rows, values, strict=True):
            if isinstance(value, Problem):
                yield row, f"{sheet.place(row, name)}: {value.text}."


def _repeated(sheet: ActionSheet, identifiers: list) -> Iterator[tuple[int, str]]:
    counts = Counter(filter(lambda value: isinstance(value, str), identifiers))
    for row, identifier in zip(sheet.rows, identifiers, strict=True):
        if counts[identifier] > 1:
            first = sheet.rows[identifiers.index(identifier)]
            if row != first:
                yield (
                    row,
                    (
                        f"{sheet.place(row, 'action_id')}: {identifier!r} is also in row {first + 1}. "
                        "Delete one of the rows, or clear this cell if the row is a new action."
                    ),
                )
