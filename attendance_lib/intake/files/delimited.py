"""Delimited text (CSV): which delimiter, and its cells as text."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd

from attendance_lib.errors import InputError, counted

# A delimited file that breaks off: its last line is the beginning of one, without its end

DIGIT, LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")


def refuse_cut_off(text: str, delimiter: str, label: str) -> None:
    r"""Refuse a file whose last line is cut off, since nobody can know how much came after it.

    Such a line does not end, has fewer fields than any line before, and begins as these do: a title or a total at the end
    does not, and where a program leaves out empty fields at the end other lines are short too.

    Parameters
    ----------
    text : str
        The whole file.
    delimiter : str
        The sign between its fields.
    label : str
        How messages name it.

    Raises
    ------
    InputError
        If it breaks off, with the row.

    Examples
    --------
    >>> refuse_cut_off("id,day,code\n0012,2026-09-14,/\nTotal", ",", "marks.csv")
    >>> refuse_cut_off("id,day,code\n0012,2026-09-14,/\n0013,2026-", ",", "marks.csv")
    Traceback (most recent call last):
    attendance_lib.errors.InputError: marks.csv, row 3: this last line is cut off, so the file breaks off here. Export it again.
    """
    if text.endswith(("\n", "\r")):
        return
    lines = text.splitlines()
    *before, last = (line.split(delimiter) for line in lines if line.strip())
    if before and len(last) < min(map(len, before)) and begins_as(last, before[-1]):
        raise InputError(
            f"{label}, row {len(lines)}: this last line is cut off, so the file breaks off here. Export it again."
        )


def begins_as(last: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a line begins with the same kind of identifier as another, or with the beginning of one.

    Examples
    --------
    >>> begins_as(["00339"], ["003166", "x"]), begins_as(["Total"], ["003166", "x"]), begins_as(["A12"], ["B3456"])
    (True, False, True)
    """
    return bool(last) and shape(other[0]).startswith(shape(last[0])) and last[0] != ""


def shape(cell: str) -> str:
    """Return a cell with 9 for each digit and A for each letter.

    Examples
    --------
    >>> shape("A1-é7")
    'A9-A9'
    """
    return LETTER.sub("A", DIGIT.sub("9", cell))


# Rows of delimited text that are not what they look like: swallowed by a stray quotation mark, or with a field too many

LINE_END = re.compile(r"\r\n|\n|\r")
DIGITS, LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")
FEWEST_FIELDS = 3
# More rows than this share with a field beyond the headings are a column without a heading.
FEW, OUT_OF = 1, 2


