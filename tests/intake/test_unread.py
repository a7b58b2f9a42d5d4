"""A sheet of a workbook that is not read is told of; one that is full of marks is a must."""

import openpyxl
import pytest

from attendance_lib.intake.files.workbook import BARE_FORMULA

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


def test_a_formula_that_no_program_has_worked_out_is_told_of(read_changed, school_folder):
    save(
        school_folder / "marks.xlsx",
        {"Marks": [*REGISTER, ["001", "2026-09-21", "AM", '="/"'], ["=1+1", None, None, None]]},
    )
    log = read_changed(settings=[("marks*.csv", "marks.xlsx")]).log
    (found,) = [each for each in log.findings if each.rule == "formulas_without_value"]
    assert (found.count, "the first is D7" in found.message, found.severity) == (2, True, "should")


@pytest.mark.parametrize(
    ("said", "is_bare"),
    [
        (b"><f>1+1</f><v></v></c>", True), (b' s="1"><f t="shared" si="0"/></c>', True), (b"><f>1+1</f><v>2</v></c>", False),
        (b' t="str"><f>IF(A1,1,&quot;&quot;)</f><v></v></c>', False), (b"><v>2</v></c>", False), (b"/>", False),
    ],
)  # fmt: skip
def test_a_formula_with_its_value_is_a_value(said, is_bare):
    assert bool(BARE_FORMULA.match(said)) == is_bare
