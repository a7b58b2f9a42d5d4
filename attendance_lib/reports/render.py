"""Everything a pack shows, made from one executed notebook: HTML, PDF, workbook and tables."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.reports.drawn import write_draw
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.pages import write_html, write_pdf
from attendance_lib.reports.printed import properties_of
from attendance_lib.reports.published import TABLES, check_published, write_record

if TYPE_CHECKING:
    from nbformat import NotebookNode


def render(
    notebook: "NotebookNode",
    target: Path,
    progress: Progress,
    *,
    is_published: bool = False,
    is_own: bool = False,
    pack_id: str = "",
) -> list[str]:
    """Write all renderings of an executed notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook; its cells' payloads are the one source of every rendering.
    target : pathlib.Path
        The folder and name of the files, without ending: ``<folder>/fortnightly`` gives ``fortnightly.html``.
    progress : Progress
        Told of each step.
    is_published : bool
        The paper leaves the school: nothing personal in it, the publication profile of the workbook, and the
        record of what was withheld among the tables.
    is_own : bool
        It is of the school's own making: only tables that have passed the disclosure step are published.
    pack_id : str
        The pack's number, by which what staff fill in is known again; empty if nothing is.

    Returns
    -------
    list of str
        Warnings for the receipt, such as a PDF that could not be tagged.

    Raises
    ------
    DisclosureError
        If a published paper holds anything that must not leave the school; nothing is rendered.
    """
    if is_published:
        check_published(notebook, target, is_own=is_own)
    with progress.step("HTML"):
        page = write_html(notebook, target.with_suffix(".html"))
    with progress.step("PDF"):
        paper = write_pdf(notebook, target.with_suffix(".pdf"))
    with progress.step("Workbook and tables"):
        write_data(notebook, target, is_published=is_published, pack_id=pack_id)
        drawn = write_draw(notebook, target.parent)
    return [*page, *paper, *drawn]


def write_data(
    notebook: "NotebookNode", target: Path, *, is_published: bool = False, pack_id: str = ""
) -> None:
    """Write the workbook, and the tables as CSV with their index; of a published paper also the record."""
    from attendance_lib.display.csv_tables import write_tables
    from attendance_lib.display.notebook import payloads_of
    from attendance_lib.display.workbook.book import write_workbook

    payloads = payloads_of(notebook)
    profile = "publication" if is_published else "working"
    properties = replace(properties_of(notebook), pack_id=pack_id)
    write_workbook(payloads, target.with_suffix(".xlsx"), properties, profile)
    tables = target.parent / TABLES
    tables.mkdir()
    write_tables(payloads, tables)
    if is_published:
        write_record(notebook, tables)
