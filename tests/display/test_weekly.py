"""The line of attendance by week."""

import pytest

from attendance_lib.display import charts
from tests.display.chart_tables import WEEKS


def test_the_weekly_chart_says_latest_lowest_and_highest():
    assert charts.describe_weekly_attendance(WEEKS) == (
        "Line chart of attendance in 2 school weeks. Latest, week beginning 16 Nov: 91.2%, −0.8 points against "
        "the same week last year (92.0%). Lowest, week beginning 16 Nov: 91.2%. "
        "Highest, week beginning 2 Nov: 95.0%."
    )


def test_each_line_has_its_name_and_last_value_beside_it():
    written = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "attendance_lib.display.charts.weekly.write_beside", lambda _, label: written.append(label.text)
        )
        chart = charts.weekly_attendance_chart(WEEKS)
    # On the wide chart and on the narrow one.
    assert written == ["This year 91.2%", "Last year 92.0%"] * 2
    assert "−0.8 points against the same week last year (92.0%)" in chart.alt
