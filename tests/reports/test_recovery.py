"""Runs that are killed, at every moment: nothing with names stays, no pack is hidden, and no other run's build is touched."""

import os
import shutil
import stat

import pytest

from attendance_lib.errors import RequestError
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.reports import due_run, receipt
from attendance_lib.reports.due_run import Hands, make_missing
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.folder import PackPlace, building, recover_below
from attendance_lib.reports.hand_over import HandOver
from attendance_lib.reports.receipt import Receipt, packs_in, write_receipt
from attendance_lib.reports.run import Built, run_report
from tests.reports.due_school import SCHOOL, request_on, with_meeting, write_pack
from tests.reports.killed_runs import killed_at, needs_fork

NAME = "2026-11-09_2026-11-20"
NOVEMBER = ("2026-11-09", "2026-11-20")


@pytest.fixture
def place(tmp_path):
    return PackPlace(tmp_path / "school" / "tiny", NAME)


def silent(message):
    pass


def make(place, text, *, replace=True):
    with building(place, replace=replace, say=silent) as folder:
        (folder / "tiny.xlsx").write_text(text)
        told = Receipt("tiny", {}, *NOVEMBER, "all", {}, {}, hashes_below(folder), [], {}, [])
        write_receipt(told, folder)


# A copy of this process, killed at one of the moments at which it asks the system for something.


def leftovers(folder):
    return sorted(path.name for path in folder.rglob(".*"))


@needs_fork
def test_a_run_killed_at_any_moment_hides_no_pack_and_leaves_nothing_once_another_has_begun(place):
    moments = 0
    for moment in range(1, 1000):
        shutil.rmtree(place.folder, ignore_errors=True)
        make(place, "first")
        (place.pack / "tiny.xlsx").write_text("staff's notes")
        if not killed_at(moment, lambda: make(place, "second")):
            break
        moments += 1
        recover_below(place.folder.parent, silent)
        assert leftovers(place.folder) == []
        written = [path.read_text() for path in place.folder.rglob("tiny.xlsx")]
        assert "staff's notes" in written
        assert (place.pack / "receipt.json").is_file()
        assert (place.pack / "tiny.xlsx").read_text() in ("staff's notes", "second")
    assert moments > 30
    assert (place.pack / "tiny.xlsx").read_text() == "second"


@needs_fork
def test_a_first_run_killed_at_any_moment_leaves_a_whole_pack_or_none(place):
    for moment in range(1, 1000):
        shutil.rmtree(place.folder, ignore_errors=True)
        if not killed_at(moment, lambda: make(place, "first")):
            break
        recover_below(place.folder.parent, silent)
        assert leftovers(place.folder.parent) == []
        assert not place.pack.exists() or (place.pack / "receipt.json").is_file()
    assert moment > 15


# Whose they are


def test_what_another_run_is_making_is_left_to_it(place):
    other = PackPlace(place.folder, "other")
    other.building.mkdir(parents=True)
    with building(place, replace=False, say=pytest.fail) as folder:
        recover_below(place.folder.parent, silent)
        assert folder.is_dir()
        assert not other.building.exists()
        write_receipt(Receipt("tiny", {}, *NOVEMBER, "all", {}, {}, {}, [], {}, []), folder)
    assert place.pack.is_dir()


# Where it is asked


def leave(folder, name=NAME):
    """Leave what a run leaves that was killed between its two renames."""
    pack, place = folder / name, PackPlace(folder, name)
    pack.rename(place.replaced)
    shutil.copytree(place.replaced, place.building)


@pytest.fixture
def left_in_october(project, request_for):
    """A pack that a killed run moved aside, beside a half-made one; and a request for a later period."""
    pack = write_pack(project, "tiny", "2026-10-05", "2026-10-16")
    shutil.copy(pack / "tiny.html", pack / "tiny.xlsx")
    leave(pack.parent, pack.name)
    return pack, request_for()


def test_a_run_of_another_period_finds_the_pack_that_a_killed_one_hid(left_in_october, monkeypatch):
    pack, request = left_in_october
    monkeypatch.setattr("attendance_lib.reports.run.build", lambda *given: Built([]))
    run_report(request)
    assert (pack / "tiny.xlsx").is_file()
    assert leftovers(pack.parents[1]) == []


def test_what_is_due_and_the_hand_over_folders_are_cleared_too(project):
    school = with_meeting(project, "hand_over: {personal: '../drive'}\n")
    (school.root / "drive").mkdir()
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    copy = HandOver(load_settings(school.params / "demo.yml"), school.outputs.resolve(), pytest.fail).copy(
        pack
    )
    old = write_pack(school, "impact", *NOVEMBER)
    shutil.copytree(old, copy.parents[1] / "impact" / f".building-{NAME}")
    leave(pack.parent)
    leave(copy.parent)
    hands = Hands(
        lambda arguments, folder: due_run.Made(0), lambda line: None, lambda line: None, due_run.datetime.now
    )
    make_missing(request_on(school), hands)
    assert leftovers(school.outputs) + leftovers(school.root / "drive") == []
    assert pack.is_dir()
    assert copy.is_dir()
    assert (school.root / "drive" / SCHOOL).is_dir()


# Who may read


def modes(folder):
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")} | {
        stat.S_IMODE(folder.stat().st_mode)
    }


@pytest.fixture
def usual_umask():
    """The mask that most accounts have."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="no such modes")
@pytest.mark.usefixtures("usual_umask")
def test_only_this_account_reads_a_pack_with_names_while_it_is_made_and_after(place):
    with building(place, replace=False, say=pytest.fail) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(place.lock.stat().st_mode) == 0o600
        (folder / "tables").mkdir()
        (folder / "tables" / "a.csv").write_text("Ada")
    assert modes(place.pack) == {0o700, 0o600}
    write_receipt(
        Receipt("tiny", {}, *NOVEMBER, "all", {}, {}, {"tiny.xlsx": "0" * 64}, [], {}, []), place.pack
    )
    (place.pack / "tiny.xlsx").write_text("notes")
    make(place, "again")
    assert stat.S_IMODE((place.folder / "kept" / f"{NAME}_1").stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="no such modes")
@pytest.mark.usefixtures("usual_umask")
def test_a_published_pack_is_as_readable_as_other_files_once_it_is_made(place):
    with building(place, replace=False, say=pytest.fail, is_published=True) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "a.csv").write_text("1")
    assert modes(place.pack) == {0o755, 0o644}


@pytest.mark.skipif(os.name == "nt", reason="no such modes")
@pytest.mark.usefixtures("usual_umask")
def test_a_copy_that_is_handed_over_is_as_readable_as_its_folder_makes_it(project):
    school = with_meeting(project, "hand_over: {personal: '../drive'}\n")
    (school.root / "drive").mkdir()
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    for path in (pack, *pack.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    copy = HandOver(load_settings(school.params / "demo.yml"), school.outputs.resolve(), pytest.fail).copy(
        pack
    )
    assert modes(copy) == {0o755, 0o644}


def test_a_pack_that_this_account_may_not_read_is_told_rather_than_passed_over(project, monkeypatch):
    pack = write_pack(project, "tiny", *NOVEMBER)
    assert packs_in(pack.parent) == [pack]
    monkeypatch.setattr(receipt.os, "access", lambda path, mode: False)
    with pytest.raises(
        RequestError, match=f"{NAME} cannot be read. Let this account read it, or move it away"
    ):
        packs_in(pack.parent)
