"""Counts of the School Census are known, and refused as marks."""

import pytest

from attendance_lib.errors import InputError
from tests.intake.census_files import SESSIONS


def test_counts_are_refused_as_marks_with_the_reason(read_changed):
    with pytest.raises(
        InputError, match="these are School Census counts: .* enough for rates and persistent absence"
    ):
        read_changed({"marks.csv": SESSIONS})
