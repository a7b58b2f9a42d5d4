"""Typed cells: a payload's raw value becomes a date, a number or text that no spreadsheet evaluates."""

import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from openpyxl.cell import Cell

from attendance_lib.display.format import MISSING, PERCENT, as_percent
from attendance_lib.display.kinds import Kind
from attendance_lib.rules.signs import harmless

CELL_LIMIT = 32_767  # UTF-16 units in one cell: Microsoft, Excel specifications and limits
TEXT_FORMAT_LIMIT = 255  # older Excel shows ##### for a longer text in a cell formatted as text
TEXT_FORMAT = "@"
GENERAL_FORMAT = "General"
FIRST_EXCEL_DATE = date(1900, 3, 1)  # Excel counts a 29 February 1900, so earlier serials are a day out
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, CSV injection

FORMATS = {
    Kind.TEXT: TEXT_FORMAT,
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.0",
    Kind.RATE: "0.0%",
    Kind.POINTS: r"+0.0;\−0.0;0.0",
    Kind.DATE: "dd mmm yyyy",
    Kind.FLAG: TEXT_FORMAT,
    Kind.SPARK: TEXT_FORMAT,
}

Typed = str | int | float | date | None


class Figure(NamedTuple):
    """A value with a kind of its own, for a column that mixes kinds (the summary's)."""

    value: object
    kind: Kind


def write_value(cell: Cell, value: object, kind: Kind) -> None:
    """Write one raw value of a payload into a cell, with the number format of its kind.

    Parameters
    ----------
    cell : openpyxl.cell.Cell
        Where to write; its style is kept but for the number format.
    value : object
        A plain JSON value (fractions for rates and points), or a `Figure`.
    kind : Kind
        The column's kind; a `Figure` brings its own.
    """
    value, kind = (value.value, Kind(value.kind)) if isinstance(value, Figure) else (value, kind)
    typed = typed_value(value, kind)
    cell.number_format = FORMATS[kind]
    if isinstance(typed, str):
        write_text(cell, typed)
    else:
        cell.value = typed


def write_text(cell: Cell, text: str) -> None:
    """Write text as text, whatever it begins with.

    A text that begins like a formula also gets Excel's quote prefix, so that it stays text
    when somebody edits the cell and presses Enter.
    """
    cell.value = clean_text(text)
    # openpyxl reads "=..." as a formula and "#N/A" as an error unless told otherwise.
    cell.data_type = "s"
    if text.startswith(FORMULA_SIGNS):
        cell.quotePrefix = True
    if len(text) > TEXT_FORMAT_LIMIT and cell.number_format == TEXT_FORMAT:
        cell.number_format = GENERAL_FORMAT


def clean_text(text: str) -> str:
    r"""Return harmless text, which XML and a cell can hold, cut with an ellipsis at Excel's limit.

    Examples
    --------
    >>> clean_text("Zoë\x1b O'Neil")
    "Zoë� O'Neil"
    """
    kept = harmless(text)
    units = kept.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return kept
    # "ignore" drops half a character where the cut falls inside a surrogate pair.
    return units[: 2 * (CELL_LIMIT - 1)].decode("utf-16-le", errors="ignore") + "…"


def typed_value(value: object, kind: Kind) -> Typed:
    """Return what the cell holds: a real date, a number, text, or ``None`` for a missing value.

    A rate stays a fraction, points become percentage points, and text in a numeric column (such as
    ``[c]`` for a withheld figure) stays text.

    Examples
    --------
    >>> typed_value("2026-11-20", Kind.DATE), typed_value(-0.021, Kind.POINTS), typed_value("007", Kind.TEXT)
    (datetime.date(2026, 11, 20), -2.1, '007')
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, str):
        return dated(value) if kind is Kind.DATE else value
    return CONVERSIONS[kind](value)


def dated(text: str) -> date | str:
    """Return an ISO date as a date, and any other text (or a date Excel cannot count) as it is.

    Examples
    --------
    >>> dated("2026-11-20"), dated("7A")
    (datetime.date(2026, 11, 20), '7A')
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= FIRST_EXCEL_DATE else text


def counted(value: float) -> float:
    """Return a whole number as an int: pandas makes counts floats where one is missing.

    Examples
    --------
    >>> counted(12.0), counted(12.5)
    (12, 12.5)
    """
    return int(value) if float(value).is_integer() else value


def in_points(value: float) -> float:
    """Return a difference of fractions in percentage points, without binary dust.

    Examples
    --------
    >>> in_points(0.07), in_points(-0.0123)
    (7.0, -1.23)
    """
    return float(Decimal(repr(value)) * PERCENT)


def joined(value: object) -> str:
    """Return a list as text joined by semicolons, and anything else as its text.

    Examples
    --------
    >>> joined(["M", None, "I"]), joined(7)
    ('M; I', '7')
    """
    return (
        "; ".join(str(item) for item in value if item is not None) if isinstance(value, list) else str(value)
    )


def spark_text(fractions: list[float | None]) -> str:
    """Return a run of fractions as whole percents, oldest first, a dash where nothing was possible.

    Examples
    --------
    >>> spark_text([0.94, 0.925, None, 1.0])
    '94 93 – 100'
    """
    return " ".join(MISSING if fraction is None else str(as_percent(fraction, 0)) for fraction in fractions)


CONVERSIONS: dict[Kind, Callable[[object], Typed]] = {
    Kind.TEXT: joined,
    Kind.COUNT: counted,
    Kind.NUMBER: float,
    Kind.RATE: float,
    Kind.POINTS: in_points,
    Kind.DATE: str,
    Kind.FLAG: lambda is_true: "yes" if is_true else None,
    Kind.SPARK: spark_text,
}
