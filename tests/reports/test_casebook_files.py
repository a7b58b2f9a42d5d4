"""The casebook written out for people: as text, for this account alone, and nothing where there is no casebook."""

import stat
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from attendance_lib.casebook.book import ExportedTable
from attendance_lib.errors import CasebookError
from attendance_lib.reports.casebook_files import erase_pupil, export_casebook, payload_of

TABLE = ExportedTable("said", ("entry", "said_by", "value"), ((1, "M. Okafor", "=1+1"), (2, None, "0012")))


@pytest.fixture
def desk(tmp_path):
    """A desk whose casebook exports one table."""
    school = SimpleNamespace(name="Tiny School", urn="990003")
    calendar = SimpleNamespace(school_days=(date(2026, 9, 7), date(2026, 12, 18)))
    settings = SimpleNamespace(school=school, build_calendar=lambda: calendar)
    book = SimpleNamespace(path=tmp_path / "tiny" / "casebook.sqlite", export=lambda: [TABLE])
    return SimpleNamespace(book=book, shelves=SimpleNamespace(settings=settings))


def test_every_cell_is_text_and_none_is_empty():
    payload = payload_of(TABLE)
    assert payload["title"] == "Said"
    assert payload["rows"] == [["1", "M. Okafor", "=1+1"], ["2", "", "0012"]]
    assert all(column["personal"] for column in payload["columns"])


def test_it_is_a_workbook_and_csv_beside_the_casebook_that_only_this_account_may_read(desk):
    folder = export_casebook(desk, None)
    assert folder == desk.book.path.parent / "casebook"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert {path.suffix for path in folder.iterdir()} >= {".xlsx", ".csv"}


def test_what_staff_typed_as_a_formula_is_written_as_their_words(desk, tmp_path):
    book = openpyxl.load_workbook(export_casebook(desk, tmp_path / "out") / "casebook.xlsx")
    cells = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in ("=1+1", "0012")
    ]
    assert {(cell.value, cell.data_type) for cell in cells} == {("=1+1", "s"), ("0012", "s")}


def test_a_folder_that_cannot_be_written_to_is_refused_with_the_remedy(desk, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CasebookError, match="Choose another folder with --out"):
        export_casebook(desk, tmp_path / "file" / "out")


@pytest.mark.parametrize("pupil", ["", "  "])
def test_without_a_number_nothing_is_erased(pupil):
    desk = SimpleNamespace(book=SimpleNamespace(erase=None))
    with pytest.raises(CasebookError, match="nothing was erased: name one with --pupil"):
        list(erase_pupil(desk, pupil))


@pytest.mark.parametrize(
    ("emptied", "first"),
    [
        (1, "1 entry was emptied in a.sqlite"),
        (2, "2 entries were emptied in a.sqlite"),
        (0, "a.sqlite holds nothing about"),
    ],
)
def test_what_was_erased_and_what_was_not_is_said_without_the_pupil(monkeypatch, emptied, first):
    erasure = SimpleNamespace(emptied=emptied, still_named=[Path("fortnightly/a/b.xlsx")])
    book = SimpleNamespace(path="a.sqlite", erase=lambda pupil, when: erasure)
    monkeypatch.setattr("attendance_lib.reports.casebook_files.forget_reading", lambda desk: False)
    lines = list(erase_pupil(SimpleNamespace(book=book, made_at=""), " 0012 "))
    assert lines[0].startswith(first)
    assert lines[-1] == "May still name the pupil: fortnightly/a/b.xlsx"
    assert "0012" not in " ".join(lines)
