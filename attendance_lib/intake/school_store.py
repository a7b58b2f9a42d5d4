"""A school as it was last read, kept next to the packs so that its exports are read once; used only if nothing has changed.

It holds pupils' data, so only this account may read it. It is a help and never a need: what is damaged, of another version
or of other inputs is not used, and what cannot be written is left, without a word.
"""

import hashlib
import json
import os
import platform
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import mkstemp

import numpy as np
import pandas as pd
from pydantic import ConfigDict, TypeAdapter

import attendance_lib
from attendance_lib.errors import InputError
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.ledger import IntakeLog
from attendance_lib.intake.packed_tables import (
    PackedTable,
    UnpackableError,
    pack_table,
    readable_array,
    unpack_table,
)
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import export_files
from attendance_lib.rules.benchmarks import Benchmark

# Next to the packs, hidden: nobody looks for it. A report's kernel finds it by the variable.
STORE_FOLDER = ".exports_read"
STORE_VARIABLE = "ATTENDANCE_EXPORTS_READ"
PRIVATE_FOLDER = 0o700
# A few schools' worth, the oldest go: a school of 1,000 pupils takes 16 MB.
MAX_SCHOOLS, MAX_BYTES = 4, 400_000_000
SUFFIX, UNFINISHED = ".school", ".new-"

MAGIC = b"attendance: exports as read, 1\n\x00"
DIGEST_BYTES, LENGTH_BYTES, ALIGNMENT = 32, 8, 16
# What reads exports, and the packages by which it does: others may read them otherwise.
ROOMS = ("intake", "rules", "errors.py")
PACKAGES = ("numpy", "pandas", "pydantic", "python-calamine", "openpyxl")
# What of a school comes from the school file, which is read each time.
FROM_SETTINGS = ("settings", "calendar")
UNUSABLE = (OSError, ValueError, TypeError, LookupError, OverflowError, StopIteration)

# The school that a command read last, by its place in the store and its key: what is forked from the command has it too.
_HELD: dict[tuple[Path, str], School] = {}


