"""Charts that reports draw: a tidy table in, a `Chart` with its text alternative and its table out."""

from attendance_lib.display.charts.groups import describe_group_gaps, group_gap_chart
from attendance_lib.display.charts.heatmap import describe_year_by_week, year_by_week_heatmap
from attendance_lib.display.charts.reasons import describe_reasons, reasons_bar_chart
from attendance_lib.display.charts.weekly import describe_weekly_attendance, weekly_attendance_chart

__all__ = [
    "describe_group_gaps", "describe_reasons", "describe_weekly_attendance", "describe_year_by_week",
    "group_gap_chart", "reasons_bar_chart", "weekly_attendance_chart", "year_by_week_heatmap",
]  # fmt: skip
