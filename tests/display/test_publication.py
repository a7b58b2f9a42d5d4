"""The published workbook against each item of the Analysis Function's checklist that can be told from the file.

Source: Government Analysis Function, *Making spreadsheets accessible: a checklist of the basics*; an item marked (E)
there is essential to passing the accessibility regulations. The items are in its order: tables, notes, formatting,
structure, before publishing. What it leaves to a person (grammar) is not here.
"""

import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from attendance_lib.display.kinds import Column, Highlight, Kind, Tone
from attendance_lib.display.model import Chart, Comparison, KeyFigure, KeyFigures, Sentences, Table
from attendance_lib.display.workbook import WorkbookProperties, write_workbook

PROPERTIES = WorkbookProperties(
    "Half-termly governor report",
    "Larkmoor Academy",
    "3 September to 23 October 2026",
    "For publication",
    "2026-10-23",
)
HIGHLIGHTS = (Highlight("at_most", 0.9, Tone.ALERT),)
COLUMNS = (
    Column("group", "Group", meaning="Whom the row counts."),
    Column("enrolments", "Enrolments", Kind.COUNT, "Enrolments with a possible session."),
    Column("attendance_rate", "Attendance", Kind.RATE, "Attended of possible sessions.", highlights=HIGHLIGHTS),
    Column("change", "Change", Kind.POINTS, "On the same point last year."),
    Column("is_short", "Few pupils", Kind.FLAG),
    Column("remark", "Remark on a group, with as many words as a governor may want to read in one cell"),
)  # fmt: skip
ROWS = pd.DataFrame(
    {
        "group": ["Year 7", "Year 8", "A group whose name is so long that it cannot stand on one line of a narrow column"],
        "enrolments": [200, None, 12],
        "attendance_rate": [0.923, None, 0.81],
        "change": [0.004, None, -0.02],
        "is_short": [False, None, True],
        "remark": ["", None, "Two of every three absences were for illness, which is more than in the year before. " * 2],
    }
)  # fmt: skip
GROUPS = Table("groups", "Attendance by group", ROWS, COLUMNS, note="Rates are of possible sessions.")
PARTS = (
    Sentences("lead", ("Attendance rose.", "Persistent absence is within chance of last year's."), title="First page"),
    KeyFigures("headline", "This half term", (
        KeyFigure("attendance", "Attendance", 0.923, Kind.RATE, "12,000 of 13,000", (Comparison("Last year", 0.919, Kind.RATE),)),
        KeyFigure("persistent", "Persistent absence", None, Kind.RATE),
    )),
    GROUPS,
    Table("empty", "Statutory action", ROWS.iloc[:0], COLUMNS, empty_text="No action was taken."),
    Chart("weeks", "Attendance by week", "<svg/>", "Attendance by week, lowest in week 7.",
          Table("by_week", "Attendance by week", ROWS[["group", "attendance_rate"]], (COLUMNS[0], COLUMNS[2]))),
)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("published") / "governors.xlsx"
    write_workbook([part.payload() for part in PARTS], path, PROPERTIES, "publication")
    return path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def sheets(book):
    """Every sheet that holds a table."""
    return [sheet for sheet in book if sheet.title != "cover"]


