"""Taking in: what the log and the files that came back say that was not said before, each word as an entry."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from attendance_lib.casebook.chain import Draft, Entry, packed, printed_digest, printed_line
from attendance_lib.casebook.erasing import erased_in
from attendance_lib.casebook.hearing import Listener
from attendance_lib.casebook.ledger import QUIET, CellPlace, Heard, Ledger, Pack, Reading, RowNote, sheet_text
from attendance_lib.casebook.matching import find_columns, find_sheet
from attendance_lib.casebook.sheets import (
    LogSheet,
    PrintedPack,
    PrintedSheet,
    ReturnedFile,
    ReturnedSheet,
    canonical,
    file_path,
    part_path,
)
from attendance_lib.casebook.spelling import plain_meaning, written
from attendance_lib.casebook.state import Notice

TOKEN = re.compile(r"(pk[0-9a-f]+)/\S+")
ACTIONS = "actions"


def remedy_of_gone(sheet: str) -> str:
    """Return what to do about rows of a sheet that are gone: an action is closed by its status, not by taking its row away.

    Examples
    --------
    >>> remedy_of_gone("actions"), remedy_of_gone("plans")
    ('To close an action, write its status.', '')
    """
    return "To close an action, write its status." if sheet == ACTIONS else ""


# What one file says: new words as statements, words it holds no longer as typed over or taken back


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
        """What the file says of each cell that is not as printed.

        Examples
        --------
        >>> from attendance_lib.casebook.ledger import Said
        >>> cells = {"note": ("rang", ""), "status": ("open", "open")}  # what stands there, and what was printed
        >>> said = [Said(("actions", "A1", name), *[now] * 2, was, is_as_printed=now == was) for name, (now, was) in cells.items()]
        >>> Entering(None, None, None, Heard(said), None).typed
        {('actions', 'A1', 'note'): {'rang'}}
        """
        found = defaultdict(set)
        for said in self.heard.said:
            if not said.is_as_printed:
                found[said.cell].add(said.value)
        return dict(found)

    @cached_property
    def drafts(self) -> list[Draft]:
        """Every word of the file as a draft, each once.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> from attendance_lib.casebook.ledger import Said
        >>> pack, reading = SimpleNamespace(pack_id="pk1", basis=0), SimpleNamespace(entry=7)
        >>> twice = [Said(("actions", "A1", "note"), "rang", "rang", "", is_as_printed=False)] * 2  # in a row and its copy
        >>> [(draft.base, draft.value) for draft in Entering(None, pack, reading, Heard(twice), None).drafts]
        [('', 'rang')]
        """
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
        """Whether the file says just what the print does, or what another file of the pack did when it was read.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> from attendance_lib.casebook.chain import empty_store
        >>> from attendance_lib.casebook.ledger import Said
        >>> pack, reading = SimpleNamespace(pack_id="pk1", basis=0), SimpleNamespace(entry=7, line=7)
        >>> words = [Said(("actions", "A1", "note"), "rang", "rang", "", is_as_printed=False)]
        >>> found = [Entering(Ledger(empty_store("990001")), pack, reading, Heard(said), None) for said in ([], words)]
        >>> [each.says_what_another_said() for each in found]
        [True, False]
        """
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
        """Whether the file says something else of a word's cell; a cell that is not there or cannot be read says nothing.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> from attendance_lib.casebook.ledger import Said
        >>> said = [Said(("actions", "A1", "note"), "wrote", "wrote", "", is_as_printed=False)]
        >>> before = [empty_store("990001").add(Draft("set", "actions", "A1", name, "rang")) for name in ("note", "owner")]
        >>> [Entering(None, None, None, Heard(said), None).is_gone(entry) for entry in before]  # the other's cell is not there
        [True, False]
        """
        return (
            entry.kind == "set" and entry.cell in self.values and entry.value not in self.values[entry.cell]
        )

    def as_printed_again(self, gone: list[Entry]) -> list[Entry]:
        """Return those words in whose place the file has nothing but what was printed."""
        return [entry for entry in gone if not self.typed.get(entry.cell)]

    def clearing(self, entry: Entry) -> Draft:
        """Return the statement that a cell shall be again as it was printed.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> from attendance_lib.casebook.chain import empty_store
        >>> from attendance_lib.casebook.ledger import Said
        >>> again = Heard([Said(("actions", "A1", "status"), "open", "open", "open", is_as_printed=True)])
        >>> before = empty_store("990001").add(Draft("set", "actions", "A1", "status", "done"))
        >>> draft = Entering(None, SimpleNamespace(basis=0), SimpleNamespace(entry=7), again, None).clearing(before)
        >>> draft.base, draft.value
        ('done', 'open')
        """
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
        if any((self.held_before, self.heard.added, *told.values())):
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
                self.tell(Notice(self.reading.path, what, remedy_of_gone(sheet.name), sheet.name))

    def missing_rows(self, sheet: PrintedSheet) -> list[str]:
        """Return the keys of the rows that the pack printed, or the file held before, and that are not in the file.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> from attendance_lib.casebook.chain import empty_store
        >>> from attendance_lib.casebook.sheets import PrintedRow
        >>> heard, reading = Heard(rows={("actions", "A1")}), SimpleNamespace(line=1)
        >>> rows = tuple(PrintedRow("", key, ()) for key in ("A1", "A2", ""))  # and a blank one, for filling in
        >>> entering = Entering(Ledger(empty_store("990001")), None, reading, heard, None)
        >>> entering.missing_rows(PrintedSheet("actions", (), rows, "action_id"))
        ['A2']
        """
        said = (each.row_key for each in self.held_before if (each.sheet, each.kind) == (sheet.name, "set"))
        expected = dict.fromkeys([*sheet.by_key, *said])
        return [key for key in expected if (sheet.name, key) not in self.heard.rows]

    def is_noted_missing(self, sheet: str, key: str) -> bool:
        """Whether an earlier reading of the file lacked the row too, and staff know."""
        return ("row missing", self.reading.line, (sheet, key, ""), "") in self.ledger.done


# The log, the files and the packs


class TakeIn:
    """One take-in: ``ledger`` is added to; ``told`` and ``readings`` are what came of it.

    ``present`` are the paths of all files that are there now.
    """

    def __init__(self, ledger: Ledger, urns: tuple[str, ...], present: Iterable[str]) -> None:
        self.ledger, self.urns, self.present = ledger, urns, set(present)
        self.told: list[Notice] = []
        self.readings: list[Reading] = []
        self.erased = erased_in(ledger)

    def tell(self, notice: Notice) -> None:
        """Tell staff something, once: it is kept among the entries.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> taking = TakeIn(Ledger(empty_store("990001")), ("990001",), ())
        >>> for _ in range(2):
        ...     taking.tell(Notice("p1/a.xlsx", "this sheet is none of the pack's"))
        >>> len(taking.told)
        1
        """
        if notice not in self.ledger.told:
            cell = (notice.sheet, notice.row_key, notice.column)
            self.ledger.add(Draft("told", *cell, value=canonical(asdict(notice))))
            self.told.append(notice)

    # The log

    def take_logs(self, logs: Iterable[LogSheet], *, is_quiet: bool = False) -> None:
        """Take in what logs say that they did not the last time; quietly what was printed, or explained, before the casebook.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> from attendance_lib.casebook.sheets import PrintedColumn
        >>> taking = TakeIn(Ledger(empty_store("990001")), ("990001",), ())
        >>> for note in ("rang", "rang", "wrote"):  # the second time there is nothing new
        ...     taking.take_logs([LogSheet("actions", (PrintedColumn("note", "Note"),), {"A1": {"note": note}})])
        >>> [entry.value for entry in taking.ledger.statements["actions", "A1", "note"]]
        ['rang', 'wrote']
        """
        basis = self.ledger.basis
        for log in map(self.erased.without_in_log, logs):
            before = len(self.ledger.entries)
            for key in sorted(log.rows):
                self.take_log_row(log, key, basis, is_quiet=is_quiet)
            self.note_gone(log, basis)
            if len(self.ledger.entries) > before:
                self.note_log(log)

    def take_guess(self, pack: PrintedPack, logs: Iterable[LogSheet]) -> None:
        """Take in what logs must have said for an old pack to print what nothing else explains."""
        asked, basis = {log.name: {column.name for column in log.columns} for log in logs}, self.ledger.basis
        for sheet in pack.sheets:
            names = asked.get(sheet.name) or {column.name for column in sheet.columns if column.is_editable}
            self.guess_sheet(sheet, names, basis)

    def guess_sheet(self, sheet: PrintedSheet, names: set[str], basis: int) -> None:
        """Take in what the log must have said in some columns of the rows of a printed sheet."""
        for row, texts in zip(sheet.rows, printed_texts(sheet), strict=True):
            if row.key:
                said = {column.name: text for column, text in zip(sheet.columns, texts, strict=True)}
                self.note_row(sheet.name, row.key, said.get(sheet.about, ""))
                self.guess_row(sheet.name, row.key, {name: said[name] for name in names & said.keys()}, basis)

    def guess_row(self, sheet: str, key: str, printed: Mapping[str, str], basis: int) -> None:
        """Take in what the log must have said of a row.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> taking = TakeIn(Ledger(empty_store("990001")), ("990001",), ())
        >>> said = taking.ledger.add(Draft("set", "actions", "A1", "note", "rang"))  # a workbook explains the note
        >>> taking.guess_row("actions", "A1", {"note": "rang", "owner": "Ms Okafor"}, basis=0)
        >>> taking.ledger.logged
        {('actions', 'A1', 'owner'): 'Ms Okafor'}
        """
        for name, text in sorted(printed.items()):
            cell = (sheet, key, name)
            logged = self.ledger.logged.get(cell, "")
            if text != logged and text not in self.ledger.ever_said(cell):
                self.ledger.add(Draft("log", *cell, value=text, base=logged, basis=basis))

    def note_row(self, sheet: str, key: str, about: str) -> None:
        """Note that a log has a row, the first time."""
        if key not in self.ledger.rows[sheet]:
            self.ledger.add(Draft("row", sheet, key, value=canonical(asdict(RowNote("log", "", about, "")))))

    def take_log_row(self, log: LogSheet, key: str, basis: int, *, is_quiet: bool) -> None:
        """Take in a row of a log."""
        ledger, row = self.ledger, log.rows[key]
        self.note_row(log.name, key, written(row.get(log.about)))
        if not ledger.in_log[log.name].get(key):
            ledger.add(Draft("log", log.name, key, value="present", basis=basis))
        for column in log.columns:
            cell = (log.name, key, column.name)
            value, logged = plain_meaning(row.get(column.name), column), ledger.logged.get(cell, "")
            explained = is_quiet and self.is_explained(cell, value)
            if value != logged:
                ledger.add(Draft("log", *cell, value=value, base=logged, basis=QUIET if explained else basis))

    def is_explained(self, cell: CellPlace, value: str) -> bool:
        """Whether a log says what was printed last, what a workbook said before, or nothing: words it never had are no change.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> taking = TakeIn(Ledger(empty_store("990001")), ("990001",), ())
        >>> said = taking.ledger.add(Draft("set", "actions", "A1", "note", "rang"))
        >>> [taking.is_explained(said.cell, value) for value in ("", "rang", "wrote")]
        [True, True, False]
        """
        sheet, row_key, column = cell
        prints = [pack.sheets[sheet] for pack in self.ledger.packs.values() if sheet in pack.sheets]
        last = [each.text(each.by_key[row_key], column) for each in prints if row_key in each.by_key][-1:]
        return value in ("", *last) or value in self.ledger.ever_said(cell)

    def note_gone(self, log: LogSheet, basis: int) -> None:
        """Note, and tell, which rows a log no longer has.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> taking = TakeIn(Ledger(empty_store("990001")), ("990001",), ())
        >>> taking.ledger.in_log["actions"]["A1"] = True
        >>> taking.note_gone(LogSheet("actions", (), {}), basis=0)
        >>> [(notice.what, notice.remedy) for notice in taking.told]
        [('the log no longer has A1; all that was said of them stays', 'To close an action, write its status.')]
        """
        in_log = self.ledger.in_log[log.name]
        gone = [key for key, is_there in in_log.items() if is_there and key not in log.rows]
        for key in gone:
            self.ledger.add(Draft("log", log.name, key, value="gone", basis=basis))
        if gone:
            what = f"the log no longer has {', '.join(gone)}; all that was said of them stays"
            self.tell(Notice("", what, remedy_of_gone(log.name), log.name))

    def note_log(self, log: LogSheet) -> None:
        """Note what a log said as a whole, and tell if it is again as it was before the last time.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> from attendance_lib.casebook.sheets import PrintedColumn
        >>> taking = TakeIn(Ledger(empty_store("990001")), ("990001",), ())
        >>> for note in ("rang", "wrote", "rang"):
        ...     taking.note_log(LogSheet("actions", (PrintedColumn("note", "Note"),), {"A1": {"note": note}}))
        >>> [notice.what for notice in taking.told]
        ['the log is again as it was before; what it says now counts as its newest words']
        """
        said = [
            (key, column.name, plain_meaning(row.get(column.name), column))
            for key, row in sorted(log.rows.items())
            for column in log.columns
        ]
        digest = hashlib.sha256(canonical(said).encode()).hexdigest()
        if digest in self.ledger.logs[log.name]:
            what = "the log is again as it was before; what it says now counts as its newest words"
            remedy = "If an older export was put in its place, put the newest there and run this again."
            self.tell(Notice("", what, remedy, log.name, value=str(len(self.ledger.logs[log.name]))))
        self.ledger.add(Draft("log read", log.name, value=digest))

    # Files

    def take_files(self, files: Iterable[ReturnedFile]) -> None:
        """Take in files, the one changed first first."""
        for file in sorted(files, key=lambda each: (each.changed_at, each.path)):
            # Only the last reading counts: an older version put back at its path is another file than was read last.
            if self.ledger.last_hashes.get(file.path) == file.sha256:
                continue
            if refusal := self.refusal_of(file):
                self.told.append(refusal)
                continue
            for part in self.parts_of(file):
                self.take_file(part)

    def refusal_of(self, file: ReturnedFile) -> Notice | None:
        """Return why a file is not read, and what to do about it; None if it is read.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> taking = TakeIn(Ledger(empty_store("990001")), ("990001",), ())
        >>> taking.refusal_of(ReturnedFile("p1/a.xlsx", "5a1f", (), urn="990002")).what
        'this is a workbook of the school with URN 990002, not of 990001, and was not read'
        >>> taking.refusal_of(ReturnedFile("p1/a.xlsx", "", (), problem="cannot be read (Permission denied)")).what
        'cannot be read (Permission denied); nothing in it was read now'
        """
        if not file.sha256:
            remedy = "Close it in other programs, let it sync, then run this again."
            return Notice(file.path, f"{file.problem}; nothing in it was read now", remedy)
        if file.urn and file.urn not in self.urns:
            what = f"this is a workbook of the school with URN {file.urn}, not of {self.urns[0]}, and was not read"
            return Notice(file.path, what, "Move it to that school's folder.")
        return None

    def parts_of(self, file: ReturnedFile) -> Iterator[ReturnedFile]:
        """Yield a file without the sheets that belong to another pack than the rest of it, and each of those for itself.

        Somebody kept last time's table beside this one's: what it says was said on last time's print.
        """
        pack_id, _ = identify(file, self.ledger.packs)
        others = [sheet for sheet in file.sheets if elected([sheet], self.ledger.packs) not in {"", pack_id}]
        yield (
            replace(file, sheets=tuple(sheet for sheet in file.sheets if sheet not in others))
            if others
            else file
        )
        yield from (
            replace(file, path=part_path(file.path, each.name), sheets=(each,), strays=()) for each in others
        )

    def take_file(self, whole: ReturnedFile) -> None:
        """Take in what a file says that was not said before, leaving out rows about anybody erased."""
        file = self.erased.without(whole)
        if file is not whole and file.sheets != whole.sheets:
            what = "rows about somebody whose entries were erased are in this file; they were not read"
            self.tell(Notice(file.path, what, "Delete them there."))
        pack_id, known_by = identify(file, self.ledger.packs)
        reading = self.add_reading(file, pack_id, known_by)
        self.readings.append(reading)
        if pack_id:
            pack = self.ledger.packs[pack_id]
            heard = Listener(self.ledger, file, pack, reading, self.tell, self.is_gone).hear()
            Entering(self.ledger, pack, reading, heard, self.tell).enter()
        elif file.problem:
            self.tell(Notice(file.path, file.problem.removesuffix("."), value=file.sha256))
        else:
            what = "this file belongs to no pack that is known here; it is kept, and nothing is done with it"
            remedy = "If it was filled in, copy what was written into the last pack's workbook."
            self.tell(Notice(file.path, what, remedy))

    def add_reading(
        self, file: ReturnedFile, pack_id: str, known_by: str, *, is_registered: bool = False
    ) -> Reading:
        """Add the reading of a file; its sheets are kept whole unless just these were read before."""
        content = content_of(file)
        is_kept = not is_registered and all(reading.content != content for reading in self.ledger.readings)
        kept = packed(canonical(file.sheets)) if is_kept else None
        line = 0 if is_registered else self.line_of(file.path, pack_id, content)
        told = {
            "path": file.path, "sha256": file.sha256, "pack_id": pack_id, "known_by": known_by, "content": content,
            "line": line, "said_by": file.said_by, "said_at": file.said_at, "program": file.program,
            "is_registered": is_registered,
        }  # fmt: skip
        entry = self.ledger.add(Draft("reading", value=canonical(told), raw=kept[-1] if kept else None))
        if kept:
            self.ledger.store.add_content(entry.entry, kept)
        return self.ledger.by_entry[entry.entry]

    def line_of(self, path: str, pack_id: str, content: str) -> int:
        """Return the line of readings that a file continues: its path's, or that of a file gone with equal content."""
        if not pack_id:
            return 0
        last = self.ledger.last_of_pack_at(path)
        lasts = {reading.line: reading for reading in self.ledger.of_pack(pack_id)}
        if (
            last is not None
            and last.pack_id == pack_id
            and not self.went_on_elsewhere(lasts[last.line], path)
        ):
            return last.line
        free = [line for line, each in lasts.items() if each.content == content and self.is_gone(each)]
        return min(free, default=0)

    def went_on_elsewhere(self, last: Reading, path: str) -> bool:
        """Whether a line's last reading is of another file that is there: one gone for a while is back beside its copy.

        Examples
        --------
        >>> from attendance_lib.casebook.chain import empty_store
        >>> taking = TakeIn(Ledger(empty_store("990001")), ("990001",), present=["p1/copy.xlsx"])
        >>> last = Reading(1, 1, 1, "p1/copy.xlsx", "", "pk1", "tokens", "")
        >>> [taking.went_on_elsewhere(last, path) for path in ("p1/a.xlsx", "p1/copy.xlsx")]
        [True, False]
        """
        return last.path != path and file_path(last.path) in self.present

    def is_gone(self, reading: Reading) -> bool:
        """Whether a file is no longer where it was read: its path is empty, or holds another."""
        last = self.ledger.last_of_pack_at(reading.path)
        return file_path(reading.path) not in self.present or last.line != reading.line

    # Packs

    def register(self, pack: PrintedPack, path: str, sha256: str, basis: int) -> Reading:
        """Register what a pack prints, unless it is known, and the fresh file at its path: a new line begins there.

        ``basis`` is what was known here when it was made, whatever the pack itself says.
        """
        if pack.pack_id not in self.ledger.packs:
            self.add_pack(pack, basis)
        fresh = ReturnedFile(path, sha256, ())
        return self.add_reading(fresh, pack.pack_id, "registered", is_registered=True)

    def add_pack(self, pack: PrintedPack, basis: int) -> None:
        """Add a pack with its rows as canonical text."""
        told = {
            "pack_id": pack.pack_id, "basis": basis, "report": pack.report, "date_from": pack.date_from,
            "date_to": pack.date_to, "cohort": pack.cohort, "content": pack.values, "sheets": sheet_text(pack.sheets),
        }  # fmt: skip
        lines = [
            printed_line(sheet.name, row.token, row.key, canonical(texts))
            for sheet in pack.sheets
            for row, texts in zip(sheet.rows, printed_texts(sheet), strict=True)
        ]
        entry = self.ledger.add(Draft("pack", value=canonical(told), raw=printed_digest(lines)))
        self.ledger.store.add_printed(entry.entry, lines)


