"""The casebook of one school: every way in and out of it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path

from attendance_lib.casebook.chain import Draft, Store
from attendance_lib.casebook.disk import BookFile
from attendance_lib.casebook.erasing import Erasure, erase, erased_in
from attendance_lib.casebook.forks import take_over
from attendance_lib.casebook.ledger import Ledger
from attendance_lib.casebook.rule import state_of
from attendance_lib.casebook.sheets import LogSheet, PrintedPack, ReturnedFile, canonical
from attendance_lib.casebook.state import Notice, State
from attendance_lib.casebook.take_in import TakeIn
from attendance_lib.errors import CasebookError, counted

# All of a casebook as tables, for people to read and to keep where no program of ours is

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
    """Yield every table of a casebook: its name, columns and rows. Place 1 of the values is the one shown.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> [name for name, _, rows in tables_of(empty_store("990001"))]
    ['revisions', 'values', 'entries', 'packs', 'printed', 'readings', 'notices']
    """
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


@dataclass(frozen=True)
class Known:
    """A revision that a receipt names: its number, its head, and which receipt."""

    revision: int
    head: str
    where: str


@dataclass(frozen=True)
class Found:
    """What a run found: files that may hold words, logs, and the paths of files that are there but need no reading again.

    ``packs`` are those that the casebook does not know, in the order in which they were made: all where it begins, and those made
    with it where an older copy of it was put back.
    """

    files: tuple[ReturnedFile, ...] = ()
    logs: tuple[LogSheet, ...] = ()
    present: tuple[str, ...] = ()
    packs: tuple["OldPack", ...] = ()


@dataclass(frozen=True)
class OldPack:
    """A pack that the casebook does not know: its print, and every file that may have been filled in from it."""

    pack: PrintedPack
    path: str
    sha256: str
    files: tuple[ReturnedFile, ...]


@dataclass(frozen=True)
class ReadingTold:
    """One file that was read: for the receipt."""

    path: str
    sha256: str
    pack_id: str
    known_by: str
    statements: int


@dataclass(frozen=True)
class TakenIn:
    """What a take-in found: the revision after it, the files read, and what staff are told."""

    revision: int
    head: str
    entries: int
    readings: tuple[ReadingTold, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Published:
    """What a report that left the school told.

    ``record`` is the text of its record, byte for byte, and ``name`` that of its file among all that were published: its number
    and its hash. ``version`` counts the makings of one report (from 1). The days and the cohort are empty where only the record
    was at hand.
    """

    report: str
    date_from: str
    date_to: str
    cohort: str
    record: str
    name: str = ""
    version: int = 0

    @property
    def report_key(self) -> tuple[str, str, str, str]:
        """What makes two records versions of one report.

        Examples
        --------
        >>> Published("governors", "2026-09-03", "2026-10-23", "all", "{}", version=2).report_key
        ('governors', '2026-09-03', '2026-10-23', 'all')
        """
        return self.report, self.date_from, self.date_to, self.cohort


@dataclass(frozen=True)
class ExportedTable:
    """One table of the casebook as it is exported: its columns, and rows of text, numbers and None."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | None, ...], ...]


