"""The entries of a casebook by what they are about: statements by cell, files by path, packs by name."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from attendance_lib.casebook.chain import Draft, Entry, Store
from attendance_lib.casebook.sheets import Kind, PrintedColumn, PrintedRow, PrintedSheet, canonical
from attendance_lib.casebook.state import Notice

CellPlace = tuple[str, str, str]
STATEMENTS = ("log", "set", "other log")  # the last: what the log gave another machine
QUIET = -1  # the basis of what a log said already when the casebook was begun: it answers nothing


@dataclass(frozen=True)
class Reading:
    """One reading of a file. ``line`` is the first reading of what is taken for one and the same file."""

    entry: int
    revision: int
    line: int
    path: str
    sha256: str
    pack_id: str
    known_by: str
    content: str
    said_by: str = ""
    said_at: str = ""
    program: str = ""
    is_registered: bool = False


@dataclass(frozen=True)
class Pack:
    """One pack as registered: its sheets hold canonical text."""

    entry: int
    revision: int
    pack_id: str
    basis: int
    report: str
    date_from: str
    date_to: str
    cohort: str
    content: str
    store: Store
    definitions: tuple[PrintedSheet, ...]

    @cached_property
    def sheets(self) -> dict[str, PrintedSheet]:
        """The sheets with their rows, by name; what was erased is left out."""
        rows: dict[str, list[PrintedRow]] = defaultdict(list)
        for line in self.store.printed(self.entry):
            if line.cells is not None:
                rows[line.sheet].append(PrintedRow(line.token, line.row_key, tuple(json.loads(line.cells))))
        return {sheet.name: replace(sheet, rows=tuple(rows[sheet.name])) for sheet in self.definitions}


@dataclass(frozen=True)
class RowNote:
    """A row as it was first met: in the log, or in a pack where staff added it."""

    origin: str
    pack_id: str
    about: str
    words: str


def _noted(kind: Callable[[], object]) -> Any:
    """Return the field of something that a ledger notes, empty at first."""
    return field(default_factory=kind, init=False)


def _noted_by_key(kind: type) -> Any:
    return _noted(partial(defaultdict, kind))


# What it holds is about pupils: it shows itself nowhere, and no two are compared.
@dataclass(eq=False, repr=False)
class Ledger:
    """A casebook's entries up to a revision, by what they are about; entries added through it are noted too."""

    store: Store
    up_to: InitVar[int | None] = None
    # The basis is the last whole revision with a statement: nobody has seen what is being taken in now.
    revision: int = field(default=0, init=False)
    basis: int = field(default=0, init=False)
    changing: int = field(default=0, init=False)
    entries: dict[int, Entry] = _noted(dict)
    statements: dict[CellPlace, list[Entry]] = _noted_by_key(list)
    said: dict[tuple[str, str, CellPlace, str], Entry] = _noted(dict)
    rows: dict[str, dict[str, RowNote]] = _noted_by_key(dict)
    numbers: dict[tuple[str, str], int] = _noted_by_key(int)
    readings: list[Reading] = _noted(list)
    last_hashes: dict[str, str] = _noted(dict)
    by_entry: dict[int, Reading] = _noted(dict)
    packs: dict[str, Pack] = _noted(dict)
    present: dict[int, set[int]] = _noted_by_key(set)
    holders: dict[int, dict[int, bool]] = _noted_by_key(dict)
    added: dict[int, dict[str, dict[str, str]]] = _noted_by_key(dict)
    in_log: dict[str, dict[str, bool]] = _noted_by_key(dict)
    logged: dict[CellPlace, str] = _noted(dict)
    notices: list[Notice] = _noted(list)
    told: set[Notice] = _noted(set)
    done: set[tuple] = _noted(set)
    logs: dict[str, list[str]] = _noted_by_key(list)
    heard: dict[str, list[tuple[int, frozenset[int]]]] = _noted_by_key(list)
    published: list[Entry] = _noted(list)
    heads: list[str] = _noted(list)

    def __post_init__(self, up_to: int | None) -> None:
        for entry in self.store.entries:
            if up_to is None or entry.revision <= up_to:
                self.note(entry)

    def add(self, draft: Draft) -> Entry:
        """Add an entry and note it.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger = Ledger(empty_store("990001"))
        >>> ledger.add(Draft("set", "actions", "A1", "note", "rang")).entry, len(ledger.statements["actions", "A1", "note"])
        (1, 1)
        """
        entry = self.store.add(draft)
        self.note(entry)
        return entry

    def close_revision(self, made_at: str, what: str) -> None:
        """End the revision in the making, if anything was added to it, and note it.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger = Ledger(empty_store("990001"))
        >>> said, before = ledger.add(Draft("set", "actions", "A1", "note", "rang")), ledger.basis
        >>> ledger.close_revision("2026-11-20T16:00:00+00:00", "take-in")
        >>> before, ledger.basis  # nobody has seen what is still being taken in
        (0, 1)
        """
        noted = len(self.store.entries)
        self.store.close_revision(made_at, what)
        for entry in self.store.entries[noted:]:
            self.note(entry)

    def note(self, entry: Entry) -> None:
        """Note what an entry says; one that was erased says nothing.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger, said = Ledger(empty_store("990001")), empty_store("990001").add(Draft("set", "actions", "A1", "note", "rang"))
        >>> ledger.note(said._replace(value=None))  # erased
        >>> ledger.ever_said(("actions", "A1", "note"))
        set()
        """
        self.entries[entry.entry] = entry
        self.revision = entry.revision
        if entry.value is not None and entry.kind in NOTED:
            NOTED[entry.kind](self, entry)

    def pack_of(self, entry: Entry) -> str:
        """Return the pack on which a statement was written, empty for the log's.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger = Ledger(empty_store("990001"))
        >>> ledger.by_entry[7] = Reading(7, 1, 7, "p1/a.xlsx", "", "pk1", "tokens", "")
        >>> said = (ledger.add(Draft("set", "actions", "A1", "note", "rang", reading=reading)) for reading in (7, None))
        >>> [ledger.pack_of(entry) for entry in said]
        ['pk1', '']
        """
        return self.by_entry[entry.reading].pack_id if entry.reading in self.by_entry else ""

    def last_of_pack_at(self, path: str) -> Reading | None:
        """Return the last reading at a path of a file that belongs to a pack.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger = Ledger(empty_store("990001"))
        >>> ledger.readings += [Reading(at, 1, at, "p1/a.xlsx", "", pack, "", "") for at, pack in ((1, "pk1"), (2, ""))]
        >>> ledger.last_of_pack_at("p1/a.xlsx").entry, ledger.last_of_pack_at("p2/a.xlsx")  # the second was of no pack
        (1, None)
        """
        return next((each for each in reversed(self.readings) if each.path == path and each.pack_id), None)

    def of_pack(self, pack_id: str) -> list[Reading]:
        """Return the readings of a pack, in order."""
        return [reading for reading in self.readings if reading.pack_id == pack_id]

    def is_alive(self, entry: Entry) -> bool:
        """Whether a statement was not typed over in every file that held it.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger = Ledger(empty_store("990001"))
        >>> said = ledger.add(Draft("set", "actions", "A1", "note", "rang"))
        >>> ledger.holders[said.entry] = {1: False, 2: True}  # typed over in one file, there in another
        >>> ledger.is_alive(said)
        True
        """
        holders = self.holders.get(entry.entry)
        return not holders or any(holders.values())

    def ever_said(self, cell: CellPlace) -> set[str]:
        """Return everything that was ever said of a cell.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger = Ledger(empty_store("990001"))
        >>> added = [ledger.add(Draft("set", "actions", "A1", "note", value)) for value in ("rang", "wrote")]
        >>> sorted(ledger.ever_said(("actions", "A1", "note")))
        ['rang', 'wrote']
        """
        return {entry.value for entry in self.statements.get(cell, ())}


