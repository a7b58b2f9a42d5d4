"""A payload as plain text of fixed width, for terminals and for the tests of notebooks."""

from unicodedata import combining, east_asian_width

from attendance_lib.display.format import format_figure
from attendance_lib.display.kinds import TONE_MARKS
from attendance_lib.display.shown import ShownCell, ShownTable, shown_table


def to_text(payload: dict) -> str:
    """Write a payload as plain text, the same on every machine.

    Parameters
    ----------
    payload : dict
        Any payload of `attendance_lib.display.model`.

    Returns
    -------
    str
        Lines without trailing spaces and without a final newline.

    Examples
    --------
    >>> print(to_text({"type": "sentences", "name": "lead", "title": "", "style": "points", "items": ["A.", "B."]}))
    - A.
    - B.
    """
    return WRITERS[payload["type"]](payload)


def table_text(payload: dict) -> str:
    """Write a table with columns padded to their widest value.

    Examples
    --------
    >>> import pandas as pd
    >>> from attendance_lib.display.kinds import Column, Kind
    >>> from attendance_lib.display.model import Table
    >>> columns = (Column("form", "Form"), Column("calls", "Calls", Kind.COUNT))
    >>> print(table_text(Table("calls", "Calls made", pd.DataFrame({"form": ["7A", "10B"], "calls": [3, 12]}), columns).payload()))
    Calls made
    Form  Calls
    ----  -----
    7A        3
    10B      12
    """
    table = shown_table(payload)
    body = grid_lines(table) if table.rows else filled(table.empty_text if not payload["rows"] else "")
    return "\n".join([table.title, *body, *table.remarks])


def grid_lines(table: ShownTable) -> list[str]:
    """Return the heading, a rule and the rows of a table.

    Examples
    --------
    >>> from attendance_lib.display.kinds import Kind
    >>> from attendance_lib.display.shown import ShownColumn, ShownGroup
    >>> column, rows = ShownColumn(0, "Form", Kind.TEXT, (), True, None), ((ShownCell("7A"),), (ShownCell("8B"),))
    >>> grid_lines(ShownTable("Late", (column,), rows, (), "None.", (ShownGroup("Year 7", 1), ShownGroup("Year 8", 1))))
    ['Form', '----', 'Year 7', '7A', 'Year 8', '8B']
    """
    heads = [column.heading for column in table.columns]
    cells = [heads, *(list(map(cell_text, row)) for row in table.rows)]
    widths = [max(map(width_of, column)) for column in zip(*cells, strict=True)]
    rights = [column.is_numeric for column in table.columns]
    lines = ["  ".join(map(padded, row, widths, rights)).rstrip() for row in cells]
    titles = {at: [group.title] for at, group in table.group_at.items()}
    rows = [line for at, row in enumerate(lines[1:]) for line in (*titles.get(at, ()), row)]
    return [lines[0], "  ".join("-" * width for width in widths), *rows]


def cell_text(cell: ShownCell) -> str:
    """Return a cell's text, its mark before it.

    Examples
    --------
    >>> cell_text(ShownCell("84.2%", "alert")), cell_text(ShownCell("96.0%"))
    ('▲ 84.2%', '96.0%')
    """
    return f"{TONE_MARKS[cell.tone]} {cell.text}" if cell.tone else cell.text


def width_of(text: str) -> int:
    """Return the width of text in a terminal: two for wide characters, none for combining marks.

    Examples
    --------
    >>> width_of("Zoë"), width_of("李")
    (3, 2)
    """
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, width: int, is_right: bool) -> str:
    """Pad text to a width, on its left for numbers.

    Examples
    --------
    >>> padded("7", 3, True), padded("7", 3, False)
    ('  7', '7  ')
    """
    space = " " * (width - width_of(text))
    return space + text if is_right else text + space


def key_figures_text(payload: dict) -> str:
    """Write one line a figure: label, value, detail, comparisons.

    Examples
    --------
    >>> late = {"label": "Late", "value": 12, "kind": "count", "detail": "of 310", "comparisons": ()}
    >>> print(key_figures_text({"title": "This morning", "figures": [late], "note": "Registers to 09:10."}))
    This morning
    Late: 12; of 310
    Registers to 09:10.
    """
    return "\n".join(
        [*filled(payload["title"]), *map(figure_line, payload["figures"]), *filled(payload["note"])]
    )


def figure_line(figure: dict) -> str:
    """Write one key figure on a line.

    Examples
    --------
    >>> figure_line({"label": "Late", "value": 12, "kind": "count", "detail": "", "comparisons": ()})
    'Late: 12'
    """
    others = (
        f"{each['label']} {format_figure(each['value'], each['kind'])}" for each in figure["comparisons"]
    )
    value = f"{figure['label']}: {format_figure(figure['value'], figure['kind'])}"
    return "; ".join(filled(value, figure["detail"], *others))


def sentences_text(payload: dict) -> str:
    """Write the sentences, as a list where they are points.

    Examples
    --------
    >>> print(sentences_text({"title": "To do", "style": "points", "items": ["Ring home.", "Visit."]}))
    To do
    - Ring home.
    - Visit.
    """
    bullet = "- " if payload["style"] == "points" else ""
    return "\n".join([*filled(payload["title"]), *(f"{bullet}{item}" for item in payload["items"])])


def chart_text(payload: dict) -> str:
    """Write a chart as its title and its text alternative.

    Examples
    --------
    >>> print(chart_text({"title": "Attendance by week", "alt": "Line chart of 3 weeks."}))
    Attendance by week
    Line chart of 3 weeks.
    """
    return f"{payload['title']}\n{payload['alt']}"


def document_text(payload: dict) -> str:
    """Write a document's masthead.

    Examples
    --------
    >>> facts = {"title": "The day", "school": "Larkmoor", "period": "9 November", "cohort": "", "confidentiality": "Confidential"}
    >>> print(document_text(facts))  # without a line for a cohort that is the whole school
    The day
    Larkmoor
    9 November
    Confidential
    """
    lines = (
        payload["title"],
        payload["school"],
        payload["period"],
        payload["cohort"],
        payload["confidentiality"],
    )
    return "\n".join(filled(*lines))


def heading_text(payload: dict) -> str:
    """Write a heading as a line of its own.

    Examples
    --------
    >>> heading_text({"spans": [{"text": "Who is ", "style": "plain"}, {"text": "missing", "style": "strong"}]})
    'Who is missing'
    """
    return "".join(span["text"] for span in payload["spans"])


def parts_text(payload: dict) -> str:
    """Write parts with a blank line between them."""
    return "\n\n".join(to_text(part) for part in payload["shown"])


def filled(*texts: str) -> list[str]:
    """Return the texts that say something.

    Examples
    --------
    >>> filled("a", "", "b")
    ['a', 'b']
    """
    return [text for text in texts if text]


WRITERS = {
    "table": table_text,
    "key_figures": key_figures_text,
    "sentences": sentences_text,
    "chart": chart_text,
    "document": document_text,
    "heading": heading_text,
    "parts": parts_text,
}
