"""The parts of an xlsx workbook: unpacked within bounds, and gone through for the cells of its sheets."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from openpyxl.utils import get_column_letter

from attendance_lib.errors import InputError
from attendance_lib.intake.cell_places import CellPlaces, find_cells, walk_cells
from attendance_lib.intake.well_formed import WellFormed

MAX_UNPACKED_BYTES = 600_000_000
MAX_PACKING_RATIO = 200
MAX_PARTS = 2_000
# Of the second kind each cell is an object of its own, as of a sheet that is written in an unusual way.
MAX_CELLS, MAX_DIFFERENT_CELLS = 20_000_000, 8_000_000
# A register has a few thousand different cells; a sheet with more than this gains nothing from being condensed.
MOST_DIFFERENT = 500_000
SMALL_PART_BYTES = 10_000_000
# Pieces stay in the processor's cache.
PIECE_BYTES = 262_144
# More than the longest text of a cell: 32,767 characters of up to four bytes.
LONGEST_TEXT_BYTES = 262_144
ROW_CLOSES, TAG_OPENS, TAG_CLOSES = b"</row>", b"<", b">"
SHEET_SIGN, PLAIN_SHEET_SIGN = b"sheetData", b"<sheetData"
ERROR_SAID = re.compile(rb"""[^>]*\bt=["']e["']""")
# A formula without the value that a spreadsheet program keeps beside it; a text of no characters is a value too.
BARE_FORMULA = re.compile(rb"""(?![^>]*\bt=["']str["'])[^>]*>\s*<f[\s/>](?!.*<v>[^<])""", re.DOTALL)
ERROR_TAG = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt=["']e["'][^>]*>""")
REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3}[0-9]{1,7})["']""")
UNNAMED = "one that does not say where it is"
# What zipfile raises for a part that is cut short, packed in an unknown way, locked, or elsewhere than it says.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
SAVE_AGAIN = "Open it, save it as .xlsx again, and export anew if that fails."


def open_parts(content: bytes, label: str) -> zipfile.ZipFile:
    """Return the parts of a workbook.

    Raises
    ------
    InputError
        If it is cut short or damaged, or unpacks to more than any school's export does.
    """
    try:
        parts = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGE:
        raise InputError(f"{label}: the workbook is cut short or damaged. {SAVE_AGAIN}") from None
    _check_size(parts.infolist(), label)
    return parts


def unpack(workbook: zipfile.ZipFile, name: str, label: str) -> Iterator[bytes]:
    """Yield a part of a workbook piece by piece.

    Raises
    ------
    InputError
        If it is cut short, locked or damaged.
    """
    try:
        with workbook.open(name) as stream:
            while piece := stream.read(PIECE_BYTES):
                yield piece
    except DAMAGE:
        raise InputError(f"{label}: the workbook is cut short, locked or damaged. {SAVE_AGAIN}") from None


@dataclass
class WorkbookPart:
    """A part of a workbook, gone through piece by piece: its cells if it is a sheet, and whether these are all.

    It is plain if these are all and few of them are ``different``, and only then the ``pieces`` are kept. The
    ``skeleton`` is what stands around the cells, the ``corner`` the last row and the last column that any reaches.
    """

    pieces: list[CellPlaces] = field(default_factory=list)
    error_cells: list[str] = field(default_factory=list)
    formula_cells: list[str] = field(default_factory=list)
    is_sheet: bool = False
    is_plain: bool = False
    different: set[bytes] = field(default_factory=set)
    skeleton: WellFormed = field(default_factory=WellFormed)
    corner: tuple[int, int] = (0, 0)

    def add(self, piece: bytes, *, is_of_whole_rows: bool) -> None:
        """Add the next piece; one that is not of whole rows may hold half a cell."""
        found = find_cells(piece)
        if not self.is_sheet:
            self.is_sheet, self.is_plain = SHEET_SIGN in piece, PLAIN_SHEET_SIGN in piece
        self.different.update(found.said.values)
        is_all = found.is_plain and (is_of_whole_rows or not len(found))
        self.is_plain &= is_all and len(self.different) <= MOST_DIFFERENT
        if self.is_plain:
            self.pieces.append(found)
        else:
            self.pieces.clear()
            self.different.clear()
        if self.is_sheet and not found.is_plain:
            self._reach(walk_cells(piece, self.corner[0]))
        self._reach(found.corner)
        self.skeleton.feed(found.around)
        self.error_cells += _cells_that(found, ERROR_SAID) if found.is_plain else _errors_among_tags(piece)
        self.formula_cells += _cells_that(found, BARE_FORMULA) if found.is_plain else []

    def _reach(self, corner: tuple[int, int]) -> None:
        self.corner = (max(self.corner[0], corner[0]), max(self.corner[1], corner[1]))

    def check_extent(self, label: str) -> None:
        """Refuse a sheet that reaches too far, whatever its stated dimension says.

        Raises
        ------
        InputError
            If it spans more cells than the limit.
        """
        rows, columns = self.corner
        limit = MAX_CELLS if self.is_plain else MAX_DIFFERENT_CELLS
        if self.is_sheet and rows * max(columns, 1) > limit:
            raise InputError(
                f"{label}: a sheet reaches row {rows:,} and column {columns:,}, more than the limit of {limit:,} cells. "
                "Delete the stray cells far from the data, or save the sheet as CSV."
            )


def go_through(pieces: Iterator[bytes], label: str) -> WorkbookPart:
    """Go through a part in pieces that are cut at the end of a row, or of a tag if a piece holds no end of a row.

    Raises
    ------
    InputError
        If a tag is so long that no piece could hold it.
    """
    part, rest = WorkbookPart(), b""
    for read in pieces:
        piece, sign, rest = (rest + read).rpartition(ROW_CLOSES)
        is_of_whole_rows = bool(sign)
        if not is_of_whole_rows:
            piece, sign, rest = rest.rpartition(TAG_CLOSES)
            if TAG_OPENS in rest[:-LONGEST_TEXT_BYTES]:
                raise InputError(
                    f"{label}: the workbook holds a tag longer than any program writes. {SAVE_AGAIN}"
                )
            rest = rest[-LONGEST_TEXT_BYTES:]
        part.add(piece + sign, is_of_whole_rows=is_of_whole_rows)
    part.add(rest, is_of_whole_rows=False)
    return part


def _cells_that(found: CellPlaces, wanted: re.Pattern[bytes]) -> list[str]:
    is_wanted = [bool(wanted.match(said)) for said in found.said.values]
    if not any(is_wanted):
        return []
    cells = np.flatnonzero(found.said.holds(np.array(is_wanted)))
    return [f"{get_column_letter(found.columns[cell])}{found.rows[cell]}" for cell in cells]


def _errors_among_tags(piece: bytes) -> list[str]:
    references = (REFERENCE.search(tag) for tag in ERROR_TAG.findall(piece))
    return [reference[1].decode("ascii") if reference else UNNAMED for reference in references]


def _check_size(parts: list[zipfile.ZipInfo], label: str) -> None:
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
