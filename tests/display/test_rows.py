"""The rows of a sheet written at once, as openpyxl reads them back."""

from datetime import date, datetime, time
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.hyperlink import Hyperlink

from attendance_lib.display.workbook import cells
from attendance_lib.display.workbook.rows import Body, CellsOfColumn, content_of, parts_of

DAY = date(2026, 11, 2)
VALUES = [
    ("Ann & <Ben>", "=1+1", None, ""),
    (12, 0.915, None, -3),
    (DAY, None, DAY, DAY),
]
FORMATS = ["@", "0.0", "dd/mm/yyyy"]


def column_of(worksheet, body):
    """Add the three columns of VALUES to the rows, and return the last."""
    for values, shown in zip(VALUES, FORMATS, strict=True):
        column = CellsOfColumn(body, Cell(worksheet, 1, 1))
        column.add([(value, shown) for value in values])
    body.heights = [15.0, 15.0, 30.0, 15.0]
    return column


@pytest.fixture
def written():
    """A sheet with a header of openpyxl's and a body of ours."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Name", "Figure", "Day"])
    sheet.body = Body(sheet, 2)
    return book, column_of(sheet, sheet.body)


def read_back(book):
    """The sheet of a book as openpyxl reads what was written."""
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for name, part in parts_of(book).items():
            archive.writestr(name, part)
    return load_workbook(held).active


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (None, ' t="n" />'),
        ("", ' t="inlineStr" />'),
        (0.1, ' t="n"><v>0.1</v></c>'),
        # Days since 30 December 1899: 126 years with 31 leap days, less 58 days to the end of the year.
        (DAY, f' t="n"><v>{(DAY - date(1899, 12, 30)).days}</v></c>'),
        ("a < b", ' t="inlineStr"><is><t>a &lt; b</t></is></c>'),
        ("ends ", ' t="inlineStr"><is><t xml:space="preserve">ends </t></is></c>'),
        (" ", ' t="inlineStr"><is><t> </t></is></c>'),
    ],
)
def test_what_follows_the_style_of_a_cell(value, content):
    assert content_of(value) == content


def test_a_sheet_holds_header_and_rows_as_openpyxl_reads_them(written):
    sheet = read_back(written[0])
    days = [None if value is None else datetime.combine(value, time()) for value in VALUES[2]]
    rows = [["Name", "Figure", "Day"], *map(list, zip(*VALUES[:2], days, strict=True))]
    found = [[cell.value or None for cell in row] for row in sheet]
    assert found == [[each or None for each in row] for row in rows]
    formats = {tuple(cell.number_format for cell in row) for row in sheet.iter_rows(min_row=2)}
    assert formats == {tuple(FORMATS)}
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4, 5)] == [15, 15, 30, 15]


def test_a_text_that_begins_like_a_formula_has_the_sign_that_keeps_it_text(written):
    book, _ = written
    quoted = [cell.value for row in read_back(book) for cell in row if cell.quotePrefix]
    assert quoted == ["=1+1"]


def test_a_cell_leads_where_its_link_says_in_the_font_of_a_link(written):
    book, column = written
    column.link({3: Hyperlink(ref="", target="plan.html")}, Font(underline="single"))
    leads = {
        cell.row: (cell.hyperlink.target, cell.font.underline)
        for cell in read_back(book)["C"]
        if cell.hyperlink
    }
    assert leads == {3: ("plan.html", "single")}


def test_a_long_text_is_in_no_text_format_that_excel_would_show_as_hashes(written):
    book, _ = written
    body = book.active.body
    column = CellsOfColumn(body, Cell(book.active, 1, 1))
    column.add([("x" * (cells.TEXT_FORMAT_LIMIT + length), cells.TEXT_FORMAT) for length in (0, 1, 0, 1)])
    formats = [body.styles[cell.style].numFmtId for cell in body.columns[-1]]
    # 49 is Excel's own number of the text format, 0 of the general one.
    assert formats == [49, 0, 49, 0]
