"""Typed cells: a payload's raw value becomes a date, a number or text that no spreadsheet evaluates."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from attendance_lib.display import look
from attendance_lib.display.format import MISSING, PERCENT, as_percent
from attendance_lib.display.kinds import TONE_MARKS, TONE_WORDS, Kind, Tone
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


def typed_and_shown(value: object, kind: Kind) -> tuple[Typed, str]:
    """Return what a cell holds of one raw value of a payload, and the number format of its kind.

    Parameters
    ----------
    value : object
        A plain JSON value (fractions for rates and points), or a `Figure`.
    kind : Kind
        The column's kind; a `Figure` brings its own.

    Examples
    --------
    >>> typed_and_shown(12.0, Kind.COUNT), typed_and_shown(Figure(0.5, Kind.RATE), Kind.NUMBER)
    ((12, '#,##0'), (0.5, '0.0%'))
    """
    value, kind = (value.value, Kind(value.kind)) if isinstance(value, Figure) else (value, kind)
    return typed_value(value, kind), FORMATS[kind]


def write_text(cell: Cell, text: str) -> None:
    """Write text as text, whatever it begins with.

    A text that begins like a formula also gets Excel's quote prefix, so that it stays text
    when somebody edits the cell and presses Enter.

    Examples
    --------
    >>> from openpyxl import Workbook
    >>> cell = Workbook().active["A1"]
    >>> write_text(cell, "=1+1")
    >>> cell.value, cell.data_type, cell.quotePrefix
    ('=1+1', 's', True)
    """
    cell.value = clean_text(text)
    # openpyxl reads "=..." as a formula and "#N/A" as an error unless set otherwise.
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


# How a workbook looks: fonts, fills and the three tones, each said by a symbol as well as a colour

FACE = "Arial"  # sans serif and at least 12 points in published sheets: Analysis Function
WORKING_SIZE = 10
PUBLICATION_SIZE = 12
TITLE_SIZE = 15
DARK_BLUE = look.DARK_BLUE.lstrip("#")
DARK_PINK = look.DARK_PINK.lstrip("#")
BLACK = look.TEXT.lstrip("#")
WHITE = look.PAPER.lstrip("#")
RULE = look.RULE.lstrip("#")
FILL_IN = "FFF6D9"  # pale yellow, what offices know as "type here"
# Formats of cells are numbered from 164 (ECMA-376 part 1, 18.8.30); LibreOffice confuses equal numbers.
FIRST_TONE_FORMAT = 1000


@dataclass(frozen=True)
class ToneStyle:
    """How a tone looks in a cell: text colour, fill, the symbol before the value and what it says."""

    text: str
    fill: str
    symbol: str
    meaning: str


TONES = {
    tone: ToneStyle(text.lstrip("#"), ground.lstrip("#"), TONE_MARKS[tone], TONE_WORDS[tone])
    for tone, text, ground in (
        (Tone.ALERT, look.ALERT_TEXT, look.ALERT_GROUND),
        (Tone.CAUTION, look.CAUTION_TEXT, look.CAUTION_GROUND),
        (Tone.GOOD, look.GOOD_TEXT, look.GOOD_GROUND),
    )
}


@cache
def solid(colour: str) -> PatternFill:
    """Return a plain fill of one colour (six hexadecimal digits)."""
    return PatternFill("solid", start_color=colour, end_color=colour)


@cache
def font(size: int = WORKING_SIZE, colour: str = BLACK, *, bold: bool = False) -> Font:
    """Return the house font at a size in points."""
    return Font(name=FACE, size=size, color=colour, bold=bold)


@cache
def link_font(size: int = WORKING_SIZE) -> Font:
    """Return the font of a link: underlined, so that colour is not the only sign."""
    return Font(name=FACE, size=size, color=DARK_BLUE, underline="single")


def tone_style(tone: Tone, kind: Kind) -> DifferentialStyle:
    """Return a conditional format: bold, coloured, with the tone's symbol before the value.

    The symbol is part of the number format, so that the cell's value stays a number that sorts.

    Examples
    --------
    >>> tone_style(Tone.ALERT, Kind.RATE).numFmt.formatCode == f'"{TONE_MARKS[Tone.ALERT]} "0.0%'
    True
    """
    style = TONES[tone]
    sections = FORMATS[kind].split(";")
    marked = ";".join(f'"{style.symbol} "{section}' for section in sections)
    identity = FIRST_TONE_FORMAT + list(Tone).index(tone) * len(Kind) + list(Kind).index(kind)
    return DifferentialStyle(
        font=Font(bold=True, color=style.text),
        fill=PatternFill(bgColor=style.fill),
        numFmt=NumberFormat(identity, marked),
    )


THIN_RULE = Side(style="thin", color=RULE)
GRID = Border(bottom=THIN_RULE)
BOX = Border(left=THIN_RULE, right=THIN_RULE, top=THIN_RULE, bottom=THIN_RULE)
# Words are indented, so that the figure before them does not touch them; LibreOffice forgets the indent of some figures.
WRAPPED = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
RIGHT = Alignment(vertical="top", horizontal="right")
WRAPPED_RIGHT = Alignment(wrap_text=True, vertical="top", horizontal="right")
UNWRAPPED = Alignment(vertical="top")
