"""What is said of the invented school's interventions, beside what these truly do: nothing false."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.evaluate import evaluate_all
from attendance_lib.analysis.impact.risk_sets import WINDOW_WEEKS
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.impact.weeks import WHOLE_SCHOOL, count_weeks, place_starts
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.register.build import build_register

ROOT = Path(__file__).parents[3]
EXPORTS = ROOT / "outputs" / "demo_exports"
POINTS = 100
made = pytest.mark.skipif(not EXPORTS.exists(), reason="run `make demo` first")


@pytest.fixture(scope="module")
def told():
    """Every evaluation of the school's log up to 20 November 2026, and the log placed in its weeks."""
    school = read_school(load_settings(ROOT / "params" / "demo.yml"))
    register = build_register(school.pupils, school.marks, school.calendar).register
    counts = count_weeks(register.between(register.first_date, date(2026, 11, 20)))
    starts = place_starts(school.interventions, counts)
    return {
        each.impact.intervention: each.impact for each in evaluate_all(counts, starts, WINDOW_WEEKS)
    }, starts


@pytest.fixture(scope="module")
def truth():
    """For each intervention for named pupils what was planted and what it came to while it ran, in points a pupil."""
    rows = pd.DataFrame(json.loads((EXPORTS / "truth.json").read_text(encoding="utf-8"))["interventions"])
    rows = rows[rows["tier"] > 1].assign(pupils=lambda table: table["pupil_ids"].str.len())
    return {
        name: {
            column: np.average(part[column], weights=part["pupils"])
            for column in ("effect_points", "realised_points")
        }
        for name, part in rows.groupby("intervention")
    }


@made
def test_the_school_has_an_intervention_that_does_nothing_one_that_harms_and_two_for_everyone(truth):
    planted = [each["effect_points"] for each in truth.values()]
    assert min(planted) < 0 < max(planted)
    assert 0 in planted
    rows = json.loads((EXPORTS / "truth.json").read_text(encoding="utf-8"))["interventions"]
    assert {row["effect_points"] for row in rows if row["tier"] == 1} == {0.0, 0.4}


@made
def test_no_verdict_says_what_is_not_so(told, truth):
    impacts, _ = told
    assert impacts.keys() == truth.keys()
    for name, impact in impacts.items():
        assert impact.verdict is not Verdict.HELPED or truth[name]["effect_points"] > 0
        assert impact.verdict is not Verdict.WORSE or truth[name]["effect_points"] < 0


@made
def test_the_ranges_hold_what_the_interventions_came_to(told, truth):
    impacts, _ = told
    held = []
    for name, impact in impacts.items():
        # What it came to is over its own weeks: over the whole window it is between that and nothing.
        nearest, farthest = sorted((0.0, truth[name]["realised_points"]))
        held.append(impact.low * POINTS <= farthest and nearest <= impact.high * POINTS)
    # Eight ranges at 95 %: one may miss.
    assert sum(held) >= len(held) - 1


@made
def test_what_is_for_everyone_is_no_estimate_from_pupils(told):
    impacts, starts = told
    everyone = starts.table[starts.table["left_out"] == WHOLE_SCHOOL]["intervention"]
    assert sorted(everyone) == ["First-day calls", "Punctuality raffle"]
    assert not set(everyone) & impacts.keys()
