"""Groups of pupils against everyone."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import (
    Label,
    drawn,
    is_narrow,
    name_above,
    row_height,
    show_percent,
    write_beside,
)
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_percent, format_points
from attendance_lib.display.look import DARK_BLUE, QUIET_TEXT, RULE
from attendance_lib.display.model import Chart, Table

NAME = "group_gaps"
TITLE = "Which groups attend less than {}?"
THE_SCHOOL = "the whole school"
COLUMNS = (
    figure("characteristic", meaning="What the pupils are grouped by", width=None),
    figure("group", meaning="Value of the characteristic", width=None),
    figure("enrolments", meaning="Enrolments in the group"),
    figure("attendance", meaning="Attended over possible sessions of the group"),
)
ROW_HEIGHT, FRAME_HEIGHT = 0.22, 0.9
NARROW_ROW = 0.4  # inches; a row's name stands above it
NARROW_MARGIN = 0.45  # of the span of the rates on either side, for their figures


def group_gap_chart(groups: pd.DataFrame, whole_rate: float, everyone: str = THE_SCHOOL) -> Chart:
    """Draw a dot for each group's attendance and a line for everyone's.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row per group in the order to show: ``characteristic``, ``group`` (text), ``enrolments``
        (count) and ``attendance_rate`` (fraction 0 to 1; missing where suppressed, which leaves a gap).
    whole_rate : float
        Everyone's attendance (fraction).
    everyone : str
        Who they are, as the chart says it.

    Returns
    -------
    Chart
        The chart with its text alternative and its table.
    """
    title = TITLE.format(everyone)
    rows = groups.reset_index(drop=True).assign(place=range(len(groups)))

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        draw_groups(axes, rows, whole_rate)
        finish_axes(axes, rows, f"{everyone.removeprefix('the ')} {format_percent(whole_rate)}", whole_rate)

    names = rows["characteristic"] + ": " + rows["group"].astype(str)
    heights = [FRAME_HEIGHT + row * len(rows) for row in (ROW_HEIGHT, row_height(names, NARROW_ROW))]
    table = Table(NAME, title, groups, COLUMNS, row_header="group")
    alt = describe_group_gaps(groups, whole_rate, everyone)
    return Chart(NAME, title, alt=alt, table=table, **drawn(draw, *heights))


def draw_groups(axes: Axes, rows: pd.DataFrame, whole_rate: float) -> None:
    """Draw each group's dot (row, a fraction), a thin line from everyone's to it, and its figures beyond it."""
    known = rows.dropna(subset="attendance_rate")
    axes.hlines(known["place"], whole_rate, known["attendance_rate"], color=RULE, linewidth=2)
    sns.scatterplot(
        known, x="attendance_rate", y="place", ax=axes, color=DARK_BLUE, s=48, zorder=3, edgecolor="none"
    )
    figures = (known[name] for name in ("place", "attendance_rate", "enrolments"))
    for place, rate, enrolments in zip(*figures, strict=True):
        text = f"{format_percent(rate)} ({format_count(enrolments)})"
        write_beside(axes, Label(text, rate, place, DARK_BLUE), on_left=rate < whole_rate)


def finish_axes(axes: Axes, rows: pd.DataFrame, label: str, whole_rate: float) -> None:
    """Name the groups (rows) from the top down and draw everyone's line (a fraction) under its label."""
    axes.axvline(whole_rate, color=QUIET_TEXT, linewidth=1.2, zorder=1)
    above, said = axes.get_xaxis_transform(), f"{label[:1].upper()}{label[1:]}"
    axes.text(whole_rate, 1.01, said, transform=above, ha="center", va="bottom", color=QUIET_TEXT)
    is_above, names = is_narrow(axes.figure), rows["characteristic"] + ": " + rows["group"].astype(str)
    axes.margins(x=NARROW_MARGIN if is_above else 0.16)
    axes.set_yticks(rows["place"], [""] * len(rows) if is_above else names)
    axes.set_ylim(len(rows) - 0.4, -0.8 if is_above else -0.6)
    if is_above:
        for place, name in zip(rows["place"], names, strict=True):
            name_above(axes, place, name)
    show_percent(axes.xaxis)
    axes.set(xlabel="Attendance, % of possible sessions (enrolments in brackets)", ylabel="")
    axes.grid(visible=False, axis="y")


def describe_group_gaps(groups: pd.DataFrame, whole_rate: float, everyone: str = THE_SCHOOL) -> str:
    r"""Say in words what `group_gap_chart` shows: the groups (rows) furthest below and above everyone.

    >>> table = pd.DataFrame({"characteristic": ["Sex", "Sex"], "group": ["Girls", "Boys"], "attendance_rate": [0.91, 0.93]})
    >>> print(describe_group_gaps(table, 0.92).replace(". ", ".\n"))
    Dot chart of 2 groups against the whole school (92.0%).
    Lowest: Sex, Girls 91.0% (−1.0 points).
    Highest: Sex, Boys 93.0% (+1.0 points).
    """
    known = groups.dropna(subset="attendance_rate")
    if known.empty:
        return "Dot chart without a group to show."
    low, high = known.loc[known["attendance_rate"].idxmin()], known.loc[known["attendance_rate"].idxmax()]
    start = (
        f"Dot chart of {format_count(len(known), 'group')} against {everyone} ({format_percent(whole_rate)})."
    )
    return f"{start} Lowest: {said_group(low, whole_rate)}. Highest: {said_group(high, whole_rate)}."


def said_group(group: pd.Series, whole_rate: float) -> str:
    """Say a group (one row), its attendance (a fraction) and its gap.

    Examples
    --------
    >>> said_group(pd.Series({"characteristic": "Sex", "group": "Girls", "attendance_rate": 0.91}), 0.92)
    'Sex, Girls 91.0% (−1.0 points)'
    """
    rate = group["attendance_rate"]
    return f"{group['characteristic']}, {group['group']} {format_percent(rate)} ({format_points(rate - whole_rate)} points)"
