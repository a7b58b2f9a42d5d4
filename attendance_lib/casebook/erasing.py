"""Erasing what was said about a pupil, and keeping it from coming back with a workbook that is read again.

What is emptied leaves its digest, which nobody can guess since the salt goes too: the chain stays whole and shows that
something was there. A tombstone, a slow salted hash, tells the pupil's number again without holding it.
"""

import hashlib
import json
import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from attendance_lib.casebook.chain import SALT_BYTES, Draft, Entry, Store, guard, unguard
from attendance_lib.casebook.ledger import Ledger, Pack
from attendance_lib.casebook.sheets import (
    LogSheet,
    PrintedRow,
    PrintedSheet,
    ReturnedFile,
    ReturnedRow,
    canonical,
)
from attendance_lib.casebook.spelling import folded_key, written

ROUNDS = (
    10_000  # a few thousandths of a second a number: trying all of a school's takes longer than asking it
)
LONGEST = 32  # signs of a pupil's number
EMPTIED = ("log", "other log", "set", "past", "extra", "unread", "row", "told", "back", "row missing")


def tomb_hash(salt: str, about: str) -> str:
    """Return the hash by which an erased number is known again.

    Examples
    --------
    >>> tomb_hash("00ff", "003401") == tomb_hash("00ff", " 3401")  # however it is written
    True
    """
    number = folded_key(about).encode("utf-8", "replace")
    return hashlib.pbkdf2_hmac("sha256", number, bytes.fromhex(salt), ROUNDS).hex()


def may_be_number(text: str | None) -> bool:
    """Whether a text can be a pupil's number: no other is hashed, which takes its time.

    Examples
    --------
    >>> may_be_number("003401"), may_be_number("rang home"), may_be_number("2 of her 3 brothers were there too")
    (True, False, False)
    """
    return bool(text) and len(text) <= LONGEST and any(sign.isdigit() for sign in text)


@dataclass(frozen=True)
class Erased:
    """What was erased so far: tombstones (salt and hash), rows (sheet and key), and tokens of printed rows."""

    tombs: tuple[tuple[str, str], ...]
    rows: frozenset[tuple[str, str]]
    tokens: frozenset[str]

    @cached_property
    def known(self) -> dict[str, bool]:
        """Numbers asked for before."""
        return {}

    def has(self, about: str) -> bool:
        """Whether what was said about a pupil was erased.

        Examples
        --------
        >>> erased = Erased((("00ff", tomb_hash("00ff", "003401")),), frozenset(), frozenset())
        >>> erased.has("3401"), erased.has("3402"), erased.has("rang home")
        (True, False, False)
        """
        if not self.tombs or not may_be_number(about):
            return False
        if about not in self.known:
            self.known[about] = any(tomb_hash(salt, about) == held for salt, held in self.tombs)
        return self.known[about]

    def is_of(self, row: ReturnedRow) -> bool:
        """Whether a row of a file is about somebody erased: by its token, or by any of its cells.

        Examples
        --------
        >>> erased = Erased((("00ff", tomb_hash("00ff", "003401")),), frozenset(), frozenset())
        >>> erased.is_of(ReturnedRow(7, "", ("A1", "3401"))), erased.is_of(ReturnedRow(8, "", ("A2", "3402")))
        (True, False)
        """
        keys = {folded_key(key) for _, key in self.rows}
        texts = set(map(written, row.cells)) - {""}
        return row.token in self.tokens or any(folded_key(text) in keys or self.has(text) for text in texts)

    def without(self, file: ReturnedFile) -> ReturnedFile:
        """Return a file without the rows about anybody erased.

        Examples
        --------
        >>> from attendance_lib.casebook.sheets import ReturnedSheet
        >>> erased = Erased((("00ff", tomb_hash("00ff", "003401")),), frozenset(), frozenset())
        >>> rows = tuple(ReturnedRow(number, "", ("A1", pupil)) for number, pupil in ((2, "3401"), (3, "3402")))
        >>> file = ReturnedFile("a.csv", "", (ReturnedSheet("actions", ("No", "Pupil"), rows),))
        >>> [row.number for row in erased.without(file).sheets[0].rows]
        [3]
        """
        if not self.tombs:
            return file
        sheets = (
            replace(sheet, rows=tuple(row for row in sheet.rows if not self.is_of(row)))
            for sheet in file.sheets
        )
        return replace(file, sheets=tuple(sheets))

    def without_in_log(self, log: LogSheet) -> LogSheet:
        """Return a log without the rows about anybody erased.

        Examples
        --------
        >>> erased = Erased((("00ff", tomb_hash("00ff", "003401")),), frozenset(), frozenset())
        >>> log = LogSheet("actions", (), {"A1": {"pupil_id": "003401"}, "A2": {"pupil_id": "003402"}}, about="pupil_id")
        >>> list(erased.without_in_log(log).rows)
        ['A2']
        """
        if not self.tombs:
            return log
        rows = {
            key: row
            for key, row in log.rows.items()
            if (log.name, key) not in self.rows and not self.has(written(row.get(log.about)))
        }
        return replace(log, rows=rows)


