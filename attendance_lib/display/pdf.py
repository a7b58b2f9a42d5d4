"""The PDF of a report: a flow of blocks becomes data, and one Typst template sets the data.

Names are data from first to last: they reach Typst as JSON strings and are never read as markup.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

import typst

from attendance_lib.display.format import describe_sparkline, format_figure
from attendance_lib.display.kinds import TONE_MARKS, Kind
from attendance_lib.display.look import FAMILIES, typst_fonts, uncovered
from attendance_lib.display.notebook import Flow
from attendance_lib.display.shown import (
    ShownCell,
    ShownColumn,
    ShownTable,
    longest_word,
    shown_table,
    width_of,
)
from attendance_lib.display.sparkline import sparkline_svg

# Blocks of a flow as the data that the Typst template sets: text, alignments, widths, pictures

# Widths in characters. A text column asks for at most LONGEST and then wraps; up to RIGID it keeps its width. Where the
# page has room to spare it grows towards its longest value, at most WIDEST.
LONGEST, WIDEST, RIGID = 34, 110, 10
PORTRAIT_CHARACTERS = 105
# What is written by hand has the whole width of the page.
ACROSS = 3


def print_block(block: dict) -> dict:
    """Return a block as print data; blocks of prose are print data already.

    Examples
    --------
    >>> print_block({"type": "chart", "title": "By week", "svg": "<svg/>", "alt": "Line chart.", "table": None})
    {'type': 'chart', 'title': 'By week', 'svg': '<svg/>', 'alt': 'Line chart.'}
    """
    write = WRITERS.get(block["type"])
    return write(block) if write else block


def is_wide(block: dict) -> bool:
    """Whether a block asks for a page on its side.

    Examples
    --------
    >>> from attendance_lib.display.kinds import Column
    >>> from attendance_lib.display.workbook.tables import table_of
    >>> columns = [Column(name, name) for name in ("day", "who", "what", "why")]
    >>> tables = [table_of("calls", "Calls", columns[:count], [["said in very many words " * 4] * count]) for count in (3, 4)]
    >>> [is_wide(table) for table in tables]
    [False, True]
    """
    return block["type"] == "table" and sum(table_data(block)["widths"]) > PORTRAIT_CHARACTERS


def table_data(payload: dict) -> dict:
    """Return a table as headings, alignments, widths in characters, cells and foot lines.

    Examples
    --------
    >>> from attendance_lib.display.kinds import Column
    >>> from attendance_lib.display.workbook.tables import table_of
    >>> tables = [table_of("late", "Late", [Column("form", "Form")], rows) | {"empty_text": "Nobody."} for rows in ([], [["7A"]])]
    >>> [table_data(each)["empty"] for each in tables]
    ['Nobody.', '']
    """
    table = shown_table(payload)
    by_hand = bool(payload.get("is_written_by_hand"))
    return {
        "type": "table",
        "title": table.title,
        "headings": [column.heading for column in table.columns],
        "aligns": ["right" if column.is_numeric else "left" for column in table.columns],
        "heads": [column.heads_row for column in table.columns],
        **(widths_by_hand(table, payload) if by_hand else widths_by_text(table)),
        "rows": [line for at, row in enumerate(table.rows) for line in lines_at(table, at, row)],
        "foot": [" ".join(table.remarks)] if table.remarks else [],
        "empty": "" if payload["rows"] else table.empty_text,
        "by_hand": by_hand,
        "halved": False,
    }


def widths_by_text(table: ShownTable) -> dict[str, list]:
    """Return what the columns of a table ask for by their text (characters), one value a column (see ``widths_data``).

    Examples
    --------
    >>> column = ShownColumn(0, "Form", Kind.TEXT, (), True, None)
    >>> widths_by_text(ShownTable("Late", (column,), ((ShownCell("7 Elm and Oak"),),), (), "None."))
    {'widths': [13], 'roomy': [13], 'words': [5], 'wraps': [True]}
    """
    places = range(len(table.columns))
    roomy = [max(width_of(table, place, WIDEST), table.columns[place].room) for place in places]
    return widths_data(table, [width_of(table, place, LONGEST) for place in places], roomy)


def widths_by_hand(table: ShownTable, payload: dict) -> dict[str, list]:
    """Return what the columns of a table to be written in by hand ask for (characters): what is declared, and the whole page."""
    widths = [
        payload["columns"][column.place]["width"] or width_of(table, place, LONGEST)
        for place, column in enumerate(table.columns)
    ]
    return widths_data(table, widths, [ACROSS * width for width in widths])


def widths_data(table: ShownTable, widths: list[int], roomy: list[int]) -> dict[str, list]:
    """Return the widths of columns (characters): asked for, with room to spare, at least; and whether a column's text wraps."""
    return {
        "widths": widths,
        "roomy": roomy,
        "words": [min(longest_word(table, place) + 1, width) for place, width in enumerate(widths)],
        "wraps": [
            column.kind is Kind.TEXT and width > RIGID
            for column, width in zip(table.columns, widths, strict=True)
        ],
    }


