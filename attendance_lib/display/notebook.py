"""A notebook as one flow of blocks, from which the HTML page and the PDF are made."""

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import mistune

from attendance_lib.display.kinds import MIME, RECORD_MIME
from attendance_lib.imports import imports_without_slow_checker
from attendance_lib.rules.signs import harmless

with imports_without_slow_checker():
    import nbformat

# What an executed notebook shows, in the order of its cells


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
    return [
        part
        for cell in notebook.cells
        for output in outputs_of(cell)
        if MIME in output.get("data", {})
        for part in taken_apart(payload_in(output["data"]))
    ]


def taken_apart(payload: dict) -> list[dict]:
    """Return what the workbook and the CSV take of a payload: of parts, their tables or else those shown, and what is said.

    Examples
    --------
    >>> drawn, table = {"type": "chart", "name": "weeks"}, {"type": "table", "name": "all_weeks"}
    >>> [part["name"] for part in taken_apart({"type": "parts", "shown": [drawn], "tables": [table]})]
    ['all_weeks']
    >>> [part["name"] for part in taken_apart({"type": "parts", "shown": [drawn], "tables": []})]
    ['weeks']
    """
    if payload["type"] != "parts":
        return [payload]
    drawn = () if not payload["tables"] else ("table", "chart")
    return [part for part in payload["shown"] if part["type"] not in drawn] + payload["tables"]


def records_of(notebook: nbformat.NotebookNode, mime: str = RECORD_MIME) -> list[dict]:
    """Return the records of one type that a notebook's cells hold, by default of what was published (``model.RecordedNote``)."""
    return [
        output["data"][mime]
        for cell in notebook.cells
        for output in outputs_of(cell)
        if mime in output.get("data", {})
    ]


def outputs_of(cell: nbformat.NotebookNode) -> Iterator[dict]:
    """Yield the outputs of a cell; a Markdown cell has none.

    Examples
    --------
    >>> list(outputs_of({"cell_type": "markdown"}))
    []
    """
    yield from cell.get("outputs", ())


# An executed notebook as a pack holds it. It is the largest file of most packs, and half of it are our payloads, which no
# program but ours reads: what JupyterLab and others show of a cell is next to them as it is.

PACKED = "zlib+base64:"
TIGHT = (",", ":")


def notebook_text(notebook: nbformat.NotebookNode, *, is_packed: bool) -> str:
    """Return an executed notebook as the text of its file, without blanks between its parts.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook, left as it is.
    is_packed : bool
        Our payloads are compressed. Those of a paper that leaves the school are not: whoever gets it can read all of it.
    """
    plain = json.loads(nbformat.writes(notebook))
    for cell in plain["cells"]:
        for output in outputs_of(cell):
            if is_packed and MIME in output.get("data", {}):
                output["data"][MIME] = packed(output["data"][MIME])
    return tight_json(plain) + "\n"


