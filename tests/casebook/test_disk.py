"""The casebook's file: its owner's alone, whole at any moment, and never lost by two at once."""

import json
import multiprocessing
import os
import random
import signal
import stat
import time

import pytest

from attendance_lib.casebook import disk
from attendance_lib.casebook.book import Casebook, Found, Published
from attendance_lib.casebook.chain import Draft
from attendance_lib.casebook.disk import open_store
from attendance_lib.casebook.sheets import LogSheet
from attendance_lib.errors import CasebookError
from attendance_lib.lock import HeldError, locked
from tests.casebook.desk import LOGGED, P1, URN


def test_it_is_for_its_owner_alone_and_the_one_before_is_kept(read_desk):
    before = read_desk.book.path.read_bytes()
    read_desk.fill(P1, "A0021", owner="KS")
    read_desk.run()
    for path in (read_desk.book.path, read_desk.book.file.previous):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_desk.book.file.previous.read_bytes() == before
    names = sorted(path.name for path in read_desk.folder.iterdir())
    assert names == [f"casebook-{URN}.sqlite", f"casebook-{URN}.sqlite.previous"]


def test_reading_its_state_makes_no_file(tmp_path):
    book = Casebook(tmp_path / "casebook.sqlite", URN)
    assert (book.state().revision, book.files_read(), book.published()) == (0, frozenset(), ())
    assert list(tmp_path.iterdir()) == []


def test_whoever_has_it_is_waited_for(read_desk, monkeypatch):
    monkeypatch.setattr(disk, "WAITS", 2)
    monkeypatch.setattr(disk, "PAUSE", 0)
    read_desk.fill(P1, "A0021", owner="KS")
    held = pytest.raises(HeldError, match="is in use by another run. Wait for it")
    with locked(read_desk.book.file.lock, "it"), held:
        read_desk.run()
    read_desk.run()
    assert read_desk.shown("A0021", "owner") == "KS"


def test_what_another_machine_wrote_meanwhile_is_not_lost(read_desk):
    """The lock of one machine does not hold another that syncs the folder."""
    elsewhere = Published("governors", "2026-09-01", "2026-10-23", "", '{"level": 5}')
    tries = []

    def work(store):
        tries.append(store.revision)
        if len(tries) == 1:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(disk.BookFile, "lock", read_desk.folder / ".lock-of-the-other-machine")
                read_desk.book.publish(elsewhere, "now")
        store.add(Draft("told", value=json.dumps({"path": "", "what": "x"})))
        store.close_revision("now", "test")

    read_desk.book.file.change(work)
    assert tries == [3, 4]
    assert [each.record for each in read_desk.book.published()] == ['{"level": 5}']
    assert read_desk.book.state().revision == 5


def test_one_that_changes_all_the_time_is_told(read_desk):
    def work(store):
        store.add(Draft("told", value=json.dumps({"path": "", "what": "x"})))
        store.close_revision("now", "test")
        path = read_desk.book.path
        other = open_store(path.read_bytes(), "", (URN,))
        other.add(Draft("told", value=json.dumps({"path": "", "what": "y"})))
        other.close_revision("now", "test")
        path.write_bytes(other.to_bytes())

    with pytest.raises(CasebookError, match="changed by another machine all the time"):
        read_desk.book.file.change(work)


def test_on_a_full_disk_it_stays_as_it_was(read_desk, monkeypatch):
    before = read_desk.book.path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    read_desk.fill(P1, "A0021", owner="KS")
    with pytest.raises(
        CasebookError, match=r"cannot be written \(No space left on device\); it is as it was"
    ):
        read_desk.run()
    monkeypatch.undo()
    assert read_desk.book.path.read_bytes() == before
    assert [path.name for path in read_desk.folder.iterdir() if path.name.endswith(".new")] == []
    read_desk.run()
    assert read_desk.shown("A0021", "owner") == "KS"


def write_on(path, done):
    """Write one revision after another until killed; say which are done."""
    book, number = Casebook(path, URN), 0
    while True:
        number += 1
        row = {"pupil_id": "002103", "action": "Ring home " * 500, "note": str(number)}
        book.take_in(Found(logs=(LogSheet("actions", LOGGED, {"A0021": row}),)), str(number))
        done.value = number


def test_killed_at_any_moment_it_is_whole_and_nothing_acknowledged_is_lost(tmp_path):
    path, dice = tmp_path / "casebook.sqlite", random.Random(5)
    context = multiprocessing.get_context("fork")
    for _ in range(8):
        done = context.Value("i", 0)
        writer = context.Process(target=write_on, args=(path, done))
        writer.start()
        time.sleep(0.05 + dice.random() / 10)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        if path.exists():
            state = Casebook(path, URN).state()
            assert int(state.rows["actions"]["A0021"].value("note")) >= done.value


def add_rows(path, name):
    book = Casebook(path, URN)
    for number in range(10):
        book.publish(Published(name, "", "", str(number), name), "now")


def test_two_at_once_lose_nothing(tmp_path):
    path = tmp_path / "casebook.sqlite"
    context = multiprocessing.get_context("fork")
    names = ("one", "three", "two")
    writers = [context.Process(target=add_rows, args=(path, name)) for name in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    published = sorted((each.report, each.cohort) for each in Casebook(path, URN).published())
    assert published == [(name, str(number)) for name in names for number in range(10)]
    assert Casebook(path, URN).check() == []


def test_the_same_bytes_are_checked_once_and_any_others_again(read_desk, monkeypatch):
    monkeypatch.setattr(disk, "_WHOLE", set())
    checked = []
    monkeypatch.setattr(disk, "faults_of", lambda store: checked.append(store) or [])
    content = read_desk.book.path.read_bytes()
    for _ in range(2):
        open_store(content, "casebook", (URN,))
    assert len(checked) == 1
    # A byte of the file's free end, which SQLite does not look at.
    open_store(content + bytes(4096), "casebook", (URN,))
    assert len(checked) == 2


def test_what_a_run_wrote_itself_is_not_checked_again_by_it(read_desk, monkeypatch):
    read_desk.fill(P1, "A0021", owner="KS")
    read_desk.run()
    monkeypatch.setattr(disk, "faults_of", lambda store: pytest.fail("checked again"))
    read_desk.book.state()
