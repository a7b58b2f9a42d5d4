"""Headline figures over each span."""

from datetime import date

import pytest

from attendance_lib.analysis.headline import YEAR_ONLY, headline_figures
from attendance_lib.pack.periods import Periods


@pytest.fixture(scope="module")
def figures(make_register):
    pupil = {"marks": {"2026-11-02": "I L", "2026-10-12": "U \\", "2025-11-03": "O O"}}
    return headline_figures(
        Periods(make_register(pupil, {}, first="2025-09-08"), date(2026, 11, 2), date(2026, 11, 13))
    )


@pytest.mark.parametrize(
    ("name", "span", "expected"),
    [
        # Two pupils, 20 sessions a fortnight each; 90 sessions each in the year to date.
        ("attendance_rate", "current", 39 / 40),
        ("late_before_close_sessions", "current", 1),
        ("late_after_close_sessions", "previous", 1),
        ("unauthorised_absence_rate", "last_year", 2 / 40),
        ("attendance_rate", "year_to_date", 178 / 180),
        ("persistent_absence_rate", "year_to_date", 0),
    ],
)
def test_each_span_has_its_own_figures(figures, name, span, expected):
    assert figures.loc[name, span] == expected


def test_persistent_absence_is_not_made_for_a_fortnight(figures):
    assert figures.loc[list(YEAR_ONLY), ["current", "previous", "last_year"]].isna().all(axis=None)