def refuse_swallowed_rows(cells: np.ndarray, delimiter: str, usual: int, label: str) -> None:
    r"""Refuse a table of which a stray quotation mark has put rows into one cell; a note with line breaks is none.

    Parameters
    ----------
    cells : numpy.ndarray
        Cells (object), shape (rows, columns).
    delimiter : str
        The sign between fields.
    usual : int
        How many fields most of the early rows have.
    label : str
        How messages name the file.

    Raises
    ------
    InputError
        With the first such row and how many lines one cell of it holds.

    Examples
    --------
    >>> swallowed = "/\n14,2026-11-09,/\n15,2026-11-09,N"
    >>> rows = [["id", "date", "note"], ["12", "2026-11-09", "flu\nback soon"], ["13", "2026-11-09", swallowed]]
    >>> refuse_swallowed_rows(np.array(rows[:2], dtype=object), ",", 3, "marks.csv")
    >>> refuse_swallowed_rows(np.array(rows, dtype=object), ",", 3, "marks.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: marks.csv, row 3: a cell holds 3 lines that are rows themselves, ...
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

    Examples
    --------
    >>> rows = [["id", "note", ""], ["1", "ill", ""], ["2", "ill", " at home"]]
    >>> refuse_wide_rows(np.array(rows, dtype=object), 2, "notes.csv")
    Traceback (most recent call last):
    attendance_lib.errors.InputError: notes.csv: ...
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


DELIMITERS = (",", ";", "\t", "|")
SNIFF_ROWS = 50
SNIFF_CHARACTERS = 1_000_000
MAX_FIELDS = 5_000
MAX_FIELD_CHARACTERS = 131_072
MAX_LINE_BYTES = 1_000_000
# Four years of a school of two thousand; ten million lines of different cells took minutes and the memory.
MAX_LINES = 3_000_000
MAX_CELLS = 30_000_000
NEWLINE = ord("\n")
# How the parser words it; it counts the first of these from 0 and the other from 1.
OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")
CHECK_MARKS = "Check quotation marks and delimiters, or export the file again."
WIDE_ROW = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")


def read_delimited(text: str, label: str) -> np.ndarray:
    r"""Return the cells of delimited text, all of them as text.

    Parameters
    ----------
    text : str
        The whole file.
    label : str
        How messages name it.

    Returns
    -------
    numpy.ndarray
        Cells (object), shape (rows, columns); short rows are filled with empty text, blank lines kept so
        that row numbers agree with the file.

    Raises
    ------
    InputError
        If a quotation mark is never closed, a row has more fields than the rows before it show, a line is out of
        all proportion, or the last one is cut off.

    Examples
    --------
    >>> read_delimited('a;b\n"x;y";2\n', "marks.csv").tolist()
    [['a', 'b'], ['x;y', '2']]
    """
    delimiter, width, usual = find_shape(text, label)
    refuse_cut_off(text, delimiter, label)
    text = text.partition("\n")[2] if text[:4].lower() == "sep=" else text
    content = text.encode("utf-8", "surrogatepass")
    _check_lines(content, width, label)
    try:
        rows = pd.read_csv(
            io.BytesIO(content), sep=delimiter, header=None, names=range(width), dtype=object,
            na_filter=False, skip_blank_lines=False, encoding_errors="surrogatepass", low_memory=False,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        raise InputError(f"{label}: {_reason(str(error))}") from None
    cells = rows.to_numpy(dtype=object)
    if len(cells) < max(content.count(b"\n"), content.count(b"\r")):
        refuse_swallowed_rows(cells, delimiter, usual, label)
    refuse_wide_rows(cells, usual, label)
    return cells


def find_shape(text: str, label: str) -> tuple[str, int, int]:
    r"""Return the delimiter of a file, and how many fields its widest early row and most of these rows have.

    The delimiter is the one under which most early rows have the same number of fields, two or more.

    Raises
    ------
    InputError
        If there is no text, or a field or row is longer than any export's.

    Examples
    --------
    >>> find_shape("a;b;c\n1;2;3\n4;5,5;6\n", "a.csv")
    (';', 3, 3)
    """
    head = text[:SNIFF_CHARACTERS]
    if not head.strip():
        raise InputError(f"{label}: the file holds no rows. Export it again.")
    widths = {delimiter: _widths(head, delimiter, label) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: _agreement(widths[delimiter]))
    width = max(widths[best])
    if width > MAX_FIELDS:
        raise InputError(
            f"{label}: a row has {width:,} fields, more than the limit of {MAX_FIELDS:,}. Check the delimiter."
        )
    return best, width, _agreement(widths[best])[1] or width


def _check_lines(content: bytes, width: int, label: str) -> None:
    """Refuse lines longer than any export's, and more lines or cells than a table may fill the memory with."""
    lines = content.count(b"\n") + 1
    if lines > MAX_LINES or lines * width > MAX_CELLS:
        raise InputError(
            f"{label}: {lines:,} lines of {counted(width, 'field')} are more than any export has (limits {MAX_LINES:,} lines, "
            f"{MAX_CELLS:,} cells). Split the export by term."
        )
    ends = np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == NEWLINE)
    longest = int(np.diff(ends, prepend=-1, append=len(content)).max())
    if longest > MAX_LINE_BYTES:
        raise InputError(
            f"{label}: a line is {longest:,} bytes long, more than the limit of {MAX_LINE_BYTES:,}. "
            "This is no table of one row a line; export the file again."
        )


def _widths(head: str, delimiter: str, label: str) -> list[int]:
    lines = io.StringIO(head, newline="")
    try:
        return [len(row) for row in islice(csv.reader(lines, delimiter=delimiter), SNIFF_ROWS)] or [0]
    except csv.Error:
        raise InputError(
            f"{label}: a field is longer than {MAX_FIELD_CHARACTERS:,} characters. Check that every quotation mark is closed."
        ) from None


def _agreement(widths: list[int]) -> tuple[int, int]:
    """Rank a delimiter: rows that share the commonest width of two or more, then that width."""
    several = [width for width in widths if width > 1]
    commonest = max(set(several), key=lambda width: (several.count(width), width), default=0)
    return several.count(commonest), commonest


def _reason(error: str) -> str:
    """Say what is wrong with the rows, by the parser's row numbers, which hold no cell, and nothing else of its message."""
    if opened := OPEN_QUOTE.search(error):
        return f"a quotation mark in or after row {int(opened[1]) + 1} is never closed. {CHECK_MARKS}"
    if wide := WIDE_ROW.search(error):
        return too_wide(int(wide[2]), int(wide[3]), int(wide[1]))
    return f"the rows cannot be told apart. {CHECK_MARKS}"
