"""A notebook as one flow of blocks, from which the HTML page and the PDF are made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import nbformat

from attendance_lib.display.kinds import MIME
from attendance_lib.display.payloads import outputs_of
from attendance_lib.display.prose import blocks_of_markdown, plain_text
from attendance_lib.rules.signs import harmless

HIDDEN_CELL = "remove-cell"
ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
FACTS = ("name", "title", "school", "urn", "period", "cohort", "date", "audience", "confidentiality")


@dataclass(frozen=True)
class Flow:
    """A document's facts and its blocks in order.

    ``document`` has every name of ``FACTS``, empty where the notebook does not say; ``blocks`` hold
    prose, payloads and plain outputs; headings start at level 2 and skip none.
    """

    document: dict[str, str]
    blocks: list[dict] = field(repr=False)

    @property
    def headings(self) -> list[dict]:
        """Return the headings in order."""
        return [block for block in self.blocks if block["type"] == "heading"]


def flow_of(notebook: nbformat.NotebookNode) -> Flow:
    """Read an executed notebook into a flow of blocks.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook. Cells tagged ``remove-cell`` are left out, and every input.

    Returns
    -------
    Flow
        The facts come from the first payload of type ``document``, else from the notebook's metadata
        under ``attendance``; the title, if neither has one, from the first heading.
    """
    blocks = [block for cell in notebook.cells for block in blocks_of_cell(cell)]
    title = next(
        (plain_text(block["spans"]) for block in blocks if block["type"] == "heading"), "Attendance report"
    )
    said = next(
        (block for block in blocks if block["type"] == "document"), notebook.metadata.get("attendance", {})
    )
    document = {name: harmless(str(said.get(name) or "")) for name in FACTS}
    return Flow(document | {"title": document["title"] or title}, with_levels(without_title(blocks)))


def blocks_of_cell(cell: nbformat.NotebookNode) -> Iterator[dict]:
    """Yield what a reader sees of a cell."""
    if HIDDEN_CELL in cell.metadata.get("tags", ()):
        return
    if cell.cell_type == "markdown":
        yield from blocks_of_markdown(cell.source)
    for output in outputs_of(cell):
        block = block_of_output(output)
        yield from block["shown"] if block["type"] == "parts" else (block,)


def block_of_output(output: dict) -> dict:
    """Return a payload as it is, and anything that is not ours as plain text."""
    if output["output_type"] == "error":
        return {"type": "failure", "text": failure_text(output)}
    data = output.get("data", {})
    return (
        data[MIME]
        if MIME in data
        else {"type": "code", "text": plain_output(output.get("text", data.get("text/plain", "")))}
    )


def failure_text(output: dict) -> str:
    r"""Return the error of a failed cell without the terminal's colours.

    Examples
    --------
    >>> failure_text({"ename": "ValueError", "evalue": "no\x1b[0m session"})
    'ValueError: no session'
    """
    return plain_output(f"{output['ename']}: {output['evalue']}")


def plain_output(text: str) -> str:
    """Return what a cell printed without the terminal's colours, and harmless."""
    return harmless(ANSI_COLOUR.sub("", text))


def without_title(blocks: list[dict]) -> list[dict]:
    """Drop what the masthead says: the document itself and the first heading if it opens the notebook.

    Examples
    --------
    >>> heading = {"type": "heading", "level": 1}
    >>> without_title([{"type": "document"}, heading, {"type": "paragraph"}])
    [{'type': 'paragraph'}]
    """
    body = [block for block in blocks if block["type"] != "document"]
    opens = bool(body) and body[0]["type"] == "heading" and body[0]["level"] == 1
    return body[1:] if opens else body


def with_levels(blocks: list[dict]) -> list[dict]:
    """Return the blocks with headings that start at level 2, skip no level and have an id each.

    >>> [block["level"] for block in with_levels([{"type": "heading", "level": 4, "spans": []}])]
    [2]
    """
    return list(levelled(blocks))


def levelled(blocks: list[dict]) -> Iterator[dict]:
    """Yield the blocks, each heading at most one level below the one before it."""
    level, seen = 1, 0
    for block in blocks:
        if block["type"] != "heading":
            yield block
            continue
        level, seen = min(max(block["level"], 2), level + 1), seen + 1
        yield block | {"level": level, "text": plain_text(block["spans"]), "id": f"part-{seen}"}
