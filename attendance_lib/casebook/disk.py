"""The casebook's file: read whole, changed in memory, written beside and put in place by one rename, under a lock of ours."""

import contextlib
import os
import re
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from attendance_lib.casebook.chain import (
    APPLICATION_ID,
    FORMAT,
    Entry,
    PrintedLine,
    Store,
    digest_of,
    empty_store,
    hash_of,
    printed_digest,
)
from attendance_lib.errors import CasebookError
from attendance_lib.lock import HeldError, locked

# Opening a casebook: refused, with the remedy, unless it is ours, whole, and every hash of its chain holds

REMEDY = (
    "Move it away and rename the file beside it that ends in .previous to its name; without one, move it away and run `attendance "
    "casebook accept-loss`: the next run then reads the packs and their workbooks anew."
)
# What a file that is not whole may raise while it is read: our own error is made of each.
DAMAGES = (
    sqlite3.Error,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    zlib.error,
    MemoryError,
)


def open_store(content: bytes, name: str, urns: tuple[str, ...]) -> Store:
    """Return a casebook from the bytes of its file, having checked all of it.

    Raises
    ------
    CasebookError
        If it is empty, damaged, of another school or of a newer version, with the remedy.

    Examples
    --------
    >>> open_store(b"", "casebook.sqlite", ("990001",))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.CasebookError: casebook.sqlite is empty: 0 bytes. Move it away ...
    >>> open_store(empty_store("990002").to_bytes(), "casebook.sqlite", ("990001",))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.CasebookError: casebook.sqlite is the casebook of the school with URN 990002, not of 990001. ...
    """
    if not content:
        raise CasebookError(f"{name} is empty: 0 bytes. {REMEDY}")
    try:
        store = _opened(content, name)
        faults = [] if is_known_whole(content) else list(faults_of(store))
        urn = store.meta["urn"]
    except DAMAGES as error:
        raise CasebookError(f"{name} is damaged ({type(error).__name__}). {REMEDY}") from None
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise CasebookError(f"{name} is damaged: {faults[0]}{more}. {REMEDY}")
    note_whole(content)
    if urn not in urns:
        raise CasebookError(
            f"{name} is the casebook of the school with URN {urn}, not of {urns[0]}. Move it to that school's folder; "
            "if it is the same school under an earlier number, name that number under school.formerly."
        )
    return store


# The digests of the contents that this process has checked, or has written itself: a paper opens the same casebook many times.
_WHOLE: set[bytes] = set()
MOST_KNOWN = 64


def is_known_whole(content: bytes) -> bool:
    """Whether this process has found these very bytes to be a casebook without faults, or has written them.

    Examples
    --------
    >>> content = empty_store("990001").to_bytes()  # no two casebooks begin alike, so this one is new
    >>> before = is_known_whole(content)
    >>> note_whole(content)
    >>> before, is_known_whole(content)
    (False, True)
    """
    return sha256(content).digest() in _WHOLE


def note_whole(content: bytes) -> None:
    """Remember that bytes are a casebook without faults."""
    if len(_WHOLE) >= MOST_KNOWN:
        _WHOLE.clear()
    _WHOLE.add(sha256(content).digest())