def tight_json(value: object) -> str:
    """Return a value as JSON in which nothing is left to chance and no blank stands between its parts.

    Examples
    --------
    >>> tight_json({"b": ["é"], "a": 1})
    '{"a":1,"b":["é"]}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=TIGHT)


def packed(payload: dict) -> str:
    """Return a payload as text that takes a tenth of its room; ``payload_in`` has it back.

    Examples
    --------
    >>> payload_in({MIME: packed({"type": "heading"})})
    {'type': 'heading'}
    """
    return PACKED + b64encode(zlib.compress(tight_json(payload).encode(), zlib.Z_BEST_COMPRESSION)).decode()


def payload_in(data: Mapping[str, Any]) -> dict:
    """Return the payload among what a cell's output holds, whether or not it is packed there.

    Examples
    --------
    >>> payload_in({MIME: packed({"type": "table"})}), payload_in({MIME: {"type": "table"}})
    ({'type': 'table'}, {'type': 'table'})
    """
    held = data[MIME]
    if not isinstance(held, str):
        return held
    return json.loads(zlib.decompress(b64decode(held.removeprefix(PACKED))))


# Markdown of a notebook as plain blocks, the same for HTML and PDF

SCHEMES = ("https://", "http://")


def blocks_of_markdown(source: str) -> list[dict]:
    """Read Markdown into blocks.

    Parameters
    ----------
    source : str
        A Markdown cell's text.

    Returns
    -------
    list of dict
        Blocks in order, each with ``type``: ``heading`` (``level``, ``spans``), ``paragraph``
        (``spans``), ``list`` (``is_ordered``, ``items``: blocks of each item), ``quote`` (``blocks``) or
        ``code`` (``text``). A span is ``text`` with ``style``: plain, strong, emphasis or code.

    Examples
    --------
    >>> blocks_of_markdown("## Who is *missing*?")[0]["spans"][1]
    {'text': 'missing', 'style': 'emphasis'}
    """
    tokens = mistune.create_markdown(renderer=None)(harmless(source))
    return [block for token in tokens for block in blocks_of_token(token)]


def blocks_of_token(token: dict) -> Iterator[dict]:
    """Yield the blocks of one of the Markdown reader's tokens.

    Examples
    --------
    >>> list(blocks_of_token({"type": "heading", "attrs": {"level": 2}, "children": [{"type": "text", "raw": "Late"}]}))
    [{'type': 'heading', 'level': 2, 'spans': [{'text': 'Late', 'style': 'plain'}]}]
    """
    kind = token["type"]
    if kind == "heading":
        yield {"type": "heading", "level": token["attrs"]["level"], "spans": spans_of(token)}
    elif kind in ("paragraph", "block_text"):
        yield {"type": "paragraph", "spans": spans_of(token)}
    elif kind == "list":
        items = [inner_blocks(item) for item in token["children"]]
        yield {"type": "list", "is_ordered": token["attrs"]["ordered"], "items": items}
    elif kind == "block_quote":
        yield {"type": "quote", "blocks": inner_blocks(token)}
    elif token.get("raw", "").strip():
        yield {"type": "code", "text": token["raw"].rstrip("\n")}


def inner_blocks(token: dict) -> list[dict]:
    """Return the blocks inside a token.

    Examples
    --------
    >>> text = {"type": "paragraph", "children": [{"type": "text", "raw": "Ring home"}]}
    >>> inner_blocks({"children": [text]})
    [{'type': 'paragraph', 'spans': [{'text': 'Ring home', 'style': 'plain'}]}]
    """
    return [block for child in token["children"] for block in blocks_of_token(child)]


def spans_of(token: dict, style: str = "plain") -> list[dict]:
    """Return the spans of a token's text.

    Examples
    --------
    >>> spans_of({"children": [{"type": "text", "raw": "Late"}]}, "strong")
    [{'text': 'Late', 'style': 'strong'}]
    """
    return [span for child in token["children"] for span in child_spans(child, style)]


def child_spans(child: dict, style: str) -> list[dict]:
    """Return the spans of one piece of a token's text.

    Examples
    --------
    >>> child_spans({"type": "codespan", "raw": "L"}, "plain"), child_spans({"type": "softbreak"}, "plain")
    ([{'text': 'L', 'style': 'code'}], [{'text': ' ', 'style': 'plain'}])
    """
    kind = child["type"]
    if kind in ("softbreak", "linebreak"):
        return [{"text": " ", "style": "plain"}]
    if kind in ("strong", "emphasis"):
        return spans_of(child, kind)
    if kind == "link":
        return [*spans_of(child, style), *address_spans(child)]
    if "children" in child:
        return spans_of(child, style)
    return [{"text": child["raw"], "style": {"codespan": "code"}.get(kind, style)}]


def address_spans(link: dict) -> list[dict]:
    """Return the address of a link to be read, unless its text is the address already.

    Examples
    --------
    >>> text = [{"type": "text", "raw": "the guidance"}]
    >>> address_spans({"attrs": {"url": "https://www.gov.uk/attendance"}, "children": text})
    [{'text': ' (www.gov.uk/attendance)', 'style': 'plain'}]
    """
    url = link["attrs"]["url"]
    shown = next((url.removeprefix(scheme) for scheme in SCHEMES if url.startswith(scheme)), "")
    return (
        [{"text": f" ({shown})", "style": "plain"}]
        if shown and shown not in plain_text(spans_of(link))
        else []
    )


def plain_text(spans: list[dict]) -> str:
    """Return spans as text.

    >>> plain_text([{"text": "Year ", "style": "plain"}, {"text": "7", "style": "strong"}])
    'Year 7'
    """
    return "".join(span["text"] for span in spans)


HIDDEN_CELL, NEW_PAGE = "remove-cell", "new-page"
ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
FACTS = (
    "name",
    "title",
    "school",
    "urn",
    "period",
    "cohort",
    "date",
    "audience",
    "confidentiality",
    "is_large_print",
    "folded_from",
)


@dataclass(frozen=True)
class Flow:
    """A document's facts and its blocks in order.

    ``document`` has every name of ``FACTS``, empty where the notebook does not say; ``blocks`` hold
    prose, payloads and plain outputs; headings start at level 2 and skip none. ``folds`` are the document's.
    """

    document: dict[str, str]
    blocks: list[dict] = field(repr=False)
    folds: Mapping[str, str] = field(default_factory=dict)

    @property
    def headings(self) -> list[dict]:
        """Return the headings in order.

        Examples
        --------
        >>> blocks = [{"type": "heading", "level": 2}, {"type": "code", "text": "x"}]
        >>> Flow({}, blocks).headings
        [{'type': 'heading', 'level': 2}]
        """
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

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> flow = flow_of(new_notebook(cells=[new_markdown_cell("# Impact"), new_markdown_cell("#### Costs")]))
    >>> flow.document["title"], [(block["level"], block["text"]) for block in flow.headings]
    ('Impact', [(2, 'Costs')])
    """
    blocks = [block for cell in notebook.cells for block in blocks_of_cell(cell)]
    heading = first_of(blocks, "heading")
    title = plain_text(heading["spans"]) if heading else "Attendance report"
    said = first_of(blocks, "document") or notebook.metadata.get("attendance", {})
    document = {name: harmless(str(said.get(name) or "")) for name in FACTS}
    kept = of_parts(without_title(blocks), said.get("shows") or ())
    return Flow(document | {"title": document["title"] or title}, with_levels(kept), said.get("folds") or {})


