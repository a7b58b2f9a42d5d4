"""What comparing the pupils' own attendance before and after would have said, to be shown beside the estimate."""

from dataclasses import dataclass

import numpy as np

from attendance_lib.analysis.distributions import t_quantile
from attendance_lib.analysis.impact.risk_sets import RiskSets
from attendance_lib.analysis.impact.week_counts import WeekCounts

NAIVE_WEEKS = 6
CONFIDENCE = 0.95
FEWEST = 2


@dataclass(frozen=True)
class BeforeAfter:
    """Mean change in the same pupils' attendance from the six weeks before to the six after (fractions), with its range.

    Pupils are chosen because of a bad spell, and a bad spell ends: most of such a change comes of itself.
    """

    change: float
    low: float
    high: float
    se: float


def before_and_after(counts: WeekCounts, sets: RiskSets) -> BeforeAfter:
    """Compare the treated pupils' attendance in the six school weeks before and after their start.

    Returns
    -------
    BeforeAfter
        With the 95 % range of a paired t; no range for one pupil.
    """
    rows, weeks = sets.enrolment[sets.is_treated], sets.week[sets.is_treated]
    change = np.concatenate([changes(counts, int(week), rows[weeks == week]) for week in np.unique(weeks)])
    change = change[np.isfinite(change)]
    mean = float(change.mean()) if len(change) else float("nan")
    if len(change) < FEWEST:
        return BeforeAfter(mean, float("nan"), float("nan"), float("nan"))
    se = float(change.std(ddof=1) / np.sqrt(len(change)))
    reach = se * t_quantile((1 + CONFIDENCE) / 2, len(change) - 1)
    return BeforeAfter(mean, mean - reach, mean + reach, se)


def changes(counts: WeekCounts, week: int, rows: np.ndarray) -> np.ndarray:
    """Return the change in some enrolments' attendance rate about the beginning of a week (fractions, shape (rows,))."""
    before, after = (
        rates(counts, span)[rows]
        for span in ((week - NAIVE_WEEKS, week), (week, min(week + NAIVE_WEEKS, len(counts.weeks))))
    )
    return after - before


def rates(counts: WeekCounts, span: tuple[int, int]) -> np.ndarray:
    """Return each enrolment's attendance rate over a span of weeks (fractions, shape (enrolments,)); NaN where none is possible."""
    possible = counts.total("possible", *span)
    return 1 - counts.total("absence", *span) / np.where(possible > 0, possible, np.nan)
