"""Where things stand on a sheet: the title, the lines under it, the header row and the rows of the table."""

import textwrap
from dataclasses import dataclass
from functools import cached_property

from openpyxl.utils import get_column_letter

from attendance_lib.display.kinds import Kind
from attendance_lib.display.workbook.cells import Figure, typed_value
from attendance_lib.display.workbook.names import heading_names
from attendance_lib.rules.pack_marks import mark_of, token_of

NARROWEST = 11
WIDEST = 40
FILTER_BUTTON = 3  # characters that the button takes from a heading
LINE_LEAST = 70
LINE_MOST = 120
DATE_WIDTH = 12


@dataclass(frozen=True)
class Layout:
    """One table on one sheet, starting in column A.

    The title is in row 1, one line of ``intro`` in each row below it, then the header row, then the
    table's rows and ``blank_rows`` more for rows that staff add. A sheet to fill in has the ``pack_id`` of its
    pack: a hidden row of our columns' names stands above the header row and a hidden column of the rows' marks
    right of the table, by which the sheet is known again. Its marks go on after the ``marked_before`` of other sheets.
    """

    sheet: str
    table: dict
    intro: tuple[str, ...] = ()
    blank_rows: int = 0
    pack_id: str = ""
    marked_before: int = 0

    @cached_property
    def headings(self) -> list[str]:
        """Return the distinct headings of the columns."""
        return heading_names(self.table["columns"])

    @cached_property
    def widths(self) -> list[float]:
        """Return the width of each column in characters."""
        return [column_width(self.table, index, heading) for index, heading in enumerate(self.headings)]

    @cached_property
    def lines(self) -> list[str]:
        """Return the intro broken into lines no wider than the table, since no cell is merged for them."""
        width = int(min(max(sum(self.widths), LINE_LEAST), LINE_MOST))
        return [line for text in self.intro for line in textwrap.wrap(text, width)]

    @property
    def header_row(self) -> int:
        """Return the number of the header row."""
        return len(self.lines) + 2 + bool(self.pack_id)

    @property
    def first_row(self) -> int:
        """Return the number of the first row under the header."""
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        """Return the number of the last row staff may fill in (the header's own where there is none)."""
        return self.header_row + len(self.table["rows"]) + self.blank_rows

    @property
    def ref(self) -> str:
        """Return the range of header and rows, such as ``A4:H40``, with the rows' marks so that they are sorted along."""
        last = get_column_letter(len(self.headings) + bool(self.pack_id))
        return f"A{self.header_row}:{last}{self.last_row}"

    @property
    def marks(self) -> list[str]:
        """Return the mark of each row under the header, blank ones too."""
        count = len(self.table["rows"]) + self.blank_rows
        return [mark_of(self.marked_before + number) for number in range(1, count + 1)]

    @property
    def tokens(self) -> list[str]:
        """Return what stands in the hidden column of each row."""
        return [token_of(self.pack_id, mark) for mark in self.marks]

    @property
    def row_header(self) -> int:
        """Return the position (from 0) of the column whose cells head their rows."""
        return [column["name"] for column in self.table["columns"]].index(self.table["row_header"])

    def span(self, index: int) -> str:
        """Return the range of a column's cells under the header, such as ``C5:C40``."""
        letter = get_column_letter(index + 1)
        return f"{letter}{self.first_row}:{letter}{self.last_row}"


def column_width(table: dict, index: int, heading: str) -> float:
    """Return a column's width in characters: its hint, or what its heading and its cells need.

    Parameters
    ----------
    table : dict
        A table payload.
    index : int
        The column's position, from 0.
    heading : str
        Its heading, which wraps between words.
    """
    column = table["columns"][index]
    head = max(len(word) for word in heading.split() or [""]) + FILTER_BUTTON
    if column["width"]:
        return max(column["width"], head)
    cells = max((cell_width(row[index], Kind(column["kind"])) for row in table["rows"]), default=0)
    return min(max(head, cells + 2, NARROWEST), WIDEST)


def lines_needed(text: str, width: float) -> int:
    r"""Return how many lines a text takes when it wraps in a column of a width in characters.

    Examples
    --------
    >>> lines_needed("Meet the family", 20), lines_needed("Meet the family", 9), lines_needed("a\nb", 20)
    (1, 2, 2)
    """
    room = max(int(width), 1)
    # Most texts are short, and need no wrapping to be counted.
    return sum(
        1 if len(line) <= room and "\t" not in line else max(len(textwrap.wrap(line, room)), 1)
        for line in text.split("\n")
    )


def cell_width(value: object, kind: Kind) -> int:
    """Return the characters a value takes on the sheet; a text of several lines counts its longest."""
    value, kind = (value.value, Kind(value.kind)) if isinstance(value, Figure) else (value, kind)
    typed = typed_value(value, kind)
    if isinstance(typed, str):
        return max(map(len, typed.split("\n")))
    return 0 if typed is None else DATE_WIDTH - 2
