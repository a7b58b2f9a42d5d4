"""What may be said of an estimate, at the edges of each rule."""

from dataclasses import replace

import pytest

from attendance_lib.analysis.impact.verdicts import (
    EFFECT_TO_BE_SEEN,
    Likeness,
    Verdict,
    cautious,
    judge,
    judge_range,
    lack,
)

ENOUGH = Likeness(pupils=8, comparison_pupils=24, close_share=0.6, mean_gap=0.07)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"pupils": 7}, "too few pupils"),
        ({"comparison_pupils": 23}, "too few pupils to compare with"),
        ({"close_share": 0.59}, "too few similar pupils"),
        ({"mean_gap": 0.071}, "those compared were not like them"),
        # Three for each pupil, and never more than sixty asked for.
        ({"pupils": 20, "comparison_pupils": 59}, "too few pupils to compare with"),
        ({"pupils": 100, "comparison_pupils": 60}, ""),
    ],
)
def test_what_lacks_is_told_at_its_edge(change, reason):
    assert lack(replace(ENOUGH, **change)) == reason


def test_of_several_things_that_lack_the_first_is_told():
    assert lack(Likeness(pupils=7, comparison_pupils=0, close_share=0.0, mean_gap=1.0)) == "too few pupils"


@pytest.mark.parametrize(
    ("span", "smallest", "verdict", "reason"),
    [
        ((0.001, 0.05), 0.2, Verdict.HELPED, ""),
        ((-0.05, -0.001), 0.2, Verdict.WORSE, ""),
        ((0.0, 0.05), EFFECT_TO_BE_SEEN, Verdict.NO_CLEAR_EFFECT, ""),
        ((-0.05, 0.0), EFFECT_TO_BE_SEEN, Verdict.NO_CLEAR_EFFECT, ""),
        ((-0.05, 0.05), EFFECT_TO_BE_SEEN + 0.001, Verdict.TOO_FEW, "range too wide"),
    ],
)
def test_a_range_that_touches_nothing_is_no_effect_and_one_too_wide_says_nothing(
    span, smallest, verdict, reason
):
    found = judge_range(*span, smallest)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_where_something_lacks_the_range_is_not_asked():
    assert judge(0.1, 0.2, 0.01, replace(ENOUGH, pupils=7)).verdict is Verdict.TOO_FEW


def test_an_estimate_is_drawn_the_further_towards_nothing_the_less_is_known():
    # A spread of 3 points before; with an error of 3 points half is kept, with one of 6 a fifth: 9 / (9 + 36).
    assert [round(cautious(0.05, se), 6) for se in (0.0, 0.03, 0.06)] == [0.05, 0.025, 0.01]
