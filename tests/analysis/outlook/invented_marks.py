"""Weeks of marks written down for a few pupils."""

import numpy as np

from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks


def known_of(absent, possible, ahead=None, years=None, now=None, ill=None):
    absent, possible = np.array(absent), np.array(possible)
    years = np.array(years if years is not None else [1] * absent.shape[1])
    ahead = np.zeros_like(absent) if ahead is None else np.array(ahead)
    ill = np.zeros_like(absent) if ill is None else np.array(ill)
    return Known(absent, possible, years, absent.shape[1] - 1 if now is None else now, ill, ahead)


def marks_of(absent, possible, years, now, changes=(), ill=None):
    absent, possible = np.array(absent), np.array(possible)
    ill = np.zeros_like(absent) if ill is None else np.array(ill)
    return WeeklyMarks(
        absent, ill, possible, np.full(absent.shape, 10), np.ones(absent.shape, dtype=bool), np.array(years), now,
        np.zeros(len(absent), dtype=int), np.array(changes, dtype=np.int64).reshape(-1, 6),
    )  # fmt: skip


def two_years_of(absent, last_year=None):
    """Pupils with twenty sessions this year in two weeks, and sixty last year."""
    this = np.array([[each, 0] for each in absent])
    before = np.array([[each, 0] for each in (last_year or [0] * len(absent))])
    possible = np.tile([60, 0, 20, 0], (len(absent), 1))
    return known_of(
        np.hstack([before, this]), possible, np.tile([0, 0, 0, 10], (len(absent), 1)), [1, 1, 2, 2], 2
    )
