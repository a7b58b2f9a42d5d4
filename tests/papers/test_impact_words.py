"""What a verdict, a cost and a range are called: a finding that may be luck says so, and a school without a log says nothing."""

from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.impact.log import Cost
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Column, Sentences, Table
from attendance_lib.papers.impact_words import (
    at_first_words,
    cost_words,
    of_the_log,
    sessions_words,
    signed,
    verdict_words,
)

NOTHING = float("nan")


@pytest.mark.parametrize(
    ("verdict", "stands", "says_luck"),
    [
        (Verdict.HELPED, False, True),
        (Verdict.WORSE, False, True),
        (Verdict.HELPED, True, False),
        (Verdict.NO_CLEAR_EFFECT, False, False),
        (Verdict.TOO_FEW, False, False),
    ],
)
def test_only_a_finding_that_does_not_stand_among_many_may_be_luck(verdict, stands, says_luck):
    said = verdict_words(verdict, "", stands=stands)
    assert said.startswith(str(verdict))
    assert ("luck" in said) is says_luck


@pytest.mark.parametrize("whole", list(Verdict))
@pytest.mark.parametrize("first", list(Verdict))
def test_the_first_six_weeks_are_told_where_they_found_something_that_the_whole_did_not(whole, first):
    is_finding = first in (Verdict.HELPED, Verdict.WORSE)
    assert bool(at_first_words(whole, first)) is (is_finding and first is not whole)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (Cost(300.0, 30, 30, 7.5, 16.0), "£7.50 to £16"),
        (Cost(300.0, 29, 30, 7.5, 16.0), "£7.50 to £16 (cost recorded for 29 of 30)"),
        (Cost(300.0, 30, 30, 7.5, NOTHING), "at least £7.50; perhaps no session was regained"),
        (Cost(300.0, 30, 30, NOTHING, NOTHING), "no session was regained"),
        (Cost(300.0, 0, 30, 7.5, 16.0), "no cost recorded"),
    ],
)
def test_a_cost_is_a_range_and_says_of_how_many_it_is_known(cost, said):
    assert cost_words(cost) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0.4, "0"), (-0.4, "0"), (0.6, "+1"), (-1.2, "−1"), (1234.0, "+1,234")]
)
def test_a_count_has_its_sign_unless_it_rounds_to_nought(count, said):
    assert signed(count) == said


def test_a_range_with_an_end_that_is_not_known_is_none():
    assert sessions_words(-70.8, 303.5) == "−71 to +304"
    assert sessions_words(NOTHING, 303.5) == sessions_words(-70.8, NOTHING) == ""


@pytest.mark.parametrize("log", [None, pd.DataFrame({"pupil_id": []})], ids=["no log", "an empty log"])
def test_only_without_a_log_a_section_says_nothing(log):
    paper = SimpleNamespace(school=SimpleNamespace(interventions=log))
    sentences = of_the_log(lambda _: Sentences("lead", ("Nothing was tried.",)))(paper)
    table = of_the_log(
        lambda _: Table("t", "T", pd.DataFrame({"a": []}), (Column("a", "A"),), note="How it is read.")
    )(paper)
    assert sentences.items == (() if log is None else ("Nothing was tried.",))
    assert table.note == ("" if log is None else "How it is read.")
