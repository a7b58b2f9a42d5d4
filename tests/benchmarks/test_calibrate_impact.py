"""How the impact's calibration counts: bias, root mean square error, cover and verdicts of schools whose truth is known."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from attendance_lib.analysis.impact.self_test import RUNS
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.impact.weeks import WeekCounts
from benchmarks.calibrate_impact import (
    EFFECTS,
    HEADINGS,
    MAIN,
    WEIGHTED_HEADINGS,
    Found,
    known_or_none,
    percent,
    recounted,
    row_of,
    self_test_row,
    table,
    weighted_row,
)

HELPED, WORSE, NO_EFFECT, TOO_FEW = map(
    str, (Verdict.HELPED, Verdict.WORSE, Verdict.NO_CLEAR_EFFECT, Verdict.TOO_FEW)
)
# Found 0.03 (-0.01 to 0.05) where 0.02 is true; before and after alone say 0.06 (0.04 to 0.08); the weighted line 0.025.
ONE = Found(
    "8 pupils", 2.0, 1, HELPED, 8, 0.02, 0.03, -0.01, 0.05, 40.0, 0.06, 0.04, 0.08, 0.02, 0.025, 0.0, 0.05, NO_EFFECT,
    0, 0, HELPED,
)  # fmt: skip
# Found 0.0 (-0.02 to 0.02) where 0.03 is true; before and after alone -0.02 (-0.04 to 0.04); the weighted line 0.05, where 0.04 is.
OTHER = replace(
    ONE, verdict=NO_EFFECT, truth=0.03, estimate=0.0, low=-0.02, high=0.02, naive=-0.02, naive_low=-0.04, naive_high=0.04,
    weighted_truth=0.04, weighted=0.05, weighted_low=0.045, weighted_high=0.06, weighted_verdict=HELPED, said=NO_EFFECT,
)  # fmt: skip
# Too few to tell anything.
FEW = replace(
    ONE, verdict=TOO_FEW, truth=None, estimate=None, low=None, high=None, naive=None, naive_low=None, naive_high=None,
    weighted_truth=None, weighted=None, weighted_low=None, weighted_high=None, weighted_verdict=TOO_FEW, said=TOO_FEW,
)  # fmt: skip


def test_errors_are_of_schools_with_an_estimate_and_verdicts_of_all():
    row = dict(zip(HEADINGS, row_of([ONE, OTHER, FEW, FEW]), strict=True))
    # Errors of +1 and -3 points; naive ones of +4 and -5.
    assert (row["truth"], row["bias"], row["rmse"]) == ("+2.50", "-1.00", "2.24")
    assert (row["cover"], row["naive bias"]) == ("50.0 %", "-0.50")
    assert (row["naive cover"], row["naive helped"]) == ("50.0 %", "50.0 %")
    verdicts = [row[name] for name in ("helped", "worse", "no clear effect", "too few")]
    assert verdicts == ["25.0 %", "0.0 %", "25.0 %", "50.0 %"]


def test_the_weighted_line_is_measured_where_it_is_shown_beside_the_headline_of_the_same_schools():
    row = weighted_row([ONE, OTHER, FEW, FEW])
    # Its errors are +0.5 and +1 points: root of (0.25 + 1) / 2 = 0.79; the headline's are +1 and -3.
    assert row[:6] == ["50.0 %", "+3.00", "+0.75", "0.79", "2.24", "50.0 %"]
    # Helped: the line in one of four, the headline in another; worse in none.
    assert row[6:] == ["25.0 %", "25.0 %", "0.0 %", "0.0 %"]
    assert len(row) == len(WEIGHTED_HEADINGS)


def test_a_line_that_is_shown_nowhere_has_no_figure():
    assert weighted_row([FEW]) == ["0.0 %", *["–"] * (len(WEIGHTED_HEADINGS) - 1)]


def test_the_self_test_is_counted_a_run_and_what_it_takes_back_among_verdicts():
    far_off = replace(ONE, pretended_helped=RUNS, pretended_worse=0, said=TOO_FEW)
    row = self_test_row([ONE, far_off, replace(FEW, pretended_helped=0, pretended_worse=RUNS // 2)])
    # Of three schools one pretended to help every time, and one to harm half of the times; two had verdicts, one lost it.
    assert row == ["33.3 %", "16.7 %", "66.7 %", "2", "1"]


def test_a_table_has_a_row_for_each_world_and_effect_with_its_own_schools():
    # Each as far from the truth as its effect.
    each = list(product(MAIN, EFFECTS))
    cells = [replace(ONE, world=world, effect=effect, estimate=0.02 + effect / 100) for world, effect in each]
    lines = table("main", "table", cells).splitlines()
    assert len(lines) == 2 + len(MAIN) * len(EFFECTS)
    shown = [line.strip("| ").split(" | ")[:4] for line in lines[2:]]
    assert shown == [[world, f"{effect:+.0f}", "+2.00", f"{effect:+.2f}"] for world, effect in each]
    assert {line.count("|") for line in lines} == {len(HEADINGS) + 3}


def test_sessions_of_those_treated_alone_are_replaced():
    before = WeekCounts(None, None, {"absent": np.array([[1, 2], [3, 4], [5, 6]])})
    changed = WeekCounts(None, None, {"absent": np.array([[9, 9]])})
    found = recounted(before, changed, np.array([1]))
    assert found.running["absent"].tolist() == [[1, 2], [9, 9], [5, 6]]
    assert before.running["absent"].tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(("figure", "known"), [(0.25, 0.25), (float("nan"), None), (float("inf"), None)])
def test_a_figure_that_is_missing_is_none(figure, known):
    assert known_or_none(figure) == known


def test_a_share_is_in_percent():
    assert [percent(each) for each in (0.0456, 1)] == ["4.6 %", "100.0 %"]
