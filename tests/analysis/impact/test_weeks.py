"""Which rows of a log are placed in which week, and why the others are left out: a rule and a count for each."""

import pytest

from attendance_lib.analysis.impact import weeks
from attendance_lib.analysis.impact.weeks import place_starts
from tests.analysis.impact.invented_log import MONDAY, PLACE, log_of


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((None, MONDAY, None), weeks.WHOLE_SCHOOL),
        (("00001", None, None), weeks.NO_START_DATE),
        (("00001", MONDAY, "2025-10-20"), weeks.NEVER_STARTED),
        (("00001", "2026-07-01", None), weeks.NOT_YET_STARTED),
        (("00001", "2024-08-01", None), weeks.BEFORE_REGISTER),
        (("99999", MONDAY, None), weeks.NOT_IN_REGISTER),
    ],
)
def test_a_row_that_cannot_be_placed_says_why(counts, row, reason):
    found = place_starts(log_of(row), counts).table
    assert found["left_out"].tolist() == [reason]


@pytest.mark.parametrize(
    ("start", "week"),
    [("2025-11-03", PLACE), ("2025-11-04", PLACE), ("2025-11-06", PLACE + 1), ("2025-11-08", PLACE + 1)],
)
def test_a_start_in_the_middle_of_a_week_counts_from_the_first_week_that_is_mostly_after_it(
    counts, start, week
):
    assert place_starts(log_of(("00001", start, None)), counts).table["week"].tolist() == [week]


# One who left and came back has two rows in the register.
