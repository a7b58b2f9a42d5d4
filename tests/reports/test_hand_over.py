"""Finished packs copied to a folder: whole, once, and names never among the published."""

import shutil
from pathlib import Path

import pytest

from attendance_lib.errors import DisclosureError, RequestError, SettingsError
from attendance_lib.intake.school_store import STORE_FOLDER
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.reports import files, hand_over
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.hand_over import HandOver
from attendance_lib.reports.verify import verify_pack
from tests.reports.due_school import SCHOOL, with_meeting, write_pack

NOVEMBER = ("2026-11-09", "2026-11-20")
HALF_TERM = ("2026-09-03", "2026-10-23")
BOTH = "hand_over: {published: '../drive/governors', personal: '../drive/pastoral'}\n"


@pytest.fixture
def school(project):
    for name in ("governors", "pastoral"):
        (project.root / "drive" / name).mkdir(parents=True)
    return with_meeting(project, BOTH)


@pytest.fixture
def copier(school):
    said = []
    made = HandOver(load_settings(school.params / "demo.yml"), school.outputs.resolve(), said.append)
    object.__setattr__(made, "said", said)
    return made


def on_drive(school):
    return {
        path.relative_to(school.root / "drive").as_posix()
        for path in (school.root / "drive").rglob("*")
        if path.is_file()
    }


def without_tables(pack):
    return {name: sha for name, sha in hashes_below(pack).items() if not name.startswith("tables/")}


