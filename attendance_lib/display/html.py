"""A payload as HTML that a screen reader, a printer and JupyterLab can all read.

Every text is escaped here with `html.escape`; nothing of a payload reaches the page as markup. Pictures
are embedded as data, so that an SVG can neither run a script nor fetch anything.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files
from unicodedata import bidirectional

from attendance_lib.display.format import describe_sparkline, format_count, format_figure
from attendance_lib.display.kinds import TONE_MARKS, TONE_WORDS, Kind
from attendance_lib.display.shown import ShownCell, ShownColumn, ShownTable, shown_table, width_of
from attendance_lib.display.sparkline import sparkline_svg

# Letters of such scripts, and the signs that turn the direction of whatever follows.
RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO"})


def to_html(payload: dict) -> str:
    """Write a payload as HTML that is legible by itself, its small style sheet with it.

    Parameters
    ----------
    payload : dict
        Any payload of `attendance_lib.display.model`.

    Returns
    -------
    str
        A ``<style>`` element and the fragment of `fragment`.
    """
    return f"<style>{style_sheet('parts.css')}</style>{fragment(payload)}"


def fragment(payload: dict) -> str:
    """Write a payload as HTML without a style sheet, for a page that has one.

    >>> fragment({"type": "sentences", "name": "lead", "title": "", "style": "note", "items": ["a < b"]})
    '<div class="att att-note"><p>a &lt; b</p></div>'
    """
    return WRITERS[payload["type"]](payload)


@cache
def style_sheet(name: str) -> str:
    """Return one of the package's style sheets."""
    return (files("attendance_lib.display") / "templates" / name).read_text(encoding="utf-8")


def table_html(payload: dict) -> str:
    """Write a table with its caption, heads for columns and rows, and what is left out."""
    table = shown_table(payload)
    by_hand = " att-by-hand" if payload.get("is_written_by_hand") else ""
    # Of a table whose rows are all left to the workbook there are rows, and none to show.
    is_empty = not payload["rows"]
    return f'<div class="att att-table{by_hand}">{grid_html(table) if table.rows else empty_html(table, is_empty=is_empty)}</div>'


def empty_html(table: ShownTable, *, is_empty: bool) -> str:
    """Write the title of a table without rows to show, and what that means.

    Examples
    --------
    >>> empty_html(ShownTable("Late", (), (), (), "Nobody was late."), is_empty=True)
    '<p class="att-title">Late</p><p class="att-empty">Nobody was late.</p>'
    """
    means = f'<p class="att-empty">{escape(table.empty_text)}</p>' if is_empty else ""
    return f"{title_html(table.title)}{means}{remarks_html(table)}"


# A column of a folded table is at most so many characters wide.
LONGEST = 34
# A list of more rows is folded after so many, unless hardly any would be left to unfold.
FOLDED_AFTER, HARDLY_ANY = 10, 3


def grid_html(table: ShownTable) -> str:
    """Write a table; of a long one the first rows, then a fold for the rest, or one for each group of rows.

    On a wide screen and in print every fold is open (see ``parts.css``).
    """
    said, head = f"{escape(table.title)}{remarks_html(table)}", head_html(table)
    caption = f"<caption>{said}</caption>"
    rows = [row_html(row, table.columns) for row in table.rows]
    if len(rows) <= FOLDED_AFTER + HARDLY_ANY:
        body = "".join(group_html(table, at) + row for at, row in enumerate(rows))
        return region_html(table.title, f"{caption}{head}<tbody>{body}</tbody>")
    if table.groups:
        return f'<div class="att-caption">{said}</div>{"".join(group_folds(table, rows))}'
    rest = rows[FOLDED_AFTER:]
    words = f"The other {format_count(len(rest))}"
    return set_region(table, "", (caption, head), rows[:FOLDED_AFTER]) + fold_html(
        words, set_region(table, words, (said_html(words), head), rest)
    )


def group_folds(table: ShownTable, rows: list[str]) -> Iterator[str]:
    """Yield the fold of each group of rows (HTML)."""
    for at, group in table.group_at.items():
        words = f"{group.title}: {format_count(group.count)}"
        part = set_region(table, words, (said_html(words), head_html(table)), rows[at : at + group.count])
        yield fold_html(escape(words), part, "fold fold-rows")