def _note_statement(ledger: Ledger, entry: Entry) -> None:
    if entry.kind == "log" and entry.col == "":
        ledger.in_log[entry.sheet][entry.row_key] = entry.value == "present"
        return
    ledger.statements[entry.cell].append(entry)
    ledger.changing = entry.revision
    if entry.kind == "log":
        ledger.logged[entry.cell] = entry.value
    if entry.kind == "set":
        _note_said(ledger, entry)


def _note_said(ledger: Ledger, entry: Entry) -> None:
    kind = "set" if entry.kind == "past" else entry.kind
    ledger.said.setdefault((kind, ledger.pack_of(entry), entry.cell, entry.value), entry)


def _note_row(ledger: Ledger, entry: Entry) -> None:
    ledger.rows[entry.sheet][entry.row_key] = RowNote(**json.loads(entry.value))
    day, _, number = entry.row_key.rpartition("/")
    if number.isdecimal():
        ledger.numbers[entry.sheet, day] = max(ledger.numbers[entry.sheet, day], int(number))


def _note_pack(ledger: Ledger, entry: Entry) -> None:
    told = json.loads(entry.value)
    sheets = tuple(_sheet_from(each) for each in told.pop("sheets"))
    pack = Pack(entry.entry, entry.revision, store=ledger.store, definitions=sheets, **told)
    ledger.packs[pack.pack_id] = pack


