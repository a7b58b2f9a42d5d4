"""Delimited text (CSV): which delimiter, and its cells as text."""

import csv
import io
import re
from itertools import islice

import numpy as np
import pandas as pd

from attendance_lib.errors import InputError, counted
from attendance_lib.intake.cut_off import refuse_cut_off
from attendance_lib.intake.row_shape import refuse_swallowed_rows, refuse_wide_rows, too_wide

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
# How the parser says it; it counts the first of these from 0 and the other from 1.
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
    """Return the delimiter of a file, and how many fields its widest early row and most of these rows have.

    The delimiter is the one under which most early rows have the same number of fields, two or more.

    Raises
    ------
    InputError
        If there is no text, or a field or row is longer than any export's.
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
