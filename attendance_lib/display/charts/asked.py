"""A chart of whatever an analyst asked for: lines along a run of sessions, else a bar a group."""

from collections.abc import Sequence

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import drawn, is_narrow, show_percent
from attendance_lib.display.format import format_count, format_percent
from attendance_lib.display.kinds import Kind
from attendance_lib.display.look import CATEGORICAL, DARK_BLUE
from attendance_lib.display.model import Chart, Table
from attendance_lib.errors import SettingsError, quoted

FIGURE, GROUP = "figure", "group"
LINES_HEIGHT, BAR_HEIGHT, LEAST_HEIGHT = 3.6, 0.26, 1.6  # inches


def asked_chart(table: Table, names: Sequence[str], over: str) -> Chart:
    """Draw the last column of a table.

    Parameters
    ----------
    table : Table
        One row a group: the columns grouped by, then figures.
    names : sequence of str
        The columns grouped by.
    over : str
        The column along which lines run; empty for bars.

    Returns
    -------
    Chart
        With the table beneath.

    Raises
    ------
    SettingsError
        If there would be more lines than can be distinguished, or nothing to draw.
    """
    groups = [name for name in names if name != over]
    column = table.columns[-1]
    frame = rows_to_draw(table, groups)
    lines = frame[GROUP].nunique()
    if over and lines > len(CATEGORICAL):
        raise SettingsError(
            f"{lines} lines cannot be told apart; at most {len(CATEGORICAL)} can. Leave a column out of by, or choose with where."
        )
    height = LINES_HEIGHT if over else max(LEAST_HEIGHT, BAR_HEIGHT * len(frame) + 0.8)
    by = ", ".join(name.replace("_", " ") for name in groups).capitalize()

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        (draw_lines if over else draw_bars)(axes, frame, over)
        if column.kind is Kind.RATE:
            show_percent(axes.yaxis if over else axes.xaxis)
        axes.set(xlabel="" if over else column.heading, ylabel=column.heading if over else by)
        if is_narrow(figure):
            axes.tick_params(axis="x", rotation=60 if over else 0)

    alt = describe(frame, column.kind, over)
    return Chart(table.name, table.title, alt=alt, table=table, **drawn(draw, height))


def rows_to_draw(table: Table, groups: list[str]) -> pd.DataFrame:
    """Return the rows of a table that have a figure in its last column, with it (a fraction or a number) and their group's name.

    Raises
    ------
    SettingsError
        If no row has a figure.

    Examples
    --------
    >>> from attendance_lib.display.asked import asked_table
    >>> frame = pd.DataFrame({"form": ["7A", "7B"], "attendance_rate": [0.9, None]})
    >>> rows_to_draw(asked_table("forms", "Forms", frame), ["form"])[GROUP].tolist()  # nothing was counted of 7B
    ['7A']
    """
    column = table.columns[-1]
    figures = {FIGURE: table.frame[column.name].astype(float), GROUP: label_of(table.frame, groups)}
    frame = table.frame.assign(**figures).dropna(subset=FIGURE)
    if frame.empty:
        raise SettingsError(
            f"Nothing was counted in {quoted(column.heading)}, so there is nothing to draw. Choose other pupils or another span."
        )
    return frame


def label_of(frame: pd.DataFrame, names: list[str]) -> list[str]:
    """Return the name of each row's group: its values one after the other.

    Examples
    --------
    >>> label_of(pd.DataFrame({"year": [7, 8], "sex": ["F", "M"]}), ["year", "sex"])
    ['7, F', '8, M']
    """
    if not names:
        return ["All"] * len(frame)
    return [", ".join(map(str, values)) for values in zip(*(frame[name] for name in names), strict=True)]


def draw_lines(axes: Axes, frame: pd.DataFrame, over: str) -> None:
    """Draw a line a group (one row a point: a fraction or a number)."""
    along = frame[over] if pd.api.types.is_datetime64_any_dtype(frame[over]) else frame[over].astype(str)
    groups = frame[GROUP].unique()
    sns.lineplot(
        frame.assign(**{over: along}), x=over, y=FIGURE, hue=GROUP, palette=CATEGORICAL[: len(groups)], marker="o", ax=axes,
        legend=len(groups) > 1, errorbar=None,
    )  # fmt: skip
    if len(groups) > 1:
        axes.legend(title="")
    axes.tick_params(axis="x", rotation=30)


def draw_bars(axes: Axes, frame: pd.DataFrame, _over: str) -> None:
    """Draw a bar a group (one row each: a fraction or a number), from nought."""
    sns.barplot(frame, x=FIGURE, y=GROUP, color=DARK_BLUE, ax=axes, errorbar=None)


def describe(frame: pd.DataFrame, kind: Kind, over: str) -> str:
    """Return the text alternative of the rows drawn (fractions or numbers): how many, the lowest and the highest.

    Examples
    --------
    >>> frame = pd.DataFrame({FIGURE: [0.91, 0.955], GROUP: ["Year 7", "Year 8"]})
    >>> describe(frame, Kind.RATE, "")
    '2 values, from 91.0% (Year 7) to 95.5% (Year 8). The table below has them all.'
    """
    written = format_percent if kind is Kind.RATE else format_count
    ends = [frame.loc[frame[FIGURE].idxmin()], frame.loc[frame[FIGURE].idxmax()]]
    low, high = (f"{written(row[FIGURE])} ({row[GROUP]}{f', {row[over]}' if over else ''})" for row in ends)
    return f"{format_count(len(frame), 'value')}, from {low} to {high}. The table below has them all."
