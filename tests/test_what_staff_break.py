"""Runs that somebody, or a drive, disturbs: nothing that staff wrote is passed over in silence, and no run is stopped for ever."""

import json
import shutil

import openpyxl
import pytest
from openpyxl.comments import Comment

from attendance_lib.cli import main
from attendance_lib.errors import CasebookError
from attendance_lib.reports.project import Project
from attendance_lib.reports.run import Run, rerun_differences
from tests.casebook_school import (
    FIRST,
    SECOND,
    THIRD,
    fill,
    school_in,
    table_of,
)
from tests.workbook_tabs import tab


@pytest.fixture
def school(tmp_path, monkeypatch):
    return school_in(tmp_path, monkeypatch)


def note_of(path, action="A0021"):
    return table_of(path).set_index("action_id").loc[action, "note"]


def with_receipt(pack, change):
    path = pack / "receipt.json"
    held = json.loads(path.read_text())
    change(held)
    path.write_text(json.dumps(held))


def test_a_pack_of_another_school_dropped_into_the_folder_stops_no_run(school):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "rang"})
    other = shutil.copytree(pack.parent, pack.parents[1] / "dropped")
    with_receipt(
        other, lambda held: (held["school"].update(urn="990055"), held["casebook"].update(head="f" * 64))
    )
    assert note_of(school.make(*SECOND)) == "rang"


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held["casebook"].update(revision="x"),
        lambda held: held["casebook"].update(revision=None),
        lambda held: held.update(outputs=[]),
        lambda held: held.update(school=None),
        lambda held: held.update(casebook=[]),
    ],
)
def test_a_receipt_that_somebody_edited_is_no_traceback(school, change):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "rang"})
    with_receipt(pack.parent, change)
    assert note_of(school.make(*SECOND)) == "rang"


@pytest.mark.parametrize("ending", [".xls", ".xlsb", ".numbers", ".fods"])
def test_a_spreadsheet_of_a_kind_that_is_not_read_is_told(school, ending):
    pack = school.make(*FIRST)
    pack.with_suffix(ending).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 what Excel wrote")
    school.make(*SECOND)
    (told,) = [line for line in school.said if f"fortnightly{ending}" in line]
    assert "save it as an Excel workbook (.xlsx)" in told


@pytest.mark.parametrize("ending", [".xlsm", ".XLSM", ".xltx"])
def test_a_workbook_saved_with_macros_or_as_a_template_is_read(school, ending):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "rang"})
    pack.rename(pack.with_suffix(ending))
    assert note_of(school.make(*SECOND)) == "rang"


def test_a_file_that_another_program_holds_is_told_each_time_and_read_once_it_is_free(school, monkeypatch):
    pack = school.make(*FIRST)
    copy = fill(shutil.copy(pack, pack.with_name("Copy.xlsx")), {("A0021", "note"): "rang"})
    free = type(copy).open

    def held(path, *args, **asked):
        if path.name == "Copy.xlsx":
            raise PermissionError(13, "Permission denied", str(path))
        return free(path, *args, **asked)

    with monkeypatch.context() as patch:
        patch.setattr(type(copy), "open", held)
        for period in (SECOND, THIRD):
            assert note_of(school.make(*period)) != "rang"
            assert any("Copy.xlsx" in line and "nothing in it was read now" in line for line in school.said)
    assert note_of(school.make("2026-10-19", "2026-10-23")) == "rang"


def test_a_comment_on_a_cell_is_told_in_the_pack_with_its_words_and_not_on_the_console(school):
    pack = school.make(*FIRST)
    book = openpyxl.load_workbook(pack)
    book["Actions"]["B9"].comment = Comment("mother rang back", "MO")
    book.save(pack)
    told = tab(openpyxl.load_workbook(school.make(*SECOND)), "told_of_files")
    assert "comment: mother rang back" in {cell for row in told.iter_rows(values_only=True) for cell in row}
    assert not any("mother" in line for line in school.said)


@pytest.mark.parametrize("place", ["moved", "archive/autumn/first"])
def test_of_a_pack_moved_elsewhere_only_what_staff_wrote_is_read(school, place):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "rang"})
    target = pack.parents[2] / place
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(pack.parent, target)
    assert note_of(school.make(*SECOND)) == "rang"
    assert "1 file was read for what staff wrote." in school.said
    assert not any("no pack" in line or "none of the pack" in line for line in school.said)


# The casebook is put back, moved, begun anew, or lost


def book_of(school):
    (path,) = (school.root / "outputs").rglob("casebook-*.sqlite")
    return path


