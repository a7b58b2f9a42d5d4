"""Blocks of a flow as the data that the Typst template sets: text, alignments, widths, pictures."""

from attendance_lib.display.format import format_figure
from attendance_lib.display.kinds import TONE_MARKS, Kind
from attendance_lib.display.shown import ShownCell, ShownColumn, ShownTable, shown_table
from attendance_lib.display.sparkline import describe_sparkline, sparkline_svg

# Widths in characters. A text column asks for at most LONGEST and then wraps; up to RIGID it keeps its width. Where the
# page has room to spare it grows towards its longest value, at most WIDEST.
LONGEST, WIDEST, SHORTEST, RIGID, SPARK_WIDTH = 34, 110, 4, 10, 11
PORTRAIT_CHARACTERS = 105


def print_block(block: dict) -> dict:
    """Return a block as print data; blocks of prose are print data already."""
    write = WRITERS.get(block["type"])
    return write(block) if write else block


def is_wide(block: dict) -> bool:
    """Whether a block asks for a page on its side."""
    return block["type"] == "table" and sum(table_data(block)["widths"]) > PORTRAIT_CHARACTERS


def table_data(payload: dict) -> dict:
    """Return a table as headings, alignments, widths in characters, cells and foot lines."""
    table = shown_table(payload)
    places = range(len(table.columns))
    widths = [width_of(table, place, LONGEST) for place in places]
    return {
        "type": "table",
        "title": table.title,
        "headings": [column.heading for column in table.columns],
        "aligns": ["right" if column.is_numeric else "left" for column in table.columns],
        "heads": [column.heads_row for column in table.columns],
        "widths": widths,
        "roomy": [width_of(table, place, WIDEST) for place in places],
        "wraps": [
            column.kind is Kind.TEXT and width > RIGID
            for column, width in zip(table.columns, widths, strict=True)
        ],
        "rows": [
            [cell_data(cell, column) for cell, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
        "foot": [" ".join(table.remarks)] if table.remarks else [],
        "empty": table.empty_text,
    }


def cell_data(cell: ShownCell, column: ShownColumn) -> dict:
    """Return a cell as text with its tone, or as a picture with its alternative."""
    if cell.series and column.scale:
        return {
            "svg": sparkline_svg(cell.series, column.scale, standalone=True),
            "alt": describe_sparkline(cell.series),
        }
    mark = TONE_MARKS[cell.tone] if cell.tone else ""
    return {"text": cell.text, "mark": mark, "tone": cell.tone or "", "wraps": column.kind is Kind.TEXT}


def width_of(table: ShownTable, place: int, most: int) -> int:
    """Return the width a column asks for: its values up to a limit, and its heading's longest word (characters)."""
    column = table.columns[place]
    values = [
        SPARK_WIDTH if column.kind is Kind.SPARK else len(row[place].text) + 2 * bool(row[place].tone)
        for row in table.rows
    ]
    words = [len(word) for word in column.heading.split()]
    return max(min(max(values, default=0), most), max(words, default=0), len(column.heading) // 3, SHORTEST)


def key_figures_data(payload: dict) -> dict:
    """Return key figures as cards of text."""
    cards = [card_data(figure) for figure in payload["figures"]]
    return {"type": "key_figures", "title": payload["title"], "note": payload["note"], "cards": cards}


def card_data(figure: dict) -> dict:
    """Return one key figure, and each it is compared with, as text."""
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
