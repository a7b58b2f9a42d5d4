"""The folders of a school's packs, whatever it was called when they were made, and every file that staff may have written in."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.casebook.book import Casebook, Known
from attendance_lib.casebook.disk import find_casebook, places_in
from attendance_lib.errors import RequestError
from attendance_lib.reports.files import OPEN_FILES, sha256
from attendance_lib.reports.folder import KEPT
from attendance_lib.reports.names import school_folder
from attendance_lib.reports.papers import CHECK
from attendance_lib.reports.project import Project
from attendance_lib.reports.receipt import RECEIPT, Receipt, read_receipt

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Settings

# Spreadsheets: those that cannot be read are told, so that nobody believes that they were.
ENDINGS = (
    ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods", ".ots", ".fods", ".numbers", ".csv", ".tsv",
)  # fmt: skip
# Folders that hold nothing which staff fill in: the check of the exports, and the casebook's own export.
CASEBOOK_FOLDER = "casebook"
NOT_FILLED_IN = (CHECK.name, CASEBOOK_FOLDER)
BEING_BUILT = ".building-"


@dataclass(frozen=True)
class StaffFile:
    """A file that staff may have written in: where it is, how the casebook names it, its hash, and whether a pack has it so.

    ``sha256`` is None while it cannot be read, as one that another program holds.
    """

    path: Path
    name: str
    sha256: str | None
    is_as_made: bool


@dataclass(frozen=True)
class Shelves:
    """The packs of a school below ``out`` and in the folders that packs are handed over to."""

    settings: "Settings"
    out: Path

    @property
    def urns(self) -> tuple[str, ...]:
        """The numbers of the school, the present one first.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> school = SimpleNamespace(urn="990001", formerly=[SimpleNamespace(urn=urn) for urn in ("880001", "990001")])
        >>> Shelves(SimpleNamespace(school=school), Path("packs")).urns
        ('990001', '880001')
        """
        school = self.settings.school
        return tuple(dict.fromkeys([school.urn, *(each.urn for each in school.formerly)]))

    @property
    def home(self) -> Path:
        """The folder of the school's packs under its present name, whether or not it is there."""
        return school_folder(self.out, self.settings.school.name_and_urn)

    @cached_property
    def folders(self) -> list[Path]:
        """The folders of its packs below ``out``, the present name's first: a number stays when a name changes."""
        return list(dict.fromkeys([self.home, *self.named_for(self.out)]))

    @cached_property
    def handed_over(self) -> list[Path]:
        """The folders of its packs where they were handed over."""
        tops = (self.settings.hand_over.folder(self.settings.file, published=each) for each in (False, True))
        return [folder for top in tops if top for folder in self.named_for(top)]

    def named_for(self, top: Path) -> Iterator[Path]:
        """Yield the folders in a folder that bear one of the school's numbers."""
        return (
            path
            for urn in self.urns
            for path in sorted(top.glob(f"*{urn}"))
            if ends_with_number(path.name, urn)
        )

    @cached_property
    def casebook(self) -> Path:
        """Where the school's casebook is, or will be."""
        return find_casebook(self.folders, self.urns)

    @property
    def other_casebooks(self) -> tuple[Path, ...]:
        """Casebooks begun under another name or number of the school before the school file said that it is the same one."""
        places = places_in(self.folders, self.urns)
        return tuple(place for place in places if place != self.casebook and place.exists())

    @cached_property
    def book(self) -> Casebook:
        """The casebook."""
        urn, *formerly = self.urns
        return Casebook(self.casebook, urn, tuple(formerly), self.other_casebooks)

    @cached_property
    def packs(self) -> list[tuple[Path, Receipt]]:
        """Every pack of the school with a receipt that can be read, wherever it was moved to, those handed over last."""
        found = (
            path.parent
            for top in (*self.folders, *self.handed_over)
            for path in sorted(top.rglob(RECEIPT))
            if not any(part.startswith(".") for part in path.relative_to(top).parts)
        )
        return [(pack, receipt) for pack in found if (receipt := receipt_or_none(pack))]

    def under_another_name(self, project: Project) -> Iterator[str]:
        """Yield a line on each other school's folder whose packs were made with this school file or from these exports.

        It is this school under a name or number that the school file does not tell, so nothing of it is known.
        """
        school_file = project.relative(self.settings.file)
        own = {school_file, *map(project.relative, self._exports())}
        for folder in sorted(self.out.glob("[!.]*")):
            if folder not in self.folders and (receipt := made_from_any(folder, own)):
                how = "with this school file" if school_file in receipt.inputs else "from the same exports"
                name, urn = receipt.school.get("name", ""), receipt.school.get("urn", "")
                yield (
                    f"{folder.name} holds packs of {name} (URN {urn}), made {how}. If it is the same school, write its former "
                    f'name under \'school\' in {school_file}: formerly: [{{name: "{name}", urn: "{urn}"}}]. '
                    "What staff wrote and what was published then is known only so."
                )

    def _exports(self) -> Iterator[Path]:
        """Yield the files of pupils and marks, which no two schools share."""
        from attendance_lib.intake.settings.sources import find_sources

        for kind in ("pupils", "marks"):
            for source in find_sources(self.settings, kind):
                yield from (export.path for export in source.exports)

    def known(self) -> list[Known]:
        """Return what the receipts of the school's packs below ``out`` say of the casebook.

        A pack of another school that was put into the folder says nothing of this one's.
        """
        return [
            Known(receipt.casebook["revision"], str(receipt.casebook.get("head", "")), str(pack))
            for pack, receipt in self.packs
            if self.out in pack.parents
            and receipt.school.get("urn") in self.urns
            and isinstance(receipt.casebook.get("revision"), int)
        ]

    @cached_property
    def made(self) -> dict[Path, str]:
        """The SHA-256 of every file as a pack was made with it."""
        return {pack / name: sha for pack, receipt in self.packs for name, sha in receipt.outputs.items()}

    def files(self) -> Iterator[StaffFile]:
        """Yield every workbook and CSV in any folder of the school, but for what nobody fills in."""
        for top in (*self.folders, *self.handed_over):
            for path in sorted(top.rglob("*")):
                if may_be_filled_in(path.relative_to(top)) and path.is_file():
                    content = sha256_or_none(path)
                    yield StaffFile(path, self.name_of(path), content, self.made.get(path, "") == content)

    def name_of(self, path: Path) -> str:
        """Return how the casebook names a file: from its own folder on, and of one handed over the whole path."""
        if self.out in path.parents:
            return Path(os.path.relpath(path, self.casebook.parent)).as_posix()
        return path.as_posix()


