"""Each group of pupils is declared once, and everything that must know of it does."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.intake.schema import PUPILS, Kind
from attendance_lib.intake.settings.school_file import load_cohorts
from attendance_lib.rules.groups import CHARACTERISTICS, GROUPS, OF_ONE_DAY, OF_SEVERAL, YES_OR_NO, Group

COHORTS = Path(__file__).parents[2] / "params" / "cohorts.yml"


def test_what_the_pupils_file_says_yes_or_no_to_is_declared_as_a_group_and_nothing_else_is():
    told = {column.name for column in PUPILS.columns if column.kind is Kind.FLAG}
    assert {*YES_OR_NO, *OF_ONE_DAY} == told
    assert not set(YES_OR_NO) & set(OF_ONE_DAY)


def test_a_group_is_told_by_columns_that_the_pupils_file_may_have():
    assert {column for group in GROUPS for column in group.columns} <= set(PUPILS.column_names)


def test_a_group_is_said_in_lists_or_in_tables_of_groups():
    assert [group.label for group in GROUPS if not (group.flag or group.is_published)] == []


@pytest.mark.parametrize("field", ["label", "phrase"])
def test_no_two_groups_are_called_the_same(field):
    called = Counter(getattr(group, field) for group in GROUPS)
    assert [name for name, times in called.items() if times > 1] == []


def test_letters_that_are_no_word_are_spelled_out():
    letters = [group for group in GROUPS if group.flag.isupper() and group.column in YES_OR_NO]
    assert letters
    assert [group.flag for group in letters if not group.spelled_out] == []


def test_a_group_of_which_rates_are_shown_can_be_chosen_as_a_cohort():
    conditions = [cohort.where for cohort in load_cohorts(COHORTS).values()]
    chosen = {column for where in conditions for column, values in where.items() if True in values}
    assert {group.column for group in GROUPS if group.is_published} & set(YES_OR_NO) <= chosen


def test_a_group_of_several_values_has_no_yes():
    assert set(OF_SEVERAL) & set(YES_OR_NO) == set()
    assert set(CHARACTERISTICS) >= {"sex", "sen_status", "fsm"}


def test_who_is_not_known_to_be_in_a_group_that_several_columns_tell_is_in_it_by_any_one():
    pupils = pd.DataFrame({"a": [True, None, False], "b": [None, True, None]})
    either = Group("either", True, "", "", "", "", of=("a", "b"))
    assert either.members(pupils).tolist() == [True, True, False]
