"""The casebook of one school: every way in and out of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from attendance_lib.casebook.sheets import LogSheet, PrintedPack, ReturnedFile
from attendance_lib.casebook.state import Notice, State


@dataclass(frozen=True)
class Known:
    """A revision that a receipt names: its number, its head, and which receipt."""

    revision: int
    head: str
    where: str


@dataclass(frozen=True)
class Found:
    """What a run found: files that may hold words, logs, and the paths of files that are there but need no reading again."""

    files: tuple[ReturnedFile, ...] = ()
    logs: tuple[LogSheet, ...] = ()
    present: tuple[str, ...] = ()


@dataclass(frozen=True)
class OldPack:
    """A pack made before the casebook was begun: its print (basis 0), and every file that may have been filled in from it."""

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
    """What a report that left the school told: ``record`` is JSON; ``version`` counts the makings of one report (from 1)."""

    report: str
    date_from: str
    date_to: str
    cohort: str
    record: dict
    version: int = 0


@dataclass(frozen=True)
class ExportedTable:
    """One table of the casebook as it is exported: its columns, and rows of text, numbers and None."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | None, ...], ...]


@dataclass(frozen=True)
class Casebook:
    """The casebook of the school with a URN, kept in one file; ``formerly`` are its earlier URNs."""

    path: Path
    urn: str
    formerly: tuple[str, ...] = ()

    def take_in(self, found: Found, made_at: str, known: Iterable[Known] = ()) -> TakenIn:
        """Take in what has changed in the school's logs and in any file."""
        raise NotImplementedError

    def files_read(self) -> frozenset[tuple[str, str]]:
        """Return path and SHA-256 of every file read so far: it need not be opened again."""
        raise NotImplementedError

    def take_in_old(self, packs: Iterable[OldPack], found: Found, made_at: str) -> TakenIn:
        """Begin the casebook of a school that has packs from before it, in one transaction, then take in as ever."""
        raise NotImplementedError

    def register_pack(self, pack: PrintedPack, path: str, sha256: str, made_at: str) -> TakenIn:
        """Register what a pack prints and the file just written, before it is put in place."""
        raise NotImplementedError

    def publish(self, told: Published, made_at: str) -> Published:
        """Keep what a report that leaves the school tells."""
        raise NotImplementedError

    def published(self, revision: int | None = None) -> tuple[Published, ...]:
        """Return what was published up to a revision, in order."""
        raise NotImplementedError

    def state(self, revision: int | None = None) -> State:
        """Return all that is known at a revision, by default the last."""
        raise NotImplementedError

    def check(self, known: Iterable[Known] = ()) -> list[str]:
        """Return one line for each thing that is wrong with the file; none if it is whole."""
        raise NotImplementedError

    def export(self) -> tuple[ExportedTable, ...]:
        """Return all of the casebook as tables."""
        raise NotImplementedError

    def erase(self, about: str, made_at: str) -> list[str]:
        """Empty all that was said about a pupil; return lines that say where else to look."""
        raise NotImplementedError
