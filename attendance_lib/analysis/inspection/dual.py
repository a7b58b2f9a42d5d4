"""Pupils registered at two schools: what one school's register can tell of the other's (D)."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.runs import SchoolDays
from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import (
    first_to_last,
    in_register,
    no_things,
    runs_found,
    things_of,
)
from attendance_lib.analysis.inspection.words import in_days, in_sessions
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import DUAL_REGISTERED
from attendance_lib.rules.enrolment import DUAL, SINGLE
from attendance_lib.rules.inspection import ARRANGEMENT_DAYS

STATUS = "enrolment_status"


def knows_status(scope: Scope) -> bool:
    """Whether the pupils file says whose registration is single and whose dual."""
    return STATUS in scope.register.pupils and bool(scope.register.pupils[STATUS].notna().any())


def has_status(scope: Scope, *statuses: str) -> np.ndarray:
    """Return which enrolments have one of these statuses in the pupils file (boolean, shape (pupils,))."""
    if not knows_status(scope):
        return np.zeros(len(scope.register.pupils), dtype=bool)
    return scope.register.pupils[STATUS].isin(statuses).to_numpy(dtype=bool)


def dual_tallies(scope: Scope) -> pd.DataFrame:
    """Return each enrolment with D in the year: how many sessions the other school must have marked.

    The other school's register is not known here, so the count is the school's own half of the tally.
    """
    held = scope.holds(DUAL_REGISTERED)
    row = np.flatnonzero(held.any(axis=1))
    if not len(row):
        return no_things()
    mornings = (held[row] & scope.is_morning).sum(axis=1)
    total = held[row].sum(axis=1)
    detail = [
        f"D in {in_sessions(count)}: {morning:,} {SESSIONS[0]}, {count - morning:,} {SESSIONS[1]}"
        for count, morning in zip(total, mornings, strict=True)
    ]
    return things_of(scope, "dual_tally", in_register(scope, first_to_last(row, held[row])), detail)


def wrong_statuses(scope: Scope) -> pd.DataFrame:
    """Return each run of D of an enrolment that the pupils file has as the pupil's only one."""
    cells = scope.holds(DUAL_REGISTERED) & has_status(scope, SINGLE)[:, None]
    return runs_found(scope, "dual_status", cells, "D")


def dual_without_d(scope: Scope) -> pd.DataFrame:
    """Return each dual registered enrolment with no D in its last 20 school days or more of the year."""
    row = np.flatnonzero(has_status(scope, *DUAL))
    held = scope.holds(DUAL_REGISTERED)[row]
    later = ~np.logical_or.accumulate(held[:, ::-1], axis=1)[:, ::-1]
    since = later & scope.is_due[row]
    days = (SchoolDays(scope.year).count(since) > 0).sum(axis=1)
    is_long = days >= ARRANGEMENT_DAYS
    spans = in_register(scope, first_to_last(row[is_long], since[is_long]))
    return things_of(
        scope, "dual_without_d", spans, [f"No D on the last {in_days(count)}" for count in days[is_long]]
    )
