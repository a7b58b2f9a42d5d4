"""Which folders are a school's, whatever it was called, and which files in them staff may have written in."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from attendance_lib.reports.shelves import Shelves, kept_of, may_be_filled_in, receipt_or_none
from tests.reports.pack_folders import fill


class School(SimpleNamespace):
    @property
    def name_and_urn(self):
        return self.name, self.urn


@pytest.fixture
def shelves(tmp_path):
    """A school of a new name and number, with one it had before, and a folder for what is handed over."""
    former = SimpleNamespace(name="Old School", urn="900001")
    school = School(name="New School", urn="900002", formerly=(former,))
    top = tmp_path / "shared"
    hand_over = SimpleNamespace(folder=lambda file, *, published: None if published else top)
    settings = SimpleNamespace(school=school, hand_over=hand_over, file=tmp_path / "school.yml")
    return Shelves(settings, tmp_path / "outputs")


def made(top, folder, name="a", text="1"):
    pack = top / folder / "tiny" / name
    pack.mkdir(parents=True)
    fill(pack, text)
    return pack


def test_a_school_s_folders_are_those_of_its_numbers_its_present_name_first(shelves):
    for name in ("old-school-900001", "older-name-900001", "new-school-900002", "other-900003", "x900001"):
        (shelves.out / name).mkdir(parents=True)
    assert [folder.name for folder in shelves.folders] == [
        *("new-school-900002", "old-school-900001", "older-name-900001"),
    ]


def test_a_folder_that_is_not_there_yet_is_home(shelves):
    assert [folder.name for folder in shelves.folders] == ["new-school-900002"]
    assert not shelves.home.exists()


def test_packs_are_found_below_every_folder_those_handed_over_last(shelves, tmp_path):
    packs = [made(shelves.out, "new-school-900002"), made(shelves.out, "old-school-900001"),
             made(tmp_path / "shared", "new-school-900002")]  # fmt: skip
    made(shelves.out, "other-900003")
    made(shelves.out, "new-school-900002", ".building-b")
    assert [pack for pack, _ in shelves.packs] == packs


def test_a_pack_whose_receipt_cannot_be_read_is_none_and_all_its_files_are_looked_into(shelves):
    pack = made(shelves.out, "new-school-900002")
    assert [file.is_as_made for file in shelves.files()] == [True]
    (pack / "receipt.json").write_text("{", encoding="utf-8")
    again = Shelves(shelves.settings, shelves.out)
    assert receipt_or_none(pack) is None
    assert again.packs == []
    assert [file.is_as_made for file in again.files()] == [False]


def test_a_file_that_was_written_in_is_not_as_it_was_made(shelves):
    pack = made(shelves.out, "new-school-900002")
    (pack / "tiny.xlsx").write_text("2")
    (pack / "Copy of tiny.xlsx").write_text("3")
    assert {file.path.name: file.is_as_made for file in shelves.files()} == {
        "tiny.xlsx": False,
        "Copy of tiny.xlsx": False,
    }


def test_a_file_is_named_from_the_school_s_folder_on_and_one_handed_over_by_its_whole_path(shelves, tmp_path):
    own, handed = made(shelves.out, "new-school-900002"), made(tmp_path / "shared", "new-school-900002")
    assert shelves.name_of(own / "tiny.xlsx") == "tiny/a/tiny.xlsx"
    assert shelves.name_of(handed / "tiny.xlsx") == (handed / "tiny.xlsx").as_posix()


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("fortnightly/a/b.xlsx", True),
        ("fortnightly/a/b.ods", True),
        ("fortnightly/a/b.CSV", True),
        ("fortnightly/a/b.html", False),
        ("fortnightly/a/~$b.xlsx", False),  # the lock file of an open workbook
        ("check/a/check.xlsx", False),
        ("casebook/casebook.xlsx", False),
        ("fortnightly/casebook/b.xlsx", True),  # the folder of that name in the school's own alone
    ],
)
def test_staff_write_in_spreadsheets_of_papers_alone(path, may):
    assert may_be_filled_in(Path(path)) is may


def test_what_was_kept_of_a_pack_is_numbered_and_of_that_pack_alone(tmp_path):
    for name in ("a_1", "a_12", "a_b", "ab_1", "a_"):
        (tmp_path / "kept" / name).mkdir(parents=True)
    assert [path.name for path in kept_of(tmp_path / "a")] == ["a_1", "a_12"]
