"""Charts: the words say the figures, the picture is the same twice, nothing is left behind."""

from functools import cache

import matplotlib
import pandas as pd
import pytest
from matplotlib._pylab_helpers import Gcf

from attendance_lib.display import charts
from attendance_lib.display.charts.drawing import Label, spread

WEEKS = pd.DataFrame(
    {
        "school_week": [1, 2, 3],
        "week_beginning": pd.to_datetime(["2026-11-02", "2026-11-09", "2026-11-16"]),
        "attendance_rate": [0.95, None, 0.912],
        "last_year_rate": [0.94, 0.93, 0.92],
    }
)
GROUPS = pd.DataFrame(
    {
        "characteristic": ["SEN", "SEN", "Looked after"],
        "group": ["EHC plan", "None", "Yes"],
        "enrolments": [34, 826, 4],
        "attendance_rate": [0.842, 0.925, None],
    }
)
CELLS = pd.DataFrame(
    {
        "year_group": [7, 8, 7, 8],
        "week_beginning": pd.to_datetime(["2026-11-09", "2026-11-09", "2026-11-16", "2026-11-16"]),
        "attendance_rate": [0.95, 0.93, 0.91, None],
    }
)
NAMES = ("weekly_attendance", "group_gaps", "year_by_week", "reasons")
REASONS = pd.DataFrame(
    {"reason": ["Illness", "Holiday"], "period_share": [0.6, 0.4], "year_share": [0.5, 0.5]}
)


@cache
def drawn_once():
    return {chart.name: chart for chart in drawn()}


def drawn():
    return [
        charts.weekly_attendance_chart(WEEKS),
        charts.group_gap_chart(GROUPS, 0.915),
        charts.year_by_week_heatmap(CELLS),
        charts.reasons_bar_chart(REASONS),
    ]


def test_charts_are_the_same_twice_and_leave_no_state_behind():
    settings = dict(matplotlib.rcParams)
    assert [chart.svg for chart in drawn()] == [chart.svg for chart in drawn_once().values()]
    assert dict(matplotlib.rcParams) == settings
    assert Gcf.get_all_fig_managers() == []


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_only_paths_without_date_or_address(name):
    chart = drawn_once()[name]
    assert chart.svg.startswith("<svg ")
    assert "<text" not in chart.svg
    assert "<metadata" not in chart.svg
    assert "matplotlib.org" not in chart.svg
    assert "<!--" not in chart.svg


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_carries_its_table(name):
    chart = drawn_once()[name]
    assert chart.table.name == chart.name
    assert chart.table.payload()["rows"]


def test_the_weekly_chart_says_latest_lowest_and_highest():
    assert charts.describe_weekly_attendance(WEEKS) == (
        "Line chart of attendance in 2 school weeks. Latest, week beginning 16 Nov: 91.2%, −0.8 points against "
        "the same week last year (92.0%). Lowest, week beginning 16 Nov: 91.2%. "
        "Highest, week beginning 2 Nov: 95.0%."
    )


def test_a_suppressed_group_is_left_out_of_the_words():
    words = charts.describe_group_gaps(GROUPS, 0.915)
    assert words.startswith(
        "Dot chart of 2 groups against the whole school (91.5%). Lowest: SEN, EHC plan 84.2% (−7.3 points)."
    )


def test_the_heat_map_says_its_range_and_its_lowest_cell():
    words = charts.describe_year_by_week(CELLS)
    assert words.startswith(
        "Grid of attendance, 2 year groups by 2 weeks, from 91.0% to 95.0%. Lowest: Year 7, week beginning 16 Nov: 91.0%;"
    )


@pytest.mark.parametrize(
    ("describe", "words"),
    [
        (
            lambda: charts.describe_weekly_attendance(WEEKS.head(0)),
            "Line chart without a week of attendance.",
        ),
        (lambda: charts.describe_group_gaps(GROUPS.head(0), 0.9), "Dot chart without a group to show."),
        (lambda: charts.describe_year_by_week(CELLS.head(0)), "Grid of attendance without a figure."),
        (lambda: charts.describe_reasons(REASONS.head(0)), "Bar chart without a reason to show."),
    ],
)
def test_nothing_to_show_is_said(describe, words):
    assert describe() == words


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.weekly_attendance_chart(WEEKS.head(0)),
        lambda: charts.group_gap_chart(GROUPS.head(0), 0.9),
        lambda: charts.year_by_week_heatmap(CELLS.head(0)),
        lambda: charts.reasons_bar_chart(REASONS.head(0)),
        lambda: charts.year_by_week_heatmap(CELLS.assign(attendance_rate=None)),
        lambda: charts.weekly_attendance_chart(WEEKS.assign(last_year_rate=None)),
    ],
)
def test_a_chart_is_drawn_with_little_or_nothing_to_show(draw):
    assert draw().svg.startswith("<svg ")


def test_each_line_has_its_name_and_last_value_beside_it():
    written = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "attendance_lib.display.charts.weekly.write_beside", lambda _, label: written.append(label.text)
        )
        chart = charts.weekly_attendance_chart(WEEKS)
    assert written == ["This year 91.2%", "Last year 92.0%"]
    assert "−0.8 points against the same week last year (92.0%)" in chart.alt


def test_labels_are_moved_apart_upwards():
    labels = spread([Label("high", 0, 1.0, "k"), Label("low", 0, 0.9, "k"), Label("far", 0, 5.0, "k")], 0.5)
    assert [(label.text, label.y) for label in labels] == [("low", 0.9), ("high", 1.4), ("far", 5.0)]
