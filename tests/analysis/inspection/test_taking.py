"""Registers taken after they closed: here at 09:10 in the morning and at 13:30 in the afternoon."""

import pytest

DAY = "2026-09-16"


def made(*moments, session="AM"):
    """The moment of each pupil's mark of one session; none where it is not known."""
    known = [moment and (moment if "T" in moment else f"{DAY}T{moment}") for moment in moments]
    return {(f"{number:04d}", DAY, session): moment for number, moment in enumerate(known) if moment}


@pytest.mark.parametrize(
    ("session", "moments", "is_found"),
    [
        ("AM", ["09:10:00", "09:11:00"], False),
        ("AM", ["09:10:01", "09:11:00"], True),
        ("AM", ["08:45:00", "11:00:00"], False),
        ("AM", ["2026-09-17T08:30:00", "2026-09-17T08:31:00"], True),
        ("AM", ["2026-09-16T00:00:00", "2026-09-16T00:00:00"], False),
        ("PM", ["13:29:59", "14:00:00"], False),
        ("PM", ["13:30:01", "14:00:00"], True),
    ],
)
def test_a_register_is_late_if_its_first_mark_was_made_after_the_close(found, session, moments, is_found):
    things = found({}, {}, made=made(*moments, session=session))
    assert things == [("register_late", "", DAY, DAY, session)] * is_found


@pytest.mark.parametrize(
    ("pupils", "is_found"),
    [
        # Two marks and half of them must tell.
        ([{}, {}, {}, {}], True),
        ([{}, {}, {}, {}, {}], False),
        # A code that the office enters tells nothing of when a register was taken.
        ([{}, {"marks": {DAY: "I I"}}, {}, {}], False),
    ],
)
def test_a_few_marks_tell_nothing_of_a_register(found, pupils, is_found):
    things = found(*pupils, made=made("09:24:00", "09:24:00"))
    assert ("register_late" in [rule for rule, *_ in things]) == is_found


def test_the_detail_says_when_the_register_was_begun(inspect):
    same_day = inspect({}, {}, made=made("09:24:30", "09:25:00"))
    next_day = inspect({}, {}, made=made("2026-09-17T08:47:00", "2026-09-17T08:47:00"))
    assert [*same_day["detail"], *next_day["detail"]] == [
        "First mark at 09:24; the register closed at 09:10",
        "First mark on 17 Sep 26 at 08:47; the register closed at 09:10",
    ]
    assert same_day[["form", "severity"]].to_numpy().tolist() == [["9A", "should"]]
