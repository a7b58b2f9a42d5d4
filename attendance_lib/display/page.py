"""The HTML page of a report: everything in order, escaped, in one file."""

from dataclasses import dataclass
from html import escape

from attendance_lib.display.flow import Flow
from attendance_lib.display.html import WRITERS, facts_html, paragraphs, style_sheet

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
    """Write a flow as the pieces of an HTML page; every piece is safe to place as it is."""
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
        parts=tuple(map(block_html, flow.blocks)),
        footer=paragraphs((document["confidentiality"],), ""),
    )


def block_html(block: dict) -> str:
    """Write one block of a flow."""
    return BLOCK_WRITERS[block["type"]](block)


def heading_html(block: dict) -> str:
    """Write a heading of its level."""
    tag = f"h{block['level']}"
    return f'<{tag} id="{block["id"]}">{spans_html(block["spans"])}</{tag}>'


def paragraph_html(block: dict) -> str:
    """Write a paragraph."""
    return f"<p>{spans_html(block['spans'])}</p>"


def list_html(block: dict) -> str:
    """Write a list; an item of one paragraph stands without its tag."""
    tag = "ol" if block["is_ordered"] else "ul"
    return f"<{tag}>{''.join(f'<li>{item_html(item)}</li>' for item in block['items'])}</{tag}>"


def item_html(item: list[dict]) -> str:
    """Write one item of a list."""
    return "".join(
        spans_html(block["spans"]) if block["type"] == "paragraph" else block_html(block) for block in item
    )


def quote_html(block: dict) -> str:
    """Write a quotation."""
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
    """Write the error of a failed cell."""
    return f'<pre class="failure">{escape(block["text"])}</pre>'


def spans_html(spans: list[dict]) -> str:
    """Write spans of text, styled."""
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
