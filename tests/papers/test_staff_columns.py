"""Columns that staff fill in, the same on every sheet: each can be written in, is typed as its log is, and has its list."""

import pytest

from attendance_lib.display import Kind
from attendance_lib.intake.staff.cells import ACTION_STATUSES
from attendance_lib.intake.support_tables import PLAN_OUTCOMES, PLANS
from attendance_lib.papers import staff_columns
from attendance_lib.papers.staff_columns import HEADINGS, STATUS, to_fill_in

SHARED = [each for each in vars(staff_columns).values() if isinstance(each, type(STATUS))]


@pytest.mark.parametrize("column", SHARED, ids=lambda column: column.name)
def test_every_shared_column_can_be_written_in_and_says_what_it_is(column):
    assert column.editable
    assert column.meaning


@pytest.mark.parametrize("name", HEADINGS)
def test_every_column_of_a_plan_is_declared_in_its_log_and_is_personal(name):
    column = to_fill_in(name)
    assert column.meaning == PLANS.column(name).meaning
    assert column.personal
    assert column.editable


@pytest.mark.parametrize(
    ("name", "kind"),
    [("review_on", Kind.DATE), ("target_sessions", Kind.COUNT), ("barrier", Kind.TEXT), ("note", Kind.TEXT)],
)
def test_a_column_is_typed_as_the_log_s(name, kind):
    assert to_fill_in(name).kind is kind


def test_lists_to_choose_from_are_those_that_are_read_back():
    assert to_fill_in("outcome").choices == PLAN_OUTCOMES
    assert STATUS.choices == ACTION_STATUSES
