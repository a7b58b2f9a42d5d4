"""The chain of entries: what was changed past it is seen."""

import random
import sqlite3

import pytest

from attendance_lib.casebook.chain import guard, unguard
from attendance_lib.casebook.disk import open_store
from attendance_lib.errors import CasebookError
from tests.casebook.desk import URN


def test_nothing_can_be_changed_or_removed_in_it(read_desk):
    store = open_store(read_desk.book.path.read_bytes(), "", (URN,))
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
def test_what_is_changed_past_the_triggers_is_seen(read_desk, command):
    store = open_store(read_desk.book.path.read_bytes(), "", (URN,))
    unguard(store.connection)
    store.connection.execute("PRAGMA foreign_keys = OFF")
    store.connection.execute(command)
    guard(store.connection)
    with pytest.raises(CasebookError, match=r"is damaged.*\.previous"):
        open_store(store.to_bytes(), "casebook.sqlite", (URN, "990002"))


def test_no_flipped_bit_cut_or_zeroed_page_passes_unseen(read_desk):
    content, before = read_desk.book.path.read_bytes(), read_desk.book.state()
    dice = random.Random(11)
    changed = [flipped(content, dice.randrange(len(content) * 8)) for _ in range(300)]
    changed += [content[: dice.randrange(1, len(content))] for _ in range(40)]
    changed += [content[:at] + bytes(4096) + content[at + 4096 :] for at in range(0, len(content), 4096)]
    told = []
    for each in changed:
        read_desk.book.path.write_bytes(each)
        try:
            assert read_desk.book.state() == before
        except CasebookError as error:
            told.append(str(error))
    assert len(told) > 100
    assert "no reply" not in "".join(told)


def flipped(content: bytes, bit: int) -> bytes:
    at = bit // 8
    return content[:at] + bytes([content[at] ^ 1 << bit % 8]) + content[at + 1 :]
