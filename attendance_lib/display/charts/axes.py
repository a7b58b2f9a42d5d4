"""What several charts share: percent on an axis and labels beside marks."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MultipleLocator

from attendance_lib.display.format import format_percent, format_points

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
