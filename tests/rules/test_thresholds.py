"""Limits of absence on both sides and on the line: from a table, and against exact fractions up to 400 sessions."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from attendance_lib.rules.thresholds import AT_RISK, PERSISTENT_ABSENCE, SEVERE_ABSENCE

SPEC = pd.read_csv(
    Path(__file__).parents[1] / "spec" / "absence.txt",
    sep=r"\s*\|\s*",
    engine="python",
    keep_default_na=False,
)
COUNTS = list(zip(SPEC["absent"], SPEC["possible"], strict=True))
LIMITS = {PERSISTENT_ABSENCE: Fraction(1, 10), SEVERE_ABSENCE: Fraction(1, 2), AT_RISK: Fraction(1, 20)}
MOST_SESSIONS = 400


def every_count(most):
    """Each possible number of absent and possible sessions: two arrays."""
    possible, absent = np.meshgrid(np.arange(most + 1), np.arange(most + 1), indexing="ij")
    is_real = absent <= possible
    return absent[is_real], possible[is_real]


@pytest.mark.parametrize(
    ("threshold", "column"),
    [(PERSISTENT_ABSENCE, "persistently absent"), (SEVERE_ABSENCE, "severely absent")],
)
def test_the_limits_are_met_as_the_table_says(threshold, column):
    assert ["yes" if threshold.is_met(absent, possible) else "no" for absent, possible in COUNTS] == SPEC[
        column
    ].tolist()


def test_at_risk_is_the_stretch_below_persistent_absence():
    at_risk = [AT_RISK.is_met(*counts) and not PERSISTENT_ABSENCE.is_met(*counts) for counts in COUNTS]
    assert ["yes" if each else "no" for each in at_risk] == SPEC["at risk"].tolist()


@pytest.mark.parametrize(
    ("threshold", "limit"), LIMITS.items(), ids=lambda each: getattr(each, "name", str(each))
)
def test_the_limit_is_exact_for_every_count_up_to_400_sessions(threshold, limit):
    absent, possible = every_count(MOST_SESSIONS)
    met = threshold.is_met(absent, possible)
    exactly = [
        whole > 0 and Fraction(part, whole) >= limit
        for part, whole in zip(absent.tolist(), possible.tolist(), strict=True)
    ]
    assert met.tolist() == exactly


@pytest.mark.parametrize("threshold", LIMITS)
def test_columns_and_single_counts_agree(threshold):
    column = threshold.is_met(SPEC["absent"], SPEC["possible"])
    assert column.tolist() == [bool(threshold.is_met(*counts)) for counts in COUNTS]


def met_after(threshold, missed, attended, absent, possible):
    return bool(threshold.is_met(absent + missed, possible + missed + attended))


@pytest.mark.parametrize("threshold", LIMITS)
def test_sessions_until_met_is_the_fewest_missed_that_meet_it(threshold):
    absent, possible = every_count(60)
    fewest = threshold.sessions_until_met(absent, possible)
    for part, whole, count in zip(absent.tolist(), possible.tolist(), fewest.tolist(), strict=True):
        assert met_after(threshold, count, 0, part, whole)
        assert count == 0 or not met_after(threshold, count - 1, 0, part, whole)


@pytest.mark.parametrize("threshold", LIMITS)
def test_sessions_to_leave_is_the_fewest_attended_that_bring_absence_below_it(threshold):
    absent, possible = every_count(60)
    fewest = threshold.sessions_to_leave(absent, possible)
    for part, whole, count in zip(absent.tolist(), possible.tolist(), fewest.tolist(), strict=True):
        assert not met_after(threshold, 0, count, part, whole)
        assert count == 0 or met_after(threshold, 0, count - 1, part, whole)


@pytest.mark.parametrize(
    ("absent", "possible", "until_met", "to_leave"),
    [
        (0, 0, 1, 0),
        (0, 9, 1, 0),
        (0, 10, 2, 0),
        (1, 10, 0, 1),
        (37, 380, 2, 0),
        (38, 380, 0, 1),
        (40, 380, 0, 21),
        (1, 1, 0, 10),
    ],
)
def test_sessions_to_persistent_absence_and_back_by_hand(absent, possible, until_met, to_leave):
    assert PERSISTENT_ABSENCE.sessions_until_met(absent, possible) == until_met
    assert PERSISTENT_ABSENCE.sessions_to_leave(absent, possible) == to_leave
