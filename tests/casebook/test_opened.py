"""Opening what came back: workbooks, open documents and text, whole or damaged, within bounds."""

import errno
import os
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import pytest

from attendance_lib.casebook.returned import read_returned
from attendance_lib.casebook.sheets import ReturnedRow, Stray
from tests.casebook.returned_packs import FIRST, NAMES, PACK, as_csv, rows_of


def with_part(path, name, change):
    with zipfile.ZipFile(path) as made:
        parts = {each: made.read(each) for each in made.namelist()}
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)


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


def test_who_saved_last_and_when_is_what_the_file_says(pack):
    def saved_by_another(text):
        text = text.replace("<cp:lastModifiedBy>Larkmoor<", "<cp:lastModifiedBy>M. Okafor &amp; Co<")
        return text.replace(
            "2026-11-20T00:00:00Z</dcterms:modified>", "2026-11-24T16:05:00Z</dcterms:modified>"
        )

    with_part(pack, "docProps/core.xml", saved_by_another)
    found = read_returned(pack, "here")
    assert (found.said_by, found.said_at) == ("M. Okafor & Co", "2026-11-24T16:05:00Z")


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
        read_returned(tmp_path / "gone.xlsx", "gone").problem
        == f"cannot be read ({os.strerror(errno.ENOENT)})"
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
