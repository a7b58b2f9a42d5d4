"""Shares beside each other: of a few lines what each is now, what it was, and what others have."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import drawn, is_narrow, name_above, show_percent, widen_right
from attendance_lib.display.format import format_percent, is_suppressed
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.look import DARK_BLUE, DARK_PINK, MID_GREY, QUIET_TEXT
from attendance_lib.display.model import Chart, Table

# The first series is ours and now; the others stand back.
COLOURS = ((DARK_BLUE, DARK_BLUE), (MID_GREY, QUIET_TEXT), (DARK_PINK, QUIET_TEXT))
BAR, ROW_GAP, FRAME_HEIGHT = 0.14, 0.1, 0.55  # inches
NARROW_GAP = 0.3  # inches; a row's name stands above it
ROOM_FOR_LABELS = 0.34
WITHHELD, NOT_KNOWN = "withheld", "not known"


def beside_chart(
    name: str, title: str, rows: pd.DataFrame, series: Mapping[str, str], of: str = "pupils"
) -> Chart:
    """Draw some shares of each line as bars beside each other, each with its figure.

    Parameters
    ----------
    name, title : str
        The chart's name, and the question that it answers.
    rows : pandas.DataFrame
        One row per line, from the top down: ``label`` (text) and a column of fractions for each of ``series``; `c` where
        withheld and missing where not known, which is said in place of the bar.
    series : mapping of str to str
        What each column is called, ours first; three at most.
    of : str
        What the shares are of.

    Returns
    -------
    Chart
        The chart with its text alternative; its figures stand in a table beside it.
    """

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        if len(rows):
            _draw(axes, rows.reset_index(drop=True), series)
        axes.set(xlabel=f"% of {of}", ylabel="")

    heights = [FRAME_HEIGHT + len(rows) * (BAR * len(series) + gap) for gap in (ROW_GAP, NARROW_GAP)]
    columns = [
        Column("label", "Line", meaning="What is drawn"),
        *(Column(column, label, Kind.RATE, f"Share of {of}") for column, label in series.items()),
    ]
    table = Table(name, title, rows[[column.name for column in columns]], columns, row_header="label")
    return Chart(name, title, alt=describe_beside(rows, series, of), table=table, **drawn(draw, *heights))


def _name_rows(axes: Axes, labels: pd.Series, *, up: float) -> None:
    """Name the rows on their left, on a narrow chart ``up`` above the middle of each (in rows)."""
    is_above = is_narrow(axes.figure)
    axes.set_yticks(range(len(labels)), [""] * len(labels) if is_above else labels)
    axes.set_ylim(len(labels) - 0.5, -0.8 if is_above else -0.5)
    if is_above:
        for place, label in enumerate(labels):
            name_above(axes, place - up, label)


def _draw(axes: Axes, rows: pd.DataFrame, series: Mapping[str, str]) -> None:
    """Draw the bars (one row per line, fractions); the first of each series says which it is."""
    is_above = is_narrow(axes.figure)
    thick = BAR / (BAR * len(series) + (NARROW_GAP if is_above else ROW_GAP))
    for place, (column, label) in enumerate(series.items()):
        at = rows.index.to_numpy() + (place - (len(series) - 1) / 2) * thick
        texts = [_in_words(rate) for rate in rows[column]]
        texts[:1] = [f"{text}  {label}" for text in texts[:1]]
        _draw_bars(axes, (at, rows[column], texts), thick, COLOURS[place])
    _name_rows(axes, rows["label"], up=thick * (len(series) - 1) / 2)
    axes.set_xlim(left=0)
    show_percent(axes.xaxis)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    widen_right(axes, ROOM_FOR_LABELS)


def _draw_bars(
    axes: Axes, bars: tuple[np.ndarray, pd.Series, list[str]], thick: float, look: tuple[str, str]
) -> None:
    """Draw one series: places, values (fractions; none drawn for what is no number) and the words beyond each bar."""
    (at, rates, texts), (colour, ink) = bars, look
    drawn_to = pd.to_numeric(rates, errors="coerce").fillna(0)
    container = axes.barh(at, drawn_to, height=thick * 0.92, color=colour)
    axes.bar_label(container, texts, padding=4, color=ink, fontsize=9.5)


def _in_words(rate: float | str | None) -> str:
    """Return a share as its bar is labelled: that there is none, or that it is withheld, in place of the bar."""
    if is_suppressed(rate):
        return WITHHELD
    return NOT_KNOWN if pd.isna(rate) else format_percent(rate)


def describe_beside(rows: pd.DataFrame, series: Mapping[str, str], of: str = "pupils") -> str:
    """Say in words what `beside_chart` shows of its rows: every figure, for they are few.

    Examples
    --------
    >>> rows = pd.DataFrame({"label": ["Severe absence"], "now": [0.03], "then": [None]})
    >>> describe_beside(rows, {"now": "this year", "then": "last year"})
    'Bar chart, % of pupils. Severe absence: this year 3.0%, last year not known.'
    """
    lines = [
        f"{row['label']}: "
        + ", ".join(f"{label} {_in_words(row[column])}" for column, label in series.items())
        for row in rows.to_dict("records")
    ]
    return ". ".join([f"Bar chart, % of {of}", *lines]) + "."
