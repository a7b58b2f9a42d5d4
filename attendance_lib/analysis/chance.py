"""How far chance alone would move a rate, with pupils as the unit: sessions of one pupil are never taken as independent."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import normal_quantile, t_quantile

CONFIDENCE = 0.95
NORMAL = normal_quantile((1 + CONFIDENCE) / 2)


@dataclass(frozen=True)
class Interval:
    """The values that chance leaves open, in the unit of what is estimated (fractions); missing where nothing is known."""

    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Whether no change at all is among them; an unknown range holds it."""
        return not (self.low > 0 or self.high < 0)


UNKNOWN = Interval(float("nan"), float("nan"))


def wilson(count: int, whole: int) -> Interval:
    """Return Wilson's score interval for a share of pupils (fractions, 95 %).

    Source: Wilson (1927), Probable inference; recommended for small groups by Brown, Cai and DasGupta (2001).

    Examples
    --------
    >>> wilson(0, 10).high.__round__(4), wilson(5, 10).low.__round__(4)
    (0.2775, 0.2366)
    """
    if not whole:
        return UNKNOWN
    share, spread = count / whole, NORMAL * NORMAL / whole
    middle = (share + spread / 2) / (1 + spread)
    half = NORMAL * sqrt(share * (1 - share) / whole + spread / whole / 4) / (1 + spread)
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0))


def wilson_change(now: tuple[int, int], then: tuple[int, int]) -> Interval:
    """Return the interval for a share of pupils now less the share then, each given as count and whole.

    Notes
    -----
    Newcombe (1998), Interval estimation for the difference between independent proportions, method 10: made of the
    two Wilson intervals. Where many pupils are in both, the change is known better than it says; it errs
    on the side of not calling chance a change.

    Examples
    --------
    >>> change = wilson_change((56, 70), (48, 80))
    >>> round(change.low, 4), round(change.high, 4)
    (0.0524, 0.3339)
    """
    if not (now[1] and then[1]):
        return UNKNOWN
    here, there = wilson(*now), wilson(*then)
    share, before = now[0] / now[1], then[0] / then[1]
    change = share - before
    down = sqrt(np.square(share - here.low) + np.square(there.high - before))
    up = sqrt(np.square(here.high - share) + np.square(before - there.low))
    return Interval(change - down, change + up)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A rate, or a difference of rates, with what each pupil contributes to its uncertainty.

    ``pull`` is one number a pupil (index: the pupil's identifier): how far the rate would be from where it is if the
    pupil's sessions counted twice (scaled for small groups). Pupils in both of two rates cancel where they pull alike,
    so that a change in the same pupils' attendance is not judged as if they were strangers. ``pupils`` is the size
    of the smallest group that it rests on.
    """

    value: float
    pull: pd.Series
    pupils: int

    def __sub__(self, other: "Estimate") -> "Estimate":
        pull = self.pull.sub(other.pull, fill_value=0.0)
        return Estimate(self.value - other.value, pull, min(self.pupils, other.pupils))

    @property
    def interval(self) -> Interval:
        """The 95 % interval: Student's t on the pupils, from the spread of their pulls; unknown for fewer than two."""
        return self.interval_among(1)

    def interval_among(self, looked_at: int) -> Interval:
        """Return the interval of one of so many figures looked at together (Bonferroni): all of them hold with 95 %."""
        if self.pupils <= 1 or not np.isfinite(self.value):
            return UNKNOWN
        tail = (1 - CONFIDENCE) / looked_at / 2
        half = t_quantile(1 - tail, self.pupils - 1) * sqrt(float((self.pull**2).sum()))
        return Interval(self.value - half, self.value + half)


def attendance_estimate(counts: pd.DataFrame) -> Estimate:
    """Return the attendance of some pupils together: sessions over sessions, with each pupil's pull.

    Parameters
    ----------
    counts : pandas.DataFrame
        One row per enrolment: ``pupil_id``, ``attended_sessions`` and ``possible_sessions``.

    Returns
    -------
    Estimate
        Missing where nothing was possible. Two enrolments of one pupil pull together.

    Notes
    -----
    The linearised ratio of totals with pupils as clusters (Cochran, Sampling techniques, 6.4). It allows for as
    much more spread between pupils than coin tosses would show as there is, as a beta-binomial model does.

    Examples
    --------
    >>> of = pd.DataFrame({"pupil_id": ["a", "b"], "attended_sessions": [10, 6], "possible_sessions": [10, 10]})
    >>> estimate = attendance_estimate(of)
    >>> estimate.value, estimate.pull.round(4).tolist()
    (0.8, [0.1414, -0.1414])
    """
    by_pupil = counts.groupby("pupil_id")[["attended_sessions", "possible_sessions"]].sum()
    by_pupil = by_pupil[by_pupil["possible_sessions"] > 0]
    possible = float(by_pupil["possible_sessions"].sum())
    if not possible:
        return Estimate(float("nan"), pd.Series(dtype=float), 0)
    value, pupils = float(by_pupil["attended_sessions"].sum()) / possible, len(by_pupil)
    pull = (by_pupil["attended_sessions"] - value * by_pupil["possible_sessions"]) / possible
    return Estimate(value, pull * sqrt(pupils / max(pupils - 1, 1)), pupils)
