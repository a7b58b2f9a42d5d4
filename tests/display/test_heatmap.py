"""The grid of weeks by year group."""

from attendance_lib.display import charts
from tests.display.chart_tables import CELLS


def test_the_heat_map_says_its_range_and_its_lowest_cell():
    words = charts.describe_year_by_week(CELLS)
    assert words.startswith(
        "Grid of attendance, 2 year groups by 2 weeks, from 91.0% to 95.0%. Lowest: Year 7, week beginning 16 Nov: 91.0%;"
    )
