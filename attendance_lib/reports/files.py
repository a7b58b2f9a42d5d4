"""Files that a run writes: their hashes, who may read them, and what to say where a disk is full."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir
from typing import TextIO

# How the names begin of what spreadsheets leave beside a workbook while somebody has it open.
OPEN_FILES = ("~$", ".~lock.")
# Names are for the account that makes the packs; what is published is as readable as the account makes any file.
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
ANY_FOLDER, ANY_FILE = 0o777, 0o666


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hashes_below(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file at any depth in a folder, by its path within it, in order of path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def private_file(path: Path) -> TextIO:
    """Open a text file for writing that only this account may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")


def set_modes(folder: Path, *, is_published: bool) -> None:
    """Let only this account read a folder and all in it, or, if it is published, whoever may read its other files."""
    mask = umask() if is_published else ANY_FOLDER - PRIVATE_FOLDER
    for path in (folder, *folder.rglob("*")):
        # A drive without such modes, such as a memory stick, refuses them: who may read it is settled elsewhere.
        with suppress(PermissionError, NotImplementedError):
            path.chmod((ANY_FOLDER if path.is_dir() else ANY_FILE) & ~mask)


def umask() -> int:
    """Return which rights the account withholds from others; the system tells only when it is set."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def naming(folder: Path) -> Iterator[None]:
    """Let an error of the operating system in the block that names no file, as of a full disk, name what was written to.

    That is the folder, or the one of temporary files if it is on another disk that has less space.

    Raises
    ------
    OSError
        That of the block, with a name.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(fuller(folder, Path(gettempdir())))
        raise


def fuller(folder: Path, other: Path) -> Path:
    """Return which of two folders is, or would be, on the disk with less space; the first if both are on one.

    Of one disk is not asked twice: what others write meanwhile would make it seem the fuller.
    """
    here, there = (
        next((path for path in (each, *each.parents) if path.exists()), each) for each in (folder, other)
    )
    if disk_of(here) == disk_of(there):
        return folder
    return other if free_space(there) < free_space(here) else folder


def disk_of(folder: Path) -> int:
    """Return the number that the system gives the disk on which a folder is."""
    return folder.stat().st_dev


def free_space(folder: Path) -> int:
    """Return the free bytes of the disk on which a folder is."""
    return shutil.disk_usage(folder).free