@dataclass(frozen=True)
class Casebook:
    """The casebook of the school with a URN, kept in one file; ``formerly`` are its earlier URNs.

    ``others`` are casebooks that were begun under another name or number of the school: what they hold is taken over.

    Every method raises CasebookError, with the remedy, if the file is damaged, of another school or of a newer version; those
    that change it also if it cannot be written (it is then as it was), and HeldError if another run holds it for a minute.
    """

    path: Path
    urn: str
    formerly: tuple[str, ...] = ()
    others: tuple[Path, ...] = ()

    @property
    def file(self) -> BookFile:
        """Where it lies."""
        return BookFile(self.path, (self.urn, *self.formerly))

    def files_read(self) -> frozenset[tuple[str, str]]:
        """Return path and SHA-256 of each file as it was last read: while it is so it need not be opened again."""
        return frozenset(Ledger(self.file.read()).last_hashes.items())

    def packs_known(self) -> frozenset[str]:
        """Return the numbers of all packs that are registered."""
        return frozenset(Ledger(self.file.read()).packs)

    def take_in(self, found: Found, made_at: str, known: Iterable[Known] = ()) -> TakenIn:
        """Take in packs that are not known, then what has changed in the school's logs and in any file.

        Parameters
        ----------
        found : Found
            Packs that are not known, files, logs and the paths of all other files that are there.
        made_at : str
            When (ISO).
        known : iterable of Known
            What receipts say of the casebook.

        Returns
        -------
        TakenIn
            The revision after it: the one before, if nothing was new.

        Raises
        ------
        CasebookError
            Also if the file is older than a receipt says, or is not there though one names it.

        Notes
        -----
        Where no pack is known yet, the casebook begins with those found, in one transaction. What one of them printed that no
        workbook before it explains, the log then said. What the log says now and the last print said too, or a workbook said
        before, is no change of the log's.
        """

        def work(taking: TakeIn) -> None:
            self.take_forks(taking)
            refuse_unknown(taking.ledger, known, self.path)
            # Two runs may both have found no casebook: what the first began is not begun again.
            is_begun = bool(found.packs) and not taking.ledger.packs
            if is_begun:
                take_old(taking, found, made_at)
            else:
                take_lost(taking, found.packs, made_at)
            taking.take_logs(found.logs, is_quiet=is_begun)
            taking.take_files(found.files)

        return self.change(work, made_at, "take-in", present_of(found))

    def accept_loss(self, known: Iterable[Known], made_at: str) -> TakenIn:
        """Miss no longer what receipts name and is lost for good: the next take-in reads the packs that are not known anew.

        Parameters
        ----------
        known : iterable of Known
            What receipts say of the casebook.
        made_at : str
            When (ISO).

        Returns
        -------
        TakenIn
            Its notices tell what was given up: none if nothing is lost.
        """

        def work(taking: TakeIn) -> None:
            self.take_forks(taking)
            lost = sorted({each.head for each in missing_in(taking.ledger, known)})
            if lost:
                taking.ledger.add(Draft("fork", value=canonical(lost)))
                what = "revisions that packs name are lost; of them only what workbooks, packs and the log say is known"
                taking.tell(
                    Notice(self.path.name, what, "Packs made from them cannot be made again as they were.")
                )

        return self.change(work, made_at, "loss accepted", frozenset())

    def register_pack(self, pack: PrintedPack, path: str, sha256: str, made_at: str) -> TakenIn:
        """Register what a pack prints and the file just written, before it is put in place.

        Parameters
        ----------
        pack : PrintedPack
            What it prints.
        path : str
            Where its workbook will be; the history of what lay there before ends.
        sha256 : str
            Of the workbook.
        made_at : str
            When (ISO).

        Raises
        ------
        CasebookError
            If the pack is of another school.

        Examples
        --------
        >>> from datetime import date
        >>> pack = PrintedPack("990002", "fortnightly", date(2026, 11, 9), date(2026, 11, 20), "all", 0, ())
        >>> Casebook(Path("casebook.sqlite"), "990001").register_pack(pack, "p1/a.xlsx", "5a1f", "2026-11-20T16:00:00+00:00")
        Traceback (most recent call last):
        attendance_lib.errors.CasebookError: casebook.sqlite is the casebook of 990001: a pack of 990002 does not belong in it.
        """
        if pack.urn not in self.file.urns:
            raise CasebookError(
                f"{self.path} is the casebook of {self.urn}: a pack of {pack.urn} does not belong in it."
            )
        return self.change(
            lambda taking: taking.register(pack, path, sha256, pack.basis), made_at, "pack", frozenset()
        )

    def change(
        self, work: Callable[[TakeIn], object], made_at: str, what: str, present: frozenset[str]
    ) -> TakenIn:
        """Do work as one revision, and return what came of it."""

        def done(store: Store) -> TakenIn:
            ledger = Ledger(store)
            taking = TakeIn(ledger, self.file.urns, present)
            work(taking)
            ledger.close_revision(made_at, what)
            return taken_in(taking)

        return self.file.change(done)

    def take_forks(self, taking: TakeIn) -> None:
        """Take over what another machine wrote into a copy of the casebook that lies beside it."""
        for path in (*self.file.forks(), *self.others):
            try:
                fork = BookFile(path, self.file.urns).read()
            except CasebookError as error:
                taking.told.append(
                    Notice(path.name, f"this copy of the casebook was not taken over: {error}")
                )
                continue
            if count := take_over(taking.ledger, fork, path.name):
                who = "the school under another name or number" if path in self.others else "another machine"
                what = f"{who} wrote into this copy of the casebook; {counted(count, 'entry', 'entries')} taken over"
                taking.tell(Notice(path.name, what, "Statements that differ are listed side by side."))
        taking.erased = erased_in(taking.ledger)

    def publish(self, told: Published, made_at: str) -> Published:
        """Keep what a report that leaves the school tells, and return it with its version.

        The same report told again, word for word, keeps its version; another record of it gets the next.
        """

        def work(store: Store) -> Published:
            same = [each for each in published_in(Ledger(store)) if each.report_key == told.report_key]
            if same and same[-1].record == told.record:
                return same[-1]
            new = replace(told, version=len(same) + 1)
            store.add(Draft("published", value=canonical(asdict(new))))
            store.close_revision(made_at, "published")
            return new

        return self.file.change(work)

    def published(self, revision: int | None = None) -> tuple[Published, ...]:
        """Return what was published up to a revision, in order; superseded versions too."""
        return tuple(published_in(Ledger(self.file.read(), revision)))

    def published_in_any_copy(self, report: str) -> tuple[Published, ...]:
        """Return what was published of a report by this casebook, copies of other machines and those under other names.

        Of the same record only the first. A copy that cannot be read says nothing: the next take-in tells of it.
        """
        copies = [replace(self, path=path, others=()) for path in (*self.file.forks(), *self.others)]
        found: dict[str, Published] = {}
        for each in chain(self.published(), chain.from_iterable(map(published_by, copies))):
            if each.report == report:
                found.setdefault(each.record, each)
        return tuple(found.values())

    def state(self, revision: int | None = None) -> State:
        """Return all that is known at a revision, by default the last.

        Raises
        ------
        CasebookError
            If there is no such revision.

        Examples
        --------
        >>> Casebook(Path("no/such/casebook.sqlite"), "990001").state(3)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        attendance_lib.errors.CasebookError: no/such/casebook.sqlite has 0 revisions and no revision 3. An older copy may ...
        """
        store = self.file.read()
        if revision is not None and revision > store.revision:
            raise CasebookError(
                f"{self.path} has {store.revision} revisions and no revision {revision}. {OLDER}"
            )
        return state_of(Ledger(store, revision))

    def export(self) -> tuple[ExportedTable, ...]:
        """Return all of the casebook as tables: revisions, entries, what is known, packs, what they printed, files read."""
        return tuple(ExportedTable(*table) for table in tables_of(self.file.read()))

    def erase(self, about: str, made_at: str) -> Erasure:
        """Empty all that was said about a pupil, and keep it from coming back with a workbook that is read again.

        Parameters
        ----------
        about : str
            The pupil's number.
        made_at : str
            When (ISO).

        Returns
        -------
        Erasure
            How much was emptied, and where the pupil may still be named: files that were read, and other copies of the casebook.
        """
        erasure = self.file.change(lambda store: erase(store, about, made_at))
        copies = [path for path in (self.file.previous, *self.file.forks(), *self.others) if path.exists()]
        return Erasure(erasure.emptied, (*erasure.still_named, *map(str, copies)))

    def check(self, known: Iterable[Known] = ()) -> list[str]:
        """Return one line for each thing that is wrong with the file; none if it is whole and what receipts say of it.

        Examples
        --------
        >>> book, receipt = Casebook(Path("no/such/casebook.sqlite"), "990001"), Known(3, "abc", "pack p2")
        >>> book.check(), [line.partition(",")[0] for line in book.check([receipt])]
        ([], ['pack p2 was written from revision 3 of the casebook'])
        """
        try:
            refuse_unknown(Ledger(self.file.read()), known, self.path)
        except CasebookError as error:
            return [str(error)]
        return []


