"""What was published: the record of every report and version that left a school, kept by URN beside its school file.

Readers keep what they were sent, so nothing of it may be forgotten: not a version that was replaced, nor one that went to
another folder, nor one from before the school was renamed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from attendance_lib.errors import DisclosureError

FOLDER = "published"
DIGITS, HASH = 4, 16


class History(Protocol):
    """Records of what was published, oldest first, to which one may be added and none taken away."""

    def records(self) -> list[Path]:
        """Return the files of all records, oldest first; a gap is refused."""
        ...

    def add(self, record: Path) -> None:
        """Keep a copy of a record, unless one that is the same is kept already."""
        ...


@dataclass(frozen=True)
class RecordFolder:
    """A history in files of a folder, each named by its number and by a hash of itself and of the name before it.

    So no record can be lost, changed or put in between without its being seen, but for the last.
    """

    folder: Path

    def files(self) -> list[Path]:
        """Return the files that bear a record's name, oldest first, whatever they hold."""
        return sorted(self.folder.glob(f"{'[0-9]' * DIGITS}_*.json"))

    def records(self) -> list[Path]:
        """Return the files of all records, oldest first.

        Raises
        ------
        DisclosureError
            If one is missing or was changed: what readers hold would not be known.
        """
        found, before = self.files(), ""
        for number, path in enumerate(found, start=1):
            if path.name != name_of(number, path.read_bytes(), before):
                raise DisclosureError(self._gap(number))
            before = path.name
        return found

    def add(self, record: Path) -> None:
        """Keep a copy of a record, unless one that is the same is kept already.

        Raises
        ------
        DisclosureError
            If another was added meanwhile, which the new one does not know of.
        """
        if self.holds(record):
            return
        held, content = self.records(), record.read_bytes()
        self.folder.mkdir(parents=True, exist_ok=True)
        name = name_of(len(held) + 1, content, held[-1].name if held else "")
        if any(self.folder.glob(f"{name[:DIGITS]}_*.json")):
            raise DisclosureError(
                "Another report of this school was published meanwhile. Make this one again."
            )
        (self.folder / name).write_bytes(content)

    def put_back(self, name: str, content: bytes) -> None:
        """Write a record at its own place, or after all others where that is taken: two machines published at the same time.

        Raises
        ------
        DisclosureError
            If it is to come after others, and one of those is missing.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(path.name[:DIGITS] == name[:DIGITS] for path in self.files()):
            held = self.records()
            name = name_of(len(held) + 1, content, held[-1].name)
        (self.folder / name).write_bytes(content)

    def holds(self, record: Path) -> bool:
        """Whether a record is kept already, word for word."""
        content = record.read_bytes()
        return any(path.read_bytes() == content for path in self.records())

    def give(self, records: Iterable[Path]) -> None:
        """Put records back that are missing, or add those of reports that were published elsewhere.

        Raises
        ------
        DisclosureError
            If one is asked for that none of these is.
        """
        for record in records:
            self._fill(record.read_bytes())
            self.add(record)

    def _fill(self, content: bytes) -> None:
        """Write a record at the first place where one is missing and this is the one."""
        names = {path.name[:DIGITS]: path.name for path in self.files()}
        number = next(place for place in range(1, len(names) + 2) if f"{place:0{DIGITS}d}" not in names)
        before = names.get(f"{number - 1:0{DIGITS}d}", "")
        name = name_of(number, content, before)
        after = names.get(f"{number + 1:0{DIGITS}d}")
        if after and after == name_of(number + 1, (self.folder / after).read_bytes(), name):
            (self.folder / name).write_bytes(content)

    def _gap(self, number: int) -> str:
        return (
            f"Of what was published before, record {number} is missing from {self.folder} or was changed, so it is not known "
            "what governors hold and no further report can be made safe. Put the file back from a copy, or name the folder "
            "of that earlier report with --earlier. One that was changed may be moved away: if the casebook of these packs "
            "holds it, the next run puts it back."
        )


def name_of(number: int, content: bytes, before: str) -> str:
    """Return the name of a record's file.

    Examples
    --------
    >>> name_of(1, b"{}", "")
    '0001_44136fa355b3678a.json'
    """
    return f"{number:0{DIGITS}d}_{sha256(before.encode() + content).hexdigest()[:HASH]}.json"


def history_of(school_file: Path, urn: str, report: str) -> RecordFolder:
    """Return the history of a report of a school: beside its school file whatever the school is called, and wherever packs go."""
    return RecordFolder(school_file.resolve().parent / FOLDER / urn / report)
