"""Where the cells of a worksheet's XML stand: found by arithmetic on all of a piece's bytes at once.

A sheet of a million rows has millions of cells, and to walk through them one by one takes ten times as long.
"""

import re
from dataclasses import dataclass
from functools import reduce

import numpy as np

from attendance_lib.intake.coded import Coded

# How a row and a cell say where they are, and how long that is at most: three letters and seven digits.
REFERENCE, CELL, ROW_END = b' r="', b"<c", b"</ro"
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
    said: Coded
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
    signs = np.frombuffer(piece + bytes(LONGEST_REFERENCE + len(REFERENCE)), dtype=np.uint8)
    begins = _places_of(signs, REFERENCE)
    rows, columns, ends = _read_references(signs, begins + len(REFERENCE))
    names_cell = columns > 0
    is_cell = names_cell & (rows > 0) & _stands_before(signs, begins, CELL) & (signs[ends] == QUOTE)
    hides = HIDING_SIGN in piece and HIDING in piece
    is_plain = not hides and int(names_cell.sum()) == int(is_cell.sum()) == _count_cells(signs)
    starts = begins[is_cell] - len(CELL)
    stops = _next(starts, _places_of(signs, ROW_END), len(piece))
    said = _slices(piece, ends[is_cell] + 1, stops)
    at = (each[is_cell].astype(np.int32) for each in (rows, columns))
    corner = int(rows.max(initial=0)), int(columns.max(initial=0))
    return CellPlaces(*at, Coded.of(said), _around(piece, starts, stops), corner, is_plain)


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
