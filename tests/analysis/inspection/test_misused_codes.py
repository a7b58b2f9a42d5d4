"""Codes where they do not belong."""

from datetime import date

import pytest

SIXTH_FORM = {"year_group": 12, "form": "12A", "date_of_birth": "2010-01-15"}
YEAR_11 = {"year_group": 11, "form": "11A", "date_of_birth": "2011-01-15"}
YEAR_10 = {"year_group": 10, "form": "10A", "date_of_birth": "2012-01-15"}


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("H \\", [("obsolete_code", "AM")]),
        ("/ J", [("obsolete_code", "PM")]),
        ("Y Y", [("obsolete_code", "AM"), ("obsolete_code", "PM")]),
        ("J1 Y7", []),
        ("/ /", [("wrong_half_day", "PM")]),
        ("\\ \\", [("wrong_half_day", "AM")]),
        ("# \\", [("closure_code_open", "AM")]),
        ("# #", [("closure_code_open", "AM and PM")]),
        ("/ Z", [("closure_code_open", "PM")]),
        ("X X", [("x_of_school_age", "AM and PM")]),
        ("C2 \\", []),
        ("W W", [("work_experience_year", "AM and PM")]),
        ("S \\", [("study_leave_year", "AM")]),
    ],
)
def test_a_code_that_does_not_belong_is_found_and_only_that(found, codes, expected):
    things = found({"marks": {"2026-09-16": codes}}, {})
    assert [(rule, session) for rule, _, _, _, session in things] == expected
    assert {pupil for _, pupil, *_ in things} <= {"0000"}
    assert {day for _, _, *days, _ in things for day in days} <= {"2026-09-16"}


def test_an_obsolete_code_says_when_it_was_withdrawn(inspect):
    assert inspect({"marks": {"2026-09-16": "H \\"}}, {})["detail"].tolist() == ["H, in force to 18 Aug 24"]


def test_a_form_with_the_wrong_stroke_is_one_thing(inspect):
    wrong = {"marks": {"2026-09-16": "/ /"}}
    things = inspect(wrong, wrong, {})
    assert things[["form", "pupil_id", "detail"]].to_numpy().tolist() == [
        ["9A", "", "/ in 2 marks of 2 pupils"]
    ]


def test_an_export_that_knows_one_stroke_only_is_one_thing(inspect, on_days):
    alike = {"marks": on_days("2026-09-07", 5, "/ /")}
    things = inspect(alike, alike, last="2026-09-11")
    assert things[["rule", "form", "detail"]].to_numpy().tolist() == [
        ["wrong_half_day", "", "The export has / in mornings and afternoons alike: 10 marks"]
    ]


def test_each_run_of_t_is_a_question(inspect, on_days):
    marks = on_days("2026-09-07", 3, "T T") | on_days("2026-10-19", 1, "T \\")
    things = inspect({"marks": marks}, {})
    assert things[["rule", "severity", "detail"]].to_numpy().tolist() == [
        ["travelling", "should", "T in 6 sessions"], ["travelling", "should", "T in 1 session"],
    ]  # fmt: skip


def test_a_run_of_x_is_one_thing_even_if_only_of_afternoons(found, on_days):
    afternoons, mondays = on_days("2026-10-22", 3, "/ X"), on_days("2026-09-07", 3, "/ X", step=5)
    assert found({"marks": afternoons}, {"marks": mondays}) == [
        ("x_of_school_age", "0001", "2026-09-07", "2026-09-21", ""),
        ("x_of_school_age", "0000", "2026-10-22", "2026-11-03", ""),
    ]


def test_a_week_and_a_day_apart_are_two_things(found):
    apart = {"2026-09-07": "/ X", "2026-09-15": "X \\"}
    assert [day for _, _, day, *_ in found({"marks": apart}, {})] == ["2026-09-07", "2026-09-15"]


