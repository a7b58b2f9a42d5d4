"""What many rounds say together: a dot for each pooled estimate and a line for its range, by groups of rows."""

import pandas as pd
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import drawn, row_height
from attendance_lib.display.charts.effects import NARROW_ROW, draw_ranges, finish_axes
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_points, format_span
from attendance_lib.display.model import Chart, Table

NAME = "pools_chart"
TITLE = "What do terms and years say together?"
COLUMNS = (
    figure("grouped_by", width=None),
    figure("which", width=None),
    figure("verdict", meaning="What the evidence allows to be said", width=None),
    figure("rounds"),
    figure("pupils", meaning="Different pupils pooled"),
    figure("estimate", meaning="Actual less expected attendance, pooled"),
    *shown("low", "high"),
)
ROW_HEIGHT, FRAME_HEIGHT = 0.25, 0.85
# Room above the first row of each group but the first.
GAP = 0.45


def pools_chart(pools: pd.DataFrame, title: str = TITLE) -> Chart:
    """Draw a dot and a line for each pool, from the top down, with a gap between groups.

    Parameters
    ----------
    pools : pandas.DataFrame
        One row per pool in the order to show: ``group``, ``value``, ``verdict`` (texts), ``rounds``, ``pupils``
        (counts), ``estimate``, ``low`` and ``high`` (differences of fractions; missing where nothing could be
        pooled, which leaves the row without a mark).
    title : str
        The question the chart answers.

    Returns
    -------
    Chart
        The chart with its text alternative and its table.
    """
    rows = pools.reset_index(drop=True)
    starts = (rows["group"] != rows["group"].shift()).cumsum() - 1
    rows = rows.assign(place=rows.index + GAP * starts)
    height = float(rows["place"].max() + 1) if len(rows) else 1.0
    names = [row_name(row) for row in rows.to_dict("records")]
    said = [f"{name}: {verdict}" for name, verdict in zip(names, rows["verdict"], strict=True)]
    heights = [FRAME_HEIGHT + row * height for row in (ROW_HEIGHT, row_height(said, NARROW_ROW))]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        draw_ranges(axes, rows)
        finish_axes(axes, rows, names, "pupils and rounds")

    table = Table(NAME, title, pools, COLUMNS, row_header="value")
    return Chart(NAME, title, alt=describe_pools(rows), table=table, **drawn(draw, *heights))


def row_name(row: dict) -> str:
    """Return what a pool is called beside its line.

    Examples
    --------
    >>> row_name({"group": "Type", "value": "Mentor", "pupils": 50, "rounds": 3})
    'Type: Mentor (50 in 3)'
    """
    return f"{row['group']}: {row['value']} ({format_count(row['pupils'])} in {format_count(row['rounds'])})"


def describe_pools(pools: pd.DataFrame) -> str:
    """Say in words what `pools_chart` shows (one row per pool, differences of fractions).

    Examples
    --------
    >>> one = {"group": "Tier", "value": "Tier 2", "verdict": "no clear effect", "rounds": 3, "pupils": 40,
    ...     "estimate": 0.004, "low": -0.01, "high": 0.018}
    >>> describe_pools(pd.DataFrame([one]))
    'Dot and line chart of 1 pool. Tier, Tier 2: no clear effect, +0.4 points, range −1.0 to +1.8.'
    """
    said = [said_pool(row) for row in pools.to_dict("records")]
    return " ".join([f"Dot and line chart of {format_count(len(pools), 'pool')}.", *said])


def said_pool(row: dict) -> str:
    """Say one pool's verdict, estimate and range.

    Examples
    --------
    >>> said_pool({"group": "Tier", "value": "Tier 2", "verdict": "too few to tell", "estimate": None})
    'Tier, Tier 2: too few to tell, no range.'
    """
    start = f"{row['group']}, {row['value']}: {row['verdict']}"
    if pd.isna(row["estimate"]):
        return f"{start}, no range."
    return f"{start}, {format_points(row['estimate'])} points, range {format_span(row['low'], row['high'])}."
