"""Registers not taken, marks missing, and N beyond five school days."""

import pytest

CLEAN = {}
HOLIDAY_EVE = (
    "2026-10-19"  # Monday; the fifth school day after it is Tuesday 3 November, over holiday and INSET day
)


def test_a_register_in_order_has_nothing_to_fix(found):
    assert found(CLEAN, {"form": "9B"}, minutes={("0000", "2026-09-07", "AM"): 4}) == []


def test_a_missing_mark_is_found_and_only_that(found):
    absent = {"marks": {"2026-09-16": "/ -"}}
    assert found(absent, CLEAN) == [("mark_missing", "0000", "2026-09-16", "2026-09-16", "PM")]


def test_a_forms_register_not_taken_is_one_thing(inspect):
    gone = {"marks": {"2026-09-16": "- \\"}}
    things = inspect(gone, gone, gone, {"form": "9B"})
    assert things[["rule", "form", "pupil_id", "session", "detail"]].to_numpy().tolist() == [
        ["register_missing", "9A", "", "AM", "3 marks missing of 3 due"]
    ]


@pytest.mark.parametrize(
    ("codes", "rules"),
    [
        (["-", "-", "D"], ["register_missing"]),
        (["-", "D", "D"], ["mark_missing"]),
        (["-", "-", "D", "D"], ["register_missing"]),
        (["-", "-", "D", "D", "D"], ["mark_missing", "mark_missing"]),
        (["-", "-", "/"], ["mark_missing", "mark_missing"]),
        (["-", "-", "N"], ["mark_missing", "mark_missing"]),
        (["-"], ["mark_missing"]),
    ],
)
def test_a_register_counts_as_not_taken_unless_somebody_took_it(found, codes, rules):
    pupils = [{"marks": {"2026-11-13": f"{code} \\"}} for code in codes]
    assert [rule for rule, *_ in found(*pupils, {"form": "9B"})] == rules


def test_a_session_that_nobody_marked_is_one_thing_for_the_whole_school(inspect):
    gone = {"marks": {"2026-09-16": "- -"}}
    things = inspect(gone, gone, gone | {"form": "9B"}, gone | {"form": "9B"})
    assert things[["rule", "form", "session", "detail"]].to_numpy().tolist() == [
        ["register_missing", "Whole school", "AM and PM", "No form has a register: 8 marks missing"]
    ]


def test_a_mark_that_was_not_due_is_not_missing(found):
    assert (
        found(
            {"year_group": 8, "form": "8A"}, {"admission_date": "2026-09-16"}, {"leaving_date": "2026-09-16"}
        )
        == []
    )


@pytest.mark.parametrize(
    ("last", "rules"), [("2026-11-02", []), ("2026-11-03", []), ("2026-11-04", ["n_overdue"])]
)
def test_n_is_overdue_from_the_sixth_school_day_over_a_holiday(found, last, rules):
    # Day 1 to 4 are 20 to 23 October, day 5 is 3 November.
    assert [rule for rule, *_ in found({"marks": {HOLIDAY_EVE: "N \\"}}, CLEAN, last=last)] == rules


def test_an_overdue_n_says_when_its_reason_was_due(inspect):
    things = inspect({"marks": {HOLIDAY_EVE: "N \\"}}, CLEAN)
    assert things["detail"].tolist() == ["N; a reason was due by 3 Nov 2026"]
    assert things["known_date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-11-03"]


def test_last_years_gaps_are_last_years(found):
    old = {"marks": {"2026-07-13": "- \\", "2026-07-14": "N \\"}}
    assert found(old, CLEAN, first="2026-06-01") == []
    assert [rule for rule, *_ in found(old, CLEAN, first="2026-06-01", last="2026-07-17")] == ["mark_missing"]


def test_a_pupil_in_no_register_is_one_thing_and_no_mark_of_hers_is_missing_beside(inspect):
    never = {"admission_date": "2026-11-12", "marks": {"2026-11-12": "- -", "2026-11-13": "- -"}}
    things = inspect(never, {}, {}, {})
    assert things[["rule", "pupil_id", "detail"]].to_numpy().tolist() == [
        ["pupil_unmarked", "0000", "No mark in 4 sessions"]
    ]
    assert things["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-11-12"]


def test_one_mark_is_enough_to_be_in_the_registers(found):
    once = {"admission_date": "2026-11-12", "marks": {"2026-11-12": "- -", "2026-11-13": "/ -"}}
    assert [rule for rule, *_ in found(once, {}, {}, {})] == ["mark_missing"] * 3


def test_of_a_form_whose_registers_were_never_taken_no_pupil_is_named(inspect):
    never = {"form": "9B", "admission_date": "2026-11-13", "marks": {"2026-11-13": "- -"}}
    things = inspect(never, never, {}, {})
    assert set(things["rule"]) == {"register_missing"}


@pytest.mark.parametrize(
    ("day", "is_found"), [("2026-10-22", False), ("2026-10-23", True), ("2026-11-03", False)]
)
def test_n_on_the_last_day_of_a_half_term_is_found(found, day, is_found):
    things = found({"marks": {day: "N \\"}}, {})
    before = [thing for thing in things if thing[0] == "n_before_holiday"]
    assert before == [("n_before_holiday", "0000", day, day, "AM")] * is_found
