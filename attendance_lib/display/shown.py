"""A table payload as a reader sees it: chosen columns, first rows, text, tones and what is left out.

HTML, plain text and PDF all draw from this, so that they cannot show different figures.
"""

from dataclasses import dataclass

from attendance_lib.display.format import format_count, format_tenths, format_value, has_tenths, is_suppressed
from attendance_lib.display.kinds import NUMERIC, TONE_MARKS, TONE_WORDS, Kind, Tone
from attendance_lib.display.sparkline import Scale, common_scale

COMPARISONS = {
    "at_least": lambda value, limit: value >= limit,
    "at_most": lambda value, limit: value <= limit,
    "equals": lambda value, limit: value == limit,
}


@dataclass(frozen=True)
class ShownColumn:
    """A column that is drawn, with the place of its values in the payload's rows.

    ``room`` is how many characters staff need to write into it by hand; 0 where they do not.
    """

    place: int
    heading: str
    kind: Kind
    highlights: tuple[dict, ...]
    heads_row: bool
    scale: Scale | None
    in_tenths: bool = False
    room: int = 0

    @property
    def is_numeric(self) -> bool:
        """Whether the values are aligned to the right."""
        return self.kind in NUMERIC


@dataclass(frozen=True)
class ShownCell:
    """One value as text, with its tone and, for a small picture, the series itself."""

    text: str
    tone: Tone | None = None
    series: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class ShownTable:
    """What is drawn of a table; ``remarks`` are what a reader must know beside its figures."""

    title: str
    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    remarks: tuple[str, ...]
    empty_text: str


def shown_table(payload: dict) -> ShownTable:
    """Return what a reader sees of a table payload.

    Parameters
    ----------
    payload : dict
        A payload of type ``table`` (see `attendance_lib.display.model.Table`).

    Returns
    -------
    ShownTable
        The shown columns in order, at most ``shown_rows`` rows of text; its remarks say which rows are left to
        the workbook, what the marks mean and the table's own note.
    """
    columns = shown_columns(payload)
    rows = tuple(
        tuple(shown_cell(row[column.place], column) for column in columns) for row in first_rows(payload)
    )
    return ShownTable(
        title=payload["title"],
        columns=columns,
        rows=rows,
        remarks=tuple(filter(None, (remainder_text(payload), legend_text(rows), payload["note"]))),
        empty_text=payload["empty_text"],
    )


def first_rows(payload: dict) -> list[list]:
    """Return the rows of a table that fit its page.

    Examples
    --------
    >>> first_rows({"rows": [[1], [2], [3]], "shown_rows": 2})
    [[1], [2]]
    """
    return payload["rows"][: payload["shown_rows"]]


def shown_columns(payload: dict) -> tuple[ShownColumn, ...]:
    """Return the columns of a table payload that are drawn, in order."""
    places = (place for place, column in enumerate(payload["columns"]) if column["shown"])
    return tuple(shown_column(payload, place) for place in places)


def shown_column(payload: dict, place: int) -> ShownColumn:
    """Return one drawn column of a table payload."""
    column, kind = payload["columns"][place], Kind(payload["columns"][place]["kind"])
    series = [row[place] for row in first_rows(payload)]
    return ShownColumn(
        place=place,
        heading=column["heading"],
        kind=kind,
        highlights=tuple(column["highlights"]),
        heads_row=column["name"] == payload["row_header"],
        scale=common_scale(series) if kind is Kind.SPARK else None,
        # The numbers of a column stand with their points under each other.
        in_tenths=kind is Kind.NUMBER and any(map(has_tenths, series)),
        room=(column["width"] or 0) if column["editable"] else 0,
    )


def shown_cell(value: object, column: ShownColumn) -> ShownCell:
    """Return one value of a column as text with its tone; a box that nobody has filled in is empty."""
    if value is None and column.room:
        return ShownCell("")
    series = tuple(value) if column.kind is Kind.SPARK and value else ()
    is_tenths = column.in_tenths and isinstance(value, int | float)
    text = format_tenths(value) if is_tenths else format_value(value, column.kind)
    return ShownCell(text, tone_of(value, column.highlights), series)


def tone_of(value: object, highlights: tuple[dict, ...]) -> Tone | None:
    """Return the tone of the first highlight that a value meets; one that is missing or left out meets none.

    >>> tone_of(12, ({"when": "at_least", "value": 10, "tone": "alert"},))
    <Tone.ALERT: 'alert'>
    """
    met = (
        Tone(each["tone"])
        for each in highlights
        if value is not None and not is_suppressed(value) and COMPARISONS[each["when"]](value, each["value"])
    )
    return next(met, None)


def remainder_text(payload: dict) -> str:
    """Say how many rows are left to the workbook, if any.

    Examples
    --------
    >>> remainder_text({"shown_rows": 1, "rows": [[1], [2]], "name": "actions"})
    'First 1 of 2; the rest is in the workbook, sheet actions.'
    """
    limit, total = payload["shown_rows"], len(payload["rows"])
    if limit is None or total <= limit:
        return ""
    return f"First {format_count(limit)} of {format_count(total)}; the rest is in the workbook, sheet {payload['name']}."


def legend_text(rows: tuple[tuple[ShownCell, ...], ...]) -> str:
    """Say in words what the marks in a table mean; empty where none is used."""
    used = {cell.tone for row in rows for cell in row}
    marks = [f"{mark} {TONE_WORDS[tone]}" for tone, mark in TONE_MARKS.items() if tone in used]
    return f"Marks: {', '.join(marks)}." if marks else ""
