"""A register is built once where a command holds it, and anew everywhere else."""

import pytest

from attendance_lib.register import held
from attendance_lib.register.held import held_register
from attendance_lib.rules.calendar import SchoolCalendar
from tests.register.conftest import AUTUMN

CALENDAR = SchoolCalendar((AUTUMN,))


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch):
    monkeypatch.setattr(held, "_HELD", [])


def test_what_is_held_is_given_to_who_asks_with_the_same_tables(tiny_pupils, tiny_marks):
    first = held_register(tiny_pupils, tiny_marks, CALENDAR, holds=True)
    assert held_register(tiny_pupils, tiny_marks, CALENDAR) is first


def test_of_other_tables_a_register_is_built_though_they_are_equal(tiny_pupils, tiny_marks):
    first = held_register(tiny_pupils, tiny_marks, CALENDAR, holds=True)
    other = held_register(tiny_pupils, tiny_marks.copy(), CALENDAR)
    assert other is not first
    assert (other.register.codes == first.register.codes).all()
    assert held_register(tiny_pupils, tiny_marks, CALENDAR) is first


def test_one_is_held_the_last(tiny_pupils, tiny_marks):
    first = held_register(tiny_pupils, tiny_marks, CALENDAR, holds=True)
    held_register(tiny_pupils, tiny_marks.copy(), CALENDAR, holds=True)
    assert held_register(tiny_pupils, tiny_marks, CALENDAR) is not first


def test_nothing_is_held_unless_a_command_says_so(tiny_pupils, tiny_marks):
    first = held_register(tiny_pupils, tiny_marks, CALENDAR)
    assert held_register(tiny_pupils, tiny_marks, CALENDAR) is not first
