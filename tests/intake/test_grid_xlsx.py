"""Grids whose headings stand over three rows: month, day of the month, AM and PM."""

from datetime import date

import openpyxl
import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake import gate
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.marks import detect
from tests.intake.grids import EXPECTED, MONDAY, ROWS, TUESDAY, save

MARKS = [
    ["001", "x", "/", "\\", "I", "I"],
    ["002", "x", "L", "\\", "/", "\\"],
    ["003", "x", "/", "\\", "/", "\\"],
]
HALVES = [None, None, "AM", "PM", "AM", "PM"]


@pytest.fixture
def read_grid(read_changed, school_folder):
    def read(*heads):
        book = openpyxl.Workbook()
        for row in (*heads, *MARKS):
            book.active.append(row)
        book.save(school_folder / "marks.csv")
        return read_changed()

    return read


@pytest.mark.parametrize(
    ("months", "days"),
    [
        ((["September 2026"], 3), ["Mon 14", None, "Tue 15", None]),
        ((["Sep-26"], 3), ["14", None, "15", None]),
        ((["SEPT 2026"], 3), [14, None, 15, None]),
        # A month without its year, told by the calendar; and the month written again over each day.
        ((["September"], 3), ["Mon 14", None, "Tue 15", None]),
        ((["September 2026", None, "September 2026"], 1), ["14th Mon", None, "15th Tue", None]),
    ],
)
@pytest.mark.parametrize("title", [[], [["Registers"]]])
def test_days_below_their_month_are_dates(read_grid, codes_of, months, days, title):
    cells, blanks = months
    school = read_grid(*title, ["Adno", "Name", *cells, *[None] * blanks], [None, None, *days], HALVES)
    assert codes_of(school)[("001", "09-15", "PM")] == "I"
    assert len(school.marks) == 12
    assert set(school.marks["date"].dt.date) == {date(2026, 9, 14), date(2026, 9, 15)}


def test_a_month_changes_within_a_week(read_grid, codes_of):
    head = ["Adno", "Name", "September 2026", None, "October 2026", None]
    school = read_grid(head, [None, None, "Wed 30", None, "Thu 1", None], HALVES)
    assert {day for _, day, _ in codes_of(school)} == {"09-30", "10-01"}


def test_days_without_a_month_are_refused_as_that(read_grid):
    with pytest.raises(
        InputError, match="row 2: there are days of the month without month and year. Export whole dates"
    ):
        read_grid(["Adno", "Name"], [None, None, "Mon 14", None, "Tue 15", None], HALVES)


EPOCHS = [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH]


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


@pytest.mark.parametrize("heading", ["32/09/2026 PM", "14/09/2O26 PM", "see note PM"])
def test_marks_under_a_heading_that_is_no_date_are_counted_as_left_out(
    read_changed, school_folder, heading, monkeypatch
):
    monkeypatch.setattr(gate, "LOSS_LIMIT_RATE", 1)
    headings = ["14/09/2026 AM", heading, "15/09/2026 AM", "15/09/2026 PM", "Present", "Total AM"]
    save(school_folder / "marks.xlsx", [["Adno", "Name", *headings], *ROWS])
    log = read_changed(settings=[("marks*.csv", "marks.xlsx")]).log
    assert (log.rows_read, log.rows_dropped) == (4, 1)
    (lost,) = [finding for finding in log.findings if finding.rule == "unreadable_date"]
    assert (lost.count, lost.row, lost.column) == (1, 1, "date")
    assert [repair.count for repair in log.repairs if repair.rule == "rows_of_totals"] == [1]