OLDER = (
    "An older copy may have been put back: put the newest in its place, or the file beside it that ends in .previous. If none is "
    "left, run `attendance casebook accept-loss`: the next run then reads the packs and their workbooks anew."
)


def take_old(taking: TakeIn, found: Found, made_at: str) -> None:
    """Take in packs with their workbooks where no pack is known yet, in the order in which they were made."""
    for old in found.packs:
        taking.take_guess(old.pack, found.logs)
        taking.ledger.close_revision(made_at, "log behind an old pack")
        # One from before the casebook tells another basis in its name, and one that was lost tells the lost casebook's.
        taking.register(old.pack, old.path, old.sha256, taking.ledger.basis)
        taking.take_files(old.files)
        taking.ledger.close_revision(made_at, "old pack")


def take_lost(taking: TakeIn, olds: Iterable[OldPack], made_at: str) -> None:
    """Take in packs that a casebook lost, or never heard of, with their workbooks."""
    for old in olds:
        if old.pack.pack_id not in taking.ledger.packs:
            taking.register(old.pack, old.path, old.sha256, min(old.pack.basis, taking.ledger.basis))
            taking.tell(
                Notice(old.path, "the casebook did not know this pack, and does again; its workbook is read")
            )
        taking.take_files(old.files)
        taking.ledger.close_revision(made_at, "pack that was lost")


