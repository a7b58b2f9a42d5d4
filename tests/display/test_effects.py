"""The impact paper's charts: each verdict has its own shape, gaps stay gaps, and a name is never read as mathematics."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display.charts import chance_chart, effects_chart, event_study_chart, whole_school_chart
from attendance_lib.display.charts.effects import LOOKS

EFFECTS = pd.DataFrame(
    {
        "intervention": ["Mentor", "Prize of $5_ & ^$", "Home visit", "Breakfast club", "Not begun"],
        "verdict": ["likely helped", "likely worse", "no clear effect", "too few to tell", "too few to tell"],
        "pupils": [40, 22, 31, 5, 0],
        "estimate": [0.04, -0.03, 0.001, 0.02, np.nan],
        "low": [0.01, -0.05, -0.02, -0.1, np.nan],
        "high": [0.07, -0.01, 0.022, 0.14, np.nan],
    }
)
WEEKS = pd.DataFrame(
    {
        "week": [-2, -1, 0, 1],
        "pupils": [9, 9, 9, 8],
        "actual_rate": [0.80, 0.78, 0.90, 0.88],
        "expected_rate": [0.79, 0.79, 0.85, 0.86],
        "gap": [0.01, -0.01, 0.05, 0.02],
        "low": [-0.05, -0.07, -0.01, -0.04],
        "high": [0.07, 0.05, 0.11, 0.08],
    }
)
PUPILS = pd.DataFrame(
    {
        "expected_rate": [0.6, 0.9],
        "low": [0.4, 0.8],
        "high": [0.8, 0.98],
        "actual_rate": [0.3, 0.95],
        "is_below": [True, False],
        "is_above": [False, False],
    }
)


def drawn():
    return (
        effects_chart(EFFECTS),
        event_study_chart(WEEKS, "weeks", "Mentor: what came after?"),
        chance_chart(np.linspace(-0.02, 0.02, 41), 0.03, PUPILS, ("chance", "What does chance do?")),
    )


def test_every_verdict_has_a_look_and_no_two_share_shape_and_filling():
    assert LOOKS.keys() == {str(verdict) for verdict in Verdict}
    assert len({(look.marker, look.is_filled) for look in LOOKS.values()}) == len(LOOKS)


def test_the_same_figures_give_the_same_picture():
    assert [chart.svg for chart in drawn()] == [chart.svg for chart in drawn()]


def test_what_has_no_range_is_said_to_have_none():
    alt = effects_chart(EFFECTS).alt
    assert "Mentor: likely helped, +4.0 points, range +1.0 to +7.0." in alt
    assert "Prize of $5_ & ^$: likely worse, −3.0 points, range −5.0 to −1.0." in alt
    assert alt.endswith("Not begun: too few to tell, no range.")


def test_the_pictures_say_in_words_what_they_show():
    _, weeks, chance = drawn()
    assert (
        "before the start 0.0 points, from the start on +3.5 points. Widest: week 0, +5.0 points."
        in weeks.alt
    )
    assert (
        "nineteen in twenty lie from −1.9 to +1.9 points; the pupils themselves at +3.0 points" in chance.alt
    )
    assert "1 landed where like pupils usually do, 1 below and 0 above" in chance.alt


@pytest.mark.parametrize("england", [[np.nan, np.nan], [0.93, 0.94]])
def test_the_whole_school_is_drawn_with_and_without_england(england):
    weeks = pd.DataFrame(
        {
            "week_beginning": pd.to_datetime(["2026-09-07", "2026-09-14"]),
            "school_rate": [0.95, 0.92],
            "england_rate": england,
        }
    )
    chart = whole_school_chart(weeks, {"Raffle": date(2026, 9, 14)})
    assert chart.alt == (
        "Line chart of attendance in 2 school weeks, from 92.0% to 95.0%. Raffle begins on 14 September 2026."
    )
    assert len(re.findall("stroke-dasharray: 7.4", chart.svg)) == int(not np.isnan(england[0]))
