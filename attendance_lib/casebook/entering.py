"""Entering what a file says: new words as statements, words it holds no longer as typed over or taken back."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from attendance_lib.casebook.chain import Draft, Entry
from attendance_lib.casebook.ledger import CellPlace, Heard, Ledger, Pack, Reading
from attendance_lib.casebook.sheets import PrintedSheet, canonical
from attendance_lib.casebook.state import Notice

ACTIONS = "actions"


@dataclass(frozen=True)
class Entering:
    """Enters what one file says into the casebook."""

    ledger: Ledger
    pack: Pack
    reading: Reading
    heard: Heard
    tell: Callable[[Notice], None]

    def enter(self) -> None:
        """Enter what is new, and what the file no longer holds.

        Notes
        -----
        A word is taken as typed over only where the file still holds another word that it held before, and does not say just
        what another file said: else another copy may have been saved over it, and its writer took nothing back.
        """
        before = self.held_before
        is_other_copy = self.says_what_another_said()
        here = any(map(self.is_here, before))
        gone = list(filter(self.is_gone, before))
        held = list(map(self.entered, self.drafts))
        kept = [entry for entry in before if entry.kind == "set" and entry not in [*gone, *held]]
        over = gone if here and not is_other_copy else []
        cleared = [self.entered(self.clearing(entry)) for entry in self.as_printed_again(over)]
        for entry in [] if over else self.as_printed_again(gone):
            self.take_back(entry)
        self.note_held(held, over, cleared, kept)
        self.note_missing_rows()

    @cached_property
    def held_before(self) -> list[Entry]:
        """What this file held when it was last read."""
        return [self.ledger.entries[number] for number in sorted(self.ledger.present[self.reading.line])]

    @cached_property
    def values(self) -> dict[CellPlace, set[str]]:
        """All that the file says of each cell, as printed too."""
        found = defaultdict(set)
        for said in self.heard.said:
            found[said.cell].add(said.value)
        return dict(found)

    @cached_property
    def typed(self) -> dict[CellPlace, set[str]]:
        """What the file says of each cell that is not as printed."""
        found = defaultdict(set)
        for said in self.heard.said:
            if not said.is_as_printed:
                found[said.cell].add(said.value)
        return dict(found)

    @cached_property
    def drafts(self) -> list[Draft]:
        """Every word of the file as a draft, each once."""
        words = [
            Draft(
                "set", *said.cell, value=said.value, base=said.printed,
                raw=said.raw if said.raw != said.value else None, basis=self.pack.basis, reading=self.reading.entry,
            )
            for said in self.heard.said
            if not said.is_as_printed
        ]  # fmt: skip
        return list({self.name_of(draft): draft for draft in [*words, *self.heard.extra]}.values())

    def name_of(self, draft: Draft) -> tuple:
        """Return what makes two statements the same one: the pack, the cell and the words."""
        return draft.kind, self.pack.pack_id, (draft.sheet, draft.row_key, draft.col), draft.value

    def entered(self, draft: Draft) -> Entry:
        """Return the entry of a statement, added unless a file of this pack said the same before."""
        return self.ledger.said.get(self.name_of(draft)) or self.ledger.add(draft)

    def says_what_another_said(self) -> bool:
        """Whether the file says just what the print does, or what another file of the pack did when it was read."""
        found = [self.ledger.said.get(self.name_of(draft)) for draft in self.drafts]
        if None in found:
            return False
        words = frozenset(entry.entry for entry in found)
        others = {said for line, said in self.ledger.heard[self.pack.pack_id] if line != self.reading.line}
        return not words or words in others

    def is_here(self, entry: Entry) -> bool:
        """Whether the file still holds a word, where it is none that the print has too."""
        if entry.kind == "set":
            return entry.value in self.typed.get(entry.cell, ())
        return (entry.kind, self.pack.pack_id, entry.cell, entry.value) in set(
            map(self.name_of, self.heard.extra)
        )

    def is_gone(self, entry: Entry) -> bool:
        """Whether the file says something else of a word's cell; a cell that is not there or cannot be read says nothing."""
        return (
            entry.kind == "set" and entry.cell in self.values and entry.value not in self.values[entry.cell]
        )

    def as_printed_again(self, gone: list[Entry]) -> list[Entry]:
        """Return those words in whose place the file has nothing but what was printed."""
        return [entry for entry in gone if not self.typed.get(entry.cell)]

    def clearing(self, entry: Entry) -> Draft:
        """Return the statement that a cell shall be again as it was printed."""
        printed = next(said.printed for said in self.heard.said if said.cell == entry.cell)
        return Draft(
            "set",
            *entry.cell,
            value=printed,
            base=entry.value,
            basis=self.pack.basis,
            reading=self.reading.entry,
        )

    def take_back(self, entry: Entry) -> None:
        """Note, and tell, that a word is in its file no more though nobody is known to have taken it back: it stays."""
        if ("back", self.reading.line, entry.cell, str(entry.entry)) not in self.ledger.done:
            self.ledger.add(Draft("back", *entry.cell, value=str(entry.entry), reading=self.reading.entry))
            what = "what was written here was taken back, or another copy was saved over it; it stays"
            remedy = "To take it back, write in this cell of the next pack."
            self.tell(
                Notice(
                    self.reading.path, what, remedy, entry.sheet, "", entry.col, entry.value, entry.row_key
                )
            )

    def note_held(
        self, held: list[Entry], over: list[Entry], cleared: list[Entry], kept: list[Entry]
    ) -> None:
        """Note which words the file holds, which are typed over or cleared, which it cannot tell of, and its rows' keys."""
        lists = {"held": held, "over": over, "cleared": cleared, "kept": kept}
        told = {name: sorted({entry.entry for entry in entries}) for name, entries in lists.items()}
        if self.held_before or self.heard.added or any(told.values()):
            value = canonical(told | {"added": self.heard.added})
            self.ledger.add(Draft("held", value=value, reading=self.reading.entry))

    def note_missing_rows(self) -> None:
        """Note, and tell, which rows of the pack, or that the file held before, are in it no more."""
        for sheet in self.heard.sheets:
            new = [key for key in self.missing_rows(sheet) if not self.is_noted_missing(sheet.name, key)]
            for key in new:
                self.ledger.add(Draft("row missing", sheet.name, key, reading=self.reading.entry))
            if new:
                what = f"these rows are not in the file: {', '.join(new)}; they stay, with all that was said of them"
                remedy = "To close an action, write its status." if sheet.name == ACTIONS else ""
                self.tell(Notice(self.reading.path, what, remedy, sheet.name))

    def missing_rows(self, sheet: PrintedSheet) -> list[str]:
        """Return the keys of the rows that the pack printed, or the file held before, and that are not in the file."""
        said = [entry for entry in self.held_before if entry.sheet == sheet.name and entry.kind == "set"]
        expected = dict.fromkeys([*sheet.by_key, *(entry.row_key for entry in said)])
        return [key for key in expected if (sheet.name, key) not in self.heard.rows]

    def is_noted_missing(self, sheet: str, key: str) -> bool:
        """Whether an earlier reading of the file lacked the row too, and staff know."""
        return ("row missing", self.reading.line, (sheet, key, ""), "") in self.ledger.done