def printed_texts(sheet: PrintedSheet) -> list[list[str]]:
    """Return the rows of a printed sheet as canonical text.

    Examples
    --------
    >>> from datetime import date
    >>> from attendance_lib.casebook.sheets import Kind, PrintedColumn, PrintedRow
    >>> columns = (PrintedColumn("action_id", "No"), PrintedColumn("due_date", "Due", Kind.DATE))
    >>> printed_texts(PrintedSheet("actions", columns, (PrintedRow("001", "A1", ("A1", date(2026, 11, 20))),), "action_id"))
    [['A1', '2026-11-20']]
    """
    return [
        [plain_meaning(cell, column) for cell, column in zip(row.cells, sheet.columns, strict=True)]
        for row in sheet.rows
    ]


def identify(file: ReturnedFile, packs: dict[str, Pack]) -> tuple[str, str]:
    """Return the pack that a file is of, and how that is known: by tokens, by what it says of itself, or by keys and cells.

    Examples
    --------
    >>> identify(ReturnedFile("a.xlsx", "", (), pack_ids=("pk9", "pk1")), {"pk1": None})  # the first of its marks that is known
    ('pk1', 'heading or properties')
    >>> identify(ReturnedFile("a.xlsx", "", ()), {})
    ('', '')
    """
    if voted := elected(file.sheets, packs):
        return voted, "tokens"
    said = [pack_id for pack_id in file.pack_ids if pack_id in packs]
    if said:
        return said[0], "heading or properties"
    alike = {pack_id: cells_alike(file, pack) for pack_id, pack in packs.items()}
    best = max(alike, key=lambda pack_id: (alike[pack_id], packs[pack_id].entry), default="")
    return (best, "row keys") if best and alike[best] else ("", "")


