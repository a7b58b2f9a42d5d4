"""Groups against everyone else, on six pupils worked out by hand."""

import pandas as pd
import pytest

from attendance_lib.analysis.groups import Spans, group_gaps, groups_of
from attendance_lib.analysis.measures import flag_absence, with_rates
from attendance_lib.rules.groups import GROUPS, Group

FSM = next(group for group in GROUPS if group.column == "fsm")


def totals(absences, possible=20):
    """PUPIL_TOTALS of six pupils: the first two eligible for free school meals, the third not known."""
    frame = pd.DataFrame(
        {
            "pupil_id": list("abcdef"),
            "year_group": pd.array([7, 7, 7, 8, 8, 8], dtype="Int16"),
            "fsm": pd.array([True, True, None, False, False, False], dtype="boolean"),
            "child_in_need": pd.array([True] + [False] * 5, dtype="boolean"),
            "child_protection": pd.array([None, True] + [False] * 4, dtype="boolean"),
            "ethnicity": ["WBRI", "CHNE", "REFU", "BAFR", "MWAS", None],
            "absence_sessions": absences,
            "possible_sessions": possible,
        }
    )
    return (
        frame.assign(attended_sessions=possible - frame["absence_sessions"])
        .pipe(with_rates)
        .pipe(flag_absence)
    )


@pytest.fixture(scope="module")
def gaps():
    """Now a and b miss 4 of 20 and 2 of 20; then they missed 6 and 6; the others miss 1 each throughout."""
    now, then = totals([4, 2, 1, 1, 1, 1]), totals([6, 6, 1, 1, 1, 1])
    return group_gaps(Spans(now, then, now, then)).set_index(["characteristic", "group"])


def test_a_gap_is_sessions_over_sessions_against_everyone_else(gaps):
    row = gaps.loc[("Free school meals", "Yes")]
    now, then = (1 - (4 + 2) / 40) - (1 - 4 / 80), (1 - (6 + 6) / 40) - (1 - 4 / 80)
    assert row["gap_rate"] == pytest.approx(now)
    assert row["compared_gap_rate"] == pytest.approx(then)
    assert row["gap_change_rate"] == pytest.approx(now - then)


def test_the_counts_behind_a_group_are_its_own(gaps):
    row = gaps.loc[("Free school meals", "Yes")]
    assert (row["enrolments"], row["absence_sessions"], row["compared_absence_sessions"]) == (2, 6, 12)
    # 2 of 20 is exactly a tenth.
    assert row["persistently_absent_enrolments"] == 2


def test_who_is_not_known_to_be_in_a_group_is_not_in_it(gaps):
    assert gaps.loc[("Free school meals", "Yes"), "enrolments"] == 2


def test_either_social_care_flag_tells_a_social_worker(gaps):
    assert gaps.loc[("Social worker", "Yes"), "enrolments"] == 2


def test_ethnic_groups_are_those_published(gaps):
    of_each = gaps.loc["Ethnic group", "enrolments"].to_dict()
    assert of_each == {"Asian": 1, "Black": 1, "Mixed": 1, "White": 1, "Not known": 2}


def test_a_characteristic_that_is_not_exported_has_no_group():
    held = {group.column for group in groups_of(totals([0] * 6))}
    assert held == {"year_group", "fsm", "social_worker", "ethnicity"}


def test_a_group_without_a_pupil_counted_is_left_out():
    nobody = totals([0] * 6, possible=0)
    assert group_gaps(Spans(nobody, nobody, nobody, nobody)).empty


def test_reception_and_nursery_have_names():
    assert [Group("year_group", year, "", "", "", "").members(totals([0] * 6)).sum() for year in (7, 0)] == [
        3,
        0,
    ]