@dataclass(frozen=True)
class Contents:
    """The head of a stored school: what it was read from (``key``), its arrays by type and bytes, and all else of it."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    key: str
    arrays: tuple[tuple[str, int], ...]
    tables: dict[str, PackedTable | None]
    log: IntakeLog
    benchmarks: tuple[Benchmark, ...]
    last_register_day: date | None


def open_school(
    settings: Settings, store: "SchoolStore | None", *, keeps: bool = False, holds: bool = False
) -> School:
    """Return a school from a store if it was read from the same inputs, else from its exports.

    Parameters
    ----------
    settings : Settings
        The school file, from ``load_settings``.
    store : SchoolStore or None
        Where it may be; None to read the exports in any case.
    keeps : bool
        Whether to put into the store what had to be read.
    holds : bool
        Whether to hold the school, in place of an earlier one, for who asks next in this process and those forked from it.

    Returns
    -------
    School
        The same, whichever way.

    Raises
    ------
    SettingsError
        If a path leads to no file.
    InputError
        If the exports are refused (see ``read_school``).
    """
    from attendance_lib.intake.school import read_school

    key = key_of(settings) if store else ""
    if not store or not key:
        return read_school(settings)
    place = (store.place(settings), key)
    if place in _HELD:
        return _under(settings, _HELD[place])
    if keeps:
        store.recover()
    found = store.find(settings, key)
    if found is None:
        found = read_school(settings)
        # What changed while it was read belongs to neither key.
        if (keeps or holds) and key_of(settings) != key:
            return found
        if keeps:
            store.keep(found, key)
    if holds:
        _HELD.clear()
        _HELD[place] = found
    return found


def key_of(settings: Settings) -> str:
    """Return the SHA-256 of all that a reading depends on: settings, every export, the library and its packages.

    Cohorts are not among it, since they choose among pupils that are read. Empty if an export cannot be read, which is the
    reading's to tell.
    """
    try:
        files = [(_below(str(path), settings), Export(path).sha256) for path in export_files(settings)]
    except (InputError, OSError):
        return ""
    versions = [attendance_lib.__version__, platform.python_version(), *map(_version, PACKAGES)]
    told = [MAGIC.decode(), library_hash(), versions, settings.model_dump(mode="json"), files]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


def library_hash() -> str:
    """Return the SHA-256 of the code that reads exports: its version alone does not distinguish commits."""
    library = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in _files_that_read(library):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(library).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _files_that_read(library: Path) -> list[Path]:
    """Return the code and the tables of the rooms and modules by which exports are read, in order."""
    places = [library / room for room in ROOMS]
    below = (path for place in places for path in (place, *place.rglob("*")))
    return sorted(path for path in below if path.suffix in (".py", ".csv"))


@dataclass(frozen=True)
class SchoolStore:
    """A folder with a file for each school file, which holds the school as last read."""

    folder: Path

    def place(self, settings: Settings) -> Path:
        """Return the file of a school, named after where its school file is."""
        where = hashlib.sha256(os.fsencode(settings.file.resolve())).hexdigest()
        return self.folder / f"{where[:32]}{SUFFIX}"

    def find(self, settings: Settings, key: str) -> School | None:
        """Return a school that was kept under a key; None if there is none, or none that can be used."""
        try:
            return unpacked(_own_bytes(self.place(settings)), key, settings)
        except UNUSABLE:
            return None

    def keep(self, school: School, key: str) -> None:
        """Keep a school under a key, in place of an earlier one; nothing comes of it where the system refuses."""
        with suppress(*UNUSABLE):
            content = packed(school, key)
            if len(content) <= MAX_BYTES:
                self._write(self.place(school.settings), content)
                _remove(self._beyond_bounds())

    def recover(self) -> None:
        """Remove what killed runs left half written; a run that is writing just now does without, no worse off than before."""
        with suppress(OSError):
            _remove(self.folder.glob(f"{UNFINISHED}*"))

    def forget(self, settings: Settings) -> bool:
        """Remove what is kept of a school; return whether there was anything.

        Raises
        ------
        OSError
            If the system refuses.
        """
        place = self.place(settings)
        is_there = place.exists()
        place.unlink(missing_ok=True)
        return is_there

    def _write(self, place: Path, content: bytes) -> None:
        """Put a file in its place whole: another run finds the one before or this one."""
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        descriptor, name = mkstemp(prefix=UNFINISHED, dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            Path(name).replace(place)
        finally:
            Path(name).unlink(missing_ok=True)

    def _beyond_bounds(self) -> Iterator[Path]:
        total = 0
        for number, (path, status) in enumerate(self._newest_first()):
            total += status.st_size
            if number >= MAX_SCHOOLS or total > MAX_BYTES:
                yield path

    def _newest_first(self) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self.folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                found.append((path, path.lstat()))
        return sorted(found, key=lambda each: (-each[1].st_mtime, each[0]))


def _remove(paths: Iterable[Path]) -> None:
    for path in list(paths):
        # Another run may be removing it as well.
        with suppress(OSError):
            path.unlink()


def packed(school: School, key: str) -> bytes:
    """Return a school as bytes: a digest of what follows, the head in JSON and the arrays.

    Raises
    ------
    UnpackableError
        If a table could not be given back as it is.
    """
    arrays: list[np.ndarray] = []
    tables = {name: _packed_table(getattr(school, name), arrays) for name in table_names()}
    contents = Contents(
        key,
        tuple((array.dtype.str, array.nbytes) for array in arrays),
        tables,
        _with_paths(school.log, lambda path: _below(path, school.settings)),
        school.benchmarks,
        school.last_register_day,
    )
    head = json.dumps(asdict(contents), default=_plain).encode("ascii")
    pieces = [
        len(head).to_bytes(LENGTH_BYTES, "little"),
        _padded(head),
        *(_padded(array.tobytes()) for array in arrays),
    ]
    body = b"".join(pieces)
    return MAGIC + hashlib.sha256(body).digest() + body


def unpacked(content: bytearray, key: str, settings: Settings) -> School:
    """Return the school that bytes hold, if they are whole and of a key.

    Raises
    ------
    ValueError, TypeError, LookupError, OverflowError, StopIteration
        If they are damaged, were written otherwise, or hold what was read from other inputs.

    Examples
    --------
    >>> unpacked(bytearray(b"half a file"), "key", None)
    Traceback (most recent call last):
    attendance_lib.intake.packed_tables.UnpackableError: its 11 bytes are damaged, or of another version
    """
    view = memoryview(content)
    start = len(MAGIC) + DIGEST_BYTES
    body = view[start:]
    if view[: len(MAGIC)] != MAGIC or hashlib.sha256(body).digest() != view[len(MAGIC) : start]:
        raise UnpackableError(f"its {len(view)} bytes are damaged, or of another version")
    length = int.from_bytes(body[:LENGTH_BYTES], "little")
    head = bytes(body[LENGTH_BYTES : LENGTH_BYTES + length])
    contents = TypeAdapter(Contents).validate_json(head, strict=True)
    if contents.key != key:
        raise UnpackableError(f"it was read from other inputs (key {contents.key!r})")
    return _school_of(contents, body[LENGTH_BYTES + _with_padding(length) :], settings)


def table_names() -> tuple[str, ...]:
    """Return the names of a school's tables: all it holds but what is in the head of the file."""
    said = {*FROM_SETTINGS, *(each.name for each in fields(Contents))}
    return tuple(each.name for each in fields(School) if each.name not in said)


