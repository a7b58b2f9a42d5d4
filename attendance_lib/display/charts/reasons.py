"""Why pupils were absent: this fortnight against the year to date."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from attendance_lib.display.charts.drawing import drawing, show_percent, to_svg, widen_right
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_percent, format_points
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.look import DARK_BLUE, MID_GREY, QUIET_TEXT
from attendance_lib.display.model import Chart, Table

NAME = "reasons"
TITLE = "Which reasons for absence are more common than usual?"
PERIODS = {"period_share": "This fortnight", "year_share": "Year to date"}
COLUMNS = (
    figure("code_group"),
    Column("period_share", "This fortnight", Kind.RATE, meaning="Share of the period's absence sessions"),
    Column("year_share", "Year to date", Kind.RATE, meaning="Share of the year's absence sessions"),
)
ROW_HEIGHT, FRAME_HEIGHT = 0.42, 0.8


def reasons_bar_chart(reasons: pd.DataFrame, title: str = TITLE) -> Chart:
    """Draw each reason's share of absence, this fortnight above the year to date.

    Parameters
    ----------
    reasons : pandas.DataFrame
        One row per reason in the order to show: ``reason`` (text), ``period_share`` and ``year_share``
        (fractions of the absence sessions of the period and of the year; missing where suppressed).
    title : str
        The question the chart answers.

    Returns
    -------
    Chart
        The chart with its text alternative and its table.
    """
    bars = reasons.melt(id_vars="reason", value_vars=list(PERIODS), var_name="period", value_name="share")
    with drawing(FRAME_HEIGHT + ROW_HEIGHT * len(reasons)) as figure:
        axes = figure.subplots()
        if len(reasons):
            draw_bars(axes, bars)
        svg = to_svg(figure)
    return Chart(NAME, title, svg, describe_reasons(reasons), Table(NAME, title, reasons, COLUMNS))


def draw_bars(axes: Axes, bars: pd.DataFrame) -> None:
    """Draw two bars a reason (one row each, a fraction) with their figures; the first pair says which is which."""
    sns.barplot(
        bars,
        x="share",
        y="reason",
        hue="period",
        ax=axes,
        palette=[DARK_BLUE, MID_GREY],
        saturation=1,
        errorbar=None,
        legend=False,
    )
    for container, label, colour in zip(
        axes.containers, PERIODS.values(), (DARK_BLUE, QUIET_TEXT), strict=True
    ):
        texts = [format_percent(bar.get_width()) for bar in container]
        axes.bar_label(
            container,
            [f"{text}  {label}" if not place else text for place, text in enumerate(texts)],
            padding=4,
            color=colour,
            fontsize=9,
        )
    show_percent(axes.xaxis)
    axes.set(xlabel="Share of absence, % of absence sessions", ylabel="")
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    widen_right(axes, 0.12)


def describe_reasons(reasons: pd.DataFrame) -> str:
    r"""Say in words what `reasons_bar_chart` shows of its rows: the commonest reason and the largest changes.

    >>> table = pd.DataFrame({"reason": ["Illness", "Holiday"], "period_share": [0.6, 0.4], "year_share": [0.5, 0.5]})
    >>> print(describe_reasons(table).replace(". ", ".\n"))
    Bar chart of 2 reasons for absence.
    Commonest this fortnight: Illness, 60.0% of absence (year to date 50.0%).
    Largest rise: Illness, +10.0 points.
    Largest fall: Holiday, −10.0 points.
    """
    known = reasons.dropna(subset=list(PERIODS))
    if known.empty:
        return "Bar chart without a reason to show."
    change = known["period_share"] - known["year_share"]
    first, rise, fall = known.loc[known["period_share"].idxmax()], change.idxmax(), change.idxmin()
    return (
        f"Bar chart of {format_count(len(known), 'reason')} for absence. Commonest this fortnight: {first['reason']}, "
        f"{format_percent(first['period_share'])} of absence (year to date {format_percent(first['year_share'])}). "
        f"Largest rise: {known.loc[rise, 'reason']}, {format_points(change[rise])} points. "
        f"Largest fall: {known.loc[fall, 'reason']}, {format_points(change[fall])} points."
    )
