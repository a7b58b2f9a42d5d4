"""Amendments that took an unauthorised mark away from a pupil near a notice threshold (7 of 10 in 10 school weeks)."""

import pytest

from attendance_lib.rules.notices import national_framework

SESSION = ("0000", "2026-09-21", "AM")
EDITED = "2026-10-06"


def unauthorised(on_days, sessions, start="2026-09-22", code="O"):
    """So many unauthorised sessions, two a day."""
    whole, half = divmod(sessions, 2)
    return on_days(start, whole, f"{code} {code}") | ({"2026-10-01": f"{code} \\"} if half else {})


@pytest.mark.parametrize(("others", "is_found"), [(5, False), (6, True), (9, True), (13, True)])
def test_near_is_seven_with_the_mark_that_was_removed(found, on_days, others, is_found):
    pupil = {"marks": unauthorised(on_days, others) | {"2026-09-21": "I \\"}}
    things = found(pupil, {}, edits=[(*SESSION, "O", EDITED)])
    assert things == [("edit_near_threshold", "0000", "2026-09-21", "2026-09-21", "AM")] * is_found


@pytest.mark.parametrize(
    ("before", "after", "is_found"),
    [
        ("O", "I", True),
        ("G", "C", True),
        ("U", "L", True),
        ("O", "/", True),
        ("O", "K", True),
        ("O", "G", False),
        ("I", "M", False),
        ("I", "O", False),
    ],
)
def test_only_an_unauthorised_mark_that_is_none_any_more_counts(found, on_days, before, after, is_found):
    pupil = {"marks": unauthorised(on_days, 8) | {"2026-09-21": f"{after} \\"}}
    things = found(pupil, {}, edits=[(*SESSION, before, EDITED)], minutes={SESSION: 20})
    assert [rule for rule, *_ in things] == ["edit_near_threshold"] * is_found


@pytest.mark.parametrize(("made", "is_found"), [("2026-09-28", False), ("2026-09-29", True)])
def test_an_n_explained_within_its_five_school_days_is_ordinary(found, on_days, made, is_found):
    # Monday 21 September is day 0; day 5 is Monday 28.
    pupil = {"marks": unauthorised(on_days, 8, start="2026-09-14") | {"2026-09-21": "I \\"}}
    assert len(found(pupil, {}, edits=[(*SESSION, "N", made)])) == is_found


def test_what_came_after_the_edit_did_not_count_then(found, on_days):
    pupil = {"marks": unauthorised(on_days, 8, start="2026-10-07") | {"2026-09-21": "I \\"}}
    assert found(pupil, {}, edits=[(*SESSION, "O", EDITED)]) == []
    assert len(found(pupil, {}, edits=[(*SESSION, "O", "2026-10-12")])) == 1


def test_edits_of_one_day_are_judged_by_what_stood_before_all_of_them(inspect, on_days):
    pupil = {"marks": unauthorised(on_days, 5) | {"2026-09-21": "I I"}}
    edits = [("0000", "2026-09-21", session, "O", EDITED) for session in ("AM", "PM")]
    things = inspect(pupil, {}, edits=edits)
    assert (
        things["detail"].tolist()
        == ["O became I on 6 Oct 26; before, 7 sessions counted towards 10 sessions in 10 school weeks"] * 2
    )
    later = [edits[0], ("0000", "2026-09-21", "PM", "O", "2026-10-07")]
    assert inspect(pupil, {}, edits=later)["session"].tolist() == ["AM"]


def test_the_window_is_of_ten_school_weeks(found, on_days):
    # Week 1 begins on 7 September; with the holiday left out, week 10 on 16 November.
    away = on_days("2026-09-07", 3, "O O")
    within = found(
        {"marks": away | {"2026-11-20": "I \\"}},
        {},
        last="2026-11-27",
        edits=[("0000", "2026-11-20", "AM", "O", "2026-11-27")],
    )
    after = found(
        {"marks": away | {"2026-11-23": "I \\"}},
        {},
        last="2026-11-27",
        edits=[("0000", "2026-11-23", "AM", "O", "2026-11-27")],
    )
    assert (len(within), len(after)) == (1, 0)


def test_a_window_that_begins_after_the_session_says_nothing_of_it(found, on_days):
    # Of the windows that hold 7 September the last ends on 20 November.
    pupil = {"marks": on_days("2026-11-23", 4, "O O") | {"2026-09-07": "I \\"}}
    edit = ("0000", "2026-09-07", "AM", "O", "2026-12-04")
    assert found(pupil, {}, last="2026-12-11", edits=[edit]) == []


def test_a_rule_that_leaves_out_n_does_not_count_them(found, on_days):
    pupil = {"marks": unauthorised(on_days, 8, code="N") | {"2026-09-21": "I \\"}}
    edits = [(*SESSION, "O", EDITED)]
    for rule, count in ((national_framework(), 1), (national_framework(count_n=False), 0)):
        things = found(pupil, {}, edits=edits, notice_rules=(rule,))
        assert [rule for rule, *_ in things].count("edit_near_threshold") == count


def test_without_a_rule_in_force_nothing_is_near(found, on_days):
    pupil = {"marks": unauthorised(on_days, 8) | {"2026-09-21": "I \\"}}
    assert found(pupil, {}, edits=[(*SESSION, "O", EDITED)], notice_rules=()) == []
