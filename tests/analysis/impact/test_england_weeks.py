"""England's weeks out of everything that DfE's files hold."""

from dataclasses import replace
from datetime import date

from attendance_lib.analysis.impact.england_weeks import england_weeks
from attendance_lib.rules.benchmarks import WEEK, YEAR_TO_DATE, Benchmark, Level, Series

WEEK_38 = Benchmark(
    Series.DAILY, "secondary", "", "", "attendance_rate", "202627", WEEK,
    date(2026, 9, 14), date(2026, 9, 18), "93.4", "DfE", date(2026, 10, 1),
)  # fmt: skip
WEEK_37 = replace(WEEK_38, first_date=date(2026, 9, 7), last_date=date(2026, 9, 11), percent="94.1")
OTHERS = (
    replace(WEEK_38, phase="primary", percent="1"),
    replace(WEEK_38, measure="absence_rate", percent="2"),
    replace(WEEK_38, period=YEAR_TO_DATE, percent="3"),
    replace(WEEK_38, level=Level.LOCAL_AUTHORITY, percent="4"),
    replace(WEEK_38, characteristic="fsm", value="True", percent="5"),
)


def test_the_weeks_of_the_phase_come_in_order_and_nothing_else():
    found = england_weeks((*OTHERS, WEEK_38, WEEK_37), "secondary")
    assert found["week_beginning"].dt.date.tolist() == [date(2026, 9, 7), date(2026, 9, 14)]
    assert found["attendance_rate"].tolist() == [0.941, 0.934]


def test_of_two_releases_of_a_week_the_newer_counts():
    newer = replace(WEEK_38, percent="93.6", published=date(2026, 10, 15))
    for figures in ((WEEK_38, newer), (newer, WEEK_38)):
        assert england_weeks(figures, "secondary")["attendance_rate"].tolist() == [0.936]


def test_without_a_weekly_file_there_is_no_week():
    assert england_weeks((), "secondary").empty
