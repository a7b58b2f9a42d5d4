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
        (["-", "-", "K"], ["register_missing"]),
        (["-", "K", "K"], ["mark_missing"]),
        (["-", "-", "K", "K"], ["register_missing"]),
        (["-", "-", "K", "K", "K"], ["mark_missing", "mark_missing"]),
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
    assert things["detail"].tolist() == ["N; a reason was due by 3 Nov 26"]
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


# On roll without marks at the beginning or the end. 9 to 13 November are five school days.

LAST_WEEK = "2026-11-09"


@pytest.mark.parametrize(
    ("days", "found_in"),
    [(5, [("marks_stop", "0000", LAST_WEEK, "2026-11-13", "")]), (4, None)],
)
def test_marks_that_end_five_school_days_early_are_one_thing(found, on_days, days, found_in):
    first_gone = {5: LAST_WEEK, 4: "2026-11-10"}[days]
    things = found({"marks": on_days(first_gone, days, "- -")}, {}, {}, {})
    assert things == found_in if found_in else [rule for rule, *_ in things] == ["mark_missing"] * 8


def test_marks_that_end_early_say_how_many_are_missing(inspect, on_days):
    things = inspect({"marks": on_days("2026-11-05", 7, "- -")}, {}, {}, {})
    assert things["detail"].tolist() == ["No mark in 14 sessions, after the last mark of the year"]


def test_marks_that_begin_long_after_admission_are_one_thing(inspect, on_days):
    late = {"admission_date": "2026-09-16", "marks": on_days("2026-09-16", 6, "- -")}
    things = inspect(late, {}, {}, {})
    assert things[["rule", "pupil_id", "detail"]].to_numpy().tolist() == [
        ["marks_stop", "0000", "No mark in 12 sessions, before the first mark of the year"]
    ]


def test_a_gap_in_the_middle_stays_a_row_a_mark(found, on_days):
    things = found({"marks": on_days("2026-09-16", 6, "- -")}, {}, {}, {})
    assert [rule for rule, *_ in things] == ["mark_missing"] * 12


def test_who_left_has_no_marks_to_end_early(found):
    assert found({"leaving_date": "2026-10-09"}, {}) == []


def test_registers_that_nobody_took_do_not_end_a_pupils_marks(inspect, on_days):
    gone = {"marks": on_days(LAST_WEEK, 5, "- -")}
    assert set(inspect(gone, gone, {"form": "9B"})["rule"]) == {"register_missing"}


def test_the_gaps_add_up_to_the_sessions_expected_less_those_recorded(make_scope, inspect, on_days):
    pupils = (
        {"marks": on_days(LAST_WEEK, 5, "- -") | {"2026-09-16": "/ -"}},
        {"admission_date": "2026-11-12", "marks": on_days("2026-11-12", 2, "- -"), "form": "9B"},
        {"marks": {"2026-09-16": "- \\", "2026-09-17": "- -"}, "form": "9C"},
        {"marks": {"2026-09-17": "- -"}, "form": "9C"},
        {"form": "9B"}, {}, {},
    )  # fmt: skip
    # 10 and 1 in 9A, 4 in 9B, 1 in 9C, and both pupils of 9C twice in a register not taken.
    assert (
        int(make_scope(*pupils).is_due.sum() - (make_scope(*pupils).year.codes > 2).sum())
        == 10 + 1 + 4 + 1 + 4
    )
    assert inspect(*pupils)["rule"].value_counts().to_dict() == {
        "mark_missing": 2, "marks_stop": 1, "pupil_unmarked": 1, "register_missing": 2,
    }  # fmt: skip


# N far more often than in other forms: ten times, in three pupils, at three times the others' rate


def pupils_of(form, size):
    return [{"form": form} for _ in range(size)]


def with_n(form, on_days, *counts):
    """A pupil a count: N on so many mornings of November, from the 3rd on."""
    return [{"form": form, "marks": on_days("2026-11-03", count, "N \\")} for count in counts]


@pytest.mark.parametrize(
    ("counts", "elsewhere", "is_found"),
    [
        ((4, 3, 3), 0, True),
        ((4, 3, 2), 0, False),
        ((5, 5), 0, False),
        ((4, 3, 3), 3, True),
        ((4, 3, 3), 4, False),
        ((4, 4, 4), 4, True),
    ],
)
def test_n_far_more_often_than_in_other_forms_is_found(inspect, on_days, counts, elsewhere, is_found):
    # Of each form the same number of marks.
    form = [*with_n("9A", on_days, *counts), *pupils_of("9A", 4 - len(counts))]
    others = [*with_n("9B", on_days, elsewhere), *pupils_of("9B", 3)]
    things = inspect(*form, *others)
    assert things.loc[things["rule"] == "n_often", "form"].tolist() == ["9A"] * is_found


def test_a_form_that_is_the_whole_school_is_like_no_other(inspect, on_days):
    things = inspect(*with_n("9A", on_days, 4, 4, 4))
    assert "n_often" not in set(things["rule"])


def test_how_often_n_is_said_beside_the_other_forms(inspect, on_days):
    things = inspect(*with_n("9A", on_days, 4, 3, 3), *with_n("9B", on_days, 1), *pupils_of("9B", 2))
    # 7 September to 13 November: 44 school days, 88 marks a pupil.
    row = things[things["rule"] == "n_often"].iloc[0]
    assert row["detail"] == "N in 10 of 264 marks; in the other forms 1 of 264"
    assert (str(row["date"].date()), str(row["end_date"].date())) == ("2026-11-03", "2026-11-06")
