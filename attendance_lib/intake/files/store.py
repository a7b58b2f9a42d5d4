"""Files of an object store, or of whatever else fsspec reads: copied beside the school file, for all else reads from a disk."""

import errno
import glob
import os
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from attendance_lib.errors import SettingsError, quoted
from attendance_lib.intake.files.export import MAX_FILE_BYTES

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# Beside the school file or the trust file; what it holds can be fetched again.
FETCHED = "fetched"
PROTOCOL, UP = "://", ".."
# Whose errors are no driver's: Python's, which begin with its own modules, and ours.
OWN = sys.stdlib_module_names | {__name__.partition(".")[0]}
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
INSTALL = "python -m pip install 'attendance-workbook[store]' and fsspec's driver for it, such as s3fs for s3"


def is_in_store(written: str) -> bool:
    """Whether a path leads to a store, by its protocol.

    Examples
    --------
    >>> is_in_store("s3://exports/200001/marks_*.csv"), is_in_store("exports/marks.csv")
    (True, False)
    """
    return PROTOCOL in written


def fetched(written: str, beside: Path) -> Iterator[Path]:
    """Yield the copies of the files that a path or pattern with a protocol leads to, by name; what has not changed is not fetched.

    Parameters
    ----------
    written : str
        Such as ``s3://exports/200001/marks_*.csv``. Where the store is and who may read it is settled by fsspec's own environment.
    beside : pathlib.Path
        The file that names it, in whose folder the copies lie, for this account alone.

    Raises
    ------
    SettingsError
        If fsspec or its driver is not installed, or the store cannot be read.
    """
    protocol = written.partition(PROTOCOL)[0]
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(written)
        # What another program wrote since this one looked last is there too.
        system.invalidate_cache()
        for each in sorted(system.glob(path) if glob.escape(path) != path else named(system, path)):
            yield copy_of(system, each, beside.parent / FETCHED / protocol)
    except SettingsError:
        raise
    except (ImportError, ValueError) as error:
        raise SettingsError(
            f"{beside}: {quoted(written)} cannot be read ({type(error).__name__}). Check it, or install {INSTALL}."
        ) from None
    except errors_of_drivers() as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise
        raise SettingsError(
            f"{beside}: the store of {quoted(written)} cannot be read ({type(error).__name__}). Check path, network, and what "
            "keys and address its driver is told."
        ) from None


def named(system: "AbstractFileSystem", path: str) -> list[str]:
    """Return the file of a name, if the store has it; a store that cannot be asked is not one without it."""
    try:
        return [path] if system.info(path)["type"] == "file" else []
    except FileNotFoundError:
        return []


def errors_of_drivers() -> tuple[type[BaseException], ...]:
    """Return the errors that tell that a store cannot be read: the system's, and what is raised now if its class is a driver's.

    Each driver has classes of its own, such as Azure's, Google's or those of SFTP, and most are no OSError.
    """
    raised = sys.exc_info()[0]
    is_own = raised is None or raised.__module__.partition(".")[0] in OWN
    return (OSError, RuntimeError) if is_own else (OSError, RuntimeError, raised)


def _refuse_oversized(system: "AbstractFileSystem", path: str) -> None:
    """Refuse a file that is larger than an export may be, before any of it is fetched; some stores know no size."""
    if (system.size(path) or 0) > MAX_FILE_BYTES:
        raise SettingsError(
            f"{quoted(path)} is larger than {MAX_FILE_BYTES:,} bytes. Split the export by term."
        )


def copy_of(system: "AbstractFileSystem", path: str, folder: Path) -> Path:
    """Return the copy of one file of a store below a folder, fetched if it has changed there.

    Raises
    ------
    SettingsError
        If the file is larger than an export may be, or its name leads out of the folder.

    Examples
    --------
    >>> copy_of(None, "exports/../../roll.csv", Path("fetched"))
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: 'exports/../../roll.csv' leads out of its store. Correct the path.
    """
    parts = PurePosixPath(path.lstrip("/")).parts
    if UP in parts:
        raise SettingsError(f"{quoted(path)} leads out of its store. Correct the path.")
    copy = folder.joinpath(*parts)
    mark, state = copy.with_name(f".{copy.name}.state"), str(system.ukey(path))
    if copy.is_file() and _says(mark, state):
        return copy
    _refuse_oversized(system, path)
    copy.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    half = copy.with_name(f".{copy.name}.{os.getpid()}.new")
    try:
        half.touch(PRIVATE_FILE)
        system.get_file(path, str(half))
        half.replace(copy)
    finally:
        half.unlink(missing_ok=True)
    mark.write_text(state, encoding="utf-8")
    return copy


def _says(mark: Path, state: str) -> bool:
    return mark.is_file() and mark.read_text(encoding="utf-8") == state
