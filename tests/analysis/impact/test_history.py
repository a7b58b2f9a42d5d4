"""Who begins later within a window: their own attendance until their start, and what was expected of them from then on."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.history import expected_after_starts, until_own_start
from attendance_lib.analysis.impact.risk_sets import Question, build_risk_sets
from attendance_lib.analysis.impact.weeks import NEVER, WeekCounts, count_weeks, place_starts
from attendance_lib.analysis.impact.workings import weekly_rates
from attendance_lib.register.grid import cell_of
from tests.analysis.impact.simulate import DAYS, SCHEME, World, invent, plan_school

WEEKS, ALIKE = 20, 40


@pytest.fixture
def counts():
    """Forty pupils away 1 session in 10 every week, and the last one away 4 in 10."""
    each_week = np.ones((ALIKE, WEEKS), dtype=int)
    each_week[-1] = 4
    absence = np.cumsum(np.column_stack([np.zeros(ALIKE, dtype=int), each_week]), axis=1)
    nothing = np.zeros_like(absence)
    possible = np.tile(10 * np.arange(WEEKS + 1), (ALIKE, 1))
    running = {"possible": possible, "absence": absence, "illness": nothing, "unauthorised": absence}
    pupils = pd.DataFrame(
        {
            "pupil_id": [f"{number}" for number in range(ALIKE)],
            "year_group": 8,
            "reference_year": 2025,
            "fsm": False,
            "sen_status": "N",
        }
    )
    weeks = pd.DataFrame({"school_year": ["202526"] * WEEKS})
    return WeekCounts(pupils, weeks, running | {"not_possible": nothing})


class NoHistory:
    """All alike as far as is known, so that what is expected of anybody is the mean."""

    features = np.zeros((ALIKE, 12))


def test_own_attendance_counts_up_to_the_own_start(counts):
    first = np.full(ALIKE, NEVER)
    first[-1] = 11
    # Four sessions a week in weeks 8, 9 and 10; one a week over all twelve of the others.
    own = until_own_start(counts, (8, 20), first)
    assert own[-1].tolist() == [3 * 4, 0, 3 * 4]
    assert own[0].tolist() == [12, 0, 12]


def test_from_the_own_start_on_the_mean_of_those_not_begun_is_expected_where_nothing_tells_them_apart(counts):
    first = np.full(ALIKE, NEVER)
    first[-1] = 11
    rest = expected_after_starts(counts, first, {8: 20}, {11: NoHistory()})
    # Nine weeks of ten sessions at one in ten, and no illness.
    assert rest[20][-1] == pytest.approx([9 * 10 * 0.1, 0, 9])
    assert not rest[20][:-1].any()


def test_two_later_starts_are_solved_from_the_last_to_the_first(counts):
    first = np.full(ALIKE, NEVER)
    first[-1], first[-2] = 15, 11
    rest = expected_after_starts(counts, first, {8: 20}, {11: NoHistory(), 15: NoHistory()})
    # The last pupil was away 4 a week in weeks 11 to 14 and is expected at 0.1 from week 15: 16 + 5 of 90 sessions.
    # So the 39 not begun in week 11 were away 38 x 9 + 21 of 39 x 90 sessions.
    assert rest[20][-1, 0] == pytest.approx(5)
    assert rest[20][-2, 0] == pytest.approx((38 * 9 + 21) / (39 * 90) * 90)


def test_where_nobody_is_left_to_teach_who_begins_later_is_compared_with_nobody(counts):
    rest = expected_after_starts(counts, np.full(ALIKE, 11), {8: 20}, {11: NoHistory()})
    assert np.isnan(rest[20]).all()


def question_of(school):
    counts = count_weeks(school.register)
    return Question(counts, place_starts(school.interventions, counts), SCHEME)


def test_what_the_scheme_does_to_later_starters_does_not_move_the_comparison():
    world = World(treated=60, pupils=400, start_weeks=(0, 3))
    school, week = invent(world, 5), plan_school(world, 5).chosen[-1][1]
    later = [pupil for pupil, begun in plan_school(world, 5).chosen if begun == week]
    codes = school.register.codes.copy()
    codes[later, 2 * DAYS * week :] = cell_of("O")
    changed = replace(school, register=replace(school.register, codes=codes))
    before, after = (build_risk_sets(question_of(each)) for each in (school, changed))
    rows = [np.sort(each.outcomes[~each.is_treated & ~each.is_whole, 0]) for each in (before, after)]
    assert len(rows[0]) == len(later) == 30
    # Their own year to date is in the school's mean, which rates are drawn towards: hence not the last bit.
    assert rows[1] == pytest.approx(rows[0], abs=0.01)


def test_week_by_week_later_starters_stand_at_what_was_expected_of_them_from_their_own_start():
    school = invent(World(treated=60, pupils=400, effect=5.0, start_weeks=(0, 3)), 5)
    question = question_of(school)
    sets = build_risk_sets(question)
    rates = weekly_rates(question, sets, range(12))
    is_later = ~sets.is_whole & (sets.week == sets.weeks[0])
    assert np.ptp(rates[is_later, 3:], axis=1) == pytest.approx(0)
    assert (np.ptp(rates[is_later, :3], axis=1) > 0).any()
