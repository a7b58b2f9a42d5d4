"""``attendance check``: read everything, compute no report, and say what a person should put right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import AttendanceError, RequestError, SettingsError
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.folder import FILES_OF_CHECK, PackPlace, note_made, recover_below, replacing
from attendance_lib.reports.gate import read_exports
from attendance_lib.reports.names import report_folder
from attendance_lib.reports.papers import CHECK
from attendance_lib.reports.project import Project
from attendance_lib.reports.scratch import scratch

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from attendance_lib.display import Document, Sentences, Table
    from attendance_lib.intake.checked_school import CheckedSchool, School
    from attendance_lib.papers.check.page import Check, Part


Inspect = Callable[["School"], Iterable["Sentences | Table"]]
NO_MARKS = "no-marks"
PAGE, BOOK = FILES_OF_CHECK
# The table in which the inspection tells what must be put right, with a count of ``things`` a check.
MUSTS = "inspection_musts"
FINISHED = "check.html and check.xlsx (every row) are in\n{folder}"


@dataclass(frozen=True)
class CheckRequest:
    """A school file to check, and the folder below which the page is written."""

    project: Project
    school_file: Path
    out: Path


@dataclass(frozen=True)
class CheckDone:
    """A check that was made: the page as text, the folder that holds it, and the exit code.

    ``error`` is what makes the school file one that cannot be used; the page says it too.
    """

    text: str
    folder: Path
    exit_code: int
    error: SettingsError | None = None

    def outcome(self) -> int:
        """Return the exit code, now that the page is shown.

        Raises
        ------
        SettingsError
            What makes the school file one that cannot be used, for the line that every refusal is.

        Examples
        --------
        >>> CheckDone("", Path("check"), 11).outcome()
        11
        >>> CheckDone("", Path("check"), 10, SettingsError("ash.yml: exports names no file of pupils.")).outcome()
        Traceback (most recent call last):
        attendance_lib.errors.SettingsError: ash.yml: exports names no file of pupils.
        """
        if self.error:
            raise self.error
        return self.exit_code


def check_exports(request: CheckRequest, progress: Progress, inspect: Inspect | None = None) -> CheckDone:
    """Read a school's exports, judge them and write the page as HTML and xlsx, in place of an earlier one.

    Parameters
    ----------
    request : CheckRequest
        What to check and where to write.
    progress : Progress
        Told of each step.
    inspect : callable, optional
        What the register inspection says of a school, shown as a part of the page; given by the command line,
        for reports do not compute.

    Returns
    -------
    CheckDone
        The page, also of exports that are refused, its exit code then 11, and where the school file cannot be used or a path
        in it leads to no file: 10.

    Raises
    ------
    RequestError
        If the folder cannot be written to.
    SettingsError
        If neither the school file can be used nor the folder written to.
    """
    from attendance_lib.intake.settings.loading import load_settings

    school = (request.school_file.stem, "")
    try:
        with progress.step("Reading the exports"):
            settings = load_settings(request.school_file)
            school = settings.school.name_and_urn
            checked = read_exports(settings)
    except SettingsError as error:
        return unusable(request, error, school)
    return judged(request, checked, progress, inspect)


def unusable(request: CheckRequest, error: SettingsError, school: tuple[str, str]) -> CheckDone:
    """Write the page where nothing could be read; ``school`` is its name and URN, or what its file is called.

    Raises
    ------
    SettingsError
        The error itself, where the page cannot be written either: it is what must be put right first.
    """
    from attendance_lib.papers.check.page import settings_document, settings_parts

    named = request.project.relative
    document = settings_document(school, named(request.school_file))
    parts = settings_parts(error, request.school_file, named)
    place = PackPlace(report_folder(request.out.resolve(), school, CHECK.name), NO_MARKS)
    try:
        text = written(document, parts, place)
    except RequestError:
        raise error from None
    return CheckDone(text, place.pack, error.exit_code, error)


def judged(
    request: CheckRequest, checked: "CheckedSchool", progress: Progress, inspect: Inspect | None
) -> CheckDone:
    """Judge what was read and write the page (see ``check_exports``)."""
    from attendance_lib.papers.check.page import Part, check_of, document_of, parts_of, with_register_musts
    from attendance_lib.papers.check.verdict import with_plain_forms

    named = request.project.relative
    check = check_of(with_plain_forms(checked), named)
    found = ()
    if inspect and check.coverage is not None and not check.checked.problems:
        with progress.step("Inspecting the registers"):
            found = inspected(check, inspect)
    check = with_register_musts(check, register_musts(found))
    document, parts = document_of(check, named), parts_of(check, named)
    if found:
        parts.insert(-1, Part("Register inspection", found))
    place = place_of_check(request, check)
    with progress.step("Writing the page"):
        text = written(document, parts, place)
    return CheckDone(text, place.pack, check.judgement.verdict.exit_code)


def written(document: "Document", parts: "list[Part]", place: PackPlace) -> str:
    """Write the page in place of an earlier one; it as text, with where it is and what of the earlier one was kept."""
    from attendance_lib.papers.check.page import page_text

    kept: list[str] = []
    recover_below(place.folder.parent, kept.append)
    with replacing(place, kept.append) as folder, scratch():
        write_check(document, parts, folder)
    of_urn = f" (URN {document.urn})" if document.urn else ""
    title = f"{document.title}: {document.school}{of_urn}, {document.period}"
    return "\n".join([page_text(title, parts), "", FINISHED.format(folder=place.pack), *kept])


def inspected(check: "Check", inspect: Inspect) -> "tuple[Sentences | Table, ...]":
    """Return what the inspection says, or why it could not be made: the page is written whatever is wrong."""
    from attendance_lib.display import Sentences

    try:
        return tuple(inspect(check.checked.accepted()))
    except AttendanceError as error:
        return (Sentences("not_inspected", (f"The registers could not be inspected: {error}",), "note"),)


def register_musts(found: "tuple[Sentences | Table, ...]") -> int:
    """Return how many things the inspection says must be put right in the registers.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import pandas as pd
    >>> names = {MUSTS: [3, 2], "another": [9]}
    >>> found = [SimpleNamespace(payload=lambda n=n: {"name": n}, frame=pd.DataFrame({"things": t})) for n, t in names.items()]
    >>> register_musts(found)
    5
    """
    tables = [each.frame for each in found if each.payload()["name"] == MUSTS]
    return sum(int(table["things"].sum()) for table in tables)


def place_of_check(request: CheckRequest, check: "Check") -> PackPlace:
    """Return where a check goes: named after the last day with marks."""
    from attendance_lib.papers.check.page import days_marked

    school, days = check.checked.settings.school, days_marked(check)
    folder = report_folder(request.out.resolve(), school.name_and_urn, CHECK.name)
    return PackPlace(folder, days[1].isoformat() if days else NO_MARKS)


def write_check(document: "Document", parts: "list[Part]", folder: Path) -> None:
    """Write the page as HTML and, from the same payloads, as a workbook."""
    from attendance_lib.display.notebook import payloads_of
    from attendance_lib.display.workbook.book import write_workbook
    from attendance_lib.display.workbook.tables import WorkbookProperties
    from attendance_lib.reports.pages import write_html

    notebook = notebook_of(document, parts)
    write_html(notebook, folder / PAGE)
    properties = WorkbookProperties(
        document.title, document.school, document.period, document.confidentiality, document.date
    )
    write_workbook(payloads_of(notebook), folder / BOOK, properties)
    note_made(folder)


def notebook_of(document: "Document", parts: "list[Part]") -> "NotebookNode":
    """Return the page as a notebook whose cells have their outputs already, so that no kernel is needed."""
    import nbformat.v4 as nb

    shown = [document, *(item for part in parts for item in [part.heading, *part.shown] if item)]
    cells = [
        nb.new_markdown_cell(f"## {item}", id=f"cell-{number}")
        if isinstance(item, str)
        else nb.new_code_cell(id=f"cell-{number}", outputs=[nb.new_output("display_data", data=item._repr_mimebundle_())])
        for number, item in enumerate(shown)
    ]  # fmt: skip
    return nb.new_notebook(cells=cells)
