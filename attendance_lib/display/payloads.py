"""What an executed notebook shows, in the order of its cells."""

from collections.abc import Iterator

import nbformat

from attendance_lib.display.kinds import MIME


def payloads_of(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return the payloads that a notebook's cells show.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.

    Returns
    -------
    list of dict
        Payloads of `attendance_lib.display.model`, in the order of the cells and of their outputs;
        empty for a notebook that shows none.
    """
    return [
        output["data"][MIME]
        for cell in notebook.cells
        for output in outputs_of(cell)
        if MIME in output.get("data", {})
    ]


def outputs_of(cell: nbformat.NotebookNode) -> Iterator[dict]:
    """Yield the outputs of a cell; a Markdown cell has none."""
    yield from cell.get("outputs", ())
