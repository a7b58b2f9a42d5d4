"""Rows of delimited text that are not what they look like: swallowed by a stray quotation mark, or with a field too many."""

import re
from collections.abc import Iterator

import numpy as np

from attendance_lib.errors import InputError, counted

LINE_END = re.compile(r"\r\n|\n|\r")
DIGITS, LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")
FEWEST_FIELDS = 3
# More rows than this share with a field beyond the headings are a column without a heading.
FEW, OUT_OF = 1, 2


def refuse_swallowed_rows(cells: np.ndarray, delimiter: str, usual: int, label: str) -> None:
    """Refuse a table of which a stray quotation mark has put rows into one cell; a note with line breaks is none.

    Parameters
    ----------
    cells : numpy.ndarray
        Cells (object), shape (rows, columns).
    delimiter : str
        What stands between fields.
    usual : int
        How many fields most of the early rows have.
    label : str
        How messages name the file.

    Raises
    ------
    InputError
        With the first such row and how many lines one cell of it holds.
    """
    if usual < FEWEST_FIELDS:
        return
    known = {_shape(cell) for cell in set(cells[:, 0])}
    for row, column in sorted(_with_line_ends(cells)):
        lines = LINE_END.split(cells[row, column])
        if _are_rows(lines, delimiter, usual, known):
            raise InputError(
                f"{label}, row {row + 1}: a cell holds {counted(len(lines), 'line')} that are rows themselves, "
                "for a quotation mark opens there and closes rows later. Put text with a quotation mark in quotation marks, "
                "each inner one written twice, or export as xlsx."
            )


def _with_line_ends(cells: np.ndarray) -> Iterator[tuple[int, int]]:
    for position, column in enumerate(cells.T):
        wanted = {cell for cell in set(column) if LINE_END.search(cell)}
        if wanted:
            yield from ((row, position) for row, cell in enumerate(column) if cell in wanted)


def _are_rows(lines: list[str], delimiter: str, width: int, known: set[str]) -> bool:
    """Whether half or more of the lines that begin in a cell have the fields of a row, and begin as rows do.

    The first line is the end of the row in which the quotation mark opens, the last one the beginning of that in which it
    closes: together they have as many delimiters as one row.
    """
    counts = [line.count(delimiter) for line in lines]
    is_whole = [count == width - 1 for count in counts[1:-1]] + [counts[0] + counts[-1] == width - 1]
    begins = [_shape(line.partition(delimiter)[0]) in known for line in lines[1:]]
    like_rows = sum(whole and begun for whole, begun in zip(is_whole, begins, strict=True))
    return 2 * like_rows >= len(lines) - 1


def _shape(text: object) -> str:
    """Return what kind of text begins a row: digits as 9, letters as A, whatever their number.

    Examples
    --------
    >>> _shape("004101"), _shape("C-12"), _shape("O'Neill")
    ('9', 'A-9', "A'A")
    """
    return DIGITS.sub("9", LETTERS.sub("A", str(text).strip()))


def refuse_wide_rows(cells: np.ndarray, usual: int, label: str) -> None:
    """Refuse a table with a few rows that have more fields than its headings, as an unquoted delimiter makes them.

    Parameters
    ----------
    cells : numpy.ndarray
        Cells (object), shape (rows, columns); short rows are filled up.
    usual : int
        How many fields most of its early rows have.
    label : str
        How messages name the file.

    Raises
    ------
    InputError
        With the first such row, and how many fields it has too many.
    """
    if cells.shape[1] <= usual:
        return
    filled = cells != ""
    extents = np.where(filled.any(axis=1), cells.shape[1] - np.argmax(filled[:, ::-1], axis=1), 0)
    headings = next((extent for extent in extents if extent >= usual), usual)
    wide = np.flatnonzero(extents > headings)
    if len(wide) and OUT_OF * len(wide) < FEW * np.count_nonzero(extents):
        raise InputError(f"{label}: {too_wide(int(wide[0]) + 1, int(extents[wide[0]]), int(headings))}")


def too_wide(row: int, fields: int, usual: int) -> str:
    """Say that a row has fields too many, and what to do.

    Examples
    --------
    >>> too_wide(6, 5, 4).partition(". ")[0]
    'row 6 has one field too many (5 fields, the rows before it 4)'
    """
    more = fields - usual
    many = "one field" if more == 1 else f"{more:,} fields"
    return (
        f"row {row} has {many} too many ({fields:,} fields, the rows before it {usual:,}). Put a cell that holds the delimiter in "
        "quotation marks, or export as xlsx."
    )
