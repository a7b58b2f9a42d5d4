"""One intervention in several schools: a dot and a line for each by name, and what they say together below them."""

import pandas as pd
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import drawn, row_height
from attendance_lib.display.charts.effects import LOOKS, NARROW_ROW, Look, draw_verdict, finish_axes
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_points, format_span
from attendance_lib.display.kinds import Column
from attendance_lib.display.look import MID_GREY, TEXT
from attendance_lib.display.model import Chart, Table

ROW_HEIGHT, FRAME_HEIGHT, GAP = 0.2, 0.7, 0.5
A_SCHOOL = Look(MID_GREY, "o")
COLUMNS = (
    figure("intervention", width=None),
    Column("school", "Whose line", meaning="The school, or all of them together"),
    Column("beside", "Beside it", meaning="The verdict of all together, or why a school gives nothing"),
    figure("pupils"),
    figure("estimate", meaning="Actual less expected attendance"),
    *shown("low", "high"),
)


def forest_chart(name: str, title: str, rows: pd.DataFrame) -> Chart:
    """Draw each school's difference with its range, by name, and below them that of all together.

    Parameters
    ----------
    name, title : str
        The chart's name, and the question that it answers.
    rows : pandas.DataFrame
        One row per school and one for all together, intervention by intervention in the order to show: ``intervention``,
        ``school``, ``beside`` (texts), ``is_pooled`` (whether it is all together), ``pupils`` (count; missing where withheld),
        ``estimate``, ``low``, ``high`` and, of all together, ``next_low`` and ``next_high`` (differences of fractions; missing
        where there is none, which leaves the row without a mark).

    Returns
    -------
    Chart
        The chart with its text alternative and its table.
    """
    starts = (rows["intervention"] != rows["intervention"].shift()).cumsum() - 1
    rows = rows.reset_index(drop=True)
    placed = rows.assign(place=rows.index + GAP * starts.to_numpy(), verdict=rows["beside"])
    names = [row_name(row) for row in rows.to_dict("records")]
    said = [f"{name}: {beside}" for name, beside in zip(names, rows["beside"], strict=True)]
    tall = float(placed["place"].max() + 1) if len(rows) else 1.0
    heights = [FRAME_HEIGHT + row * tall for row in (ROW_HEIGHT, row_height(said, NARROW_ROW))]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.axvline(0, color=TEXT, linewidth=1.2, zorder=1)
        known = placed.dropna(subset="estimate")
        pooled = known[known["is_pooled"]]
        axes.hlines(pooled["place"], pooled["next_low"], pooled["next_high"], color=MID_GREY, linewidth=1)
        draw_verdict(axes, known[~known["is_pooled"]], A_SCHOOL)
        for verdict, part in pooled.groupby("verdict", sort=False):
            draw_verdict(axes, part, LOOKS[str(verdict).partition(":")[0].partition(",")[0]])
        finish_axes(axes, placed, names, "pupils")

    table = Table(name, title, rows[[column.name for column in COLUMNS]], COLUMNS, row_header="school")
    return Chart(name, title, alt=describe_forest(rows), table=table, **drawn(draw, *heights))


def row_name(row: dict) -> str:
    """Return what a row is called beside its line.

    Examples
    --------
    >>> row_name({"school": "Elm Primary", "is_pooled": False, "pupils": 12.0})
    'Elm Primary (12)'
    >>> row_name({"school": "All", "intervention": "Mentor", "is_pooled": True, "pupils": float("nan")})
    'All: Mentor'
    """
    name = f"{row['school']}: {row['intervention']}" if row["is_pooled"] else row["school"]
    return name if pd.isna(row["pupils"]) else f"{name} ({format_count(row['pupils'])})"


def describe_forest(rows: pd.DataFrame) -> str:
    """Say in words what `forest_chart` shows (rows as there, differences of fractions).

    Examples
    --------
    >>> one = {"intervention": "Mentor", "school": "Elm", "beside": "", "estimate": 0.01, "low": 0, "high": 0.02}
    >>> describe_forest(pd.DataFrame([one]))
    'Dot and line chart of 1 row. Mentor, Elm: +1.0 points, range 0.0 to +2.0.'
    """
    said = [said_row(row) for row in rows.to_dict("records")]
    return " ".join([f"Dot and line chart of {format_count(len(rows), 'row')}.", *said])


def said_row(row: dict) -> str:
    """Say one row's difference and range, or that there is none and why.

    Examples
    --------
    >>> said_row({"intervention": "Mentor", "school": "Elm", "estimate": None, "beside": "too few pupils"})
    'Mentor, Elm: too few pupils.'
    """
    start = f"{row['intervention']}, {row['school']}"
    if pd.isna(row["estimate"]):
        return f"{start}: {row['beside'] or 'no figure'}."
    beside = f"{row['beside']}, " if row["beside"] else ""
    return f"{start}: {beside}{format_points(row['estimate'])} points, range {format_span(row['low'], row['high'])}."
