"""The pack's folder: built out of sight, put in place whole, and nothing that staff wrote is lost."""

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from attendance_lib.errors import RequestError
from attendance_lib.lock import locked
from attendance_lib.reports.kept import Made, clear, made_with
from attendance_lib.reports.parameters import COMMON
from attendance_lib.reports.period import Period
from attendance_lib.reports.receipt import RECEIPT, Receipt

KEPT = "kept"


@dataclass(frozen=True)
class PackPlace:
    """Where a pack goes: ``folder`` of packs of one report of one school, ``name`` of the pack within it."""

    folder: Path
    name: str

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


def slug(text: str) -> str:
    """Return text as a folder name: lower case, plain letters and digits, hyphens between.

    Examples
    --------
    >>> slug("St Mary's C.E. School"), slug("École Ségolène"), slug("year_7")
    ('st-marys-c-e-school', 'ecole-segolene', 'year_7')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")


def report_folder(out: Path, school: tuple[str, str], report: str) -> Path:
    """Return the folder of one report's packs of one school, given as its name and URN.

    The URN is in the name because schools of a trust may share a name.

    Examples
    --------
    >>> report_folder(Path("outputs"), ("Larkmoor Academy", "990001"), "fortnightly").as_posix()
    'outputs/larkmoor-academy-990001/fortnightly'
    """
    name, urn = school
    return out / f"{slug(name)}-{urn}".strip("-") / report


def pack_name(period: Period, cohort: str, whole_school: str) -> str:
    """Return a pack's folder name: its period, and the cohort unless it is the whole school."""
    return period.name if cohort == whole_school else f"{period.name}_{slug(cohort)}"


def named_apart(name: str, values: Mapping[str, object]) -> str:
    """Return a pack's folder name with the values of its notebook's own parameters that are not the defaults.

    Examples
    --------
    >>> named_apart("2026-11-09_2026-11-20", {"intervention": "Breakfast club", "tier": 2})
    '2026-11-09_2026-11-20_intervention-breakfast-club_tier-2'
    """
    return "_".join([name, *(f"{slug(parameter)}-{slug(str(value))}" for parameter, value in values.items())])


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
def building(place: PackPlace, *, replace: bool, say: Callable[[str], None]) -> Iterator[Path]:
    """Give an empty folder to build a pack in, and put it in place when the block ends well.

    What staff filled in or put into the earlier pack is kept and ``say`` is told where. When the block raises, the
    earlier pack, if any, is as it was. What a killed run left behind is cleared first.
    """
    with locked(place.lock, str(place.pack)):
        recover(place, say)
        check_free(place, replace=replace)
        place.building.mkdir()
        try:
            yield place.building
            put_in_place(place, say)
        finally:
            shutil.rmtree(place.building, ignore_errors=True)
    place.failed.unlink(missing_ok=True)


def recover(place: PackPlace, say: Callable[[str], None], made: Made | None = None) -> None:
    """Clear what a killed run left behind; an earlier pack that it had moved aside goes back."""
    if place.replaced.exists() and not place.pack.exists():
        place.replaced.rename(place.pack)
    clear_replaced(place, say, made)
    if place.building.exists():
        shutil.rmtree(place.building)


def clear_replaced(place: PackPlace, say: Callable[[str], None], made: Made | None = None) -> None:
    """Remove the earlier pack that was moved aside, after keeping what it was not ``made`` with (by its receipt)."""
    if place.replaced.exists():
        clear(place.replaced, made_with(place.replaced) if made is None else made, place.kept, say)


def put_in_place(place: PackPlace, say: Callable[[str], None], made: Made | None = None) -> None:
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
    clear_replaced(place, say, made)


def own_values(receipt: Receipt) -> dict[str, object]:
    """Return the parameters of a pack that its notebook declares beyond the common ones."""
    return {name: value for name, value in receipt.parameters.items() if name not in COMMON}
