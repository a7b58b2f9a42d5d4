"""A pack's workbook written, filled in, saved as programs save it, and read as it is."""

import csv
import io
import os
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
import pytest

from attendance_lib.casebook.returned import read_returned
from attendance_lib.casebook.sheets import ReturnedRow, Stray, Unread
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.model import Table
from attendance_lib.display.workbook import WorkbookProperties, write_workbook

PACK = "pk00000000ab12"
PROPERTIES = WorkbookProperties("Pack", "Larkmoor", "9 to 20 November 2026", "", "2026-11-20", "990001", PACK)
ACTIONS = Table(
    "actions",
    "Actions",
    pd.DataFrame(
        {"action_id": ["0021", "b7"], "action": ["Ring home", "=1+1"], "due_date": [date(2026, 11, 20), None], "note": [None] * 2}
    ),
    (
        Column("action_id", "Action"),
        Column("action", "What", editable=True),
        Column("due_date", "Due", Kind.DATE, editable=True),
        Column("note", "Note", editable=True),
    ),
    note="Fill in at the meeting.",
    blank_rows=2,
)  # fmt: skip
GROUPS = Table("groups", "Groups", pd.DataFrame({"group": ["Year 7"]}), (Column("group", "Group"),))
NAMES = ("action_id", "action", "due_date", "note")
HEADINGS = ("Action", "What", "Due", "Note")
FIRST = 7  # title, number, note, what to fill in, names, headings


@pytest.fixture
def pack(tmp_path):
    path = tmp_path / "fortnightly.xlsx"
    write_workbook([ACTIONS.payload(), GROUPS.payload()], path, PROPERTIES)
    return path


def edit(path, change):
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return read_returned(path, "here")


def with_part(path, name, change):
    with zipfile.ZipFile(path) as made:
        parts = {each: made.read(each) for each in made.namelist()}
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)


def rows_of(path):
    sheet = openpyxl.load_workbook(path)["actions"]
    return [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]


def as_csv(rows, path, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


def as_ods(rows, path, *, who="", repeated=1):
    """What LibreOffice writes of a sheet: its rows, the last one standing for all rows down to the end."""
    shown = "".join(
        f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(map(ods_cell, row))}</table:table-row>'
        for row in rows
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="actions">{shown}'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    about = f"<dc:creator>{who}</dc:creator><dc:date>2026-11-24T16:05:00</dc:date><meta:generator>LibreOffice/7.4</meta:generator>"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", content)
        parts.writestr("meta.xml", about)
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def change_part(path, part, change):
    with zipfile.ZipFile(path) as book:
        held = {name: book.read(name) for name in book.namelist()}
    held[part] = change(held[part].decode()).encode()
    with zipfile.ZipFile(path, "w") as book:
        for name, content in held.items():
            book.writestr(name, content)


def ods_cell(value):
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()[:10]}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


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


def test_who_saved_last_and_when_is_what_the_file_says(pack):
    with_part(
        pack,
        "docProps/core.xml",
        lambda text: text.replace(
            "<cp:lastModifiedBy>Larkmoor<", "<cp:lastModifiedBy>M. Okafor &amp; Co<"
        ).replace(
            'W3CDTF">2026-11-20T00:00:00Z</dcterms:modified>',
            'W3CDTF">2026-11-24T16:05:00Z</dcterms:modified>',
        ),
    )
    found = read_returned(pack, "here")
    assert (found.said_by, found.said_at) == ("M. Okafor & Co", "2026-11-24T16:05:00Z")


def test_a_row_that_staff_added_comes_with_the_mark_of_its_blank_row(pack):
    found = edit(pack, lambda book: book["actions"].cell(FIRST + 3, 2, "Order certificates"))
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
    assert [(sheet.name, sheet.names, [row.token for row in sheet.rows]) for sheet in found.sheets] == [
        ("Sheet1", NAMES, [f"{PACK}/001", f"{PACK}/002"])
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_whatever_separates_its_cells(pack, tmp_path, delimiter):
    found = read_returned(as_csv(rows_of(pack), tmp_path / "actions.csv", delimiter), "csv")
    assert (found.pack_ids, found.sheets[0].names) == ((PACK,), NAMES)
    assert [(row.token, row.cells[1]) for row in found.sheets[0].rows] == [
        (f"{PACK}/001", "Ring home"),
        (f"{PACK}/002", "=1+1"),
    ]
    assert found.strays == ()


def test_an_open_document_is_read_with_who_saved_it(pack, tmp_path):
    found = read_returned(as_ods(rows_of(pack), tmp_path / "actions.ods", who="R. Begum"), "ods")
    assert (found.pack_ids, found.said_by, found.said_at) == ((PACK,), "R. Begum", "2026-11-24T16:05:00")
    assert found.program == "LibreOffice/7.4"
    assert found.sheets[0].rows[0] == ReturnedRow(
        FIRST, f"{PACK}/001", ("0021", "Ring home", date(2026, 11, 20), None)
    )


def test_comments_on_cells_of_an_open_document_are_told_each_where_it_stands(pack, tmp_path):
    path = as_ods(rows_of(pack), tmp_path / "actions.ods")
    said = (
        "<office:annotation><dc:creator>JB</dc:creator><dc:date>2026-11-24T16:05:00</dc:date>"
        "<text:p>rang <text:span>home</text:span></text:p><text:p>twice</text:p></office:annotation>"
    )
    # Below a row that stands there twice and beside a cell that stands there three times, both written once.
    rows = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row><table:table-row>'
        f'<table:table-cell table:number-columns-repeated="3"/><table:table-cell>{said}</table:table-cell></table:table-row>'
    )
    last = '<table:table-row table:number-rows-repeated="1048000">'
    change_part(path, "content.xml", lambda text: text.replace(last, f"{rows}{last}"))
    (stray,) = read_returned(path, "ods").strays
    assert stray == Stray("actions", len(rows_of(pack)) + 3, 4, "comment: rang home\ntwice")


