"""The invented school's roll."""

import numpy as np
import pytest

from attendance_lib.demo import roll
from attendance_lib.demo.school import SCHOOL_FILE
from attendance_lib.demo.timetable import timetable_of
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.rules.groups import YES_OR_NO

NEW, COLUMNS = "parent_in_forces", roll.SPELLED_OUT


def made(further, monkeypatch):
    monkeypatch.setattr(roll, "YES_OR_NO", (*YES_OR_NO, *further))
    monkeypatch.setattr(roll, "SPELLED_OUT", [*COLUMNS, *further])
    return roll.make_roll(timetable_of(load_settings(SCHOOL_FILE)), np.random.default_rng(2026)).table


def test_a_group_newly_declared_is_invented_and_leaves_everyone_else_as_they_were(monkeypatch):
    before, after = made([], monkeypatch), made([NEW], monkeypatch)
    assert after[COLUMNS].equals(before)
    assert set(after[NEW]) == {0, 1}
    assert after[NEW].mean() == pytest.approx(roll.RARE_SHARE, abs=0.015)


def test_who_left_and_came_back_is_in_the_same_groups(monkeypatch):
    table = made([NEW], monkeypatch)
    twice = table[table["pupil_id"].duplicated(keep=False)]
    assert len(twice) == 2
    assert twice[NEW].nunique() == 1
