"""The pack's folder: built out of sight, put in place whole, and nothing that staff wrote is lost."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from attendance_lib.errors import RequestError
from attendance_lib.lock import HeldError, locked
from attendance_lib.reports.files import OPEN_FILES, PRIVATE_FOLDER, naming, set_modes, sha256
from attendance_lib.reports.papers import CHECK
from attendance_lib.reports.parameters import COMMON
from attendance_lib.reports.receipt import RECEIPT, Receipt, read_receipt

# What staff put or wrote into a pack's folder outlives the pack: it is moved to ``kept`` before the folder goes

FILES_OF_CHECK = (f"{CHECK.name}.html", f"{CHECK.name}.xlsx")
# Hidden, since nobody looks for it: what the files of a check were made as, as a receipt says it of a pack's.
MADE_AS = ".made.json"
# What file managers leave in every folder that somebody looks into; nobody wrote it.
LEFT_BY_SYSTEMS = (".DS_Store", "Thumbs.db", "desktop.ini")

# Each file that a folder was made with, by its path within it, and its SHA-256; None where any content is ours.
Made = Mapping[str, str | None]


def made_with(pack: Path) -> Made:
    """Return what a pack was made with, by its receipt; nothing if that cannot be read, so that all of it is kept."""
    if not (pack / RECEIPT).exists():
        return check_made_with(pack)
    try:
        return read_receipt(pack).outputs | {RECEIPT: None}
    except RequestError:
        return {}


def check_made_with(folder: Path) -> Made:
    """Return what a check of the exports, which has no receipt, was made with; of an older one its files whatever they hold."""
    if not (folder / MADE_AS).exists():
        return dict.fromkeys(FILES_OF_CHECK)
    try:
        made = json.loads((folder / MADE_AS).read_bytes())
        return {name: str(made[name]) for name in FILES_OF_CHECK} | {MADE_AS: None}
    except (OSError, ValueError, TypeError, LookupError):
        return {MADE_AS: None}


def note_made(folder: Path) -> None:
    """Note in a check's folder what its files were made as, so that one which somebody wrote into is known."""
    made = {name: sha256(folder / name) for name in FILES_OF_CHECK}
    (folder / MADE_AS).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def clear_pack(folder: Path, kept: Path, say: Callable[[str], None], mode: int) -> None:
    """Remove a pack's folder: what it was made with is deleted, everything else is first moved to ``kept`` and reported.

    Parameters
    ----------
    folder : pathlib.Path
        The folder to remove.
    kept : pathlib.Path
        A folder beside it, on the same drive, that is not there yet.
    say : callable
        Told of each file that is kept, and of what could not be moved, which then stays where it is.
    mode : int
        Who may enter ``kept``.

    Notes
    -----
    Files are renamed one by one and only what the receipt knows is deleted, so a kill at any moment loses nothing.
    """
    made = made_with(folder)
    try:
        for path in list(files_in(folder)):
            if is_left_by_programs(path) or is_as_made(folder, path, made):
                path.unlink()
            else:
                kept.mkdir(mode, parents=True, exist_ok=True)
                say(
                    f"{why_kept(folder, path, made)}: it is kept as {move(path, kept / path.relative_to(folder))}."
                )
        remove_empty(folder)
    except OSError as error:
        say(
            f"{error.filename} could not be moved to {kept} ({error.strerror}). Close it in other programs; "
            "the next run tries again."
        )


def files_in(folder: Path) -> Iterator[Path]:
    """Yield every file at any depth in a folder, and every link as the link it is; the receipt, which tells them apart, last."""
    found = sorted(folder.rglob("*"), key=lambda path: (path == folder / RECEIPT, path))
    return (path for path in found if path.is_symlink() or not path.is_dir())


def is_left_by_programs(path: Path) -> bool:
    """Whether a file is a sign that somebody has a workbook open, or one of a file manager's own.

    Examples
    --------
    >>> [is_left_by_programs(Path(name)) for name in ("~$fortnightly.xlsx", "Thumbs.db", "minutes.docx")]
    [True, True, False]
    """
    return path.name.startswith(OPEN_FILES) or path.name in LEFT_BY_SYSTEMS