@pytest.mark.parametrize(
    ("born", "code", "day", "rules"),
    [
        ("2022-11-01", "X", "2026-09-16", []),
        ("2022-11-01", "C2", "2026-09-16", ["c2_not_of_school_age"]),
        # Five on 15 November 2021: of age from 31 December 2026.
        ("2021-11-15", "X", "2026-12-18", []),
        ("2021-11-15", "X", "2027-01-04", ["x_of_school_age"]),
        ("2021-11-15", "C2", "2027-01-04", []),
        # Sixteen in the school year 2026/27: of age to Friday 25 June 2027.
        ("2011-01-15", "C2", "2027-06-25", []),
        ("2011-01-15", "C2", "2027-06-28", ["c2_not_of_school_age"]),
        ("2011-01-15", "X", "2027-06-28", []),
    ],
)
def test_x_and_c2_are_told_apart_by_compulsory_school_age(found, born, code, day, rules):
    pupil = {"date_of_birth": born, "marks": {day: f"{code} \\"}}
    assert [rule for rule, *_ in found(pupil, {}, last="2027-07-20")] == rules


@pytest.mark.parametrize(
    ("year_group", "rules"), [(0, []), (1, ["x_of_school_age"]), (11, ["x_of_school_age"]), (12, [])]
)
def test_the_year_group_stands_in_for_an_unknown_date_of_birth(found, year_group, rules):
    pupil = {"date_of_birth": None, "year_group": year_group, "marks": {"2026-09-16": "X \\"}}
    assert [rule for rule, *_ in found(pupil, {})] == rules


@pytest.mark.parametrize(
    ("pupil", "day", "code", "rules"),
    [
        (YEAR_10, "2026-09-16", "W", []),
        ({}, "2026-09-16", "W", ["work_experience_year"]),
        (YEAR_11, "2027-05-14", "S", []),
        (YEAR_10, "2027-05-14", "S", ["study_leave_year"]),
        (YEAR_11, "2027-03-25", "S", ["study_leave_season"]),
        (YEAR_11, "2027-04-12", "S", []),
        (SIXTH_FORM, "2027-05-14", "S", []),
        (SIXTH_FORM, "2027-01-14", "S", ["study_leave_season"]),
    ],
)
def test_s_and_w_are_for_their_years_and_season(found, pupil, day, code, rules):
    assert [
        rule for rule, *_ in found(pupil | {"marks": {day: f"{code} {code}"}}, {}, last="2027-07-20")
    ] == rules


def test_last_years_year_group_is_not_this_years(found):
    # In Year 10 now, the pupil was in Year 9 in June.
    pupil = YEAR_10 | {"marks": {"2026-06-10": "W W", "2026-09-16": "W W"}}
    assert found(pupil, {}, first="2026-06-01") == []
    assert [rule for rule, *_ in found(pupil, {}, first="2026-06-01", on=date(2026, 7, 17))] == [
        "work_experience_year"
    ]


# Y4, the whole site closed, while others were present


@pytest.mark.parametrize("present", ["/ \\", "L \\"])
def test_a_site_that_was_closed_and_open_at_once_is_found(inspect, present):
    shut = {"marks": {"2026-09-16": "Y4 \\"}}
    there = {"form": "9B", "marks": {"2026-09-16": present}}
    things = inspect(shut, shut, there, minutes={("0002", "2026-09-16", "AM"): 4})
    assert things[["rule", "session", "form", "pupil_id", "detail"]].to_numpy().tolist() == [
        ["whole_site_closed", "AM", "9B", "0002", "Y4 for 2 pupils; 1 pupil present"]
    ]


def test_of_several_pupils_none_and_of_several_forms_none_is_named(inspect):
    shut, there = {"marks": {"2026-09-16": "Y4 Y4"}}, {"marks": {"2026-09-16": "Y4 \\"}}
    things = inspect(shut, shut, shut, there, there | {"form": "9B"})
    assert things[["session", "form", "pupil_id"]].to_numpy().tolist() == [["PM", "", ""]]


@pytest.mark.parametrize("others", ["Y4 Y4", "I I", "V V", "Y2 Y2", "# #"])
def test_a_closed_site_at_which_nobody_was_is_in_order(found, others):
    things = found({"marks": {"2026-09-16": "Y4 Y4"}}, {"marks": {"2026-09-16": others}})
    assert "whole_site_closed" not in [rule for rule, *_ in things]
