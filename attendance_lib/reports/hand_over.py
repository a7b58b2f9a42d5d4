"""Copy finished packs to the folders that the school file names: each once, and no names among the published."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from attendance_lib.display.csv_tables import INDEX
from attendance_lib.errors import DisclosureError, SettingsError, system_reason
from attendance_lib.intake.kept_json import read_json
from attendance_lib.lock import LOCK_MODE, locked
from attendance_lib.reports.files import ANY_FOLDER, OPEN_FILES, hashes_below, naming
from attendance_lib.reports.folder import PackPlace, check_free, put_in_place, recover, recover_below
from attendance_lib.reports.names import school_folder
from attendance_lib.reports.published import TABLES, check_as_made
from attendance_lib.reports.receipt import RECEIPT, read_receipt

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Settings


# The index of a pack's tables read back: which of them hold anything personal decides where a pack may go

REMEDY = "Make the pack again with --replace."


class _Kept(BaseModel):
    """What is read of an index: nothing else may stand there."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ColumnKept(_Kept):
    """What the index says of a column."""

    name: str
    heading: str
    unit: str
    meaning: str
    personal: bool


class TableKept(_Kept):
    """What the index says of a table; it is personal if, and only if, one of its columns is."""

    name: str
    file: str
    title: str
    note: str
    rows: Annotated[int, Field(ge=0)]
    personal: bool
    reading: str
    columns: list[ColumnKept]

    @model_validator(mode="after")
    def _says_so_of_its_columns(self) -> Self:
        if self.personal != any(column.personal for column in self.columns):
            raise ValueError("says otherwise of the table than of its columns whether it is personal")
        return self


TABLES_INDEX = TypeAdapter(list[TableKept])


def read_index(pack: Path) -> list[TableKept]:
    """Return the index of a pack's tables.

    Raises
    ------
    DisclosureError
        If it cannot be read, is of another form, or is not the one that the pack was made with.
    """
    index = read_json(pack / TABLES / INDEX, TABLES_INDEX, DisclosureError, REMEDY)
    check_as_made(pack, f"{TABLES}/{INDEX}", REMEDY)
    return index


@dataclass(frozen=True)
class HandOver:
    """Copies packs of ``out`` to the school's folders, in the same order of school, report and period as there."""

    settings: "Settings"
    out: Path
    say: Callable[[str], None]

    def recover(self) -> None:
        """Clear what killed runs left in the school's folders; one that is not there is told when a pack goes to it.

        Raises
        ------
        OSError
            If the system refuses.
        """
        for published in (True, False):
            folder = self.settings.hand_over.folder(self.settings.file, published=published)
            if folder:
                recover_below(school_folder(folder, self.settings.school.name_and_urn), self.say)

    def copy(self, pack: Path) -> Path | None:
        """Copy a pack, unless it is there already; return the copy, None if there was nothing to copy.

        A copy of an earlier making gives way; what was filled in or put there is kept beside it.

        Raises
        ------
        SettingsError
            If the folder is not there, or the system refuses to read or write.
        DisclosureError
            If a pack to be published holds a personal column.
        """
        try:
            return self.copy_to(self.folder_for(pack), pack)
        except OSError as error:
            raise SettingsError(
                f"{pack.name} was not handed over: {error.filename or 'its copy'} cannot be written to "
                f"({system_reason(error)}). Check the drive and the space on it; the next run tries again."
            ) from None

    def copy_to(self, folder: Path | None, pack: Path) -> Path | None:
        """Copy a pack to a folder and return the copy; None without a folder, or if the copy is there already.

        The copy is for whoever may read the folder, which says itself who that is.
        """
        if folder is None:
            return None
        target = PackPlace(folder / pack.parent.relative_to(self.out), pack.name, ANY_FOLDER)
        with naming(target.folder):
            return copy_unless_same(pack, target, self.say)

    def folder_for(self, pack: Path) -> Path | None:
        """Return the folder that a pack is copied to; None if the school file names none for its sort.

        A pack of documents that are each for one reader is copied nowhere: whoever may read the folder would read them all.

        Raises
        ------
        SettingsError
            If the folder is not there, or a published pack would lie among packs with names.
        """
        paper = read_receipt(pack).paper
        if paper.is_handed_out:
            return None
        published = paper.is_published
        folder = self.settings.hand_over.folder(self.settings.file, published=published)
        if folder is None:
            return None
        if not folder.is_dir():
            raise SettingsError(
                f"{self.settings.file}: hand_over names {folder}, which is not there. Connect the drive, or correct the path."
            )
        if published:
            self.refuse_shared(folder)
            refuse_personal(pack)
        return folder

    def refuse_shared(self, folder: Path) -> None:
        """Refuse a folder of published packs that holds the packs with names, or lies among them.

        Raises
        ------
        SettingsError
            If it is, naming both folders.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> copier = HandOver(SimpleNamespace(file="school.yml"), Path("/packs"), print)
        >>> copier.refuse_shared(Path("/packs/board"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        attendance_lib.errors.SettingsError: school.yml: hand_over.published is /packs/board, which is not apart from /packs, ...
        """
        if folder == self.out or folder in self.out.parents or self.out in folder.parents:
            raise SettingsError(
                f"{self.settings.file}: hand_over.published is {folder}, which is not apart from {self.out}, "
                "where packs with names are. Name another folder."
            )


