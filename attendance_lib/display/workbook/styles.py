"""How a workbook looks: fonts, fills and the three tones, each said by a symbol as well as a colour."""

from dataclasses import dataclass
from functools import cache

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from attendance_lib.display import palette
from attendance_lib.display.kinds import TONE_MARKS, TONE_WORDS, Kind, Tone
from attendance_lib.display.workbook.cells import FORMATS

FACE = "Arial"  # sans serif and at least 12 points in published sheets: Analysis Function
WORKING_SIZE = 10
PUBLICATION_SIZE = 12
TITLE_SIZE = 15
DARK_BLUE = palette.DARK_BLUE.lstrip("#")
DARK_PINK = palette.DARK_PINK.lstrip("#")
BLACK = palette.TEXT.lstrip("#")
WHITE = palette.PAPER.lstrip("#")
RULE = palette.RULE.lstrip("#")
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
        (Tone.ALERT, palette.ALERT_TEXT, palette.ALERT_GROUND),
        (Tone.CAUTION, palette.CAUTION_TEXT, palette.CAUTION_GROUND),
        (Tone.GOOD, palette.GOOD_TEXT, palette.GOOD_GROUND),
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
