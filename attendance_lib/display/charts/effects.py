"""What can be said of each intervention: a dot for the estimate and a line for its range, about a line at nothing."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import drawn, is_narrow, name_above, row_height, show_points
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_points, format_span
from attendance_lib.display.look import DARK_BLUE, DARK_PINK, MID_GREY, PAPER, QUIET_TEXT, TEXT, TURQUOISE
from attendance_lib.display.model import Chart, Table

NAME = "effects"
TITLE = "What can be said of each intervention?"
COLUMNS = (
    figure("intervention", width=None),
    figure("verdict", meaning="What the evidence allows to be said", width=None),
    figure("pupils"),
    figure("estimate", meaning="Actual less expected attendance"),
    *shown("low", "high"),
)
ROW_HEIGHT, FRAME_HEIGHT = 0.185, 0.6
NARROW_ROW = 0.38  # inches; a row's name and verdict stand above it
RANGE_WIDTH, DOT_SIZE = 2.6, 46


@dataclass(frozen=True)
class Look:
    """How a verdict is drawn: a shape as well as a colour, filled where something can be said."""

    colour: str
    marker: str
    is_filled: bool = True


LOOKS = {
    "likely helped": Look(TURQUOISE, "o"),
    "likely worse": Look(DARK_PINK, "s"),
    "no clear effect": Look(DARK_BLUE, "D"),
    "too few to tell": Look(MID_GREY, "o", is_filled=False),
}


def effects_chart(effects: pd.DataFrame, title: str = TITLE) -> Chart:
    """Draw a dot and a line for each intervention, from the top down.

    Parameters
    ----------
    effects : pandas.DataFrame
        One row per intervention in the order to show: ``intervention``, ``verdict`` (texts), ``pupils`` (count),
        ``estimate``, ``low`` and ``high`` (differences of fractions; missing where nobody could be evaluated).
    title : str
        The question the chart answers.

    Returns
    -------
    Chart
        The chart with its text alternative and its table.
    """
    rows = effects.reset_index(drop=True).assign(place=range(len(effects)))

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        draw_ranges(axes, rows)
        finish_axes(axes, rows, row_names(rows), "pupils evaluated")

    said = [f"{name}: {verdict}" for name, verdict in zip(row_names(rows), rows["verdict"], strict=True)]
    heights = [FRAME_HEIGHT + row * len(rows) for row in (ROW_HEIGHT, row_height(said, NARROW_ROW))]
    table = Table(NAME, title, effects, COLUMNS, row_header="intervention")
    return Chart(NAME, title, alt=describe_effects(effects), table=table, **drawn(draw, *heights))


def draw_ranges(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw every row's range and dot (differences of fractions) about a line at nothing; a row without an estimate has neither."""
    axes.axvline(0, color=TEXT, linewidth=1.2, zorder=1)
    for verdict, part in rows.dropna(subset="estimate").groupby("verdict", sort=False):
        draw_verdict(axes, part, LOOKS[str(verdict)])


def draw_verdict(axes: Axes, rows: pd.DataFrame, look: Look) -> None:
    """Draw the ranges and the dots (differences of fractions) of the rows of one verdict."""
    axes.hlines(rows["place"], rows["low"], rows["high"], color=look.colour, linewidth=RANGE_WIDTH)
    face = look.colour if look.is_filled else PAPER
    axes.scatter(
        rows["estimate"], rows["place"], s=DOT_SIZE, marker=look.marker, facecolor=face, edgecolor=look.colour,
        linewidth=1.8, zorder=3,
    )  # fmt: skip


def finish_axes(axes: Axes, rows: pd.DataFrame, names: list[str], counted: str) -> None:
    """Name each row on the left and say its verdict on the right; ``counted`` is what stands in the names' brackets."""
    is_above = is_narrow(axes.figure)
    axes.set_yticks(rows["place"], [""] * len(rows) if is_above else names)
    if len(rows):
        axes.set_ylim(rows["place"].max() + 0.6, -0.8 if is_above else -0.6)
    for place, name, verdict in zip(rows["place"], names, rows["verdict"], strict=True):
        if is_above:
            name_above(axes, place, ": ".join(filter(None, (name, verdict))))
            continue
        axes.annotate(
            verdict, (1.01, place), xycoords=("axes fraction", "data"), va="center", color=QUIET_TEXT,
            annotation_clip=False,
        )  # fmt: skip
    axes.margins(x=0.04)
    show_points(axes.xaxis)
    axes.set(xlabel=f"Actual less expected attendance, percentage points ({counted} in brackets)", ylabel="")
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")


def row_names(effects: pd.DataFrame) -> list[str]:
    """Return what each intervention (row) is called beside its line.

    Examples
    --------
    >>> row_names(pd.DataFrame({"intervention": ["Mentor"], "pupils": [40]}))
    ['Mentor (40)']
    """
    both = zip(effects["intervention"], effects["pupils"], strict=True)
    return [f"{name} ({format_count(pupils)})" for name, pupils in both]


def describe_effects(effects: pd.DataFrame) -> str:
    """Say in words what `effects_chart` shows (one row per intervention, differences of fractions).

    Examples
    --------
    >>> one = {"intervention": "Mentor", "verdict": "likely helped", "pupils": 40, "estimate": 0.04, "low": 0.01, "high": 0.07}
    >>> describe_effects(pd.DataFrame([one]))
    'Dot and line chart of 1 intervention. Mentor: likely helped, +4.0 points, range +1.0 to +7.0.'
    """
    said = [said_effect(row) for row in effects.to_dict("records")]
    return " ".join([f"Dot and line chart of {format_count(len(effects), 'intervention')}.", *said])


def said_effect(row: dict) -> str:
    """Say one intervention's verdict, estimate and range.

    Examples
    --------
    >>> said_effect({"intervention": "Mentor", "verdict": "too few to tell", "low": None})
    'Mentor: too few to tell, no range.'
    """
    if pd.isna(row["low"]):
        return f"{row['intervention']}: {row['verdict']}, no range."
    span = format_span(row["low"], row["high"])
    return f"{row['intervention']}: {row['verdict']}, {format_points(row['estimate'])} points, range {span}."
