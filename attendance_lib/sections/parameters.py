"""What the parameters of a notebook name: days, files, folders and cohorts, or why they cannot be."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from attendance_lib.errors import SettingsError, nearest, quoted
from attendance_lib.intake.settings import Cohort


def iso_date(text: str, name: str) -> date:
    """Return a parameter's date.

    Raises
    ------
    SettingsError
        If it is not a date written as year-month-day in quotes. JupyterLab's scheduler passes on what is typed as
        Python, in which 2025-11-10 is the number 2004.
    """
    if not isinstance(text, str):
        raise SettingsError(
            f"Parameter '{name}': {quoted(text)} is not a date. Write it in quotes, as in \"2026-11-20\": "
            "without them Python reads 2025-11-10 as the number 2004."
        )
    try:
        return date.fromisoformat(text)
    except ValueError as reason:
        raise SettingsError(
            f"Parameter '{name}': {quoted(text)} is not a date. Write it as in \"2026-11-20\"."
        ) from reason


def text_of(value: str, name: str) -> str:
    """Return a parameter that is text.

    Raises
    ------
    SettingsError
        If it is anything else, as all without quotes is a function of Python.
    """
    if not isinstance(value, str):
        raise SettingsError(
            f"Parameter '{name}': {quoted(value)} is no text. Write it in quotes, as in \"all\"."
        )
    return value


def known_cohort(cohorts: dict[str, Cohort], name: str) -> Cohort:
    """Return a cohort by its name.

    Raises
    ------
    SettingsError
        If there is no cohort of that name; the nearest one is named.
    """
    if name not in cohorts:
        raise SettingsError(f"There is no cohort {quoted(name)}. {nearest(name, cohorts)}")
    return cohorts[name]


def find_file(path: str, near: Iterable[Path] = ()) -> Path:
    """Return the path of a file or folder, looked for in the working directory and each folder above it, then ``near``.

    A notebook opened in ``notebooks/`` so finds what one run from the project's top finds.

    Raises
    ------
    SettingsError
        If it is nowhere.
    """
    found = found_or_not(path, near)
    if not found.exists():
        raise SettingsError(
            f"There is no file {quoted(path)} here or in any folder above. Check the name, or give the whole path."
        )
    return found


def found_or_not(path: str, near: Iterable[Path] = ()) -> Path:
    """Return where a file is among the places in which ``find_file`` looks; the name itself if it is nowhere."""
    wanted = Path(path)
    tops = [Path(), *Path().resolve().parents, *near]
    return next((top / wanted for top in tops if (top / wanted).exists()), wanted)
