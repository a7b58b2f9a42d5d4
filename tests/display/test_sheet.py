"""One table on one sheet: its name, its headings, how it prints and how wide its columns are."""

import zipfile
from dataclasses import replace

import openpyxl
import pytest

from attendance_lib.display.model import Table
from attendance_lib.display.workbook.book import write_workbook
from attendance_lib.display.workbook.sheet import fit_page
from tests.display.workbook_payloads import GROUP_COLUMNS, GROUPS, PROPERTIES, row_under
from tests.workbook_tabs import tab


def test_filters_cover_the_table_and_panes_freeze_under_the_header(working):
    # Title, the note, then the header in row 3 and two rows.
    assert working["Attendance by group"].auto_filter.ref == "A3:G5"
    assert working["Attendance by group"].freeze_panes == "B4"


def test_a_table_without_rows_says_so_above_its_header(working):
    assert [cell.value for cell in working["Who crossed a line"]["A"]] == [
        "Who crossed a line",
        "Nobody crossed.",
        "Group",
    ]


def test_a_sheet_prints_on_a4_one_page_wide_with_its_header_repeated(working):
    sheet = working["Attendance by group"]
    setup = sheet.page_setup
    assert int(setup.paperSize) == 9
    assert (setup.fitToWidth, setup.fitToHeight) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddFooter.left.text == "Confidential"
    assert sheet.oddHeader.right.text.startswith("Larkmoor && Hay Academy")


LONG = "Confidential: names pupils & parents. For those at the meeting who are entitled to these names; others get none."


def test_a_long_line_on_confidentiality_is_printed_whole_in_lines_that_every_program_reads(tmp_path):
    path = tmp_path / "a.xlsx"
    write_workbook([GROUPS.payload()], path, replace(PROPERTIES, confidentiality=LONG))
    sheet = tab(openpyxl.load_workbook(path), "groups")
    assert " ".join(sheet.oddFooter.left.text.split()) == LONG.replace("&", "&&")
    assert max(map(len, sheet.oddFooter.left.text.splitlines())) <= 72
    assert (sheet.page_margins.footer, sheet.page_margins.bottom) == (0.3, 0.7)  # room for two lines
    with zipfile.ZipFile(path) as parts:
        footers = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"_x000a_" in each for each in footers)
    assert any(b"&#10;" in each for each in footers)


def test_no_header_or_footer_is_longer_than_excel_reads(tmp_path):
    path = tmp_path / "a.xlsx"
    write_workbook(
        [GROUPS.payload()], path, replace(PROPERTIES, title="A & B " * 60, confidentiality="Keep it. " * 60)
    )
    for sheet in openpyxl.load_workbook(path):
        assert max(len(str(sheet.oddHeader)), len(str(sheet.oddFooter))) <= 255


@pytest.mark.parametrize(
    ("width", "orientation"), [(26, "portrait"), (90, "portrait"), (91, "landscape"), (200, "landscape")]
)
def test_a_sheet_stands_upright_where_it_is_narrow_enough_to_be_read(width, orientation):
    sheet = openpyxl.Workbook().active
    fit_page(sheet, width)
    assert sheet.page_setup.orientation == orientation
    assert sheet.page_margins.left + sheet.page_margins.right < 1


def test_a_sheet_s_orientation_is_that_of_its_columns(working):
    # Five columns of 11 to 14 characters and one of 19 are 82; the sheet that says how to read the workbook is wider.
    assert sum(working["Attendance by group"].column_dimensions[letter].width for letter in "ABCDEFG") <= 90
    assert working["Attendance by group"].page_setup.orientation == "portrait"
    assert working.worksheets[0].page_setup.orientation == "landscape"


def test_figures_do_not_touch_the_words_of_the_next_column(working):
    row = row_under(working["Attendance by group"], "Enrolments")
    assert (row["Enrolments"].alignment.horizontal, row["Group"].alignment.horizontal) == ("right", "left")
    assert (row["Enrolments"].alignment.indent, row["Group"].alignment.indent) == (0, 1)


def test_repeated_and_long_names_become_distinct_sheets(tmp_path):
    tables = [Table(end, "x" * 32, GROUPS.frame, GROUP_COLUMNS).payload() for end in ("a", "b")]
    write_workbook(tables, tmp_path / "a.xlsx", PROPERTIES)
    names = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert names[1:3] == ["x" * 31, "x" * 29 + "_2"]
