"""The whole inspection: every check in turn, and what each found."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.amended import amended_together
from attendance_lib.analysis.inspection.classes import bulk_codes, full_classes
from attendance_lib.analysis.inspection.dual import (
    dual_tallies,
    dual_without_d,
    knows_status,
    wrong_statuses,
)
from attendance_lib.analysis.inspection.edits import edits_near_threshold
from attendance_lib.analysis.inspection.gaps import (
    missing_marks,
    missing_registers,
    overdue_reasons,
    reasons_before_holiday,
    unmarked_beginnings_and_ends,
    unmarked_pupils,
)
from attendance_lib.analysis.inspection.lasting import (
    days_in_a_row,
    long_arrangements,
    long_leave,
    long_suspensions,
    unauthorised_runs,
    year_of_illness,
    year_of_suspensions,
)
from attendance_lib.analysis.inspection.lateness import late_without_minutes, wrong_late_codes
from attendance_lib.analysis.inspection.misplaced import intake_things, misplaced_marks
from attendance_lib.analysis.inspection.misused import (
    closure_codes,
    obsolete_codes,
    sites_closed,
    travelling,
    wrong_ages,
    wrong_half_days,
    wrong_years,
)
from attendance_lib.analysis.inspection.often import forms_often_amended, forms_often_n
from attendance_lib.analysis.inspection.rounded import rounded_minutes
from attendance_lib.analysis.inspection.school_year import is_whole, school_year_sessions
from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.taking import knows_when_taken, late_registers
from attendance_lib.analysis.inspection.teachers import teachers_of
from attendance_lib.analysis.inspection.things import no_things, together
from attendance_lib.rules.inspection import RULE_OF, RULES

CHECKS = (
    missing_registers, missing_marks, unmarked_pupils, unmarked_beginnings_and_ends, overdue_reasons,
    reasons_before_holiday, forms_often_n, obsolete_codes, wrong_half_days, closure_codes, sites_closed, misplaced_marks,
    intake_things, wrong_ages, wrong_years, long_suspensions, year_of_suspensions, year_of_illness, unauthorised_runs,
    long_arrangements, days_in_a_row, long_leave, travelling, dual_tallies, wrong_statuses, dual_without_d, late_registers,
    school_year_sessions, wrong_late_codes, late_without_minutes, rounded_minutes, bulk_codes, full_classes,
    edits_near_threshold, amended_together, forms_often_amended,
)  # fmt: skip
OF_HISTORY = ("amended_together", "amended_often", "edit_near_threshold")
OF_MINUTES = ("late_after_close", "late_before_close", "minutes_rounded")
OF_STATUS = ("dual_status", "dual_without_d")
PLACE_OF = {each.rule: place for place, each in enumerate(RULES)}


def inspect_register(scope: Scope) -> pd.DataFrame:
    """Run every check.

    Parameters
    ----------
    scope : Scope
        What is inspected.

    Returns
    -------
    pandas.DataFrame
        One row per thing to fix, musts first, in the order of the rules and then of time: ``rule``,
        ``severity``, ``date`` and ``end_date`` (the same for a single session, missing where the thing is no one
        session's), ``session``, ``form``, ``teacher``, ``pupil_id``, ``detail``, ``what_to_do`` and ``known_date``
        (from when it was so).
    """
    things = together(check(scope) for check in CHECKS) if len(scope.year.sessions) else no_things()
    dates = {name: things[name].astype("datetime64[s]") for name in ("date", "end_date", "known_date")}
    things = things.assign(
        **dates,
        severity=[RULE_OF[rule].severity.value for rule in things["rule"]],
        what_to_do=[RULE_OF[rule].what_to_do for rule in things["rule"]],
        place=[PLACE_OF[rule] for rule in things["rule"]],
    )
    ordered = things.sort_values(
        ["place", "date", "session", "form", "pupil_id"], ignore_index=True, kind="stable"
    )
    return ordered.assign(teacher=teachers_of(scope, ordered)).drop(
        columns=["place", "taker"], errors="ignore"
    )


def unchecked(scope: Scope) -> dict[str, str]:
    """Return the rules that could not be checked, and why."""
    reasons = {}
    if not scope.register.has_history:
        reasons |= dict.fromkeys(OF_HISTORY, "the export has no history of amendments")
    elif not scope.notice_rules:
        reasons["edit_near_threshold"] = "no notice rule is in force"
    if not knows_when_taken(scope).any():
        reasons["register_late"] = "the export does not say when registers were taken"
    if not is_whole(scope):
        reasons["year_sessions"] = "the school file has not all terms of this school year"
    if np.isnan(scope.minutes).all():
        reasons |= dict.fromkeys(OF_MINUTES, "no minutes late are exported")
    if not knows_status(scope):
        reasons |= dict.fromkeys(OF_STATUS, "the pupils file has no enrolment status")
    return reasons