@pytest.fixture(scope="module")
def parts(path):
    """The XML of each part of the file, by its name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def only_table(sheet):
    (table,) = sheet.tables.values()
    return table


def cells_of(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


# Tables


def test_every_table_is_marked_up_as_one_and_each_sheet_has_one(sheets):
    """(E) Mark up tables. Avoid worksheets with multiple tables."""
    assert [len(sheet.tables) for sheet in sheets] == [1] * len(sheets)


def test_tables_have_meaningful_names(sheets):
    names = [only_table(sheet).displayName for sheet in sheets]
    assert len(set(names)) == len(names)
    assert not [name for name in names if re.fullmatch(r"(?i)table_?\d*", name)]


def test_no_cell_is_merged_or_split_and_no_table_nested(book, parts):
    """(E) Remove merged cells, split cells and nested tables."""
    assert not [sheet.title for sheet in book if sheet.merged_cells.ranges]
    assert not [name for name, xml in parts.items() if "<mergeCell" in xml]


def test_no_row_or_column_of_a_table_is_blank(sheets):
    """(E) Remove blank rows and columns within tables."""
    for sheet in sheets:
        rows = [[cell.value for cell in row] for row in sheet[only_table(sheet).ref]]
        assert all(any(value not in (None, "") for value in row) for row in rows)
        assert all(any(value not in (None, "") for value in column) for column in zip(*rows, strict=True))


def test_every_table_has_one_header_row_tagged_as_such_with_unique_texts(sheets):
    """(E) All tables should have one tagged header row."""
    for sheet in sheets:
        table = only_table(sheet)
        headings = [cell.value for cell in sheet[table.ref][0]]
        assert table.headerRowCount in (None, 1)  # 1 where it is not said: ECMA-376 part 1, 18.5.1.2
        assert [column.name for column in table.tableColumns] == headings
        assert all(isinstance(heading, str) and heading.strip() for heading in headings)
        assert len({heading.casefold() for heading in headings}) == len(headings)


def test_text_wraps_within_cells_and_rows_are_high_enough_for_it(sheets):
    """(E) Wrap text within cells: no text is cut off at the edge of a column."""
    for sheet in sheets:
        for row in sheet[only_table(sheet).ref]:
            for cell in (
                cell for cell in row if isinstance(cell.value, str) and cell.alignment.horizontal != "right"
            ):
                width = sheet.column_dimensions[cell.column_letter].width
                assert cell.alignment.wrap_text or len(cell.value) <= width
                needed = -(-len(cell.value) // width)
                assert sheet.row_dimensions[cell.row].height >= min(needed * cell.font.size, 409)


def test_there_are_no_filters_and_no_frozen_panes(book, parts):
    assert not [sheet.title for sheet in book if sheet.freeze_panes or sheet.auto_filter.ref]
    assert not [name for name, xml in parts.items() if "<autoFilter" in xml]


def test_no_cell_of_a_table_is_left_empty_and_the_cover_explains_the_shorthand(book, sheets):
    """(E) Only leave cells with no data empty in certain circumstances."""
    for sheet in sheets:
        assert None not in [cell.value for row in sheet[only_table(sheet).ref] for cell in row]
    shorthand = {
        cell.value for sheet in sheets for cell in cells_of(sheet) if re.fullmatch(r"\[\w\]", str(cell.value))
    }
    said = " ".join(str(cell.value) for cell in cells_of(book["cover"]))
    assert shorthand
    assert all(sign in said for sign in shorthand)


def test_nothing_is_hidden(book):
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    for sheet in book:
        sizes = (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())
        assert not [size for size in sizes if size.hidden]


# Notes


def test_no_symbol_or_superscript_points_to_a_note(book):
    """(E) Do not use symbols or superscript to signpost to notes."""
    for sheet in book:
        for cell in cells_of(sheet):
            assert cell.font.vertAlign is None
            assert not re.search(r"[*†‡§¹²³⁰-⁹]", str(cell.value))


def test_notes_stand_in_a_table_on_a_sheet_of_their_own(book):
    assert only_table(book["notes"]).column_names == ["Section", "Item", "Unit", "Note"]
    notes = [cell.value for cell in book["notes"]["D"]]
    assert "Attended of possible sessions." in notes


# Formatting


def test_links_say_where_they_lead(book):
    """(E) Links must be accessible: they lead to a sheet of the workbook, by its name, and are underlined."""
    links = [cell for sheet in book for cell in cells_of(sheet) if cell.hyperlink]
    assert links
    for cell in links:
        assert cell.hyperlink.target is None
        assert cell.hyperlink.location == f"'{cell.value}'!A1"
        assert cell.value in book.sheetnames
        assert cell.font.underline == "single"


def test_text_is_set_in_a_plain_face_large_enough_and_not_in_italics(book):
    for sheet in book:
        for cell in cells_of(sheet):
            assert (cell.font.name, cell.font.italic) == ("Arial", False)
            assert cell.font.size >= 12


def test_every_sheet_has_a_descriptive_title_in_a1_tagged_as_a_heading(book):
    """(E) All worksheets should have descriptive titles which are properly tagged and formatted."""
    titles = [sheet["A1"].value for sheet in book]
    assert titles[0] == PROPERTIES.title
    assert all(len(title) >= len("Contents") for title in titles)
    assert {sheet["A1"].style for sheet in book} == {"Headline 1"}
    assert all(sheet["A1"].font.bold and sheet["A1"].font.size > 12 for sheet in book)


def test_there_is_no_header_footer_text_box_picture_or_macro(book, parts):
    """(E) Do not use headers and footers, floating text boxes or floating toolbars. Avoid images. Remove macros."""
    for sheet in book:
        for band in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.firstHeader):
            assert not any((band.left.text, band.center.text, band.right.text))
    assert not [
        name for name in parts if re.search(r"drawing|media|vbaProject|comments|chart", name, re.IGNORECASE)
    ]


def test_no_background_is_filled_and_no_pattern_divides_the_data(book):
    for sheet in book:
        for cell in cells_of(sheet):
            assert cell.fill.fill_type in (None, "solid")
            assert cell.fill.fill_type is None or cell.fill.start_color.rgb[-6:] == "FFFFFF"
    assert not [
        only_table(sheet) for sheet in book.worksheets[1:] if only_table(sheet).tableStyleInfo.showRowStripes
    ]


def test_colour_alone_says_nothing(book):
    """(E) Do not use colour as the only way to convey a message: a value set off in the paper is not coloured here."""
    for sheet in book:
        assert not sheet.conditional_formatting
        inks = {cell.font.color.rgb[-6:] for cell in cells_of(sheet) if cell.font.color}
        assert inks <= {"0B0C0C", "12436D"}  # text, and titles and links, which are larger or underlined too


# Structure


def test_worksheets_have_unique_names_that_say_what_they_hold(book):
    """(E) Give worksheets unique names or numbers."""
    assert book.sheetnames == ["cover", "contents", "notes", "summary", "groups", "empty", "by_week"]
    assert not [name for name in book.sheetnames if re.fullmatch(r"(?i)sheet ?\d*", name) or len(name) > 31]


def test_no_worksheet_is_blank(book):
    """(E) Remove blank worksheets."""
    assert all(len(cells_of(sheet)) > 1 for sheet in book)


def test_column_a_is_read_from_the_title_down_without_a_gap_and_says_how_many_tables_there_are(sheets):
    """(E) Use cells in column A wisely."""
    for sheet in sheets:
        last = int(re.search(r"\d+$", only_table(sheet).ref)[0])
        assert None not in [sheet.cell(row, 1).value for row in range(1, last + 1)]
        assert sheet["A2"].value.startswith("This worksheet contains one table.")


def test_tables_begin_at_the_left_edge_and_nothing_stands_below_or_beside_them(sheets):
    """(E) Position tables against the left-hand edge of each sheet. Avoid putting content below a table."""
    for sheet in sheets:
        first, last = only_table(sheet).ref.split(":")
        assert first.startswith("A")
        assert last == f"{sheet.cell(1, sheet.max_column).column_letter}{sheet.max_row}"
        above = [cell for cell in cells_of(sheet) if cell.row < int(first[1:])]
        assert {cell.column for cell in above} == {1}


def test_the_cover_says_what_it_is_and_the_contents_list_every_other_sheet(book):
    said = [cell.value for cell in book["cover"]["A"]]
    assert said[:3] == [PROPERTIES.title, PROPERTIES.school, PROPERTIES.period]
    contents = book["contents"]
    rows = list(contents[only_table(contents).ref])[1:]
    assert [row[0].value for row in rows] == book.sheetnames[2:]
    assert [row[1].value for row in rows] == [book[name]["A1"].value for name in book.sheetnames[2:]]


# Before publishing


def test_the_document_says_its_title_author_subject_and_language(parts):
    """(E) Add document information."""
    core = {
        node.tag.rpartition("}")[2]: node.text for node in ElementTree.fromstring(parts["docProps/core.xml"])
    }
    assert core["title"] == PROPERTIES.title
    assert core["creator"] == PROPERTIES.school
    assert core["subject"] == "Larkmoor Academy, 3 September to 23 October 2026"
    assert core["language"] == "en-GB"


def test_the_file_opens_on_the_first_sheet_with_the_cursor_in_a1(book):
    """(E) Ensure the cursor is in cell A1 of the first worksheet."""
    assert book.active.title == "cover"
    assert {sheet.sheet_view.selection[0].activeCell for sheet in book} == {"A1"}
    assert [sheet.sheet_view.tabSelected for sheet in book] == [True] + [False] * (len(book.sheetnames) - 1)