def _note_reading(ledger: Ledger, entry: Entry) -> None:
    told = json.loads(entry.value)
    line = told.pop("line") or entry.entry
    reading = Reading(entry.entry, entry.revision, line, **told)
    ledger.readings.append(reading)
    ledger.last_hashes[reading.path] = reading.sha256
    ledger.by_entry[entry.entry] = reading


def _note_held(ledger: Ledger, entry: Entry) -> None:
    told, reading = json.loads(entry.value), ledger.by_entry[entry.reading]
    line = reading.line
    for is_held, name in ((True, "held"), (True, "cleared"), (False, "over")):
        for number in told[name]:
            ledger.holders[number][line] = is_held
    ledger.present[line] = {*told["held"], *told["cleared"], *told["kept"]}
    for sheet, rows in told["added"].items():
        ledger.added[line].setdefault(sheet, {}).update(rows)
    ledger.heard[reading.pack_id].append((line, frozenset(told["held"])))


def _note_log(ledger: Ledger, entry: Entry) -> None:
    ledger.logs[entry.sheet].append(entry.value)


def _note_notice(ledger: Ledger, entry: Entry) -> None:
    notice = Notice(**json.loads(entry.value))
    ledger.told.add(notice)
    ledger.notices.append(replace(notice, revision=entry.revision))


def _note_done(ledger: Ledger, entry: Entry) -> None:
    line = ledger.by_entry[entry.reading].line if entry.reading in ledger.by_entry else 0
    ledger.done.add((entry.kind, line, entry.cell, entry.value))


def _note_published(ledger: Ledger, entry: Entry) -> None:
    ledger.published.append(entry)


def _note_fork(ledger: Ledger, entry: Entry) -> None:
    ledger.heads.extend(json.loads(entry.value))


def _note_revision(ledger: Ledger, entry: Entry) -> None:
    ledger.basis = ledger.changing
    ledger.heads.append(entry.hash)


NOTED: dict[str, Callable[[Ledger, Entry], None]] = {
    "log": _note_statement,
    "set": _note_statement,
    "other log": _note_statement,
    "past": _note_said,
    "extra": _note_said,
    "unread": _note_said,
    "log read": _note_log,
    "row": _note_row,
    "pack": _note_pack,
    "reading": _note_reading,
    "held": _note_held,
    "told": _note_notice,
    "row missing": _note_done,
    "published": _note_published,
    "fork": _note_fork,
    "revision": _note_revision,
}


def sheet_text(sheets: Iterable[PrintedSheet]) -> list[dict]:
    """Return sheets without their rows, as JSON.

    Examples
    --------
    >>> sheet = PrintedSheet("actions", (), (PrintedRow("001", "A1", ()),), "action_id")
    >>> [(each["name"], each["rows"]) for each in sheet_text([sheet])]
    [('actions', [])]
    """
    return json.loads(canonical([replace(sheet, rows=()) for sheet in sheets]))


def _sheet_from(told: dict) -> PrintedSheet:
    columns = tuple(
        PrintedColumn(
            **each
            | {
                "kind": Kind(each["kind"]),
                "choices": tuple(each["choices"]),
                "also_called": tuple(each["also_called"]),
                "also_said": tuple(tuple(pair) for pair in each["also_said"]),
            }
        )
        for each in told["columns"]
    )
    return PrintedSheet(**told | {"columns": columns, "rows": ()})


@dataclass(frozen=True)
class Said:
    """What one cell of a file says: of which cell, canonical text, as it stands there, and what was printed."""

    cell: CellPlace
    value: str
    raw: str
    printed: str
    is_as_printed: bool


@dataclass
class Heard:
    """All that one file says: of cells; what can only be kept (as drafts); its rows; the keys given to tokens; its sheets."""

    said: list[Said] = field(default_factory=list)
    extra: list[Draft] = field(default_factory=list)
    rows: set[tuple[str, str]] = field(default_factory=set)
    added: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    sheets: list[PrintedSheet] = field(default_factory=list)