def elected(sheets: Iterable[ReturnedSheet], packs: dict[str, Pack]) -> str:
    """Return the pack, of those known, of which most rows bear tokens, of two alike the newer; empty if none does.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.casebook.sheets import ReturnedRow
    >>> rows = tuple(ReturnedRow(at, f"{pack}/00{at}", ()) for at, pack in enumerate(("pk1", "pk2", "pk2", "pk3", "pk3", "pk3")))
    >>> known = {pack: SimpleNamespace(entry=entry) for entry, pack in enumerate(("pk1", "pk2"))}
    >>> elected([ReturnedSheet("actions", (), rows)], known)  # pk3 is no pack that is known
    'pk2'
    """
    votes = Counter(
        match[1]
        for sheet in sheets
        for row in sheet.rows
        if (match := TOKEN.fullmatch(row.token.strip())) and match[1] in packs
    )
    return max(votes, key=lambda pack_id: (votes[pack_id], packs[pack_id].entry), default="")


def cells_alike(file: ReturnedFile, pack: Pack) -> int:
    """Count the cells of a file, in rows that bear a key of a pack, that are as the pack printed them: its keys too.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.casebook.sheets import PrintedColumn, PrintedRow, ReturnedRow
    >>> columns = (PrintedColumn("action_id", "No"), PrintedColumn("note", "Note"))
    >>> printed = PrintedSheet("actions", columns, (PrintedRow("001", "A1", ("A1", "rang")),), "action_id")
    >>> sheet = ReturnedSheet("actions", ("No", "Note"), tuple(ReturnedRow(2, "", (key, "rang")) for key in ("A1", "A2")))
    >>> cells_alike(ReturnedFile("a.csv", "", (sheet,)), SimpleNamespace(sheets={"actions": printed}))  # it printed no A2
    2
    """
    sheets = ((sheet, find_sheet(sheet, pack.sheets)) for sheet in file.sheets)
    return sum(_cells_alike_on(sheet, printed) for sheet, printed in sheets if printed)