def _school_of(contents: Contents, body: memoryview, settings: Settings) -> School:
    arrays = iter(list(_arrays(contents, body)))
    # In the order in which they were packed, whatever the head's.
    tables = {name: _unpacked_table(contents.tables[name], arrays) for name in table_names()}
    if next(arrays, None) is not None:
        raise UnpackableError(f"it holds more than the tables {', '.join(tables)}")
    log = _with_paths(contents.log, lambda path: _from_here(path, settings))
    return School(
        settings,
        settings.build_calendar(),
        **tables,
        log=log,
        benchmarks=contents.benchmarks,
        last_register_day=contents.last_register_day,
    )


def _arrays(contents: Contents, body: memoryview) -> Iterator[np.ndarray]:
    start = 0
    for dtype, length in contents.arrays:
        if not 0 <= length <= len(body) - start:
            raise UnpackableError(f"it is cut short: of {length} bytes {len(body) - start} are there")
        yield readable_array(body[start : start + length], dtype)
        start += _with_padding(length)
    if start != len(body):
        raise UnpackableError(f"it holds {len(body) - start} bytes more than it says")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _packed_table(table: pd.DataFrame | None, arrays: list[np.ndarray]) -> PackedTable | None:
    return None if table is None else pack_table(table, arrays)


def _unpacked_table(packed_table: PackedTable | None, arrays: Iterator[np.ndarray]) -> pd.DataFrame | None:
    return None if packed_table is None else unpack_table(packed_table, arrays)


def _own_bytes(path: Path) -> bytearray:
    """Return the bytes of a file of this account's, and of no other's.

    Raises
    ------
    OSError
        If there is no such file, or it is larger than any that is kept.
    """
    status = path.lstat()
    is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    if not (stat.S_ISREG(status.st_mode) and is_own and status.st_size <= MAX_BYTES):
        raise OSError(f"{path} is no file of this account's")
    # Arrays share these bytes, and whoever reads a table may sort it in place.
    content = bytearray(status.st_size)
    with path.open("rb", buffering=0) as stream:
        if stream.readinto(content) != len(content):
            raise OSError(f"{path} was cut short meanwhile")
    return content


def _with_paths(log: IntakeLog, path_of: Callable[[str], str]) -> IntakeLog:
    return replace(log, files=tuple(replace(file, path=path_of(file.path)) for file in log.files))


def _under(settings: Settings, school: School) -> School:
    """Return a school read under the same settings, its files named as these name them."""
    log = _with_paths(school.log, lambda path: _from_here(_below(path, school.settings), settings))
    return replace(school, settings=settings, log=log)


def _below(path: str, settings: Settings) -> str:
    """Return the path of an export from the school file's folder, however that was written: runs write it in several ways."""
    return path.removeprefix(_folder(settings))


def _from_here(path: str, settings: Settings) -> str:
    return path if Path(path).is_absolute() else f"{_folder(settings)}{path}"


def _folder(settings: Settings) -> str:
    return str(settings.file.parent / "_").removesuffix("_")


def _plain(value: object) -> object:
    """Return a date or one of numpy's numbers as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.integer):
        return int(value)
    raise UnpackableError(f"{type(value).__name__} is not kept")


def _with_padding(length: int) -> int:
    return -(-length // ALIGNMENT) * ALIGNMENT


def _padded(content: bytes) -> bytes:
    return content.ljust(_with_padding(len(content)), b"\x00")
