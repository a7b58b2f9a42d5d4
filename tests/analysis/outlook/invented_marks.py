"""Weeks of marks written down for a few pupils."""

import numpy as np

from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks


def known_of(absent, possible, ahead=None, years=None, now=None):
    absent, possible = np.array(absent), np.array(possible)
    years = np.array(years if years is not None else [1] * absent.shape[1])
    ahead = np.zeros_like(absent) if ahead is None else np.array(ahead)
    return Known(absent, possible, ahead, years, absent.shape[1] - 1 if now is None else now)


def marks_of(absent, possible, years, now, changes=()):
    absent, possible = np.array(absent), np.array(possible)
    return WeeklyMarks(
        absent, possible, np.full(absent.shape, 10), np.ones(absent.shape, dtype=bool), np.array(years), now,
        np.zeros(len(absent), dtype=int), np.array(changes, dtype=np.int64).reshape(-1, 5),
    )  # fmt: skip


def two_years_of(absent, last_year=None):
    """Pupils with twenty sessions this year in two weeks, and sixty last year."""
    this = np.array([[each, 0] for each in absent])
    before = np.array([[each, 0] for each in (last_year or [0] * len(absent))])
    possible = np.tile([60, 0, 20, 0], (len(absent), 1))
    return Known(
        np.hstack([before, this]),
        possible,
        np.tile([0, 0, 0, 10], (len(absent), 1)),
        np.array([1, 1, 2, 2]),
        2,
    )
