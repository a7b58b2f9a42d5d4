"""The page of ``attendance check`` as plain text of at most 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator

from attendance_lib.display.shown import ShownTable, first_rows, remainder_text, shown_table
from attendance_lib.display.text import grid_lines, to_text, width_of
from attendance_lib.reports.check_page import Part

WIDTH = 80
INDENT = "  "
HANGING = " " * 5
SHOWN_ROWS = 20
ADVICE = ("refusals", "findings")
NOTHING = ("", "–")


def page_text(title: str, parts: Iterable[Part]) -> str:
    """Return the page as text, parts apart by a blank line.

    Parameters
    ----------
    title : str
        The first line: what this is and of which school.
    parts : iterable of Part
        The page's parts in order.

    Returns
    -------
    str
        Lines of at most 80 columns, but for words longer than that.
    """
    lines = [*wrapped(title), ""]
    for part in parts:
        if part.heading:
            lines += ["", part.heading.upper(), ""]
        for shown in part.shown:
            lines += [*shown_lines(shown.payload()), ""]
    return "\n".join(lines).rstrip()


def shown_lines(payload: dict) -> Iterator[str]:
    """Yield what is shown as lines; of a table at most the first 20 rows."""
    if payload["type"] == "table":
        short = payload | {"shown_rows": min(payload["shown_rows"] or SHOWN_ROWS, SHOWN_ROWS)}
        yield from advice_lines(short) if payload["name"] in ADVICE else table_lines(short)
    else:
        for line in to_text(payload).splitlines():
            yield from wrapped(line, "", INDENT if payload["type"] == "key_figures" else "")


def advice_lines(payload: dict) -> Iterator[str]:
    """Yield the rows of a table of what to do as messages: how serious, where, what, and what to do."""
    if not payload["rows"]:
        yield from wrapped(payload["empty_text"])
    names = [column["name"] for column in payload["columns"]]
    for number, row in enumerate(first_rows(payload), 1):
        yield from wrapped(message_of(dict(zip(names, row, strict=True))), f"{number:>3}. ", HANGING)
    yield from wrapped(remainder_text(payload), INDENT)


def message_of(row: dict) -> str:
    """Return one row of what to do as a message.

    Examples
    --------
    >>> message_of({"severity": "must", "file": "a.csv", "row": 3, "column": "date", "what": "It is odd.", "remedy": "Look."})
    "Must: a.csv, row 3, column 'date': It is odd. Look."
    """
    number = f"row {row['row']}" if row["row"] else ""
    column = f"column '{row['column']}'" if row["column"] else ""
    place = ", ".join(filter(None, (row["file"], number, column)))
    heads = filter(
        None, (row.get("severity", "").capitalize(), place, f"{row['what']} {row['remedy']}".strip())
    )
    return ": ".join(heads)


def table_lines(payload: dict) -> Iterator[str]:
    """Yield a table: as a grid where it fits, else row by row."""
    table = shown_table(payload)
    if not table.rows:
        yield from wrapped(f"{table.title}: {table.empty_text[:1].lower()}{table.empty_text[1:]}")
        return
    yield from wrapped(table.title)
    grid = [INDENT + line for line in grid_lines(table)]
    yield from grid if max(map(width_of, grid)) <= WIDTH else record_lines(table)
    for remark in table.remarks:
        yield from wrapped(remark, INDENT)


def record_lines(table: ShownTable) -> Iterator[str]:
    """Yield the rows of a wide table, each as its first value and after it the others with their headings."""
    for number, row in enumerate(table.rows, 1):
        cells = list(zip(row, table.columns, strict=True))
        head = next(cell.text for cell, column in cells if column.heads_row)
        values = [
            f"{column.heading} {cell.text}".strip()
            for cell, column in cells
            if not column.heads_row and cell.text not in NOTHING
        ]
        yield from wrapped(f"{head}: {', '.join(values)}", f"{number:>3}. ", HANGING)


def wrapped(text: str, first: str = "", later: str | None = None) -> list[str]:
    """Return text in lines of at most 80 columns: indents of the first line and of the later ones."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )
