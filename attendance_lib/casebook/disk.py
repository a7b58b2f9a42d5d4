"""The casebook's file: read whole, changed in memory, written beside and put in place by one rename, under a lock of ours."""

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from attendance_lib.casebook.chain import Store, empty_store
from attendance_lib.casebook.opening import open_store
from attendance_lib.errors import CasebookError
from attendance_lib.lock import HeldError, locked

Result = TypeVar("Result")
WAITS, PAUSE = 600, 0.1  # a minute, in seconds
TRIES = 5
PRIVATE, PRIVATE_FOLDER = 0o600, 0o700


@dataclass(frozen=True)
class BookFile:
    """Where a casebook lies, and the URNs of its school: the present one first."""

    path: Path
    urns: tuple[str, ...]

    def read(self) -> Store:
        """Return the casebook, an empty one where there is no file.

        Raises
        ------
        CasebookError
            If it cannot be used as it is.
        """
        return self.opened(self.content())

    def content(self) -> bytes | None:
        """Return the file's bytes; None if there is no file."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CasebookError(
                f"{self.path} cannot be read ({error.strerror}). Check the drive and your rights to it."
            ) from None

    def opened(self, content: bytes | None) -> Store:
        """Return the casebook that bytes hold."""
        return (
            empty_store(self.urns[0]) if content is None else open_store(content, str(self.path), self.urns)
        )

    def change(self, work: Callable[[Store], Result]) -> Result:
        """Do work on the casebook and put what came of it in place; nothing is written if nothing was added.

        The work is done again where another machine changed the file meanwhile, as a synced folder lets it.

        Raises
        ------
        CasebookError
            If the file cannot be used, cannot be written, or changes all the time.
        HeldError
            If another run holds it for a minute.
        """
        with self.held():
            for _ in range(TRIES):
                begun = self.content()
                store = self.opened(begun)
                result = work(store)
                if not store.is_changed:
                    return result
                if self.content() == begun:
                    self.put_in_place(store.to_bytes(), begun)
                    return result
        raise CasebookError(
            f"{self.path} is changed by another machine all the time. Wait until the folder is synced, then run this again."
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the casebook's own lock, waiting for whoever has it."""
        with contextlib.ExitStack() as stack:
            self.wait(stack)
            yield

    def wait(self, stack: contextlib.ExitStack) -> None:
        """Wait for the lock, and hold it until the stack is closed.

        Raises
        ------
        HeldError
            If another run still holds it after a minute.
        """
        for _ in range(WAITS):
            try:
                stack.enter_context(locked(self.lock, str(self.path)))
            except HeldError:
                time.sleep(PAUSE)
            else:
                return
        raise HeldError(f"{self.path} is in use by another run. Wait for it to end, then run this again.")

    @property
    def lock(self) -> Path:
        """The file that whoever changes the casebook holds."""
        return self.path.with_name(f".lock-{self.path.name}")

    @property
    def previous(self) -> Path:
        """The casebook as it was before the last change."""
        return self.path.with_name(f"{self.path.name}.previous")

    def put_in_place(self, content: bytes, before: bytes | None) -> None:
        """Write new bytes beside, make sure that they are on the disk, and rename; keep those from before.

        Raises
        ------
        CasebookError
            If the operating system refuses, as on a full disk; the casebook is then as it was.
        """
        try:
            if before is not None:
                write_whole(self.previous, before)
            write_whole(self.path, content)
        except OSError as error:
            raise CasebookError(
                f"{self.path} cannot be written ({error.strerror}); it is as it was. Make room, or close it in other programs, "
                "then run this again."
            ) from None

    def forks(self) -> list[Path]:
        """Return files beside the casebook that another machine, or a conflict of copies, made of it, by name."""
        name = re.compile(rf"{re.escape(self.path.stem)}[^0-9].*{re.escape(self.path.suffix)}")
        return sorted(
            path for path in self.path.parent.glob(f"*{self.path.suffix}") if name.fullmatch(path.name)
        )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, so that under its name there is always the old or the new one, whole."""
    beside = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(
            beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), PRIVATE
        )
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(PRIVATE)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make sure that a rename is on the disk, where the system can be asked to."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
