"""The self-test's say: no verdict where the school's own register gives findings to pretended groups far too often."""

import math

import numpy as np
import pytest

from attendance_lib.analysis.impact import evaluate as engine
from attendance_lib.analysis.impact.expectation import SEED
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.self_test import SelfTest, pretend, pretend_rows, self_test
from attendance_lib.analysis.impact.verdicts import (
    FEW_PUPILS,
    RANGE_TOO_WIDE,
    SELF_TEST_OFF,
    Judgement,
    Verdict,
)
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.papers.impact.card import taken_back_words
from tests.analysis.impact.simulate import SCHEME, World, invent

TAKEN_BACK = Judgement(Verdict.TOO_FEW, SELF_TEST_OFF)


# Of 60 independent groups at 2.5 %, 6 or more are called so in 4 of 1,000 registers and 7 or more in 7 of 10,000.
@pytest.mark.parametrize(
    ("helped", "worse", "judgement", "said"),
    [
        (7, 0, Judgement(Verdict.HELPED), TAKEN_BACK),
        (6, 0, Judgement(Verdict.HELPED), Judgement(Verdict.HELPED)),
        (0, 7, Judgement(Verdict.WORSE), TAKEN_BACK),
        (0, 6, Judgement(Verdict.WORSE), Judgement(Verdict.WORSE)),
        (7, 0, Judgement(Verdict.NO_CLEAR_EFFECT), TAKEN_BACK),
        (6, 6, Judgement(Verdict.NO_CLEAR_EFFECT), Judgement(Verdict.NO_CLEAR_EFFECT)),
        (60, 60, Judgement(Verdict.TOO_FEW, FEW_PUPILS), Judgement(Verdict.TOO_FEW, FEW_PUPILS)),
        (0, 0, Judgement(Verdict.HELPED), Judgement(Verdict.HELPED)),
    ],
)
def test_a_verdict_is_taken_back_where_the_self_test_is_far_off_on_either_side(
    helped, worse, judgement, said
):
    assert SelfTest(60, helped, worse, 0.0, 0.9).capped(judgement) == said


@pytest.fixture(scope="module")
def school():
    return invent(World(treated=30, effect=5.0, pupils=400), 7)


@pytest.fixture(scope="module")
def question(school):
    counts = count_weeks(school.register)
    return Question(counts, place_starts(school.interventions, counts), SCHEME)


@pytest.mark.parametrize(("helped", "verdict"), [(7, Verdict.TOO_FEW), (1, Verdict.HELPED)])
def test_the_impact_has_the_verdict_after_the_self_test_and_the_card_says_why(
    question, monkeypatch, helped, verdict
):
    monkeypatch.setattr(engine, "self_test", lambda *_: SelfTest(60, helped, 0, 0.01, 0.88))
    found = engine.evaluate(question)
    assert found.measured.verdict is Verdict.HELPED
    assert found.impact.verdict is verdict
    is_taken_back = verdict is Verdict.TOO_FEW
    assert math.isnan(found.impact.break_even) == is_taken_back
    assert found.impact.judgement.reason == (SELF_TEST_OFF if is_taken_back else "")
    words = taken_back_words(found)
    assert (f"called {helped} likely helped and 0 likely worse" in words) == is_taken_back
    assert ("what would have been called likely helped is left open" in words) == is_taken_back


def test_no_self_test_is_run_where_there_is_no_verdict_to_take_back(question, monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(engine, "self_test", refuse)
    monkeypatch.setattr(engine, "judge", lambda *_: Judgement(Verdict.TOO_FEW, RANGE_TOO_WIDE))
    assert engine.evaluate(question).impact.verdict is Verdict.TOO_FEW


def test_the_self_test_is_of_the_estimate_of_attendance_worked_out_run_by_run(question):
    found = engine.evaluate(question)
    sets, neighbours = found.expectation.sets, found.neighbours
    picks = np.random.default_rng(SEED).random((3, sets.pupils))
    # With every outcome in the fit, as in the estimate itself.
    runs = [pretend(sets, pretend_rows(sets, neighbours, each)) for each in picks]
    told = self_test(found.expectation, neighbours, 3)
    assert told.mean_estimate == np.mean([estimate for estimate, _, _ in runs])
    assert told.cover == np.mean([covered for _, covered, _ in runs])