def said_html(words: str) -> str:
    """Write a caption that a screen reader says; the eye has it from the handle of the fold.

    Examples
    --------
    >>> said_html("The other 12")
    '<caption class="att-said">The other 12</caption>'
    """
    return f'<caption class="att-said">{escape(words)}</caption>'


def set_region(table: ShownTable, words: str, above: tuple[str, str], rows: list[str]) -> str:
    """Write a part of a folded table (``above`` are its caption and its heads), its columns under those of the other parts."""
    widths = [width_of(table, place, LONGEST) + 2 for place in range(len(table.columns))]
    shares = "".join(f'<col style="width:{100 * width / sum(widths):.1f}%">' for width in widths)
    title = ": ".join(filter(None, (table.title, words)))
    caption, head = above
    return region_html(title, f"{caption}{shares}{head}<tbody>{''.join(rows)}</tbody>", sum(widths))


def fold_html(words: str, body: str, name: str = "fold") -> str:
    """Write what unfolds on a narrow screen and stands open elsewhere, below its words (HTML both).

    Examples
    --------
    >>> fold_html("The other 2", "<p>7A, 7B</p>")
    '<details class="fold"><summary>The other 2</summary><p>7A, 7B</p></details>'
    """
    return f'<details class="{name}"><summary>{words}</summary>{body}</details>'


def region_html(title: str, inner: str, width: int = 0) -> str:
    """Write a table element inside a region that scrolls on a small screen; ``width`` in characters if it is set.

    Examples
    --------
    >>> region_html("Late & absent", "<tbody></tbody>")
    '<div class="att-scroll" role="region" tabindex="0" aria-label="Late &amp; absent"><table><tbody></tbody></table></div>'
    """
    name = f' class="att-set" style="width:{width}ch"' if width else ""
    return f'<div class="att-scroll" role="region" tabindex="0" aria-label="{escape(title)}"><table{name}>{inner}</table></div>'


def head_html(table: ShownTable) -> str:
    """Write the heads of the columns.

    Examples
    --------
    >>> head_html(ShownTable("Late", (ShownColumn(0, "Form", Kind.TEXT, (), True, None),), (), (), "None."))
    '<thead><tr><th scope="col">Form</th></tr></thead>'
    """
    heads = "".join(
        f'<th scope="col"{class_of(column)}>{escape(column.heading)}</th>' for column in table.columns
    )
    return f"<thead><tr>{heads}</tr></thead>"


def group_html(table: ShownTable, at: int) -> str:
    """Write what the rows from a place (from 0) on have in common, if a group begins there.

    Examples
    --------
    >>> from attendance_lib.display.shown import ShownGroup
    >>> table = ShownTable("Calls", (None, None), (), (), "", (ShownGroup("Years 7 & 8", 3),))
    >>> group_html(table, 0), group_html(table, 1)
    ('<tr class="att-group"><th scope="colgroup" colspan="2">Years 7 &amp; 8</th></tr>', '')
    """
    if at not in table.group_at:
        return ""
    words = escape(table.group_at[at].title)
    return f'<tr class="att-group"><th scope="colgroup" colspan="{len(table.columns)}">{words}</th></tr>'


def remarks_html(table: ShownTable) -> str:
    """Write what a reader must know before the figures: the rows left out, the marks' meaning, the note.

    Examples
    --------
    >>> remarks_html(ShownTable("Late", (), (), ("First 1 of 2.", "To 09:10."), "None."))
    '<p class="att-foot">First 1 of 2. To 09:10.</p>'
    """
    return paragraphs((" ".join(table.remarks),), "att-foot")


def row_html(row: tuple[ShownCell, ...], columns: tuple[ShownColumn, ...]) -> str:
    """Write one row; the cell that names it is its head.

    Examples
    --------
    >>> columns = (ShownColumn(0, "Form", Kind.TEXT, (), True, None), ShownColumn(1, "Late", Kind.COUNT, (), False, None))
    >>> row_html((ShownCell("7A"), ShownCell("3")), columns)
    '<tr><th scope="row">7A</th><td class="att-n">3</td></tr>'
    """
    return f"<tr>{''.join(map(cell_html, row, columns))}</tr>"


