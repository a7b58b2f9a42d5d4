"""The pack's folder: built out of sight, put in place whole, and nothing that staff wrote is lost."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from attendance_lib.errors import RequestError
from attendance_lib.lock import locked
from attendance_lib.reports.files import PRIVATE_FOLDER, naming, set_modes
from attendance_lib.reports.kept import clear_pack
from attendance_lib.reports.parameters import COMMON
from attendance_lib.reports.receipt import RECEIPT, Receipt

KEPT = "kept"


@dataclass(frozen=True)
class PackPlace:
    """Where a pack goes: ``folder`` of packs of one report of one school, ``name`` of the pack within it.

    ``kept_mode`` says who may enter the folder of a workbook that was filled in.
    """

    folder: Path
    name: str
    kept_mode: int = PRIVATE_FOLDER

    @property
    def pack(self) -> Path:
        """The pack's own folder."""
        return self.folder / self.name

    @property
    def building(self) -> Path:
        """The hidden folder in which the pack is built."""
        return self.folder / f".building-{self.name}"

    @property
    def replaced(self) -> Path:
        """The hidden folder that holds the earlier pack while the new one takes its place."""
        return self.folder / f".replaced-{self.name}"

    @property
    def lock(self) -> Path:
        """The file that a run holds while it makes this pack."""
        return self.folder / f".lock-{self.name}"

    @property
    def failed(self) -> Path:
        """The executed notebook of a run that failed, with the failing cell."""
        return self.folder / f"{self.name}.failed.ipynb"

    @property
    def kept(self) -> Path:
        """The first folder not there yet for what staff put into this pack before it is replaced."""
        folders = (self.folder / KEPT / f"{self.name}_{number}" for number in count(1))
        return next(folder for folder in folders if not folder.exists())


def check_free(place: PackPlace, *, replace: bool) -> None:
    """Refuse a pack that is already there, unless it is to be replaced.

    Raises
    ------
    RequestError
        If the folder exists and ``replace`` is false, or if it is not a pack at all.
    """
    if place.pack.exists() and not replace:
        raise RequestError(f"{place.pack} is already there. Add --replace to make it again.")
    if place.pack.exists() and not (place.pack / RECEIPT).is_file():
        raise RequestError(f"{place.pack} has no {RECEIPT}, so it is not a pack. Move it away.")


@contextmanager
def building(
    place: PackPlace, *, replace: bool, say: Callable[[str], None], is_published: bool = False
) -> Iterator[Path]:
    """Give an empty folder to build a pack in, and put it in place when the block ends well.

    What staff filled in or put into the earlier pack is kept and ``say`` is told where. When the block raises, the
    earlier pack, if any, is as it was. What a killed run left behind is cleared first. Only this account may
    read the pack, unless it is published.
    """
    with naming(place.folder), locked(place.lock, str(place.pack)):
        recover(place, say)
        check_free(place, replace=replace)
        with fresh(place) as folder:
            yield folder
            set_modes(folder, is_published=is_published)
            put_in_place(place, say)
    place.failed.unlink(missing_ok=True)


@contextmanager
def replacing(place: PackPlace, say: Callable[[str], None]) -> Iterator[Path]:
    """Give an empty folder to build in, which takes the earlier one's place, whatever it was, when the block ends well.

    What somebody put into the earlier one is kept, and ``say`` is told where.
    """
    with naming(place.folder), locked(place.lock, str(place.pack)):
        recover(place, say)
        with fresh(place) as folder:
            yield folder
            set_modes(folder, is_published=False)
            put_in_place(place, say)


@contextmanager
def fresh(place: PackPlace) -> Iterator[Path]:
    """Give an empty folder that only this account may enter; whatever is left of it when the block ends is cleared."""
    place.building.mkdir(PRIVATE_FOLDER)
    try:
        yield place.building
    finally:
        shutil.rmtree(place.building, ignore_errors=True)


def recover(place: PackPlace, say: Callable[[str], None]) -> None:
    """Clear what a killed run left behind; an earlier pack that it had moved aside goes back."""
    if place.replaced.exists() and not place.pack.exists():
        place.replaced.rename(place.pack)
    clear_replaced(place, say)
    if place.building.exists():
        shutil.rmtree(place.building)


def clear_replaced(place: PackPlace, say: Callable[[str], None]) -> None:
    """Remove the earlier pack that was moved aside, after keeping whatever it was not made with."""
    if place.replaced.exists():
        clear_pack(place.replaced, place.kept, say, place.kept_mode)


def put_in_place(place: PackPlace, say: Callable[[str], None]) -> None:
    """Rename the built folder to the pack's name; on any failure the earlier pack is back as it was.

    Raises
    ------
    RequestError
        If the operating system refuses, as Windows does while a file of the pack is open.
    """
    try:
        if place.pack.exists():
            place.pack.rename(place.replaced)
        place.building.rename(place.pack)
    except OSError as error:
        if place.replaced.exists() and not place.pack.exists():
            place.replaced.rename(place.pack)
        raise RequestError(
            f"{place.pack} cannot be written ({error.strerror}). Close its files in other programs and run this again."
        ) from None
    clear_replaced(place, say)


def own_values(receipt: Receipt) -> dict[str, object]:
    """Return the parameters of a pack that its notebook declares beyond the common ones."""
    return {name: value for name, value in receipt.parameters.items() if name not in COMMON}
