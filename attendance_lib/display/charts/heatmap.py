"""Attendance of each year group in each week, as a grid of figures on shades."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.ma import masked

from attendance_lib.display.charts.drawing import drawn, is_narrow
from attendance_lib.display.columns import figure
from attendance_lib.display.format import as_percent, format_count, format_percent, format_weekday
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.look import BLACK, PAPER, RULE, SEQUENTIAL, contrast
from attendance_lib.display.model import Chart, Table
from attendance_lib.rules.pupils import year_name

NAME = "year_by_week"
TITLE = "In which year groups and weeks was attendance low?"
COLUMNS = (
    figure("year_group", heading="Year group", shown=True),
    figure("week_beginning"),
    figure("attendance", meaning="Attended over possible sessions"),
)
WEEK = pd.Timedelta(days=7)
ROW_HEIGHT, FRAME_HEIGHT = 0.34, 1.0
NARROW_ROW = 0.24  # inches
# More names than so many letters together are written upright, on a wide and on a narrow chart.
MOST_LETTERS = {False: 96, True: 42}
# Of more rows beside each other no decimals fit a narrow chart.
MOST_ACROSS = 8


def year_by_week_heatmap(
    cells: pd.DataFrame, title: str = TITLE, *, places: int = 0, since: date | None = None
) -> Chart:
    """Draw attendance by year group and week: a figure in each cell, darker where attendance is lower.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row per year group and week: ``year_group`` (number or text), ``week_beginning`` (date) and
        ``attendance_rate`` (fraction 0 to 1; missing where nothing was possible or where suppressed,
        shown as a hatched cell and never as zero).
    title : str
        The question the chart answers.
    places : int
        Decimals of the figures in the cells, in per cent.
    since : datetime.date, optional
        A day from whose week on the weeks are outlined: the period of the paper.

    Returns
    -------
    Chart
        The chart with its text alternative and its table.
    """
    grid = cells.pivot(index="year_group", columns="week_beginning", values="attendance_rate").astype(float)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        if grid.notna().any(axis=None):
            shade_grid(axes, grid, SEQUENTIAL[::-1], places)
            name_cells(axes, grid, [named(year) for year in grid.index])
            axes.set_xlabel(
                f"{CELLS}: attendance, % of possible sessions; darker is lower; hatched: no sessions"
            )
            outline_weeks(axes, grid, since)

    table = Table(NAME, title, cells, COLUMNS, row_header="year_group")
    return Chart(NAME, title, alt=describe_year_by_week(cells), table=table, **drawn(draw, *heights_of(grid)))


CELLS = "Week beginning. Cells"


def heights_of(grid: pd.DataFrame) -> tuple[float, float]:
    """Return the inches of a grid (rows x weeks), and those of the narrow one, whose weeks stand under one another.

    Examples
    --------
    >>> five_year_groups = pd.DataFrame(0.9, index=range(7, 12), columns=range(12))
    >>> [round(inches, 2) for inches in heights_of(five_year_groups)]
    [2.7, 3.88]
    """
    return FRAME_HEIGHT + ROW_HEIGHT * len(grid), FRAME_HEIGHT + NARROW_ROW * len(grid.columns)


LATE_TITLE = "On which mornings do pupils come late?"
LATE_COLUMNS = (
    Column("weekday", "Weekday", meaning="Day of the week"),
    figure("week_beginning"),
    Column("late_rate", "Late", Kind.RATE, meaning="Late arrivals out of pupils who came that morning"),
)


def weekday_by_week_heatmap(cells: pd.DataFrame, weekdays: Sequence[str]) -> Chart:
    """Draw the share of those who came that came late, by weekday and week: darker where more were late.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row per morning: ``weekday`` (its name), ``week_beginning`` (date) and ``late_rate`` (fraction 0 to 1; missing
        where nobody came, shown as a hatched cell).
    weekdays : sequence of str
        The names of the days in the order in which they stand under one another.

    Returns
    -------
    Chart
        The chart with its text alternative and its table.
    """
    grid = cells.pivot(index="weekday", columns="week_beginning", values="late_rate").astype(float)
    grid = grid.reindex([day for day in weekdays if day in grid.index])

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        if grid.notna().any(axis=None):
            shade_grid(axes, grid, SEQUENTIAL)
            name_cells(axes, grid, [str(day)[:3] for day in grid.index])
            axes.set_xlabel(f"{CELLS}: % of those who came that morning; darker is later; hatched: closed")

    name = "late_by_morning"
    table = Table(name, LATE_TITLE, cells, LATE_COLUMNS, row_header="weekday")
    return Chart(
        name, LATE_TITLE, alt=describe_mornings(cells), table=table, **drawn(draw, *heights_of(grid))
    )


def describe_mornings(cells: pd.DataFrame) -> str:
    r"""Say in words what `weekday_by_week_heatmap` shows of its mornings (rows, fractions): the range and the three latest.

    Examples
    --------
    >>> cells = pd.DataFrame({"weekday": ["Monday", "Tuesday"], "week_beginning": "2026-11-09", "late_rate": [0.12, 0.03]})
    >>> print(describe_mornings(cells).replace(". ", ".\n"))
    Grid of 2 mornings, from 3.0% to 12.0% late.
    Most: Monday of the week beginning 9 Nov: 12.0%; Tuesday of the week beginning 9 Nov: 3.0%.
    """
    known = cells.dropna(subset="late_rate").sort_values("late_rate", ascending=False, kind="stable")
    if known.empty:
        return "Grid of mornings without a figure."
    latest = (known[name].head(3) for name in ("weekday", "week_beginning", "late_rate"))
    worst = "; ".join(
        f"{weekday} of the week beginning {format_weekday(week)[4:]}: {format_percent(rate)}"
        for weekday, week, rate in zip(*latest, strict=True)
    )
    high, low = known["late_rate"].iloc[[0, -1]]
    size = f"Grid of {format_count(len(known), 'morning')}, from {format_percent(low)} to {format_percent(high)} late."
    return f"{size} Most: {worst}."


def outline_weeks(axes: Axes, grid: pd.DataFrame, since: date | None) -> None:
    """Outline the weeks (columns) that end after a day, if one is given."""
    first = (
        sum(pd.Timestamp(week) + WEEK <= pd.Timestamp(since) for week in grid.columns)
        if since
        else len(grid.columns)
    )
    weeks = len(grid.columns) - first
    if weeks:
        frame = {"fill": False, "edgecolor": BLACK, "linewidth": 1.6, "clip_on": False, "zorder": 3}
        if is_narrow(axes.figure):
            axes.add_patch(Rectangle((0, first), len(grid), weeks, **frame))
        else:
            axes.add_patch(Rectangle((first, 0), weeks, len(grid), **frame))


def shade_grid(axes: Axes, grid: pd.DataFrame, colours: Sequence[str], places: int = 0) -> None:
    """Shade the cells of a grid of fractions (rows x weeks: one row each) from the first colour at the least to the last.

    Figures stand in them; one without is hatched. Weeks are under one another on a narrow chart.
    """
    if is_narrow(axes.figure):
        grid, places = grid.T, places if len(grid) <= MOST_ACROSS else 0
    figures = grid.map(lambda rate: "" if pd.isna(rate) else str(as_percent(rate, places)))
    shades = LinearSegmentedColormap.from_list("attendance", colours)
    sns.heatmap(
        grid, ax=axes, annot=figures, fmt="", cmap=shades, cbar=False, linewidths=1.5, linecolor=PAPER,
        annot_kws={"fontsize": 9.5},
    )  # fmt: skip
    colour_figures(axes)
    hatch_ground(axes, grid.shape)
    axes.tick_params(length=0)


def hatch_ground(axes: Axes, shape: tuple[int, int]) -> None:
    """Hatch what lies under the cells of a grid (rows, columns), so that a missing one is seen to be missing."""
    height, width = shape
    look = {"facecolor": PAPER, "edgecolor": RULE, "hatch": "////", "linewidth": 0, "zorder": 0}
    axes.add_patch(Rectangle((0, 0), width, height, **look))


def name_cells(axes: Axes, grid: pd.DataFrame, rows: list[str]) -> None:
    """Name the weeks (columns of a grid) below it and its rows on its left; on a narrow chart the other way round."""
    weeks = [format_weekday(day)[4:] for day in grid.columns]
    across, down = (rows, weeks) if is_narrow(axes.figure) else (weeks, rows)
    is_tight = sum(map(len, across)) > MOST_LETTERS[is_narrow(axes.figure)]
    axes.set_xticks(np.arange(len(across)) + 0.5, across, rotation=90 if is_tight else 0)
    axes.set_yticks(np.arange(len(down)) + 0.5, down, rotation=0)
    axes.set_ylabel("")


def colour_figures(axes: Axes) -> None:
    """Write each figure dark or white, whichever is read more easily on its shade (seaborn's choice falls short of 4.5)."""
    mesh = axes.collections[0]
    shades = [
        to_hex(shade)
        for shade, rate in zip(mesh.get_facecolors(), mesh.get_array().ravel(), strict=True)
        if rate is not masked
    ]
    for text, shade in zip(axes.texts, shades, strict=True):
        text.set_color(max((BLACK, PAPER), key=lambda ink: contrast(ink, shade)))


def describe_year_by_week(cells: pd.DataFrame) -> str:
    r"""Say in words what `year_by_week_heatmap` shows of its rows: its size, its range and its lowest cells.

    >>> weeks = ["2026-11-09", "2026-11-09"]
    >>> table = pd.DataFrame({"year_group": [7, 8], "week_beginning": weeks, "attendance_rate": [0.95, 0.9]})
    >>> print(describe_year_by_week(table).replace(". ", ".\n"))
    Grid of attendance, 2 year groups by 1 week, from 90.0% to 95.0%.
    Lowest: Year 8, week beginning 9 Nov: 90.0%; Year 7, week beginning 9 Nov: 95.0%.
    """
    known = cells.dropna(subset="attendance_rate").sort_values("attendance_rate", kind="stable")
    if known.empty:
        return "Grid of attendance without a figure."
    years, weeks = cells["year_group"].nunique(), cells["week_beginning"].nunique()
    size = f"{format_count(years, 'year group')} by {format_count(weeks, 'week')}"
    low, high = known["attendance_rate"].iloc[[0, -1]]
    lowest = "; ".join(
        map(said_cell, *(known.head(3)[name] for name in ("year_group", "week_beginning", "attendance_rate")))
    )
    return (
        f"Grid of attendance, {size}, from {format_percent(low)} to {format_percent(high)}. Lowest: {lowest}."
    )


def said_cell(year_group: object, week: object, rate: float) -> str:
    """Say one cell of the grid.

    Examples
    --------
    >>> said_cell(8, "2026-11-09", 0.9)
    'Year 8, week beginning 9 Nov: 90.0%'
    """
    return f"{named(year_group)}, week beginning {format_weekday(week)[4:]}: {format_percent(rate)}"


def named(year_group: object) -> str:
    """Return what a year group is called, whose number may have come as text.

    Examples
    --------
    >>> named(0), named("7")
    ('Reception', 'Year 7')
    """
    return year_name(int(str(year_group)))
