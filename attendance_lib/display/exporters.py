"""The two ways a notebook becomes a paper: nbconvert exporters ``attendance_html`` and ``attendance_pdf``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from traitlets import default

from attendance_lib.display.html import WRITERS, facts_html, fold_html, paragraphs, style_sheet
from attendance_lib.display.notebook import Flow, flow_of
from attendance_lib.display.pdf import pdf_of
from attendance_lib.imports import imports_without_slow_checker

with imports_without_slow_checker():
    import nbformat
    from nbconvert.exporters import Exporter, TemplateExporter

# The HTML page of a report: everything in order, escaped, in one file

SPAN_TAGS = {"strong": "strong", "emphasis": "em", "code": "code"}
CONTENTS_LEVEL = 2


@dataclass(frozen=True)
class Page:
    """The escaped pieces that the template puts in their places."""

    title: str
    heading: str
    style: str
    masthead: str
    contents: tuple[dict[str, str], ...]
    parts: tuple[str, ...]
    footer: str


def page_of(flow: Flow) -> Page:
    """Write a flow as the pieces of an HTML page; every piece is safe to place as it is.

    Examples
    --------
    >>> from attendance_lib.display.notebook import FACTS
    >>> facts = dict.fromkeys(FACTS, "") | {"title": "Costs & aims", "school": "Larkmoor Academy"}
    >>> page_of(Flow(facts, [])).title
    'Costs &amp; aims – Larkmoor Academy'
    """
    document = flow.document
    whole_title = " – ".join(filter(None, (document["title"], document["school"], document["period"])))
    entries = (
        {"id": block["id"], "text": escape(block["text"])}
        for block in flow.headings
        if block["level"] == CONTENTS_LEVEL
    )
    return Page(
        title=escape(whole_title),
        heading=escape(document["title"]),
        style=style_sheet("parts.css") + style_sheet("page.css"),
        masthead=f'<div class="att att-masthead">{facts_html(document)}</div>',
        contents=tuple(entries),
        parts=tuple(parts_html(flow)),
        footer=paragraphs((document["confidentiality"],), ""),
    )


def parts_html(flow: Flow) -> Iterator[str]:
    """Yield the blocks as HTML, the parts of the annex and those of headings that fold to be unfolded on a narrow screen."""
    is_annex, blocks = False, []
    for block in flow.blocks:
        if block["type"] == "heading" and block["level"] == CONTENTS_LEVEL:
            is_annex = is_annex or block["text"] == flow.document["folded_from"]
            blocks.append(block | {"folds": is_annex})
        else:
            blocks.append(block)
    yield from nested_html(blocks, flow.folds)


def nested_html(blocks: list[dict], folds: Mapping[str, str]) -> Iterator[str]:
    """Yield blocks as HTML; what stands under a heading that folds, up to the next heading as high as it, in a fold.

    Examples
    --------
    >>> head = {"type": "heading", "level": 2, "id": "how", "spans": [{"text": "How?", "style": "plain"}], "folds": True}
    >>> list(nested_html([head, {"type": "code", "text": "x"}], {}))[0].partition("</summary>")[2]
    '<div id="how" class="att-place"><pre>x</pre></div></details>'
    """
    at = 0
    while at < len(blocks):
        head, at = blocks[at], at + 1
        if not head.get("folds"):
            yield folded_html(head, folds)
            continue
        start, level = at, head["level"]
        while at < len(blocks) and not (blocks[at]["type"] == "heading" and blocks[at]["level"] <= level):
            at += 1
        inner = "\n".join(nested_html(blocks[start:at], folds))
        # The place that the contents and other papers lead to is inside, so that a browser unfolds it.
        place = f'<div id="{head["id"]}" class="att-place">{inner}</div>'
        yield fold_html(f"<h{level}>{spans_html(head['spans'])}</h{level}>", place, "fold fold-part")


def folded_html(block: dict, folds: Mapping[str, str]) -> str:
    """Write one block of a flow, in a fold that opens by itself wherever there is room if the document asks for one.

    Examples
    --------
    >>> note = {"type": "sentences", "name": "order", "title": "", "style": "note", "items": ["A."]}
    >>> folded_html(note, {"order": "How?"})
    '<details class="fold"><summary>How?</summary><div class="att att-note"><p>A.</p></div></details>'
    """
    if block.get("name") not in folds:
        return block_html(block)
    words = folds[block["name"]] or block["title"]
    return fold_html(escape(words), block_html(block))


def block_html(block: dict) -> str:
    """Write one block of a flow.

    Examples
    --------
    >>> block_html({"type": "code", "text": "a < b"})
    '<pre>a &lt; b</pre>'
    """
    return BLOCK_WRITERS[block["type"]](block)


def heading_html(block: dict) -> str:
    """Write a heading of its level.

    Examples
    --------
    >>> heading_html({"level": 2, "id": "late", "spans": [{"text": "Who was late?", "style": "plain"}]})
    '<h2 id="late">Who was late?</h2>'
    """
    tag = f"h{block['level']}"
    return f'<{tag} id="{block["id"]}">{spans_html(block["spans"])}</{tag}>'


def paragraph_html(block: dict) -> str:
    """Write a paragraph.

    Examples
    --------
    >>> paragraph_html({"spans": [{"text": "Nobody ", "style": "plain"}, {"text": "yet", "style": "strong"}]})
    '<p>Nobody <strong>yet</strong></p>'
    """
    return f"<p>{spans_html(block['spans'])}</p>"


def list_html(block: dict) -> str:
    """Write a list; an item of one paragraph stands without its tag.

    Examples
    --------
    >>> items = [[{"type": "paragraph", "spans": [{"text": text, "style": "plain"}]}] for text in ("Ring", "Visit")]
    >>> list_html({"is_ordered": True, "items": items})
    '<ol><li>Ring</li><li>Visit</li></ol>'
    """
    tag = "ol" if block["is_ordered"] else "ul"
    return f"<{tag}>{''.join(f'<li>{item_html(item)}</li>' for item in block['items'])}</{tag}>"


def item_html(item: list[dict]) -> str:
    """Write one item of a list.

    Examples
    --------
    >>> item_html([{"type": "paragraph", "spans": [{"text": "Ring home", "style": "plain"}]}])
    'Ring home'
    """
    return "".join(
        spans_html(block["spans"]) if block["type"] == "paragraph" else block_html(block) for block in item
    )


def quote_html(block: dict) -> str:
    """Write a quotation.

    Examples
    --------
    >>> quote_html({"blocks": [{"type": "paragraph", "spans": [{"text": "In law", "style": "plain"}]}]})
    '<blockquote><p>In law</p></blockquote>'
    """
    return f"<blockquote>{''.join(map(block_html, block['blocks']))}</blockquote>"


def code_html(block: dict) -> str:
    """Write text as it stands.

    Examples
    --------
    >>> code_html({"text": "a < b"})
    '<pre>a &lt; b</pre>'
    """
    return f"<pre>{escape(block['text'])}</pre>"


def failure_html(block: dict) -> str:
    """Write the error of a failed cell.

    Examples
    --------
    >>> failure_html({"text": "ValueError: 3 < 2"})
    '<pre class="failure">ValueError: 3 &lt; 2</pre>'
    """
    return f'<pre class="failure">{escape(block["text"])}</pre>'


def spans_html(spans: list[dict]) -> str:
    """Write spans of text, styled.

    Examples
    --------
    >>> spans_html([{"text": "Year ", "style": "plain"}, {"text": "7", "style": "emphasis"}])
    'Year <em>7</em>'
    """
    return "".join(map(span_html, spans))


def span_html(span: dict) -> str:
    """Write one span of text.

    Examples
    --------
    >>> span_html({"style": "strong", "text": "a < b"})
    '<strong>a &lt; b</strong>'
    """
    tag = SPAN_TAGS.get(span["style"], "")
    return f"<{tag}>{escape(span['text'])}</{tag}>" if tag else escape(span["text"])


BLOCK_WRITERS = WRITERS | {
    "heading": heading_html,
    "paragraph": paragraph_html,
    "list": list_html,
    "quote": quote_html,
    "code": code_html,
    "failure": failure_html,
}


TEMPLATES = Path(__file__).parent / "templates"


def without_cells(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without its cells, for nbconvert, which copies all it is given twice: what a paper shows is read before."""
    return nbformat.from_dict({**notebook, "cells": []})