def _opened(content: bytes, name: str) -> Store:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(content)
    for setting in ("trusted_schema = OFF", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")
    told, version = (
        connection.execute(f"PRAGMA {each}").fetchone()[0] for each in ("application_id", "user_version")
    )
    if told == APPLICATION_ID and version > FORMAT:
        raise CasebookError(
            f"{name} was written by a newer version (format {version}; this version reads up to {FORMAT}). "
            "Update the attendance workbook, then run this again."
        )
    if (told, version) != (APPLICATION_ID, FORMAT) or schema_of(connection) != schema_of(
        empty_store("").connection
    ):
        raise ValueError(f"not the casebook's tables (application {told}, format {version})")
    return Store(connection)


def schema_of(connection: sqlite3.Connection) -> list[tuple]:
    """Return all tables, indexes and triggers, by name."""
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()


def faults_of(store: Store) -> Iterator[str]:
    """Yield what is wrong with a casebook: SQLite's own check, then every hash of the chain and what hangs on it.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft
    >>> store = empty_store("990001")
    >>> list(faults_of(store))
    []
    >>> said = store.add(Draft("set", "actions", "A1", "note", "rang"))
    >>> list(faults_of(store))  # nothing has ended the revision
    ['its last revision is not whole']
    """
    found = store.connection.execute("PRAGMA integrity_check").fetchall()
    yield from (f"SQLite says: {text}" for (text,) in found if text != "ok")
    if store.meta.get("format") != str(FORMAT):
        yield "its two numbers of the format differ"
    yield from _chain_faults(store)
    erased = erased_names(store.entries)
    yield from _printed_faults(store, erased)
    yield from _content_faults(store, erased)


def _chain_faults(store: Store) -> Iterator[str]:
    prev, erased = store.genesis, erased_names(store.entries)
    for number, entry in enumerate(store.entries, 1):
        is_empty = entry.salt is None and f"entry {number}" in erased
        content_holds = is_empty or entry.digest == digest_of(entry.salt, entry.base, entry.value, entry.raw)
        if (entry.entry, entry.prev, entry.hash) != (number, prev, hash_of(entry)) or not content_holds:
            yield f"entry {number} is not as it was written"
        prev = entry.hash
    if store.entries and store.entries[-1].kind != "revision":
        yield "its last revision is not whole"


def _printed_faults(store: Store, erased: frozenset[str]) -> Iterator[str]:
    lines = [PrintedLine(*row) for row in store.connection.execute("SELECT * FROM printed")]
    by_pack: dict[int, list[PrintedLine]] = {}
    for line in lines:
        by_pack.setdefault(line.pack, []).append(line)
        if not _is_as_printed(line, erased):
            yield f"row {line.token} printed by the pack of entry {line.pack} is not as it was written"
    yield from _pack_faults(store, by_pack)


def _pack_faults(store: Store, by_pack: dict[int, list[PrintedLine]]) -> Iterator[str]:
    packs = {entry.entry: entry.raw for entry in store.entries if entry.kind == "pack"}
    without_rows = {pack for pack, digest in packs.items() if digest == printed_digest([])}
    if packs.keys() != by_pack.keys() | without_rows:
        yield "a pack's rows are missing, or belong to no pack"
    for pack, rows in by_pack.items():
        if packs.get(pack) != printed_digest(rows):
            yield f"the rows printed by the pack of entry {pack} are not as they were written"


def _is_as_printed(line: PrintedLine, erased: frozenset[str]) -> bool:
    if line.salt is None and f"printed {line.pack} {line.token}" in erased:
        return True
    return line.digest == digest_of(line.salt, line.sheet, line.token, line.row_key, line.cells)


def _content_faults(store: Store, erased: frozenset[str]) -> Iterator[str]:
    held = {entry.entry: entry.raw for entry in store.entries if entry.kind == "reading" and entry.raw}
    found = list(
        store.connection.execute("SELECT reading, sheets, salt, digest FROM content ORDER BY reading")
    )
    if held != {reading: digest for reading, _, _, digest in found}:
        yield "the content of a file that was read is missing, or not as it was written"
    for reading, sheets, salt, digest in found:
        is_empty = salt is None and f"content {reading}" in erased
        if not is_empty and digest != digest_of(salt, sheets):
            yield f"the content read in entry {reading} is not as it was written"


def erased_names(entries: list[Entry]) -> frozenset[str]:
    r"""Return the names of all things that erasures say they emptied.

    Examples
    --------
    >>> from attendance_lib.casebook.chain import Draft
    >>> told = empty_store("990001").add(Draft("erased", value="entry 3\nprinted 1 007"))
    >>> sorted(erased_names([told]))
    ['entry 3', 'printed 1 007']
    """
    told = "\n".join(entry.value or "" for entry in entries if entry.kind == "erased")
    return frozenset(told.split("\n")) - {""}


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

        Examples
        --------
        >>> store = BookFile(Path("no/such/casebook.sqlite"), ("990001", "100001")).read()
        >>> store.meta["urn"], store.revision  # begun under the school's present number
        ('990001', 0)
        """
        return self.opened(self.content())

    def content(self) -> bytes | None:
        """Return the file's bytes; None if there is no file.

        Raises
        ------
        CasebookError
            If it is there and cannot be read.
        """
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
                    after = store.to_bytes()
                    self.put_in_place(after, begun)
                    note_whole(after)
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
        """The file that whoever changes the casebook holds.

        Examples
        --------
        >>> BookFile(Path("990001.casebook"), ("990001",)).lock.name
        '.lock-990001.casebook'
        """
        return self.path.with_name(f".lock-{self.path.name}")

    @property
    def previous(self) -> Path:
        """The casebook as it was before the last change.

        Examples
        --------
        >>> BookFile(Path("990001.casebook"), ("990001",)).previous.name
        '990001.casebook.previous'
        """
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
        """Return files beside the casebook that another machine, or a conflict of copies, made of it, by name.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ("990001.casebook", "990001 (Office PC).casebook", "9900012.casebook"):
        ...         (Path(folder) / name).touch()
        ...     [path.name for path in BookFile(Path(folder) / "990001.casebook", ("990001",)).forks()]
        ['990001 (Office PC).casebook']
        """
        name = re.compile(rf"{re.escape(self.path.stem)}[^0-9].*{re.escape(self.path.suffix)}")
        return sorted(
            path for path in self.path.parent.glob(f"*{self.path.suffix}") if name.fullmatch(path.name)
        )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, so that under its name there is always the old or the new one, whole.

    Raises
    ------
    OSError
        If it cannot be written; the old one is then as it was.
    """
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


REFERENCE = re.compile(r"(.+?)(?:@([0-9]+))?")


def find_casebook(folders: Iterable[Path], urns: tuple[str, ...]) -> Path:
    """Return the path of a school's casebook: the first one there is, else where the first folder will have it.

    Parameters
    ----------
    folders : iterable of pathlib.Path
        The folders of the school's packs, under its present name first.
    urns : tuple of str
        Its numbers, the present one first.

    Examples
    --------
    >>> find_casebook([Path("no/such/folder")], ("990001",)).as_posix()
    'no/such/folder/casebook-990001.sqlite'
    """
    places = places_in(folders, urns)
    return next((place for place in places if place.exists()), places[0])


def places_in(folders: Iterable[Path], urns: tuple[str, ...]) -> list[Path]:
    """Return where casebooks of a school may lie, whichever of its names and numbers they were begun under.

    Examples
    --------
    >>> [place.as_posix() for place in places_in([Path("outputs/larkmoor")], ("990001", "100001"))]
    ['outputs/larkmoor/casebook-990001.sqlite', 'outputs/larkmoor/casebook-100001.sqlite']
    """
    return [folder / f"casebook-{urn}.sqlite" for folder in folders for urn in urns]


def reference_to(path: str, revision: int) -> str:
    """Return how a report's parameter names a casebook at a revision; empty where nothing is known yet.

    Examples
    --------
    >>> reference_to("outputs/larkmoor-990001/casebook-990001.sqlite", 12), reference_to("casebook.sqlite", 0)
    ('outputs/larkmoor-990001/casebook-990001.sqlite@12', '')
    """
    return f"{path}@{revision}" if revision else ""


def named_in(reference: str) -> tuple[str, int | None]:
    """Return the path and the revision of a reference; None where it names none and the last is meant.

    Examples
    --------
    >>> named_in("a@b/casebook-990001.sqlite@12"), named_in("casebook-990001.sqlite")
    (('a@b/casebook-990001.sqlite', 12), ('casebook-990001.sqlite', None))
    """
    path, revision = REFERENCE.fullmatch(reference.strip()).groups()
    return path, None if revision is None else int(revision)
