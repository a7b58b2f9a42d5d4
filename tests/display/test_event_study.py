"""The chart of the weeks around a start, and that of chance beside it."""

import numpy as np
import pandas as pd

from attendance_lib.display.charts import chance_chart, effects_chart, event_study_chart
from tests.display.effects_table import EFFECTS

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


def test_the_same_figures_give_the_same_picture():
    assert [chart.svg for chart in drawn()] == [chart.svg for chart in drawn()]


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
