"""Strategy, as a reader sees it: pools, rounds and doses with their guards in words."""

import pytest

from attendance_lib.analysis.impact.rounds import ELIGIBLE, FSM, NOT_ELIGIBLE
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Chart
from attendance_lib.papers.impact import strategy
from tests.papers.impact_parts import POOLS, paper_of


@pytest.fixture
def paper(make_pack):
    return paper_of(make_pack())


def test_strategy_says_what_types_tiers_and_groups_come_to(paper):
    assert strategy.strategy_lead(paper).items == (
        "What the next round may be expected to come to, pooled over terms and years: likely helped Mentor; of 2 of 3 types "
        "there are still too few to tell.",
        "Tier 2: no clear effect, +1.0 points (range −2.0 to +4.0), 40 pupils in 3 rounds.",
        # 5 less 1 points; half ranges of 3 and 4 make 5.
        "Pupils eligible for free school meals against pupils who are not: a difference between the two of +4.0 points "
        "(range −1.0 to +9.0); they cannot be told apart.",
        "Of 5 starts, 0 came before the pupil was persistently absent and 1 more than 30 school days after; half of those after "
        "it within 4 school days.",
    )


def test_groups_of_which_one_has_too_few_are_not_told_apart(paper):
    few = POOLS.assign(verdict=POOLS["verdict"].mask(POOLS["value"] == NOT_ELIGIBLE, str(Verdict.TOO_FEW)))
    assert strategy.compared_in_words(few, FSM).endswith("too few to tell them apart.")
    far = POOLS.assign(estimate=POOLS["estimate"].mask(POOLS["value"] == ELIGIBLE, 0.09))
    assert strategy.compared_in_words(far, FSM).endswith("they can be told apart.")
    assert strategy.compared_in_words(POOLS[POOLS["value"] != ELIGIBLE], FSM) == ""


def test_pools_carry_their_guards_in_words(paper):
    frame = strategy.pooled(paper).frame.set_index("value")
    assert frame.loc["Card", "said"] == "too few to tell: range too wide"
    assert frame.loc["Return", ["span", "agreement"]].tolist() == ["–", ""]
    assert (
        frame.loc["Tier 2", "agreement"] == "differ by about 3.0 points beyond chance (40% of their spread)"
    )


def test_the_chart_leaves_a_row_without_an_estimate_unmarked_and_says_so(paper):
    chart = strategy.pools_picture(paper)
    assert isinstance(chart, Chart)
    assert chart.alt.startswith(
        "Dot and line chart of 6 pools. Type, Mentor: likely helped, +4.0 points, range +1.0 to +7.0."
    )
    assert "Type, Return: too few to tell, no range." in chart.alt
    assert chart.table.frame["value"].tolist() == [
        "Mentor",
        "Card",
        "Return",
        "Tier 2",
        ELIGIBLE,
        NOT_ELIGIBLE,
    ]


def test_rounds_and_doses_are_shown_in_words(paper):
    assert strategy.rounds_table(paper).frame["term"].tolist() == ["Spring 2025/26 to autumn 2026/27"]
    found = strategy.doses(paper).frame
    assert found["value"].tolist() == ["ran in up to 3 school weeks", "ran in 7 school weeks or more"]


def test_the_dose_warning_says_which_way_it_misleads(paper):
    told = " ".join(strategy.dose_warning(paper).items)
    assert "looks worse than it is" in told
    assert "make every long dose look good" in told
