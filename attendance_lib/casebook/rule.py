"""The rule by which one value is shown of all that was said of a cell, and the state that follows from it."""

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter

from attendance_lib.casebook.chain import Entry
from attendance_lib.casebook.ledger import QUIET, CellPlace, Ledger, Pack, RowNote
from attendance_lib.casebook.sheets import DIFFERING
from attendance_lib.casebook.state import Beside, CellState, EarlierPrint, RowState, Saying, State

# Words that belong to no cell of a pack, and cells of which no value can be read.
BESIDE = ("extra", "unread")


def standing(ledger: Ledger, cell: CellPlace, up_to: int | None = None) -> list[Entry]:
    """Return the statements about a cell that stand, the one to be shown first.

    Parameters
    ----------
    ledger : Ledger
        The casebook.
    cell : tuple of str
        Sheet, row key, column.
    up_to : int, optional
        Leave out what was taken in after this revision.

    Returns
    -------
    list of Entry
        Not superseded: no later statement was written on a print that knew it, and not every file that held it has something
        else typed over it. By basis, then when taken in, the workbook's before the log's; the latest first.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> for value in ("rang", "wrote"):
    ...     said = ledger.add(Draft("set", "actions", "A1", "note", value))
    >>> [entry.value for entry in standing(ledger, ("actions", "A1", "note"))]  # neither knew of the other
    ['wrote', 'rang']
    >>> ledger.close_revision("2026-11-20T16:00:00+00:00", "take-in")
    >>> answer = ledger.add(Draft("set", "actions", "A1", "note", "met", basis=1))  # on a print that had both
    >>> [entry.value for entry in standing(ledger, ("actions", "A1", "note"))]
    ['met']
    """
    said = [entry for entry in ledger.statements.get(cell, ()) if up_to is None or entry.revision <= up_to]
    told = [entry for entry in said if entry.basis != QUIET] or said
    informed = max(map(attrgetter("basis"), told), default=0)
    heads = [entry for entry in told if entry.revision > informed and ledger.is_alive(entry)]
    return sorted(heads, key=_precedence, reverse=True)


def _precedence(entry: Entry) -> tuple[int, int, bool, int]:
    return entry.basis, entry.revision, entry.kind == "set", entry.entry


def value_at(ledger: Ledger, cell: CellPlace, up_to: int) -> str:
    """Return the value of a cell shown at a revision; empty where nothing had been said.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> said = ledger.add(Draft("set", "actions", "A1", "note", "rang"))  # in revision 1
    >>> value_at(ledger, ("actions", "A1", "note"), 0), value_at(ledger, ("actions", "A1", "note"), 1)
    ('', 'rang')
    """
    heads = standing(ledger, cell, up_to)
    return heads[0].value if heads else ""


def state_of(ledger: Ledger) -> State:
    """Return all that a casebook knows.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> said = ledger.add(Draft("set", "actions", "A1", "note", "rang"))
    >>> known = state_of(ledger)  # a statement that no file holds is the log's
    >>> known.rows["actions"]["A1"].value("note"), known.entries
    ('rang', 1)
    """
    cells = cells_said(ledger)
    places = {reading.pack_id: reading.path for reading in ledger.readings if reading.is_registered}
    return State(
        revision=ledger.revision,
        head=ledger.heads[-1] if ledger.heads else "",
        entries=len(ledger.entries),
        basis=ledger.basis,
        rows={
            sheet: {key: row_of(ledger, sheet, key, cells[sheet, key]) for key in keys}
            for sheet, keys in rows_known(ledger, cells).items()
        },
        notices=tuple(ledger.notices),
        prints=tuple(print_of(pack, places.get(pack.pack_id, "")) for pack in ledger.packs.values()),
        beside=tuple(beside_of(ledger, entry) for entry in ledger.entries.values() if entry.kind in BESIDE),
        erasures=sum(entry.kind == "erased" for entry in ledger.store.entries),
    )


def cells_said(ledger: Ledger) -> dict[tuple[str, str], dict[str, CellState]]:
    """Return the cells of which any statement stands, by sheet and row key, then by column.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> said = ledger.add(Draft("set", "actions", "A1", "note", "rang"))
    >>> {row: list(cells) for row, cells in cells_said(ledger).items()}
    {('actions', 'A1'): ['note']}
    """
    cells: dict[tuple[str, str], dict[str, CellState]] = defaultdict(dict)
    for cell in ledger.statements:
        if heads := standing(ledger, cell):
            sheet, row_key, column = cell
            sayings = tuple(saying_of(ledger, entry) for entry in heads)
            cells[sheet, row_key][column] = CellState(*cell, sayings, logged_of(ledger, cell))
    return cells


