"""Cells of an xlsx workbook, read without running formulas and only after its true size has been checked."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape

import numpy as np
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from attendance_lib.errors import InputError, nearest
from attendance_lib.intake.encoded import Encoded, joined

# Where the cells of a worksheet's XML stand: found by arithmetic on all of a piece's bytes at once

# How a row and a cell say where they are, and how long that is at most: three letters and seven digits.
REFERENCE_SIGN, CELL, ROW_END = b' r="', b"<c", b"</ro"
LONGEST_REFERENCE = 10
SPACE, QUOTE = ord(" "), ord('"')
LETTERS, DIGITS = 26, 10
FIRST_LETTER, FIRST_DIGIT, FIRST_SMALL_LETTER = ord("A"), ord("0"), ord("a")
# A comment or a section, which could hide a cell from this; most pieces hold not even the second sign.
HIDING, HIDING_SIGN = b"<!", b"!"
# Rows and cells as XML lets them be written: any prefix, quotes, blanks and letters, with or without a reference.
TAG = re.compile(rb"""<(?:[\w.-]+:)?(row|c)(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)""")
ANY_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,10})([0-9]{0,20})""")


@dataclass(frozen=True, eq=False)
class CellPlaces:
    """The cells of a piece of a sheet.

    ``rows`` and ``columns`` (integers from 1, one a cell) say where each stands, ``said`` what follows its reference
    up to the next cell or the end of its row (bytes), ``around`` all that stands between the cells; ``corner`` is the
    last row and column that anything names. ``is_plain`` tells whether these are all the cells there are.
    """

    rows: np.ndarray
    columns: np.ndarray
    said: Encoded
    around: bytes
    corner: tuple[int, int]
    is_plain: bool

    def __len__(self) -> int:
        return len(self.rows)


def find_cells(piece: bytes) -> CellPlaces:
    """Return the cells of a piece of a worksheet's XML that is cut at the ends of rows.

    Parameters
    ----------
    piece : bytes
        Part of the XML, in UTF-8.

    Returns
    -------
    CellPlaces
        One entry a cell that says where it is in the usual way, ``<c r="B7"``.

    Examples
    --------
    >>> found = find_cells(b'<row r="7"><c r="B7" t="s"><v>0</v></c><c r="AA7"/></row>')
    >>> found.rows.tolist(), found.columns.tolist(), found.said.cells().tolist(), found.is_plain
    ([7, 7], [2, 27], [b' t="s"><v>0</v></c>', b'/>'], True)
    """
    signs = np.frombuffer(piece + bytes(LONGEST_REFERENCE + len(REFERENCE_SIGN)), dtype=np.uint8)
    begins = _places_of(signs, REFERENCE_SIGN)
    rows, columns, ends = _read_references(signs, begins + len(REFERENCE_SIGN))
    names_cell = columns > 0
    is_cell = names_cell & (rows > 0) & _stands_before(signs, begins, CELL) & (signs[ends] == QUOTE)
    hides = HIDING_SIGN in piece and HIDING in piece
    is_plain = not hides and int(names_cell.sum()) == int(is_cell.sum()) == _count_cells(signs)
    starts = begins[is_cell] - len(CELL)
    stops = _next(starts, _places_of(signs, ROW_END), len(piece))
    said = _slices(piece, ends[is_cell] + 1, stops)
    at = (each[is_cell].astype(np.int32) for each in (rows, columns))
    corner = int(rows.max(initial=0)), int(columns.max(initial=0))
    return CellPlaces(*at, Encoded.of(said), _around(piece, starts, stops), corner, is_plain)


def walk_cells(piece: bytes, row: int) -> tuple[int, int]:
    """Return the last row and column that cells of a piece reach, however they are written, tag by tag.

    A row or a cell that does not say where it is stands after the one before it, so this takes ten times as long.

    Parameters
    ----------
    piece : bytes
        Part of the XML.
    row : int
        The last row of the pieces before.

    Examples
    --------
    >>> walk_cells(b"<x:row><x:c r = 'xfd7'/><x:c><v>1</v></x:c></x:row>", 3)
    (7, 16385)
    """
    far_row, column, far_column = row, 0, 0
    for tag, attributes in TAG.findall(piece):
        found = ANY_REFERENCE.search(attributes)
        letters, digits = found.groups() if found else (b"", b"")
        if tag == b"row":
            row, column = int(digits or row + 1), 0
        else:
            row, column = int(digits or row), column_of(letters) or column + 1
        far_row, far_column = max(far_row, row), max(far_column, column)
    return far_row, far_column


