"""How a published figure is told beside the school's own."""

from dataclasses import replace
from datetime import date

import pytest

from attendance_lib.papers.shared import (
    beside_england,
    dates_told,
    england_label,
    england_on_a_card,
    figure_words,
    heading_of,
)
from attendance_lib.rules.benchmarks import Benchmark, Series

PERIOD = (date(2026, 11, 9), date(2026, 11, 20))
FIGURE = Benchmark(
    Series.DAILY, "secondary", "", "", "attendance_rate", "202627", "year to date", date(2026, 9, 7),
    date(2026, 11, 20), "92.5", "DfE", date(2026, 12, 3),
)  # fmt: skip
OLDER = replace(FIGURE, school_year="202526", first_date=date(2025, 9, 8), last_date=date(2025, 11, 21))
LATER = replace(OLDER, last_date=date(2026, 1, 9))


@pytest.mark.parametrize(
    ("figure", "label"),
    [
        (FIGURE, "England, daily, to 20 Nov 2026"),
        (replace(FIGURE, last_date=None), "England, daily, to 3 Dec 2026"),
        (replace(FIGURE, last_date=None, published=None), "England, daily"),
    ],
)
def test_a_card_names_the_day_that_england_s_figure_ends_on(figure, label):
    assert england_label(figure) == label
    assert [(each.label, each.value) for each in england_on_a_card(figure)] == [(label, 0.925)]


def test_a_card_without_a_figure_compares_with_nothing():
    assert england_on_a_card(None) == ()


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (FIGURE, "England, daily data, 7 Sep 2026 to 20 Nov 2026"),
        (
            OLDER,
            "England, daily data, 8 Sep 2025 to 21 Nov 2025 (older than the period: it ends on 21 Nov 2025)",
        ),
    ],
)
def test_an_older_figure_is_said_to_be_older(figure, words):
    assert figure_words(figure, PERIOD) == words


def test_a_figure_of_another_part_of_the_year_is_said_to_be_that_in_words_and_heading():
    """To 9 January of the year before beside a year to 20 November: five more weeks of winter."""
    assert figure_words(LATER, PERIOD).endswith("; another part of the year)")
    assert heading_of("England", [LATER], PERIOD[1]) == "England, year to 9 Jan 2026"
    assert heading_of("England", [OLDER, None], PERIOD[1]) == "England"


def test_only_the_measures_of_other_days_than_most_are_named():
    figures = {"Persistent absence (10% or more missed)": LATER, "Attendance": OLDER, "Absence": OLDER}
    assert dates_told(figures, PERIOD) == (
        f"{figure_words(OLDER, PERIOD)}; persistent absence: {figure_words(LATER, PERIOD)}"
    )


def test_no_figure_has_no_dates():
    assert dates_told({}, PERIOD) == ""


@pytest.mark.parametrize(
    ("ours", "words"),
    [
        (0.94, "1.5 points above"),
        (0.9, "2.5 points below"),
        (0.9252, "the same as"),
    ],
)
def test_the_side_on_which_the_school_stands_is_told(ours, words):
    assert f"{words} England's 92.5% (England, daily data, 7 Sep 2026 to 20 Nov 2026)." in beside_england(
        ours, FIGURE, PERIOD
    )


@pytest.mark.parametrize(("ours", "figure"), [(0.9, None), (None, FIGURE), (float("nan"), FIGURE)])
def test_nothing_stands_beside_what_is_missing(ours, figure):
    assert beside_england(ours, figure, PERIOD) == ""
