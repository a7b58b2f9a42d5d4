"""Each school beside the expected and beside its own last year, worked out by hand."""

import math

import pytest

from attendance_lib.papers.trust.comparing import (
    beside_expected,
    beside_last_year,
    beside_persistent,
    england,
)
from attendance_lib.papers.trust.opening import publish
from tests.papers.trust.trusts import school, standing, trust

# England's primary schools, 8 September 2025 to 6 February 2026, and the spread of its pupils in 2022/23.
ENGLAND, ENGLAND_PERSISTENT, SPREAD = 0.051, 0.15, 0.0824


def paper_of(*schools):
    return publish(trust(*schools), schools)


def test_england_is_of_the_phase_and_the_same_days():
    found = england("primary", "absence_rate", trust(school()).day)
    assert found.label == "England, daily data, 8 Sep 2025 to 6 Feb 2026"
    assert found.rate == pytest.approx(ENGLAND, abs=0.002)
    assert england("primary", "severe_absence_rate", trust(school()).day) is None


def test_the_expected_is_england_times_the_mix_and_pupils_are_the_unit():
    (row,) = beside_expected(paper_of(school(absence_mix=1.2))).to_dict("records")
    found = england("primary", "absence_rate", trust(school()).day).rate
    # 2,000 of 20,000 sessions missed: 10.0 %.
    assert row["absence_rate"] == 0.1
    assert row["expected_rate"] == pytest.approx(1.2 * found)
    assert row["limit_points"] == pytest.approx(100 * 1.96 * SPREAD / math.sqrt(200), rel=0.002)
    assert row["place"] == "more than chance"


def test_a_school_within_the_limits_is_within_chance_and_one_far_below_is_below():
    found = england("primary", "absence_rate", trust(school()).day).rate
    near, below = (round(20_000 * (found + by)) for by in (0.005, -0.03))
    schools = [
        school(f"30000{n}", to_date=standing(absence=count)) for n, count in enumerate((near, below), start=1)
    ]
    assert beside_expected(paper_of(*schools))["place"].tolist() == ["within chance", "less than chance"]


def test_without_a_mix_nothing_is_expected():
    schools = school(absence_mix="c"), school("300002", phase="alternative_provision", absence_mix=None)
    assert beside_expected(paper_of(*schools))["place"].tolist() == ["cannot be said"] * 2


def test_a_change_is_told_only_beyond_what_chance_does_to_both_years():
    """200 pupils each year: 1.96 × 8.24 × √(2/200) = 1.61 points."""
    schools = [
        school(f"30000{n}", to_date=standing(absence=now), year_before=standing(2024, absence=2000))
        for n, now in enumerate((2300, 2340, 1660), start=1)
    ]
    found = beside_last_year(paper_of(*schools))
    assert found["limit_points"].tolist() == pytest.approx([1.615] * 3, abs=0.01)
    assert found["change_rate"].tolist() == pytest.approx([0.015, 0.017, -0.017])
    assert found["change_words"].tolist() == ["no clear change", "more absence", "less absence"]


def test_a_school_without_a_last_year_has_no_change():
    found = beside_last_year(paper_of(school(year_before=None)))
    assert found["change_words"].tolist() == ["cannot be said"]


def test_persistent_absence_has_the_limits_of_so_many_pupils():
    """20 % expected of 400 pupils: 1.96 × √(0.2 × 0.8 / 400) = 3.9 points, as the table of the field's facts has it for 420."""
    base = england("primary", "persistent_absence_rate", trust(school()).day).rate
    held = school(to_date=standing(enrolments=400, persistent=100), persistent_mix=0.2 / base)
    (row,) = beside_persistent(paper_of(held)).to_dict("records")
    assert row["expected_persistent_rate"] == pytest.approx(0.2)
    assert row["limit_points"] == pytest.approx(3.92, abs=0.01)
    assert row["place"] == "more than chance"


def test_six_schools_that_differ_by_more_than_their_pupils_widen_the_limits():
    found = england("primary", "absence_rate", trust(school()).day).rate
    counts = [round(20_000 * (found + by)) for by in (0.03, -0.03) * 3]
    schools = [
        school(f"30000{n}", to_date=standing(absence=count)) for n, count in enumerate(counts, start=1)
    ]
    rows = beside_expected(paper_of(*schools))
    # 3 points over 8.24 / √200 = 0.583: z is 5.1 for each.
    assert rows["widened"].tolist() == pytest.approx([5.15] * 6, abs=0.1)
    assert set(rows["place"]) == {"within chance"}
    assert set(beside_expected(paper_of(*schools[:5]))["place"]) == {"more than chance", "less than chance"}