def made_from_any(folder: Path, inputs: set[str]) -> Receipt | None:
    """Return the receipt of a pack in a school's folder that was made from any of some inputs; None if none was.

    Of each report the last one is asked: a folder may hold the packs of years.
    """
    last = {path.parents[1]: path.parent for path in sorted(folder.glob(f"*/*/{RECEIPT}"))}
    found = map(receipt_or_none, last.values())
    return next((receipt for receipt in found if receipt and not inputs.isdisjoint(receipt.inputs)), None)


def ends_with_number(name: str, urn: str) -> bool:
    """Whether a folder's name is a school's: its name, a hyphen and its number.

    Examples
    --------
    >>> ends_with_number("larkmoor-990001", "990001"), ends_with_number("990001", "990001"), ends_with_number("x1990001", "990001")
    (True, True, False)
    """
    return name == urn or name.endswith(f"-{urn}")


def may_be_filled_in(path: Path) -> bool:
    """Whether staff may have written in a file, by its path within the school's folder.

    Examples
    --------
    >>> may_be_filled_in(Path("fortnightly/kept/a_1/Copy of b.XLSX")), may_be_filled_in(Path("fortnightly/a/~$b.xlsx"))
    (True, False)
    >>> may_be_filled_in(Path("check/2026-11-20/check.xlsx")), may_be_filled_in(Path("fortnightly/.building-a/b.xlsx"))
    (False, False)
    """
    is_book = path.suffix.casefold() in ENDINGS and not path.name.startswith(OPEN_FILES)
    is_open = not any(part.startswith(BEING_BUILT) for part in path.parts)
    return is_book and is_open and path.parts[0] not in NOT_FILLED_IN


def sha256_or_none(path: Path) -> str | None:
    """Return the SHA-256 of a file; None while it cannot be read."""
    try:
        return sha256(path)
    except OSError:
        return None


def receipt_or_none(pack: Path) -> Receipt | None:
    """Return a pack's receipt; None if it cannot be read, so that every file of the pack is looked into."""
    try:
        return read_receipt(pack)
    except RequestError:
        return None


def kept_of(pack: Path) -> list[Path]:
    """Return the folders that hold what was kept of a pack each time it was replaced."""
    return [
        path
        for path in sorted((pack.parent / KEPT).glob(f"{pack.name}_*"))
        if path.name[len(pack.name) + 1 :].isdigit()
    ]
