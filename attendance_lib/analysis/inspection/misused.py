"""Codes used where they do not belong: withdrawn, in the wrong half of the day, or for a pupil or season they are not for."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import (
    forms_found,
    in_register,
    marks_found,
    no_things,
    one_thing,
    only,
    placed,
    runs_found,
    together,
)
from attendance_lib.analysis.inspection.words import in_marks, in_pupils, in_year
from attendance_lib.register.grid import LETTER_OF_CELL
from attendance_lib.rules.codes import CODES, LATE_BEFORE_CLOSE, RECORDS_BEGIN, SITE_CLOSED, Category
from attendance_lib.rules.inspection import EXAM_MONTHS, STUDY_LEAVE_FROM_YEAR, WORK_EXPERIENCE_FROM_YEAR

MORNING, AFTERNOON = "/", "\\"


def obsolete_codes(scope: Scope) -> pd.DataFrame:
    """Return each mark whose code was not in force on its date, and when it was."""
    found = scope.year.categories == Category.UNCLASSIFIED
    letters = [LETTER_OF_CELL[cell] for cell in scope.year.codes[found]]
    return marks_found(
        scope, "obsolete_code", found, np.array([in_force(letter) for letter in letters], dtype=object)
    )


def in_force(letter: str) -> str:
    """Say when a code was or is in force.

    Examples
    --------
    >>> in_force("H"), in_force("C2")
    ('H, in force to 18 Aug 2024', 'C2, in force from 19 Aug 2024')
    """
    code = next(each for each in CODES if each.letter == letter)
    if code.from_date > RECORDS_BEGIN:
        return f"{letter}, in force from {in_year(code.from_date)}"
    return f"{letter}, in force to {in_year(code.to_date)}"


def wrong_half_days(scope: Scope) -> pd.DataFrame:
    r"""Return each form's sessions with ``/`` in the afternoon or ``\`` in the morning.

    One thing only where the export never tells them apart, for then it is the export that is to be corrected.
    """
    rule, morning, afternoon = "wrong_half_day", scope.holds(MORNING), scope.holds(AFTERNOON)
    wrong = (morning & ~scope.is_morning) | (afternoon & scope.is_morning)
    if wrong.any() and not (morning.any() and afternoon.any()):
        used = MORNING if morning.any() else AFTERNOON
        return one_thing(
            rule, f"The export has {used} in mornings and afternoons alike: {in_marks(int(wrong.sum()))}"
        )
    found = [
        forms_found(scope, rule, wrong & held, used)
        for used, held in ((MORNING, morning), (AFTERNOON, afternoon))
    ]
    return together(found)


def closure_codes(scope: Scope) -> pd.DataFrame:
    """Return each form's sessions marked closed (#) or not yet on roll (Z) though open, for pupils on roll."""
    return forms_found(scope, "closure_code_open", scope.holds("#", "Z"), "# or Z")


def sites_closed(scope: Scope) -> pd.DataFrame:
    """Return each session with Y4, the whole site closed, in which others were present; who is alone in either is named."""
    closed, present = scope.holds(SITE_CLOSED), scope.holds(MORNING, AFTERNOON, LATE_BEFORE_CLOSE)
    shut, there = closed.sum(axis=0), present.sum(axis=0)
    (column,) = np.nonzero((shut > 0) & (there > 0))
    if not len(column):
        return no_things()
    spans = pd.DataFrame({"first": column, "last": column})
    fewer = [min(closed[:, at], present[:, at], key=np.sum) for at in column]
    return placed(scope, "whole_site_closed", in_register(scope, spans)).assign(
        form=[only(scope.form_names[rows]) for rows in fewer],
        pupil_id=[only(scope.pupil_ids[rows]) for rows in fewer],
        detail=[f"Y4 for {in_pupils(shut[at])}; {in_pupils(there[at])} present" for at in column],
    )


def wrong_ages(scope: Scope) -> pd.DataFrame:
    """Return each run of X for a pupil of compulsory school age, and of C2 for one who is not."""
    of_age = scope.is_of_age[:, scope.before :]
    x = runs_found(scope, "x_of_school_age", scope.holds("X") & of_age, "X")
    c2 = runs_found(scope, "c2_not_of_school_age", scope.holds("C2") & ~of_age, "C2")
    return together([x, c2])


def wrong_years(scope: Scope) -> pd.DataFrame:
    """Return each run of W below Year 10, of S below Year 11, and of S outside April to July."""
    study, first, last = scope.holds("S"), *EXAM_MONTHS
    in_season = scope.year.sessions["date"].dt.month.between(first, last).to_numpy()
    young = below_year(scope, STUDY_LEAVE_FROM_YEAR)
    work = scope.holds("W") & below_year(scope, WORK_EXPERIENCE_FROM_YEAR)
    return together(
        [
            runs_found(scope, "work_experience_year", work, "W"),
            runs_found(scope, "study_leave_year", study & young, "S"),
            runs_found(scope, "study_leave_season", study & ~young & ~in_season, "S"),
        ]
    )


def travelling(scope: Scope) -> pd.DataFrame:
    """Return each run of T: a parent's travelling for work is for the school to have evidence of."""
    return runs_found(scope, "travelling", scope.holds("T"), "T")


def below_year(scope: Scope, year_group: int) -> np.ndarray:
    """Return which enrolments are below a year group; an unknown one is not (boolean, shape (pupils, 1))."""
    below = (scope.year.pupils["year_group"] < year_group).fillna(value=False)
    return below.to_numpy(dtype=bool)[:, None]
