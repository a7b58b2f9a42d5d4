"""The working workbook: sheets to fill in, their marks, their choices and their highlights."""

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from attendance_lib.display.kinds import Column
from attendance_lib.display.model import Table
from attendance_lib.display.workbook.book import write_workbook
from tests.display.workbook_payloads import ACTIONS, GROUP_COLUMNS, PROPERTIES


def test_a_sheet_stands_for_each_table_with_the_read_me_first_and_the_columns_hidden(working):
    tables = ["Attendance by group", "Who crossed a line", "By week"]
    opening = ["Read me", "Actions", "Key figures"]
    assert working.sheetnames == [*opening, *tables, "Notes and definitions", "columns"]
    assert [sheet.title for sheet in working if sheet.sheet_state != "visible"] == ["columns"]


def test_a_sheet_to_fill_in_says_which_pack_it_is_and_marks_its_rows_out_of_sight(working):
    sheet = working["Actions"]
    assert sheet["A2"].value == "Pack pk00000000ab12 of school 990001"
    assert [cell.value for cell in sheet[4]] == [
        "action_id",
        "action",
        "attendance_rate",
        "due_date",
        "status",
        "row_mark",
    ]
    # Seven actions and five blank rows, each marked, in a column that is sorted and filtered with the others.
    marks = [f"pk00000000ab12/{number:03}" for number in range(1, 13)]
    assert [cell.value for cell in sheet["F"]][4:] == ["Row mark", *marks]
    assert sheet.auto_filter.ref == "A5:F17"
    assert sheet.row_dimensions[4].hidden
    assert sheet.column_dimensions["F"].hidden
    assert not sheet.row_dimensions[5].hidden
    assert not sheet.column_dimensions["E"].hidden


def test_marks_go_on_over_the_sheets_of_a_workbook(tmp_path):
    payloads = [replace(ACTIONS, name=name).payload() for name in ("actions", "more")]
    write_workbook(payloads, tmp_path / "a.xlsx", PROPERTIES)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["More"]
    assert [sheet["F6"].value, sheet["F17"].value] == ["pk00000000ab12/013", "pk00000000ab12/024"]


def test_a_workbook_of_no_pack_bears_no_marks(tmp_path):
    write_workbook([ACTIONS.payload()], tmp_path / "a.xlsx", replace(PROPERTIES, pack_id=""))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [cell.value for cell in book["Actions"][3]] == [column.heading for column in ACTIONS.columns]
    assert (book.properties.identifier, list(book.defined_names)) == (None, [])


def test_a_sheet_that_is_not_filled_in_bears_no_marks(working):
    assert [cell.value for cell in working["Attendance by group"][3]] == [
        column.heading for column in GROUP_COLUMNS
    ]
    assert [name for name, row in working["Attendance by group"].row_dimensions.items() if row.hidden] == []


def test_drop_downs_and_dates_cover_the_rows_and_the_blank_rows(working):
    rules = {rule.type: rule for rule in working["Actions"].data_validations.dataValidation}
    # Title, the pack's number, what to fill in, names and headings; seven actions from row 6 and five blank rows: to row 17.
    assert (rules["list"].formula1, str(rules["list"].sqref)) == ('"open,in progress,done"', "E6:E17")
    assert (rules["date"].operator, rules["date"].formula1, str(rules["date"].sqref)) == (
        "greaterThanOrEqual",
        "36526",
        "D6:D17",
    )


@pytest.mark.parametrize(
    ("address", "is_shaded"), [("A6", False), ("B6", True), ("E17", True), ("A17", False)]
)
def test_cells_to_fill_in_are_shaded(working, address, is_shaded):
    assert (working["Actions"][address].fill.fill_type == "solid") is is_shaded


def test_a_highlight_is_bold_and_has_a_symbol_and_leaves_blank_cells_alone(working):
    (rules,) = working["Actions"].conditional_formatting
    assert str(rules.sqref) == "C6:C17"
    assert rules.rules[0].formula == ["AND(ISNUMBER(C6),C6<=0.9)"]
    assert (rules.rules[0].dxf.font.b, rules.rules[0].dxf.numFmt.formatCode) == (True, '"▲ "0.0%')


def test_the_hidden_sheet_names_each_column(working):
    rows = list(working["columns"].iter_rows(values_only=True))
    assert rows[0] == ("sheet", "heading", "name", "editable", "meaning", "table")
    assert ("Actions", "Status", "status", "yes", "Where it stands.", "actions") in rows


def test_choices_too_long_for_a_drop_down_are_a_fault():
    column = Column("status", "Status", editable=True, choices=("a, b", "c"))
    table = Table("actions", "Actions", pd.DataFrame({"status": ["c"]}), (column,))
    with pytest.raises(ValueError, match="Column 'status': 6 characters of choices do not fit"):
        write_workbook([table.payload()], None, PROPERTIES)
