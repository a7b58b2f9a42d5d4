"""One pupil's school weeks: sessions missed out of those possible, and the weeks of a target."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from attendance_lib.display.charts.drawing import drawn, is_narrow
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_weekday
from attendance_lib.display.kinds import Kind
from attendance_lib.display.look import DARK_BLUE, MID_GREY, QUIET_TEXT
from attendance_lib.display.model import Chart, Column, Table

COLUMNS = (
    figure("week_beginning"),
    figure("missed", heading="Missed", meaning="Sessions missed in the week", width=None),
    figure("possible", heading="Possible", meaning="Sessions possible in the week", width=None),
    Column("of_target", "Of the target", Kind.FLAG, "Whether the week has days of the target"),
)

# The figure above the tallest bar needs some of the height.
ROOM = 1.2
HEIGHT = 2.1
BAR_WIDTH = 0.8  # of the distance between two weeks
# More weeks have their days written upright on a narrow chart.
MOST_LEVEL = 6
BELOW = ". A bar below a week: it has days of the target"


def pupil_weeks_chart(weeks: pd.DataFrame, name: str, title: str) -> Chart:
    """Draw the sessions that a pupil missed in each school week, before those that were possible.

    Parameters
    ----------
    weeks : pandas.DataFrame
        One row per school week in order: ``week_beginning`` (date), ``missed`` and ``possible`` (sessions) and ``of_target``
        (whether the week has days of the target).
    name, title : str
        Of the chart.

    Returns
    -------
    Chart
        The chart with its text alternative and its table.
    """

    def draw(canvas: Figure) -> None:
        axes = canvas.subplots()
        if len(weeks):
            draw_weeks(axes, weeks)
            axes.tick_params(axis="x", rotation=90 if is_narrow(canvas) and len(weeks) > MOST_LEVEL else 0)

    table = Table(name, title, weeks, COLUMNS, row_header="week_beginning")
    return Chart(name, title, alt=describe_pupil_weeks(weeks), table=table, **drawn(draw, HEIGHT))


def draw_weeks(axes: Axes, weeks: pd.DataFrame) -> None:
    """Draw a bar of what was possible and one of what was missed for each week (row), and mark those of the target."""
    # Seaborn's bars, without its estimates: it takes twice the time over what is given as it is to be drawn.
    places = [place - BAR_WIDTH / 2 for place in range(len(weeks))]
    for name, colour in (("possible", "#dee0e2"), ("missed", DARK_BLUE)):
        axes.bar(places, weeks[name], BAR_WIDTH, align="edge", color=colour)
    axes.set_xticks(range(len(weeks)), [format_weekday(day)[4:] for day in weeks["week_beginning"]])
    axes.set_xlim(-0.5, len(weeks) - 0.5, auto=None)
    axes.xaxis.grid(visible=False)
    _mark_weeks(axes, weeks)
    axes.set(xlabel="Week beginning", ylabel="")
    axes.yaxis.set_major_locator(MultipleLocator(5))
    axes.set_ylim(0, ROOM * max(int(weeks["possible"].max()), 1))
    drawn_as = f"Sessions missed (dark) of those possible (light){BELOW if weeks['of_target'].any() else ''}"
    axes.set_title(drawn_as, loc="left", fontsize=9.5, color=QUIET_TEXT)


def _mark_weeks(axes: Axes, weeks: pd.DataFrame) -> None:
    """Write over each week (row) how many sessions were missed, and underline those of the target."""
    for place, (missed, is_of_target) in enumerate(zip(weeks["missed"], weeks["of_target"], strict=True)):
        if missed:
            axes.annotate(
                str(missed), (place, missed), xytext=(0, 2), textcoords="offset points", ha="center", va="bottom",
                color=DARK_BLUE, fontsize=9.5, fontweight="bold",
            )  # fmt: skip
        if is_of_target:
            axes.plot([place - 0.4, place + 0.4], [-0.35, -0.35], color=MID_GREY, linewidth=3, clip_on=False)


def describe_pupil_weeks(weeks: pd.DataFrame) -> str:
    """Say in words what `pupil_weeks_chart` shows (one row per week).

    Examples
    --------
    >>> shown = pd.DataFrame({"week_beginning": ["2026-11-09", "2026-11-16"], "missed": [4, 0], "possible": [10, 10],
    ...     "of_target": [False, True]})
    >>> describe_pupil_weeks(shown)
    'Sessions missed in 2 school weeks: 4 of 20 possible. Most in the week beginning 9 Nov: 4 of 10. None in 1 week.'
    """
    if weeks.empty:
        return "No school week so far."
    most = weeks.loc[weeks["missed"].idxmax()]
    none = int((weeks["missed"] == 0).sum())
    missed, possible = (format_count(int(weeks[name].sum())) for name in ("missed", "possible"))
    free = f" None in {format_count(none, 'week')}." if none else ""
    return (
        f"Sessions missed in {format_count(len(weeks), 'school week')}: {missed} of {possible} possible. Most in the week "
        f"beginning {format_weekday(most['week_beginning'])[4:]}: {most['missed']} of {most['possible']}.{free}"
    )
