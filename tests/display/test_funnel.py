"""A funnel of schools: a panel a phase, the limits of chance over pupils, and the names of those beyond them."""

import pandas as pd
import pytest
from matplotlib.collections import PolyCollection

from attendance_lib.display.charts import funnel
from attendance_lib.display.charts.funnel import describe_funnel, funnel_chart
from tests.display.figures import figure_of, offsets_of

ROWS = pd.DataFrame(
    [
        ("Primary", "Elm", 100, 0.04, True),
        ("Secondary", "Yew", 900, -0.001, False),
        ("Primary", "Oak", 400, 0.002, False),
    ],
    columns=["phase", "school", "enrolments", "gap_rate", "is_beyond"],
)


def limit(phase, pupils):
    """Chance alone: 0.2 over the square root of the pupils, twice as much in secondary schools."""
    return (0.2 if phase == "Primary" else 0.4) / pupils**0.5


@pytest.fixture
def panels(monkeypatch):
    figure, _ = figure_of(monkeypatch, funnel, lambda: funnel_chart("funnel", "Who differs?", ROWS, limit))
    return figure.axes


def test_each_phase_has_a_panel_with_its_schools_alone(panels):
    assert [axes.get_title() for axes in panels] == ["Primary", "Secondary"]
    assert [offsets_of(axes) for axes in panels] == [
        [[[400, 0.002]], [[100, 0.04]]],
        [[[900, -0.001]]],
    ]


def test_the_limits_are_those_of_so_many_pupils_and_of_the_phase(panels):
    for axes, phase, least, most in zip(
        panels, ("Primary", "Secondary"), (60, 540), (540, 1215), strict=True
    ):
        (band,) = (each for each in axes.collections if isinstance(each, PolyCollection))
        corners = band.get_paths()[0].vertices
        assert axes.get_xlim() == (least, most)
        for pupils in (least, most):
            heights = corners[corners[:, 0] == pupils, 1]
            assert {round(abs(height), 9) for height in heights} == {round(limit(phase, pupils), 9)}


def test_both_panels_reach_as_far_as_the_widest_of_schools_and_of_limits_at_them(panels):
    # Elm's 0.04 is more than any limit at a school: 0.02 at 100 pupils, 0.01 at 400, 0.0133 at 900.
    for axes in panels:
        assert axes.get_ylim() == pytest.approx((-1.15 * 0.04, 1.15 * 0.04))


def test_schools_beyond_chance_alone_are_named(panels):
    assert [[text.get_text() for text in axes.texts] for axes in panels] == [["Elm"], []]


def test_words_say_when_no_school_lies_beyond_and_when_every_school_does():
    within = ROWS.assign(is_beyond=False)
    assert describe_funnel(within).endswith("All lie within what chance explains.")
    beyond = describe_funnel(ROWS[:1])
    assert beyond.endswith("Beyond what chance explains: Elm +4.0 points.")