def lines_at(table: ShownTable, at: int, row: tuple[ShownCell, ...]) -> Iterator[list[dict]]:
    """Yield what is set for the row at a place (from 0): what its group has in common where that begins, and its cells.

    Examples
    --------
    >>> column = ShownColumn(0, "Form", Kind.TEXT, (), True, None)
    >>> row = (ShownCell("7A"),)
    >>> [[cell["text"] for cell in line] for line in lines_at(ShownTable("Late", (column,), (row,), (), "None."), 0, row)]
    [['7A']]
    """
    if at in table.group_at:
        yield [{"group": table.group_at[at].title}]
    yield [cell_data(cell, column) for cell, column in zip(row, table.columns, strict=True)]


# A list of so many rows whose columns take less than half the page is set in two columns, as far as it fits a page so.
HALVED_FROM, HALVED_MOST = 14, 64
# Points that the text of a page is wide, on its side and upright, and those between two tables beside each other.
PAGE_POINTS, GUTTER = {True: 762, False: 516}, 16


def halved(block: dict, *, is_landscape: bool) -> dict:
    """Return a table's print data, which say to set it in two columns if it is long and narrow; others as they are.

    Examples
    --------
    >>> block = {"type": "table", "rows": [[]] * 20, "by_hand": False, "widths": [10, 4]}
    >>> halved(block, is_landscape=False)["halved"], halved(block | {"widths": [60, 4]}, is_landscape=False)["halved"]
    (True, False)
    """
    if block["type"] != "table" or not HALVED_FROM <= len(block["rows"]) <= HALVED_MOST or block["by_hand"]:
        return block
    points = sum(4.4 * width + 7 for width in block["widths"])
    return block | {"halved": points <= (PAGE_POINTS[is_landscape] - GUTTER) / 2}


def cell_data(cell: ShownCell, column: ShownColumn) -> dict:
    """Return a cell as text with its tone, or as a picture with its alternative.

    Examples
    --------
    >>> cell_data(ShownCell("7A"), ShownColumn(0, "Form", Kind.TEXT, (), True, None))
    {'text': '7A', 'mark': '', 'tone': '', 'wraps': True}
    """
    if cell.series and column.scale:
        return {
            "svg": sparkline_svg(cell.series, column.scale),
            "alt": describe_sparkline(cell.series),
        }
    mark = TONE_MARKS[cell.tone] if cell.tone else ""
    said = {"text": cell.text, "mark": mark, "tone": cell.tone or "", "wraps": column.kind is Kind.TEXT}
    return said | ({"pieces": [list(piece) for piece in cell.pieces]} if cell.links and not cell.tone else {})


def key_figures_data(payload: dict) -> dict:
    """Return key figures as cards of text."""
    cards = [card_data(figure) for figure in payload["figures"]]
    facts = {name: payload[name] for name in ("title", "note")}
    return facts | {"type": "key_figures", "level": payload["level"] - 1, "cards": cards}


def card_data(figure: dict) -> dict:
    """Return one key figure, and each it is compared with, as text.

    Examples
    --------
    >>> card_data({"label": "Late", "value": 0.034, "kind": "rate", "detail": "", "comparisons": ()})
    {'label': 'Late', 'value': '3.4%', 'detail': '', 'others': []}
    """
    return {
        "label": figure["label"],
        "value": format_figure(figure["value"], figure["kind"]),
        "detail": figure["detail"],
        "others": [
            {"label": each["label"], "value": format_figure(each["value"], each["kind"])}
            for each in figure["comparisons"]
        ],
    }


def chart_data(payload: dict) -> dict:
    """Return a chart as its picture; its table is in the workbook."""
    return {"type": "chart", "title": payload["title"], "svg": payload["svg"], "alt": payload["alt"]}


WRITERS = {"table": table_data, "key_figures": key_figures_data, "chart": chart_data}


# Row heads in the PDF's tags, which Typst cannot set without its experimental features

# The row that a cell is of, and the head that Typst names for it, of its column or its group, with the number of the table.
BODY_CELL = re.compile(rb"/S/TD(/P (\d+) 0 R/A\[<</O/Table)(/Headers\[\(U(\d+)x\d+y\d+\)\])")


