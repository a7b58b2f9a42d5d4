"""Files and their hashes."""

import hashlib
from pathlib import Path

# How the names begin of what spreadsheets leave beside a workbook while somebody has it open.
OPEN_FILES = ("~$", ".~lock.")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hashes_below(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file at any depth in a folder, by its path within it, in order of path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}
