"""Where a project's notebooks and parameters are, and its paths as every machine writes them."""

import os
from dataclasses import dataclass
from pathlib import Path

from attendance_lib.errors import RequestError
from attendance_lib.reports.parameters import has_parameters


@dataclass(frozen=True)
class Project:
    """The folder that holds ``notebooks/`` and ``params/``, and that of a school's own notebooks, if it has one."""

    root: Path
    own: Path | None = None

    @property
    def params(self) -> Path:
        """The folder of school files, cohorts and parameters."""
        return self.root / "params"

    @property
    def outputs(self) -> Path:
        """The folder that packs go to unless another is named."""
        return self.root / "outputs"

    def notebook(self, report: str) -> Path:
        """Return the notebook that makes a report; one of the school's own where the project has none of the name.

        Examples
        --------
        >>> Project(Path("office")).notebook("impact").as_posix()
        'office/notebooks/impact.ipynb'
        """
        name = f"{report}.ipynb"
        found = [folder / name for folder in self._folders if (folder / name).is_file()]
        return found[0] if found else self._folders[0] / name

    @property
    def _folders(self) -> list[Path]:
        return [self.root / "notebooks", *([self.own] if self.own else [])]

    def is_own(self, report: str) -> bool:
        """Whether a report is made by a notebook of the school's own."""
        return self.own is not None and self.notebook(report).parent == self.own

    def reports(self) -> tuple[str, ...]:
        """Return the names of the reports: the notebooks that have a parameters cell, in alphabetical order."""
        found = (path for folder in self._folders for path in folder.glob("*.ipynb"))
        return tuple(sorted({path.stem for path in found if has_parameters(path)}))

    def relative(self, path: Path) -> str:
        """Return a path relative to the project, with forward slashes; absolute only on another drive.

        Raises
        ------
        RequestError
            If it cannot be written in a receipt.

        Examples
        --------
        >>> Project(Path("/srv/office")).relative(Path("/srv/exports/marks.csv"))
        '../exports/marks.csv'
        """
        path = written(path.resolve())
        try:
            return Path(os.path.relpath(path, self.root)).as_posix()
        except ValueError:
            return path.as_posix()

    def absolute(self, path: str) -> Path:
        """Return the file that a relative path of this project means."""
        return (self.root / path).resolve()


def find_project(start: Path) -> Project:
    """Return the nearest project at or above a folder.

    Raises
    ------
    RequestError
        If no folder from ``start`` upwards holds a ``notebooks`` folder.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "notebooks").is_dir():
            return Project(folder)
    raise RequestError(
        f"{start.resolve()} is outside the project: no folder 'notebooks' here or above. "
        "Change to the project's folder, name a school file in one with --school, or lay one out here: attendance init"
    )


def written(path: Path) -> Path:
    r"""Return a path, unless it cannot be written in receipts and notebooks.

    Raises
    ------
    RequestError
        If its name is not text but bytes of another encoding.

    Examples
    --------
    >>> written(Path("caf\udce9.yml"))  # é as one byte, of an older encoding
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: caf�.yml: the name is not in UTF-8, so no receipt can tell it. Rename it.
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        plain = os.fsencode(path).decode("utf-8", errors="replace")
        raise RequestError(
            f"{plain}: the name is not in UTF-8, so no receipt can tell it. Rename it."
        ) from None
    return path
