"""The casebook at work in a run: what staff wrote is taken in first, and the pack is registered before it appears."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from attendance_lib.casebook.book import Casebook, Found, OldPack, TakenIn, state_at
from attendance_lib.casebook.disk import named_in, reference_to
from attendance_lib.casebook.returned import read_returned
from attendance_lib.casebook.sheets import DIFFERING, PrintedPack, ReturnedFile
from attendance_lib.casebook.state import State
from attendance_lib.errors import counted
from attendance_lib.reports.files import sha256
from attendance_lib.reports.papers import paper_of
from attendance_lib.reports.parameters import CASEBOOK, values_in_words
from attendance_lib.reports.printed import Facts, log_sheets, printed_pack, properties_of
from attendance_lib.reports.receipt import DOCUMENTS, Receipt
from attendance_lib.reports.shelves import Shelves, StaffFile, kept_of

if TYPE_CHECKING:
    import pandas as pd
    from nbformat import NotebookNode

    from attendance_lib.reports.project import Project


# What workbooks of a pack print for staff to fill in, by their paths within it.
Printed = Mapping[str, PrintedPack]


@dataclass(frozen=True)
class Desk:
    """A school's casebook beside its packs; ``say`` tells people, ``made_at`` is when the run began (ISO)."""

    shelves: Shelves
    say: Callable[[str], None]
    made_at: str

    @property
    def book(self) -> Casebook:
        """The casebook."""
        return self.shelves.book

    def take_in(self, logs: "Mapping[str, pd.DataFrame | None]") -> TakenIn:
        """Take in what staff wrote in any file of the school and what its logs say, and tell what was found.

        Parameters
        ----------
        logs : mapping of str to pandas.DataFrame or None
            The logs that staff also write in packs, by name, where the school exports them.

        Raises
        ------
        CasebookError
            If the casebook cannot be used, with the remedy.
        """
        taken = self.book.take_in(self.found(logs), self.made_at, self.shelves.known())
        for notice in taken.notices:
            self.say(notice.line)
        return taken

    def accept_loss(self) -> bool:
        """Give up what receipts name of the casebook and is lost, and tell it; return whether anything was.

        Raises
        ------
        CasebookError
            If the casebook is there and cannot be used.
        """
        notices = self.book.accept_loss(self.shelves.known(), self.made_at).notices
        for notice in notices:
            self.say(notice.line)
        return bool(notices)

    def found(self, logs: "Mapping[str, pd.DataFrame | None]") -> Found:
        """Return what is there to be taken in: files and packs that the casebook does not know, and the logs."""
        packs, files = tuple(self.unknown_packs()), list(self.shelves.files())
        known = self.book.files_read() | {(each.path, each.sha256) for pack in packs for each in pack.files}
        unread = (each for each in files if not each.is_as_made and (each.name, each.sha256) not in known)
        names = tuple(each.name for each in files)
        return Found(tuple(map(returned, unread)), log_sheets(logs), names, packs)

    def unknown_packs(self) -> list[OldPack]:
        """Return the packs that the casebook does not know, in the order in which they were made, with their workbooks.

        Where it knows none these are all; else those that were made with it and that a copy put back has not.
        """
        known = self.book.packs_known()
        packs = [
            (pack, receipt)
            for pack, receipt in self.shelves.packs
            if receipt.school.get("urn") in self.shelves.urns
            and (not known or any(number and number not in known for number in receipt.prints.values()))
        ]
        made = sorted(
            packs, key=lambda each: (str(each[1].times.get("ended", "")), each[1].date_to, each[0].name)
        )
        return [
            self.old_pack(pack, (receipt, workbook), printed)
            for pack, receipt in made
            for workbook, printed in prints_in(pack, receipt).items()
            if printed.pack_id not in known
        ]

    def old_pack(self, pack: Path, made: tuple[Receipt, str], printed: PrintedPack) -> OldPack:
        """Return what a workbook of a pack printed, which the casebook does not know, with what may be a copy of it.

        That is every workbook in its folder and in what was kept of it.
        """
        receipt, workbook = made
        tops = tuple((top / workbook).parent for top in (pack, *kept_of(pack)))
        files = [each for each in self.shelves.files() if any(top in each.path.parents for top in tops)]
        changed = tuple(returned(each) for each in files if not each.is_as_made)
        return OldPack(printed, self.shelves.name_of(pack / workbook), receipt.outputs[workbook], changed)

    def register(self, printed: PrintedPack, workbook: Path, place: Path) -> None:
        """Register what a pack prints, and its fresh workbook, which will be at a place; before it is there.

        Raises
        ------
        CasebookError
            If the casebook cannot be written.
        """
        self.book.register_pack(printed, self.shelves.name_of(place), sha256(workbook), self.made_at)


