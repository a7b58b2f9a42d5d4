"""Cells that hold something and read as blank: found however a program writes its sheets."""

import io
import re
import zipfile

import openpyxl
import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.pack_workbook import read_pack_actions
from attendance_lib.intake.spreadsheet import open_spreadsheet


def book(change=lambda xml: xml):
    """A workbook: a formula without its result in B2, one with its result in C2, an error in B3, text in the others."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Autumn"
    for row in (["a", "b", "c"], ["x", "=1+1", "=2+2"], ["y", "#N/A", "z"]):
        sheet.append(row)
    stream, changed = io.BytesIO(), io.BytesIO()
    made.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = change(part.replace(b"<f>2+2</f><v />", b"<f>2+2</f><v>4</v>"))
            new.writestr(name, part)
    return changed.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml,
        lambda xml: re.sub(rb'<(row|c) r="[A-Z0-9]+"', rb"<\1", xml),
        lambda xml: xml.replace(b'r="B2"', b"r='B2'").replace(b"<sheetData>", b"<sheetData><!-- <c r='Z9'/> -->"),
        lambda xml: re.sub(rb"<(/?)(row|c|v|f|is|t|sheetData|worksheet)\b", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x="),
    ],
    ids=["as openpyxl writes it", "without references", "with a comment", "with a prefix"],
)  # fmt: skip
def test_a_formula_without_result_and_an_error_are_found(change):
    opened = open_spreadsheet(book(change), "a.xlsx")
    found = opened.unsaid("Autumn")
    assert (found.formulas, found.errors) == (frozenset({(1, 1)}), frozenset({(2, 1)}))


def test_a_row_that_does_not_say_a_number_stands_after_the_one_before_it():
    content = book(
        lambda xml: re.sub(rb'<c r="[A-Z0-9]+"', rb"<c", xml.replace(b'<row r="2"', b'<row r="C2"'))
    )
    assert open_spreadsheet(content, "a.xlsx").unsaid("Autumn").formulas == {(1, 1)}


def test_a_sheet_that_the_workbook_does_not_name_holds_none():
    assert open_spreadsheet(book(), "a.xlsx").unsaid("Spring").places == frozenset()


def test_an_archive_of_a_kind_nobody_can_unpack_is_refused():
    content = bytearray(book())
    at = content.rindex(b"PK\x01\x02")
    content[at + 6] = 148  # the version needed to unpack it
    with pytest.raises(InputError, match="a.xlsx: the workbook is cut short or damaged"):
        open_spreadsheet(bytes(content), "a.xlsx")


def test_an_error_that_staff_pasted_is_told_and_never_taken_for_blank(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "actions"
    made.active.append(["action_id", "pupil_id", "action", "status", "note"])
    made.active.append(["001", "0101", "Ring home", "open", "#N/A"])
    made.active["E2"].data_type = "e"
    made.save(tmp_path / "pack.xlsx")
    with pytest.raises(
        InputError, match=r"row 2, column 'note': holds an error such as #N/A. Type the value itself"
    ):
        read_pack_actions(tmp_path / "pack.xlsx")


def test_a_formula_below_and_beside_everything_else_is_told(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "actions"
    made.active.append(["action_id", "pupil_id", "action", "status", "note"])
    made.active["E4"] = "=A1"
    made.save(tmp_path / "pack.xlsx")
    with pytest.raises(InputError, match=r"row 4, column 'note': holds a formula without its result"):
        read_pack_actions(tmp_path / "pack.xlsx")
