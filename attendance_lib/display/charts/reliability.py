"""What was said beside what came: a dot for each band of chances about the line on which the two are the same."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attendance_lib.display.charts.drawing import drawn, show_percent
from attendance_lib.display.format import format_count, format_percent
from attendance_lib.display.look import DARK_BLUE, MID_GREY
from attendance_lib.display.model import Chart, Column, Kind, Table

NAME, TITLE = "outlook_reliability", "Of those given a chance, how many crossed?"
COLUMNS = (
    Column("said", "Chance said", meaning="Band of chances of ending at 10% or more missed", width=16),
    Column("forecasts", "Times said", Kind.COUNT, meaning="Pupils times weeks"),
    Column("said_rate", "On average", Kind.RATE, meaning="Chance said, on average"),
    Column("came_rate", "Came", Kind.RATE, meaning="Share of these that ended at 10% or more missed"),
)
HEIGHT, LARGEST, SMALLEST, EDGE = 2.6, 160, 14, 0.03


def reliability_chart(bands: pd.DataFrame) -> Chart:
    """Draw a dot for each band of chances, the larger the more often it was said.

    Parameters
    ----------
    bands : pandas.DataFrame
        One row per band, ascending: ``said`` (words), ``forecasts`` (count), ``said_rate`` and ``came_rate`` (fractions).
    """

    def draw(figure: Figure) -> None:
        draw_bands(figure.subplots(), bands)

    table = Table(NAME, TITLE, bands, COLUMNS)
    return Chart(NAME, TITLE, alt=describe(bands), table=table, **drawn(draw, HEIGHT))


def draw_bands(axes: Axes, bands: pd.DataFrame) -> None:
    """Draw the dots of the bands (rows, fractions) and the line on which as many came as were said."""
    axes.plot([0, 1], [0, 1], color=MID_GREY, linewidth=1, zorder=1)
    size = bands["forecasts"] / max(bands["forecasts"].max() if len(bands) else 1, 1) * LARGEST
    axes.scatter(
        bands["said_rate"], bands["came_rate"], s=size.clip(lower=SMALLEST), color=DARK_BLUE, zorder=2
    )
    around = (-EDGE, 1 + EDGE)
    axes.set(
        xlim=around, ylim=around, xlabel="Chance said; on the line as many came as were said", ylabel="Came"
    )
    show_percent(axes.xaxis)
    show_percent(axes.yaxis)


def describe(bands: pd.DataFrame) -> str:
    """Say in words how far what came lies from what was said, band by band (rows, fractions).

    Examples
    --------
    >>> describe(pd.DataFrame({"said": ["5 to 14 in 100"], "forecasts": [40], "said_rate": [0.1], "came_rate": [0.2]}))
    'A dot for each of 1 band of chances. Of 40 given 5 to 14 in 100, 20% crossed.'
    """
    told = [
        f"Of {format_count(forecasts)} given {said}, {format_percent(came, 0)} crossed."
        for forecasts, said, came in zip(bands["forecasts"], bands["said"], bands["came_rate"], strict=True)
    ]
    return " ".join((f"A dot for each of {format_count(len(bands), 'band')} of chances.", *told))
