"""Which files the school file points to."""

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attendance_lib.errors import SettingsError
from attendance_lib.intake.export import Export
from attendance_lib.intake.schema import TABLES
from attendance_lib.intake.settings import ExportSource, Settings


@dataclass(frozen=True)
class Source:
    """The files of one entry of the school file; where sources disagree, the later ``rank`` wins."""

    kind: str
    rank: int
    layout: str
    exports: tuple[Export, ...]


def find_sources(settings: Settings, kind: str) -> tuple[Source, ...]:
    """Return the sources of one kind of export, in the order of the school file, each with its files by name.

    Parameters
    ----------
    settings : Settings
        The school file.
    kind : str
        A table's name, such as ``"marks"``.

    Returns
    -------
    tuple of Source
        Empty if the school file has no such kind.
    """
    entries = getattr(settings.exports, kind) or ()
    return tuple(_source(settings, kind, rank, entry) for rank, entry in enumerate(entries))


def check_files(settings: Settings) -> Settings:
    """Return the settings if every export they name is there.

    Raises
    ------
    SettingsError
        One line for each path or pattern that leads to no file.
    """
    missing = [
        f"{settings.file}: exports.{kind}: there is no file {entry.path!r} (looked in {settings.file.parent}). "
        "Export it, or correct the path."
        for kind in TABLES
        for entry in getattr(settings.exports, kind) or ()
        if not tuple(_paths(settings, entry))
    ]
    if missing:
        raise SettingsError("\n".join(missing))
    return settings


def _source(settings: Settings, kind: str, rank: int, entry: ExportSource) -> Source:
    exports = tuple(
        Export(path, entry.sheet, entry.columns, entry.date_order) for path in _paths(settings, entry)
    )
    return Source(kind, rank, entry.layout, exports)


def _paths(settings: Settings, entry: ExportSource) -> Iterator[Path]:
    """Yield the files of an entry by name; Excel's lock files (~$) are none."""
    literal = settings.file.parent / entry.path
    if literal.is_file():
        yield literal
        return
    found = glob.glob(str(Path(glob.escape(str(settings.file.parent))) / entry.path), recursive=True)
    yield from sorted(path for path in map(Path, found) if path.is_file() and not path.name.startswith("~$"))
