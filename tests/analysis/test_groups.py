"""Groups side by side, with counts and gaps."""

from datetime import date

import pytest

from attendance_lib.analysis.groups import group_rates
from attendance_lib.pack.periods import Periods

NOVEMBER = (date(2026, 11, 9), date(2026, 11, 13))


def test_a_groups_rate_is_its_sessions_over_its_sessions_and_its_gap_is_to_everyone_else(make_register):
    eligible = {"fsm": True, "marks": {"2026-11-02": "I I"}}
    late_joiner = {"fsm": True, "admission_date": "2026-11-12", "marks": {"2026-11-12": "I I"}}
    register = make_register(eligible, late_joiner, {}, {}, first="2026-11-02")
    table = group_rates(Periods(register, *NOVEMBER), "fsm").set_index("group")
    # 20 and 4 possible sessions, 2 missed each: 20/24, where the mean of the two pupils' rates would be 70 %.
    assert table.loc["Eligible", "attendance_rate"] == 20 / 24
    assert table.loc["Eligible", "gap_rate"] == pytest.approx(20 / 24 - 40 / 40)
    assert table["enrolments"].to_dict() == {"Not eligible": 2, "Eligible": 2}
    assert table["persistently_absent_enrolments"].to_dict() == {"Not eligible": 0, "Eligible": 2}


def test_the_change_compares_the_period_with_the_weeks_before(make_register):
    register = make_register({"marks": {"2026-11-02": "I I", "2026-11-09": "I \\"}}, first="2026-11-02")
    table = group_rates(Periods(register, *NOVEMBER), "sex")
    assert table["change_rate"].tolist() == pytest.approx([9 / 10 - 8 / 10])


def test_what_nobody_recorded_is_a_group_of_its_own_and_stands_last(make_register):
    register = make_register({"eal": None}, {"eal": True}, first="2026-11-02")
    assert group_rates(Periods(register, *NOVEMBER), "eal")["group"].tolist() == ["Yes", "Not recorded"]


def test_a_year_group_is_named(make_register):
    register = make_register({"year_group": 7, "date_of_birth": "2015-01-01"}, {}, first="2026-11-02")
    assert group_rates(Periods(register, *NOVEMBER), "year_group")["group"].tolist() == ["Year 7", "Year 9"]
