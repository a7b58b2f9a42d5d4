"""L and U against the minutes late: here the morning register closes after 30 minutes, the afternoon's after 20."""

import pytest

KNOWN = {("0001", "2026-09-07", "AM"): 5}
LATER = {"marks": {"2026-09-07": "L \\"}}


@pytest.mark.parametrize(
    ("codes", "session", "minutes", "rules"),
    [
        ("L \\", "AM", 29, []),
        ("L \\", "AM", 30, []),
        ("L \\", "AM", 31, ["late_after_close"]),
        ("U \\", "AM", 31, []),
        ("U \\", "AM", 30, []),
        ("U \\", "AM", 29, ["late_before_close"]),
        ("U \\", "AM", 0, ["late_before_close"]),
        ("/ L", "PM", 20, []),
        ("/ L", "PM", 21, ["late_after_close"]),
        ("/ U", "PM", 20, []),
        ("/ U", "PM", 19, ["late_before_close"]),
        ("I I", "AM", 45, []),
    ],
)
def test_minutes_decide_between_l_and_u_and_the_very_minute_may_be_either(
    found, codes, session, minutes, rules
):
    things = found(
        {"marks": {"2026-09-16": codes}}, LATER, minutes=KNOWN | {("0000", "2026-09-16", session): minutes}
    )
    assert things == [(rule, "0000", "2026-09-16", "2026-09-16", session) for rule in rules]


@pytest.mark.parametrize(("codes", "session"), [("L \\", "AM"), ("/ U", "PM")])
def test_a_late_mark_without_minutes_is_found(found, codes, session):
    things = found({"marks": {"2026-09-16": codes}}, LATER, minutes=KNOWN)
    assert things == [("late_without_minutes", "0000", "2026-09-16", "2026-09-16", session)]


def test_an_export_without_minutes_is_one_thing(inspect):
    things = inspect({"marks": {"2026-09-16": "L U"}}, LATER)
    assert things[["rule", "pupil_id", "detail"]].to_numpy().tolist() == [
        ["late_without_minutes", "", "No minutes late are exported: 3 marks of L and U"]
    ]


def test_the_detail_says_how_late_and_when_the_register_closed(inspect):
    things = inspect(
        {"marks": {"2026-09-16": "L \\"}}, LATER, minutes=KNOWN | {("0000", "2026-09-16", "AM"): 34}
    )
    assert things["detail"].tolist() == ["L with 34 minutes; the register closed after 30"]
