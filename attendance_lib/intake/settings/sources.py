"""Which files the school file points to."""

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attendance_lib.errors import SettingsError, quoted
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.files.store import fetched, is_in_store
from attendance_lib.intake.schema import TABLES
from attendance_lib.intake.settings.school_file import ExportSource, Settings
from attendance_lib.rules.signs import one_line

DFE_KEYS = ("dfe_file", "dfe_weekly_file")


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
        One line for each path or pattern that leads to no file, and for each file whose name no receipt could hold.
    """
    missing = [
        f"{settings.file}: exports.{kind}: there is no file {quoted(entry.path)} (looked in {settings.file.parent}). "
        "Export it, or correct the path."
        for kind in TABLES
        for entry in getattr(settings.exports, kind) or ()
        if not tuple(paths_of(settings, entry.path))
    ]
    missing += [*missing_dfe_files(settings), *unwritable_names(settings)]
    if missing:
        raise SettingsError("\n".join(missing))
    return settings


def unwritable_names(settings: Settings) -> Iterator[str]:
    """Yield a line for each file, the school file with them, whose path holds bytes that are no text in UTF-8."""
    for path in (settings.file, *export_files(settings)):
        try:
            str(path).encode()
        except UnicodeEncodeError:
            yield f"{one_line(str(path))}: its name holds bytes that are no text, so no receipt can name it. Rename it."


def export_files(settings: Settings) -> list[Path]:
    """Return the files of all exports that the school file names, in its order, those of DfE's, and its authority's profile."""
    kinds = type(settings.exports).model_fields
    exports = [
        export.path for kind in kinds for source in find_sources(settings, kind) for export in source.exports
    ]
    profile = [settings.authority_file] if settings.authority_file else []
    return [*exports, *(path for key in DFE_KEYS for path in dfe_files(settings, key)), *profile]


def dfe_files(settings: Settings, key: str) -> tuple[Path, ...]:
    """Return DfE's files in the place that the school file gives, by name.

    Parameters
    ----------
    settings : Settings
        The school file.
    key : str
        ``"dfe_file"`` or ``"dfe_weekly_file"``.

    Returns
    -------
    tuple of pathlib.Path
        Empty if the school file names no place, or nothing has been put there yet.
    """
    place = getattr(settings.benchmarks, key)
    if place is None:
        return ()
    folder = settings.file.parent / place.path
    return tuple(paths_of(settings, f"{place.path.rstrip('/')}/*.csv" if folder.is_dir() else place.path))


def missing_dfe_files(settings: Settings) -> list[str]:
    """Return one line for each file of DfE's that the school file names by its own name and that is not there.

    A folder or a pattern is a place into which files may be put later, so it may be empty; its folder must be there.
    """
    problems = []
    for key in DFE_KEYS:
        place = getattr(settings.benchmarks, key)
        if place is None or dfe_files(settings, key):
            continue
        if not _is_place(settings.file.parent, place.path):
            problems.append(
                f"{settings.file}: benchmarks.{key}: there is no file or folder {quoted(place.path)} (looked in "
                f"{settings.file.parent}). Put DfE's file there, correct the path, or leave the key out."
            )
    return problems


def has_magic(path: str) -> bool:
    """Return whether a path is a pattern.

    Examples
    --------
    >>> has_magic("dfe/EES_ytd_data_*.csv"), has_magic("dfe/EES_ytd_data.csv")
    (True, False)
    """
    return glob.escape(path) != path


def _source(settings: Settings, kind: str, rank: int, entry: ExportSource) -> Source:
    exports = tuple(
        Export(path, entry.sheet, entry.columns, entry.date_order, dict(entry.codes))
        for path in paths_of(settings, entry.path)
    )
    return Source(kind, rank, entry.layout, exports)


def _is_place(beside: Path, written: str) -> bool:
    """Whether a path of the school file is a folder, or a pattern in one that is there."""
    place = beside / written
    return place.is_dir() or (has_magic(written) and place.parent.is_dir())


def paths_of(settings: Settings, written: str) -> Iterator[Path]:
    """Yield the files that a path or pattern of the school file leads to, by name; Excel's lock files (~$) are none.

    Of files of a store these are their copies.
    """
    if is_in_store(written):
        yield from fetched(written, settings.file)
        return
    literal = settings.file.parent / written
    if literal.is_file():
        yield literal
        return
    found = glob.glob(str(Path(glob.escape(str(settings.file.parent))) / written), recursive=True)
    yield from sorted(path for path in map(Path, found) if path.is_file() and not path.name.startswith("~$"))
