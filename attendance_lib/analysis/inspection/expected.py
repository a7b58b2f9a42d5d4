"""The sessions that registers should hold and do hold: of each pupil, form and year group."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.amended import long_after
from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.measures import rate
from attendance_lib.register import MISSING
from attendance_lib.rules.codes import NO_REASON_YET

THOUSAND = 1000
COUNTS = ("pupils", "expected", "recorded", "missing_am", "missing_pm", "n_marks", "amended_late")


def sessions_expected(scope: Scope) -> pd.DataFrame:
    """Count the marks that the school year's registers should hold of each pupil, and those they hold.

    Two sessions are expected for each open day on which a pupil is on roll, less those closed for the year group.

    Parameters
    ----------
    scope : Scope
        What is inspected.

    Returns
    -------
    pandas.DataFrame
        One row per enrolment with a session expected: ``form``, ``year_group``, ``pupils`` (1), and in sessions
        ``expected``, ``recorded``, ``missing_am`` and ``missing_pm`` (expected is the sum of these three),
        ``n_marks`` (still N) and ``amended_late`` (marks amended after their fifth school day).
    """
    due, missing = scope.is_due, scope.year.codes == MISSING
    expected = due.sum(axis=1)
    counts = pd.DataFrame({
        "form": scope.form_names, "year_group": scope.year.pupils["year_group"].to_numpy(), "pupils": 1,
        "expected": expected, "recorded": expected - missing.sum(axis=1),
        "missing_am": (missing & scope.is_morning).sum(axis=1),
        "missing_pm": (missing & ~scope.is_morning).sum(axis=1),
        "n_marks": scope.holds(NO_REASON_YET).sum(axis=1),
        "amended_late": np.bincount(long_after(scope)["row"], minlength=len(due)),
    })  # fmt: skip
    return counts[expected > 0].reset_index(drop=True)


def of_groups(counts: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add up the counts of pupils by form or year group, and work out what share is missing, N and amended late.

    Parameters
    ----------
    counts : pandas.DataFrame
        What ``sessions_expected`` returns.
    column : str
        ``form`` or ``year_group``.

    Returns
    -------
    pandas.DataFrame
        One row per group, by year group: the column, COUNTS, ``missing_rate`` (a fraction of the sessions
        expected), ``n_per_thousand`` and ``amended_per_thousand`` (of those recorded).
    """
    of_year = counts.assign(year=counts["year_group"])
    sums = of_year.groupby(column, as_index=False).agg({"year": "min", **dict.fromkeys(COUNTS, "sum")})
    return with_shares(sums.sort_values(["year", column], ignore_index=True).drop(columns="year"))


def with_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Add the shares that are missing, N and amended late (see ``of_groups``)."""
    return counts.assign(
        missing_rate=rate(counts["missing_am"] + counts["missing_pm"], counts["expected"]),
        n_per_thousand=THOUSAND * rate(counts["n_marks"], counts["recorded"]),
        amended_per_thousand=THOUSAND * rate(counts["amended_late"], counts["recorded"]),
    )
