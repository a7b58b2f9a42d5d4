"""Actual against expected attendance, week by week about the start."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from attendance_lib.display.charts.drawing import (
    Label,
    drawn,
    label_spacing,
    show_percent,
    spread,
    widen_right,
    write_beside,
)
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_percent, format_points
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.look import DARK_BLUE, FAINT, MID_GREY, ORANGE_TEXT, QUIET_TEXT
from attendance_lib.display.model import Chart, Table

NAME = "event_study"
HEIGHT, LABEL_LINES = 2.15, 1.6
LINES = (("Actual", "actual_rate", DARK_BLUE), ("Expected", "expected_rate", ORANGE_TEXT))
COLUMNS = (
    Column("week", "Week", Kind.NUMBER, "School weeks from the start: 0 is the first, −1 the last before"),
    figure("pupils", meaning="Pupils with a possible session in the week"),
    Column("actual_rate", "Actual", Kind.RATE, "Mean of the pupils' attendance in the week"),
    Column("expected_rate", "Expected", Kind.RATE, "Mean attendance expected of them"),
    Column("gap", "Difference", Kind.POINTS, "Actual less expected"),
    figure("low", meaning="Lower end of the week's own 95% range"),
    figure("high", meaning="Upper end of the week's own 95% range"),
)


def event_study_chart(weeks: pd.DataFrame, name: str, title: str) -> Chart:
    """Draw actual and expected attendance by school week about the start, the weeks before it shaded.

    Parameters
    ----------
    weeks : pandas.DataFrame
        One row per week in order: the columns of COLUMNS (rates as fractions).
    name : str
        Of the chart and its table.
    title : str
        The question the chart answers.

    Returns
    -------
    Chart
        The band is where the actual would lie if nothing had changed: expected, and the week's 95 % range about it.
    """

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        draw_weeks(axes, weeks)
        finish_axes(axes, weeks)

    table = Table(name, title, weeks, COLUMNS)
    return Chart(name, title, alt=describe_event_study(weeks), table=table, **drawn(draw, HEIGHT))


def draw_weeks(axes: Axes, weeks: pd.DataFrame) -> None:
    """Draw the band, the expected and the actual line (fractions, one row per week)."""
    reach = (weeks["high"] - weeks["low"]) / 2
    low, high = weeks["expected_rate"] - reach, (weeks["expected_rate"] + reach).clip(upper=1)
    axes.fill_between(weeks["week"], low, high, color=MID_GREY, alpha=0.18, linewidth=0)
    axes.plot(weeks["week"], weeks["expected_rate"], color=ORANGE_TEXT, linestyle="--")
    axes.plot(
        weeks["week"], weeks["actual_rate"], color=DARK_BLUE, marker="o", markersize=4.5, markeredgewidth=0
    )


def finish_axes(axes: Axes, weeks: pd.DataFrame) -> None:
    """Shade the weeks (rows) before the start, name the lines and the axes."""
    first, last = float(weeks["week"].min()) - 0.5, float(weeks["week"].max()) + 0.5
    axes.set_xlim(first, last)
    axes.set_ylim(top=min(axes.get_ylim()[1], 1.005))
    axes.axvspan(first, -0.5, color=FAINT, zorder=0)
    axes.axvline(-0.5, color=QUIET_TEXT, linewidth=1.2)
    top = axes.get_xaxis_transform()
    axes.text(-0.6, 1.01, "before the start", transform=top, ha="right", va="bottom", color=QUIET_TEXT)
    axes.text(-0.4, 1.01, "after", transform=top, ha="left", va="bottom", color=QUIET_TEXT)
    show_percent(axes.yaxis)
    axes.xaxis.set_major_locator(MultipleLocator(2))
    along = "School weeks from the start (grey band: where chance alone would put a week)"
    axes.set(xlabel=along, ylabel="Attendance")
    name_lines(axes, weeks.iloc[-1])
    widen_right(axes, 0.02)


def name_lines(axes: Axes, end: pd.Series) -> None:
    """Write beside the end of each line what it is and where it ends (the last week's row, fractions)."""
    labels = [
        Label(f"{name} {format_percent(end[column], 0)}", end["week"], end[column], colour)
        for name, column, colour in LINES
    ]
    for label in spread(labels, label_spacing(axes) * LABEL_LINES):
        write_beside(axes, label)


def describe_event_study(weeks: pd.DataFrame) -> str:
    r"""Say in words what `event_study_chart` shows of its weeks (rows): the mean differences before and after, and the widest.

    Examples
    --------
    >>> weeks = pd.DataFrame({"week": [-1, 0, 1], "gap": [0.01, 0.02, 0.04], "pupils": [9, 9, 8]})
    >>> print(describe_event_study(weeks).replace(". ", ".\n"))
    Line chart of actual and expected attendance in 3 school weeks about the start.
    Mean difference before the start +1.0 points, from the start on +3.0 points.
    Widest: week 1, +4.0 points.
    """
    widest = weeks.loc[weeks["gap"].abs().idxmax()]
    before, after = weeks.loc[weeks["week"] < 0, "gap"], weeks.loc[weeks["week"] >= 0, "gap"]
    means = [
        f"{which} {format_points(float(part.mean()))} points"
        for which, part in (("before the start", before), ("from the start on", after))
        if len(part)
    ]
    return (
        f"Line chart of actual and expected attendance in {format_count(len(weeks), 'school week')} about the start. "
        f"Mean difference {', '.join(means)}. Widest: week {int(widest['week'])}, {format_points(widest['gap'])} points."
    )
