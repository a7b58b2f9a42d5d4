"""Figures without pyplot: the house style while drawing, and the same SVG text from the same figures."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import StringIO

from matplotlib import font_manager, rc_context, rc_params_from_file
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from attendance_lib.display.format import format_percent, format_points
from attendance_lib.display.look import PACKAGES

# What several charts share: percent on an axis and labels beside marks

# Steps of an axis of percents, widest first, each with the span (fractions) from which it is used.
STEPS = ((0.4, 0.1), (0.16, 0.05), (0.08, 0.02), (0.0, 0.01))
LABEL_SPACING = 0.07


@dataclass(frozen=True)
class Label:
    """A text beside a point of a drawing."""

    text: str
    x: float
    y: float
    colour: str


def show_percent(axis: Axis) -> None:
    """Write an axis's fractions as whole percents, at whole steps."""
    low, high = sorted(axis.get_view_interval())
    axis.set_major_locator(MultipleLocator(next(step for span, step in STEPS if high - low >= span)))
    axis.set_major_formatter(FuncFormatter(lambda rate, _: format_percent(rate, 0)))


def show_points(axis: Axis) -> None:
    """Write an axis's differences of fractions as whole percentage points with their signs, at whole steps."""
    low, high = sorted(axis.get_view_interval())
    axis.set_major_locator(MultipleLocator(next(step for span, step in STEPS if high - low >= span)))
    axis.set_major_formatter(FuncFormatter(lambda points, _: format_points(points, 0)))


def write_beside(axes: Axes, label: Label, *, on_left: bool = False) -> None:
    """Write a label beside its point in the colour of its mark."""
    axes.annotate(
        label.text, (label.x, label.y), xytext=(-8 if on_left else 8, 0), textcoords="offset points",
        ha="right" if on_left else "left", va="center", color=label.colour, fontweight="bold", annotation_clip=False,
    )  # fmt: skip


def spread(labels: list[Label], least: float) -> list[Label]:
    """Move labels apart upwards, so that none stands closer than ``least`` to the one below it.

    >>> [label.y for label in spread([Label("a", 0, 1.0, "k"), Label("b", 0, 1.5, "k")], 2)]
    [1.0, 3.0]
    """
    placed: list[Label] = []
    for label in sorted(labels, key=lambda each: each.y):
        floor = placed[-1].y + least if placed else label.y
        placed.append(Label(label.text, label.x, max(label.y, floor), label.colour))
    return placed


def label_spacing(axes: Axes) -> float:
    """Return the least distance between two labels of one line each, in the units of the upright axis."""
    low, high = axes.get_ylim()
    return LABEL_SPACING * (high - low)


def widen_right(axes: Axes, share: float) -> None:
    """Leave room for labels to the right of the drawing, as a share of its width."""
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + share * (high - low))


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
