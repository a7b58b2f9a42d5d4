"""Papers of a school's own: notebooks in the folder that its school file names."""

import re
from dataclasses import replace
from pathlib import Path

from attendance_lib.errors import RequestError, SettingsError, quoted
from attendance_lib.reports.papers import PAPERS
from attendance_lib.reports.project import Project

NOTEBOOK = ".ipynb"
# A notebook's name is that of its packs' folder and files, and of what a schedule asks for.
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_NAME = 60


def with_own_papers(project: Project, school_file: Path) -> Project:
    """Return a project with the folder of a school's own papers, if its school file names one.

    A school file that cannot be used is refused by whatever makes or lists papers, not here.
    """
    from attendance_lib.intake.settings.loading import load_settings

    try:
        return replace(project, own=load_settings(school_file).own_folder)
    except SettingsError:
        return project


def report_named(written: str, project: Project, school_file: Path) -> str:
    """Return the name of the report that was asked for: by it, or by the file of a notebook of the school's own.

    Parameters
    ----------
    written : str
        As on the command line: ``fortnightly``, or ``notebooks/own_papers/fridays.ipynb``.
    project : Project
        With the folder of the school's own papers.
    school_file : pathlib.Path
        The school file that names the folder.

    Raises
    ------
    RequestError
        If the file is not there, lies in another folder, or cannot be a paper's by its name.
    SettingsError
        If the school file cannot be used.

    Examples
    --------
    >>> report_named("fridays", Project(Path("office")), Path("school.yml"))
    'fridays'
    >>> report_named("own/fridays.ipynb", Project(Path("office")), Path("school.yml"))
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: own/fridays.ipynb: there is no such notebook.
    """
    from attendance_lib.intake.settings.loading import load_settings

    if not written.endswith(NOTEBOOK):
        return written
    path = Path(written).resolve()
    if not path.is_file():
        raise RequestError(f"{written}: there is no such notebook.")
    if path.parent == (project.root / "notebooks").resolve():
        return path.stem
    if load_settings(school_file).own_folder is None:
        raise RequestError(
            f"{written}: {school_file.name} names no folder of the school's own papers. Add to it:\n"
            f"own_papers:\n  folder: <the folder of this notebook, relative to the school file>"
        )
    if path.parent != project.own:
        raise RequestError(
            f"{written} lies outside {project.own}, the folder of the school's own papers. Put it there."
        )
    check_name(path, project)
    return path.stem


def check_name(path: Path, project: Project) -> None:
    """Refuse a notebook whose name no paper of a school's own can have.

    Raises
    ------
    RequestError
        If it is a paper's of the project, or could not name folders everywhere.

    Examples
    --------
    >>> check_name(Path("own/impact.ipynb"), Project(Path("office"), own=Path("own")))
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: impact.ipynb: 'impact' is a paper of the project. Give the notebook another name.
    """
    if path.stem in PAPERS or project.notebook(path.stem) != path:
        raise RequestError(
            f"{path.name}: {quoted(path.stem)} is a paper of the project. Give the notebook another name."
        )
    if not PLAIN_NAME.fullmatch(path.stem) or len(path.stem) > LONGEST_NAME:
        raise RequestError(
            f"{path.name}: its name is that of folders and files. Write it with small letters a to z, digits and "
            f"underscores, a letter first, {LONGEST_NAME} at most: fridays_by_year{NOTEBOOK}"
        )