def test_a_heading_of_many_blanks_is_no_date_at_once(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text(f"Adno,1{' ' * 100_000}x\n001,/\n", encoding="utf-8")
    with pytest.raises(InputError, match="none of the layouts"):
        detect(Export(path), "")


def test_two_columns_under_one_heading_that_is_no_date_are_counted_too(read_changed, school_folder):
    head = [["Adno", "Name", "Mon", None, TUESDAY, None], [None, None, "AM", "PM", "AM", "PM"]]
    save(school_folder / "marks.xlsx", [*head, *(row[:6] for row in ROWS)])
    with pytest.raises(InputError, match=r"3 of 4 marks would be left out[\s\S]*3 marks stand in 2 columns"):
        read_changed(settings=[("marks*.csv", "marks.xlsx")])


@pytest.mark.parametrize("epoch", EPOCHS, ids=["1900", "1904"])
def test_dates_that_lost_their_format_are_read_as_the_numbers_they_are(
    read_changed, codes_of, school_folder, epoch
):
    monday, tuesday = (openpyxl.utils.datetime.to_excel(day, epoch=epoch) for day in (MONDAY, TUESDAY))
    head = [
        ["Adno", "Name", monday, None, tuesday, None, "Present"],
        [None, None, "AM", "PM", "AM", "PM", None],
    ]
    save(school_folder / "marks.xlsx", head + ROWS, epoch=epoch)
    school = read_changed(settings=[("marks*.csv", "marks.xlsx")])
    assert codes_of(school) == EXPECTED
    assert "numbers_as_dates" in {repair.rule for repair in school.log.repairs}


@pytest.mark.parametrize("epoch", EPOCHS, ids=["1900", "1904"])
def test_a_column_of_dates_that_lost_its_format_is_read(read_changed, codes_of, school_folder, epoch):
    serial = {"09-14": MONDAY, "09-15": TUESDAY}
    rows = [
        [key[0], openpyxl.utils.datetime.to_excel(serial[key[1]], epoch=epoch), key[2], code]
        for key, code in EXPECTED.items()
    ]
    save(school_folder / "marks.xlsx", [["pupil_id", "date", "session", "code"], *rows], epoch=epoch)
    assert codes_of(read_changed(settings=[("marks*.csv", "marks.xlsx")])) == EXPECTED


@pytest.mark.parametrize("form", ["%a %d %b {}", "%d/%m {}", "%d %B {}"])
def test_headings_without_a_year_are_read_by_the_calendar(read_changed, codes_of, school_folder, form):
    headings = [day.strftime(form).format(half) for day in (MONDAY, TUESDAY) for half in ("AM", "PM")]
    save(school_folder / "marks.xlsx", [["Adno", "Name", *headings, "Present"], *ROWS])
    school = read_changed(settings=[("marks*.csv", "marks.xlsx")])
    assert codes_of(school) == EXPECTED
    assert [repair.count for repair in school.log.repairs if repair.rule == "years_by_calendar"] == [2]


@pytest.mark.parametrize(
    "headings", [["Sun 14 Sep AM", "15 Sep AM"], ["1 Aug AM", "14 Sep AM"]], ids=["weekday", "holiday"]
)
def test_headings_that_no_school_year_fits_are_refused(read_changed, school_folder, headings):
    save(school_folder / "marks.xlsx", [["Adno", *headings], ["001", "/", "/"]])
    with pytest.raises(InputError, match="row 1: the dates in the headings have no year"):
        read_changed(settings=[("marks*.csv", "marks.xlsx")])


def test_a_workbook_with_a_sheet_for_each_year_group_is_read_whole(read_changed, codes_of, school_folder):
    path = school_folder / "marks.xlsx"
    save(path, [["Adno", "14/09/2026 AM", "15/09/2026 AM"], ["001", "/", "/"]], title="Year 7")
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Year 8")
    for row in [["Adno", "14/09/2026 AM", "15/09/2026 AM"], ["002", "I", "/"]]:
        sheet.append(row)
    book.create_sheet("Notes").append(["Printed by the office"])
    book.save(path)
    school = read_changed(settings=[("marks*.csv", "marks.xlsx")])
    assert {pupil for pupil, _, _ in codes_of(school)} == {"001", "002"}
    assert [read.sheet for read in school.log.files if read.kind == "marks"] == ["Year 7", "Year 8"]


def test_a_grid_without_sessions_is_refused(read_changed, school_folder):
    save(school_folder / "marks.xlsx", [["Adno", "Name", MONDAY, TUESDAY], *ROWS])
    with pytest.raises(InputError, match=r"row 1: 2 of 2 columns of marks have a date but neither AM nor PM"):
        read_changed(settings=[("marks*.csv", "marks.xlsx")])
