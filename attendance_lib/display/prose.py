"""Markdown of a notebook as plain blocks, the same for HTML and PDF.

Raw HTML in Markdown becomes visible text, a link its text with its address, a picture its text
alternative: a report holds no markup but our own and asks nothing of the network.
"""

from collections.abc import Iterator

import mistune

from attendance_lib.rules.signs import harmless

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
    """Yield the blocks of one of the Markdown reader's tokens."""
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
    """Return the blocks inside a token."""
    return [block for child in token["children"] for block in blocks_of_token(child)]


def spans_of(token: dict, style: str = "plain") -> list[dict]:
    """Return the spans of a token's text."""
    return [span for child in token["children"] for span in child_spans(child, style)]


def child_spans(child: dict, style: str) -> list[dict]:
    """Return the spans of one piece of a token's text."""
    kind = child["type"]
    if kind in ("softbreak", "linebreak"):
        return [{"text": " ", "style": "plain"}]
    if kind in ("strong", "emphasis"):
        return spans_of(child, kind)
    if kind == "link":
        return [*spans_of(child, style), *address_spans(child)]
    if "children" in child:
        return spans_of(child, style)
    return [{"text": child["raw"], "style": "code" if kind == "codespan" else style}]


def address_spans(link: dict) -> list[dict]:
    """Return the address of a link to be read, unless its text is the address already."""
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
