"""The open days of the invented school are those of its school file, counted here from its dates."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from attendance_lib.demo.timetable import LAST_DAY, timetable_of
from attendance_lib.intake.settings.loading import load_settings


@pytest.fixture(scope="module")
def timetable():
    return timetable_of(load_settings(Path("params/demo.yml")))


def test_days_ascend_to_the_last_register_and_none_is_at_a_weekend(timetable):
    assert (np.diff(timetable.days).astype(int) > 0).all()
    assert timetable.date_of(timetable.last) == LAST_DAY
    assert {timetable.date_of(day).weekday() for day in range(len(timetable.days))} == {0, 1, 2, 3, 4}


def test_weekdays_and_mondays_are_those_of_the_calendar(timetable):
    days = [timetable.date_of(day) for day in range(len(timetable.days))]
    assert timetable.weekdays.tolist() == [day.weekday() for day in days]
    assert {day.weekday() for day in timetable.mondays.tolist()} == {0}
    assert ((timetable.days - timetable.mondays).astype(int) == timetable.weekdays).all()


def test_a_day_is_found_and_one_without_school_is_the_next_that_has_it(timetable):
    friday = timetable.day(date(2026, 11, 13))
    assert timetable.date_of(friday) == date(2026, 11, 13)
    assert timetable.day("2026-11-14") == friday + 1
    assert timetable.date_of(friday + 1) == date(2026, 11, 16)


def test_half_terms_are_numbered_in_order_and_the_one_that_is_going_on_has_no_last_day(timetable):
    numbers = timetable.half_terms.tolist()
    assert numbers == sorted(numbers)
    ends = timetable.last_days()
    assert len(ends) == max(numbers)
    assert [numbers[end + 1] - numbers[end] for end in ends] == [1] * len(ends)


def test_every_year_group_has_its_sessions_and_meetings_are_on_one_weekday(timetable):
    assert {len(closed) for closed in timetable.closed.values()} == {2 * len(timetable.days)}
    # No day is closed to all, or it would not be a day of the timetable.
    assert not np.logical_and.reduce(list(timetable.closed.values())).reshape(-1, 2).all(axis=1).any()
    assert len({day.weekday() for day in timetable.meetings}) == 1
    assert list(timetable.meetings) == sorted(set(timetable.meetings))
