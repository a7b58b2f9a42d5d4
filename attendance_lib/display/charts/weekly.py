"""Attendance by school week, this year against last."""

from dataclasses import dataclass

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import (
    Label,
    drawn,
    is_narrow,
    label_spacing,
    show_percent,
    spread,
    widen_right,
    write_beside,
)
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_percent, format_points, format_weekday
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.look import DARK_BLUE, MID_GREY, QUIET_TEXT
from attendance_lib.display.model import Chart, Table

NAME = "weekly_attendance"
TITLE = "How has attendance moved by week, and how does it compare with last year?"


@dataclass(frozen=True)
class Line:
    """One line of the chart: its column, its name and its look."""

    column: str
    name: str
    colour: str
    style: str = "-"
    marker: str = "o"


# Drawn in this order, so that this year lies on top.
LINES = (
    Line("last_year_rate", "Last year", MID_GREY),
    Line("attendance_rate", "This year", DARK_BLUE),
)
COLUMNS = (
    Column("school_week", "School week", Kind.COUNT, meaning="Number of the school week in the school year"),
    figure("week_beginning"),
    figure("attendance", meaning="Attended over possible sessions in the week"),
    Column(
        "last_year_rate",
        "Same week last year",
        Kind.RATE,
        meaning="The same for the same school week last year",
    ),
)
HEIGHT = 3.1
MOST_TICKS, NARROW_TICKS = 14, 5


def weekly_attendance_chart(weeks: pd.DataFrame, title: str = TITLE) -> Chart:
    """Draw attendance by school week as lines with their names beside them.

    Parameters
    ----------
    weeks : pandas.DataFrame
        One row per school week in order: ``school_week`` (number), ``week_beginning`` (date),
        ``attendance_rate`` and ``last_year_rate`` (fractions 0 to 1, missing where nothing was possible).
    title : str
        The question the chart answers.

    Returns
    -------
    Chart
        The chart with its text alternative and its table.

    Notes
    -----
    The axis does not start at zero: the weeks of a school differ by a few points, and a line, unlike a
    bar, does not show its value as a length. The axis title says where it starts.
    """
    lines = [line for line in LINES if line.column in weeks]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for line in lines:
            draw_line(axes, weeks, line)
        finish_axes(axes, weeks)
        name_lines(axes, weeks, lines)

    alt = describe_weekly_attendance(weeks)
    return Chart(NAME, title, alt=alt, table=weekly_table(weeks, title), **drawn(draw, HEIGHT))


def draw_line(axes: Axes, weeks: pd.DataFrame, line: Line) -> None:
    """Draw one line, with a dot a week (row, a fraction); a missing week is a gap."""
    look = {
        "color": line.colour,
        "linestyle": line.style,
        "marker": line.marker,
        "markersize": 4.5,
        "markeredgewidth": 0,
    }
    sns.lineplot(weeks, x="school_week", y=line.column, ax=axes, errorbar=None, **look)


def name_lines(axes: Axes, weeks: pd.DataFrame, lines: list[Line]) -> None:
    """Write each line's name and last value (a fraction) beside its end; ``weeks`` has one row per week."""
    ends = [(line, weeks.dropna(subset=line.column).tail(1)) for line in lines]
    labels = [
        Label(
            f"{line.name} {format_percent(end[line.column].item())}",
            weeks["school_week"].max(),
            end[line.column].item(),
            line.colour,
        )
        for line, end in ends
        if len(end)
    ]
    for label in spread(labels, label_spacing(axes)):
        write_beside(axes, label)


def finish_axes(axes: Axes, weeks: pd.DataFrame) -> None:
    """Name the axes, mark weeks (rows) by their Mondays and leave room for the lines' names."""
    show_percent(axes.yaxis)
    axes.set(xlabel="Week beginning", ylabel="")
    start = format_percent(axes.get_ylim()[0], 0)
    axes.set_title(
        f"Attendance, % of possible sessions (axis starts at {start})",
        loc="left",
        fontsize=9.5,
        color=QUIET_TEXT,
    )
    most = NARROW_TICKS if is_narrow(axes.figure) else MOST_TICKS
    ticks = weeks.iloc[:: -(-len(weeks) // most) or 1]
    axes.set_xticks(ticks["school_week"], [format_weekday(day)[4:] for day in ticks["week_beginning"]])
    widen_right(axes, 0.16)


def weekly_table(weeks: pd.DataFrame, title: str) -> Table:
    """Return the table that a weekly chart was drawn from: one row per week, those of COLUMNS that it holds."""
    return Table(
        NAME,
        title,
        weeks,
        tuple(column for column in COLUMNS if column.name in weeks),
        row_header="week_beginning",
    )


def describe_weekly_attendance(weeks: pd.DataFrame) -> str:
    """Say in words what `weekly_attendance_chart` shows (one row per week, fractions).

    Parameters
    ----------
    weeks : pandas.DataFrame
        As for `weekly_attendance_chart`.

    Returns
    -------
    str
        The number of weeks, the latest week beside last year's, the lowest and the highest week.

    Examples
    --------
    >>> weeks = {"week_beginning": ["2026-11-02", "2026-11-09"], "attendance_rate": [0.94, 0.925], "last_year_rate": [0.93, 0.935]}
    >>> describe_weekly_attendance(pd.DataFrame(weeks)).partition(" Lowest")[0].partition("weeks. ")[2]
    'Latest, week beginning 9 Nov: 92.5%, −1.0 points against the same week last year (93.5%).'
    """
    known = weeks.dropna(subset="attendance_rate")
    if known.empty:
        return "Line chart without a week of attendance."
    last, low, high = (
        known.iloc[-1],
        known.loc[known["attendance_rate"].idxmin()],
        known.loc[known["attendance_rate"].idxmax()],
    )
    others = compared(last, "last_year_rate", "the same week last year")
    return (
        f"Line chart of attendance in {len(known)} school weeks. "
        f"Latest, {said_week(last)}{others}. Lowest, {said_week(low)}. Highest, {said_week(high)}."
    )


def said_week(week: pd.Series) -> str:
    """Say a week (one row) and its attendance (a fraction).

    Examples
    --------
    >>> said_week(pd.Series({"week_beginning": "2026-11-09", "attendance_rate": 0.915}))
    'week beginning 9 Nov: 91.5%'
    """
    return f"week beginning {format_weekday(week['week_beginning'])[4:]}: {format_percent(week['attendance_rate'])}"


def compared(week: pd.Series, column: str, label: str) -> str:
    """Say how far a week (one row, fractions) is from another line, if that has a value.

    Examples
    --------
    >>> compared(pd.Series({"attendance_rate": 0.92, "last_year_rate": 0.93}), "last_year_rate", "last year")
    ', −1.0 points against last year (93.0%)'
    """
    other = week.get(column)
    if pd.isna(other):
        return ""
    return (
        f", {format_points(week['attendance_rate'] - other)} points against {label} ({format_percent(other)})"
    )