def test_an_open_document_whose_comments_are_cut_short_is_refused(pack, tmp_path):
    path = as_ods(rows_of(pack), tmp_path / "actions.ods")
    change_part(
        path, "content.xml", lambda text: text.replace("</table:table>", "<office:annotation></table:table>")
    )
    assert "damaged" in read_returned(path, "ods").problem


def test_without_names_and_marks_the_headings_are_found(pack, tmp_path):
    rows = [row[:4] for number, row in enumerate(rows_of(pack)) if number != FIRST - 3]
    found = read_returned(as_csv(rows, tmp_path / "actions.csv"), "csv")
    (sheet,) = found.sheets
    assert (sheet.names, sheet.headings, [row.token for row in sheet.rows]) == ((), HEADINGS, ["", ""])


def test_a_column_without_a_heading_and_rows_below_the_table_come_too(pack):
    def more(book):
        book["actions"].cell(FIRST, 6, "rang twice")
        book["actions"].cell(FIRST + 9, 2, "Below")

    sheet = edit(pack, more).sheets[0]
    assert sheet.headings == (*HEADINGS, "")
    assert sheet.rows[0].cells[4] == "rang twice"
    assert sheet.rows[-1] == ReturnedRow(FIRST + 9, "", (None, "Below", None, None, None))


def test_what_is_written_outside_the_table_is_told_from_what_the_pack_printed_there(pack):
    def notes(book):
        book["actions"].cell(1, 3, "Present: MO, RB")
        book.create_sheet("Minutes").cell(2, 1, "Next on 8 December")
        book["Read me"].cell(1, 1, "changed")

    assert edit(pack, notes).strays == (
        Stray("actions", 1, 3, "Present: MO, RB"),
        Stray("Minutes", 2, 1, "Next on 8 December"),
    )


def test_a_line_typed_over_one_above_the_table_is_told(pack):
    assert edit(pack, lambda book: book["actions"].cell(3, 1, "Meeting of 24 November")).strays == (
        Stray("actions", 3, 1, "Meeting of 24 November"),
    )


def test_a_formula_without_its_result_and_an_error_say_what_stands_there(pack):
    def odd(book):
        book["actions"].cell(FIRST, 4, "=TODAY()")
        book["actions"].cell(FIRST + 1, 4, "#REF!")

    rows = edit(pack, odd).sheets[0].rows
    assert rows[0].cells[3] == Unread("=TODAY()", "holds a formula without its result")
    assert rows[1].cells[3] == Unread("#REF!", "holds the error #REF!")


def test_a_file_of_no_pack_holds_nothing_that_is_ours(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Budget", "2026"])
    book.save(tmp_path / "budget.xlsx")
    found = read_returned(tmp_path / "budget.xlsx", "budget")
    assert (found.sheets, found.strays, found.pack_ids, found.problem) == ((), (), (), "")


@pytest.mark.parametrize(
    ("content", "ending", "problem"),
    [
        (b"", ".xlsx", "the file is empty"),
        (b"\0" * 900, ".xlsx", "the file is empty"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600,
            ".xlsx",
            "the workbook has a password, or is an old .xls",
        ),
        (b"PK\x03\x04 cut short", ".xlsx", "the workbook is cut short or damaged"),
        (b"some text", ".xlsx", "this is no workbook"),
        (b"\xff\xfe\x00", ".csv", "this is not"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why_and_what_to_do(tmp_path, content, ending, problem):
    path = tmp_path / f"notes{ending}"
    path.write_bytes(content)
    found = read_returned(path, "notes")
    assert found.problem.startswith(problem)
    assert found.sheets == ()
    assert len(found.sha256) == 64


def test_a_file_that_is_gone_or_may_not_be_read_says_so(tmp_path):
    assert (
        read_returned(tmp_path / "gone.xlsx", "gone").problem == "cannot be read (No such file or directory)"
    )


def test_an_open_document_that_unpacks_to_a_million_rows_is_refused(pack, tmp_path):
    found = read_returned(as_ods(rows_of(pack), tmp_path / "a.ods", repeated=1_000_000), "ods")
    assert found.problem.startswith("the workbook unpacks to more than any pack holds")


@pytest.mark.parametrize("cut", range(200, 6000, 400))
def test_a_workbook_cut_short_anywhere_is_never_a_traceback(pack, cut):
    whole = pack.read_bytes()
    pack.write_bytes(whole[:cut])
    assert read_returned(pack, "cut").problem
    pack.write_bytes(whole[:cut] + b"\0" * 40 + whole[cut + 40 :])
    read_returned(pack, "overwritten")


def test_when_a_file_was_last_changed_on_disk_is_said(pack):
    os.utime(pack, (1_795_536_000, 1_795_536_000))
    assert read_returned(pack, "here").changed_at == "2026-11-24T16:00:00+00:00"