def erased_in(ledger: Ledger) -> Erased:
    """Return what was erased of a casebook so far.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> ledger.add(new_tomb("003401", [("actions", "A1")], [])).kind
    'tombstone'
    >>> erased = erased_in(ledger)
    >>> erased.has("3401"), sorted(erased.rows)
    (True, [('actions', 'A1')])
    """
    told = [json.loads(entry.value) for entry in ledger.entries.values() if entry.kind == "tombstone"]
    return Erased(
        tuple((each["salt"], each["hash"]) for each in told),
        frozenset((sheet, key) for each in told for sheet, key in each["rows"]),
        frozenset(token for each in told for token in each["tokens"]),
    )


def new_tomb(about: str, rows: Iterable[tuple[str, str]], tokens: Iterable[str]) -> Draft:
    """Return the tombstone of a pupil's number, with the rows and tokens that were about it.

    Examples
    --------
    >>> told = json.loads(new_tomb("003401", [("actions", "A1")], []).value)
    >>> told["rows"], [told["hash"] == tomb_hash(told["salt"], about) for about in ("3401", "3402")]
    ([['actions', 'A1']], [True, False])
    """
    salt = secrets.token_hex(SALT_BYTES)
    told = {"salt": salt, "hash": tomb_hash(salt, about), "rows": sorted(rows), "tokens": sorted(tokens)}
    return Draft("tombstone", value=canonical(told))


@dataclass(frozen=True)
class Erasure:
    """What came of erasing: how many entries, printed rows and kept sheets were emptied; the files that still name the pupil."""

    emptied: int
    still_named: tuple[str, ...]


def erase(store: Store, about: str, made_at: str) -> Erasure:
    """Empty all that was said about a pupil; return how much that was, and the paths of the files in which it was read.

    Parameters
    ----------
    store : Store
        The casebook, which is changed.
    about : str
        The pupil's number.
    made_at : str
        When (ISO).

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> store = empty_store("990001")
    >>> for column, text in (("pupil_id", "003401"), ("note", "rang home")):
    ...     said = store.add(Draft("set", "actions", "A1", column, text))
    >>> erase(store, "3401", "2026-11-23T09:00:00+00:00")
    Erasure(emptied=2, still_named=())
    >>> store.connection.execute("SELECT value FROM entry WHERE kind = 'set'").fetchall()
    [(None,), (None,)]
    """
    ledger = Ledger(store)
    rows = rows_about(ledger, about)
    entries = said_of(store, rows)
    printed = printed_about(ledger, about, rows)
    contents = contents_about(store, about, {key for _, key in rows})
    readings = {*contents, *(entry.reading for entry in entries)} - {None}
    names = _names_of(entries, printed, contents)
    store.add(new_tomb(about, rows, (text for _, _, text in printed)))
    store.add(Draft("erased", value="\n".join(names)))
    store.close_revision(made_at, "erasure")
    _empty(store, entries, printed, contents)
    return Erasure(len(names), tuple(sorted({ledger.by_entry[number].path for number in readings})))


def _names_of(entries: list[Entry], printed: list[tuple[int, str, str]], contents: list[int]) -> list[str]:
    """Return how the entry of an erasure calls what it empties (see ``disk.erased_names``)."""
    return [
        *(f"entry {entry.entry}" for entry in entries),
        *(f"printed {pack} {token}" for pack, token, _ in printed),
        *(f"content {reading}" for reading in contents),
    ]


def rows_about_erased(ledger: Ledger, erased: Erased) -> set[tuple[str, str]]:
    """Return the rows of another casebook that are about anybody who was erased in this one.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> said = ledger.add(Draft("set", "actions", "A1", "pupil_id", "003401"))
    >>> rows_about_erased(ledger, Erased((("00ff", tomb_hash("00ff", "3401")),), frozenset(), frozenset()))
    {('actions', 'A1')}
    """
    if not erased.tombs:
        return set()
    said = {
        (sheet, key)
        for (sheet, key, _), told in ledger.statements.items()
        if any(erased.has(each.value) for each in told)
    }
    return said | _begun_about(ledger, erased.has)