def test_a_pack_is_copied_to_the_folder_of_its_sort(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    copy = copier.copy(pack)
    assert copy == (school.root / "drive/pastoral" / SCHOOL / "fortnightly" / pack.name).resolve()
    assert [path.name for path in copy.parent.iterdir()] == [pack.name]
    published = write_pack(school, "governors", *HALF_TERM, personal=False)
    assert copier.copy(published).parents[2].name == "governors"


def test_sheets_that_are_each_for_one_person_are_copied_nowhere(school, copier):
    assert copier.copy(write_pack(school, "caseloads", *NOVEMBER)) is None
    assert on_drive(school) == set()


def test_tables_go_with_a_published_paper_and_stay_with_others(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    (pack / "fortnightly.ipynb").write_text("{}")
    copied = set(hashes_below(copier.copy(pack)))
    assert copied == {"fortnightly.html", "fortnightly.ipynb", "receipt.json"}
    assert (pack / "tables/index.json").is_file()
    whole = write_pack(school, "governors", *HALF_TERM, personal=False)
    assert hashes_below(copier.copy(whole)) == hashes_below(whole)


def test_a_copy_is_as_it_was_made_though_its_tables_stayed(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    copy = copier.copy(pack)
    found = verify_pack(copy, school)
    assert (found.faults, found.notes) == ((), ("tables: none is here, as in a copy that was handed over",))
    (copy / "fortnightly.html").unlink()
    assert verify_pack(copy, school).faults == ("fortnightly.html: is missing",)
    public = write_pack(school, "governors", *HALF_TERM, personal=False)
    shutil.rmtree(public / "tables")
    assert verify_pack(public, school).faults == ("tables/index.json: is missing",)


def test_the_exports_as_read_beside_the_packs_are_never_copied(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    for folder in (school.outputs, pack.parents[1], pack.parent):
        (folder / STORE_FOLDER).mkdir()
        (folder / STORE_FOLDER / "kept.school").write_text("Surname")
    copier.copy(pack)
    assert on_drive(school)
    assert not [name for name in on_drive(school) if "exports_read" in name]


def test_a_pack_is_copied_once(school, copier, monkeypatch):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    copier.copy(pack)
    monkeypatch.setattr(hand_over, "copy_whole", lambda *given: pytest.fail("copied again"))
    assert copier.copy(pack) is None


def test_a_pack_made_again_takes_the_place_of_the_copy_and_what_was_filled_in_there_is_kept(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    (pack / "fortnightly.xlsx").write_text("as made")
    copy = copier.copy(pack)
    (copy / "fortnightly.xlsx").write_text("staff wrote this")
    write_pack(school, "fortnightly", *NOVEMBER, made="2026-11-24T06:30:00+00:00")
    assert copier.copy(pack) == copy
    assert hashes_below(copy) == without_tables(pack)
    kept = copy.parent / "kept" / f"{copy.name}_1" / "fortnightly.xlsx"
    assert kept.read_text() == "staff wrote this"
    assert str(kept) in copier.said[0]


def test_a_workbook_open_somewhere_leaves_its_sign_behind(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    (pack / "~$fortnightly.xlsx").write_text("M. Okafor has it open")
    assert sorted(hashes_below(copier.copy(pack))) == ["fortnightly.html", "receipt.json"]


def test_without_a_folder_nothing_is_copied(project):
    school = with_meeting(project)
    copier = HandOver(load_settings(school.params / "demo.yml"), school.outputs.resolve(), pytest.fail)
    assert copier.copy(write_pack(school, "fortnightly", *NOVEMBER)) is None


def test_with_the_published_folder_alone_a_pack_with_names_stays(project):
    (project.root / "drive").mkdir()
    school = with_meeting(project, "hand_over: {published: '../drive'}\n")
    copier = HandOver(load_settings(school.params / "demo.yml"), school.outputs.resolve(), pytest.fail)
    assert copier.copy(write_pack(school, "fortnightly", *NOVEMBER)) is None
    assert on_drive(school) == set()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: "{", "index.json is damaged, or another version wrote it: it is not JSON"),
        (lambda text: "[]", "index.json has changed since it was made, by its receipt.json"),
        (lambda text: text.replace('"personal": false', '"personal": 0'), "is neither true nor false"),
        (lambda text: text.replace('"personal": false', '"personal": true', 1), "says otherwise of the table than of its"),
        (lambda text: text.replace('"personal"', '"private"'), "'[0].personal' is missing"),
    ],
)  # fmt: skip
def test_a_published_pack_whose_index_of_tables_is_damaged_is_refused(school, copier, change, fault):
    pack = write_pack(school, "governors", *HALF_TERM, personal=False)
    path = pack / "tables" / "index.json"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DisclosureError) as refused:
        copier.copy(pack)
    assert fault in str(refused.value)
    assert str(refused.value).endswith("Make the pack again with --replace.")


def test_a_published_pack_with_a_personal_column_is_refused(school, copier):
    pack = write_pack(school, "governors", *HALF_TERM, personal=True)
    with pytest.raises(DisclosureError, match="its table 'people' holds a personal column"):
        copier.copy(pack)
    assert on_drive(school) == set()


@pytest.mark.parametrize("folder", ["../outputs", "..", "../outputs/governors"])
def test_the_published_folder_is_apart_from_the_packs_with_names(project, folder):
    school = with_meeting(project, f"hand_over: {{published: '{folder}'}}\n")
    (school.outputs / "governors").mkdir(parents=True)
    copier = HandOver(load_settings(school.params / "demo.yml"), school.outputs.resolve(), pytest.fail)
    with pytest.raises(SettingsError, match="is not apart from"):
        copier.copy(write_pack(school, "governors", *HALF_TERM, personal=False))


@pytest.mark.parametrize(
    ("published", "personal"),
    [("../a", "../a"), ("../a", "../a/b"), ("../a/b", "../a"), ("../a", "../b/../a")],
)
def test_the_two_folders_are_apart(project, published, personal):
    path = (
        with_meeting(project, f"hand_over: {{published: '{published}', personal: '{personal}'}}\n").params
        / "demo.yml"
    )
    with pytest.raises(
        SettingsError, match=r"line \d+, key 'hand_over': published .* Name two folders apart"
    ):
        load_settings(path)


def test_a_drive_that_is_not_connected_is_told_and_not_made(school, copier):
    shutil.rmtree(school.root / "drive")
    with pytest.raises(
        SettingsError, match=r"hand_over names .*pastoral, which is not there. Connect the drive"
    ):
        copier.copy(write_pack(school, "fortnightly", *NOVEMBER))
    assert not (school.root / "drive").exists()


# A copy that fails


def test_a_copy_that_stops_leaves_nothing_and_the_earlier_copy_as_it_was(school, copier, monkeypatch):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    copy = copier.copy(pack)
    before = hashes_below(copy)
    write_pack(school, "fortnightly", *NOVEMBER, made="2026-11-24T06:30:00+00:00")

    write = Path.write_bytes

    def full(path, content):
        write(path, b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        SettingsError,
        match=r"was not handed over: .*drive.* cannot be written to \(No space left on device\)\. Check the drive and the space",
    ):
        copier.copy(pack)
    assert hashes_below(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


@pytest.mark.parametrize(
    ("is_on_one_disk", "free", "fuller"),
    [(True, (9, 8), "drive"), (False, (9, 8), "temporary"), (False, (8, 9), "drive")],
)
def test_a_full_disk_is_named_by_the_folder_written_to_unless_temporary_files_are_on_a_fuller_one(
    tmp_path, monkeypatch, is_on_one_disk, free, fuller
):
    """On one disk what others write between two looks would make the second folder seem the fuller."""
    drive, temporary = tmp_path / "drive", tmp_path / "temporary"
    temporary.mkdir()  # the drive's folder is still to be made
    disks = {tmp_path: 1, temporary: 1 if is_on_one_disk else 2}
    monkeypatch.setattr(files, "disk_of", disks.get)
    monkeypatch.setattr(files, "free_space", dict(zip(disks, free, strict=True)).get)
    assert files.fuller(drive, temporary).name == fuller


WRITING = "was not handed over: .* cannot be written to"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("touch", WRITING),
        ("mkdir", WRITING),
        ("is_dir", WRITING),
        ("read_bytes", "receipt.json cannot be read"),
    ],
)
def test_a_drive_that_refuses_is_told_as_such_whatever_was_asked_of_it(
    school, copier, monkeypatch, asked, said
):
    pack = write_pack(school, "fortnightly", *NOVEMBER)

    def refuse(path, *given, **how):
        raise OSError(30, "Read-only file system", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, asked, refuse)
        with pytest.raises((SettingsError, RequestError), match=said):
            copier.copy(pack)
    assert not any(name.endswith("receipt.json") for name in on_drive(school))


def test_a_copy_that_differs_is_not_put_in_place(school, copier, monkeypatch):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    monkeypatch.setattr(Path, "write_bytes", lambda path, content: path.write_text(""))
    with pytest.raises(SettingsError, match="the copy differs from the pack"):
        copier.copy(pack)
    assert on_drive(school) == set()


def test_what_a_killed_copy_left_is_cleared(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    left = school.root / "drive/pastoral" / SCHOOL / "fortnightly" / f".building-{pack.name}"
    left.mkdir(parents=True)
    (left / "half.html").write_text("half")
    assert copier.copy(pack)
    assert not left.exists()


def test_what_stands_in_its_place_and_is_no_pack_is_not_overwritten(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    copy = copier.copy(pack)
    (copy / "receipt.json").unlink()
    with pytest.raises(RequestError, match="so it is not a pack. Move it away"):
        copier.copy(pack)
    assert (copy / "fortnightly.html").is_file()


def test_of_a_copy_whose_receipt_cannot_be_read_everything_is_kept(school, copier):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    copy = copier.copy(pack)
    (copy / "receipt.json").write_text("{}")
    assert copier.copy(pack) == copy
    kept = hashes_below(copy.parent / "kept" / f"{copy.name}_1")
    assert sorted(kept) == ["fortnightly.html", "receipt.json"]
