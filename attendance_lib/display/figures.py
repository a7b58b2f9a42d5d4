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
    return INK_FREE.sub("><", PROLOGUE.sub("", page.getvalue())).strip()


@cache
def house_style() -> dict:
    """Return the style file's settings, its font made known to matplotlib."""
    for weight in WEIGHTS:
        font_manager.fontManager.addfont(PACKAGES[0].path / f"SourceSansPro-{weight}.ttf")
    with as_file(files("attendance_lib.display") / "attendance.mplstyle") as style:
        return dict(rc_params_from_file(style, use_default_template=False))