def refuse_personal(pack: Path) -> None:
    """Refuse to publish a pack of which a table holds a personal column.

    Raises
    ------
    DisclosureError
        With the name of the first such table, or if the index of the tables is damaged.
    """
    personal = next((table.name for table in read_index(pack) if table.personal), None)
    if personal:
        raise DisclosureError(
            f"{pack.name} was not handed over: its table '{personal}' holds a personal column, "
            "and the folder is for published packs."
        )


def is_same(pack: Path, copy: Path) -> bool:
    """Whether a copy is of this very making: their receipts are the same, times and all."""
    receipt = copy / RECEIPT
    return receipt.is_file() and receipt.read_bytes() == (pack / RECEIPT).read_bytes()


def copy_unless_same(pack: Path, target: PackPlace, say: Callable[[str], None]) -> Path | None:
    """Copy a pack and return the copy; None if it is there already."""
    if is_same(pack, target.pack):
        return None
    target.folder.mkdir(parents=True, exist_ok=True)
    # A drive that cannot be written to is reported as such here; the lock would advise another --out.
    target.lock.touch(LOCK_MODE)
    with locked(target.lock, str(target.pack)):
        copy_whole(pack, target, say)
    return target.pack


def copy_whole(pack: Path, target: PackPlace, say: Callable[[str], None]) -> None:
    """Copy a pack under a hidden name and rename it once every byte is there.

    Raises
    ------
    SettingsError
        If the copy is not what was copied.
    RequestError
        If what stands in its place is no pack, or staff have the earlier copy open.
    """
    recover(target, say)
    check_free(target, replace=True)
    try:
        copy_files(pack, target.building)
        check_copied(pack, target.building)
        put_in_place(target, say)
    finally:
        shutil.rmtree(target.building, ignore_errors=True)


def copy_files(pack: Path, copy: Path) -> None:
    """Copy what is handed over of a pack, not who may read it: the drive settles that."""
    copy.mkdir()
    for name in handed_over_of(pack):
        place = copy / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes((pack / name).read_bytes())


def handed_over_of(pack: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a pack that is handed over.

    The signs of an open workbook are not. Nor are the tables with names as CSV, most of a pack's files: whoever opens the copy has
    each of them in its workbook. The executed notebook is: by it a copy that was filled in is understood when all else is lost.
    """
    stays = () if read_receipt(pack).paper.is_published else (f"{TABLES}/",)
    return {
        name: sha for name, sha in hashes_below(pack).items() if not name.startswith((*OPEN_FILES, *stays))
    }


def check_copied(pack: Path, copy: Path) -> None:
    """Refuse a copy that differs from the pack, as one to a failing drive may.

    Raises
    ------
    SettingsError
        If any file differs.
    """
    if hashes_below(copy) != handed_over_of(pack):
        raise SettingsError(
            f"{pack.name} was not handed over: the copy differs from the pack. Check the drive; the next run tries again."
        )
