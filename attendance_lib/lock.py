"""One run of a pack at a time, by a lock that the operating system lets go when a run ends, however it ends."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attendance_lib.errors import RequestError

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt


# Only this account opens a lock file, or another could hold up its runs by reading it.
LOCK_MODE = 0o600
HELD = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}


class HeldError(RequestError):
    """Another run holds the lock."""


@contextmanager
def locked(path: Path, what: str) -> Iterator[None]:
    """Hold the lock file for the block.

    Raises
    ------
    HeldError
        If another run holds it.
    RequestError
        If its folder cannot be written to.
    """
    descriptor = take(in_folder(path))
    if descriptor is None:
        raise HeldError(f"{what} is being made by another run. Wait for it to end, then run this again.")
    try:
        yield
    finally:
        release(path, descriptor)


def is_held(path: Path) -> bool:
    """Whether another run holds the lock file now."""
    if not path.exists():
        return False
    descriptor = take(path)
    if descriptor is not None:
        release(path, descriptor)
    return descriptor is None


def in_folder(path: Path) -> Path:
    """Return a path whose folder exists and can be written to, having made it if need be.

    Raises
    ------
    RequestError
        If the system refuses to write there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(LOCK_MODE)
    except OSError as error:
        raise RequestError(
            f"{path.parent} cannot be written to ({error.strerror}). Choose another folder with --out."
        ) from None
    return path


def take(path: Path) -> int | None:
    """Return a descriptor that holds the lock; None if another run does.

    Raises
    ------
    OSError
        If the system refuses the file, or its drive knows no locks.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, LOCK_MODE)
    try:
        lock(descriptor)
    except OSError as error:
        os.close(descriptor)
        if error.errno in HELD:
            return None
        error.filename = str(path)
        raise
    if is_same_file(path, descriptor):
        return descriptor
    # The run before removed the file between our opening and our locking it: the lock is on nothing.
    os.close(descriptor)
    return take(path)


def is_same_file(path: Path, descriptor: int) -> bool:
    """Whether a path still leads to the open file."""
    return path.exists() and os.path.samestat(path.stat(), os.fstat(descriptor))


def lock(descriptor: int) -> None:
    """Lock an open file, or raise OSError at once."""
    if os.name == "nt":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def release(path: Path, descriptor: int) -> None:
    """Let the lock go and remove its file: before closing where an open file can be removed, else after."""
    if os.name != "nt":
        path.unlink(missing_ok=True)
    os.close(descriptor)
    if os.name == "nt":
        remove_unless_open(path)


def remove_unless_open(path: Path) -> None:
    """Remove a file that another run may have opened meanwhile, in which case it is that run's to remove."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return
