"""The pack's folder appears whole or not at all, and nothing that staff wrote is lost."""

import contextlib
from pathlib import Path

import pytest

from attendance_lib.errors import RequestError
from attendance_lib.lock import locked
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.folder import building
from tests.reports.pack_folders import fill, make, names, silent


def make_and_fail(place, *, replace):
    with building(place, replace=replace, say=silent) as folder:
        fill(folder, "half")
        raise ZeroDivisionError


def workbook(place):
    return (place.pack / "tiny.xlsx").read_text()


def test_a_pack_appears_only_once_it_is_whole(place):
    with building(place, replace=False, say=silent) as folder:
        fill(folder, "new")
        assert not place.pack.exists()
    assert workbook(place) == "new"
    assert names(place) == [place.name]


def test_a_run_that_fails_leaves_nothing(place):
    with pytest.raises(ZeroDivisionError):
        make_and_fail(place, replace=False)
    assert names(place) == []


def test_a_pack_already_there_is_refused_with_the_remedy(place):
    make(place, "first")
    with pytest.raises(RequestError, match="is already there. Add --replace"):
        make(place, "second")
    assert workbook(place) == "first"


def test_replace_swaps_the_whole_pack(place):
    make(place, "first")
    make(place, "second", replace=True)
    assert workbook(place) == "second"
    assert names(place) == [place.name]


def test_a_replacement_that_fails_leaves_the_earlier_pack_byte_for_byte(place):
    make(place, "first")
    before = hashes_below(place.pack)
    with pytest.raises(ZeroDivisionError):
        make_and_fail(place, replace=True)
    assert hashes_below(place.folder) == {f"{place.name}/{name}": known for name, known in before.items()}


@pytest.mark.parametrize("refused", [".building-", "2026-11-09"])
def test_when_a_rename_is_refused_the_earlier_pack_is_back(place, monkeypatch, refused):
    make(place, "first")
    rename = Path.rename

    def refuse(path, target):
        if path.name.startswith(refused):
            raise PermissionError(13, "The file is open")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(RequestError, match=r"cannot be written \(The file is open\). Close its files"):
        make(place, "second", replace=True)
    assert workbook(place) == "first"
    assert names(place) == [place.name]


def test_a_folder_that_is_no_pack_is_never_replaced(place):
    place.pack.mkdir(parents=True)
    (place.pack / "letters.docx").write_text("mine")
    with pytest.raises(RequestError, match="has no receipt.json, so it is not a pack"):
        make(place, "new", replace=True)
    assert (place.pack / "letters.docx").exists()


def test_what_a_killed_run_left_is_cleared(place):
    place.building.mkdir(parents=True)
    (place.building / "half.html").write_text("half")
    make(place, "new")
    assert names(place) == [place.name]
    assert not (place.pack / "half.html").exists()


def test_a_pack_moved_aside_by_a_killed_run_comes_back(place):
    make(place, "first")
    place.pack.rename(place.replaced)
    with pytest.raises(RequestError, match="already there"):
        make(place, "second")
    assert workbook(place) == "first"
    assert names(place) == [place.name]


def test_a_workbook_that_staff_filled_in_is_kept_and_told(place):
    said = []
    make(place, "first")
    for number, text in ((1, "staff's notes"), (2, "more notes")):
        (place.pack / "tiny.xlsx").write_text(text)
        make(place, "again", replace=True, say=said.append)
        kept = place.folder / "kept" / f"{place.name}_{number}" / "tiny.xlsx"
        assert kept.read_text() == text
        assert said[-1] == f"tiny.xlsx had been filled in: it is kept as {kept}."
    assert workbook(place) == "again"


