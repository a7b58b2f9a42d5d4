"""Whole classes: one code for everybody, and nobody absent or late for days."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import form_runs, form_things, together
from attendance_lib.analysis.inspection.words import in_pupils, in_sessions
from attendance_lib.register import MISSING, cell_of
from attendance_lib.register.grid import FIRST_CODE, LETTER_OF_CELL
from attendance_lib.rules.inspection import (
    BULK_PUPILS,
    FULL_CLASS_PUPILS,
    FULL_CLASS_SESSIONS,
    WHOLE_CLASS_CODES,
)


def bulk_codes(scope: Scope) -> pd.DataFrame:
    r"""Return each run of sessions in which everybody in a form has the same code, other than / \ and closures."""
    shared = shared_cells(scope)
    used = [LETTER_OF_CELL[cell] for cell in np.unique(shared) if cell >= FIRST_CODE]
    found = [bulk_code(scope, letter, shared) for letter in used if letter not in WHOLE_CLASS_CODES]
    return together(found)


def shared_cells(scope: Scope) -> np.ndarray:
    """Return the cell that all pupils of a form have in a session; 0 where they differ or are few (shape (forms, sessions))."""
    codes, due = scope.year.codes, scope.is_due
    least = scope.reduce_forms(np.minimum, np.where(due, codes, np.iinfo(np.uint8).max), np.uint8)
    most = scope.reduce_forms(np.maximum, np.where(due, codes, MISSING), np.uint8)
    return np.where((least == most) & (scope.by_form(due) >= BULK_PUPILS), most, MISSING)


def bulk_code(scope: Scope, letter: str, shared: np.ndarray) -> pd.DataFrame:
    """Return the runs of one code."""
    runs = form_runs(scope, shared == cell_of(letter))
    pupils = scope.by_form(scope.is_due)[runs["row"], runs["first"]]
    detail = [
        f"{letter} for all {in_pupils(count)} in {in_sessions(hits)}"
        for count, hits in zip(pupils, runs["hits"], strict=True)
    ]
    return form_things(scope, "bulk_code", runs, detail)


def full_classes(scope: Scope) -> pd.DataFrame:
    """Return each run of 10 sessions or more in which everybody in a form of 10 or more is present and in time."""
    due = scope.by_form(scope.is_due)
    present = scope.by_form(scope.holds("/", "\\"))
    runs = form_runs(scope, (present == due) & (due >= FULL_CLASS_PUPILS))
    runs = runs[runs["hits"] >= FULL_CLASS_SESSIONS]
    pupils = due[runs["row"], runs["first"]]
    detail = [
        f"All {in_pupils(count)} present in {in_sessions(hits)} in a row"
        for count, hits in zip(pupils, runs["hits"], strict=True)
    ]
    return form_things(scope, "full_class", runs, detail)