def rows_known(ledger: Ledger, said: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the rows by sheet: those of logs, those that staff added, those of a pack alone once words stand in them.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> rows_known(Ledger(empty_store("990001")), [("actions", "A1"), ("actions", "A2")])
    {'actions': ['A1', 'A2']}
    """
    rows = {sheet: dict.fromkeys(keys) for sheet, keys in ledger.rows.items()}
    for sheet, key in said:
        if sheet != DIFFERING:
            rows.setdefault(sheet, {}).setdefault(key)
    return {sheet: list(keys) for sheet, keys in rows.items()}


def beside_of(ledger: Ledger, entry: Entry) -> Beside:
    """Return a word that belongs to no cell, with where it was read.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> from attendance_lib.casebook.ledger import Reading
    >>> ledger = Ledger(empty_store("990001"))
    >>> ledger.by_entry[7] = Reading(7, 1, 7, "p1/a.xlsx", "", "pk1", "tokens", "", said_by="Ms Okafor")
    >>> word = beside_of(ledger, ledger.add(Draft("extra", "actions", "row 9", value="ask the office", reading=7)))
    >>> word.path, word.row_key, word.value, word.said_by
    ('p1/a.xlsx', 'row 9', 'ask the office', 'Ms Okafor')
    """
    reading = ledger.by_entry[entry.reading]
    return Beside(entry.revision, reading.path, *entry.cell, entry.value or "", reading.said_by)


def saying_of(ledger: Ledger, entry: Entry) -> Saying:
    """Return a statement with where it was read.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> from attendance_lib.casebook.ledger import Reading
    >>> ledger = Ledger(empty_store("990001"))
    >>> ledger.by_entry[7] = Reading(7, 1, 7, "p1/a.xlsx", "", "pk1", "tokens", "")
    >>> said = (ledger.add(Draft("set", "actions", "A1", "note", "rang", reading=reading)) for reading in (None, 7))
    >>> [(saying.source, saying.path) for saying in (saying_of(ledger, entry) for entry in said)]
    [('log', ''), ('workbook', 'p1/a.xlsx')]
    """
    reading = ledger.by_entry.get(entry.reading)
    return Saying(
        entry.entry,
        entry.revision,
        entry.basis,
        "log" if reading is None else "workbook",
        entry.value,
        entry.raw or entry.value,
        *((reading.pack_id, reading.path, reading.said_by, reading.said_at) if reading else ()),
    )


def logged_of(ledger: Ledger, cell: CellPlace) -> str | None:
    """Return what the log says of a cell last; None where its row was never in the log.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> for column, value in (("", "present"), ("note", "rang")):
    ...     said = ledger.add(Draft("log", "actions", "A1", column, value))
    >>> [logged_of(ledger, ("actions", key, "note")) for key in ("A1", "A2")]
    ['rang', None]
    """
    sheet, row_key, _ = cell
    return ledger.logged.get(cell, "") if row_key in ledger.in_log[sheet] else None


def row_of(ledger: Ledger, sheet: str, key: str, cells: dict[str, CellState]) -> RowState:
    """Return a row with where it comes from.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> row_of(ledger, "actions", "A1", {}).is_in_log is None  # no log was read yet
    True
    >>> said = ledger.add(Draft("log", "actions", "A1", value="present"))
    >>> [row_of(ledger, "actions", key, {}).is_in_log for key in ("A1", "A2")]
    [True, False]
    """
    note = ledger.rows[sheet].get(key, RowNote("pack", "", "", ""))
    pack = ledger.packs.get(note.pack_id)
    is_in_log = ledger.in_log[sheet].get(key, False) if ledger.in_log[sheet] else None
    origin = (pack.pack_id, pack.report, pack.cohort, pack.date_to) if pack else ()
    return RowState(sheet, key, note.origin, cells, is_in_log, *origin)


def print_of(pack: Pack, path: str) -> EarlierPrint:
    """Return what a pack printed, by sheet, row and column; ``path`` is where its workbook lay when it was made."""
    cells = {
        name: {
            row.key: {column.name: sheet.text(row, column.name) for column in sheet.columns}
            for row in sheet.by_key.values()
        }
        for name, sheet in pack.sheets.items()
    }
    return EarlierPrint(
        pack.revision,
        pack.pack_id,
        pack.report,
        pack.cohort,
        pack.date_from,
        pack.date_to,
        pack.basis,
        cells,
        path,
    )