def rows_about(ledger: Ledger, about: str) -> set[tuple[str, str]]:
    """Return the rows that are, or ever were, about a pupil.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> for key, pupil in (("A1", "003401"), ("A2", "003402")):
    ...     said = ledger.add(Draft("set", "actions", key, "pupil_id", pupil))
    >>> rows_about(ledger, "3401")
    {('actions', 'A1')}
    """
    wanted = folded_key(about)
    columns = {sheet.name: sheet.about for pack in ledger.packs.values() for sheet in pack.definitions}
    said = {
        (sheet, key)
        for (sheet, key, column), entries in ledger.statements.items()
        if column == columns.get(sheet, "pupil_id")
        and any(folded_key(entry.value) == wanted for entry in entries)
    }
    return said | _begun_about(ledger, lambda whom: bool(whom) and folded_key(whom) == wanted)


def _begun_about(ledger: Ledger, is_meant: Callable[[str], bool]) -> set[tuple[str, str]]:
    """Return the rows that were about somebody when they were first met, or as a pack printed them."""
    met = ((sheet, key, note.about) for sheet, rows in ledger.rows.items() for key, note in rows.items())
    return {(sheet, key) for sheet, key, whom in (*met, *rows_printed(ledger)) if is_meant(whom)}


def said_of(store: Store, rows: set[tuple[str, str]]) -> list[Entry]:
    """Return the entries that say anything of rows, of the kinds that are emptied.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> store = empty_store("990001")
    >>> said = [store.add(Draft("set", "actions", key, "note", "rang")) for key in ("A1", "A2")]
    >>> [entry.row_key for entry in said_of(store, {("actions", "A2")})]
    ['A2']
    """
    return [
        entry for entry in store.entries if entry.kind in EMPTIED and (entry.sheet, entry.row_key) in rows
    ]


def all_printed(ledger: Ledger) -> Iterator[tuple[Pack, PrintedSheet, PrintedRow]]:
    """Yield every row that any pack printed, with its pack and sheet."""
    for pack in ledger.packs.values():
        for sheet in pack.sheets.values():
            for row in sheet.rows:
                yield pack, sheet, row


def rows_printed(ledger: Ledger) -> Iterator[tuple[str, str, str]]:
    """Yield each row that a pack printed and whom it was about: words may stand in one that neither log nor file ever named."""
    for _, sheet, row in all_printed(ledger):
        if sheet.about and row.key:
            yield sheet.name, row.key, sheet.text(row, sheet.about)


def printed_about(ledger: Ledger, about: str, rows: set[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Return the printed rows about a pupil: the pack's entry, the token, and the token as it stands in the workbook."""
    found = []
    for pack, sheet, row in all_printed(ledger):
        is_named = sheet.about and folded_key(sheet.text(row, sheet.about)) == folded_key(about)
        if is_named or (sheet.name, row.key) in rows:
            found.append((pack.entry, row.token, f"{pack.pack_id}/{row.token}"))
    return found


def contents_about(store: Store, about: str, keys: set[str]) -> list[int]:
    """Return the readings whose kept sheets name a pupil, or a row about them.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store, packed
    >>> store = empty_store("990001")
    >>> store.add_content(1, packed('[{"rows": [{"number": 3402, "cells": ["A1", "3401"]}]}]'))
    >>> contents_about(store, "003401", set()), contents_about(store, "3402", set()), contents_about(store, "3402", {"A0001"})
    ([1], [], [1])
    """
    wanted = {folded_key(about), *map(folded_key, keys)}
    kept = store.connection.execute(
        "SELECT reading, sheets FROM content WHERE sheets IS NOT NULL ORDER BY reading"
    )
    return [reading for reading, sheets in kept if wanted & set(_texts(json.loads(zlib.decompress(sheets))))]


def _texts(sheets: list[dict]) -> Iterable[str]:
    """Yield what stands in the cells of kept sheets; numbers of rows are no pupil's."""
    for sheet in sheets:
        for row in sheet["rows"]:
            yield from (folded_key(written(cell)) for cell in row["cells"])


def _empty(
    store: Store, entries: list[Entry], printed: list[tuple[int, str, str]], contents: list[int]
) -> None:
    change = store.connection.executemany
    unguard(store.connection)
    change(
        "UPDATE entry SET base = NULL, value = NULL, raw = NULL, salt = NULL WHERE entry = ?",
        [(entry.entry,) for entry in entries],
    )
    change(
        "UPDATE printed SET cells = NULL, salt = NULL WHERE pack = ? AND token = ?",
        [(pack, token) for pack, token, _ in printed],
    )
    change(
        "UPDATE content SET sheets = NULL, salt = NULL WHERE reading = ?",
        [(reading,) for reading in contents],
    )
    guard(store.connection)
    store.connection.execute("VACUUM")