def returned(file: StaffFile) -> ReturnedFile:
    """Return a file as it is."""
    return read_returned(file.path, file.name, file.sha256 or "")


def prints_in(pack: Path, receipt: Receipt) -> Printed:
    """Return what the workbooks of a pack printed for staff to fill in, from its executed notebooks as they were made."""
    import nbformat

    facts, basis = facts_of(receipt), int(receipt.casebook.get("basis", 0))
    found: dict[str, PrintedPack] = {}
    for workbook in receipt.prints:
        folder = PurePosixPath(workbook).parent.as_posix()
        its_facts = facts if workbook == receipt.workbook else facts_of_document(facts, folder)
        notebook = (pack / workbook).with_suffix(".ipynb")
        made = receipt.outputs.get(notebook.relative_to(pack).as_posix())
        if workbook in receipt.outputs and notebook.is_file() and sha256(notebook) == made:
            printed = print_in(nbformat.read(notebook, as_version=4), its_facts, basis)
            found |= {workbook: printed} if printed else {}
    return found


def print_in(notebook: "NotebookNode", facts: Facts, basis: int) -> PrintedPack | None:
    """Return what an executed notebook prints for staff to fill in; None if it has no such sheet."""
    from attendance_lib.display.notebook import payloads_of

    return printed_pack(payloads_of(notebook), properties_of(notebook), facts, basis)


def facts_of_document(facts: Facts, folder: str) -> Facts:
    """Return which document of a pack it is: the pack's facts, and the folder that sets it apart.

    Examples
    --------
    >>> pack = Facts("990001", "caseloads", "2026-11-09", "2026-11-20", "all", "weeks=2")
    >>> facts_of_document(pack, "staff/kim").values
    'weeks=2 staff/kim'
    """
    return facts._replace(values=" ".join(filter(None, (facts.values, folder))))


def facts_of(receipt: Receipt) -> Facts:
    """Return which pack a receipt is of."""
    days = (receipt.date_from, receipt.date_to)
    return Facts(
        receipt.school["urn"], receipt.report, *days, receipt.cohort, values_in_words(receipt.parameters)
    )


