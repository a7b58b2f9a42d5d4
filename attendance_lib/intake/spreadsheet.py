"""Cells of an xlsx workbook, read without running formulas and only after its true size has been checked."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from attendance_lib.errors import InputError, nearest

MAX_UNPACKED_BYTES = 1_000_000_000
MAX_PACKING_RATIO = 200
MAX_PARTS = 2_000
MAX_CELLS = 20_000_000
SMALL_PART_BYTES = 10_000_000
CHUNK_BYTES = 4_194_304
LONGEST_TAG_BYTES = 4_096
# How a row and a cell say where they are, and how long that is at most: three letters and seven digits.
REFERENCE, SPACE = b'r="', ord(" ")
LONGEST_REFERENCE = 10
ERROR_CELL = re.compile(rb'<c\b[^>]*\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*\bt="e"')
ERROR_SIGN = b't="e"'
LETTERS, DIGITS = 26, 10
FIRST_LETTER, FIRST_DIGIT = ord("A"), ord("0")
DATE_1904 = re.compile(rb'<workbookPr[^>]*\bdate1904="(?:1|true)"')
DAY_ZERO_1900, DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
WORKBOOK_PART = "xl/workbook.xml"
# What zipfile raises for a part that is cut short, packed in an unknown way, or locked.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
SAVE_AGAIN = "Open it, save it as .xlsx again, and export anew if that fails."


@dataclass(frozen=True)
class SheetName:
    """A sheet of a file; an empty ``sheet`` is any."""

    label: str
    sheet: str


def open_spreadsheet(content: bytes, label: str) -> CalamineWorkbook:
    """Open a workbook whose size is within bounds.

    Raises
    ------
    InputError
        If it is damaged, locked, or unpacks to more than any school's export does.
    """
    _check_size(content, label)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        raise InputError(
            f"{label}: the workbook cannot be read; it is damaged, locked or not an .xlsx. {SAVE_AGAIN}"
        ) from None


def sheet_names(workbook: CalamineWorkbook, wanted: SheetName) -> list[str]:
    """Return the names of the sheets to read: the one wanted, or every visible worksheet.

    Raises
    ------
    InputError
        If the workbook has no such sheet.
    """
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not wanted.sheet:
        return visible
    if wanted.sheet not in workbook.sheet_names:
        raise InputError(
            f"{wanted.label}: there is no sheet '{wanted.sheet}'. {nearest(wanted.sheet, visible)}"
        )
    return [wanted.sheet]


def read_sheet(workbook: CalamineWorkbook, content: bytes, name: SheetName) -> np.ndarray:
    """Return the cells of a sheet as they are typed there; an empty cell is empty text.

    Returns
    -------
    numpy.ndarray
        Cells (object), shape (rows, columns), from the sheet's first row and column on.

    Raises
    ------
    InputError
        If the sheet spans more cells than the limit, or is damaged.
    """
    _check_extent(content, name)
    try:
        rows = workbook.get_sheet_by_name(name.sheet).to_python(skip_empty_area=False)
    except CalamineError:
        raise InputError(
            f"{name.label}: the sheet '{name.sheet}' cannot be read; it is damaged. {SAVE_AGAIN}"
        ) from None
    cells = np.empty((len(rows), max(map(len, rows), default=0)), dtype=object)
    if cells.size:
        cells[:] = rows
    return cells


def day_zero(content: bytes, label: str) -> date:
    """Return the day from which a workbook counts its dates: 1900 on Windows, 1904 in old Macintosh workbooks."""
    with _parts(content, label) as workbook:
        try:
            stated = WORKBOOK_PART in workbook.namelist() and workbook.open(WORKBOOK_PART).read(CHUNK_BYTES)
        except DAMAGE:
            raise InputError(f"{label}: the workbook is cut short, locked or damaged. {SAVE_AGAIN}") from None
    return DAY_ZERO_1904 if stated and DATE_1904.search(stated) else DAY_ZERO_1900


def error_cells(content: bytes, label: str) -> list[str]:
    """Return the references of cells that hold an error such as #N/A, of all sheets; reading leaves them blank."""
    found: list[str] = []
    with _parts(content, label) as workbook:
        for part in _sheet_parts(workbook):
            # Looking for the sign of an error costs nothing beside looking at every cell.
            suspect = (chunk for chunk in _chunks(workbook, part, label) if ERROR_SIGN in chunk)
            found += [
                reference.decode("ascii") for chunk in suspect for reference in ERROR_CELL.findall(chunk)
            ]
    return found


