"""Laying out a project's folder: notebooks and parameters copied from the library, and what a person changed left alone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from attendance_lib import __version__
from attendance_lib.errors import RequestError, SettingsError, counted
from attendance_lib.intake.kept_json import read_json
from attendance_lib.reports.files import sha256
from attendance_lib.reports.project import Project, find_project
from attendance_lib.starter import starter_files, starter_folder

RECORD = Path("params") / ".laid_out.json"
REMEDY = "Move it away: the files themselves are then taken as changed."


class LaidOut(BaseModel):
    """Which version laid a project out, and the SHA-256 of each file as it was copied."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    version: str
    files: dict[str, str]


LAID_OUT = TypeAdapter(LaidOut)


@dataclass(frozen=True)
class Layout:
    """What became of a project's files: copied for the first time, taken from a newer version, changed by a person and kept."""

    project: Project
    new: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield what to tell.

        Examples
        --------
        >>> list(Layout(Project(Path("office")), new=("params/demo.yml",)).lines())
        ['office: 1 file laid out in notebooks/ and params/']
        """
        if self.new:
            yield f"{self.project.root}: {counted(len(self.new), 'file')} laid out in notebooks/ and params/"
        if self.renewed:
            yield f"from version {__version__}, since nobody had changed them: {', '.join(self.renewed)}"
        if self.kept:
            yield (
                f"changed here and left as they are: {', '.join(self.kept)}. To have those of version {__version__}, move yours "
                "away and type attendance init again"
            )


def project_at(start: Path) -> Project:
    """Return the project at or above a folder, or the one that the folder is to become."""
    try:
        return find_project(start)
    except RequestError:
        return Project(start.resolve())


def lay_out(project: Project) -> Layout:
    """Copy the notebooks and parameters of this version into a project's folder, and write nothing of a person's over.

    Parameters
    ----------
    project : Project
        The folder, which may hold some of them already; a checkout of the project itself needs none.

    Returns
    -------
    Layout
        A file that is as it was copied is replaced where this version has another one; any other is kept.
    """
    if starter_folder() == project.root:
        return Layout(project)
    files, before = starter_files(), _record(project).files
    stands = {
        name: _stands(project.root / name, shipped, before.get(name)) for name, shipped in files.items()
    }
    copied = [name for name, how in stands.items() if how in (NEW, OLDER)]
    for name in copied:
        target = project.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[name], target)
    hashes = before | {name: sha256(files[name]) for name in copied}
    if hashes != before:
        record = LaidOut(version=__version__, files=dict(sorted(hashes.items())))
        (project.root / RECORD).write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return Layout(
        project,
        *(tuple(name for name, how in stands.items() if how == which) for which in (NEW, OLDER, CHANGED)),
    )


NEW, OLDER, CHANGED, SAME = "new", "older", "changed", "same"


def _stands(target: Path, shipped: Path, laid_out: str | None) -> str:
    """Return how a file of the project stands to the one of this version."""
    if not target.exists():
        return NEW
    here, there = sha256(target), sha256(shipped)
    if here == there:
        return SAME
    return OLDER if here == laid_out else CHANGED


def _record(project: Project) -> LaidOut:
    path = project.root / RECORD
    return (
        read_json(path, LAID_OUT, SettingsError, REMEDY) if path.is_file() else LaidOut(version="", files={})
    )
