"""A condensed workbook must be read as the library reads the whole one, however its sheets are written."""

import io
import random
import re
import zipfile
from datetime import date, datetime, time

import numpy as np
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from python_calamine import CalamineWorkbook

from attendance_lib.errors import InputError
from attendance_lib.intake.files import workbook as condensed
from attendance_lib.intake.files import workbook as workbook_parts
from attendance_lib.intake.files.workbook import condense, open_spreadsheet

SHEET = "xl/worksheets/sheet1.xml"
VALUES = [
    "/", "\\", "AM", "PM", "001", "C1", " padded ", "Siân <O'Neill> & \"Co\"", "_x0020_", "5 < 6", "two\nlines", "=1+1",
    1, 1.5, -0.25, 45901, True, False, date(2025, 9, 1), datetime(2025, 9, 1, 8, 40), time(8, 40), None, "",
    CellRichText("a ", TextBlock(InlineFont(b=True), "bold"), " b"),
]  # fmt: skip


def workbook(chance, *, write_only):
    """Return a workbook of a few sheets with the same few cells again and again, gaps among them."""
    book = openpyxl.Workbook(write_only=write_only)
    if not write_only:
        book.remove(book.active)
    for number in range(chance.randint(1, 3)):
        sheet = book.create_sheet(f"Sheet {number}")
        usual = chance.sample(VALUES, 6)
        for _ in range(chance.randint(0, 30)):
            sheet.append([chance.choice(usual) for _ in range(chance.randint(0, 8))])
    return saved(book)


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(content, change, part=SHEET):
    """Return a workbook with the XML of a sheet changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, text in parts.items():
            new.writestr(name, text)
    return stream.getvalue()


def of(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def trimmed(rows):
    """Return rows without the blank ones at the end and without the blank columns at the right."""
    filled = [
        (row, column) for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell != ""
    ]
    height, width = (max((place[axis] for place in filled), default=-1) + 1 for axis in (0, 1))
    return [list(row[:width]) for row in rows[:height]]


def read(content):
    opened = open_spreadsheet(content, "a.xlsx")
    return {name: trimmed(opened.read(name).tolist()) for name in opened.names}


def by_the_library(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = ((name, book.get_sheet_by_name(name)) for name in book.sheet_names)
    return {name: trimmed(sheet.to_python(skip_empty_area=False)) for name, sheet in sheets}


def is_condensed(content):
    return bool(condense(content, "a.xlsx")[1].places)


@pytest.mark.parametrize("seed", range(40))
def test_a_workbook_is_read_as_the_library_reads_it(seed, monkeypatch):
    chance = random.Random(seed)
    monkeypatch.setattr(workbook_parts, "PIECE_BYTES", chance.choice([1_000, 4_000, 1_000_000]))
    content = workbook(chance, write_only=seed % 2 == 0)
    assert repr(read(content)) == repr(by_the_library(content))


ROWS = [["pupil", "date", "code"], ["001", date(2025, 9, 1), "/"], ["002", None, "/"], ["001", 5.5, None]] * 3


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: (
            xml.replace(b"><c", b">\n  <c").replace(b"<row", b"\r\n<row").replace(b"</row>", b"\n</row>")
        ),
        lambda xml: xml.replace(b"</row>", b'</row><row r="90"/>'),
        lambda xml: xml.replace(b"</row>", b'<c r="F9"/></row>', 1),
        lambda xml: xml.replace(b'<c r="', b'<c\nr="'),
        lambda xml: re.sub(
            rb"<sheetData>(.*?)</row>", rb"<sheetData>\1<extLst><x/></extLst></row>", xml, count=1
        ),
    ],
    ids=[
        "white space",
        "empty rows",
        "blank cell out of place",
        "new lines in tags",
        "something else in a row",
    ],
)
def test_a_sheet_laid_out_in_another_way_is_condensed_too(change):
    content = rewritten(of(ROWS), change)
    assert is_condensed(content)
    assert read(content) == by_the_library(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: re.sub(rb' r="[A-Z]+\d+"', b"", xml),
        lambda xml: re.sub(rb' r="B\d+"', b"", xml),
        lambda xml: re.sub(rb' r="A\d+"', b"", xml),
        lambda xml: re.sub(rb'<c r="([A-Z]+\d+)" t="(\w+)"', rb'<c t="\2" r="\1"', xml),
        lambda xml: re.sub(rb'<c r="([A-Z]+\d+)"', rb"<c r='\1'", xml),
        lambda xml: xml.replace(b'<c r="', b'<c \tr="'),
        lambda xml: re.sub(rb"(</?)(\w+)", rb"\1x:\2", xml).replace(b"xmlns=", b"xmlns:x="),
        lambda xml: xml.replace(b"<row", b'<!-- <row r="9"><c r="H9"><v>9</v></c></row> --><row'),
    ],
    ids=[
        "no references", "one column without", "first column without", "type first", "single quotes", "two blanks", "prefix",
        "comment",
    ],
)  # fmt: skip
def test_a_sheet_written_in_an_unusual_way_is_left_to_the_library(change):
    content = rewritten(of(ROWS), change)
    assert content != of(ROWS)
    assert not is_condensed(content)
    assert read(content) == by_the_library(content)


def test_a_row_longer_than_a_piece_is_left_to_the_library(monkeypatch):
    monkeypatch.setattr(workbook_parts, "PIECE_BYTES", 200)
    content = of([["a" * 20] * 40])
    assert not is_condensed(content)
    assert read(content) == by_the_library(content)


def test_more_different_cells_than_fit_are_left_to_the_library(monkeypatch):
    monkeypatch.setattr(workbook_parts, "MOST_DIFFERENT", 3)
    assert [is_condensed(of([[*"abc"]] * 2)), is_condensed(of([[*"abcd"]] * 2))] == [True, False]


def test_a_sheet_of_many_different_cells_has_a_limit_of_its_own(monkeypatch):
    monkeypatch.setattr(workbook_parts, "MAX_DIFFERENT_CELLS", 6)
    monkeypatch.setattr(workbook_parts, "MOST_DIFFERENT", 3)
    assert read(of([["a"] * 4] * 3))
    with pytest.raises(InputError, match="reaches row 2 and column 4, more than the limit of 6 cells"):
        read(of([[*"abcd"]] * 2))


def test_a_million_cells_of_a_register_are_few_to_the_library():
    content, found = condense(of([["/", "\\"] * 50] * 200), "a.xlsx")
    assert [len(places.rows) for places in found.places.values()] == [20_000]
    with zipfile.ZipFile(io.BytesIO(content)) as small:
        assert small.read(SHEET).count(b"<c ") == 4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</v></c></row>", b"</v></c></sheetData></row>"),
        (b"</v></c></row>", b"</v></row>"),
        (b"</row>", b"</row></row>"),
        (b"</row>", b"</row><row>"),
        (b"</t></is></c>", b"</t></c>"),
        (b"<v>", b"<v>&lol;"),
        (b"<worksheet", b"<!DOCTYPE x><worksheet"),
    ],
    ids=["sheet closed", "cell open", "row closed twice", "row open", "text open", "entity", "document type"],
)
@pytest.mark.parametrize("unusual", [False, True])
def test_a_sheet_that_is_not_well_formed_is_refused(old, new, unusual):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Marks")
    for row in ROWS:
        sheet.append(row)
    content = saved(book)
    if unusual:
        content = rewritten(content, lambda xml: xml.replace(b'<c r="', b'<c  r="'))
    spoilt = rewritten(content, lambda xml: xml.replace(old, new, 1))
    assert spoilt != content
    with pytest.raises(InputError, match="not well-formed XML"):
        read(spoilt)


@pytest.mark.parametrize("reference", ["F", "7", "A0", "7A"])
def test_a_reference_that_names_no_cell_is_left_to_the_library(reference):
    content = rewritten(of(ROWS), lambda xml: xml.replace(b'r="A2"', f'r="{reference}"'.encode()))
    assert not is_condensed(content)


@pytest.mark.parametrize("unusual", [False, True])
def test_cells_with_errors_are_named_in_every_sheet(unusual):
    content = of([["a", "#N/A"], ["#N/A", "#DIV/0!"]])
    if unusual:
        content = rewritten(
            content, lambda xml: re.sub(rb'<c r="(A\d)" t="(\w+)"', rb'<c t="\2" r="\1"', xml)
        )
    assert open_spreadsheet(content, "a.xlsx").error_cells == ["B1", "A2", "B2"]


def test_a_cell_with_an_error_that_has_no_name_is_counted_too():
    content = rewritten(of([["#N/A", "a"]]), lambda xml: xml.replace(b' r="A1"', b""))
    assert open_spreadsheet(content, "a.xlsx").error_cells == ["one that does not say where it is"]


@pytest.mark.parametrize("place", ["xl/elsewhere.xml", "xl/worksheets/sheet1.xml"])
def test_a_stray_cell_is_found_wherever_the_sheet_lies(place):
    far = rewritten(
        of([["a"]]), lambda xml: xml.replace(b"</sheetData>", b'<row><c r="XFD1048576"/></row></sheetData>')
    )
    with zipfile.ZipFile(io.BytesIO(far)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, text in parts.items():
            new.writestr(name.replace(SHEET, place), text.replace(SHEET.encode(), place.encode()))
    with pytest.raises(InputError, match="reaches row 1,048,576 and column 16,384"):
        open_spreadsheet(stream.getvalue(), "a.xlsx")


def test_a_workbook_of_another_kind_is_refused_before_it_is_opened():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as other:
        other.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        other.writestr("content.xml", "<office:document-content/>")
    with pytest.raises(InputError, match=r"not an \.xlsx"):
        open_spreadsheet(stream.getvalue(), "a.xlsx")


def test_places_spread_what_the_cells_mean():
    places = condensed.SheetPlaces(np.array([0, 2, 2]), np.array([1, 0, 2]), np.array([0, 0, 1]))
    assert places.spread(["I", ""]).tolist() == [["", "I"], ["", ""], ["I", ""]]