def test_every_file_that_staff_put_into_a_pack_is_kept_and_told(place):
    said = []
    make(place, "first")
    (place.pack / "minutes").mkdir()
    (place.pack / "minutes" / "24 November.docx").write_text("minutes")
    (place.pack / "Copy of tiny.xlsx").write_text("a colleague's")
    (place.pack / "~$tiny.xlsx").write_text("open")
    (place.pack / ".DS_Store").write_text("icons")
    make(place, "second", replace=True, say=said.append)
    kept = place.folder / "kept" / f"{place.name}_1"
    assert (kept / "minutes" / "24 November.docx").read_text() == "minutes"
    assert (kept / "Copy of tiny.xlsx").read_text() == "a colleague's"
    assert sorted(path.name for path in kept.rglob("*")) == [
        "24 November.docx",
        "Copy of tiny.xlsx",
        "minutes",
    ]
    assert said == [
        f"Copy of tiny.xlsx is not part of the pack: it is kept as {kept / 'Copy of tiny.xlsx'}.",
        f"minutes/24 November.docx is not part of the pack: it is kept as {kept / 'minutes' / '24 November.docx'}.",
    ]
    assert workbook(place) == "second"
    assert names(place) == [place.name, "kept"]


def test_of_a_pack_whose_receipt_cannot_be_read_everything_is_kept(place):
    make(place, "first")
    (place.pack / "receipt.json").write_text("{")
    make(place, "second", replace=True)
    kept = place.folder / "kept" / f"{place.name}_1"
    assert sorted(path.name for path in kept.iterdir()) == ["receipt.json", "tiny.xlsx"]


@pytest.mark.parametrize("moment", range(1, 7))
def test_a_run_killed_at_any_moment_of_replacing_loses_nothing(place, monkeypatch, moment):
    class KilledError(BaseException):
        pass

    make(place, "first")
    (place.pack / "tiny.xlsx").write_text("staff's notes")
    (place.pack / "minutes.docx").write_text("minutes")
    done = []

    def counted(name):
        change = getattr(Path, name)

        def killed_at_the_moment(path, *given):
            done.append(name)
            if len(done) == moment:
                raise KilledError
            return change(path, *given)

        return killed_at_the_moment

    # Every change of the disk that replacing makes, in turn, is the one at which the run ends.
    with monkeypatch.context() as patched:
        for name in ("rename", "rmdir"):
            patched.setattr(Path, name, counted(name))
        patched.setattr("attendance_lib.reports.folder.shutil.rmtree", lambda *given, **named: None)
        with contextlib.suppress(KilledError):
            make(place, "second", replace=True)
    make(place, "third", replace=True)
    texts = sorted(path.read_text() for path in (place.folder / "kept").rglob("*") if path.is_file())
    assert texts == ["minutes", "staff's notes"]
    assert workbook(place) == "third"
    assert names(place) == [place.name, "kept"]


def test_a_workbook_nobody_touched_is_not_kept(place):
    make(place, "first")
    make(place, "second", replace=True, say=lambda message: pytest.fail(message))
    assert not (place.folder / "kept").exists()


def test_a_good_run_removes_the_failed_notebook_of_the_last(place):
    place.folder.mkdir()
    place.failed.write_text("{}")
    make(place, "new")
    assert names(place) == [place.name]


def test_a_second_run_of_the_same_pack_is_refused_and_a_later_one_is_not(place):
    with building(place, replace=False, say=silent) as folder:
        with pytest.raises(RequestError, match="is being made by another run. Wait for it to end"):
            make(place, "second")
        fill(folder, "first")
    assert workbook(place) == "first"
    make(place, "third", replace=True)


def test_two_packs_may_be_made_at_once(place, tmp_path):
    with locked(place.lock, "one"), locked(tmp_path / "tiny" / ".lock-other", "other"):
        assert place.lock.exists()
    assert names(place) == []


def test_a_folder_that_cannot_be_written_to_is_told_with_the_remedy(place):
    place.folder.write_text("a file where the folder should be")
    with pytest.raises(
        RequestError, match=r"tiny cannot be written to \(File exists\). Choose another folder with --out"
    ):
        make(place, "new")
