"""The pack's folder: built out of sight, put in place whole, and nothing that staff wrote is lost."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from attendance_lib.errors import RequestError
from attendance_lib.reports.files import PRIVATE_FOLDER, naming, set_modes, sha256
from attendance_lib.reports.lock import locked
from attendance_lib.reports.papers import Span, paper_of
from attendance_lib.reports.parameters import COMMON
from attendance_lib.reports.period import Period
from attendance_lib.reports.receipt import RECEIPT, Receipt, packs_in, read_receipt


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

    def kept(self, number: int) -> Path:
        """Return the folder of the workbook that was filled in before this pack was replaced for the nth time."""
        return self.folder / "kept" / f"{self.name}_{number}"

    @property
    def last_kept(self) -> Path | None:
        """The newest of those folders; None if this pack never had a filled-in workbook replaced."""
        number = self.next_number - 1
        return self.kept(number) if number else None

    @property
    def next_number(self) -> int:
        """The first number that no kept workbook of this pack has."""
        return next(number for number in count(1) if not self.kept(number).exists())


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

    A workbook that staff have filled in is kept and ``say`` is told where. When the block raises, the
    earlier pack, if any, is as it was. What a killed run left behind is cleared first. Only this account may
    read the pack, unless it is published.
    """
    with naming(place.folder), locked(place.lock, str(place.pack)):
        recover(place)
        check_free(place, replace=replace)
        with fresh(place) as folder:
            yield folder
            set_modes(folder, is_published=is_published)
            keep_filled_in(place, say)
            put_in_place(place)
    place.failed.unlink(missing_ok=True)


@contextmanager
def replacing(place: PackPlace) -> Iterator[Path]:
    """Give an empty folder to build in, which takes the earlier one's place, whatever it was, when the block ends well."""
    with naming(place.folder), locked(place.lock, str(place.pack)):
        recover(place)
        with fresh(place) as folder:
            yield folder
            set_modes(folder, is_published=False)
            put_in_place(place)


@contextmanager
def fresh(place: PackPlace) -> Iterator[Path]:
    """Give an empty folder that only this account may enter; whatever is left of it when the block ends is cleared."""
    place.building.mkdir(PRIVATE_FOLDER)
    try:
        yield place.building
    finally:
        shutil.rmtree(place.building, ignore_errors=True)


def recover(place: PackPlace) -> None:
    """Clear what a killed run left behind; an earlier pack that it had moved aside goes back."""
    if place.replaced.exists() and not place.pack.exists():
        place.replaced.rename(place.pack)
    for leftover in (place.replaced, place.building):
        if leftover.exists():
            shutil.rmtree(leftover)


def put_in_place(place: PackPlace) -> None:
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
    shutil.rmtree(place.replaced, ignore_errors=True)


def keep_filled_in(place: PackPlace, say: Callable[[str], None]) -> None:
    """Copy the earlier pack's workbook to ``kept`` if it was changed since it was made, and say so."""
    workbook = filled_in_workbook(place.pack)
    if workbook is None:
        return
    folder = place.kept(place.next_number)
    folder.mkdir(place.kept_mode, parents=True)
    shutil.copy2(workbook, folder)
    say(
        f"{workbook.name} had been filled in: that workbook is kept as {folder / workbook.name}. "
        "The next period's pack reads it, unless the new workbook is filled in too."
    )


def filled_in_workbook(pack: Path) -> Path | None:
    """Return a pack's workbook if it has changed since the pack was made; None if not, or if there is no pack."""
    if not (pack / RECEIPT).is_file():
        return None
    receipt = read_receipt(pack)
    path = pack / receipt.workbook
    return path if path.is_file() and sha256(path) != receipt.outputs.get(receipt.workbook) else None


def read_back_from(pack: Path) -> Path:
    """Return the folder whose workbook holds what staff last wrote in a pack.

    That is the pack's own, unless nobody has written in it since it replaced one that was filled in.
    """
    place = PackPlace(pack.parent, pack.name)
    return pack if filled_in_workbook(pack) or not place.last_kept else place.last_kept


def find_previous_pack(
    folder: Path, cohort: str, before: Period, values: Mapping[str, object] | None = None
) -> Path | None:
    """Return the latest earlier pack of a cohort; None if there is none.

    It also has the same ``values`` of its notebook's own parameters. Packs of periods that follow one another end
    before the period begins; those of a whole record end while it runs. Of packs that end on one day the one that
    begins last counts.

    Raises
    ------
    RequestError
        If a pack or its receipt cannot be read; to pass it over could lose what staff wrote in that pack.
    """
    found = []
    for pack in packs_in(folder):
        receipt = read_receipt(pack)
        if (
            receipt.cohort == cohort
            and own_values(receipt) == dict(values or {})
            and is_before(receipt, before)
        ):
            found.append((receipt.date_to, receipt.date_from, pack))
    return max(found)[-1] if found else None


def own_values(receipt: Receipt) -> dict[str, object]:
    """Return the parameters of a pack that its notebook declares beyond the common ones."""
    return {name: value for name, value in receipt.parameters.items() if name not in COMMON}


def is_before(receipt: Receipt, period: Period) -> bool:
    """Whether a pack's period ends before another begins; where both cover the whole record, before the other ends."""
    last = date.fromisoformat(receipt.date_to)
    if paper_of(receipt.report).span is Span.WHOLE_RECORD:
        return last < period.date_to
    return last < period.date_from
