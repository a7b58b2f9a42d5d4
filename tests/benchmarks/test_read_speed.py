"""The files that reading is timed on: the same invented marks in every layout, all of which are read."""

from collections import Counter
from datetime import date

import pytest

# What a process took of memory is not to be had on Windows.
pytest.importorskip("resource")

from benchmarks import read_speed

# Three pupils: two with the whole of a school year, one with a third of it.
COUNT = 900


class Told:
    """What ``measure`` hands to the process that asked for it."""

    def put(self, found):
        self.marks, self.wall, self.processor, self.peak, self.refusals = found


def test_a_pupil_has_two_marks_a_day_of_190_and_the_next_pupil_begins_on_the_first_of_them():
    marks = list(read_speed.invent(COUNT))
    assert Counter(pupil for pupil, *_ in marks) == {"000000": 380, "000001": 380, "000002": 140}
    assert [mark[1:3] for mark in marks[:3]] == [
        (date(2025, 9, 1), "AM"),
        (date(2025, 9, 1), "PM"),
        (date(2025, 9, 2), "AM"),
    ]
    assert marks[380][1:3] == (date(2025, 9, 1), "AM")
    assert {day.weekday() for _, day, *_ in marks} == set(range(5))


def test_rare_codes_stand_in_every_eleventh_thirteenth_and_seventeenth_place():
    counts = Counter(code for *_, code in read_speed.invent(11 * 13 * 17))
    # 11 x 13 places of C2; of the rest every thirteenth is ill, and of what is left every eleventh late.
    assert counts["C2"] == 11 * 13
    assert counts["I"] == 11 * 17 - 11
    assert counts["L"] == 13 * 17 - 13 - 17 + 1
    assert counts.total() == 11 * 13 * 17


@pytest.mark.parametrize("name", read_speed.WRITERS)
def test_every_mark_of_a_layout_is_read_and_none_is_refused(tmp_path, name):
    path = tmp_path / name.replace(" ", "_")
    read_speed.WRITERS[name](path, COUNT)
    told = Told()
    read_speed.measure(path, told)
    assert told.refusals == []
    assert told.marks == COUNT