def first_of(blocks: list[dict], kind: str) -> dict | None:
    """Return the first block of a type, None if there is none.

    Examples
    --------
    >>> first_of([{"type": "table"}, {"type": "heading", "level": 1}], "heading")
    {'type': 'heading', 'level': 1}
    """
    return next((block for block in blocks if block["type"] == kind), None)


PART_LEVEL = 2


def of_parts(blocks: list[dict], shown: Collection[str]) -> list[dict]:
    """Return the blocks of the parts shown, and what stands before the first part; all where none is named.

    Examples
    --------
    >>> heads = [{"type": "heading", "level": 2, "spans": [{"text": text, "style": "plain"}]} for text in ("Known", "Method")]
    >>> [plain_text(each["spans"]) for each in of_parts(heads, ("Known",))]
    ['Known']
    """
    if not shown:
        return blocks
    kept, is_shown = [], True
    for block in blocks:
        if block["type"] == "heading" and block["level"] <= PART_LEVEL:
            is_shown = plain_text(block["spans"]) in shown
        if is_shown:
            kept.append(block)
    return kept


def blocks_of_cell(cell: nbformat.NotebookNode) -> Iterator[dict]:
    r"""Yield what a reader sees of a cell.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell
    >>> list(blocks_of_cell(new_markdown_cell("For whoever edits this.", metadata={"tags": [HIDDEN_CELL]})))
    []
    >>> first, second = blocks_of_cell(new_markdown_cell("# Plan\n\nAims.", metadata={"tags": [NEW_PAGE]}))
    >>> first["starts_page"], "starts_page" in second
    (True, False)
    """
    if HIDDEN_CELL in cell.metadata.get("tags", ()):
        return
    if cell.cell_type == "markdown":
        first, *others = blocks_of_markdown(cell.source)
        yield first | ({"starts_page": True} if NEW_PAGE in cell.metadata.get("tags", ()) else {})
        yield from others
    for output in outputs_of(cell):
        block = block_of_output(output)
        yield from block["shown"] if block["type"] == "parts" else (block,)


def block_of_output(output: dict) -> dict:
    """Return a payload as it is, and anything that is not ours as plain text.

    Examples
    --------
    >>> block_of_output({"output_type": "stream", "text": "3 registers"})
    {'type': 'code', 'text': '3 registers'}
    """
    if output["output_type"] == "error":
        return {"type": "failure", "text": failure_text(output)}
    data = output.get("data", {})
    return (
        payload_in(data)
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
    r"""Return what a cell printed without the terminal's colours, and harmless.

    Examples
    --------
    >>> plain_output("\N{ESCAPE}[31m3 rows\N{ESCAPE}[0m read")
    '3 rows read'
    """
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
    match body:
        case [{"type": "heading", "level": 1}, *others]:
            return others
    return body


def with_levels(blocks: list[dict]) -> list[dict]:
    """Return the blocks with headings that start at level 2, skip no level and have an id each.

    >>> [block["level"] for block in with_levels([{"type": "heading", "level": 4, "spans": []}])]
    [2]
    """
    return list(levelled(blocks))


def levelled(blocks: list[dict]) -> Iterator[dict]:
    """Yield the blocks, each heading at most one level below the one before it.

    Examples
    --------
    >>> headings = [{"type": "heading", "level": level, "spans": []} for level in (1, 4, 2)]
    >>> [each["level"] for each in levelled(headings)]  # the paper's title is the only heading of level 1, and no level is skipped
    [2, 3, 2]
    """
    level, seen, anchors = 1, 0, set()
    for block in blocks:
        if block["type"] != "heading":
            yield block
            continue
        level, seen = min(max(block["level"], 2), level + 1), seen + 1
        anchor = block.get("anchor", "")
        place = anchor if anchor and anchor not in anchors else f"part-{seen}"
        anchors.add(place)
        yield block | {"level": level, "text": plain_text(block["spans"]), "id": place}
