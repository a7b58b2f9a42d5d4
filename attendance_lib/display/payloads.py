"""What an executed notebook shows, in the order of its cells."""

from collections.abc import Iterator

import nbformat

from attendance_lib.display.kinds import MIME, RECORD_MIME


def payloads_of(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return the payloads that a notebook's cells show.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.

    Returns
    -------
    list of dict
        Payloads of `attendance_lib.display.model`, in the order of the cells and of their outputs, those of type
        ``parts`` taken apart; empty for a notebook that shows none.
    """
    found = (
        output["data"][MIME]
        for cell in notebook.cells
        for output in outputs_of(cell)
        if MIME in output.get("data", {})
    )
    return [part for payload in found for part in taken_apart(payload)]


def taken_apart(payload: dict) -> list[dict]:
    """Return what the workbook and the CSV take of a payload: of parts, their tables or else those shown, and what is said."""
    if payload["type"] != "parts":
        return [payload]
    drawn = () if not payload["tables"] else ("table", "chart")
    return [part for part in payload["shown"] if part["type"] not in drawn] + payload["tables"]


def records_of(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return the records of what was published that a notebook's cells hold (see ``model.DisclosureNote``)."""
    return [
        output["data"][RECORD_MIME]
        for cell in notebook.cells
        for output in outputs_of(cell)
        if RECORD_MIME in output.get("data", {})
    ]


def outputs_of(cell: nbformat.NotebookNode) -> Iterator[dict]:
    """Yield the outputs of a cell; a Markdown cell has none.

    Examples
    --------
    >>> list(outputs_of({"cell_type": "markdown"}))
    []
    """
    yield from cell.get("outputs", ())
