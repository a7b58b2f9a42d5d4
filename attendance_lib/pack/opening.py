"""Opening a pack: the school's files, the register and the periods that every section of a paper reads."""

import ast
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

from attendance_lib.casebook.book import state_at
from attendance_lib.casebook.disk import named_in
from attendance_lib.casebook.reviews import with_reviews
from attendance_lib.casebook.state import State
from attendance_lib.errors import SettingsError, nearest, quoted
from attendance_lib.intake.school_store import STORE_FOLDER, STORE_VARIABLE, SchoolStore, open_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.intake.settings.school_file import Cohort, Settings, load_cohorts
from attendance_lib.pack.pack import Pack, pack_of
from attendance_lib.rules.occasions import CannotCountError

# What the parameters of a notebook name: days, files, folders and cohorts, or why they cannot be


def iso_date(text: str, name: str) -> date:
    """Return a parameter's date.

    Raises
    ------
    SettingsError
        If it is not a date written as year-month-day in quotes. JupyterLab's scheduler passes on what is typed as
        Python, in which 2025-11-10 is the number 2004.

    Examples
    --------
    >>> iso_date("2026-11-20", "date_to")
    datetime.date(2026, 11, 20)
    >>> iso_date(2025-11-10, "date_to")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: Parameter 'date_to': 2004 is not a date. Write it in quotes, as in ...
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

    Examples
    --------
    >>> text_of("year_7", "cohort")
    'year_7'
    >>> text_of(all, "cohort")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: Parameter 'cohort': ...
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

    Examples
    --------
    >>> known_cohort({"year_7": None, "year_8": None}, "year7")
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: There is no cohort 'year7'. Did you mean 'year_7'?
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

    Examples
    --------
    >>> find_file("params/chorts.yml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: There is no file 'params/chorts.yml' here or in any folder above. Check the name, ...
    """
    found = found_or_not(path, near)
    if not found.exists():
        raise SettingsError(
            f"There is no file {quoted(path)} here or in any folder above. Check the name, or give the whole path."
        )
    return found


def found_or_not(path: str, near: Iterable[Path] = ()) -> Path:
    """Return where a file is among the places in which ``find_file`` looks; the name itself if it is nowhere.

    Examples
    --------
    >>> found_or_not("params/chorts.yml").as_posix()
    'params/chorts.yml'
    """
    wanted = Path(path)
    tops = [Path(), *Path().resolve().parents, *near]
    return next((top / wanted for top in tops if (top / wanted).exists()), wanted)


# Values that papermill put into a notebook whose parameters cell has no such name: it only logs them, and the default is used

INJECTED = "# Parameters\n"


def refuse_unknown_parameters(cells: Iterable[str]) -> None:
    """Refuse a notebook that was given a parameter which it does not declare.

    Parameters
    ----------
    cells : iterable of str
        The sources of the cells run so far: papermill's begins with its own comment, the notebook's has annotations.

    Raises
    ------
    SettingsError
        The nearest parameter is named.

    Examples
    --------
    >>> declared = 'date_to: str = "2026-11-20"'
    >>> refuse_unknown_parameters([declared, INJECTED + 'date_to = "2026-11-13"'])
    >>> refuse_unknown_parameters([declared, INJECTED + 'date_too = "2026-11-13"'])
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: Unknown parameter 'date_too'. Did you mean 'date_to'?
    """
    declared: dict[str, None] = {}
    for cell in cells:
        lines = _statements(cell)
        annotated = (each.target for each in lines if isinstance(each, ast.AnnAssign))
        declared |= dict.fromkeys(_names(annotated))
        if cell.startswith(INJECTED) and declared:
            given = chain.from_iterable(each.targets for each in lines if isinstance(each, ast.Assign))
            for name in _names(given):
                if name not in declared:
                    raise SettingsError(f"Unknown parameter {quoted(name)}. {nearest(name, declared)}")


