"""Taking over a fork: a casebook that another machine went on writing, or a conflict of copies, after what both share."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter

from attendance_lib.casebook.chain import Draft, Entry, PrintedLine, Store, printed_digest, printed_line
from attendance_lib.casebook.erasing import Erased, erased_in, rows_about_erased
from attendance_lib.casebook.ledger import STATEMENTS, Ledger
from attendance_lib.casebook.rule import standing
from attendance_lib.casebook.sheets import canonical
from attendance_lib.casebook.state import Notice

SAID = ("set", "past", "extra", "unread")
REPORT = ("report", "date_from", "date_to", "cohort")


def take_over(ledger: Ledger, fork: Store, name: str) -> int:
    """Add what a fork, named for its file, has after what both share; return how many entries were added.

    Notes
    -----
    What the fork itself had answered stays answered. Its packs knew nothing of ours, nor ours of its: so whatever differs
    between the two stands side by side until a later pack settles it.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> ledger = Ledger(empty_store("990001"))
    >>> fork = Store(ledger.store.connection)  # a copy in which another machine wrote
    >>> said = fork.add(Draft("set", "actions", "A1", "note", "rang"))
    >>> fork.close_revision("2026-11-20T16:00:00+00:00", "take-in")
    >>> [take_over(ledger, fork, "Office PC") for _ in range(2)], ledger.ever_said(said.cell)  # the second time it is known
    ([2, 0], {'rang'})
    """
    ours = ledger.store
    if not fork.entries or fork.entries[-1].hash in ledger.heads:
        return 0
    before, common = len(ours.entries), common_entries(ours, fork)
    if common == before:
        # There is nothing here that the fork does not have.
        ours.become(fork)
        for entry in fork.entries[common:]:
            ledger.note(entry)
    else:
        TakingOver(ledger, Ledger(fork), common, name, erased_in(ledger)).take()
    return len(ours.entries) - before


def common_entries(ours: Store, theirs: Store) -> int:
    """Return how many first entries two casebooks share.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft, empty_store
    >>> ours, theirs = empty_store("990001"), empty_store("990001")
    >>> common_entries(ours, theirs)  # another casebook of the same school
    0
    >>> theirs.become(ours)
    >>> ours.add(Draft("set", "actions", "A1", "note", "rang")).entry, common_entries(ours, theirs)
    (1, 0)
    """
    if ours.genesis != theirs.genesis:
        return 0
    pairs = enumerate(zip(ours.entries, theirs.entries, strict=False))
    shorter = min(len(ours.entries), len(theirs.entries))
    return next((at for at, (one, other) in pairs if one.hash != other.hash), shorter)


@dataclass(frozen=True)
class TakingOver:
    """The taking over of one fork: its entries after ``common`` ones, translated into ours.

    ``erased`` is what was erased here, and stays so; ``numbers`` and ``keys`` hold what the fork's entries and rows are called
    here.
    """

    ledger: Ledger
    theirs: Ledger
    common: int
    name: str
    erased: Erased
    numbers: dict[int, int] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: dict[str, list[PrintedLine]] = field(default_factory=dict)

    @cached_property
    def new(self) -> list[Entry]:
        """The fork's entries that are to be taken over: none about anybody who was erased here.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> from attendance_lib.casebook.erasing import new_tomb
        >>> ours, theirs = (Ledger(empty_store("990001")) for _ in range(2))
        >>> said = [theirs.add(Draft("set", "actions", key, "pupil_id", pupil)) for key, pupil in (("A1", "3401"), ("A2", "3402"))]
        >>> grave = ours.add(new_tomb("003401", [], []))
        >>> [entry.row_key for entry in TakingOver(ours, theirs, 0, "", erased_in(ours)).new]
        ['A2']
        """
        return [
            entry
            for entry in self.theirs.store.entries[self.common :]
            if entry.value is not None and (entry.sheet, entry.row_key) not in self.erased_rows
        ]

    @cached_property
    def erased_rows(self) -> set[tuple[str, str]]:
        """The fork's rows about anybody who was erased here."""
        return set(self.erased.rows) | rows_about_erased(self.theirs, self.erased)

    @cached_property
    def shared(self) -> int:
        """The last revision that both have."""
        return self.theirs.store.entries[self.common - 1].revision if self.common else 0

    @cached_property
    def unanswered(self) -> set[int]:
        """The statements that stand in the fork."""
        return {entry.entry for cell in self.theirs.statements for entry in standing(self.theirs, cell)}

    def take(self) -> None:
        """Add the fork's entries, each as its kind needs, and the heads by which receipts know it."""
        for entry in self.new:
            known = self.known_here(entry)
            if known is not None:
                self.numbers[entry.entry] = known
            elif (draft := self.translated(entry)) is not None:
                added = self.ledger.add(draft)
                self.numbers[entry.entry] = added.entry
                if entry.kind == "reading":
                    self.numbers.setdefault(self.theirs.by_entry[entry.entry].line, added.entry)
                self.add_what_hangs_on(entry, added)
        heads = [entry.hash for entry in self.new if entry.kind == "revision"]
        older = [head for entry in self.new if entry.kind == "fork" for head in json.loads(entry.value)]
        self.ledger.add(Draft("fork", value=canonical([*older, *heads])))

    def known_here(self, entry: Entry) -> int | None:
        """Return our entry that says the same of the same pack and cell; None if there is none.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ours, theirs = (Ledger(empty_store("990001")) for _ in range(2))
        >>> mine = ours.add(Draft("set", "actions", "A1", "note", "rang"))
        >>> said = [theirs.add(Draft("set", "actions", "A1", "note", value)) for value in ("rang", "wrote")]
        >>> [TakingOver(ours, theirs, 0, "", erased_in(ours)).known_here(entry) for entry in said]
        [1, None]
        """
        if entry.kind not in SAID:
            return None
        kind = "set" if entry.kind == "past" else entry.kind
        cell = (entry.sheet, self.key_of(entry), entry.col)
        known = self.ledger.said.get((kind, self.theirs.pack_of(entry), cell, entry.value))
        return known.entry if known else None

    def translated(self, entry: Entry) -> Draft | None:
        """Return a fork's entry as ours; None where it says nothing new here.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ours, theirs = (Ledger(empty_store("990001")) for _ in range(2))
        >>> said = theirs.add(Draft("set", "actions", "A1", "note", "rang"))
        >>> theirs.close_revision("2026-11-20T16:00:00+00:00", "take-in")
        >>> answer = theirs.add(Draft("set", "actions", "A1", "note", "met", basis=1))  # on a print that had it
        >>> [TakingOver(ours, theirs, 0, "", erased_in(ours)).translated(entry).kind for entry in (said, answer)]
        ['past', 'set']
        """
        draft = Draft(
            entry.kind, entry.sheet, self.key_of(entry), entry.col, entry.value, entry.base, entry.raw,
            min(entry.basis, self.shared), self.number_of(entry.reading),
        )  # fmt: skip
        if entry.kind in STATEMENTS and entry.col and entry.entry not in self.unanswered:
            return replace(draft, kind="past")
        translate = TRANSLATED.get(entry.kind)
        return translate(self, draft) if translate else None

    def number_of(self, number: int | None) -> int | None:
        """Return the number that an entry of the fork has here."""
        return self.numbers.get(number, number)

    def key_of(self, entry: Entry) -> str:
        """Return the key that a row of the fork has here: that of the same row, or a free one where it is another's."""
        place = (entry.sheet, entry.row_key)
        if place not in self.keys:
            self.keys[place] = self.row_here(*place)
        return self.keys[place]

    def row_here(self, sheet: str, key: str) -> str:
        """Return the key that a row of the fork is to have here.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> from attendance_lib.casebook.ledger import RowNote
        >>> ours, theirs = (Ledger(empty_store("990001")) for _ in range(2))
        >>> for ledger, about in ((ours, "3401"), (theirs, "3402")):
        ...     ledger.rows["actions"]["2026-11-20/1"] = RowNote("pack", "pk1", about, "ring home")
        >>> TakingOver(ours, theirs, 0, "", erased_in(ours)).row_here("actions", "2026-11-20/1")  # ours is of somebody else
        '2026-11-20/2'
        """
        ours, theirs = self.ledger.rows[sheet], self.theirs.rows[sheet].get(key)
        if theirs is None or theirs.origin == "log" or ours.get(key) == theirs:
            return key
        same = [each for each, note in ours.items() if note == theirs]
        return same[0] if same else (self.free_key(sheet, key) if key in ours else key)

    def free_key(self, sheet: str, key: str) -> str:
        """Return the next number of a day that no row here or there has.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ours, theirs = (Ledger(empty_store("990001")) for _ in range(2))
        >>> taking = TakingOver(ours, theirs, 0, "", erased_in(ours), keys={("actions", "2026-11-20/4"): "2026-11-20/1"})
        >>> taking.free_key("actions", "2026-11-20/1")  # whose number another row of the fork has got here
        '2026-11-20/2'
        """
        day, number = key.rpartition("/")[0], 1
        taken = {*self.ledger.rows[sheet], *self.theirs.rows[sheet], *self.keys.values()}
        while f"{day}/{number}" in taken:
            number += 1
        return f"{day}/{number}"

    def lines_of(self, pack_id: str) -> list[PrintedLine]:
        """Return the rows that a pack of the fork printed, with their keys here."""
        return [
            printed_line(
                line.sheet, line.token, self.keys.get((line.sheet, line.row_key), line.row_key), line.cells
            )
            for line in self.theirs.store.printed(self.theirs.packs[pack_id].entry)
            if line.cells is not None and (line.sheet, line.row_key) not in self.erased_rows
        ]

    def add_what_hangs_on(self, entry: Entry, added: Entry) -> None:
        """Add the rows of a pack and the sheets of a file, which stand in tables of their own."""
        if entry.kind == "pack":
            self.ledger.store.add_printed(added.entry, self.lines[json.loads(entry.value)["pack_id"]])
        if entry.kind == "reading" and added.raw:
            self.ledger.store.add_content(added.entry, self.theirs.store.content(entry.entry))


