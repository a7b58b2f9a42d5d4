"""A funnel: what differs from the expected by school, beside what chance alone would do to so many pupils."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import (
    Label,
    drawn,
    is_narrow,
    label_spacing,
    show_points,
    spread,
    write_beside,
)
from attendance_lib.display.format import format_points
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.look import DARK_BLUE, DARK_PINK, MID_GREY, QUIET_TEXT
from attendance_lib.display.model import Chart, Table

COLUMNS = (
    Column("school", "Drawn school", meaning="The school"),
    Column("enrolments", "Drawn pupils", Kind.COUNT, "Pupils it has"),
    Column("gap_rate", "Drawn difference", Kind.POINTS, "Absence less expected"),
)
HEIGHT, DOT, STEPS = 3.4, 36, 60
ROOM_ABOVE, ROOM_RIGHT = 1.15, 1.35


def funnel_chart(name: str, title: str, rows: pd.DataFrame, limit: Callable[[str, float], float]) -> Chart:
    """Draw each school's difference from the expected over its pupils, one panel a phase, with the limits of chance.

    Parameters
    ----------
    name, title : str
        The chart's name, and the question that it answers.
    rows : pandas.DataFrame
        One row per school that has all of them: ``phase``, ``school`` (text), ``enrolments`` (a count), ``gap_rate`` (a
        difference of fractions) and ``is_beyond`` (whether it lies beyond the limits).
    limit : callable
        How far from the expected a school of a phase lies by chance, 19 times in 20, by its pupils (fractions).

    Returns
    -------
    Chart
        The chart with its text alternative; schools beyond the limits are named.
    """
    phases = list(dict.fromkeys(rows["phase"]))
    count, most = max(1, len(phases)), _highest(rows, limit)

    def draw(figure: Figure) -> None:
        shape = (count, 1) if is_narrow(figure) else (1, count)
        panels = figure.subplots(*shape, sharey=True, squeeze=False).ravel()
        for axes, phase in zip(panels, phases, strict=False):
            axes.set_ylim(-most, most)
            _draw(axes, rows[rows["phase"] == phase], phase, limit)
        for axes in panels if is_narrow(figure) else panels[:1]:
            axes.set_ylabel("Absence less expected, points")

    drawn_rows = rows[[column.name for column in COLUMNS]]
    table = Table(name, title, drawn_rows, COLUMNS, row_header="school")
    return Chart(name, title, alt=describe_funnel(rows), table=table, **drawn(draw, HEIGHT, HEIGHT * count))


def _highest(rows: pd.DataFrame, limit: Callable[[str, float], float]) -> float:
    limits = map(limit, rows["phase"], rows["enrolments"])
    return ROOM_ABOVE * max([0.01, *rows["gap_rate"].abs(), *limits])


def _draw(axes: Axes, rows: pd.DataFrame, phase: str, limit: Callable[[str, float], float]) -> None:
    """Draw one phase: the limits over pupils, and its schools."""
    least, most = rows["enrolments"].min(), rows["enrolments"].max()
    pupils = np.linspace(max(5, 0.6 * least), ROOM_RIGHT * most, STEPS)
    bounds = np.array([limit(phase, count) for count in pupils])
    axes.fill_between(pupils, -bounds, bounds, color=MID_GREY, alpha=0.25, linewidth=0)
    axes.axhline(0, color=QUIET_TEXT, linewidth=1)
    beyond = rows["is_beyond"].to_numpy(dtype=bool)
    for chosen, colour, marker in ((~beyond, DARK_BLUE, "o"), (beyond, DARK_PINK, "D")):
        held = rows[chosen]
        axes.scatter(held["enrolments"], held["gap_rate"], s=DOT, color=colour, marker=marker, zorder=3)
    axes.set_title(phase)
    axes.set_xlabel("Pupils")
    axes.set_xlim(pupils[0], pupils[-1])
    show_points(axes.yaxis)
    places = zip(*(rows.loc[beyond, name] for name in ("school", "enrolments", "gap_rate")), strict=True)
    named = [Label(*place, DARK_PINK) for place in places]
    for label in spread(named, label_spacing(axes)):
        write_beside(axes, label, on_left=label.x > pupils.mean())


def describe_funnel(rows: pd.DataFrame) -> str:
    """Say in words what `funnel_chart` shows of its schools (rows), whose difference is one of fractions.

    Examples
    --------
    >>> rows = pd.DataFrame({"phase": "Primary", "school": ["A", "B"], "gap_rate": [0.031, 0.001], "is_beyond": [True, False]})
    >>> describe_funnel(rows)
    'Chart of 2 schools by pupils and absence less expected. Beyond what chance explains: A +3.1 points. The rest lie within.'
    """
    far = rows[rows["is_beyond"].to_numpy(dtype=bool)]
    beyond = [
        f"{school} {format_points(gap)} points"
        for school, gap in zip(far["school"], far["gap_rate"], strict=True)
    ]
    found = "All lie within what chance explains."
    if beyond:
        rest = " The rest lie within." if len(beyond) < len(rows) else ""
        found = f"Beyond what chance explains: {', '.join(beyond)}.{rest}"
    return f"Chart of {len(rows)} schools by pupils and absence less expected. {found}"