def put_previous_back(path):
    previous = path.with_name(f"{path.name}.previous")
    path.unlink()
    previous.rename(path)


def test_with_the_casebook_from_before_put_back_the_last_pack_s_workbook_is_read_all_the_same(school):
    fill(school.make(*FIRST), {("A0022", "note"): "first"})
    second = fill(school.make(*SECOND), {("A0021", "note"): "rang"})
    put_previous_back(book_of(school))
    third = school.make(*THIRD)
    assert (note_of(third), note_of(third, "A0022")) == ("rang", "first")
    assert not any("not for filling in" in line or "no pack" in line for line in school.said)
    assert table_of(third, "differing").query("cell != ''").empty
    assert note_of(second) == "rang"


def test_a_number_that_the_school_file_learns_late_brings_its_casebook_with_it(school):
    fill(school.make(*FIRST), {("A0021", "note"): "before"})
    fill(school.make(*SECOND), {("A0022", "note"): "before too"})
    school.name, school.urn = "Mary's Academy", "990003"
    fill(school.make(*THIRD), {("A0023", "note"): "after"})
    school.more = '  formerly: [{name: "St Mary\'s", urn: "990002"}]\n'
    for period in (("2026-10-19", "2026-10-23"), ("2026-11-02", "2026-11-13")):
        pack = school.make(*period)
        assert [note_of(pack, action) for action in ("A0021", "A0022", "A0023")] == [
            "before",
            "before too",
            "after",
        ]
    assert not any("taken over" in line for line in school.said)


def test_a_casebook_lost_for_good_can_be_begun_again_from_the_packs(school, capsys):
    fill(school.make(*FIRST), {("A0021", "note"): "rang", ("A0022", "note"): "old"})
    fill(school.make(*SECOND), {("A0022", "note"): "new"})
    path = book_of(school)
    path.unlink()
    path.with_name(f"{path.name}.previous").unlink()
    with pytest.raises(CasebookError, match="attendance casebook accept-loss"):
        school.make(*THIRD)
    accept_loss(school)
    assert "the next run reads 2 packs anew" in capsys.readouterr().out
    pack = school.make(*THIRD)
    assert (note_of(pack), note_of(pack, "A0022")) == ("rang", "new")
    assert table_of(pack, "differing").query("cell != ''").empty


def accept_loss(school):
    school.request(*THIRD)
    assert not main(["casebook", "accept-loss", "--school", "params/school.yml"])


def test_a_word_that_only_a_later_pack_still_prints_outlives_the_casebook(school):
    first = fill(school.make(*FIRST), {("A0021", "note"): "rang"})
    school.make(*SECOND)
    path = book_of(school)
    for gone in (first, path, path.with_name(f"{path.name}.previous")):
        gone.unlink()
    accept_loss(school)
    third = school.make(*THIRD)
    assert note_of(third) == "rang"
    rows = openpyxl.load_workbook(third)["To enter in the log"].iter_rows(values_only=True)
    assert [row[:4] for row in rows if row[0] == "A0021"] == [("A0021", "Note", "rang", "(blank)")]


def test_an_old_copy_of_the_casebook_goes_on_where_the_newest_is_lost(school, capsys):
    first = fill(school.make(*FIRST), {("A0021", "note"): "rang"})
    path = book_of(school)
    fill(school.make(*SECOND), {("A0022", "note"): "new"})
    copy = path.read_bytes()
    last = fill(school.make(*THIRD), {("A0023", "note"): "newest"})
    first.unlink()
    school.make("2026-10-19", "2026-10-23")
    path.write_bytes(copy)
    with pytest.raises(CasebookError, match="does not know it"):
        school.make("2026-11-02", "2026-11-13")
    accept_loss(school)
    assert "the next run reads 2 packs anew" in capsys.readouterr().out
    pack = school.make("2026-11-02", "2026-11-13")
    assert [note_of(pack, action) for action in ("A0021", "A0022", "A0023")] == ["rang", "new", "newest"]
    assert note_of(last, "A0023") == "newest"
    accept_loss(school)
    assert "nothing that packs name of it is lost" in capsys.readouterr().out


def test_a_pack_whose_revision_is_another_machine_s_says_so_when_it_is_made_again(school):
    pack = school.make(*FIRST)
    with_receipt(pack.parent, lambda held: held["casebook"].update(head="f" * 64))
    told = rerun_differences(pack.parent, Project(school.root), Run())
    assert told == [
        "casebook: its revision 1 is not the one that this pack was written from, so the pack cannot be made again as it was"
    ]
