"""Copy finished packs to the folders that the school file names: whole, each once, and no names among the published."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import DisclosureError, SettingsError
from attendance_lib.reports.files import OPEN_FILES, hashes_below
from attendance_lib.reports.pack import PackPlace, check_free, keep_filled_in, put_in_place, recover
from attendance_lib.reports.papers import paper_of
from attendance_lib.reports.receipt import RECEIPT, read_receipt
from attendance_lib.reports.tables_index import read_index

if TYPE_CHECKING:
    from attendance_lib.intake.settings import Settings

OPEN_WORKBOOKS = tuple(f"{sign}*" for sign in OPEN_FILES)


@dataclass(frozen=True)
class HandOver:
    """Copies packs of ``out`` to the school's folders, in the same order of school, report and period as there."""

    settings: "Settings"
    out: Path
    say: Callable[[str], None]

    def copy(self, pack: Path) -> Path | None:
        """Copy a pack, unless it is there already; return the copy, None if there was nothing to copy.

        A copy of an earlier making gives way; a workbook filled in there is kept beside it.

        Raises
        ------
        SettingsError
            If the folder is not there or cannot be written to.
        DisclosureError
            If a pack to be published holds a personal column.
        """
        folder = self.folder_for(pack)
        if folder is None:
            return None
        target = PackPlace(folder / pack.parent.relative_to(self.out), pack.name)
        if is_same(pack, target.pack):
            return None
        try:
            copy_whole(pack, target, self.say)
        except OSError as error:
            raise SettingsError(
                f"{pack.name} was not handed over: {target.folder} cannot be written to ({error.strerror}). "
                "Check the drive; the next run tries again."
            ) from None
        return target.pack

    def folder_for(self, pack: Path) -> Path | None:
        """Return the folder that a pack is copied to; None if the school file names none for its sort.

        Raises
        ------
        SettingsError
            If the folder is not there, or a published pack would lie among packs with names.
        """
        published = paper_of(read_receipt(pack).report).is_published
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


def copy_whole(pack: Path, target: PackPlace, say: Callable[[str], None]) -> None:
    """Copy a pack under a hidden name and rename it once every byte is there.

    Raises
    ------
    SettingsError
        If the copy is not what was copied.
    RequestError
        If what stands in its place is no pack, or staff have the earlier copy open.
    """
    target.folder.mkdir(parents=True, exist_ok=True)
    recover(target)
    check_free(target, replace=True)
    try:
        shutil.copytree(pack, target.building, ignore=shutil.ignore_patterns(*OPEN_WORKBOOKS))
        check_copied(pack, target.building)
        keep_filled_in(target, say)
        put_in_place(target)
    finally:
        shutil.rmtree(target.building, ignore_errors=True)


def check_copied(pack: Path, copy: Path) -> None:
    """Refuse a copy that differs from the pack, as one to a failing drive may.

    Raises
    ------
    SettingsError
        If any file differs.
    """
    copied = hashes_below(copy)
    whole = {name: sha for name, sha in hashes_below(pack).items() if not name.startswith(OPEN_FILES)}
    if copied != whole:
        raise SettingsError(
            f"{pack.name} was not handed over: the copy differs from the pack. Check the drive; the next run tries again."
        )