def column_of(letters: bytes) -> int:
    """Return the number (from 1) of a column by its letters, 0 for none.

    Examples
    --------
    >>> column_of(b"A"), column_of(b"xfd"), column_of(b"")
    (1, 16384, 0)
    """
    return reduce(lambda column, letter: column * LETTERS + letter - FIRST_LETTER + 1, letters.upper(), 0)


def _places_of(signs: np.ndarray, wanted: bytes) -> np.ndarray:
    """Return where a word begins; a blank in it is any white space."""
    last = len(signs) - len(wanted) + 1
    fits = (_fits(signs[place : last + place], sign) for place, sign in enumerate(wanted))
    return np.flatnonzero(reduce(np.ndarray.__iand__, fits))


def _fits(signs: np.ndarray, wanted: int) -> np.ndarray:
    return signs <= SPACE if wanted == SPACE else signs == wanted


def _stands_before(signs: np.ndarray, begins: np.ndarray, wanted: bytes) -> np.ndarray:
    found = begins >= len(wanted)
    for place, sign in enumerate(wanted):
        found &= signs[begins - len(wanted) + place] == sign
    return found


def _read_references(signs: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the row and the column (0 if none) of each reference, and where it ends."""
    rows, columns = np.zeros(len(after), dtype=np.int64), np.zeros(len(after), dtype=np.int64)
    is_letter = belongs = np.ones(len(after), dtype=bool)
    ends = after.copy()
    for place in range(LONGEST_REFERENCE):
        sign = signs[after + place]
        # A sign less the first of its kind wraps round to a large number if it stands before it.
        letter, digit = sign - FIRST_LETTER, sign - FIRST_DIGIT
        is_letter, is_digit = is_letter & (letter < LETTERS), belongs & (digit < DIGITS)
        belongs = is_letter | is_digit
        ends += belongs
        columns = np.where(is_letter, columns * LETTERS + letter + 1, columns)
        rows = np.where(is_digit, rows * DIGITS + digit, rows)
    return rows, columns, ends


def _count_cells(signs: np.ndarray) -> int:
    """Count the tags named c, whatever follows the name."""
    after = signs[_places_of(signs, CELL) + len(CELL)]
    return int(np.count_nonzero(after < FIRST_SMALL_LETTER))


def _next(starts: np.ndarray, row_ends: np.ndarray, end: int) -> np.ndarray:
    """Return where each cell ends: where the next one starts or its row ends."""
    next_cell = np.append(starts[1:], end)[: len(starts)]
    next_row_end = np.append(row_ends, end)[np.searchsorted(row_ends, starts)]
    return np.minimum(next_cell, next_row_end)


def _around(piece: bytes, starts: np.ndarray, stops: np.ndarray) -> bytes:
    """Return what stands before, between and behind the cells, most of which follow one another at once."""
    begins, ends = np.append(0, stops), np.append(starts, len(piece))
    is_gap = begins < ends
    return b"".join(_slices(piece, begins[is_gap], ends[is_gap]))


def _slices(piece: bytes, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    slices = np.empty(len(starts), dtype=object)
    slices[:] = [piece[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    return slices


# Whether XML is well formed and declares no document type, asked of a parser that keeps nothing


class WellFormed:
    """A parser to which XML is given piece by piece.

    Examples
    --------
    >>> [WellFormed().feed(text).at_end() for text in (b"<a><b/></a>", b"<a><b></a>", b"<!DOCTYPE a><a/>")]
    [True, False, False]
    """

    def __init__(self) -> None:
        self.is_broken = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._break

    def _break(self, *_: object) -> None:
        self.is_broken = True

    def feed(self, piece: bytes) -> "WellFormed":
        """Take the next piece; after what is not well formed no more is looked at.

        Examples
        --------
        >>> WellFormed().feed(b"<a><b/>").feed(b"</a>").at_end()
        True
        """
        self._parse(piece, is_last=False)
        return self

    def at_end(self) -> bool:
        """Return whether all that was given is well formed and whole, without a document type.

        Examples
        --------
        >>> WellFormed().feed(b"<a><b/>").at_end()  # well formed as far as it goes, and cut short
        False
        """
        self._parse(b"", is_last=True)
        return not self.is_broken

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        if not self.is_broken:
            try:
                self.parser.Parse(piece, is_last)
            except expat.ExpatError:
                self.is_broken = True


# The parts of an xlsx workbook: unpacked within bounds, and gone through for the cells of its sheets

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

    Examples
    --------
    >>> open_parts(b"pupil_id,year_group", "roll.xlsx")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: roll.xlsx: the workbook is cut short or damaged. Open it, save it as .xlsx again, ...
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

        Examples
        --------
        >>> WorkbookPart(is_sheet=True, corner=(1_048_576, 16_384)).check_extent("marks.xlsx")
        Traceback (most recent call last):
        ...
        attendance_lib.errors.InputError: marks.xlsx: a sheet reaches row 1,048,576 and column 16,384, ...
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

    Examples
    --------
    >>> sheet = b'<sheetData><row r="1"><c r="A1"><v>7</v></c><c r="B1" t="e"><v>#N/A</v></c></row></sheetData>'
    >>> part = go_through(iter([sheet]), "marks.xlsx")
    >>> part.corner, part.error_cells
    ((1, 2), ['B1'])
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


def _is_dense(part: zipfile.ZipInfo) -> bool:
    """Whether a part is packed more tightly than cells ever are."""
    return part.file_size > max(SMALL_PART_BYTES, MAX_PACKING_RATIO * max(part.compress_size, 1))


def _check_size(parts: list[zipfile.ZipInfo], label: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS or any(map(_is_dense, parts)):
        raise InputError(
            f"{label}: the workbook unpacks to {unpacked:,} bytes in {len(parts)} parts, which no school's export does "
            f"(limit {MAX_UNPACKED_BYTES:,}). Do not open it; ask where it came from."
        )


# A workbook condensed: its sheets hold every different cell once, and beside them stands where each was

# What a library needs to read cells; pictures and other kinds of workbook stay behind.
NEEDED = (".xml", ".rels")
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = b"</sheetData></worksheet>"


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

    ``error_cells`` are the references of the cells with an error such as #N/A, of all sheets, ``formula_cells`` of those
    with a formula that no program has worked out; reading leaves them blank.
    """

    places: dict[str, SheetPlaces]
    error_cells: list[str]
    formula_cells: list[str] = field(default_factory=list)

    def add(self, name: str, part: WorkbookPart) -> bytes | None:
        """Add a part and return the sheet that stands for it, None if the part stays as it is."""
        self.error_cells.extend(part.error_cells)
        self.formula_cells.extend(part.formula_cells)
        if not part.is_plain:
            return None
        said = joined([piece.said for piece in part.pieces])
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

        Examples
        --------
        >>> condensed = Condensed({"sheet1.xml": SheetPlaces(np.array([0, 1]), np.array([0, 0]), np.array([0, 0]))}, [])
        >>> condensed.cells_of([["sheet1.xml"], ["/"], ["sheet1.xml"]]).tolist(), condensed.cells_of([["Pupil", "Mark"]])
        ([['/'], ['/']], None)
        """
        places = self.places.get(str(rows[0][0])) if rows and rows[0] else None
        if places is None:
            return None
        first, *different, last = (row[0] for row in rows)
        if last != first or len(different) != 1 + places.which.max(initial=-1):
            raise ValueError(f"the library saw {len(different)} other cells")
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
    with open_parts(content, label) as workbook, _new_archive(packed) as small:
        for name in dict.fromkeys(workbook.namelist()):
            if name.endswith(NEEDED):
                part = go_through(unpack(workbook, name, label), label)
                part.check_extent(label)
                rewritten = condensed.add(name, part)
                kept = [rewritten] if rewritten else unpack(workbook, name, label)
                if not (_keep(small, name, kept) and (not rewritten or part.skeleton.at_end())):
                    raise InputError(
                        f"{label}: the workbook is damaged (it is not well-formed XML). {SAVE_AGAIN}"
                    )
    return packed.getvalue(), condensed


def _new_archive(stream: io.BytesIO) -> zipfile.ZipFile:
    """Return an archive to write into: packed, for a sheet that is left as it is can be a hundred times as large unpacked."""
    return zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1)


def _keep(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> bool:
    """Write a part into an archive, piece by piece, and return whether it is well-formed."""
    looked_at = WellFormed()
    with archive.open(name, "w") as part:
        for piece in pieces:
            looked_at.feed(piece)
            part.write(piece)
    return looked_at.at_end()


def _sheet_of(name: str, said: np.ndarray) -> bytes:
    """Return the XML of a sheet with a cell a row: the name of its part, what the different cells say, and the name again."""
    sign = f' t="inlineStr"><is><t>{escape(name)}</t></is></c>'.encode()
    rows = (
        b'<row r="%d"><c r="A%d"%b</row>' % (row, row, text)
        for row, text in enumerate([sign, *said, sign], 1)
    )
    return HEAD + b"".join(rows) + FOOT


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
