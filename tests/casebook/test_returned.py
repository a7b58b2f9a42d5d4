"""A pack's workbook written, filled in, saved as programs save it, and read as it is."""

from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from attendance_lib.casebook.matching import find_sheet
from attendance_lib.casebook.returned import read_returned
from attendance_lib.casebook.sheets import (
    PrintedColumn,
    PrintedSheet,
    ReturnedRow,
    ReturnedSheet,
    Stray,
    Unread,
)
from attendance_lib.display.workbook.book import write_workbook
from tests.casebook.returned_packs import ACTIONS, FIRST, NAMES, PACK, PROPERTIES, as_csv, rows_of

HEADINGS = ("Action", "What", "Due", "Note")
PRINTED = PrintedSheet("actions", (PrintedColumn("action_id", "Action"),), (), "action_id")


def edit(path, change):
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return read_returned(path, "here")


def test_a_pack_as_it_was_made_is_read_with_its_names_its_marks_and_its_number(pack):
    found = read_returned(pack, "packs/fortnightly.xlsx")
    assert (found.path, found.urn, found.pack_ids, found.problem) == (
        "packs/fortnightly.xlsx",
        "990001",
        (PACK,),
        "",
    )
    (sheet,) = found.sheets
    assert (sheet.name, sheet.headings, sheet.names) == ("actions", HEADINGS, NAMES)
    assert sheet.declared == dict(zip(HEADINGS, NAMES, strict=True))
    # Of the two blank rows nothing is said but their marks.
    assert sheet.rows == (
        ReturnedRow(FIRST, f"{PACK}/001", ("0021", "Ring home", date(2026, 11, 20), None)),
        ReturnedRow(FIRST + 1, f"{PACK}/002", ("b7", "=1+1", None, None)),
    )
    assert (found.strays, found.said_by, found.said_at) == ((), "", "")


def test_a_row_that_staff_added_comes_with_the_mark_of_its_blank_row(pack):
    found = edit(pack, lambda book: book["Actions"].cell(FIRST + 3, 2, "Order certificates"))
    assert found.sheets[0].rows[2] == ReturnedRow(
        FIRST + 3, f"{PACK}/004", (None, "Order certificates", None, None)
    )


def test_a_sheet_pasted_into_a_new_book_without_the_hidden_sheet_is_known_by_its_names_and_marks(
    pack, tmp_path
):
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    for row in rows_of(pack):
        book.active.append([value or None for value in row])
    book.save(tmp_path / "new.xlsx")
    found = read_returned(tmp_path / "new.xlsx", "new")
    assert (found.pack_ids, found.urn) == ((PACK,), "990001")
    (sheet,) = found.sheets
    assert (sheet.name, sheet.names) == ("Sheet1", NAMES)
    assert [row.token for row in sheet.rows] == [f"{PACK}/001", f"{PACK}/002"]


def test_without_names_and_marks_the_headings_are_found(pack, tmp_path):
    rows = [row[:4] for number, row in enumerate(rows_of(pack)) if number != FIRST - 3]
    found = read_returned(as_csv(rows, tmp_path / "actions.csv"), "csv")
    (sheet,) = found.sheets
    assert (sheet.names, sheet.headings, [row.token for row in sheet.rows]) == ((), HEADINGS, ["", ""])


def test_a_column_without_a_heading_and_rows_below_the_table_come_too(pack):
    def more(book):
        book["Actions"].cell(FIRST, 6, "rang twice")
        book["Actions"].cell(FIRST + 9, 2, "Below")

    sheet = edit(pack, more).sheets[0]
    assert sheet.headings == (*HEADINGS, "")
    assert sheet.rows[0].cells[4] == "rang twice"
    assert sheet.rows[-1] == ReturnedRow(FIRST + 9, "", (None, "Below", None, None, None))


