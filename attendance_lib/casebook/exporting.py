"""All of a casebook as tables, for people to read and to keep where no program of ours is."""

import json
from collections.abc import Iterator

from attendance_lib.casebook.chain import Store
from attendance_lib.casebook.ledger import Ledger
from attendance_lib.casebook.rule import state_of
from attendance_lib.casebook.state import State

Table = tuple[str, tuple[str, ...], tuple[tuple[str | int | None, ...], ...]]
ENTRY = (
    "entry", "revision", "kind", "reading", "sheet", "row_key", "column", "basis", "before", "value", "as_it_stood",
    "salt", "digest", "previous_hash", "hash",
)  # fmt: skip
VALUE = (
    "sheet", "row_key", "column", "place", "value", "source", "entry", "revision", "basis", "pack_id", "path",
    "said_by", "said_at", "log_says",
)  # fmt: skip
READING = (
    "entry",
    "revision",
    "line",
    "path",
    "sha256",
    "pack_id",
    "known_by",
    "program",
    "said_by",
    "said_at",
)
PACK = ("entry", "revision", "pack_id", "basis", "report", "date_from", "date_to", "cohort", "content")
NOTICE = ("revision", "path", "sheet", "row", "row_key", "column", "what", "remedy", "value")


def tables_of(store: Store) -> Iterator[Table]:
    """Yield every table of a casebook: its name, columns and rows. Place 1 of the values is the one shown."""
    ledger = Ledger(store)
    state = state_of(ledger)
    closed = [entry for entry in store.entries if entry.kind == "revision"]
    made = ((entry.revision, *json.loads(entry.value).values(), entry.entry, entry.hash) for entry in closed)
    printed = store.connection.execute(
        "SELECT pack, sheet, token, row_key, cells FROM printed ORDER BY pack, sheet, token"
    )
    yield "revisions", ("revision", "made_at", "what", "entries", "head"), tuple(made)
    yield "values", VALUE, tuple(_values(state))
    yield "entries", ENTRY, tuple(map(tuple, store.entries))
    yield "packs", PACK, tuple(_fields(each, PACK) for each in ledger.packs.values())
    yield "printed", ("pack", "sheet", "token", "row_key", "cells"), tuple(printed)
    yield "readings", READING, tuple(_fields(each, READING) for each in ledger.readings)
    yield "notices", NOTICE, tuple(_fields(each, NOTICE) for each in ledger.notices)


def _fields(value: object, names: tuple[str, ...]) -> tuple:
    return tuple(getattr(value, name) for name in names)


def _values(state: State) -> Iterator[tuple]:
    for rows in state.rows.values():
        for row in rows.values():
            for cell in row.cells.values():
                for place, saying in enumerate(cell.standing, 1):
                    said = _fields(saying, VALUE[4:13])
                    yield cell.sheet, cell.row_key, cell.column, place, *said, cell.logged
