"""When registers open and close by their marks, and which half of the day a period lies in."""

import pandas as pd
import pytest

from attendance_lib.intake.drafting.hours import register_times
from attendance_lib.rules.calendar import SESSIONS

DAY = pd.Timestamp("2026-11-09")


def in_time(count, minute, code="/"):
    """Marks made some minutes after eight on their own day."""
    return [(DAY, "AM", code, DAY + pd.Timedelta(hours=8, minutes=minute), None)] * count


def late(code, *minutes):
    return [(DAY, "AM", code, pd.NaT, each) for each in minutes]


def marks(*rows):
    table = pd.DataFrame(
        [row for part in rows for row in part],
        columns=["date", "session", "code", "recorded_at", "minutes_late"],
    )
    return table.astype({"recorded_at": "datetime64[s]", "minutes_late": float})


LATE = (late("L", 10, 20, 28), late("U", 35, 60))


def test_a_register_opens_with_its_first_marks_and_closes_where_late_becomes_absent():
    """Marks from 8.42: it opens at 8.40. The last L came after 28 minutes and the first U after 35: it is open for 30."""
    found = register_times(marks(in_time(20, 42), in_time(20, 48), *LATE))
    assert (found["AM"].opens, found["AM"].closes) == ("08:40", "09:10")
    assert found["PM"] is None


def test_one_clock_that_goes_wrong_in_twenty_moves_nothing():
    """One of twenty marks is from 8.01; of two the second is taken for the first."""
    assert register_times(marks(in_time(1, 1), in_time(19, 42), *LATE))["AM"].opens == "08:40"
    assert register_times(marks(in_time(2, 1), in_time(18, 42), *LATE))["AM"].opens == "08:00"


@pytest.mark.parametrize(
    "rows",
    [
        (in_time(19, 42), *LATE),
        (in_time(20, 42), late("L", 10)),
        (in_time(20, 42), late("U", 35)),
        (in_time(20, 42, code="I"), *LATE),
    ],
    ids=["nineteen with a time", "nobody after it closed", "nobody before it closed", "nobody in time"],
)
def test_of_too_little_nothing_is_said(rows):
    assert register_times(marks(*rows)) == dict.fromkeys(SESSIONS)


def test_a_mark_made_on_another_day_or_at_midnight_has_no_time():
    """A system that writes the day alone writes midnight; a mark put in on the next day says nothing of the register."""
    midnight = [(DAY, "AM", "/", DAY, None)] * 20
    next_day = [(DAY, "AM", "/", DAY + pd.Timedelta(days=1, hours=8), None)] * 20
    assert register_times(marks(midnight, next_day, *LATE))["AM"] is None


def test_marks_without_a_column_of_times_say_nothing():
    assert register_times(marks(in_time(20, 42), *LATE).drop(columns="recorded_at"))["AM"] is None
