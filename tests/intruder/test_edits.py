"""Few marks of a half term are changed between its report and the next; the reader is told which counts are as they were."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.intruder.attack import Known, Place, Reader, Unknown
from tests.intruder.schools import HALVES, Invented, invent
from tests.intruder.trial import OPEN, Made, Outcome, count_behind, judge, make, pack_at


class Anew(Reader):
    """To him each report tells of registers of its own: nothing of one need be so in another."""

    def of_version(self, number: int) -> Callable[[Unknown], Unknown]:
        return lambda name: (f"version {number + 1}", *name) if number else name


def edited(school: Invented, marks: int) -> Invented:
    """The school with a few absences of its first half term changed after its report."""
    rng = np.random.default_rng(school.seed * 10 + marks)
    is_away = ~school.marks["code"].isin(["/", "\\", "L", "U"])
    away = school.marks[is_away & (school.marks["date"] <= pd.Timestamp(HALVES[0].end))]
    chosen = away.sample(marks, random_state=int(rng.integers(1 << 30)))
    edit = chosen[["pupil_id", "date", "session"]].assign(new=rng.choice(["I", "O", "/", "E"], marks))
    return replace(school, edits=(edit,))


def attack(made: Sequence[Made]) -> Outcome:
    known = Anew([each.paper for each in made], OPEN).read()
    tie_unchanged(made, known)
    outcome = Outcome(0)
    judge(outcome, made, known)
    return outcome


def tie_unchanged(made: Sequence[Made], known: Known) -> None:
    """Tell him which counts of the first report, and of the second's year before its half term, are the same."""
    first = {names: value_at(made, place) for place, names in known.figures.items() if place[0] == 0}
    for place, names in list(known.figures.items()):
        if place[0]:
            tie(known, first, names, value_at(made, place))
            before = (*place[:3], place[3].replace("year_", "period_"))
            if before != place and before in known.figures and not place[3].endswith("pupils"):
                rest = tuple(name for name in names if name not in known.figures[before])
                values = value_at(made, place), value_at(made, before)
                tie(known, first, rest, None if None in values else values[0] - values[1])


def tie(known: Known, first: dict, names: tuple[Unknown, ...], value: int | None) -> None:
    then = tuple(name[1:] for name in names)
    if then in first and value is not None and first[then] == value:
        known.same(then, names)


def value_at(made: Sequence[Made], place: Place) -> int | None:
    report, table, line, column = place
    return count_behind(made[report].truth[table].iloc[line], column, table)


@pytest.mark.parametrize("marks", [1, 4])
def test_what_was_corrected_since_the_last_report_is_not_made_out(marks):
    school = edited(invent(5, 60), marks)
    first = make(pack_at(school, 0, 0, "all"), "all", [])
    outcome = attack([first, make(pack_at(school, 1, 1, "all"), "all", [first.record])])
    assert outcome.attacked > 50
    assert outcome.narrowed == []


def test_corrected_registers_with_no_record_of_the_last_report_are():
    school = edited(invent(7, 60), 4)
    first, second = (make(pack_at(school, number, number, "all"), "all", []) for number in (0, 1))
    assert attack([first, second]).narrowed
