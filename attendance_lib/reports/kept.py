"""What staff put or wrote into a pack's folder outlives the pack: it is moved to ``kept`` before the folder goes."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from attendance_lib.errors import RequestError
from attendance_lib.reports.files import OPEN_FILES, sha256
from attendance_lib.reports.receipt import RECEIPT, read_receipt

FILES_OF_CHECK = ("check.html", "check.xlsx")
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
    """Remove a pack's folder: what it was made with is deleted, everything else is first moved to ``kept`` and told.

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
                    f"{told(folder, path, made)}: it is kept as {move(path, kept / path.relative_to(folder))}."
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
    """Whether a file is a sign that somebody has a workbook open, or one of a file manager's own."""
    return path.name.startswith(OPEN_FILES) or path.name in LEFT_BY_SYSTEMS


def is_as_made(folder: Path, path: Path, made: Made) -> bool:
    """Whether a file is one that its folder was made with, unchanged."""
    name = path.relative_to(folder).as_posix()
    return name in made and not path.is_symlink() and made[name] in (None, sha256(path))


def told(folder: Path, path: Path, made: Made) -> str:
    """Return what is said of a file that is kept."""
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
