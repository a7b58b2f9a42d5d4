"""Marks amended long after: many of a form on one day, and far more often than in other forms."""

import pytest

# Day 5 after Monday 21 September is Monday 28.
SESSION, IN_TIME, LATE = "2026-09-21", "2026-09-28", "2026-09-29"


def edited(pupils, made=LATE, sessions=("AM", "PM"), first=0, code="O", day=SESSION):
    """Each of so many pupils with the morning and the afternoon of a day amended."""
    return [
        (f"{number:04d}", day, session, code, made)
        for number in range(first, first + pupils)
        for session in sessions
    ]


def ill(size, **more):
    return [{"marks": {SESSION: "M M"}} | more for _ in range(size)]


def together(things):
    return things[things["rule"] == "amended_together"]


@pytest.mark.parametrize(
    ("edits", "is_found"),
    [
        (edited(5), True),
        (edited(5, IN_TIME), False),
        (edited(4) + edited(1, sessions=["AM"], first=4), False),
        (edited(4) + edited(1, "2026-09-30", first=4), False),
    ],
)
def test_ten_marks_of_a_form_amended_on_one_day_after_the_fifth_are_found(inspect, edits, is_found):
    things = together(inspect(*ill(5), {"form": "9B"}, edits=edits))
    assert things["form"].tolist() == ["9A"] * is_found


def test_marks_of_two_forms_are_not_many_of_one(inspect):
    pupils = [*ill(3), *ill(2, form="9B")]
    assert together(inspect(*pupils, edits=edited(5))).empty


@pytest.mark.parametrize(("pupils", "is_found"), [(2, False), (3, True)])
def test_one_or_two_pupils_reason_learned_late_is_not_many_marks(inspect, on_days, pupils, is_found):
    days = list(on_days("2026-09-14", 5, "M M"))
    away = [{"marks": dict.fromkeys(days, "M M")} for _ in range(pupils)]
    edits = [edit for day in days for edit in edited(pupils, day=day)]
    assert len(together(inspect(*away, {}, {"form": "9B"}, edits=edits))) == is_found


def test_they_say_when_and_what_became_what(inspect):
    edits = edited(4) + edited(1, first=4, code="N") + edited(1, first=5, code="")
    row = together(inspect(*ill(6), {"form": "9B"}, edits=edits)).iloc[0]
    assert row["detail"] == (
        "12 marks of 6 pupils amended on 29 Sep 26: O to M (8), N to M (2), no mark to M (2)"
    )
    assert [str(row[name].date()) for name in ("date", "end_date", "known_date")] == [SESSION, SESSION, LATE]


def test_amendments_of_last_year_are_last_years(inspect):
    last_year = edited(5, made="2026-07-15", day="2026-06-15")
    assert together(inspect(*ill(5), {"form": "9B"}, first="2026-06-01", edits=last_year)).empty


def test_marks_of_last_year_amended_this_year_are_not_counted_into_this_one(inspect):
    edits = edited(5, made="2026-09-29", day="2026-07-13")
    assert together(inspect(*ill(5), {"form": "9B"}, first="2026-06-01", edits=edits)).empty


# Far more often than in other forms: ten marks, of three pupils, at three times the others' rate


@pytest.mark.parametrize(
    ("late", "in_time", "elsewhere", "is_found"),
    [(5, 0, 0, True), (4, 1, 0, False), (5, 0, 1, True), (5, 0, 2, False)],
)
def test_a_form_amended_late_far_more_often_is_found(inspect, late, in_time, elsewhere, is_found):
    # Five pupils in either form: ten late marks against none, two or four. On several days, so not together.
    edits = [
        (pupil, day, session, code, f"2026-10-{13 + int(pupil)}")
        for pupil, day, session, code, _ in [*edited(late), *edited(elsewhere, first=5)]
    ]
    edits += edited(in_time, IN_TIME, first=late)
    things = inspect(*ill(5), *ill(5, form="9B"), edits=edits)
    assert things.loc[things["rule"] == "amended_often", "form"].tolist() == ["9A"] * is_found


def test_how_often_is_said_beside_the_other_forms(inspect):
    things = inspect(*ill(5), *ill(5, form="9B"), edits=edited(5) + edited(1, first=5))
    row = things[things["rule"] == "amended_often"].iloc[0]
    # 7 September to 13 November: 44 school days, 88 marks a pupil.
    assert row["detail"] == "Amended after the fifth school day: 10 of 440 marks; in the other forms 2 of 440"
