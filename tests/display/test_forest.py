"""One intervention in several schools: whose dot stands in which line, and what has none."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from attendance_lib.display.charts import forest
from attendance_lib.display.charts.effects import LOOKS
from attendance_lib.display.charts.forest import A_SCHOOL, forest_chart
from tests.display.figures import dots_of, figure_of, offsets_of

NONE = np.nan
ROWS = pd.DataFrame(
    [
        ("Mentor", "Elm", "", False, 40, 0.02, -0.01, 0.05, NONE, NONE),
        ("Mentor", "Oak", "too few pupils", False, NONE, NONE, NONE, NONE, NONE, NONE),
        ("Mentor", "All", "likely worse: of 2 schools", True, 52, -0.018, -0.034, -0.002, -0.05, 0.01),
        ("Club", "Elm", "", False, 30, -0.01, -0.03, 0.01, NONE, NONE),
    ],
    columns=[
        "intervention", "school", "beside", "is_pooled", "pupils", "estimate", "low", "high", "next_low", "next_high",
    ],
)  # fmt: skip


@pytest.fixture
def axes(monkeypatch):
    figure, _ = figure_of(monkeypatch, forest, lambda: forest_chart("pooled", "What helped?", ROWS))
    return figure.axes[0]


def test_a_row_stands_below_the_one_before_and_an_intervention_half_a_row_apart(axes):
    assert axes.get_yticks().tolist() == [0, 1, 2, 3.5]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "Elm (40)",
        "Oak",
        "All: Mentor (52)",
        "Elm (30)",
    ]


def test_schools_and_all_together_each_have_their_dot_and_a_school_without_a_figure_none(axes):
    assert offsets_of(axes) == [[[0.02, 0], [-0.01, 3.5]], [[-0.018, 2]]]


def test_the_look_of_all_together_is_its_verdict_s_whatever_else_is_said_of_it(axes):
    colours = [to_hex(each.get_edgecolor()[0]) for each in dots_of(axes)]
    assert colours == [A_SCHOOL.colour.lower(), LOOKS["likely worse"].colour.lower()]


def test_where_the_next_school_would_lie_is_drawn_of_all_together_alone(axes):
    lines = [each for each in axes.collections if isinstance(each, LineCollection)]
    ranges = [segment.tolist() for each in lines for segment in each.get_segments()]
    assert ranges == [
        [[-0.05, 2], [0.01, 2]],
        [[-0.01, 0], [0.05, 0]],
        [[-0.03, 3.5], [0.01, 3.5]],
        [[-0.034, 2], [-0.002, 2]],
    ]


def test_a_chart_is_as_high_as_its_rows_and_of_none_as_high_as_one(monkeypatch):
    _, (wide, _) = figure_of(monkeypatch, forest, lambda: forest_chart("pooled", "What helped?", ROWS))
    assert wide == pytest.approx(0.7 + 0.2 * 4.5)
    _, (none, _) = figure_of(monkeypatch, forest, lambda: forest_chart("pooled", "What helped?", ROWS[:0]))
    assert none == pytest.approx(0.7 + 0.2)
