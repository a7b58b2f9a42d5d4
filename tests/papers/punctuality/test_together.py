"""Lateness that pupils share: a bus, brothers and sisters."""

import pytest

from attendance_lib.papers.punctuality import pupils, together
from tests.papers.punctuality.late_school import DAYS, PUPILS, opened


def test_without_the_bus_as_the_cause_its_riders_lateness_is_theirs(late):
    # Three mornings on which the rider alone is late: nobody shares them.
    alone = opened(late | {("20", day, "AM"): ("L", 9) for day in DAYS[13:18]})
    assert pupils.pupils_who_stand_out(alone).frame["pupil_id"].tolist() == ["20", "00"]


def test_a_late_bus_is_told_once_with_who_came_by_it(pack):
    found = together.buses_and_forms(pack).frame
    assert found[["shared", "group", "late_pupils", "there_pupils"]].to_numpy().tolist() == [
        ["Way to school", "Bus 7", 10, 12]
    ]
    assert found["date"].dt.date.tolist() == [DAYS[12]]


def test_where_everybody_is_late_no_bus_is_blamed():
    snow = {(pupil, DAYS[12], "AM"): ("L", 20) for pupil in PUPILS[::2]}
    assert together.buses_and_forms(opened(snow)).frame["shared"].tolist() == ["Form"]
    everyone = {(pupil, DAYS[12], "AM"): ("L", 20) for pupil in PUPILS}
    assert together.buses_and_forms(opened(everyone)).frame.empty


def test_brothers_and_sisters_late_together_are_told_and_those_late_apart_are_not(pack):
    found = together.families_late_together(pack).frame
    assert found["pupils"].tolist() == ["S34, F; S35, F"]
    assert found[["together_sessions", "late_sessions", "there_sessions"]].iloc[0].tolist() == [4, 4, 20]
    # Each late on 4 of 20 mornings: 20 * (4/20)^2 together if each were late by himself.
    assert found["expected_mornings"].iloc[0] == pytest.approx(0.8)
