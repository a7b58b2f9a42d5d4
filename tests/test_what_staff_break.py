"""Runs that somebody, or a drive, disturbs: nothing that staff wrote is passed over in silence, and no run is stopped for ever."""

import json
import shutil

import pytest

from tests.casebook_school import CasebookSchool, fill, table_of, without_kernel

FIRST, SECOND, THIRD = (
    ("2026-09-07", "2026-09-18"),
    ("2026-09-21", "2026-10-02"),
    ("2026-10-05", "2026-10-16"),
)


@pytest.fixture
def school(tmp_path, monkeypatch):
    without_kernel(monkeypatch)
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    return CasebookSchool(root)


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