class AttendanceHTMLExporter(TemplateExporter):
    """Write a notebook as one HTML file that asks nothing of the network and runs no script."""

    export_from_notebook = "Attendance report (HTML)"
    output_mimetype = "text/html"
    default_preprocessors: list[str] = []

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "attendance_html"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict | None = None, **kwargs: Any
    ) -> tuple[str, dict]:
        """Return the page's text and the resources.

        Parameters
        ----------
        nb : nbformat.NotebookNode
            An executed notebook.
        resources : dict, optional
            nbconvert's resources, returned with ``attendance`` added.
        **kwargs : Any
            Passed on to nbconvert.

        Returns
        -------
        tuple of (str, dict)
            The HTML and the resources; ``resources["attendance"]["warnings"]`` is a tuple of text.
        """
        said = {"attendance": {"page": page_of(flow_of(nb)), "warnings": ()}}
        return super().from_notebook_node(without_cells(nb), {**(resources or {}), **said}, **kwargs)


@cache
def html_exporter() -> AttendanceHTMLExporter:
    """Return the exporter of every page of a process: another would read and compile the template anew."""
    return AttendanceHTMLExporter()


def written_page(page: Page) -> str:
    """Return a page that is no notebook, in the same template: its pieces are escaped already."""
    return html_exporter().template.render(resources={"attendance": {"page": page}})


class AttendancePDFExporter(Exporter):
    """Write a notebook as a tagged PDF through Typst."""

    export_from_notebook = "Attendance report (PDF)"
    output_mimetype = "application/pdf"
    default_preprocessors: list[str] = []

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict | None = None, **kwargs: Any
    ) -> tuple[bytes, dict]:
        """Return the PDF's bytes and the resources.

        Parameters
        ----------
        nb : nbformat.NotebookNode
            An executed notebook.
        resources : dict, optional
            nbconvert's resources, returned with ``attendance`` added.
        **kwargs : Any
            Passed on to nbconvert.

        Returns
        -------
        tuple of (bytes, dict)
            The PDF and the resources; ``resources["attendance"]["warnings"]`` is a tuple of text for
            the receipt, empty when the PDF is tagged and every character has a font.
        """
        _, resources = super().from_notebook_node(without_cells(nb), resources, **kwargs)
        pdf = pdf_of(flow_of(nb))
        return pdf.content, {**resources, "attendance": {"warnings": pdf.warnings}}
