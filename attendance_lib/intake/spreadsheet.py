"""Cells of an xlsx workbook, read without running formulas and only after its true size has been checked."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from attendance_lib.errors import InputError, nearest
from attendance_lib.intake.condensed import Condensed, condense
from attendance_lib.intake.workbook_parts import SAVE_AGAIN

DATE_1904 = re.compile(rb'<workbookPr[^>]*\bdate1904="(?:1|true)"')
DAY_ZERO_1900, DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
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
    return Spreadsheet(label, book, condensed, _day_zero(small))


def _day_zero(workbook: bytes) -> date:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        stated = WORKBOOK_PART in parts.namelist() and parts.open(WORKBOOK_PART).read(STATED_WITHIN_BYTES)
    return DAY_ZERO_1904 if stated and DATE_1904.search(stated) else DAY_ZERO_1900


def _table(rows: list[list[object]]) -> np.ndarray:
    cells = np.empty((len(rows), max(map(len, rows), default=0)), dtype=object)
    if cells.size:
        cells[:] = rows
    return cells