def _cells_alike_on(sheet: ReturnedSheet, printed: PrintedSheet) -> int:
    """Count the cells of one sheet that are as the pack printed it."""
    places = find_columns(sheet, printed).positions
    if printed.key not in places:
        return 0
    rows = ((row, printed.by_key.get(written(row.cells[places[printed.key]]))) for row in sheet.rows)
    return sum(
        plain_meaning(row.cells[at], printed.by_name[name]) == printed.text(before, name)
        for row, before in rows
        if before
        for name, at in places.items()
    )


def content_of(file: ReturnedFile) -> str:
    """Return a hash of what a file holds, whatever the order of its rows.

    Examples
    --------
    >>> from attendance_lib.casebook.sheets import ReturnedRow
    >>> rows = (ReturnedRow(2, "", ("A1", "rang")), ReturnedRow(3, "", ("A2", "")))
    >>> sheets = (ReturnedSheet("actions", ("No", "Note"), each) for each in (rows, rows[::-1]))
    >>> one, sorted_otherwise = (content_of(ReturnedFile("a.csv", "", (sheet,))) for sheet in sheets)
    >>> one == sorted_otherwise
    True
    """
    held = sorted(
        canonical(
            [sheet.name, sheet.headings, sorted([row.token, *map(written, row.cells)] for row in sheet.rows)]
        )
        for sheet in file.sheets
    )
    return hashlib.sha256(canonical([held, [stray.text for stray in file.strays]]).encode()).hexdigest()
