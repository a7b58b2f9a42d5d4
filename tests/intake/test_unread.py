"""A sheet of a workbook that is not read is told of; one that is full of marks is a must."""

import openpyxl
import pytest

REGISTER = [
    ["pupil_id", "date", "session", "code"],
    *(["001", f"2026-09-{day}", "AM", "/"] for day in range(14, 19)),
]


def save(path, sheets, hidden=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    book.save(path)


@pytest.fixture
def findings_of(read_changed, school_folder):
    """The findings of the file of marks made of some sheets."""

    def findings(sheets, hidden=()):
        save(school_folder / "marks.xlsx", sheets, hidden)
        log = read_changed(settings=[("marks*.csv", "marks.xlsx")]).log
        return {each.rule: (each.severity, each.count) for each in log.findings if "sheets" in each.rule}

    return findings


def test_a_sheet_of_notes_is_told_of(findings_of):
    assert findings_of({"Marks": REGISTER, "Notes": [["Printed"]]}) == {"sheets_not_read": ("should", 1)}


def test_a_sheet_of_marks_whose_headings_nobody_knows_is_a_must(findings_of):
    odd = [["who", "when", "half", "what"], *REGISTER[1:]]
    assert findings_of({"Autumn": REGISTER, "Spring": odd}) == {"sheets_not_read": ("must", 1)}


def test_hidden_sheets_are_counted_and_empty_ones_are_nothing(findings_of):
    sheets = {"Marks": REGISTER, "Old": REGISTER, "Empty": []}
    assert findings_of(sheets, hidden=["Old"]) == {"hidden_sheets": ("should", 1)}


def test_sheets_in_one_layout_are_all_read(findings_of):
    assert findings_of({"Autumn": REGISTER, "Spring": REGISTER}) == {}
