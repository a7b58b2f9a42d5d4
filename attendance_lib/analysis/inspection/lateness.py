"""Late marks against the minutes late and the time the register closed."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import marks_found, no_things, one_thing, together
from attendance_lib.analysis.inspection.words import in_marks
from attendance_lib.rules.codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE


def wrong_late_codes(scope: Scope) -> pd.DataFrame:
    """Return each L with more minutes than the register was open, and each U with fewer; as many may be either."""
    minutes = scope.minutes[:, scope.before :]
    after = scope.holds(LATE_BEFORE_CLOSE) & (minutes > scope.closes_after)
    before = scope.holds(LATE_AFTER_CLOSE) & (minutes < scope.closes_after)
    return together(
        [
            marks_found(scope, rule, cells, in_minutes(scope, letter, cells))
            for rule, letter, cells in (
                ("late_after_close", LATE_BEFORE_CLOSE, after),
                ("late_before_close", LATE_AFTER_CLOSE, before),
            )
        ]
    )


def in_minutes(scope: Scope, letter: str, cells: np.ndarray) -> np.ndarray:
    """Return the detail of each cell: its code, minutes late and when the register closed."""
    minutes = scope.minutes[:, scope.before :][cells]
    closes = np.broadcast_to(scope.closes_after, cells.shape)[cells]
    texts = (
        f"{letter} with {late:.0f} minutes; the register closed after {close:.0f}"
        for late, close in zip(minutes, closes, strict=True)
    )
    return np.array(list(texts), dtype=object)


def late_without_minutes(scope: Scope) -> pd.DataFrame:
    """Return each L and U without minutes late; one thing only where no minutes are exported at all."""
    rule = "late_without_minutes"
    late = scope.holds(LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE)
    unknown = late & np.isnan(scope.minutes[:, scope.before :])
    if not unknown.any():
        return no_things()
    if (unknown == late).all():
        return one_thing(rule, f"No minutes late are exported: {in_marks(int(late.sum()))} of L and U")
    after = scope.holds(LATE_AFTER_CLOSE)[unknown]
    return marks_found(scope, rule, unknown, np.where(after, "U without minutes", "L without minutes"))
