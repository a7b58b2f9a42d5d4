"""Cells of an xlsx workbook, read without running formulas and only after its true size has been checked."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from attendance_lib.errors import InputError, nearest
from attendance_lib.intake.condensed import Condensed, condense
from attendance_lib.intake.workbook_parts import SAVE_AGAIN

DATE_1904 = re.compile(rb'<workbookPr[^>]*\bdate1904="(?:1|true)"')
DAY_ZERO_1900, DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
WORKBOOK_PART = "xl/workbook.xml"
# A workbook says so near the beginning of its part, if at all.
STATED_WITHIN_BYTES = 4_194_304


@dataclass(frozen=True, eq=False)
class Spreadsheet:
    """A workbook whose size is within bounds, with its visible worksheets' names.

    ``day_zero`` is the day from which it counts its dates: 1900 on Windows, 1904 in old Macintosh workbooks.
    """

    label: str
    book: CalamineWorkbook
    condensed: Condensed
    day_zero: date
    content: bytes

    @property
    def names(self) -> list[str]:
        """The names of all sheets."""
        return self.book.sheet_names

    @property
    def visible(self) -> list[str]:
        """The names of the worksheets that are not hidden."""
        return [
            sheet.name
            for sheet in self.book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]

    @property
    def error_cells(self) -> list[str]:
        """The references of cells that hold an error such as #N/A, of all sheets; reading leaves them blank."""
        return self.condensed.error_cells

    def wanted(self, name: str) -> list[str]:
        """Return the names of the sheets to read: the one wanted, or every visible worksheet if none is.

        Raises
        ------
        InputError
            If the workbook has no such sheet.
        """
        if name and name not in self.names:
            raise InputError(f"{self.label}: there is no sheet '{name}'. {nearest(name, self.visible)}")
        return [name] if name else self.visible

    def read(self, name: str) -> np.ndarray:
        """Return the cells of a sheet as they are typed there; an empty cell is empty text.

        Returns
        -------
        numpy.ndarray
            Cells (object), shape (rows, columns), from the sheet's first row and column on.

        Raises
        ------
        InputError
            If the sheet is damaged.
        """
        try:
            rows = self.book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            cells = self.condensed.cells_of(rows)
        except (CalamineError, ValueError):
            raise InputError(
                f"{self.label}: the sheet '{name}' cannot be read; it is damaged. {SAVE_AGAIN}"
            ) from None
        return _table(rows) if cells is None else cells


def open_workbook(path: Path) -> Spreadsheet:
    """Open a workbook that a person may have written in since we made it; nothing but an InputError comes of a damaged one.

    Raises
    ------
    InputError
        If the file cannot be read, has a password, is damaged or no workbook, or holds more than any school's export does.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path.name}: the file cannot be read ({error.strerror}). Check that it is there, and close it in Excel."
        ) from None
    # Excel keeps a workbook with a password, and an old .xls, in a compound file ([MS-OFFCRYPTO] 2.3).
    if content.startswith(COMPOUND_FILE):
        raise InputError(
            f"{path.name}: the workbook has a password, or is an old .xls. "
            "Open it in Excel, take the password off, and save it as an Excel workbook (.xlsx)."
        )
    return open_spreadsheet(content, path.name)


def open_spreadsheet(content: bytes, label: str) -> Spreadsheet:
    """Open a workbook.

    Raises
    ------
    InputError
        If it is damaged, locked, or holds more than any school's export does.
    """
    small, condensed = condense(content, label)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(small))
    except CalamineError:
        raise InputError(
            f"{label}: the workbook cannot be read; it is damaged, locked or not an .xlsx. {SAVE_AGAIN}"
        ) from None
    return Spreadsheet(label, book, condensed, _day_zero(small), content)


def _day_zero(workbook: bytes) -> date:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        stated = WORKBOOK_PART in parts.namelist() and parts.open(WORKBOOK_PART).read(STATED_WITHIN_BYTES)
    return DAY_ZERO_1904 if stated and DATE_1904.search(stated) else DAY_ZERO_1900


def _table(rows: list[list[object]]) -> np.ndarray:
    cells = np.empty((len(rows), max(map(len, rows), default=0)), dtype=object)
    if cells.size:
        cells[:] = rows
    return cells
