"""What chance does: the differences of groups without the intervention, and where single pupils land."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from attendance_lib.display.charts.axes import show_percent, show_points
from attendance_lib.display.figures import drawing, to_svg
from attendance_lib.display.format import format_count, format_points, format_span
from attendance_lib.display.model import Chart
from attendance_lib.display.palette import DARK_BLUE, DARK_PINK, MID_GREY, ORANGE_TEXT, PALE_BLUE, QUIET_TEXT

HEIGHT, BINS = 2.2, 31


def chance_chart(chance: np.ndarray, estimate: float, name: str, title: str) -> Chart:
    """Draw the differences that groups like the pupils', without the intervention, showed, and the pupils' own.

    Parameters
    ----------
    chance : numpy.ndarray
        Mean actual less expected attendance of each placebo group (differences of fractions, shape (groups,)).
    estimate : float
        That of the pupils themselves.
    name, title : str
        Of the chart.
    """
    with drawing(HEIGHT) as figure:
        axes = figure.subplots()
        axes.hist(chance, bins=BINS, color=PALE_BLUE, edgecolor="white", linewidth=0.4)
        axes.axvline(0, color=QUIET_TEXT, linewidth=1)
        axes.axvline(estimate, color=DARK_BLUE, linewidth=2.6)
        finish_histogram(axes, estimate)
        svg = to_svg(figure)
    return Chart(name, title, svg, describe_chance(chance, estimate))


def finish_histogram(axes: Axes, estimate: float) -> None:
    """Name the axes, and the line of the pupils themselves."""
    low, high = axes.get_xlim()
    on_left = estimate > (low + high) / 2
    axes.annotate(
        f"these pupils {format_points(estimate)}", (estimate, 0.95), xycoords=("data", "axes fraction"),
        xytext=(-6 if on_left else 6, 0), textcoords="offset points", ha="right" if on_left else "left", va="top",
        color=DARK_BLUE, fontweight="bold",
    )  # fmt: skip
    show_points(axes.xaxis)
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.set(xlabel="Actual less expected attendance, percentage points", ylabel="Groups drawn")


def describe_chance(chance: np.ndarray, estimate: float) -> str:
    """Say in words what `chance_chart` shows.

    Examples
    --------
    >>> describe_chance(np.array([-0.02, -0.01, 0.0, 0.01, 0.02]), 0.015)
    'Histogram of 5 groups without it: nineteen in twenty lie from −1.9 to +1.9 points; the pupils themselves at +1.5 points. 1 of the groups lies as high or higher.'
    """
    low, high = np.quantile(chance, [0.025, 0.975])
    above = int((chance >= estimate).sum())
    return (
        f"Histogram of {format_count(len(chance), 'group')} without it: nineteen in twenty lie from "
        f"{format_span(float(low), float(high))} points; the pupils themselves at {format_points(estimate)} points. "
        f"{format_count(above)} of the groups {'lies' if above == 1 else 'lie'} as high or higher."
    )


def pupil_ranges_chart(pupils: pd.DataFrame, name: str, title: str) -> Chart:
    """Draw for each pupil, without a name, the range in which like pupils landed, the expected and the actual.

    Parameters
    ----------
    pupils : pandas.DataFrame
        One row per pupil: ``expected_rate``, ``low``, ``high``, ``actual_rate`` (fractions), ``is_below``, ``is_above``.
    name, title : str
        Of the chart; the table of pupils, with names, is shown beside it.
    """
    rows = pupils.sort_values("expected_rate", ignore_index=True)
    with drawing(HEIGHT) as figure:
        axes = figure.subplots()
        axes.vlines(rows.index, rows["low"], rows["high"], color=MID_GREY, linewidth=2.2, alpha=0.55)
        axes.scatter(
            rows.index, rows["expected_rate"], marker="_", s=40, color=ORANGE_TEXT, linewidth=1.6, zorder=2
        )
        is_out = (rows["is_below"] | rows["is_above"]).to_numpy(dtype=bool)
        for part, colour, marker in ((rows[~is_out], DARK_BLUE, "o"), (rows[is_out], DARK_PINK, "D")):
            axes.scatter(
                part.index, part["actual_rate"], s=24, color=colour, marker=marker, zorder=3, edgecolor="none"
            )
        show_percent(axes.yaxis)
        axes.set_xticks([])
        axes.margins(x=0.02)
        axes.set(
            xlabel="Pupils, lowest expectation first: line, where like pupils landed; dash, expected; dot, actual (diamond: outside the line)",
            ylabel="Attendance",
        )
        svg = to_svg(figure)
    return Chart(name, title, svg, describe_pupil_ranges(pupils))


def describe_pupil_ranges(pupils: pd.DataFrame) -> str:
    """Say in words what `pupil_ranges_chart` shows.

    Examples
    --------
    >>> describe_pupil_ranges(pd.DataFrame({"is_below": [True, False, False], "is_above": [False, False, False]}))
    'Line for each of 3 pupils: 2 landed where like pupils usually do, 1 below and 0 above. About one in five lands outside by chance alone.'
    """
    below, above = int(pupils["is_below"].sum()), int(pupils["is_above"].sum())
    return (
        f"Line for each of {format_count(len(pupils), 'pupil')}: {len(pupils) - below - above} landed where like pupils "
        f"usually do, {below} below and {above} above. About one in five lands outside by chance alone."
    )
