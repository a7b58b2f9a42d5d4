"""The headline measures of a paper over every period they are compared over."""

import pandas as pd

from attendance_lib.analysis.measures import count_flags, pupil_totals, with_rates
from attendance_lib.analysis.periods import Periods
from attendance_lib.register import Register, tally

MEASURES = {
    "attendance_rate": "Attendance",
    "authorised_absence_rate": "Authorised absence",
    "unauthorised_absence_rate": "Unauthorised absence",
    "late_before_close_rate": "Late before the register closed (L)",
    "late_after_close_rate": "Late after the register closed (U)",
    "persistent_absence_rate": "Persistent absence (10% or more missed)",
    "severe_absence_rate": "Severe absence (50% or more missed)",
}
# DfE: "a measure over time and not available for short time periods".
YEAR_ONLY = ("persistent_absence_rate", "severe_absence_rate")
SPANS = ("current", "previous", "last_year", "year_to_date", "year_to_previous", "last_year_to_date")
SHORT_SPANS = ("current", "previous", "last_year")


def headline_figures(periods: Periods) -> pd.DataFrame:
    """Work out every count and rate of the headlines over every span.

    Parameters
    ----------
    periods : Periods
        Of the enrolments in question.

    Returns
    -------
    pandas.DataFrame
        One row per count (sessions, enrolments) or rate (fraction), by name, and one column per span of
        SPANS; missing where a rate is not made for so short a time or there are no marks.
    """
    figures = pd.DataFrame({span: span_figures(getattr(periods, span)) for span in SPANS})
    figures.loc[list(YEAR_ONLY), list(SHORT_SPANS)] = float("nan")
    return figures


def span_figures(register: Register) -> pd.Series:
    """Return the counts (sessions, enrolments) and rates (fractions) of a register, one value each, indexed by name."""
    sessions = with_rates(tally(register)).iloc[0]
    return pd.concat([sessions, count_flags(pupil_totals(register)).iloc[0]]).astype(float)
