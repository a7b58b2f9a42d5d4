"""The school's attendance week by week with the days on which something began for everyone."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import drawn, is_narrow, show_percent
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date, format_percent, format_short_date
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.look import DARK_BLUE, ORANGE_TEXT, QUIET_TEXT, TEXT
from attendance_lib.display.model import Chart, Table

NAME = "impact_school_weeks"
TITLE = "How did the whole school's attendance move about each start?"
COLUMNS = (
    figure("week_beginning"),
    Column("school_rate", "School", Kind.RATE, "The whole school's attendance in the week"),
    figure("england_rate", meaning="England's in the same week, where known"),
)
HEIGHT, MOST_TICKS, NARROW_TICKS = 2.7, 12, 4


def whole_school_chart(weeks: pd.DataFrame, starts: Mapping[str, date]) -> Chart:
    """Draw attendance by school week and a line at each start.

    Parameters
    ----------
    weeks : pandas.DataFrame
        One row per school week in order: ``week_beginning``, ``school_rate`` and ``england_rate`` (fractions; England's
        missing where not known).
    starts : mapping of str to date
        The schemes and the day each began.
    """
    rows = weeks.reset_index(drop=True)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot(
            rows.index, rows["school_rate"], color=DARK_BLUE, marker="o", markersize=3, markeredgewidth=0
        )
        if rows["england_rate"].notna().any():
            axes.plot(rows.index, rows["england_rate"], color=ORANGE_TEXT, linestyle="--")
        finish_axes(axes, rows, starts)

    table = Table(NAME, TITLE, weeks, COLUMNS, row_header="week_beginning")
    return Chart(NAME, TITLE, alt=describe_whole_school(weeks, starts), table=table, **drawn(draw, HEIGHT))


def finish_axes(axes: Axes, rows: pd.DataFrame, starts: Mapping[str, date]) -> None:
    """Draw the starts, name them and mark weeks (rows) by their Mondays."""
    _draw_starts(axes, rows, starts)
    show_percent(axes.yaxis)
    step = -(-len(rows) // (NARROW_TICKS if is_narrow(axes.figure) else MOST_TICKS)) or 1
    ticks = rows.iloc[::step]
    axes.set_xticks(ticks.index, [format_short_date(day.date()) for day in ticks["week_beginning"]])
    axes.set(xlabel="School weeks, by their Mondays", ylabel="Attendance")


def _draw_starts(axes: Axes, rows: pd.DataFrame, starts: Mapping[str, date]) -> None:
    """Draw a line before the first week (row) after each start, and name it."""
    mondays = rows["week_beginning"].to_numpy()
    for step, (name, start) in enumerate(starts.items()):
        place = float(mondays.searchsorted(pd.Timestamp(start).to_datetime64(), side="right")) - 1.5
        is_left = is_narrow(axes.figure) and place > len(rows) / 2
        axes.axvline(place, color=TEXT, linewidth=1.1, linestyle=":")
        axes.annotate(
            f"{name} begins", (place, 1.02 + 0.09 * (step % 2)), xycoords=("data", "axes fraction"),
            xytext=(-3 if is_left else 3, 0), textcoords="offset points", ha="right" if is_left else "left", color=QUIET_TEXT,
            annotation_clip=False,
        )  # fmt: skip


def describe_whole_school(weeks: pd.DataFrame, starts: Mapping[str, date]) -> str:
    """Say in words what `whole_school_chart` shows (one row per week, fractions).

    Examples
    --------
    >>> weeks = pd.DataFrame({"week_beginning": [pd.Timestamp("2026-11-16")], "school_rate": [0.92], "england_rate": [None]})
    >>> describe_whole_school(weeks, {"Raffle": date(2026, 4, 13)})
    'Line chart of attendance in 1 school week, from 92.0% to 92.0%. Raffle begins on 13 April 2026.'
    """
    low, high = weeks["school_rate"].min(), weeks["school_rate"].max()
    begun = " ".join(f"{name} begins on {format_date(start)}." for name, start in starts.items())
    return (
        f"Line chart of attendance in {format_count(len(weeks), 'school week')}, from {format_percent(low)} to "
        f"{format_percent(high)}. {begun}"
    )
