"""A sheet as a pack printed it, and a pack's number that is the same wherever it is made."""

from dataclasses import replace
from datetime import date

import pytest

from attendance_lib.casebook.sheets import (
    PrintedColumn,
    PrintedPack,
    PrintedRow,
    PrintedSheet,
    canonical,
    file_path,
)

COLUMNS = (PrintedColumn("action_id", "Action"), PrintedColumn("note", "Note", is_editable=True))
ROWS = (PrintedRow("001", "A1", ("A1", "rang")), PrintedRow("002", "", (None, None)))
SHEET = PrintedSheet("actions", COLUMNS, ROWS, key="action_id")
PACK = PrintedPack("990001", "fortnightly", date(2026, 11, 9), date(2026, 11, 20), "all", 3, (SHEET,))


def test_a_sheet_is_asked_by_column_token_and_key():
    assert list(SHEET.by_name) == ["action_id", "note"]
    assert list(SHEET.by_token) == ["001", "002"]
    # A blank row has no key.
    assert list(SHEET.by_key) == ["A1"]


def test_a_cell_that_no_column_has_is_nothing():
    row, blank = ROWS
    assert (SHEET.cell(row, "note"), SHEET.cell(row, "owner")) == ("rang", None)
    assert (SHEET.text(blank, "note"), SHEET.text(row, "owner")) == ("", "")


def test_the_same_print_has_the_same_number_and_any_change_another():
    again = replace(PACK, sheets=(replace(SHEET, rows=tuple(ROWS)),))
    assert again.pack_id == PACK.pack_id
    changes = [{"urn": "990002"}, {"basis": 4}, {"cohort": "year_7"}, {"values": "term=1"}, {"date_to": date(2026, 11, 21)},
               {"sheets": (replace(SHEET, rows=ROWS[:1]),)}]  # fmt: skip
    assert len({replace(PACK, **change).pack_id for change in changes} | {PACK.pack_id}) == len(changes) + 1


def test_a_row_s_mark_names_its_pack():
    assert PACK.token_text(ROWS[1]) == f"{PACK.pack_id}/002"


def test_what_is_the_same_is_written_the_same_whatever_the_order_of_its_names():
    assert canonical({"b": 1, "a": COLUMNS[:1]}) == canonical({"a": COLUMNS[:1], "b": 1})
    assert canonical("Zoë") == '"Zoë"'


def test_what_is_no_value_of_ours_is_a_fault():
    with pytest.raises(TypeError, match="set cannot be written"):
        canonical({1, 2})


def test_a_part_lies_in_its_file():
    assert file_path("p2/a.xlsx") == "p2/a.xlsx"
    assert file_path("p2/a.xlsx > last > time") == "p2/a.xlsx"