def cell_html(cell: ShownCell, column: ShownColumn) -> str:
    """Write one cell: a row's head or a value, a tone as class, mark and word.

    Examples
    --------
    >>> cell_html(ShownCell("7A"), ShownColumn(0, "Form", Kind.TEXT, (), heads_row=True, scale=None))
    '<th scope="row">7A</th>'
    """
    tag, scope = ("th", ' scope="row"') if column.heads_row else ("td", "")
    return f"<{tag}{scope}{class_of(column, cell)}>{value_html(cell, column)}</{tag}>"


def class_of(column: ShownColumn, cell: ShownCell | None = None) -> str:
    """Return the class attribute of a cell or a column's head.

    Examples
    --------
    >>> late, form = (ShownColumn(0, "", kind, (), False, None) for kind in (Kind.COUNT, Kind.TEXT))
    >>> class_of(late), class_of(form)
    (' class="att-n"', '')
    """
    tone = f"att-{cell.tone}" if cell and cell.tone else ""
    kind = "att-n" if column.is_numeric else "" if column.kind is Kind.TEXT else "att-k"
    names = " ".join(filter(None, (kind, tone)))
    return f' class="{names}"' if names else ""


def value_html(cell: ShownCell, column: ShownColumn) -> str:
    """Write what stands in a cell.

    Examples
    --------
    >>> plan = ShownColumn(0, "Plan", Kind.TEXT, (), False, None)
    >>> value_html(ShownCell("SP013", links=(("SP013", "../plan.html"),)), plan), value_html(ShownCell("a < b"), plan)
    ('<a href="../plan.html">SP013</a>', 'a &lt; b')
    """
    if cell.series and column.scale:
        return sparkline_svg(cell.series, column.scale, describe_sparkline(cell.series))
    if cell.links:
        text = "".join(map(piece_html, *zip(*cell.pieces, strict=True)))
    else:
        text = isolated(cell.text) if column.kind is Kind.TEXT else escape(cell.text)
    return f"{mark_html(cell.tone)}{text}" if cell.tone else text


def piece_html(text: str, address: str) -> str:
    """Write a piece of a cell's text, as a link where it leads somewhere.

    Examples
    --------
    >>> piece_html("SP013", "../../plan/2026-11-09_2026-11-20/plan.html#plan-sp013"), piece_html("; none", "")
    ('<a href="../../plan/2026-11-09_2026-11-20/plan.html#plan-sp013">SP013</a>', '; none')
    """
    return f'<a href="{escape(address)}">{isolated(text)}</a>' if address else isolated(text)


def mark_html(tone: str) -> str:
    """Write a tone's shape for the eye and its word for a screen reader.

    Examples
    --------
    >>> mark_html("caution")
    '<span class="att-mark" role="img" aria-label="watch">◆</span> '
    """
    return f'<span class="att-mark" role="img" aria-label="{TONE_WORDS[tone]}">{TONE_MARKS[tone]}</span> '


def isolated(text: str) -> str:
    """Escape text, and keep a name written from right to left from disturbing its neighbours.

    Examples
    --------
    >>> isolated("<b>"), isolated("علي")
    ('&lt;b&gt;', '<bdi>علي</bdi>')
    """
    if not text.isascii() and any(bidirectional(letter) in RIGHT_TO_LEFT for letter in text):
        return f"<bdi>{escape(text)}</bdi>"
    return escape(text)


def key_figures_html(payload: dict) -> str:
    """Write key figures as a list of terms and values, laid out as cards."""
    cards = "".join(map(card_html, payload["figures"]))
    note = paragraphs((payload["note"],), "att-foot")
    return f'<div class="att att-figures">{title_html(payload["title"])}<dl>{cards}</dl>{note}</div>'


def card_html(figure: dict) -> str:
    """Write one key figure with its detail and comparisons.

    Examples
    --------
    >>> card_html({"label": "Late", "value": 12, "kind": "count", "detail": "", "comparisons": ()})
    '<div><dt>Late</dt><dd class="att-value">12</dd></div>'
    """
    others = "".join(
        f"<dd>{escape(each['label'])} <b>{escape(format_figure(each['value'], each['kind']))}</b></dd>"
        for each in figure["comparisons"]
    )
    detail = f"<dd>{escape(figure['detail'])}</dd>" if figure["detail"] else ""
    value = escape(format_figure(figure["value"], figure["kind"]))
    return f'<div><dt>{escape(figure["label"])}</dt><dd class="att-value">{value}</dd>{detail}{others}</div>'


