"""The fonts of the PDF: from Python packages only, so that every machine makes the same bytes.

Source Sans Pro (Latin, Greek, Cyrillic) sets the page, DejaVu Sans (from matplotlib) adds Arabic, Hebrew
and more, Noto Sans CJK adds Chinese, Japanese and Korean. Last Resort (from matplotlib) has a picture of
its script for every other character: such a name is marked, not lost, and its text stays in the PDF.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont
from typst import Fonts

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
