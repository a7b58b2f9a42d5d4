"""The sessions expected, two for each open day on roll, against those recorded."""

import numpy as np
import pytest

from attendance_lib.analysis.inspection.inspect import COUNTS, of_groups, sessions_expected

# 7 September to 13 November 2026: seven weeks of five days, a holiday, then four days and five: 44 school days.
DAYS = 35 + 4 + 5


@pytest.fixture
def counts(make_scope):
    return lambda *pupils, **more: sessions_expected(make_scope(*pupils, **more))


def test_two_sessions_are_expected_for_each_open_day_on_roll(counts):
    table = counts(
        {},
        {"admission_date": "2026-11-09"},
        {"leaving_date": "2026-09-08"},
        {"year_group": 8, "form": "8A"},
        {"admission_date": "2026-11-16"},
    )
    # Year 8 was sent home on one afternoon; who comes later is not expected yet.
    assert table["expected"].tolist() == [2 * DAYS, 10, 4, 2 * DAYS - 1]
    assert table["recorded"].tolist() == table["expected"].tolist()


def test_missing_marks_are_apart_by_half_day_and_n_is_recorded(counts):
    gone = {"marks": {"2026-09-16": "- -", "2026-09-17": "/ -", "2026-09-18": "N \\", "2026-09-21": "# \\"}}
    row = counts(gone, {}).iloc[0]
    assert row[list(COUNTS)].tolist() == [1, 2 * DAYS, 2 * DAYS - 3, 1, 2, 1, 0]


def test_marks_amended_after_their_fifth_school_day_are_counted(counts):
    # Day 5 after Monday 21 September is Monday 28.
    edits = [("0000", "2026-09-21", "AM", "O", "2026-09-28"), ("0000", "2026-09-21", "PM", "O", "2026-09-29")]
    assert counts({}, {}, edits=edits)["amended_late"].tolist() == [1, 0]


def test_groups_are_in_order_of_year_and_shares_are_of_what_is_there(counts):
    pupils = (
        {"form": "10A", "year_group": 10, "marks": {"2026-09-16": "- N"}},
        {"form": "10A", "year_group": 10},
        {"form": "9B"},
        {"form": "9A"},
    )
    by_form = of_groups(counts(*pupils), "form")
    assert by_form["form"].tolist() == ["9A", "9B", "10A"]
    assert by_form[list(COUNTS)].to_numpy().tolist()[2] == [2, 4 * DAYS, 4 * DAYS - 1, 1, 0, 1, 0]
    assert by_form[["missing_rate", "n_per_thousand", "amended_per_thousand"]].to_numpy()[
        2
    ].tolist() == pytest.approx([1 / 176, 1000 / 175, 0])
    by_year = of_groups(counts(*pupils), "year_group")
    assert by_year[["year_group", "pupils"]].to_numpy().tolist() == [[9, 2], [10, 2]]


def test_who_is_expected_nowhere_leaves_no_row(counts):
    assert counts({"admission_date": "2026-11-16"}, {})["pupils"].tolist() == [1]
    assert np.isnan(of_groups(counts({"marks": {}}), "form")["n_per_thousand"]).sum() == 0
