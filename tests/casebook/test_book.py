"""The casebook's file: what becomes of it when it is damaged, cut, copied, forked, written at once or not writable at all."""

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import stat
import time

import pytest

from attendance_lib.casebook import disk
from attendance_lib.casebook.book import Casebook, Found, Known, Published
from attendance_lib.casebook.chain import Draft, empty_store, guard, unguard
from attendance_lib.casebook.disk import open_store
from attendance_lib.casebook.sheets import LogSheet
from attendance_lib.errors import CasebookError
from attendance_lib.lock import HeldError, locked
from tests.casebook.desk import LOGGED, URN, Desk

P1 = "p1/fortnightly.xlsx"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path, {"A0021": {"pupil_id": "002103", "action": "Ring home", "status": "open"}})
    desk.make(P1)
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    return desk


def test_it_is_for_its_owner_alone_and_the_one_before_is_kept(desk):
    before = desk.book.path.read_bytes()
    desk.fill(P1, "A0021", owner="KS")
    desk.run()
    for path in (desk.book.path, desk.book.file.previous):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert desk.book.file.previous.read_bytes() == before
    assert sorted(path.name for path in desk.folder.iterdir()) == [
        f"casebook-{URN}.sqlite",
        f"casebook-{URN}.sqlite.previous",
    ]


def test_reading_its_state_makes_no_file(tmp_path):
    book = Casebook(tmp_path / "casebook.sqlite", URN)
    assert (book.state().revision, book.files_read(), book.published()) == (0, frozenset(), ())
    assert list(tmp_path.iterdir()) == []


def test_nothing_can_be_changed_or_removed_in_it(desk):
    store = open_store(desk.book.path.read_bytes(), "", (URN,))
    for table, column in (("entry", "value"), ("printed", "cells"), ("content", "salt"), ("meta", "value")):
        for command in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
                store.connection.execute(command)


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE entry SET value = 'answered' WHERE value = 'no reply'",
        "UPDATE entry SET basis = 9 WHERE value = 'no reply'",
        "UPDATE entry SET salt = NULL, value = NULL, base = NULL, raw = NULL WHERE value = 'no reply'",
        "DELETE FROM entry WHERE value = 'no reply'",
        "DELETE FROM entry WHERE entry = (SELECT max(entry) FROM entry)",
        "UPDATE printed SET cells = replace(cells, 'Ring', 'Sing')",
        "UPDATE printed SET cells = NULL, salt = NULL",
        "DELETE FROM printed WHERE row_key = 'A0021'",
        "DELETE FROM printed",
        "INSERT INTO printed VALUES (1, 'actions', '999', '', '[]', 'x', 'y')",
        "UPDATE content SET sheets = x'00'",
        "DELETE FROM content",
        "UPDATE meta SET value = '990002' WHERE key = 'urn'",
        "CREATE TABLE other (x)",
    ],
)
def test_what_is_changed_past_the_triggers_is_seen(desk, command):
    store = open_store(desk.book.path.read_bytes(), "", (URN,))
    unguard(store.connection)
    store.connection.execute("PRAGMA foreign_keys = OFF")
    store.connection.execute(command)
    guard(store.connection)
    with pytest.raises(CasebookError, match=r"is damaged.*\.previous"):
        open_store(store.to_bytes(), "casebook.sqlite", (URN, "990002"))


def test_no_flipped_bit_cut_or_zeroed_page_passes_unseen(desk):
    content, before = desk.book.path.read_bytes(), desk.book.state()
    dice = random.Random(11)
    changed = [flipped(content, dice.randrange(len(content) * 8)) for _ in range(300)]
    changed += [content[: dice.randrange(1, len(content))] for _ in range(40)]
    changed += [content[:at] + bytes(4096) + content[at + 4096 :] for at in range(0, len(content), 4096)]
    told = []
    for each in changed:
        desk.book.path.write_bytes(each)
        try:
            assert desk.book.state() == before
        except CasebookError as error:
            told.append(str(error))
    assert len(told) > 100
    assert "no reply" not in "".join(told)


def flipped(content: bytes, bit: int) -> bytes:
    at = bit // 8
    return content[:at] + bytes([content[at] ^ 1 << bit % 8]) + content[at + 1 :]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty: 0 bytes"),
        (b"PK\x03\x04 a workbook", "is damaged"),
        (b"SQLite format 3\x00" + bytes(4080), "is damaged"),
    ],
)
def test_what_is_no_casebook_is_refused_with_the_remedy(desk, content, told):
    desk.book.path.write_bytes(content)
    for act in (desk.run, desk.book.state, desk.book.files_read):
        with pytest.raises(
            CasebookError,
            match=rf"casebook-990001.sqlite {told}.*rename the file beside it that ends in .previous",
        ):
            act()
    assert desk.book.path.read_bytes() == content
    assert len(desk.book.check()) == 1


def test_one_of_a_newer_version_is_refused(desk):
    store = open_store(desk.book.path.read_bytes(), "", (URN,))
    store.connection.execute("PRAGMA user_version = 2")
    desk.book.path.write_bytes(store.to_bytes())
    with pytest.raises(
        CasebookError, match=r"newer version \(format 2; this version reads up to 1\). Update"
    ):
        desk.run()


def test_another_schools_is_refused_and_one_of_an_earlier_number_is_not(desk):
    with pytest.raises(CasebookError, match="of the school with URN 990001, not of 990002. Move it"):
        Casebook(desk.book.path, "990002").state()
    assert Casebook(desk.book.path, "990002", (URN,)).state() == desk.book.state()


