"""What chance does: to groups without the intervention, and to single pupils."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import drawn, is_narrow, show_percent, show_points
from attendance_lib.display.format import format_count, format_points, format_span
from attendance_lib.display.look import DARK_BLUE, DARK_PINK, MID_GREY, ORANGE_TEXT, PALE_BLUE, QUIET_TEXT
from attendance_lib.display.model import Chart

HEIGHT, NARROW_HEIGHT, BINS, SHARES = 2.0, 4.2, 31, (2, 3)
NINETEEN_IN_TWENTY = (0.025, 0.975)


def chance_chart(chance: np.ndarray, estimate: float, pupils: pd.DataFrame, titles: tuple[str, str]) -> Chart:
    """Draw, side by side, what chance does to groups of like pupils, and where single pupils land among pupils like them.

    Parameters
    ----------
    chance : numpy.ndarray
        Differences that groups without the intervention show by chance (fractions, shape (groups,)).
    estimate : float
        That of the pupils themselves.
    pupils : pandas.DataFrame
        One row per pupil: ``expected_rate``, ``low``, ``high``, ``actual_rate`` (fractions), ``is_below``, ``is_above``.
        No name is drawn; the table of pupils is shown beside it.
    titles : tuple of str
        Name and title of the chart.
    """

    def draw(figure: Figure) -> None:
        groups, single = (
            figure.subplots(2, 1) if is_narrow(figure) else figure.subplots(1, 2, width_ratios=SHARES)
        )
        draw_groups(groups, chance, estimate)
        draw_pupils(single, pupils.sort_values("expected_rate", kind="stable", ignore_index=True))

    name, title = titles
    alt = f"{describe_chance(chance, estimate)} {describe_pupils(pupils)}"
    return Chart(name, title, alt=alt, **drawn(draw, HEIGHT, NARROW_HEIGHT))


def draw_groups(axes: Axes, chance: np.ndarray, estimate: float) -> None:
    """Draw the histogram of the groups (differences of fractions, shape (groups,)) and the line of the pupils themselves."""
    axes.hist(chance, bins=BINS, color=PALE_BLUE, edgecolor="white", linewidth=0.4)
    axes.axvline(0, color=QUIET_TEXT, linewidth=1)
    axes.axvline(estimate, color=DARK_BLUE, linewidth=2.6)
    axes.annotate(
        f"these pupils {format_points(estimate)}", (estimate, 1.02), xycoords=("data", "axes fraction"), ha="center",
        va="bottom", color=DARK_BLUE, fontweight="bold", annotation_clip=False,
    )  # fmt: skip
    show_points(axes.xaxis)
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.set(xlabel="Groups without it: difference in points", ylabel="")


def draw_pupils(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw for each pupil (row) the range of like pupils, the expected and the actual (fractions); diamonds lie outside it."""
    axes.vlines(rows.index, rows["low"], rows["high"], color=MID_GREY, linewidth=2.2, alpha=0.55)
    axes.scatter(
        rows.index, rows["expected_rate"], marker="_", s=40, color=ORANGE_TEXT, linewidth=1.6, zorder=2
    )
    is_out = (rows["is_below"] | rows["is_above"]).to_numpy(dtype=bool)
    for part, colour, marker in ((rows[~is_out], DARK_BLUE, "o"), (rows[is_out], DARK_PINK, "D")):
        axes.scatter(
            part.index, part["actual_rate"], s=22, color=colour, marker=marker, zorder=3, edgecolor="none"
        )
    show_percent(axes.yaxis)
    axes.set_xticks([])
    axes.margins(x=0.02)
    axes.set(xlabel="Each pupil: line, where like pupils landed; dash, expected; dot, actual", ylabel="")


def describe_chance(chance: np.ndarray, estimate: float) -> str:
    """Say in words what the histogram of differences (fractions, shape (groups,)) shows.

    Examples
    --------
    >>> describe_chance(np.array([-0.02, -0.01, 0.0, 0.01, 0.02]), 0.015)
    'Histogram of 5 groups without it: nineteen in twenty lie from −1.9 to +1.9 points; the pupils themselves at +1.5 points.'
    """
    low, high = (float(each) for each in np.quantile(chance, NINETEEN_IN_TWENTY))
    return (
        f"Histogram of {format_count(len(chance), 'group')} without it: nineteen in twenty lie from "
        f"{format_span(low, high)} points; the pupils themselves at {format_points(estimate)} points."
    )


def describe_pupils(pupils: pd.DataFrame) -> str:
    """Say in words where the pupils (one per row; their rates are fractions) landed.

    Examples
    --------
    >>> describe_pupils(pd.DataFrame({"is_below": [True, False, False], "is_above": [False, False, False]}))
    'A line for each of 3 pupils: 2 landed where like pupils usually do, 1 below and 0 above; by chance one in five lands outside.'
    """
    below, above = int(pupils["is_below"].sum()), int(pupils["is_above"].sum())
    return (
        f"A line for each of {format_count(len(pupils), 'pupil')}: {len(pupils) - below - above} landed where like pupils "
        f"usually do, {below} below and {above} above; by chance one in five lands outside."
    )