def taken_in(taking: TakeIn) -> TakenIn:
    """Return what a take-in did."""
    ledger = taking.ledger
    state = (ledger.revision, ledger.heads[-1] if ledger.heads else "", len(ledger.entries))
    readings = tuple(
        ReadingTold(each.path, each.sha256, each.pack_id, each.known_by, len(ledger.present[each.line]))
        for each in taking.readings
    )
    return TakenIn(*state, readings, tuple(taking.told))


def present_of(found: Found) -> frozenset[str]:
    """Return the paths of all files that are there.

    Examples
    --------
    >>> sorted(present_of(Found((ReturnedFile("p2/a.xlsx", "", ()),), present=("p1/a.xlsx",))))
    ['p1/a.xlsx', 'p2/a.xlsx']
    """
    ours = {path for old in found.packs for path in (old.path, *(file.path for file in old.files))}
    return frozenset(found.present) | ours | {file.path for file in found.files}


def published_in(ledger: Ledger) -> list[Published]:
    """Return what was published, in order."""
    return [Published(**json.loads(entry.value)) for entry in ledger.published]


def published_by(book: Casebook) -> tuple[Published, ...]:
    """Return what a copy of a casebook says was published, nothing if it cannot be read."""
    try:
        return book.published()
    except CasebookError:
        return ()


def missing_in(ledger: Ledger, known: Iterable[Known]) -> list[Known]:
    """Return the revisions that receipts name and a casebook does not have.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> missing_in(Ledger(empty_store("990001")), [Known(0, "", "p1"), Known(3, "abc", "p2")])  # p1 was made without one
    [Known(revision=3, head='abc', where='p2')]
    """
    heads = set(ledger.heads)
    return [each for each in known if each.revision and each.head not in heads]


def refuse_unknown(ledger: Ledger, known: Iterable[Known], path: Path) -> None:
    """Refuse a casebook that is not the one which a receipt names.

    Raises
    ------
    CasebookError
        Naming the receipt of the latest revision that is missing.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import empty_store
    >>> receipts = [Known(3, "abc", "pack p2")]
    >>> refuse_unknown(Ledger(empty_store("990001")), receipts, Path("casebook.sqlite"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.CasebookError: pack p2 was written from revision 3 of the casebook, and casebook.sqlite is not there. ...
    """
    missing = sorted((each.revision, each.where) for each in missing_in(ledger, known))
    if missing:
        revision, where = missing[-1]
        there = (
            f"{path} is not there"
            if not ledger.entries
            else f"{path} does not know it: its last revision is {ledger.revision}"
        )
        raise CasebookError(
            f"{where} was written from revision {revision} of the casebook, and {there}. {OLDER}"
        )


def state_at(path: Path, revision: int | None, urns: tuple[str, ...]) -> State | None:
    """Return what a casebook knew at a revision; None if no revision is named and there is no casebook.

    It is read and never written.

    Raises
    ------
    CasebookError
        If it is damaged, of another school, or does not reach to the revision.

    Examples
    --------
    >>> state_at(Path("no/such/casebook.sqlite"), None, ("990001",)) is None
    True
    """
    if revision is None and not path.exists():
        return None
    return Casebook(path, urns[0], urns[1:]).state(revision)