def _statements(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except SyntaxError:  # a cell of IPython's own magic declares nothing
        return []


def _names(targets: Iterable[ast.expr]) -> list[str]:
    return [target.id for target in targets if isinstance(target, ast.Name)]


def cells_run() -> list[str]:
    """Return the sources of the cells that this notebook has run; none outside a notebook."""
    kernel = sys.modules.get("IPython")
    shell = kernel.get_ipython() if kernel else None
    return list(shell.user_ns.get("In", [])) if shell else []


# Where packs are unless a run sets another.
PACKS = "outputs"


def open_pack(
    school_file: str,
    date_from: str,
    date_to: str,
    cohort: str = "all",
    *,
    cohorts_file: str = "params/cohorts.yml",
    casebook: str = "",
) -> Pack:
    """Read a school's files and open them for one period and cohort.

    Parameters
    ----------
    school_file, cohorts_file : str
        Paths, looked for in the working directory and then in each folder above it; the cohorts file also in each
        folder above the school file, for a scheduler that runs a copy of the notebook elsewhere.
    date_from, date_to : str
        The first and last day of the period (ISO dates).
    cohort : str
        A name in the cohorts file.
    casebook : str
        The school's casebook, with the revision to read behind an ``@``; without a revision the last is read, if there is
        a casebook; empty for none. It is never written.

    Returns
    -------
    Pack
        Ready for the section functions.

    Raises
    ------
    SettingsError
        If a file, date or cohort is not known, or a parameter is no text.
    InputError
        If the exports were refused, or the casebook cannot be used.

    Examples
    --------
    >>> open_pack("params/school.yml", "2026-11-20", "2026-11-02")
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: date_from '2026-11-20' is after date_to '2026-11-02'. Give the first day first.
    """
    refuse_unknown_parameters(cells_run())
    start, end = iso_date(date_from, "date_from"), iso_date(date_to, "date_to")
    if start > end:
        raise SettingsError(
            f"date_from {quoted(date_from)} is after date_to {quoted(date_to)}. Give the first day first."
        )
    settings_file = find_file(text_of(school_file, "school_file"))
    near = settings_file.resolve().parents
    named = text_of(cohort, "cohort")
    chosen = known_cohort(load_cohorts(find_file(text_of(cohorts_file, "cohorts_file"), near)), named)
    settings = load_settings(settings_file)
    known = read_casebook(text_of(casebook, "casebook"), settings, near)
    school = with_reviews(open_school(settings, store_near(near)), known)
    pack = pack_of(school, (start, end), chosen, known)
    return replace(pack, meetings=meetings_by(settings, end))


def meetings_by(settings: Settings, day: date) -> dict[date, date]:
    """Return the day of each pastoral meeting held by a day, by the last day of its pack; none where they cannot be counted."""
    held = settings.occasions().pastoral()
    try:
        return {each.last: each.meeting for each in held if each.meeting and each.meeting <= day}
    except CannotCountError:
        return {}


def store_near(near: Iterable[Path]) -> SchoolStore:
    """Return where a school may be kept as it was read: where a run says it is, else beside the packs of the project.

    It is looked in, never written to: a notebook opened by hand leaves nothing behind.
    """
    named = os.environ.get(STORE_VARIABLE)
    return SchoolStore(Path(named) if named else found_or_not(f"{PACKS}/{STORE_FOLDER}", near))


def read_casebook(reference: str, settings: Settings, near: Iterable[Path]) -> State | None:
    """Return what a casebook knew at the revision that a parameter names; None if it names none.

    Raises
    ------
    SettingsError
        If a revision is named and the file is nowhere.
    InputError
        If it cannot be used.
    """
    if not reference:
        return None
    path, revision = named_in(reference)
    school = settings.school
    urns = (school.urn, *(each.urn for each in school.formerly))
    return state_at(
        find_file(path, near) if revision is not None else found_or_not(path, near), revision, urns
    )
