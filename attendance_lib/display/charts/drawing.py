"""Figures without pyplot: the house style while drawing, and the same SVG text from the same figures."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import StringIO
from textwrap import fill, wrap

from matplotlib import font_manager, rc_context, rc_params_from_file
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from attendance_lib.display.format import format_percent, format_points
from attendance_lib.display.look import PACKAGES, TEXT

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
    """Write an axis's fractions as whole percents, at whole steps.

    Examples
    --------
    >>> axes = Figure().add_subplot()
    >>> axes.set_xlim(0.85, 1)
    (0.85, 1.0)
    >>> show_percent(axes.xaxis)
    >>> [axes.xaxis.get_major_formatter()(rate, 0) for rate in (0.9, 1)]
    ['90%', '100%']
    """
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
    """Leave room for labels to the right of the drawing, as a share of its width.

    Examples
    --------
    >>> axes = Figure().add_subplot()
    >>> axes.set_xlim(0, 10)
    (0.0, 10.0)
    >>> widen_right(axes, 0.2)
    >>> [float(end) for end in axes.get_xlim()]
    [0.0, 12.0]
    """
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + share * (high - low))


DOTS_PER_INCH = 72  # of SVG, for which a figure is laid out
WIDTH = 9.0  # inches; the width of a chart on an A4 page on its side
# Inches; on a screen of 360 CSS pixels, 336 wide within its margins, letters of 9.5 points are then 11.4 pixels high.
NARROW_WIDTH = 3.9
LINE_LENGTH, NAME_LENGTH = (
    48,
    56,
)  # characters of a line below a narrow chart, and of what stands above a row of it
LINE_HEIGHT = 0.16  # inches
WEIGHTS = ("Regular", "Bold")
# matplotlib's prologue, metadata, comments and line ends are no part of the picture.
PROLOGUE = re.compile(r"^.*?(?=<svg )|<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
INK_FREE = re.compile(r">\s+<")
# Where things lie, in points. Layout multiplies small matrices with BLAS, whose last bit is the processor's: a hundredth of a
# point, which nobody sees, is so far above it that no digit written turns on that bit.
PLACES = re.compile(r'(?<= d=")[^"]*|(?<= [xy]=")[^"]*|(?<=translate\()[^)]*')
CLIP = re.compile(r"""(?:(?<=id=")|(?<=url\(#))p[0-9a-f]{10}(?=["\)])""")
LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
HUNDREDTHS = 2


def drawn(
    draw: Callable[[Figure], None], height: float, narrow_height: float | None = None
) -> dict[str, str]:
    """Draw a chart twice: as wide as a page, and narrow for a phone.

    Parameters
    ----------
    draw : callable
        Draws on a blank figure in the house style; ``is_narrow`` tells it which. The figure is unknown to pyplot, so that
        nothing has to be closed, and matplotlib's own settings are as before afterwards.
    height, narrow_height : float
        Inches of the two; the narrow one is as high as the other unless it says so.

    Returns
    -------
    dict of str to str
        ``svg`` and ``narrow`` of a ``Chart``.
    """
    found = {}
    for name, width, tall in (("svg", WIDTH, height), ("narrow", NARROW_WIDTH, narrow_height or height)):
        with rc_context(house_style()):
            figure = Figure(figsize=(width, tall), dpi=DOTS_PER_INCH, layout="constrained")
            FigureCanvasSVG(figure)
            draw(figure)
            if is_narrow(figure):
                break_lines(figure)
            found[name] = to_svg(figure)
    return found


def is_narrow(figure: Figure) -> bool:
    """Whether a figure is to be drawn for a narrow screen.

    Examples
    --------
    >>> [is_narrow(Figure(figsize=(width, 2))) for width in (WIDTH, NARROW_WIDTH)]
    [False, True]
    """
    return bool(figure.get_figwidth() < WIDTH)


def break_lines(figure: Figure) -> None:
    """Break what is written along the axes of a narrow figure into lines."""
    for axes in figure.axes:
        for text in (axes.xaxis.label, axes._left_title):
            text.set_text(fill(text.get_text(), LINE_LENGTH))


def row_height(names: Iterable[str], least: float) -> float:
    """Return how many inches a row of a narrow chart takes whose name stands above it: more where one takes several lines.

    Examples
    --------
    >>> row_height(["Mentor"], 0.4), row_height(["Mentor", "A name " * 10], 0.4)
    (0.4, 0.56)
    """
    return round(
        least + LINE_HEIGHT * (max((len(wrap(name, NAME_LENGTH)) for name in names), default=1) - 1), 2
    )


def name_above(axes: Axes, place: float, text: str) -> None:
    """Write what a row of a narrow chart is called above it, from the left edge on and before whatever is drawn there."""
    name = axes.annotate(
        fill(text, NAME_LENGTH), (0, place), xycoords=("axes fraction", "data"), xytext=(0, 7), textcoords="offset points",
        va="bottom", color=TEXT, fontsize=9.5, linespacing=1, annotation_clip=False, zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )  # fmt: skip
    name.set_in_layout(False)


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG text: letters as paths, no date, no random ids, so the same bytes each time.

    For a figure in the house style, while that holds. Letters are paths because neither Typst nor a browser need have the font; the
    text alternative of the chart, not the picture's letters, is what a screen reader reads.
    """
    page = StringIO()
    # Laid out here: saving a figure that is still to be laid out draws all of it once more, to nowhere.
    figure.get_layout_engine().execute(figure)
    figure.set_layout_engine(None)
    figure.savefig(page, format="svg", metadata={"Date": None, "Creator": None})
    bare = INK_FREE.sub("><", PROLOGUE.sub("", page.getvalue())).strip()
    return numbered(PLACES.sub(lambda place: LONG_NUMBER.sub(in_hundredths, place[0]), bare))


def numbered(svg: str) -> str:
    """Return an SVG with the names of its clips by their order: matplotlib makes them of places to their last bit.

    Examples
    --------
    >>> numbered('<g clip-path="url(#pb323851368)"/><clipPath id="pb323851368"/>')
    '<g clip-path="url(#clip1)"/><clipPath id="clip1"/>'
    """
    names = {name: f"clip{at}" for at, name in enumerate(dict.fromkeys(CLIP.findall(svg)), start=1)}
    return CLIP.sub(lambda found: names[found[0]], svg)


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
