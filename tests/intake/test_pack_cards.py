"""Impact cards filled in as staff fill them in, and read back."""

from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from attendance_lib.display.model import Table
from attendance_lib.display.workbook import WorkbookProperties, write_workbook
from attendance_lib.errors import InputError
from attendance_lib.intake.pack_cards import CARD_COLUMNS, no_cards, read_pack_cards
from attendance_lib.sections.impact_card_sheet import CARD_COLUMNS as COLUMNS

ONE = {
    "intervention": ["Mentor"],
    "aim": ["=4 points more"],
    "comparison": ["by lot"],
    "start_date": [date(2027, 1, 11)],
    "standing": ["written before the start"],
}


@pytest.fixture
def workbook(tmp_path):
    """An impact pack's workbook with one card and blank rows, and where its headings and first rows stand."""
    frame = pd.DataFrame(ONE).reindex(columns=[column.name for column in COLUMNS])
    table = Table("impact_card", "Impact cards", frame, COLUMNS, blank_rows=3)
    path = tmp_path / "impact.xlsx"
    properties = WorkbookProperties("Did it work?", "Larkmoor Academy", "2026", "Confidential", "2026-11-20")
    write_workbook([table.payload()], path, properties)
    return path


def fill(path, row, **cells):
    """Type cells of a row below the headings (0 the first card) and save."""
    book = openpyxl.load_workbook(path)
    sheet = book["impact_card"]
    header = next(line[0].row for line in sheet.iter_rows() if line[0].value == "Intervention")
    at = {cell.value: cell.column for cell in sheet[header]}
    headings = {column.name: column.heading for column in COLUMNS}
    for name, value in cells.items():
        sheet.cell(header + 1 + row, at[headings[name]]).value = value
    book.save(path)


def test_a_card_comes_back_as_it_was_written(workbook):
    cards = read_pack_cards(workbook)
    assert list(cards.columns) == [*CARD_COLUMNS, "source_row"]
    card = cards.iloc[0]
    assert (card["intervention"], card["aim"], card["comparison"]) == ("Mentor", "=4 points more", "by lot")
    assert card["start_date"] == pd.Timestamp("2027-01-11")
    assert pd.isna(card["review_date"])


def test_a_card_that_staff_add_is_read_with_its_dates(workbook):
    fill(
        workbook,
        1,
        intervention="Breakfast club",
        comparison="Waiting List",
        written_on="4/1/2027",
        review_date=datetime(2027, 3, 26),
    )
    cards = read_pack_cards(workbook)
    added = cards.iloc[1]
    assert len(cards) == 2
    assert (added["intervention"], added["comparison"]) == ("Breakfast club", "waiting list")
    assert (added["written_on"], added["review_date"]) == (
        pd.Timestamp("2027-01-04"),
        pd.Timestamp("2027-03-26"),
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"aim": "more"},
            "column 'Intervention': is blank. Write what is to be done, or clear the whole row",
        ),
        (
            {"intervention": "X", "comparison": "a coin"},
            "'a coin' is no comparison. Use one of: by lot, waiting list",
        ),
        ({"intervention": "X", "start_date": "after Easter"}, "'after Easter' is not a date"),
        ({"intervention": "X", "written_on": "=TODAY()"}, "holds a formula without its result"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_place(workbook, cells, message):
    fill(workbook, 1, **cells)
    with pytest.raises(InputError, match=message) as refused:
        read_pack_cards(workbook)
    assert "impact.xlsx, sheet 'impact_card', row" in refused.value.problems[0]


def test_a_workbook_without_the_sheet_is_refused(workbook):
    book = openpyxl.load_workbook(workbook)
    book["impact_card"].title = "cards"
    book.save(workbook)
    with pytest.raises(InputError, match="there is no sheet 'impact_card'"):
        read_pack_cards(workbook)


def test_no_cards_have_the_same_columns_and_types(workbook):
    assert no_cards().dtypes.to_dict() == read_pack_cards(workbook).dtypes.to_dict()