def test_what_is_written_outside_the_table_is_told_from_what_the_pack_printed_there(pack):
    def notes(book):
        book["Actions"].cell(1, 3, "Present: MO, RB")
        book.create_sheet("Minutes").cell(2, 1, "Next on 8 December")
        book["Read me"].cell(1, 1, "changed")

    assert edit(pack, notes).strays == (
        Stray("Actions", 1, 3, "Present: MO, RB"),
        Stray("Minutes", 2, 1, "Next on 8 December"),
    )


def test_a_line_typed_over_one_above_the_table_is_told(pack):
    assert edit(pack, lambda book: book["Actions"].cell(3, 1, "Meeting of 24 November")).strays == (
        Stray("Actions", 3, 1, "Meeting of 24 November"),
    )


def test_a_formula_without_its_result_and_an_error_say_what_stands_there(pack):
    def odd(book):
        book["Actions"].cell(FIRST, 4, "=TODAY()")
        book["Actions"].cell(FIRST + 1, 4, "#REF!")

    rows = edit(pack, odd).sheets[0].rows
    assert rows[0].cells[3] == Unread("=TODAY()", "holds a formula without its result")
    assert rows[1].cells[3] == Unread("#REF!", "holds the error #REF!")


def test_a_file_of_no_pack_holds_nothing_that_is_ours(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Budget", "2026"])
    book.save(tmp_path / "budget.xlsx")
    found = read_returned(tmp_path / "budget.xlsx", "budget")
    assert (found.sheets, found.strays, found.pack_ids, found.problem) == ((), (), (), "")


def test_a_workbook_of_before_its_hidden_sheet_said_which_table_is_read_as_before(pack):
    def as_it_was(book):
        book["columns"].delete_cols(6)

    (sheet,) = edit(pack, as_it_was).sheets
    assert sheet.name == "Actions"
    assert find_sheet(sheet, {"actions": PRINTED}) is PRINTED


@pytest.mark.parametrize("name", ["actions", "ACTIONS ", "What was agreed", "what_was agreed"])
def test_a_sheet_is_known_by_its_name_or_by_its_tab_however_they_are_written(name):
    others = {"plans": replace(PRINTED, name="plans"), "actions": replace(PRINTED, tab="What was agreed")}
    assert find_sheet(ReturnedSheet(name, (), (), ()), others) is others["actions"]


def test_a_sheet_is_known_by_our_name_whatever_its_tab_is_called_by_the_pack(tmp_path):
    cards = replace(ACTIONS, name="impact_card", title="Impact card")
    write_workbook([cards.payload()], tmp_path / "cards.xlsx", PROPERTIES)
    assert openpyxl.load_workbook(tmp_path / "cards.xlsx").sheetnames[1] == "Impact card"
    (sheet,) = read_returned(tmp_path / "cards.xlsx", "cards").sheets
    assert (sheet.name, sheet.names) == ("impact_card", NAMES)


def test_of_a_tab_with_the_hidden_sheet_lost_the_name_that_people_say_is_enough(tmp_path):
    printed = PrintedSheet("impact_card", (PrintedColumn("card_id", "Card"),), (), "card_id")
    alone = ReturnedSheet("Impact card", ("Other",), ())
    assert find_sheet(alone, {"impact_card": printed}) is printed
    assert find_sheet(replace(alone, name="Minutes"), {"impact_card": printed}) is None


def test_a_file_whose_sheet_has_no_name_is_known_by_its_columns_among_sheets_printed_before_tabs_were_kept():
    """A CSV names no sheet, and a casebook of before keeps no tab: two blank names are not one name."""
    plans = PrintedSheet(
        "plans", (PrintedColumn("plan_id", "Plan"), PrintedColumn("target", "Target")), (), "plan_id"
    )
    back = ReturnedSheet("", ("Plan", "Target"), ())
    assert find_sheet(back, {"actions": PRINTED, "plans": plans}) is plans
    assert find_sheet(replace(back, headings=("Minutes",)), {"actions": PRINTED, "plans": plans}) is None
