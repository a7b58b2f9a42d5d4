"""Rounding at its boundaries, signs, plurals and dates."""

from datetime import date, datetime

import numpy as np
import pytest

from attendance_lib.display import format as text
from attendance_lib.display.kinds import Kind


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (1 / 80, "1.3%"),  # 1.25 exactly: half to even would say 1.2
        (1829 / 2000, "91.5%"),  # 91.45 exactly
        (0.91449999, "91.4%"),
        (0.9145000001, "91.5%"),
        (0.0005, "0.1%"),
        (0.00049999, "0.0%"),
        (0.99949, "99.9%"),
        (0.9995, "100.0%"),
        (0, "0.0%"),
        (1, "100.0%"),
        (np.float64(0.285), "28.5%"),
        (None, "–"),
    ],
)
def test_percent_rounds_half_up_once(rate, shown):
    assert text.format_percent(rate) == shown


@pytest.mark.parametrize(
    ("difference", "shown"),
    [(0.0125, "+1.3"), (-0.0125, "−1.3"), (0.0004, "0.0"), (-0.0004, "0.0"), (-0.0005, "−0.1"), (None, "–")],
)
def test_points_carry_a_real_sign_and_never_minus_zero(difference, shown):
    assert text.format_points(difference) == shown


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (0.006, "up 0.6 percentage points"),
        (-0.012, "down 1.2 percentage points"),
        (-0.0004, "unchanged"),
        (None, "not comparable"),
    ],
)
def test_a_change_reads_as_words(difference, words):
    assert text.format_change(difference) == words


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ((0, "pupil"), "0 pupils"),
        ((1, "pupil"), "1 pupil"),
        ((1234, "session"), "1,234 sessions"),
        ((1, "child", "children"), "1 child"),
        ((2, "child", "children"), "2 children"),
        ((-1500,), "−1,500"),
        ((None, "pupil"), "–"),
    ],
)
def test_counts_agree_with_their_noun(arguments, shown):
    assert text.format_count(*arguments) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(12.0, "12"), (2.25, "2.3"), (2.04, "2"), (1234.5, "1,234.5"), (None, "–")]
)
def test_numbers_are_whole_when_they_are_whole(value, shown):
    assert text.format_number(value) == shown


@pytest.mark.parametrize("day", ["2026-11-20", date(2026, 11, 20), datetime(2026, 11, 20, 8, 40)])
def test_dates_read_in_three_lengths(day):
    shown = (text.format_weekday(day), text.format_date(day), text.format_short_date(day))
    assert shown == ("Fri 20 Nov", "20 November 2026", "20 Nov 26")


def test_missing_dates_are_a_dash():
    assert {text.format_weekday(None), text.format_date(None), text.format_short_date(None)} == {"–"}


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (True, Kind.FLAG, "Yes"),
        (False, Kind.FLAG, "No"),
        (None, Kind.FLAG, "–"),
        ("", Kind.TEXT, "–"),
        ("=1+1", Kind.TEXT, "=1+1"),
        ((0.94, None, 0.885), Kind.SPARK, "94, –, 89%"),
        ((None, None), Kind.SPARK, "–"),
        (None, Kind.SPARK, "–"),
    ],
)
def test_each_kind_has_its_text(value, kind, shown):
    assert text.format_value(value, kind) == shown


def test_every_kind_has_a_format():
    assert set(text.FORMATS) == set(Kind)


def test_a_figure_that_stands_alone_says_its_unit():
    assert (text.format_figure(0.006, "points"), text.format_figure(0.006, "rate")) == ("+0.6 points", "0.6%")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((0.94, 0.92, None, 0.88), "4 weeks, oldest first: 94, 92, –, 88%; down 6 points"),
        ((None, 0.5, 0.75), "3 weeks, oldest first: –, 50, 75%; up 25 points"),
        ((0.9, 0.9), "2 weeks, oldest first: 90, 90%; no change"),
        ((None, None), "2 weeks without a session"),
    ],
)
def test_words_say_the_values_and_the_drift(values, words):
    assert text.describe_sparkline(values) == words
