"""One table written on one worksheet: what both profiles share."""

import re
import textwrap
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cache, cached_property, partial

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from attendance_lib.display.kinds import NUMERIC, Kind
from attendance_lib.display.shown import addresses_of
from attendance_lib.display.workbook import cells
from attendance_lib.display.workbook.cells import Figure, typed_and_shown, typed_value, write_text
from attendance_lib.display.workbook.rows import Body, CellsOfColumn
from attendance_lib.rules.pack_marks import TOKEN_HEADING, TOKEN_NAME, mark_of, token_of

# Names of sheets and headings that Excel accepts, each different from the others

SHEET_LIMIT = 31
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NOT_IN_TABLE_NAMES = re.compile(r"\W")


def sheet_names(names: Iterable[str], reserved: Iterable[str] = ()) -> list[str]:
    """Return one sheet name for each name: at most 31 characters, distinct whatever the case.

    Parameters
    ----------
    names : iterable of str
        Names of tables.
    reserved : iterable of str
        Sheet names already in use.

    Returns
    -------
    list of str
        In the order of ``names``; a name already taken gets a number.

    Examples
    --------
    >>> sheet_names(["actions", "who/what", "Actions"])
    ['actions', 'who_what', 'Actions_2']
    """
    safe = [NOT_IN_SHEET_NAMES.sub("_", name).strip("'")[:SHEET_LIMIT] or "sheet" for name in names]
    return distinct(safe, limit=SHEET_LIMIT, form="{name}_{n}", taken=reserved)


def heading_names(columns: Iterable[dict]) -> list[str]:
    """Return the heading of each column; a repeated one gets a number, an empty one the column's name.

    Examples
    --------
    >>> heading_names([{"heading": "%", "name": "a"}, {"heading": "%", "name": "b"}, {"heading": "", "name": "c"}])
    ['%', '% (2)', 'c']
    """
    return distinct(
        [column["heading"] or column["name"] for column in columns], limit=255, form="{name} ({n})"
    )


def distinct(names: list[str], *, limit: int, form: str, taken: Iterable[str] = ()) -> list[str]:
    """Return the names with a number added to each that is taken, within a length in characters.

    Examples
    --------
    >>> distinct(["absence", "Absence", "notes"], limit=8, form="{name}_{n}", taken=["NOTES"])
    ['absence', 'Absenc_2', 'notes_2']
    """
    used = {name.casefold() for name in taken}
    chosen = []
    for name in names:
        chosen.append(_free_name(name, limit, form, used))
        used.add(chosen[-1].casefold())
    return chosen


def _free_name(name: str, limit: int, form: str, used: set[str]) -> str:
    candidate, n = name[:limit], 1
    while candidate.casefold() in used:
        n += 1
        extra = len(form.format(name="", n=n))
        candidate = form.format(name=name[: limit - extra], n=n)
    return candidate


def object_name(sheet: str) -> str:
    """Return the name of the Excel Table object on a sheet: letters, digits and underscores only.

    Examples
    --------
    >>> object_name("7A by week")
    'table_7A_by_week'
    """
    return f"table_{NOT_IN_TABLE_NAMES.sub('_', sheet)}"