def _log(taking: TakingOver, draft: Draft) -> Draft | None:
    # What our own log says now is for the next reading of it to tell: it has not changed because another machine read it.
    is_new = draft.col and taking.ledger.logged.get((draft.sheet, draft.row_key, draft.col)) != draft.value
    return replace(draft, kind="other log") if is_new else None


def _row(taking: TakingOver, draft: Draft) -> Draft | None:
    return None if draft.row_key in taking.ledger.rows[draft.sheet] else draft


def _pack(taking: TakingOver, draft: Draft) -> Draft | None:
    told = json.loads(draft.value)
    if told["pack_id"] in taking.ledger.packs:
        return None
    lines = taking.lines[told["pack_id"]] = taking.lines_of(told["pack_id"])
    value = canonical(told | {"basis": min(told["basis"], taking.shared)})
    return replace(draft, value=value, raw=printed_digest(lines))


def _reading(taking: TakingOver, draft: Draft) -> Draft:
    # The other machine's file at a path need not be ours, so it has a line of its own from here on.
    told = json.loads(draft.value)
    # The sheets of a file hold rows about everybody.
    is_kept = draft.raw in taking.theirs.store.contents_kept() and not taking.erased.tombs
    line, path = taking.numbers.get(told["line"], 0), f"{taking.name}: {told['path']}"
    value = canonical(told | {"line": line, "path": path})
    return replace(draft, value=value, raw=draft.raw if is_kept else None)


