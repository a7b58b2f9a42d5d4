"""Charts that reports draw: a tidy table in, a `Chart` with its text alternative and its table out."""

from attendance_lib.imports import imports_without

# It would be imported for density curves alone, which no chart of ours has: 0.3 CPU seconds of every paper. Seaborn brings its own.
with imports_without("scipy.stats"):
    import seaborn  # noqa: F401

from attendance_lib.display.charts.asked import asked_chart
from attendance_lib.display.charts.beside import beside_chart, describe_beside
from attendance_lib.display.charts.chance import chance_chart
from attendance_lib.display.charts.effects import effects_chart
from attendance_lib.display.charts.event_study import event_study_chart
from attendance_lib.display.charts.groups import describe_group_gaps, group_gap_chart
from attendance_lib.display.charts.heatmap import describe_year_by_week, year_by_week_heatmap
from attendance_lib.display.charts.weekly import describe_weekly_attendance, weekly_attendance_chart
from attendance_lib.display.charts.whole_school import whole_school_chart

__all__ = [
    "asked_chart",
    "beside_chart",
    "chance_chart",
    "describe_beside",
    "describe_group_gaps",
    "describe_weekly_attendance",
    "describe_year_by_week",
    "effects_chart",
    "event_study_chart",
    "group_gap_chart",
    "weekly_attendance_chart",
    "whole_school_chart",
    "year_by_week_heatmap",
]  # fmt: skip
