"""The colours, named once.

Source: Government Analysis Function, *Data visualisation: colours in charts*, the categorical palette
(dark blue, turquoise, dark pink, orange, dark grey, light purple), chosen to be distinguished by people
with colour blindness and in grey. Text colours are GOV.UK's. Contrast is computed in the tests.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont
from typst import Fonts

# The fonts of the PDF: from Python packages only, so that every machine makes the same bytes

ASCII = frozenset(range(0x80))


@dataclass(frozen=True)
class FontPackage:
    """An installed package that holds a font: its folder of fonts and the file that tells its coverage."""

    package: str
    folder: str
    file: str
    family: str

    @property
    def path(self) -> Path:
        """The folder of the package's fonts."""
        return Path(find_spec(self.package).submodule_search_locations[0]) / self.folder


PACKAGES = (
    FontPackage("font_source_sans_pro", "files", "SourceSansPro-Regular.ttf", "Source Sans Pro"),
    FontPackage("matplotlib", "mpl-data/fonts/ttf", "DejaVuSans.ttf", "DejaVu Sans"),
    FontPackage("noto_cjk_sans_otc", "", "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"),
)
LAST_RESORT = "Last Resort High-Efficiency"
FAMILIES = (*(package.family for package in PACKAGES), LAST_RESORT)


@cache
def typst_fonts() -> Fonts:
    """Return the packages' fonts for Typst, the system's left out."""
    folders = [str(package.path) for package in PACKAGES]
    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def uncovered(text: str) -> list[str]:
    """Return the characters of a text that only Last Resort can show, in order of code point.

    >>> uncovered("Zoë Łukasz Ольга 李小龙")
    []
    """
    unusual = {ord(letter) for letter in set(text)} - ASCII
    for package in PACKAGES:
        unusual -= covered_by(package) if unusual else set()
    return [chr(point) for point in sorted(unusual)]


@cache
def covered_by(package: FontPackage) -> frozenset[int]:
    """Return the code points that a package's font can show."""
    with TTFont(package.path / package.file, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
CATEGORICAL = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)

# The sequential palette of the same source runs from dark to pale blue.
MID_BLUE = "#2073BC"
PALE_BLUE = "#6BACE6"
SEQUENTIAL = ("#FFFFFF", "#DCEAF7", PALE_BLUE, MID_BLUE, DARK_BLUE)

TEXT = "#0B0C0C"
BLACK = "#000000"  # on a shade half way to white, where neither TEXT nor white reaches 4.5 to 1
QUIET_TEXT = "#505A5F"
MID_GREY = "#6F777B"
ORANGE_TEXT = "#B8440A"  # the palette's orange, darkened until small text on white can be read
RULE = "#B1B4B6"
HAIR = "#DCDFE1"  # lines between the rows of a table, as the templates have it
FAINT = "#F3F5F7"
PAPER = "#FFFFFF"
ACCENT = DARK_BLUE

# Text on its ground, for values set off in a table.
ALERT_TEXT, ALERT_GROUND = "#801650", "#F9E6F0"
CAUTION_TEXT, CAUTION_GROUND = "#6B3A00", "#FFF1DC"
GOOD_TEXT, GOOD_GROUND = "#00534B", "#DFF3F0"

LINEAR_LIMIT = 0.04045


def luminance(colour: str) -> float:
    """Return a colour's relative luminance (0 black to 1 white) as WCAG 2.2 defines it.

    >>> luminance("#FFFFFF")
    1.0
    """
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (linear(channel) for channel in channels)
    return round(0.2126 * red + 0.7152 * green + 0.0722 * blue, 6)


def linear(channel: float) -> float:
    """Undo the screen's gamma for one channel (WCAG 2.2, relative luminance).

    Examples
    --------
    >>> linear(0.0), round(linear(1.0), 6)
    (0.0, 1.0)
    """
    return channel / 12.92 if channel <= LINEAR_LIMIT else ((channel + 0.055) / 1.055) ** 2.4


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 defines it.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    pale, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return round((pale + 0.05) / (dark + 0.05), 2)