def _held(taking: TakingOver, draft: Draft) -> Draft:
    told = json.loads(draft.value)
    moved = {name: sorted(map(taking.number_of, told[name])) for name in ("held", "over", "cleared", "kept")}
    added = {
        sheet: {token: taking.keys.get((sheet, key), key) for token, key in tokens.items()}
        for sheet, tokens in told["added"].items()
    }
    return replace(draft, value=canonical(moved | {"added": added}))


def _back(taking: TakingOver, draft: Draft) -> Draft:
    return replace(draft, value=str(taking.number_of(int(draft.value))))


def _published(taking: TakingOver, draft: Draft) -> Draft | None:
    told, known = json.loads(draft.value), [json.loads(entry.value) for entry in taking.ledger.published]
    report = itemgetter(*REPORT)
    records = [each["record"] for each in known if report(each) == report(told)]
    if told["record"] in records:
        return None
    return replace(draft, value=canonical(told | {"version": len(records) + 1}))


def _told(taking: TakingOver, draft: Draft) -> Draft | None:
    return None if Notice(**json.loads(draft.value)) in taking.ledger.told else draft


def _as_it_is(taking: TakingOver, draft: Draft) -> Draft:  # noqa: ARG001 - one of the translations by kind
    return draft


TRANSLATED: dict[str, Callable[[TakingOver, Draft], Draft | None]] = {
    "log": _log,
    "other log": _log,
    "row": _row,
    "pack": _pack,
    "reading": _reading,
    "held": _held,
    "told": _told,
    "back": _back,
    "published": _published,
    **dict.fromkeys(("set", "past", "extra", "unread", "row missing", "tombstone"), _as_it_is),
}
