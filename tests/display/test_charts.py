"""Charts: the words say the figures, the picture is the same twice, nothing is left behind."""

import re
from base64 import b64decode
from functools import cache

import matplotlib
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib._pylab_helpers import Gcf

from attendance_lib.display import charts
from attendance_lib.display.html import fragment
from attendance_lib.display.pdf import print_block
from tests.display.chart_tables import CELLS, GROUPS, WEEKS


def test_a_suppressed_group_is_left_out_of_the_words():
    words = charts.describe_group_gaps(GROUPS, 0.915)
    assert words.startswith(
        "Dot chart of 2 groups against the whole school (91.5%). Lowest: SEN, EHC plan 84.2% (−7.3 points)."
    )


NAMES = ("weekly_attendance", "group_gaps", "year_by_week", "bands_drawn")
LINES = pd.DataFrame({"label": ["Above 95%", "50% or below"], "now": [0.6, None], "then": [0.5, 0.1]})
NOW_AND_THEN = {"now": "This year", "then": "Last year"}


@cache
def drawn_once():
    return {chart.name: chart for chart in drawn()}


def drawn():
    return [
        charts.weekly_attendance_chart(WEEKS),
        charts.group_gap_chart(GROUPS, 0.915),
        charts.year_by_week_heatmap(CELLS),
        charts.beside_chart("bands_drawn", "How is it spread?", LINES, NOW_AND_THEN),
    ]


def test_charts_are_the_same_twice_and_leave_no_state_behind():
    settings = dict(matplotlib.rcParams)
    pictures = [(chart.svg, chart.narrow) for chart in drawn_once().values()]
    assert [(chart.svg, chart.narrow) for chart in drawn()] == pictures
    assert dict(matplotlib.rcParams) == settings
    assert Gcf.get_all_fig_managers() == []


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_only_paths_without_date_or_address(name):
    chart = drawn_once()[name]
    assert chart.svg.startswith("<svg ")
    assert "<text" not in chart.svg
    assert "<metadata" not in chart.svg
    assert "matplotlib.org" not in chart.svg
    assert "<!--" not in chart.svg


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_drawn_a_second_time_for_a_screen_of_360_pixels_with_letters_of_11(name):
    narrow = drawn_once()[name].narrow
    width = float(re.search(r'viewBox="0 0 ([\d.]+) ', narrow)[1])
    sizes = [100 * float(scale) for scale in re.findall(r"scale\((0\.\d+) -", narrow)]
    # The page leaves 12 pixels on either side.
    assert min(sizes) * (360 - 2 * 12) / width >= 11


def test_a_page_shows_the_narrow_picture_where_there_is_no_room_and_a_notebook_and_the_pdf_never():
    chart = drawn_once()["group_gaps"]
    page = fragment(chart.payload())
    (source,) = BeautifulSoup(page, "html.parser").select("figure picture > source")
    assert source["media"] == "screen and (max-width:40rem)"
    assert b64decode(source["srcset"].partition(",")[2]).decode() == chart.narrow
    assert "<source" not in chart._repr_mimebundle_()["text/html"]
    assert print_block(chart.payload())["svg"] == chart.svg
    assert "narrow" not in print_block(chart.payload())


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_carries_its_table(name):
    chart = drawn_once()[name]
    assert chart.table.name == chart.name
    assert chart.table.payload()["rows"]


@pytest.mark.parametrize(
    ("describe", "words"),
    [
        (
            lambda: charts.describe_weekly_attendance(WEEKS.head(0)),
            "Line chart without a week of attendance.",
        ),
        (lambda: charts.describe_group_gaps(GROUPS.head(0), 0.9), "Dot chart without a group to show."),
        (lambda: charts.describe_year_by_week(CELLS.head(0)), "Grid of attendance without a figure."),
        (lambda: charts.describe_beside(LINES.head(0), NOW_AND_THEN), "Bar chart, % of pupils."),
    ],
)
def test_nothing_to_show_is_said(describe, words):
    assert describe() == words


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.weekly_attendance_chart(WEEKS.head(0)),
        lambda: charts.group_gap_chart(GROUPS.head(0), 0.9),
        lambda: charts.year_by_week_heatmap(CELLS.head(0)),
        lambda: charts.beside_chart("bands_drawn", "How?", LINES.head(0), NOW_AND_THEN),
        lambda: charts.year_by_week_heatmap(CELLS.assign(attendance_rate=None)),
        lambda: charts.weekly_attendance_chart(WEEKS.assign(last_year_rate=None)),
    ],
)
def test_a_chart_is_drawn_with_little_or_nothing_to_show(draw):
    assert draw().svg.startswith("<svg ")