def test_one_that_is_gone_or_older_than_a_receipt_says_is_refused(desk):
    taken, older = desk.last, desk.book.file.previous.read_bytes()
    known = [Known(taken.revision, taken.head, "p1/receipt.json")]
    assert desk.book.check(known) == []
    desk.book.path.write_bytes(older)
    told = f"p1/receipt.json was written from revision {taken.revision} of the casebook, and .* its last revision is 2"
    with pytest.raises(CasebookError, match=told):
        desk.book.take_in(Found(), "now", known)
    desk.book.path.unlink()
    with pytest.raises(CasebookError, match="is not there. An older copy may have been put back"):
        desk.book.take_in(Found(), "now", known)
    assert not desk.book.path.exists()
    assert len(desk.book.check(known)) == 1


def test_one_that_is_lost_is_begun_anew_only_when_asked(desk):
    known = [Known(desk.last.revision, desk.last.head, "p1/receipt.json")]
    whole = desk.book.path.read_bytes()
    assert desk.book.accept_loss(known, "now").notices == ()
    assert desk.book.path.read_bytes() == whole
    desk.book.path.unlink()
    (told,) = desk.book.accept_loss(known, "now").notices
    assert "revisions that packs name are lost" in told.what
    assert desk.book.check(known) == []
    desk.run()
    assert desk.book.take_in(Found(), "now", known).revision == desk.last.revision
    assert told.what in [each.what for each in desk.book.state().notices]
    with pytest.raises(CasebookError, match="does not know it"):
        desk.book.take_in(Found(), "now", [Known(9, "another head", "p2/receipt.json")])


def test_a_revision_that_it_does_not_have_is_refused(desk):
    with pytest.raises(CasebookError, match="has 3 revisions and no revision 4"):
        desk.book.state(4)


def test_every_old_revision_stands_as_it_was(desk):
    states = {}
    for note in ("one", "two", "three"):
        desk.fill(P1, "A0021", note=note)
        desk.make(f"{note}.xlsx")
        states[desk.book.state().revision] = desk.book.state()
    assert {revision: desk.book.state(revision) for revision in states} == states


# Written at once, killed, full


def test_whoever_has_it_is_waited_for(desk, monkeypatch):
    monkeypatch.setattr(disk, "WAITS", 2)
    monkeypatch.setattr(disk, "PAUSE", 0)
    desk.fill(P1, "A0021", owner="KS")
    with (
        locked(desk.book.file.lock, "it"),
        pytest.raises(HeldError, match="is in use by another run. Wait for it"),
    ):
        desk.run()
    desk.run()
    assert desk.shown("A0021", "owner") == "KS"


def test_what_another_machine_wrote_meanwhile_is_not_lost(desk):
    """The lock of one machine does not hold another that syncs the folder."""
    elsewhere = Published("governors", "2026-09-01", "2026-10-23", "", '{"level": 5}')
    tries = []

    def work(store):
        tries.append(store.revision)
        if len(tries) == 1:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(disk.BookFile, "lock", desk.folder / ".lock-of-the-other-machine")
                desk.book.publish(elsewhere, "now")
        store.add(Draft("told", value=json.dumps({"path": "", "what": "x"})))
        store.close_revision("now", "test")

    desk.book.file.change(work)
    assert tries == [3, 4]
    assert [each.record for each in desk.book.published()] == ['{"level": 5}']
    assert desk.book.state().revision == 5


def test_one_that_changes_all_the_time_is_told(desk):
    def work(store):
        store.add(Draft("told", value=json.dumps({"path": "", "what": "x"})))
        store.close_revision("now", "test")
        path = desk.book.path
        other = open_store(path.read_bytes(), "", (URN,))
        other.add(Draft("told", value=json.dumps({"path": "", "what": "y"})))
        other.close_revision("now", "test")
        path.write_bytes(other.to_bytes())

    with pytest.raises(CasebookError, match="changed by another machine all the time"):
        desk.book.file.change(work)


def test_on_a_full_disk_it_stays_as_it_was(desk, monkeypatch):
    before = desk.book.path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    desk.fill(P1, "A0021", owner="KS")
    with pytest.raises(
        CasebookError, match=r"cannot be written \(No space left on device\); it is as it was"
    ):
        desk.run()
    monkeypatch.undo()
    assert desk.book.path.read_bytes() == before
    assert [path.name for path in desk.folder.iterdir() if path.name.endswith(".new")] == []
    desk.run()
    assert desk.shown("A0021", "owner") == "KS"


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
    writers = [context.Process(target=add_rows, args=(path, name)) for name in ("one", "two", "three")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted((each.report, each.cohort) for each in Casebook(path, URN).published()) == sorted(
        (name, str(number)) for name in ("one", "two", "three") for number in range(10)
    )
    assert Casebook(path, URN).check() == []


# What was published


def test_what_was_published_is_kept_with_its_versions(desk):
    first = Published("governors", "2026-09-01", "2026-10-23", "", '{"counts": [1, "c"]}')
    other = Published("governors", "2026-09-01", "2026-12-18", "", '{"counts": [2]}')
    assert desk.book.publish(first, "1").version == 1
    revision = desk.book.state().revision
    desk.book.publish(other, "2")
    assert desk.book.publish(first, "3").version == 1
    again = Published("governors", "2026-09-01", "2026-10-23", "", '{"counts": [1, 9]}')
    assert desk.book.publish(again, "4").version == 2
    assert [(each.date_to, each.version, each.record) for each in desk.book.published()] == [
        ("2026-10-23", 1, '{"counts": [1, "c"]}'),
        ("2026-12-18", 1, '{"counts": [2]}'),
        ("2026-10-23", 2, '{"counts": [1, 9]}'),
    ]
    assert [each.version for each in desk.book.published(revision)] == [1]


def test_an_empty_casebook_is_whole():
    assert open_store(empty_store(URN).to_bytes(), "", (URN,)).entries == []
