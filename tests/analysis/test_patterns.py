"""Patterns of absence against the school's own base rate."""

from math import comb

import pytest

from attendance_lib.analysis.patterns import absence_patterns, half_days, weekday_tests

FRIDAYS = ("2026-09-11", "2026-09-18", "2026-09-25", "2026-10-02", "2026-10-09", "2026-10-16")
MONDAYS = ("2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12")


def away(*days, codes="I I"):
    return {"marks": dict.fromkeys(days, codes)}


def test_absence_on_fridays_alone_is_named_with_what_was_expected(make_register):
    others = [
        away(*(f"2026-09-{day:02d}" for day in (7 + weekday, 14 + weekday))) for weekday in range(5)
    ] * 4
    register = make_register(away(*FRIDAYS), *others)
    patterns = absence_patterns(register, register)["pattern"].tolist()
    # 21 pupils: 8 days away on each weekday, and 6 more on Fridays: 14 of 46 days, so 1.8 of the pupil's six.
    assert patterns == ["Fridays: 6 of 6 days absent, 1.8 expected"] + [""] * 20


def test_the_expected_days_and_the_chance_are_the_textbooks(make_register):
    register = make_register(away(*FRIDAYS[:4], MONDAYS[0]), {}, last="2026-10-02")
    tests = weekday_tests(register, register).query("row == 0").set_index("what")
    # Two pupils, four of each weekday each: absence of 1/8 on Mondays and 4/8 on Fridays, so 1/5 and 4/5 of five days.
    assert tests["expected"].tolist() == pytest.approx([1, 0, 0, 0, 4])
    share = 4 / 5
    as_many = comb(5, 4) * share**4 * (1 - share) + share**5
    assert tests.loc["Fridays", "chance"] == pytest.approx(as_many)


def test_a_habit_the_whole_school_has_is_no_pattern(make_register):
    register = make_register(*(away(*FRIDAYS) for _ in range(5)))
    assert absence_patterns(register, register)["pattern"].tolist() == [""] * 5


def test_a_half_day_is_a_day_absent_in_one_half_and_attended_in_the_other(make_register):
    pupil = {"marks": {"2026-09-07": "I \\", "2026-09-08": "/ O", "2026-09-09": "I I", "2026-09-10": "I D"}}
    assert half_days(make_register(pupil)).tolist() == [[1, 1]]


def test_afternoons_missed_are_named(make_register):
    others = [away(f"2026-09-{day:02d}", f"2026-10-{day:02d}") for day in (7, 8, 9)] * 5
    register = make_register(away(*MONDAYS[:3], *FRIDAYS[:3], codes="/ O"), *others)
    # The school has 36 days with absence, 6 of them an afternoon alone: one in six, so 1.0 of the pupil's six.
    assert (
        absence_patterns(register, register)["pattern"].iloc[0]
        == "afternoons only: 6 of 6 days absent, 1.0 expected"
    )


def test_a_pupil_without_absence_has_no_pattern(make_register):
    register = make_register({}, {})
    assert absence_patterns(register, register)["pattern"].tolist() == ["", ""]
