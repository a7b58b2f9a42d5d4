"""What a session cost: of the pupils whose cost is recorded, and of all they had within their window."""

from dataclasses import replace

import pandas as pd
import pytest

from attendance_lib.analysis.impact.evaluate import evaluate
from attendance_lib.analysis.impact.log import cost_of, costs_of_treated
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.verdicts import Judgement, Verdict
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.papers.impact_words import cost_words
from tests.analysis.impact.simulate import SCHEME, World, invent


@pytest.fixture(scope="module")
def school():
    return invent(World(treated=30, effect=5.0, pupils=400, others=0), 7)


@pytest.fixture(scope="module")
def counts(school):
    return count_weeks(school.register)


def evaluated(counts, log, span=(0.05, 0.1)):
    """An evaluation whose range is the one given (fractions)."""
    found = evaluate(Question(counts, place_starts(log, counts), SCHEME))
    low, high = span
    judgement = Judgement(Verdict.NO_CLEAR_EFFECT)
    return replace(found, measured=replace(found.measured, low=low, high=high, judgement=judgement))


def log_of(*rows):
    table = pd.DataFrame(rows, columns=["pupil_id", "start_date", "cost"])
    return table.assign(intervention=SCHEME, start_date=pd.to_datetime(table["start_date"]), end_date=pd.NaT)


@pytest.fixture(scope="module")
def stays(school):
    """Pupils who were on roll throughout."""
    pupils = school.register.pupils
    is_whole = (pupils["admission_date"] < pd.Timestamp("2025-09-01")) & pupils["leaving_date"].isna()
    return pupils.loc[is_whole, "pupil_id"].tolist()


@pytest.mark.parametrize("unknown", [None, 0.0], ids=["blank", "nought"])
def test_costs_known_of_six_in_thirty_are_set_against_the_sessions_of_the_six(school, counts, unknown):
    log = school.interventions.assign(cost=unknown)
    log.loc[log.index[:6], "cost"] = 50.0
    # Thirty pupils of 120 sessions each: the range is of 94.05 to 200.2 sessions regained, a fifth of them by the six, whose
    # 300 pounds come to 300 / 40.04 = 7.49 and 300 / 18.81 = 15.95 for each.
    found = evaluated(counts, log, (94.05 / 3600, 200.2 / 3600))
    assert costs_of_treated(found)["possible_sessions"].tolist() == [120.0] * 30
    assert cost_words(cost_of(found)) == "£7.49 to £15.95 (cost recorded for 6 of 30)"
    assert cost_of(found).total == 300


def test_a_short_window_counts_with_its_own_sessions(counts, stays):
    # Twelve weeks from November, of no recorded cost, and the last four of the register, 40 sessions, for 60 pounds: 5 to 10 in
    # 100 of these are 2 to 4.
    log = log_of((stays[0], "2025-11-03", None), (stays[1], "2026-04-27", 60.0))
    found = evaluated(counts, log)
    assert cost_words(cost_of(found)) == "£15 to £30 (cost recorded for 1 of 2)"


def test_a_second_course_within_the_window_costs_what_it_costs_and_one_after_it_nothing(counts, stays):
    log = log_of(
        (stays[0], "2025-11-03", 60.0), (stays[0], "2025-11-17", 40.0), (stays[0], "2026-03-09", 99.0)
    )
    assert cost_of(evaluated(counts, log)).total == 100
    # 120 sessions, of which 6 to 12 were regained: 100 / 12 and 100 / 6.
    assert cost_words(cost_of(evaluated(counts, log))) == "£8.33 to £16.67"


def test_a_second_course_of_unknown_cost_leaves_its_pupil_s_cost_unknown(counts, stays):
    log = log_of(
        (stays[0], "2025-11-03", 60.0), (stays[0], "2025-11-17", None), (stays[1], "2025-11-03", 30.0)
    )
    found = cost_of(evaluated(counts, log))
    assert (found.total, found.pupils_with_cost, found.pupils) == (30, 1, 2)


def test_no_cost_recorded_and_nobody_evaluated_are_no_cost(counts, stays):
    assert cost_words(cost_of(evaluated(counts, log_of((stays[0], "2025-11-03", 0.0))))) == "no cost recorded"
    nobody = evaluated(counts, log_of(("nobody", "2025-11-03", 60.0)))
    assert cost_words(cost_of(nobody)) == "no cost recorded"