def is_as_made(folder: Path, path: Path, made: Made) -> bool:
    """Whether a file is one that its folder was made with, unchanged."""
    name = path.relative_to(folder).as_posix()
    return name in made and not path.is_symlink() and made[name] in (None, sha256(path))


def why_kept(folder: Path, path: Path, made: Made) -> str:
    """Return what is said of a file that is kept.

    Examples
    --------
    >>> folder = Path("outputs/a")
    >>> why_kept(folder, folder / "fortnightly.xlsx", {"fortnightly.xlsx": "made"}), why_kept(folder, folder / "my notes.docx", {})
    ('fortnightly.xlsx had been filled in', 'my notes.docx is not part of the pack')
    """
    name = path.relative_to(folder).as_posix()
    if name not in made:
        return f"{name} is not part of the pack"
    return f"{name} had been {'filled in' if path.suffix == '.xlsx' else 'changed'}"


def move(path: Path, target: Path) -> Path:
    """Move a file where none is yet, and return where it is now."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path.rename(target)
    return target


def remove_empty(folder: Path) -> None:
    """Remove a folder and the folders in it, all of which must be empty by now."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir()
    if folder.exists():
        folder.rmdir()


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
        """The hidden folder in which the pack is built.

        Examples
        --------
        >>> PackPlace(Path("impact"), "2026-11-09_2026-11-20").building.as_posix()
        'impact/.building-2026-11-09_2026-11-20'
        """
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
        """The executed notebook of a run that failed, with the failing cell.

        Examples
        --------
        >>> PackPlace(Path("impact"), "2026-11-09_2026-11-20").failed.as_posix()  # beside the pack: of a failed run there is none
        'impact/2026-11-09_2026-11-20.failed.ipynb'
        """
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


def check_not_open(place: PackPlace) -> None:
    """Refuse to replace a pack of which somebody has a workbook open: what is typed there would be saved nowhere.

    Raises
    ------
    RequestError
        If a spreadsheet's sign of an open file lies beside a workbook, with what to do.
    """
    signs = sorted(path.name for path in place.pack.rglob("*") if path.name.startswith(OPEN_FILES))
    if signs:
        raise RequestError(
            f"{place.pack} is not replaced: {signs[0]} says that somebody has the workbook open. Close it there and run again; "
            f"if nobody has it open, delete that file."
        )


@contextmanager
def building(
    place: PackPlace, *, replace: bool, say: Callable[[str], None], is_published: bool = False
) -> Iterator[Path]:
    """Give an empty folder to build a pack in, and put it in place when the block ends well.

    What staff filled in or put into the earlier pack is kept and ``say`` gets the place. When the block raises, the
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

    What somebody put into the earlier one is kept, and ``say`` gets the place.
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
    """Return the parameters of a pack that its notebook declares beyond the common ones.

    Examples
    --------
    >>> own_values(Receipt("impact", {}, "2026-11-09", "2026-11-20", "all", {"cohort": "all", "tier": 2}, {}, {}, [], {}, []))
    {'tier': 2}
    """
    return {name: value for name, value in receipt.parameters.items() if name not in COMMON}


# What killed runs left behind: half-made packs with names in them, and packs moved aside that nobody would find

LEFTOVERS = (".building-", ".replaced-", ".lock-")


def recover_below(school: Path, say: Callable[[str], None]) -> None:
    """Clear what killed runs of any report left in a school's folder, and put back packs that they had moved aside.

    What staff had put into a pack that was being replaced is kept, and ``say`` gets the place. What another run is making is
    left to it.
    """
    for place in left_behind(school):
        try:
            with locked(place.lock, str(place.pack)):
                recover(place, say)
        except HeldError:
            continue


def left_behind(school: Path) -> list[PackPlace]:
    """Return the places of packs beside which a run has left anything, or is at work."""
    found = {
        PackPlace(path.parent, path.name.removeprefix(sign))
        for sign in LEFTOVERS
        for path in school.glob(f"*/{sign}*")
    }
    return sorted(found, key=lambda place: place.pack)
