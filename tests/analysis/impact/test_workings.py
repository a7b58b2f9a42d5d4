"""The weighted line: each pupil counts by how surely like pupils could be foretold, and it is shown where it was tried."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from attendance_lib.analysis.impact import workings
from attendance_lib.analysis.impact.evaluate import evaluate
from attendance_lib.analysis.impact.expectation import Expectation, Neighbours
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.verdicts import FEW_PUPILS, Verdict
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.analysis.impact.workings import WEIGHTED, shares_by_certainty, weighted_line, weighted_row
from tests.analysis.impact.simulate import SCHEME, World, invent


def question_of(treated, seed=7):
    school = invent(World(treated=treated, effect=5.0, pupils=400), seed)
    counts = count_weeks(school.register)
    return Question(counts, place_starts(school.interventions, counts), SCHEME)


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(question_of(30))


def test_a_pupil_whose_like_scatter_half_as_much_counts_twice():
    # Two neighbours each, 2 points and 4 points either side of their mean: weights 50 and 25, of which the mean is 37.5.
    residual = np.array([[0.06], [0.03], [0.02], [-0.02], [0.05], [-0.03]])
    neighbours = Neighbours(np.array([[2, 3], [4, 5]]), np.array([2, 2]))
    shares = shares_by_certainty(SimpleNamespace(residual=residual), neighbours)
    assert shares == pytest.approx([4 / 3, 2 / 3])
    # Gaps of 6 and 3 points: (2 x 6 + 1 x 3) / 3 = 5.
    gaps = SimpleNamespace(gaps=residual[:2])
    assert Expectation.effects(gaps, shares) == pytest.approx([0.05])


def test_nobody_is_foretold_more_surely_than_to_a_point():
    # All like the first pupil land alike, those of the second 1 point either side: both count as 1 point.
    residual = np.array([[0.0], [0.0], [0.1], [0.1], [0.01], [-0.01]])
    neighbours = Neighbours(np.array([[2, 3], [4, 5]]), np.array([2, 2]))
    assert shares_by_certainty(SimpleNamespace(residual=residual), neighbours) == pytest.approx([1, 1])


def test_where_all_are_foretold_as_surely_the_line_is_the_headline(evaluation, monkeypatch):
    alike = np.full(evaluation.expectation.sets.pupils, 0.0025)
    monkeypatch.setattr(workings, "variance_of_like", lambda *_: alike)
    line, headline = weighted_line(evaluation), evaluation.measured
    assert (line.estimate, line.low, line.high) == (headline.estimate, headline.low, headline.high)
    assert line.judgement == headline.judgement


def test_the_range_is_narrower_and_the_headline_stays_what_it_was(evaluation):
    before = (evaluation.impact.estimate, evaluation.impact.low, evaluation.impact.high)
    line = weighted_line(evaluation)
    assert line.high - line.low < before[2] - before[1]
    assert line.shares.mean() == pytest.approx(1)
    assert (evaluation.impact.estimate, evaluation.impact.low, evaluation.impact.high) == before
    row = weighted_row(evaluation)
    assert (row["estimate"], row["low"], row["high"]) == (line.estimate, line.low, line.high)
    assert math.isnan(row["sessions_regained"])
    assert "weighted" in WEIGHTED


def test_too_few_pupils_have_no_weighted_line():
    line = weighted_line(evaluate(question_of(5)))
    assert (line.judgement.verdict, line.judgement.reason) == (Verdict.TOO_FEW, FEW_PUPILS)
    assert math.isnan(line.estimate)
