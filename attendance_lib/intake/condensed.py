"""A workbook condensed: its sheets hold every different cell once, and beside them stands where each was.

A register of a million marks is made of a few thousand different cells. What a cell means (its type, its format, the
text it shares) is the business of a library, and asking it of each different cell once takes a fraction of the time.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from openpyxl.utils import get_column_letter

from attendance_lib.errors import InputError
from attendance_lib.intake.cell_places import CellPlaces, find_cells
from attendance_lib.intake.coded import joined
from attendance_lib.intake.well_formed import WellFormed

MAX_UNPACKED_BYTES = 1_000_000_000
MAX_PACKING_RATIO = 200
MAX_PARTS = 2_000
MAX_CELLS = 20_000_000
SMALL_PART_BYTES = 10_000_000
# A sheet has a little over a million rows; one with more different cells gains nothing.
MOST_DIFFERENT = 500_000
# Pieces stay in the processor's cache.
PIECE_BYTES = 1_048_576
LONGEST_TAG_BYTES = 4_096
ROW_CLOSES, TAG_CLOSES = b"</row>", b">"
SHEET_SIGN, PLAIN_SHEET_SIGN = b"sheetData", b"<sheetData"
# What a library needs to read cells; pictures and other kinds of workbook stay behind.
NEEDED = (".xml", ".rels")
ERROR_SAID = re.compile(rb"""[^>]*\bt=["']e["']""")
ERROR_TAG = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt=["']e["'][^>]*>""")
REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3}[0-9]{1,7})["']""")
UNNAMED = b"one that does not say where it is"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = b"</sheetData></worksheet>"
# What zipfile raises for a part that is cut short, packed in an unknown way, locked, or elsewhere than it says.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
SAVE_AGAIN = "Open it, save it as .xlsx again, and export anew if that fails."


@dataclass(frozen=True, eq=False)
class SheetPlaces:
    """Where the cells of a sheet stand: ``rows``, ``columns`` (from 0) and ``which`` of the different cells each is."""

    rows: np.ndarray
    columns: np.ndarray
    which: np.ndarray

    def spread(self, different: list[object]) -> np.ndarray:
        """Return the sheet (object), shape (rows, columns) up to the last that holds anything.

        Parameters
        ----------
        different : list of object
            What the different cells mean, in their order; empty text for nothing.

        Examples
        --------
        >>> places = SheetPlaces(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([1, 0, 1]))
        >>> places.spread(["/", "AM"]).tolist()
        [['AM', '/'], ['', 'AM']]
        """
        values = np.empty(len(different), dtype=object)
        values[:] = different
        holds = (values != "")[self.which]
        rows, columns, which = self.rows[holds], self.columns[holds], self.which[holds]
        cells = np.full((rows.max(initial=-1) + 1, columns.max(initial=-1) + 1), "", dtype=object)
        cells[rows, columns] = values[which]
        return cells


@dataclass(frozen=True, eq=False)
class Condensed:
    """What is known of a condensed workbook: ``places`` of the cells of each sheet that was condensed, by its part's name.

    ``error_cells`` are the references of the cells with an error such as #N/A, of all sheets; reading leaves them blank.
    """

    places: dict[str, SheetPlaces]
    error_cells: list[str]

    def add(self, name: str, part: "_Part") -> bytes | None:
        """Add a part and return the sheet that stands for it, None if the part stays as it is."""
        self.error_cells.extend(part.error_cells)
        if not part.is_plain:
            return None
        said = joined([piece.said for piece in part.pieces])
        if len(said.values) > MOST_DIFFERENT:
            return None
        rows, columns = (
            np.concatenate([getattr(piece, which) for piece in part.pieces]) - 1
            for which in ("rows", "columns")
        )
        self.places[name] = SheetPlaces(rows, columns, said.places)
        return _sheet_of(name, said.values)

    def cells_of(self, rows: list[list[object]]) -> np.ndarray | None:
        """Return the cells that the rows of a condensed sheet stand for (object), None if the sheet is as it was.

        Raises
        ------
        ValueError
            If rows are missing or too many.
        """
        places = self.places.get(str(rows[0][0])) if rows and rows[0] else None
        if places is None:
            return None
        first, *different, last = (row[0] for row in rows)
        if last != first or len(different) != 1 + places.which.max(initial=-1):
            raise ValueError("the library saw other cells")
        return places.spread(different)


