"""A private folder for all that is written on the way, gone when the block ends; one of a killed command goes with the next."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attendance_lib.lock import release, take
from attendance_lib.reports.files import PRIVATE_FOLDER

PREFIX = "attendance-"
LOCK = ".lock"
# Apart from the lock, which must be there for as long as anything else is.
WORK = "work"


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that only this account may enter, and let Python put every temporary file of the block there.

    Raises
    ------
    OSError
        If there is no folder for temporary files that can be written to.
    """
    outer = tempfile.tempdir
    clear_left(Path(tempfile.gettempdir()))
    folder, descriptor = make_locked()
    tempfile.tempdir = str(folder / WORK)
    try:
        (folder / WORK).mkdir(PRIVATE_FOLDER)
        yield folder / WORK
    finally:
        tempfile.tempdir = outer
        clear(folder, descriptor)


def make_locked() -> tuple[Path, int]:
    """Return a new folder and the descriptor that holds its lock."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    # Between making and locking it, another run may take it for one that was left behind and remove it.
    with suppress(FileNotFoundError):
        descriptor = take(folder / LOCK)
        if descriptor is not None:
            return folder, descriptor
    return make_locked()


def clear_left(folder: Path) -> None:
    """Remove the scratch folders of commands that were killed: this account's, and their locks let go."""
    for left in folder.glob(f"{PREFIX}*"):
        # Another run may be removing it as well, and one that cannot be removed must not stop this run.
        with suppress(OSError):
            if is_own(left) and (left / LOCK).is_file():
                clear_unless_held(left)


def is_own(folder: Path) -> bool:
    """Whether a folder is this account's and not a link to another; without accounts, whether it is no link."""
    status = folder.lstat()
    return not folder.is_symlink() and (not hasattr(os, "getuid") or status.st_uid == os.getuid())


def clear_unless_held(folder: Path) -> None:
    """Remove a scratch folder unless a command holds its lock."""
    descriptor = take(folder / LOCK)
    if descriptor is not None:
        clear(folder, descriptor)


def clear(folder: Path, descriptor: int) -> None:
    """Remove a scratch folder whose lock is held: the lock last, by which another command would know it for one left behind."""
    shutil.rmtree(folder / WORK, ignore_errors=True)
    release(folder / LOCK, descriptor)
    shutil.rmtree(folder, ignore_errors=True)
