import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.export import Export


def save(path, rows, *, date_format="DD/MM/YYYY", epoch=None, title="Marks"):
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, date)):
        cell.number_format = date_format
    book.save(path)


EPOCHS = [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH]
MONDAY, TUESDAY = datetime(2026, 9, 14), datetime(2026, 9, 15)
EXPECTED = {
    ("001", "09-14", "AM"): "/",
    ("001", "09-14", "PM"): "\\",
    ("001", "09-15", "AM"): "L",
    ("002", "09-14", "AM"): "I",
}
ROWS = [
    ["001", "Ó Briain", "/", "\\", "L", "", 1.0],
    ["002", "O'Neill", "I", "", "-", None, 1.0],
    ["Total pupils", 2],
]


@pytest.mark.parametrize("epoch", EPOCHS, ids=["1900", "1904"])
def test_a_grid_with_excel_dates_and_a_second_row_of_sessions(read_changed, codes_of, school_folder, epoch):
    head = [
        ["Register"],
        [],
        ["Adno", "Name", MONDAY, None, TUESDAY, None, "Present"],
        [None, None, "AM", "PM", "AM", "PM", None],
    ]
    save(school_folder / "marks.xlsx", head + ROWS, epoch=epoch)
    school = read_changed(settings=[("marks*.csv", "marks.xlsx")])
    assert (codes_of(school), school.log.files[-1].layout) == (EXPECTED, "grid_xlsx")


@pytest.mark.parametrize("form", ["%d/%m/%Y {}", "%a %d %b %Y {}", "%Y-%m-%d ({})", "%d/%m/%Y-{}"])
def test_a_grid_with_dates_as_text(read_changed, codes_of, school_folder, form):
    headings = [day.strftime(form).format(half) for day in (MONDAY, TUESDAY) for half in ("AM", "pm")]
    save(school_folder / "marks.xlsx", [["Register"], ["Adno", "Name", *headings, "Present"], *ROWS])
    assert codes_of(read_changed(settings=[("marks*.csv", "marks.xlsx")])) == EXPECTED


def test_a_grid_without_sessions_is_refused(read_changed, school_folder):
    save(school_folder / "marks.xlsx", [["Adno", "Name", MONDAY, TUESDAY], *ROWS])
    with pytest.raises(InputError, match=r"row 1: 2 of 2 columns of marks have a date but neither AM nor PM"):
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
    parts[sheet] = parts[sheet].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    path.write_bytes(packed(**parts))
    with pytest.raises(InputError, match="reaches row 1,048,576 and column 16,384"):
        sheet_of(path)


def test_a_formula_is_text_or_its_last_value_and_never_run(tmp_path):
    path = tmp_path / "marks.xlsx"
    save(path, [["=1+1", '=HYPERLINK("http://x")'], ["b", "c"]])
    assert sheet_of(path)[0].cells.tolist() == [["", ""], ["b", "c"]]