def condense(content: bytes, label: str) -> tuple[bytes, Condensed]:
    """Return a workbook in which each plain sheet holds its different cells once, and where they stood.

    The first cell of a condensed sheet is the name of its part, the different cells follow below it, one a row, and the
    last is that name again. A sheet that is written in an unusual way is left as it is.

    Parameters
    ----------
    content : bytes
        The workbook.
    label : str
        How messages name it.

    Returns
    -------
    bytes
        The workbook, with nothing in it but what cells need.
    Condensed
        Where its cells stood.

    Raises
    ------
    InputError
        If it is damaged or locked, unpacks to more than any school's export does, or a sheet reaches over more cells
        than the limit, whatever its stated dimension says.
    """
    packed, condensed = io.BytesIO(), Condensed({}, [])
    with _opened(content, label) as workbook, zipfile.ZipFile(packed, "w") as small:
        _check_size(workbook.infolist(), label)
        for name in dict.fromkeys(workbook.namelist()):
            if name.endswith(NEEDED):
                part = _go_through(_unpacked(workbook, name, label))
                _check_extent(part, label)
                rewritten = condensed.add(name, part)
                kept = rewritten or b"".join(_unpacked(workbook, name, label))
                is_well_formed = WellFormed().feed(kept).at_end() and (
                    not rewritten or part.skeleton.at_end()
                )
                if not is_well_formed:
                    raise InputError(
                        f"{label}: the workbook is damaged (it is not well-formed XML). {SAVE_AGAIN}"
                    )
                small.writestr(name, kept)
    return packed.getvalue(), condensed


def _opened(content: bytes, label: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise InputError(f"{label}: the workbook is cut short or damaged. {SAVE_AGAIN}") from None


def _unpacked(workbook: zipfile.ZipFile, name: str, label: str) -> Iterator[bytes]:
    """Yield a part of a workbook piece by piece."""
    try:
        with workbook.open(name) as stream:
            while piece := stream.read(PIECE_BYTES):
                yield piece
    except DAMAGE:
        raise InputError(f"{label}: the workbook is cut short, locked or damaged. {SAVE_AGAIN}") from None


@dataclass
class _Part:
    """A part of a workbook, gone through piece by piece: its cells if it is a sheet, and whether these are all.

    The ``skeleton`` is what stands around the cells.
    """

    pieces: list[CellPlaces] = field(default_factory=list)
    error_cells: list[str] = field(default_factory=list)
    is_sheet: bool = False
    is_plain: bool = False
    skeleton: WellFormed = field(default_factory=WellFormed)

    def add(self, piece: bytes, *, is_of_whole_rows: bool) -> None:
        found = find_cells(piece)
        if not self.is_sheet:
            self.is_sheet, self.is_plain = SHEET_SIGN in piece, PLAIN_SHEET_SIGN in piece
        self.is_plain &= found.is_plain and (is_of_whole_rows or not len(found))
        self.pieces.append(found)
        self.skeleton.feed(found.around)
        self.error_cells += _errors_in(found) if found.is_plain else _errors_among_tags(piece)

    @property
    def corner(self) -> tuple[int, int]:
        """The last row and the last column that anything names."""
        corners = [piece.corner for piece in self.pieces]
        return max((row for row, _ in corners), default=0), max((column for _, column in corners), default=0)


def _go_through(pieces: Iterator[bytes]) -> _Part:
    """Go through a part in pieces that are cut at the end of a row, or of a tag if a piece holds no end of a row."""
    part, rest = _Part(), b""
    for read in pieces:
        piece, sign, rest = (rest + read).rpartition(ROW_CLOSES)
        is_of_whole_rows = bool(sign)
        if not is_of_whole_rows:
            piece, sign, rest = rest.rpartition(TAG_CLOSES)
            rest = rest[-LONGEST_TAG_BYTES:]
        part.add(piece + sign, is_of_whole_rows=is_of_whole_rows)
    part.add(rest, is_of_whole_rows=False)
    return part


def _errors_in(found: CellPlaces) -> list[str]:
    is_error = [bool(ERROR_SAID.match(said)) for said in found.said.values]
    if not any(is_error):
        return []
    cells = np.flatnonzero(found.said.holds(np.array(is_error)))
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


def _check_extent(part: _Part, label: str) -> None:
    rows, columns = part.corner
    if part.is_sheet and rows * max(columns, 1) > MAX_CELLS:
        raise InputError(
            f"{label}: a sheet reaches row {rows:,} and column {columns:,}, more than the limit of {MAX_CELLS:,} cells. "
            "Delete the stray cells far from the data, or save the sheet as CSV."
        )


def _sheet_of(name: str, said: np.ndarray) -> bytes:
    """Return the XML of a sheet with a cell a row: the name of its part, what the different cells say, and the name again."""
    sign = f' t="inlineStr"><is><t>{escape(name)}</t></is></c>'.encode()
    rows = (
        b'<row r="%d"><c r="A%d"%b</row>' % (row, row, text)
        for row, text in enumerate([sign, *said, sign], 1)
    )
    return HEAD + b"".join(rows) + FOOT
