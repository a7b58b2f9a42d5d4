"""Gaps: registers not taken, marks missing, and sessions whose reason was never entered."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import (
    WHOLE_SCHOOL,
    first_to_last,
    form_runs,
    form_things,
    in_register,
    marks_found,
    things_of,
    together,
)
from attendance_lib.analysis.inspection.words import in_marks, in_sessions, in_year
from attendance_lib.analysis.reasons import unexplained
from attendance_lib.register import MISSING
from attendance_lib.register.grid import FIRST_CODE
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import NO_REASON_YET
from attendance_lib.rules.inspection import UNMARKED_DAYS

# What taking a register writes; other codes may have been entered ahead by the office.
TAKEN_CODES = ("/", "\\", "L", "N")
# One pupil without a mark is a missing mark, not a register.
FEWEST = 2


def untaken(scope: Scope) -> np.ndarray:
    """Return which registers were not taken: boolean, shape (forms, sessions).

    Nobody in the form has a mark that taking a register makes, and at least two pupils and half of those due have
    none at all.
    """
    missing, due = scope.by_form(scope.year.codes == MISSING), scope.by_form(scope.is_due)
    taken = scope.by_form(scope.holds(*TAKEN_CODES))
    return (missing >= FEWEST) & (2 * missing >= due) & (taken == 0)


def missing_registers(scope: Scope) -> pd.DataFrame:
    """Return each form's session of which the register was not taken; one row where no form's was."""
    rule, gone = "register_missing", untaken(scope)
    missing, due = scope.by_form(scope.year.codes == MISSING), scope.by_form(scope.is_due)
    nobody = (gone | (due == 0)).all(axis=0) & (gone.sum(axis=0) > 1)
    row, column = np.nonzero(gone & ~nobody)
    runs = pd.DataFrame({"row": row, "first": column, "last": column})
    detail = [f"{in_marks(missing[at])} missing of {due[at]} due" for at in zip(row, column, strict=True)]
    everywhere = form_runs(scope, np.where(np.arange(len(gone))[:, None] == 0, nobody, False))  # noqa: FBT003
    spans = zip(everywhere["first"], everywhere["last"], strict=True)
    total = [
        f"No form has a register: {in_marks(missing[:, first : last + 1].sum())} missing"
        for first, last in spans
    ]
    whole = form_things(scope, rule, everywhere, total).assign(form=WHOLE_SCHOOL)
    return together([whole, form_things(scope, rule, runs, detail)])


def missing_marks(scope: Scope) -> pd.DataFrame:
    """Return each mark that is missing where the rest of the register was taken."""
    before, after = unmarked_ends(scope)
    gone = forgotten(scope) & ~before & ~after
    gone[unmarked(scope)] = False
    return marks_found(scope, "mark_missing", gone, "No mark")


def forgotten(scope: Scope) -> np.ndarray:
    """Return which marks are missing from registers that were taken (boolean, shape (pupils, sessions))."""
    numbers, _ = scope.forms
    return (scope.year.codes == MISSING) & ~untaken(scope)[numbers]


def unmarked(scope: Scope) -> np.ndarray:
    """Return which enrolments have not one mark in the year though registers were taken (boolean, shape (pupils,))."""
    return forgotten(scope).any(axis=1) & ~(scope.year.codes >= FIRST_CODE).any(axis=1)


def unmarked_pupils(scope: Scope) -> pd.DataFrame:
    """Return each enrolment that is on roll and in no register of the year: one row from its first session due to its last."""
    row = np.flatnonzero(unmarked(scope))
    due = scope.is_due[row]
    detail = [f"No mark in {in_sessions(count)}" for count in due.sum(axis=1)]
    return things_of(scope, "pupil_unmarked", in_register(scope, first_to_last(row, due)), detail)


def unmarked_ends(scope: Scope) -> tuple[np.ndarray, np.ndarray]:
    """Return which missing marks come before an enrolment's first mark of the year, and which after its last.

    Boolean, shape (pupils, sessions) each; none where they are of fewer than five school days, or where the
    enrolment has no mark at all. Registers that were not taken say nothing of a pupil.
    """
    gone, marked = forgotten(scope), scope.year.codes >= FIRST_CODE
    has_begun = np.logical_or.accumulate(marked, axis=1)
    goes_on = np.logical_or.accumulate(marked[:, ::-1], axis=1)[:, ::-1]
    ends = (gone & ~has_begun & goes_on, gone & has_begun & ~goes_on)
    return tuple(end & (end.sum(axis=1) >= len(SESSIONS) * UNMARKED_DAYS)[:, None] for end in ends)


def unmarked_beginnings_and_ends(scope: Scope) -> pd.DataFrame:
    """Return each enrolment on roll for five school days or more before its first mark of the year, or after its last."""
    found = []
    for cells, when in zip(unmarked_ends(scope), ("before the first", "after the last"), strict=True):
        row = np.flatnonzero(cells.any(axis=1))
        spans = in_register(scope, first_to_last(row, cells[row]))
        detail = [
            f"No mark in {in_sessions(count)}, {when} mark of the year" for count in cells[row].sum(axis=1)
        ]
        found.append(things_of(scope, "marks_stop", spans, detail))
    return together(found)


def overdue_reasons(scope: Scope) -> pd.DataFrame:
    """Return each session still N after the fifth school day, the day of the session being day 0."""
    due = unexplained(scope.year, scope.calendar, scope.on)
    late = due[(due["what"] == NO_REASON_YET) & due["is_overdue"]]
    place = late["column"].to_numpy() + scope.before
    spans = pd.DataFrame({"row": late["row"].to_numpy(), "first": place, "last": place})
    detail = [f"N; a reason was due by {in_year(day)}" for day in late["deadline_date"].to_numpy()]
    return things_of(scope, "n_overdue", spans, detail).assign(known_date=late["deadline_date"].to_numpy())


def reasons_before_holiday(scope: Scope) -> pd.DataFrame:
    """Return each N on the last day of a half term."""
    calendar = scope.calendar.open_sessions
    last_days = calendar.groupby("half_term")["date"].max()
    is_last = scope.year.sessions["date"].isin(last_days).to_numpy()
    return marks_found(
        scope, "n_before_holiday", scope.holds(NO_REASON_YET) & is_last, "N on the last day of a half term"
    )