def _parts(content: bytes, label: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise InputError(f"{label}: the workbook is cut short or damaged. {SAVE_AGAIN}") from None


def _check_size(content: bytes, label: str) -> None:
    parts = _parts(content, label).infolist()
    unpacked = sum(part.file_size for part in parts)
    dense = any(
        part.file_size > SMALL_PART_BYTES and part.file_size > MAX_PACKING_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if unpacked > MAX_UNPACKED_BYTES or dense or len(parts) > MAX_PARTS:
        raise InputError(
            f"{label}: the workbook unpacks to {unpacked:,} bytes in {len(parts)} parts, which no school's export does "
            f"(limit {MAX_UNPACKED_BYTES:,}). Do not open it; ask where it came from."
        )


def _check_extent(content: bytes, name: SheetName) -> None:
    """Refuse a sheet whose far corner lies beyond the limit, whatever its stated dimension says."""
    rows, columns = 1, 1
    with _parts(content, name.label) as workbook:
        for part in _sheet_parts(workbook):
            far_row, far_column = _extent(workbook, part, name.label)
            rows, columns = max(rows, far_row), max(columns, far_column)
    if rows * columns > MAX_CELLS:
        raise InputError(
            f"{name.label}: a sheet reaches row {rows:,} and column {columns:,}, more than the limit of {MAX_CELLS:,} cells. "
            "Delete the stray cells far from the data, or save the sheet as CSV."
        )


def _sheet_parts(workbook: zipfile.ZipFile) -> list[str]:
    return [
        part for part in workbook.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")
    ]


def _extent(workbook: zipfile.ZipFile, part: str, label: str) -> tuple[int, int]:
    corners = [far_corner(chunk) for chunk in _chunks(workbook, part, label)]
    return max((row for row, _ in corners), default=0), max((column for _, column in corners), default=0)


def far_corner(chunk: bytes) -> tuple[int, int]:
    """Return the last row and the last column that the references of a piece of a sheet name.

    By arithmetic on all references at once: a sheet of a million rows has millions of them.

    Examples
    --------
    >>> far_corner(b'<row r="12"><c r="C7"/><c r="AB12"/></row>'), far_corner(b"<row/>")
    ((12, 28), (0, 0))
    """
    padded = np.frombuffer(b" " + chunk + bytes(LONGEST_REFERENCE + len(REFERENCE)), dtype=np.uint8)
    here = [padded[place : len(padded) - LONGEST_REFERENCE + place] for place in range(len(REFERENCE) + 1)]
    starts = (
        (here[1] == REFERENCE[0]) & (here[2] == REFERENCE[1]) & (here[3] == REFERENCE[2]) & (here[0] <= SPACE)
    )
    after = np.flatnonzero(starts) + 1 + len(REFERENCE)
    rows, columns = np.zeros(len(after), dtype=np.int64), np.zeros(len(after), dtype=np.int64)
    is_letter = belongs = np.ones(len(after), dtype=bool)
    for place in range(LONGEST_REFERENCE):
        sign = padded[after + place]
        # A sign less the first of its kind wraps round to a large number if it stands before it.
        letter, digit = sign - FIRST_LETTER, sign - FIRST_DIGIT
        is_letter, is_digit = is_letter & (letter < LETTERS), belongs & (digit < DIGITS)
        belongs = is_letter | is_digit
        columns = np.where(is_letter, columns * LETTERS + letter + 1, columns)
        rows = np.where(is_digit, rows * DIGITS + digit, rows)
    return int(rows.max(initial=0)), int(columns.max(initial=0))


def _chunks(workbook: zipfile.ZipFile, part: str, label: str) -> Iterator[bytes]:
    """Yield a part of a workbook piece by piece, each cut at the end of a tag."""
    tail = b""
    try:
        with workbook.open(part) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                whole, bracket, tail = (tail + chunk).rpartition(b">")
                yield whole + bracket
                tail = tail[-LONGEST_TAG_BYTES:]
    except DAMAGE:
        raise InputError(f"{label}: the workbook is cut short, locked or damaged. {SAVE_AGAIN}") from None
