"""The grid of weeks by year group."""

from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from attendance_lib.display import charts
from attendance_lib.display.charts import heatmap
from tests.display.chart_tables import CELLS


def test_the_heat_map_says_its_range_and_its_lowest_cell():
    words = charts.describe_year_by_week(CELLS)
    assert words.startswith(
        "Grid of attendance, 2 year groups by 2 weeks, from 91.0% to 95.0%. Lowest: Year 7, week beginning 16 Nov: 91.0%;"
    )


def test_the_weeks_of_the_period_are_outlined_and_a_decimal_is_written_where_asked(monkeypatch):
    frames, figures = [], []
    drawn = Axes.add_patch
    monkeypatch.setattr(Axes, "add_patch", lambda axes, patch: frames.append(patch) or drawn(axes, patch))
    monkeypatch.setattr(
        heatmap, "colour_figures", lambda axes: figures.extend(text.get_text() for text in axes.texts)
    )
    cells = pd.DataFrame(
        {
            "year_group": [7, 7, 7],
            "week_beginning": [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)],
            "attendance_rate": [0.951, 0.92, 0.9],
        }
    )
    heatmap.year_by_week_heatmap(cells, places=1, since=date(2026, 11, 11))
    # The period begins in the week of 9 November, the second of three: from the left, and on a narrow chart from the top.
    wide, narrow = [
        each
        for each in frames
        if isinstance(each, Rectangle) and not each.get_fill() and each.get_linewidth() > 1
    ]
    assert (wide.get_x(), wide.get_width(), wide.get_height()) == (1, 2, 1)
    assert (narrow.get_y(), narrow.get_height(), narrow.get_width()) == (1, 2, 1)
    assert figures == ["95.1", "92.0", "90.0"] * 2