@dataclass(frozen=True)
class WrittenFrom:
    """What a pack is written from: the casebook at a revision, how it is named, and what was read for it."""

    reference: str | None = None
    state: State | None = None
    taken: TakenIn | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """The parameter as a report that reads the casebook is given it; none of one that does not.

        Examples
        --------
        >>> WrittenFrom().parameters, WrittenFrom("").parameters  # a report that reads no casebook, and one where there is none yet
        ({}, {'casebook': ''})
        """
        return {} if self.reference is None else {CASEBOOK: self.reference}

    @property
    def shown(self) -> dict[str, object]:
        """The same parameter without the folder, which differs between runs of the same inputs.

        Examples
        --------
        >>> WrittenFrom("../packs/larkmoor-990001/casebook-990001.sqlite@12").shown
        {'casebook': 'casebook-990001.sqlite@12'}
        """
        return {name: Path(str(reference)).name for name, reference in self.parameters.items()}

    @property
    def basis(self) -> int:
        """What was known, which the pack prints from; 0 without a casebook."""
        return self.state.basis if self.state else 0

    def receipt(self, own: str, prints: Printed) -> dict[str, object]:
        """Return what a receipt says of the casebook; nothing where the pack has no sheet to fill in and none was read.

        ``own`` is the pack's own workbook among those of ``prints``; the others are its documents'.

        Examples
        --------
        >>> WrittenFrom().receipt("impact.xlsx", {})
        {}
        >>> WrittenFrom().receipt("impact.xlsx", {"impact.xlsx": PrintedPack("990001", "impact", None, None, "all", 0, ())}).keys()
        dict_keys(['pack_id'])
        """
        pack_id = prints[own].pack_id if own in prints else ""
        documents = {workbook: each.pack_id for workbook, each in prints.items() if workbook != own}
        told = {DOCUMENTS: documents} if documents else {}
        if self.state is None:
            return ({"pack_id": pack_id} if pack_id else {}) | told
        state, taken = self.state, self.taken
        return {
            "file": named_in(self.reference)[0],
            "revision": state.revision,
            "head": state.head,
            "entries": state.entries,
            "basis": state.basis,
            "pack_id": pack_id,
            "readings": [asdict(each) for each in taken.readings] if taken else [],
            "told": [each.line for each in taken.notices] if taken else [],
        } | told


def newly_written_from(
    desk: Desk, taken: TakenIn, about: tuple[str, str, str], project: "Project"
) -> WrittenFrom:
    """Return what a new pack is written from.

    Parameters
    ----------
    desk, taken, project : Desk, TakenIn, Project
        Where the casebook is, and what was taken in.
    about : tuple of str
        The pack's report, cohort and last day (ISO).

    Notes
    -----
    It is the earliest revision that knows as much of statements and of what was told, and has the print before this one and
    those of papers that it has links to: a pack that is made again reads the same, though each making adds a revision of its own.
    """
    state = desk.book.state(taken.revision)
    for line in summary(taken, state):
        desk.say(line)
    before = state.print_before(*about)
    linked = (each.revision for each in state.prints if each.report in paper_of(about[0]).leads_to)
    since = (
        state.basis,
        before.revision if before else 0,
        *linked,
        *(each.revision for each in state.notices),
    )
    reference = reference_to(project.relative(desk.book.path), max(since))
    return WrittenFrom(reference, desk.book.state(max(since)) if reference else None, taken)


def summary(taken: TakenIn, state: State) -> Iterator[str]:
    """Yield what is said of a take-in on the run's output: files read, words that differ, words to enter in the log.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = {"actions": {1: SimpleNamespace(is_in_log=False, cells={})}}
    >>> list(summary(SimpleNamespace(readings=("a.xlsx", "b.xlsx")), SimpleNamespace(rows=rows)))
    ['2 files were read for what staff wrote.', '1 thing written is not in the log: see the sheet To enter in the log.']
    """
    files = len(taken.readings)
    if files:
        yield f"{counted(files, 'file was', 'files were')} read for what staff wrote."
    cells = [cell for rows in state.rows.values() for row in rows.values() for cell in row.cells.values()]
    differing = sum(cell.is_differing for cell in cells)
    if differing:
        from attendance_lib.display.shown import tab_named

        where = tab_named(DIFFERING)
        yield f"In {counted(differing, 'cell', 'cells')} people wrote different things: settle them in the sheet {where}."
    missing = sum(row.is_in_log is False for rows in state.rows.values() for row in rows.values())
    to_enter = missing + sum(cell.is_to_enter for cell in cells)
    if to_enter:
        things = counted(to_enter, "thing written is", "things written are")
        yield f"{things} not in the log: see the sheet To enter in the log."


def written_from_again(reference: str, project: "Project", urns: tuple[str, ...]) -> WrittenFrom:
    """Return what a pack is made again from: the casebook as it stood then.

    Raises
    ------
    CasebookError
        If it no longer has that revision.
    """
    if not reference:
        return WrittenFrom(reference)
    path, revision = named_in(reference)
    return WrittenFrom(reference, state_at(project.absolute(path), revision, urns))
