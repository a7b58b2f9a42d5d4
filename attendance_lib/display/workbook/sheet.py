"""One table written on one worksheet: what both profiles share."""

from copy import copy
from dataclasses import dataclass

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from attendance_lib.display.kinds import NUMERIC, Kind
from attendance_lib.display.workbook import styles
from attendance_lib.display.workbook.cells import write_text, write_value
from attendance_lib.display.workbook.layout import Layout, lines_needed
from attendance_lib.rules.pack_marks import TOKEN_HEADING, TOKEN_NAME

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
}  # inches; the default costs a tenth of the width


@dataclass(frozen=True)
class Look:
    """What differs between the profiles: size of the font in points, colour of headings, filled-in cells."""

    size: int
    head_text: str
    head_fill: str
    fill_in_head: str
    fill_in: str


WORKING = Look(styles.WORKING_SIZE, styles.WHITE, styles.DARK_BLUE, styles.DARK_PINK, styles.FILL_IN)
PUBLICATION = Look(styles.PUBLICATION_SIZE, styles.BLACK, styles.WHITE, styles.WHITE, styles.WHITE)


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
    for index in range(len(layout.headings)):
        _write_column(worksheet, layout, index, look)
    for number in range(layout.header_row, layout.last_row + 1):
        _set_height(worksheet, number, layout, look)
    if layout.pack_id:
        _write_marks(worksheet, layout, look)
    fit_page(worksheet, sum(layout.widths) * look.size / styles.WORKING_SIZE)
    worksheet.print_title_rows = f"{layout.header_row}:{layout.header_row}"


class FittedHeight(RowDimension):
    """A row's height that a spreadsheet may change as somebody types; openpyxl would fix it."""

    @property
    def customHeight(self) -> bool:  # noqa: N802 (openpyxl's name)
        """Return False: the height is a first estimate."""
        return False


def _set_height(worksheet: Worksheet, number: int, layout: Layout, look: Look) -> None:
    # LibreOffice opens a wrapped row one line high unless it has a height.
    # Not worksheet[number], which looks through every cell of the sheet for its last column.
    values = [worksheet.cell(number, index).value for index in range(1, len(layout.widths) + 1)]
    texts = [
        (value, width) for value, width in zip(values, layout.widths, strict=True) if isinstance(value, str)
    ]
    lines = max((lines_needed(text, width - INDENT) for text, width in texts), default=1)
    height = min(lines * look.size * LINE_HEIGHT + PADDING, HEIGHT_LIMIT)
    worksheet.row_dimensions[number] = FittedHeight(worksheet, index=number, ht=height)


def write_lines(worksheet: Worksheet, lines: list[str], look: Look) -> None:
    """Write a title and lines of text down column A, the title as the sheet's heading."""
    for number, line in enumerate(lines, 1):
        cell = worksheet.cell(number, 1)
        write_text(cell, line)
        cell.font = styles.font(look.size)
        cell.alignment = styles.UNWRAPPED
    title = worksheet["A1"]
    title.style = "Headline 1"
    title.font = styles.font(styles.TITLE_SIZE, styles.DARK_BLUE, bold=True)
    title.border = styles.Border()
    worksheet.row_dimensions[1].height = TITLE_HEIGHT


def link(cell: Cell, sheet: str, size: int) -> None:
    """Turn a cell's text into a link to another sheet of the same workbook."""
    quoted = sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1", display=cell.value)
    cell.font = styles.link_font(size)


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
    cell.font = styles.font(look.size, look.head_text, bold=True)
    cell.fill = styles.solid(look.fill_in_head if is_editable else look.head_fill)
    cell.alignment = styles.WRAPPED_RIGHT if is_numeric else styles.WRAPPED
    cell.border = styles.BOX


def _write_column(worksheet: Worksheet, layout: Layout, index: int, look: Look) -> None:
    column = layout.table["columns"][index]
    kind = Kind(column["kind"])
    values = [row[index] for row in layout.table["rows"]] + [None] * layout.blank_rows
    if not values:
        return
    face = styles.font(look.size, bold=index == layout.row_header)
    is_shaded = column["editable"] and look.fill_in != styles.WHITE
    fill = styles.solid(look.fill_in) if is_shaded else styles.PatternFill()
    # A style is looked up among all styles of the book, so it is made once and copied: ten times as fast.
    pattern = worksheet.cell(layout.first_row, index + 1)
    pattern.font, pattern.fill, pattern.border = face, fill, styles.BOX
    pattern.alignment = styles.RIGHT if kind in NUMERIC else styles.WRAPPED
    style = copy(pattern._style)
    for number, value in enumerate(values, layout.first_row):
        cell = worksheet.cell(number, index + 1)
        cell._style = copy(style)
        write_value(cell, value, kind)


def _write_marks(worksheet: Worksheet, layout: Layout, look: Look) -> None:
    """Write the hidden row of our columns' names above the header, and the hidden column of the rows' marks."""
    names, last = layout.header_row - 1, len(layout.headings) + 1
    for number, column in enumerate(layout.table["columns"], 1):
        write_text(worksheet.cell(names, number), column["name"])
    for number, text in enumerate([TOKEN_NAME, TOKEN_HEADING, *layout.tokens], names):
        cell = worksheet.cell(number, last)
        write_text(cell, text)
        cell.font = styles.font(look.size)
    worksheet.row_dimensions[names].hidden = True
    worksheet.column_dimensions[get_column_letter(last)].hidden = True


def fit_page(worksheet: Worksheet, width: float) -> None:
    """Print a sheet on A4, one page wide: upright if its width in characters of the working size fits, else on its side."""
    worksheet.page_setup.orientation = "portrait" if width <= UPRIGHT_MOST else "landscape"
    worksheet.page_setup.paperSize = A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side, inches in MARGINS.items():
        setattr(worksheet.page_margins, side, inches)
