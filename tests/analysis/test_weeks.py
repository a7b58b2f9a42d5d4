"""Attendance by school week."""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.weeks import (
    attendance_by_week,
    last_school_weeks,
    weekly_rates,
    weeks_beside_last_year,
)
from attendance_lib.pack.periods import Periods


def test_a_weeks_rate_is_missing_where_nothing_was_possible(make_register):
    pupil = {"marks": {"2026-11-02": "I I"}, "leaving_date": "2026-11-06"}
    rates = weekly_rates(make_register(pupil, {}, first="2026-11-02"))
    np.testing.assert_array_equal(rates, [[8 / 10, np.nan], [1, 1]])


def test_the_last_weeks_step_over_a_holiday(make_register):
    kept = last_school_weeks(make_register({}), 3)
    assert (kept.first_date, kept.last_date) == (date(2026, 10, 19), date(2026, 11, 13))


def test_each_week_stands_beside_the_same_week_of_the_same_half_term(make_register):
    pupil = {"marks": {"2026-11-02": "I I", "2025-11-04": "I \\", "2025-11-13": "I I"}}
    table = weeks_beside_last_year(
        Periods(make_register(pupil, first="2025-09-08"), date(2026, 11, 2), date(2026, 11, 13))
    )
    second_half = table[table["week_beginning"] >= pd.Timestamp("2026-11-02")]
    assert second_half["attendance_rate"].tolist() == [8 / 10, 1]
    assert second_half["last_year_rate"].tolist() == [9 / 10, 8 / 10]
    assert table["school_week"].tolist() == list(range(1, 10))


def test_weeks_of_groups_add_up_to_the_weeks_of_all(make_register):
    pupils = [
        {"year_group": 7 + number % 2, "marks": {f"2026-11-{2 + number:02d}": "I I"}} for number in range(5)
    ]
    register = make_register(*pupils, first="2026-11-02")
    parts = attendance_by_week(register, ("year_group",)).groupby("week_beginning")["absence_sessions"].sum()
    whole = attendance_by_week(register).set_index("week_beginning")["absence_sessions"]
    assert parts.tolist() == whole.tolist()