# Where things stand on a sheet: the title, the lines under it, the header row and the rows of the table

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
    The first cells of rows lead to the sheets of ``leads_to``, whose names they show, if there are any.
    """

    sheet: str
    table: dict
    intro: tuple[str, ...] = ()
    blank_rows: int = 0
    pack_id: str = ""
    marked_before: int = 0
    leads_to: tuple[str, ...] = ()

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
        """Return the intro broken into lines no wider than the table, since no cell is merged for them.

        Examples
        --------
        >>> from attendance_lib.display.kinds import Column
        >>> from attendance_lib.display.workbook.tables import table_of
        >>> forms = table_of("forms", "Forms", [Column("form", "Form")], [["7A"]])
        >>> [len(line) for line in Layout("Forms", forms, ("four " * 20,)).lines]  # a narrow table: 70 characters at most
        [69, 29]
        """
        width = int(min(max(sum(self.widths), LINE_LEAST), LINE_MOST))
        return [line for text in self.intro for line in textwrap.wrap(text, width)]

    @property
    def header_row(self) -> int:
        """Return the number of the header row.

        Examples
        --------
        >>> from attendance_lib.display.kinds import Column
        >>> from attendance_lib.display.workbook.tables import table_of
        >>> forms = table_of("forms", "Forms", [Column("form", "Form"), Column("said", "Said")], [["7A", ""], ["7B", ""]])
        >>> Layout("Forms", forms).header_row, Layout("Forms", forms, ("Of this week.",)).header_row
        (2, 3)
        """
        return len(self.lines) + 2 + bool(self.pack_id)

    @property
    def first_row(self) -> int:
        """Return the number of the first row under the header."""
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        """Return the number of the last row staff may fill in (the header's own where there is none).

        Examples
        --------
        >>> from attendance_lib.display.kinds import Column
        >>> from attendance_lib.display.workbook.tables import table_of
        >>> forms = table_of("forms", "Forms", [Column("form", "Form"), Column("said", "Said")], [["7A", ""], ["7B", ""]])
        >>> Layout("Forms", forms).last_row, Layout("Forms", forms, blank_rows=5).last_row
        (4, 9)
        """
        return self.header_row + len(self.table["rows"]) + self.blank_rows

    @property
    def ref(self) -> str:
        """Return the range of header and rows, such as ``A4:H40``, with the rows' marks so that they are sorted along.

        Examples
        --------
        >>> from attendance_lib.display.kinds import Column
        >>> from attendance_lib.display.workbook.tables import table_of
        >>> forms = table_of("forms", "Forms", [Column("form", "Form"), Column("said", "Said")], [["7A", ""], ["7B", ""]])
        >>> Layout("Forms", forms).ref, Layout("Forms", forms, pack_id="pk0000000000aa").ref
        ('A2:B4', 'A3:C5')
        """
        last = get_column_letter(len(self.headings) + bool(self.pack_id))
        return f"A{self.header_row}:{last}{self.last_row}"

    @property
    def marks(self) -> list[str]:
        """Return the mark of each row under the header, blank ones too.

        Examples
        --------
        >>> from attendance_lib.display.kinds import Column
        >>> from attendance_lib.display.workbook.tables import table_of
        >>> forms = table_of("forms", "Forms", [Column("form", "Form")], [["7A"], ["7B"]])
        >>> Layout("Forms", forms, blank_rows=1, marked_before=10).marks
        ['011', '012', '013']
        """
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
        """Return the range of a column's cells under the header, such as ``C5:C40``.

        Examples
        --------
        >>> from attendance_lib.display.kinds import Column
        >>> from attendance_lib.display.workbook.tables import table_of
        >>> forms = table_of("forms", "Forms", [Column("form", "Form"), Column("said", "Said")], [["7A", ""], ["7B", ""]])
        >>> Layout("Forms", forms).span(1)
        'B3:B4'
        """
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

    Examples
    --------
    >>> table = {"columns": [{"width": None, "kind": "text"}], "rows": [["Attendance officer"], ["Form tutor"]]}
    >>> column_width(table, 0, "Who leads")  # the longest cell, and 2 beside it
    20
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
    r"""Return the characters a value takes on the sheet; a text of several lines counts its longest.

    Examples
    --------
    >>> cell_width("Meet the family\nand write", Kind.TEXT), cell_width(None, Kind.TEXT)
    (15, 0)
    """
    value, kind = (value.value, Kind(value.kind)) if isinstance(value, Figure) else (value, kind)
    typed = typed_value(value, kind)
    if isinstance(typed, str):
        return max(map(len, typed.split("\n")))
    return 0 if typed is None else DATE_WIDTH - 2


TITLE_HEIGHT = 24
LINE_HEIGHT = 1.28  # of the font's size
PADDING = 3
INDENT = 1  # characters that the indent of words takes of a column's width
HEIGHT_LIMIT = 409  # points: Microsoft, Excel specifications and limits
A4 = 9  # ECMA-376 part 1, 18.3.1.63
UPRIGHT_MOST = 90  # characters of the working size that an upright page is wide
MARGINS = {
    "left": 0.4,
    "right": 0.4,
    "top": 0.7,
    "bottom": 0.7,
    "header": 0.3,
    "footer": 0.3,
}  # inches; the default costs a tenth of the width, and leaves a header or footer one line


@dataclass(frozen=True)
class Look:
    """What differs between the profiles: size of the font in points, colour of headings, filled-in cells."""

    size: int
    head_text: str
    head_fill: str
    fill_in_head: str
    fill_in: str


WORKING = Look(cells.WORKING_SIZE, cells.WHITE, cells.DARK_BLUE, cells.DARK_PINK, cells.FILL_IN)
PUBLICATION = Look(cells.PUBLICATION_SIZE, cells.BLACK, cells.WHITE, cells.WHITE, cells.WHITE)


def write_table(worksheet: Worksheet, layout: Layout, look: Look) -> None:
    """Write the title, the lines under it, the header and the rows, and set widths and print.

    Parameters
    ----------
    worksheet : openpyxl.worksheet.worksheet.Worksheet
        An empty sheet.
    layout : Layout
        What stands where.
    look : Look
        The profile's fonts and colours.
    """
    write_lines(worksheet, [layout.table["title"], *layout.lines], look)
    _write_header(worksheet, layout, look)
    if layout.last_row >= layout.first_row:
        worksheet.body = _body(worksheet, layout, look)
    headings = zip(layout.headings, layout.widths, strict=True)
    height = height_of((lines_needed(text, width - INDENT) for text, width in headings), look)
    worksheet.row_dimensions[layout.header_row] = FittedHeight(worksheet, index=layout.header_row, ht=height)
    if layout.pack_id:
        _write_marks(worksheet, layout, look)
    fit_page(worksheet, sum(layout.widths) * look.size / cells.WORKING_SIZE)
    worksheet.print_title_rows = f"{layout.header_row}:{layout.header_row}"


class FittedHeight(RowDimension):
    """A row's height that a spreadsheet may change as somebody types; openpyxl would fix it."""

    @property
    def customHeight(self) -> bool:  # noqa: N802 (openpyxl's name)
        """Return False: the height is a first estimate."""
        return False


def height_of(lines: Iterable[int], look: Look) -> float:
    """Return the height in points of a row whose texts take so many lines: LibreOffice opens one without a height one line high.

    Examples
    --------
    >>> [height_of(lines, WORKING) for lines in ([1, 2], [], [100])]
    [28.6, 15.8, 409]
    """
    return min(max(lines, default=1) * look.size * LINE_HEIGHT + PADDING, HEIGHT_LIMIT)


def write_lines(worksheet: Worksheet, lines: list[str], look: Look) -> None:
    """Write a title and lines of text down column A, the title as the sheet's heading."""
    for number, line in enumerate(lines, 1):
        cell = worksheet.cell(number, 1)
        write_text(cell, line)
        cell.font = cells.font(look.size)
        cell.alignment = cells.UNWRAPPED
    title = worksheet["A1"]
    title.style = "Headline 1"
    title.font = cells.font(cells.TITLE_SIZE, cells.DARK_BLUE, bold=True)
    title.border = cells.Border()
    worksheet.row_dimensions[1].height = TITLE_HEIGHT


def within(sheet: str) -> Hyperlink:
    """Return a link to another sheet of the same workbook, from a cell that shows its name.

    Examples
    --------
    >>> within("Year 7's list").location
    "'Year 7''s list'!A1"
    """
    quoted = sheet.replace("'", "''")
    return Hyperlink(ref="", location=f"'{quoted}'!A1", display=sheet)


def _write_header(worksheet: Worksheet, layout: Layout, look: Look) -> None:
    patterns: dict[tuple[bool, bool], Cell] = {}
    for index, (column, heading) in enumerate(zip(layout.table["columns"], layout.headings, strict=True), 1):
        cell = worksheet.cell(layout.header_row, index)
        write_text(cell, heading)
        looks = bool(column["editable"]), column["kind"] in NUMERIC
        if looks in patterns:
            cell._style = copy(patterns[looks]._style)
        else:
            patterns[looks] = cell
            _dress_heading(cell, look, *looks)
        worksheet.column_dimensions[get_column_letter(index)].width = layout.widths[index - 1]


def _dress_heading(cell: Cell, look: Look, is_editable: bool, is_numeric: bool) -> None:  # noqa: FBT001
    cell.font = cells.font(look.size, look.head_text, bold=True)
    cell.fill = cells.solid(look.fill_in_head if is_editable else look.head_fill)
    cell.alignment = cells.WRAPPED_RIGHT if is_numeric else cells.WRAPPED
    cell.border = cells.BOX


def _body(worksheet: Worksheet, layout: Layout, look: Look) -> Body:
    """Return the rows under the header, blank ones too, in the styles of their columns."""
    body = Body(worksheet, layout.first_row)
    columns, needed = [], []
    for index, width in enumerate(layout.widths):
        columns.append(_add_column(body, layout, index, look))
        lines = cache(partial(lines_needed, width=width - INDENT))
        needed.append([1 if cell.text is None else lines(cell.text) for cell in body.columns[-1]])
    body.heights = [height_of(row, look) for row in zip(*needed, strict=True)]
    if layout.leads_to:
        sheets = enumerate(layout.leads_to, layout.first_row)
        columns[0].link({number: within(sheet) for number, sheet in sheets}, cells.link_font(look.size))
    return body


def _add_column(body: Body, layout: Layout, index: int, look: Look) -> CellsOfColumn:
    column = layout.table["columns"][index]
    kind = Kind(column["kind"])
    pattern = Cell(body.worksheet, 1, 1)
    pattern.font = cells.font(look.size, bold=index == layout.row_header)
    is_shaded = column["editable"] and look.fill_in != cells.WHITE
    pattern.fill = cells.solid(look.fill_in) if is_shaded else cells.PatternFill()
    pattern.border, pattern.alignment = cells.BOX, cells.RIGHT if kind in NUMERIC else cells.WRAPPED
    written = CellsOfColumn(body, pattern)
    values = [row[index] for row in layout.table["rows"]] + [None] * layout.blank_rows
    written.add([typed_and_shown(value, kind) for value in values])
    if column.get("links"):
        addresses = enumerate(addresses_of(layout.table, index), layout.first_row)
        links = {number: Hyperlink(ref="", target=address) for number, address in addresses if address}
        written.link(links, cells.link_font(look.size))
    return written


def _write_marks(worksheet: Worksheet, layout: Layout, look: Look) -> None:
    """Write the hidden row of our columns' names above the header, and the hidden column of the rows' marks."""
    names, last = layout.header_row - 1, len(layout.headings) + 1
    for number, column in enumerate(layout.table["columns"], 1):
        write_text(worksheet.cell(names, number), column["name"])
    for number, text in enumerate([TOKEN_NAME, TOKEN_HEADING], names):
        cell = worksheet.cell(number, last)
        write_text(cell, text)
        cell.font = cells.font(look.size)
    if layout.tokens:
        pattern = Cell(worksheet, 1, 1)
        pattern.font = cells.font(look.size)
        CellsOfColumn(worksheet.body, pattern).add([(token, cells.GENERAL_FORMAT) for token in layout.tokens])
    worksheet.row_dimensions[names].hidden = True
    worksheet.column_dimensions[get_column_letter(last)].hidden = True


def fit_page(worksheet: Worksheet, width: float) -> None:
    """Print a sheet on A4, one page wide: upright if its width in characters of the working size fits, else on its side.

    Examples
    --------
    >>> from openpyxl import Workbook
    >>> sheets = [Workbook().active for _ in range(2)]
    >>> for sheet, width in zip(sheets, (90, 91), strict=True):
    ...     fit_page(sheet, width)
    >>> [sheet.page_setup.orientation for sheet in sheets]
    ['portrait', 'landscape']
    """
    worksheet.page_setup.orientation = "portrait" if width <= UPRIGHT_MOST else "landscape"
    worksheet.page_setup.paperSize = A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side, inches in MARGINS.items():
        setattr(worksheet.page_margins, side, inches)
