"""Rates and flags from counts of sessions."""

import pandas as pd
import pytest

from attendance_lib.analysis.measures import (
    count_flags,
    flag_absence,
    is_short_enrolment,
    pupil_totals,
    with_rates,
)


def test_rates_are_sessions_over_sessions_and_missing_where_nothing_was_possible():
    counts = pd.DataFrame(
        {"possible_sessions": [40, 0], "attended_sessions": [35, 0], "absence_sessions": [5, 0]}
    )
    rates = with_rates(counts)
    assert rates["attendance_rate"].iloc[0] == 35 / 40
    assert rates["absence_rate"].iloc[0] == 5 / 40
    assert rates[["attendance_rate", "absence_rate"]].iloc[1].isna().all()


@pytest.mark.parametrize(
    ("absent", "possible", "persistent", "severe", "at_risk", "band"),
    [
        (0, 0, False, False, False, ""),
        (0, 1, False, False, False, "above_95"),
        (1, 21, False, False, False, "above_95"),
        (1, 20, False, False, True, "at_risk"),
        (2, 21, False, False, True, "at_risk"),
        (2, 20, True, False, False, "above_85"),
        (3, 30, True, False, False, "above_85"),
        (3, 20, True, False, False, "above_80"),
        (49, 100, True, False, False, "above_50"),
        (50, 100, True, True, False, "severe"),
        (1, 1, True, True, False, "severe"),
    ],
)
def test_flags_are_decided_on_the_line_and_on_both_sides_of_it(
    absent, possible, persistent, severe, at_risk, band
):
    flags = flag_absence(pd.DataFrame({"absence_sessions": [absent], "possible_sessions": [possible]})).iloc[
        0
    ]
    assert (
        flags["is_persistently_absent"],
        flags["is_severely_absent"],
        flags["is_at_risk"],
        flags["band"],
    ) == (persistent, severe, at_risk, band)


@pytest.mark.parametrize(("possible", "expected"), [(0, False), (19, True), (20, False)])
def test_a_short_enrolment_has_some_but_fewer_than_twenty_possible_sessions(possible, expected):
    assert is_short_enrolment(pd.Series([possible]), 20).tolist() == [expected]


def test_a_pupils_totals_count_only_sessions_on_roll(make_register):
    joined = {"admission_date": "2026-11-12", "marks": {"2026-11-12": "I I"}}
    totals = pupil_totals(make_register({}, joined, first="2026-11-02"))
    # Ten weekdays from 2 to 13 November; the joiner has the last two of them, one of which is missed.
    assert totals["possible_sessions"].tolist() == [20, 4]
    assert totals["absence_sessions"].tolist() == [0, 2]


def test_enrolments_without_a_possible_session_are_no_part_of_the_rate(make_register):
    dual = {"marks": {"2026-11-12": "D D", "2026-11-13": "D D"}}
    absent = {"marks": {"2026-11-12": "I /".replace("/", "\\")}}
    flags = count_flags(pupil_totals(make_register({}, dual, absent, first="2026-11-12"))).iloc[0]
    assert (flags["enrolments"], flags["persistently_absent_enrolments"]) == (2, 1)
    assert flags["persistent_absence_rate"] == 1 / 2


def test_flags_by_group_add_up_to_the_whole(make_register):
    pupils = [
        {"fsm": number % 2 == 0, "marks": {"2026-11-12": "I I"} if number % 3 == 0 else {}}
        for number in range(7)
    ]
    totals = pupil_totals(make_register(*pupils, first="2026-11-12"))
    parts, whole = count_flags(totals, ["fsm"]), count_flags(totals)
    assert parts["fsm"].tolist() == [False, True]
    for column in (
        "enrolments",
        "persistently_absent_enrolments",
        "severely_absent_enrolments",
        "at_risk_enrolments",
    ):
        assert parts[column].sum() == whole[column].iloc[0]


def test_no_enrolment_at_all_has_no_rate():
    empty = pd.DataFrame({"absence_sessions": [], "possible_sessions": []}, dtype=int)
    flags = count_flags(flag_absence(empty)).iloc[0]
    assert flags["enrolments"] == 0
    assert pd.isna(flags["persistent_absence_rate"])
