"""The cells of a workbook: each value typed, formatted and harmless."""

from datetime import date

import openpyxl
import pandas as pd
import pytest

from attendance_lib.display.kinds import Column
from attendance_lib.display.model import Table
from attendance_lib.display.workbook.book import write_workbook
from tests.display.workbook_payloads import DANGEROUS, PROPERTIES, row_under


@pytest.mark.parametrize(
    ("heading", "value", "number_format"),
    [
        ("Enrolments", 200, "#,##0"),
        ("Attendance", 0.923, "0.0%"),
        ("Change", -2.1, r"+0.0;\−0.0;0.0"),
        ("Small group", "yes", "@"),
        ("Last six weeks", "94 93 88 – 90 85", "@"),
    ],
)
def test_a_cell_is_typed_and_formatted_by_its_kind(working, heading, value, number_format):
    cell = row_under(working["Attendance by group"], "Enrolments")[heading]
    assert (cell.value, cell.number_format) == (value, number_format)


def test_a_date_is_a_real_date(working):
    cell = row_under(working["Attendance by group"], "Extracted")["Extracted"]
    assert (cell.is_date, cell.value.date(), cell.number_format) == (True, date(2026, 11, 20), "dd mmm yyyy")


def test_an_identifier_keeps_its_leading_zeros_and_a_missing_value_is_blank(working):
    cells = row_under(working["Attendance by group"], "Group", below=2)
    assert (cells["Group"].value, cells["Group"].data_type) == ("007", "s")
    assert [cells[heading].value for heading in ("Enrolments", "Attendance", "Small group", "Extracted")] == [
        None
    ] * 4


@pytest.mark.parametrize("n", range(len(DANGEROUS)))
def test_text_like_a_formula_or_an_error_stays_text(working, n):
    cell = row_under(working["Actions"], "Status", below=n + 1)["Action agreed"]
    assert cell.data_type == "s"
    assert cell.value == DANGEROUS[n].replace("\r", "\n")
    assert cell.quotePrefix is (not DANGEROUS[n].startswith("#"))


def test_no_cell_of_the_workbook_is_a_formula(working):
    assert not [
        cell for sheet in working for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]


def test_an_illegal_character_is_replaced_and_a_long_text_is_cut(tmp_path):
    frame = pd.DataFrame({"note": ["a\x00b\x0bc\uffff", "x" * 40_000]})
    write_workbook(
        [Table("long", "Long", frame, (Column("note", "Note"),)).payload()], tmp_path / "a.xlsx", PROPERTIES
    )
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Long"]
    assert sheet["A3"].value == "a�b\nc�"
    assert len(sheet["A4"].value) == 32_767
