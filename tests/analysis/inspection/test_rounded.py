"""Minutes late that were filled in: twenty late marks of a form or teacher, nine in ten round or alike."""

import pandas as pd
import pytest

DAYS = [
    f"2026-09-{day:02d}" for day in (7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 28, 29, 30)
] + [f"2026-10-{day:02d}" for day in (1, 2)]
ROUND = [5, 10, 15, 20] * 5
CLOCK = [1, 2, 3, 4, 6, 7, 8, 9, 11, 12] * 2


def late(minutes, number=0, **more):
    """A pupil late on as many mornings, and the minutes."""
    pupil = {"marks": dict.fromkeys(DAYS[: len(minutes)], "L \\")} | more
    return pupil, {(f"{number:04d}", day, "AM"): each for day, each in zip(DAYS, minutes, strict=False)}


def rounded(things):
    return things[things["rule"] == "minutes_rounded"]


@pytest.mark.parametrize(
    ("minutes", "detail"),
    [
        (ROUND, "20 of 20 late marks have 5, 10, 15 ... minutes"),
        ([*ROUND[:18], 7, 3], "18 of 20 late marks have 5, 10, 15 ... minutes"),
        ([*ROUND[:17], 7, 3, 1], ""),
        (ROUND[:19], ""),
        ([1] * 18 + [5, 9], "18 of 20 late marks have 1 minute"),
        ([0] * 20, "20 of 20 late marks have 0 minutes"),
        ([5] * 20, "20 of 20 late marks have 5 minutes"),
        (CLOCK, ""),
    ],
)
def test_nine_in_ten_of_twenty_round_or_alike_are_found(inspect, minutes, detail):
    pupil, known = late(minutes)
    things = rounded(inspect(pupil, {"form": "9B"}, minutes=known))
    assert things[["form", "detail"]].to_numpy().tolist() == [["9A", detail]] * bool(detail)


def test_the_first_and_the_last_late_mark_say_when(inspect):
    pupil, known = late(ROUND)
    row = rounded(inspect(pupil, {}, minutes=known)).iloc[0]
    assert [str(row[name].date()) for name in ("date", "end_date")] == ["2026-09-07", "2026-10-02"]


def test_each_form_is_judged_by_its_own_marks(inspect):
    (first, known), (second, read) = late(ROUND), late(CLOCK, 1, form="9B")
    assert rounded(inspect(first, second, minutes=known | read))["form"].tolist() == ["9A"]


def test_a_school_that_rounds_throughout_is_one_thing(inspect):
    (first, known), (second, more) = late(ROUND), late(ROUND, 1, form="9B")
    (few, rest) = late([3, 4], 2, form="9C")
    things = rounded(inspect(first, second, few, minutes=known | more | rest))
    assert things[["form", "detail"]].to_numpy().tolist() == [
        ["Whole school", "40 of 42 late marks have 5, 10, 15 ... minutes"]
    ]


def test_the_teacher_who_took_the_registers_is_judged_and_asked_where_lessons_say(inspect):
    (first, known), (second, more) = late(ROUND[:10]), late(ROUND[:10], 1, form="9B")
    (third, read) = late(CLOCK, 2, form="9C")
    rows = [(f"{number:04d}", day, "AM Reg", "T. Hale") for number in (0, 1) for day in DAYS[:10]]
    lessons = pd.DataFrame(rows, columns=["pupil_id", "date", "period", "teacher"])
    lessons = lessons.assign(date=pd.to_datetime(lessons["date"]).astype("datetime64[s]"))
    things = rounded(inspect(first, second, third, minutes=known | more | read, lessons=lessons))
    assert things[["form", "teacher", "detail"]].to_numpy().tolist() == [
        ["", "T. Hale", "20 of 20 late marks have 5, 10, 15 ... minutes"]
    ]
