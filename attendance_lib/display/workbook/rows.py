"""The rows of a table in the XML of its sheet, written at once: openpyxl would make an object of each cell and of its element.

Everything else of a sheet is openpyxl's, and a sheet comes out byte by byte as if these rows were too.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from attendance_lib.display.workbook.cells import (
    FORMULA_SIGNS,
    GENERAL_FORMAT,
    TEXT_FORMAT,
    TEXT_FORMAT_LIMIT,
    Typed,
    clean_text,
)


class Written(NamedTuple):
    """One cell: the place of its style among those of its rows, what of its element follows that, and its text if it is one."""

    style: int
    content: str
    text: str | None


BLANK = ' t="n" />'


def content_of(value: Typed) -> str:
    """Return what follows the style of a cell's element, closed.

    Examples
    --------
    >>> content_of(12), content_of(" Ann & son")
    (' t="n"><v>12</v></c>', ' t="inlineStr"><is><t xml:space="preserve"> Ann &amp; son</t></is></c>')
    """
    if value is None:
        return BLANK
    if isinstance(value, date):
        value = to_excel(value)
    if not isinstance(value, str):
        return f' t="n"><v>{safe_string(value)}</v></c>'
    if not value:
        return ' t="inlineStr" />'
    stripped = value.strip()
    space = ' xml:space="preserve"' if stripped and stripped != value else ""
    return f' t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'


@dataclass
class Body:
    """The rows under a header, column by column: all that stands on a sheet below ``first_row``, itself among it.

    ``heights`` are in points, one a row; ``links`` lead from a cell, by its row and column from 1.
    """

    worksheet: Worksheet
    first_row: int
    columns: list[list[Written]] = field(default_factory=list)
    styles: list[StyleArray] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    links: dict[tuple[int, int], Hyperlink] = field(default_factory=dict)

    @property
    def last_row(self) -> int:
        """Return the number of the last row."""
        return self.first_row + len(self.columns[0]) - 1

    def style(self, pattern: Cell) -> int:
        """Return the place of a style, which is that of a cell that stands on no sheet."""
        self.styles.append(copy(pattern._style))
        return len(self.styles) - 1

    def xml(self) -> Iterator[str]:
        """Yield the element of each row; numbers of styles are given out as they are first met, as openpyxl does."""
        numbers: dict[int, int] = {}
        known = self.worksheet.parent._cell_styles
        letters = [get_column_letter(number) for number in range(1, len(self.columns) + 1)]
        rows = zip(*self.columns, strict=True)
        for number, (row, height) in enumerate(zip(rows, self.heights, strict=True), self.first_row):
            parts = [f'<row r="{number}" ht="{safe_string(height)}">']
            for letter, cell in zip(letters, row, strict=True):
                style = numbers.get(cell.style)
                if style is None:
                    style = numbers[cell.style] = known.add(self.styles[cell.style])
                parts.append(f'<c r="{letter}{number}" s="{style}"{cell.content}')
            yield f"{''.join(parts)}</row>"


class CellsOfColumn:
    """The cells of one column of rows, in the style of a pattern: each value in the format of its kind, text as text."""

    def __init__(self, body: Body, pattern: Cell) -> None:
        self.body, self.pattern, self.number = body, pattern, 0
        self.styles: dict[tuple[str, bool], int] = {}
        self.looks: dict[int, tuple[str, bool]] = {}
        self.known: dict[tuple[str, str], Written] = {}

    def add(self, typed: list[tuple[Typed, str]]) -> None:
        """Add the column to those of the rows: its values, each with the format of its kind."""
        self.body.columns.append([self._written(value, shown) for value, shown in typed])
        self.number = len(self.body.columns)

    def link(self, links: dict[int, Hyperlink], font: Font) -> None:
        """Let cells of the column lead somewhere, by their rows of the sheet, in the font of a link."""
        self.pattern.font = font
        self.styles.clear()
        number, cells = self.number, self.body.columns[self.number - 1]
        for row, link in links.items():
            link.ref = f"{get_column_letter(number)}{row}"
            self.body.links[row, number] = link
            cells[row - self.body.first_row] = self._linked(cells[row - self.body.first_row])

    def _linked(self, cell: Written) -> Written:
        shown, is_quoted = self.looks[cell.style]
        return cell._replace(style=self._style(shown, is_quoted=is_quoted))

    def _written(self, value: Typed, shown: str) -> Written:
        if not isinstance(value, str):
            return Written(self._style(shown, is_quoted=False), content_of(value), None)
        key = value, shown
        if key not in self.known:
            self.known[key] = self._text(value, shown)
        return self.known[key]

    def _text(self, value: str, shown: str) -> Written:
        text = clean_text(value)
        is_long = len(value) > TEXT_FORMAT_LIMIT and shown == TEXT_FORMAT
        # A text that begins like a formula also gets Excel's quote prefix, as in ``cells.write_text``.
        style = self._style(GENERAL_FORMAT if is_long else shown, is_quoted=value.startswith(FORMULA_SIGNS))
        return Written(style, content_of(text), text)

    def _style(self, shown: str, *, is_quoted: bool) -> int:
        key = shown, is_quoted
        if key not in self.styles:
            self.pattern.number_format, self.pattern.quotePrefix = shown, is_quoted
            self.styles[key] = self.body.style(self.pattern)
            self.looks[self.styles[key]] = key
        return self.styles[key]


# Sheets with such rows, saved

ROWS = "rows"


class SheetWriter(WorksheetWriter):
    """Writes a sheet as openpyxl does, with a mark where the rows of its body belong, if it has one."""

    @property
    def body(self) -> Body | None:
        """Return the rows that are not openpyxl's."""
        return getattr(self.ws, "body", None)

    def write_dimensions(self) -> None:
        """Write how far the sheet reaches, its body too."""
        reach = self.ws.calculate_dimension()
        if self.body:
            # The header is as wide as the rows under it.
            reach = f"{reach.rstrip('0123456789')}{self.body.last_row}"
        self.xf.send(SheetDimension(reach).to_tree())

    def write_rows(self) -> None:
        """Write the rows that openpyxl has, then the mark."""
        xf = self.xf.send(True)  # noqa: FBT003 - what openpyxl asks for by this are several elements
        with xf.element("sheetData"):
            for number, row in self.rows():
                self.write_row(xf, row, number)
            if self.body:
                xf.write(ROWS)
                self.ws._hyperlinks += [link for _, link in sorted(self.body.links.items())]
        self.xf.send(None)


class BookWriter(ExcelWriter):
    """Writes a book as openpyxl does, with the rows of each sheet's body."""

    def write_worksheet(self, ws: Worksheet) -> None:
        """Write one sheet into the archive."""
        ws._drawing = SpreadsheetDrawing()
        writer = SheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        sheet = writer.out.getvalue()
        if writer.body:
            mark = f"{ROWS}</sheetData>".encode()
            sheet = sheet.replace(
                mark, f"{''.join(writer.body.xml())}</sheetData>".encode("utf-8", "xmlcharrefreplace"), 1
            )
        self._archive.writestr(ws.path[1:], sheet)
        self.manifest.append(ws)


def parts_of(book: Workbook) -> dict[str, bytes]:
    """Return the parts of a workbook's zip by their names."""
    held = BytesIO()
    BookWriter(book, ZipFile(held, "w", ZIP_STORED)).save()
    with ZipFile(held) as made:
        return {name: made.read(name) for name in made.namelist()}
