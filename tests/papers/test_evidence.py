"""The method in plain words says the figures by which verdicts were reached, and never that anybody's start should wait."""

from types import SimpleNamespace

import pytest

from attendance_lib.analysis.impact.paper import Criteria
from attendance_lib.papers.impact import evidence


def paper(weeks):
    return SimpleNamespace(criteria=Criteria(window_weeks=weeks))


@pytest.mark.parametrize(("weeks", "said"), [(6, "at most 6 school weeks"), (12, "at most 12 school weeks")])
def test_the_window_is_that_which_was_asked_for(weeks, said):
    assert said in " ".join(evidence.method(paper(weeks)).items)


def test_the_figures_are_those_by_which_verdicts_are_reached():
    said = " ".join(evidence.method(paper(12)).items)
    for words in (
        "fewer than 8 pupils", "an effect of +6 points", "drawn 999 times", "60 pretend interventions", "rate of 5%",
        "30 possible sessions", "the last 8 weeks",
    ):  # fmt: skip
        assert words in said


def test_what_nobody_may_be_kept_waiting_for_is_said_beside_waiting_lists_and_lots():
    (said,) = [item for item in evidence.stronger_evidence(paper(12)).items if "drawing lots" in item]
    for words in ("statutory", "safeguarding", "SEND", "severe absence", "never delayed"):
        assert words in said


def test_too_few_to_tell_is_not_nothing():
    assert "Too few to tell does not mean that it does nothing." in evidence.limits(paper(12)).items
