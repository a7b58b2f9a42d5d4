import io
import zipfile

import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.files.workbook import find_cells, open_spreadsheet
from tests.intake.grids import EXPECTED, MONDAY, ROWS, TUESDAY, save


def test_a_cell_with_an_error_is_a_finding_with_its_reference(read_changed, school_folder):
    rows = [["001", "2026-09-14", "AM", "/"], ["003", "2026-09-14", "AM", "#NAME?"]]
    save(school_folder / "marks.xlsx", [["pupil_id", "date", "session", "code"], *rows])
    school = read_changed(settings=[("marks*.csv", "marks.xlsx")])
    found = next(finding for finding in school.log.findings if finding.rule == "error_cells")
    assert (found.count, "the first is D3" in found.message, school.log.missing_marks) == (1, True, 1)


@pytest.mark.parametrize("mangled", [45_000.5, MONDAY], ids=["number", "date"])
def test_a_code_that_a_spreadsheet_mangled_is_reported_with_its_row(read_changed, school_folder, mangled):
    rows = [[f"00{number}", "2026-09-14", "AM", "/"] for number in (1, 2)] + [
        ["003", "2026-09-14", "AM", mangled]
    ]
    save(school_folder / "marks.xlsx", [["pupil_id", "date", "session", "code"], *rows])
    message = r"(?s)row 4, column 'code': 1 mark holds what is no register code.*format the column as text"
    with pytest.raises(InputError, match=message):
        read_changed(settings=[("marks*.csv", "marks.xlsx")])


def test_a_tidy_sheet_with_typed_dates(read_changed, codes_of, school_folder):
    rows = [["pupil_id", "date", "session", "code"], *[[key[0], MONDAY if key[1] == "09-14" else TUESDAY, key[2], code]
            for key, code in EXPECTED.items()]]  # fmt: skip
    save(school_folder / "marks.xlsx", rows)
    assert codes_of(read_changed(settings=[("marks*.csv", "marks.xlsx")])) == EXPECTED


def test_a_missing_sheet_is_refused_by_name(read_changed, school_folder):
    save(school_folder / "marks.xlsx", [["a"]])
    with pytest.raises(InputError, match="marks.xlsx: there is no sheet 'Mark'. Did you mean 'Marks'"):
        read_changed(settings=[('"marks*.csv"', '"marks.xlsx", sheet: "Mark"')])


def packed(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def sheet_of(path):
    return Export(path).sheets


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04cut short", "cut short or damaged"),
        (packed(a="not a workbook"), "cannot be read; it is damaged, locked or not an .xlsx"),
        (packed(bomb=b"\0" * 30_000_000), "unpacks to 30,000,000 bytes"),
        (packed(**{f"part{number}": "x" for number in range(2_001)}), "in 2001 parts"),
    ],
)
def test_a_hostile_or_damaged_workbook_is_refused(tmp_path, content, message):
    path = tmp_path / "marks.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        sheet_of(path)


def test_a_stray_cell_at_the_far_corner_is_refused_before_it_costs_memory(tmp_path):
    path = tmp_path / "marks.xlsx"
    save(path, [["a"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path.write_bytes(packed(**parts | {sheet: parts[sheet].replace(b"</sheetData>", far)}))
    with pytest.raises(InputError, match="reaches row 1,048,576 and column 16,384"):
        sheet_of(path)


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "far",
    [
        FAR.replace(b'"', b"'"),
        FAR.replace(b'r="', b'r = "'),
        FAR.replace(b"XFD", b"xfd"),
        FAR.replace(b"XFD", b"XFD" + b"0" * 9),
        b'<row r="1048576">' + b"<c><v>1</v></c>" * 100 + b"</row>",
        b'<row r="1048575" />' + b"<row><c a=\">\"\nr='XFD'><v>1</v></c></row>",
    ],
    ids=["other quotes", "spaces", "small letters", "leading zeros", "no reference", "a row that follows"],
)
def test_a_stray_cell_cannot_hide_in_another_way_of_writing(tmp_path, far):
    with pytest.raises(InputError, match="more than the limit"):
        sheet_of(respelt(tmp_path, {"xl/worksheets/sheet1.xml": (b"</sheetData>", far + b"</sheetData>")}))


def test_a_tag_that_reaches_over_two_pieces_is_not_lost(tmp_path):
    far = FAR.replace(b"<c ", b"<c " + b" " * 3_000_000).replace(b'"', b"'")
    with pytest.raises(InputError, match="a tag longer than any program writes"):
        sheet_of(respelt(tmp_path, {"xl/worksheets/sheet1.xml": (b"</sheetData>", far + b"</sheetData>")}))


def respelt(tmp_path, changes, moves=None):
    """Write a small workbook with some of its parts changed (old to new) and some under another name."""
    path = tmp_path / "marks.xlsx"
    save(path, [["a"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    spelt = {name: part.replace(*changes[name]) if name in changes else part for name, part in parts.items()}
    path.write_bytes(packed(**{(moves or {}).get(name, name): part for name, part in spelt.items()}))
    return path


def test_a_stated_dimension_of_billions_of_cells_costs_nothing(tmp_path):
    path = tmp_path / "marks.xlsx"
    save(path, [["a", "b"], ["c", "d"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b'<dimension ref="A1:B2"' in parts[sheet]
    parts[sheet] = parts[sheet].replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    path.write_bytes(packed(**parts))
    assert sheet_of(path)[0].cells.tolist() == [["a", "b"], ["c", "d"]]


def test_a_workbook_locked_with_a_password_is_refused(tmp_path):
    path = tmp_path / "marks.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096)
    with pytest.raises(InputError, match="an old .xls workbook or one with a password"):
        sheet_of(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_cut_short_is_refused(tmp_path, share):
    path = tmp_path / "marks.xlsx"
    save(path, [["a", "b"]] * 200)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError, match="cut short or damaged"):
        sheet_of(path)


def test_a_formula_is_text_or_its_last_value_and_never_run(tmp_path):
    path = tmp_path / "marks.xlsx"
    save(path, [["=1+1", '=HYPERLINK("http://x")'], ["b", "c"]])
    assert sheet_of(path)[0].cells.tolist() == [["", ""], ["b", "c"]]


@pytest.mark.parametrize(
    ("chunk", "corner"),
    [
        (b'<c r="XFD1048576"/>', (1048576, 16384)),
        (b'<c\tr="B2" s="1"/><c s="1" r="A30"/>', (30, 2)),
        (b'<row spans="1:9" r="9999999"/>', (9999999, 0)),
        (b'<row r="4294967297"/><c r="1"/>', (4294967297, 0)),
        (b'<c r="B7C9"/><c r="_A1"/>', (7, 2)),
        (b'<c spr="ZZZ9" t="s"/>', (0, 0)),
        (b'<c r="A1"/><c r="', (1, 1)),
        (b"", (0, 0)),
    ],
)
def test_the_far_corner_is_the_last_row_and_column_that_a_reference_names(chunk, corner):
    assert find_cells(chunk).corner == corner


def test_an_archive_of_a_kind_nobody_can_unpack_is_refused(tmp_path):
    save(tmp_path / "a.xlsx", ROWS)
    content = bytearray((tmp_path / "a.xlsx").read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 6] = 148  # the version needed to unpack it
    with pytest.raises(InputError, match="a.xlsx: the workbook is cut short or damaged"):
        open_spreadsheet(bytes(content), "a.xlsx")
