"""What the attendance of pupils as like as can be did over the same weeks, without the intervention."""

import numpy as np

from attendance_lib.analysis.impact.before_after import changes
from attendance_lib.analysis.impact.evaluate import Evaluation


def like_pupils_change(evaluation: Evaluation) -> float:
    """Return the mean change from the six weeks before to the six after of the nearest comparison pupils.

    Set beside the change of those treated it shows how much of that comes of itself: like them, these pupils were
    in a bad spell. A fraction of possible sessions; missing without an estimate.
    """
    if evaluation.expectation is None:
        return float("nan")
    sets, neighbours = evaluation.expectation.sets, evaluation.neighbours
    change = np.full(len(sets.week), np.nan)
    for week in sets.weeks:
        here = sets.week == week
        change[here] = changes(evaluation.question.counts, int(week), sets.enrolment[here].astype(int))
    around = change[neighbours.rows]
    known = neighbours.is_true & np.isfinite(around)
    of_each = np.where(known, around, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return float(of_each[known.any(axis=1)].mean()) if known.any() else float("nan")
