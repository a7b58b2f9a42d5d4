"""Groups side by side: totals over totals, gaps to everyone else, and what nobody recorded."""

import pytest

from attendance_lib.papers.fortnightly.groups import forms, groups, weekly_attendance, year_group_weeks


def row(pack, group, characteristic="Year group"):
    frame = groups(pack).frame.set_index(["characteristic", "group"])
    return frame.loc[(characteristic, group)]


def test_a_group_s_rates_are_sessions_over_sessions(worked_pack):
    found = row(worked_pack, "Year 10")
    # 0003 and 0004: 20 and 18 possible in the period, 2 N missed; 100 and 98 in the year, 8 and 2 missed.
    assert found["period_attendance_rate"] == (20 + 16) / (20 + 18)
    assert found["attendance_rate"] == (92 + 96) / (100 + 98)
    assert found["change_rate"] == (20 + 16) / (20 + 18) - 1
    assert (found["enrolments"], found["absence_sessions"], found["persistently_absent_enrolments"]) == (
        2,
        8 + 2,
        0,
    )


def test_a_gap_is_to_everyone_outside_the_group(worked_pack):
    assert row(worked_pack, "Year 9")["gap_rate"] == 180 / 200 - 188 / 198
    assert row(worked_pack, "Eligible", "Free school meals")["gap_rate"] == pytest.approx(
        90 / 100 - (90 + 92 + 96) / 298
    )


def test_what_nobody_recorded_is_a_group_of_its_own(worked_pack):
    assert row(worked_pack, "Not recorded", "Free school meals")["enrolments"] == 1


def test_a_characteristic_that_nobody_has_is_left_out(worked_pack):
    assert set(groups(worked_pack).frame["characteristic"]) == {
        "Year group",
        "Sex",
        "Free school meals",
        "Special educational needs",
    }


def test_groups_of_a_characteristic_add_up_to_the_school(worked_pack):
    sums = (
        groups(worked_pack)
        .frame.groupby("characteristic")[["enrolments", "possible_sessions", "absence_sessions"]]
        .sum()
    )
    assert (sums == [4, 398, 30]).all(axis=None)


def test_forms_stand_lowest_first(worked_pack):
    assert forms(worked_pack).frame["group"].tolist() == ["9A", "10B", "10A", "9B"]


def test_weeks_are_those_of_the_school_year(worked_pack):
    frame = weekly_attendance(worked_pack).table.frame
    assert len(frame) == 7 + 3
    # Monday to Friday: 0002 all five days, 0003 four of them.
    assert frame["attendance_rate"].iloc[0] == (40 - 10 - 8) / 40
    assert frame["last_year_rate"].isna().all()


def test_year_groups_by_week_tell_the_lowest_in_words(worked_pack):
    chart = year_group_weeks(worked_pack)
    assert "Lowest: Year 9, week beginning 7 Sep: 50.0%" in chart.alt
    assert len(chart.table.frame) == 2 * (7 + 3)


@pytest.mark.parametrize("section", [groups, forms])
def test_a_cohort_without_a_pupil_is_told(nobody_pack, section):
    table = section(nobody_pack)
    assert table.payload()["rows"] == []
    assert table.empty_text.startswith("No pupil of this paper has a possible session")


@pytest.mark.parametrize("section", [weekly_attendance, year_group_weeks])
def test_charts_without_a_week_say_so(nobody_pack, section):
    assert "without" in section(nobody_pack).alt
