"""Figures without pyplot: the house style while drawing, and the same SVG text from the same figures."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from io import StringIO

from matplotlib import font_manager, rc_context, rc_params_from_file
from matplotlib.figure import Figure

from attendance_lib.display.fonts import PACKAGES

WIDTH = 9.0  # inches; the width of a chart on an A4 page on its side
WEIGHTS = ("Regular", "Bold")
# matplotlib's prologue, metadata, comments and line ends are no part of the picture.
PROLOGUE = re.compile(r"^.*?(?=<svg )|<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
INK_FREE = re.compile(r">\s+<")
# Where things lie, in points. Layout multiplies small matrices with BLAS, whose last bit is the processor's: a hundredth of a
# point, which nobody sees, is so far above it that no digit written turns on that bit.
PLACES = re.compile(r'(?<= d=")[^"]*|(?<= [xy]=")[^"]*|(?<=translate\()[^)]*')
LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
HUNDREDTHS = 2


@contextmanager
def drawing(height: float) -> Iterator[Figure]:
    """Give a blank figure in the house style; matplotlib's own settings are as before afterwards.

    Parameters
    ----------
    height : float
        The figure's height in inches; every chart has the same width.

    Yields
    ------
    matplotlib.figure.Figure
        A figure that pyplot does not know, so that nothing has to be closed.
    """
    with rc_context(house_style()):
        yield Figure(figsize=(WIDTH, height), layout="constrained")


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG text: letters as paths, no date, no random ids, so the same bytes each time.

    Letters are paths because neither Typst nor a browser need have the font; the text alternative of the
    chart, not the picture's letters, is what a screen reader reads.
    """
    page = StringIO()
    with rc_context(house_style()):
        figure.savefig(page, format="svg", metadata={"Date": None, "Creator": None})
    bare = INK_FREE.sub("><", PROLOGUE.sub("", page.getvalue())).strip()
    return PLACES.sub(lambda place: LONG_NUMBER.sub(in_hundredths, place[0]), bare)


def in_hundredths(number: re.Match[str]) -> str:
    """Return a matched number with two decimals at the most.

    Examples
    --------
    >>> LONG_NUMBER.sub(in_hundredths, "M 12.500000 -0.001000 L 3.14159 7")
    'M 12.5 0 L 3.14 7'
    """
    return f"{round(float(number[0]), HUNDREDTHS) + 0.0:g}"


@cache
def house_style() -> dict:
    """Return the style file's settings, its font made known to matplotlib."""
    for weight in WEIGHTS:
        font_manager.fontManager.addfont(PACKAGES[0].path / f"SourceSansPro-{weight}.ttf")
    with as_file(files("attendance_lib.display") / "attendance.mplstyle") as style:
        return dict(rc_params_from_file(style, use_default_template=False))
