"""Forms in which something happens far more often than in the others: N, and marks amended long after."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.amended import long_after
from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import first_to_last, form_things
from attendance_lib.analysis.inspection.words import in_marks
from attendance_lib.register.grid import FIRST_CODE
from attendance_lib.rules.codes import NO_REASON_YET
from attendance_lib.rules.inspection import FAR_MORE_OFTEN, FAR_MORE_PUPILS, FAR_MORE_TIMES


def forms_often_n(scope: Scope) -> pd.DataFrame:
    """Return each form with N in ten marks of the year or more, at three times the rate of the other forms or more."""
    return far_more_often(scope, "n_often", scope.holds(NO_REASON_YET), "N in")


def forms_often_amended(scope: Scope) -> pd.DataFrame:
    """Return each form with ten marks or more amended after their fifth school day, at three times the others' rate."""
    edits = long_after(scope)
    cells = np.zeros(scope.year.codes.shape, dtype=bool)
    cells[edits["row"], edits["column"] - scope.before] = True
    return far_more_often(scope, "amended_often", cells, "Amended after the fifth school day:")


def far_more_often(scope: Scope, rule: str, cells: np.ndarray, what: str) -> pd.DataFrame:
    """Return a thing to fix for each form in which cells of the year (boolean, shape (pupils, sessions)) are far more frequent.

    From the first to the last session with one; the rate is of the marks that there are. One or two pupils'
    absence is no habit of a form: three or more have such marks.
    """
    found, marks = scope.by_form(cells), scope.by_form(scope.year.codes >= FIRST_CODE)
    count, of = found.sum(axis=1), marks.sum(axis=1)
    pupils = np.bincount(scope.forms[0], weights=cells.any(axis=1))
    row = np.flatnonzero(is_far_more(count, of) & (pupils >= FAR_MORE_PUPILS))
    detail = [f"{what} {each}" for each in in_comparison(count, of, row)]
    return form_things(scope, rule, first_to_last(row, found[row] > 0), detail)


def is_far_more(count: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return which forms have far more than the others together: ten or more, and three times their rate or more.

    Examples
    --------
    >>> is_far_more(np.array([10, 3, 4]), np.array([100, 110, 100])).tolist()
    [True, False, False]
    >>> is_far_more(np.array([10]), np.array([100])).tolist()
    [False]
    """
    others, of_others = count.sum() - count, of.sum() - of
    return (count >= FAR_MORE_TIMES) & (of_others > 0) & (count * of_others >= FAR_MORE_OFTEN * others * of)


def in_comparison(count: np.ndarray, of: np.ndarray, rows: np.ndarray) -> Iterable[str]:
    """Yield a form's count of its marks beside that of all the others."""
    for row in rows:
        others, of_others = int(count.sum() - count[row]), int(of.sum() - of[row])
        yield f"{count[row]:,} of {in_marks(int(of[row]))}; in the other forms {others:,} of {of_others:,}"
