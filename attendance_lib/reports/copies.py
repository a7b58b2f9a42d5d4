"""Copies of a paper that are documents of their own, each as HTML, PDF and DOCX, so that one can be handed over by itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.reports.pages import check_said, notebook_of, write_html, write_pdf

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER = "copies"


def write_copies(notebook: "NotebookNode", folder: Path) -> list[str]:
    """Write the copies that a notebook records into a pack; return the warnings of their making.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook. Each copy recorded has a ``name``, a ``document`` and ``parts`` (payloads), and ``leaves_school``.
    folder : pathlib.Path
        The pack.

    Raises
    ------
    DisclosureError
        If one that leaves the school says anything besides its own parts.
    """
    from attendance_lib.display.kinds import COPIES_MIME
    from attendance_lib.display.notebook import records_of

    copies = [copy for kept in records_of(notebook, COPIES_MIME) for copy in kept["copies"]]
    if not copies:
        return []
    (folder / FOLDER).mkdir()
    return [warning for copy in copies for warning in write_copy(copy, folder / FOLDER / copy["name"])]


def write_copy(copy: Mapping, target: Path) -> list[str]:
    """Write one copy, ``target`` being its path without an ending; return the warnings."""
    from attendance_lib.display.docx import docx_of

    notebook, page = notebook_of((copy["document"], *copy["parts"])), target.with_name(f"{target.name}.html")
    warnings = [*write_html(notebook, page), *write_pdf(notebook, target.with_name(f"{target.name}.pdf"))]
    target.with_name(f"{target.name}.docx").write_bytes(docx_of(copy["document"], copy["parts"]))
    if copy["leaves_school"]:
        check_said(page.read_text(encoding="utf-8"), own_words(copy), page.name)
    return warnings


def own_words(copy: Mapping) -> set[str]:
    """Return every text of a copy's own that its page may say."""
    document = copy["document"]
    facts = [
        document[name]
        for name in ("title", "school", "period", "cohort", "audience", "confidentiality")
        if document[name]
    ]
    joined = {
        " · ".join(document[name] for name in ("school", "period", "cohort", "audience") if document[name]),
        " – ".join(document[name] for name in ("title", "school", "period") if document[name]),
    }
    return {*facts, *joined, *(text for payload in copy["parts"] for text in texts_of(payload))}


def texts_of(payload: Mapping) -> set[str]:
    """Return the texts that a payload shows: of a table its shown cells as text, its headings, title and note."""
    from attendance_lib.display.shown import shown_table

    if payload["type"] == "heading":
        return {"".join(span["text"] for span in payload["spans"])}
    if payload["type"] == "sentences":
        return {payload["title"], *payload["items"]}
    table = shown_table(payload)
    heads = (group.title for group in table.groups)
    cells = {cell.text.strip() for row in table.rows for cell in row}
    return {
        table.title,
        " ".join(table.remarks),
        *(column.heading for column in table.columns),
        *heads,
        *cells,
    }