def with_row_heads(content: bytes, places: list[int]) -> bytes:
    """Tag the cells that head their rows.

    Parameters
    ----------
    content : bytes
        A tagged PDF as Typst writes it.
    places : list of int
        For each table in order, the column (from 0) whose cells head their rows.

    Returns
    -------
    bytes
        The PDF, of the same length.

    Notes
    -----
    ISO 32000-1, table 349: ``Headers``, where given, replaces what ``Scope`` implies, hence it is
    removed. PDF/UA-1, 7.5: a table's heads are tagged TH and have a scope. The cells of a row follow each other.

    Examples
    --------
    >>> with_row_heads(b"/S/TD/P 7 0 R/A[<</O/Table/Headers[(U1x0y0)]>>]", [0])
    b'/S/TH/P 7 0 R/A[<</O/Table/Scope/Row        >>]'
    """
    seen: Counter[bytes] = Counter()

    def retagged(cell: re.Match[bytes]) -> bytes:
        is_head = places[int(cell[4]) - 1] == seen[cell[2]]
        seen[cell[2]] += 1
        tag, scope = (b"/S/TH", b"/Scope/Row") if is_head else (b"/S/TD", b"")
        return tag + cell[1] + scope.ljust(len(cell[3]))

    return BODY_CELL.sub(retagged, content)


STANDARD = "ua-1"
NAMED_CHARACTERS = 10


@dataclass(frozen=True)
class Pdf:
    """A finished PDF with what its reader should be warned of."""

    content: bytes
    warnings: tuple[str, ...]


def pdf_of(flow: Flow) -> Pdf:
    """Set a flow as a tagged PDF (PDF/UA-1), or untagged with a warning where that is refused.

    Parameters
    ----------
    flow : Flow
        The document's facts and blocks. Its date becomes the PDF's, so that the same flow gives the
        same bytes.

    Returns
    -------
    Pdf
        The file's bytes, and a warning for characters that no font draws or for missing tags.
    """
    report = print_data(flow)
    data = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    missing = font_warnings(data)
    try:
        return Pdf(with_row_heads(compiled(data, flow, [STANDARD]), head_places(report)), missing)
    except typst.TypstError as error:
        refusal = f"The PDF is not tagged for screen readers, because PDF/UA-1 was refused: {error.message}."
        return Pdf(compiled(data, flow, []), (*missing, refusal))


def compiled(data: str, flow: Flow, standards: list[str]) -> bytes:
    """Compile the template with its data."""
    return typst.compile(
        (files("attendance_lib.display") / "templates" / "report.typ").read_bytes(),
        format="pdf",
        font_paths=typst_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": data},
        pdf_standards=standards,
        timestamp=moment_of(flow),
    )


def head_places(report: dict) -> list[int]:
    """Return, for each table that has rows, the column whose cells head them; twice for one set in two columns.

    Examples
    --------
    >>> table = {"type": "table", "rows": [[1]], "heads": [False, True], "halved": True}
    >>> head_places({"blocks": [table, {"type": "table", "rows": []}]})
    [1, 1]
    """
    tables = [block for block in report["blocks"] if block["type"] == "table" and block["rows"]]
    return [
        block["heads"].index(True) if True in block["heads"] else -1
        for block in tables
        for _ in range(1 + block["halved"])
    ]


def moment_of(flow: Flow) -> datetime:
    """Return the moment the PDF carries: noon of the document's date, or the epoch if it has none.

    Examples
    --------
    >>> moment_of(Flow({"date": "2026-11-20"}, [])), moment_of(Flow({"date": ""}, [])).year
    (datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.timezone.utc), 1970)
    """
    day = flow.document["date"] or "1970-01-01"
    return datetime.fromisoformat(day[:10]).replace(hour=12, tzinfo=UTC)


def print_data(flow: Flow) -> dict:
    """Return a flow as the data that the template reads."""
    is_landscape = any(map(is_wide, flow.blocks))
    return {
        "document": flow.document,
        "fonts": FAMILIES,
        "landscape": is_landscape,
        "blocks": [
            halved(print_block(block), is_landscape=is_landscape) for block in with_key_levels(flow.blocks)
        ],
    }


def with_key_levels(blocks: Iterable[dict]) -> Iterator[dict]:
    """Yield the blocks, key figures with the level of their heading: one below the last one, which begins at 2.

    Examples
    --------
    >>> [each.get("level") for each in with_key_levels([{"type": "key_figures"}, {"type": "heading", "level": 2}])]
    [2, 2]
    """
    last = 1
    for block in blocks:
        last = block["level"] if block["type"] == "heading" else last
        yield block | {"level": last + 1} if block["type"] == "key_figures" else block


def font_warnings(text: str) -> tuple[str, ...]:
    """Warn of characters that only a stand-in shows; by code point, since they may be part of a name.

    Examples
    --------
    >>> font_warnings("Zoë")
    ()
    """
    missing = uncovered(text)
    if not missing:
        return ()
    points = ", ".join(f"U+{ord(letter):04X}" for letter in missing[:NAMED_CHARACTERS])
    return (f"The PDF shows stand-ins for {len(missing)} characters that no font has: {points}.",)