def sentences_html(payload: dict) -> str:
    """Write sentences as a lead, as points (larger on a poster) or as a note.

    Examples
    --------
    >>> sentences_html({"style": "points", "title": "", "items": ["Ring home."]})
    '<div class="att att-points"><ul><li>Ring home.</li></ul></div>'
    """
    if payload["style"] in ("points", "poster"):
        body = f"<ul>{''.join(f'<li>{isolated(item)}</li>' for item in payload['items'])}</ul>"
    else:
        body = paragraphs(payload["items"], "")
    return f'<div class="att att-{escape(payload["style"])}">{title_html(payload["title"])}{body}</div>'


def chart_html(payload: dict) -> str:
    """Write a chart: caption, picture with its text alternative (another on a narrow screen), and its figures to unfold.

    Examples
    --------
    >>> chart = {"title": "Absence", "alt": "Year 7 < Year 8", "svg": "<svg/>", "table": None}
    >>> chart_html(chart).partition(" src=")[0]
    '<figure class="att att-chart"><figcaption>Absence</figcaption><img alt="Year 7 &lt; Year 8"'
    """
    picture = f'<img alt="{escape(payload["alt"])}" src="{data_address(payload["svg"])}">'
    if payload.get("narrow"):
        narrow = f'<source media="screen and (max-width:40rem)" srcset="{data_address(payload["narrow"])}">'
        picture = f"<picture>{narrow}{picture}</picture>"
    figures = (
        f"<details><summary>The figures behind this chart</summary>{table_html(payload['table'])}</details>"
        if payload["table"]
        else ""
    )
    caption = f"<figcaption>{escape(payload['title'])}</figcaption>"
    return f'<figure class="att att-chart">{caption}{picture}{figures}</figure>'


def data_address(svg: str) -> str:
    """Return a picture as an address that holds it.

    Examples
    --------
    >>> data_address("<svg/>")
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def document_html(payload: dict) -> str:
    """Write a document's masthead, its title as text (the page makes it a heading)."""
    return f'<div class="att att-masthead"><p class="att-title">{escape(payload["title"])}</p>{facts_html(payload)}</div>'


def facts_html(document: dict) -> str:
    """Write whom a document is about and for, and how it must be kept.

    Examples
    --------
    >>> facts = dict.fromkeys(("school", "period", "cohort", "audience", "confidentiality"), "")
    >>> facts_html(facts | {"school": "Larkmoor", "period": "9 November"})
    '<p class="att-facts">Larkmoor · 9 November</p>'
    """
    facts = " · ".join(
        escape(document[name]) for name in ("school", "period", "cohort", "audience") if document[name]
    )
    return f'<p class="att-facts">{facts}</p>{paragraphs((document["confidentiality"],), "att-confidential")}'


def heading_html(payload: dict) -> str:
    """Write a heading as it stands in JupyterLab; a page gives it its level and place (see ``display/exporters.py``).

    Examples
    --------
    >>> heading_html({"level": 2, "spans": [{"text": "Who was late?", "style": "plain"}]})
    '<h2>Who was late?</h2>'
    """
    text = "".join(span["text"] for span in payload["spans"])
    return f"<h{payload['level']}>{isolated(text)}</h{payload['level']}>"


def parts_html(payload: dict) -> str:
    """Write parts one under the other."""
    return "".join(fragment(part) for part in payload["shown"])


def title_html(title: str) -> str:
    """Write a title above figures or sentences, if there is one.

    Examples
    --------
    >>> title_html("Late"), title_html("")
    ('<p class="att-title">Late</p>', '')
    """
    return paragraphs((title,), "att-title")


def paragraphs(texts: Iterable[str], name: str) -> str:
    """Write each text that says something as a paragraph of a class.

    Examples
    --------
    >>> paragraphs(("One.", "", "Two."), "att-foot")
    '<p class="att-foot">One.</p><p class="att-foot">Two.</p>'
    """
    attribute = f' class="{name}"' if name else ""
    return "".join(f"<p{attribute}>{isolated(text)}</p>" for text in texts if text)


WRITERS = {
    "table": table_html,
    "key_figures": key_figures_html,
    "sentences": sentences_html,
    "chart": chart_html,
    "document": document_html,
    "heading": heading_html,
    "parts": parts_html,
}
