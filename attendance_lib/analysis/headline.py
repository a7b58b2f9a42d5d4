"""The headline of a pack: every count and rate over each of its spans, and the totals of its pupils on roll."""

import pandas as pd

from attendance_lib.analysis.measures import pupil_totals, span_figures
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.pack.periods import Periods
from attendance_lib.register.grid import count_returned

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


@derived
def totals_of(pack: Pack) -> pd.DataFrame:
    """Return PUPIL_TOTALS of the pupils of a pack's cohort on roll, year to date (one row per person, counts in sessions)."""
    return pupil_totals(pack.roll.year_to_date)


@derived
def returned_of(pack: Pack) -> int:
    """Return how many pupils of a pack's cohort on roll left this school year and came back."""
    return count_returned(pack.register.year_to_date(pack.date_to), totals_of(pack)["pupil_id"])


@derived
def headline_of(pack: Pack) -> pd.DataFrame:
    """Return a pack's headline counts (sessions) and rates (fractions): one row each, one column per span."""
    return headline_figures(pack.periods)
