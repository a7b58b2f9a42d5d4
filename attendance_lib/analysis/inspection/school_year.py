"""The school year by the calendar against the 380 sessions for which a school must meet."""

import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import one_thing, together
from attendance_lib.analysis.inspection.words import in_sessions
from attendance_lib.rules.inspection import TOO_MANY_SESSIONS, YEAR_SESSIONS

AUTUMN_MONTHS, SUMMER_MONTHS = (8, 9), (6, 7)


def planned(scope: Scope) -> pd.DataFrame:
    """Return the open sessions that the calendar has in the school year inspected, later ones too (one row per session)."""
    sessions = scope.calendar.open_sessions
    return sessions[sessions["school_year"].isin(scope.year.sessions["school_year"].unique())]


def is_whole(scope: Scope) -> bool:
    """Whether the calendar runs from the autumn into the summer, so that the sessions of the year can be counted."""
    months = planned(scope)["date"].dt.month
    return bool(months.isin(AUTUMN_MONTHS).any() and months.isin(SUMMER_MONTHS).any())


def school_year_sessions(scope: Scope) -> pd.DataFrame:
    """Return one thing for each number of sessions that is not 380 and that some year groups have in the calendar.

    More than 380 are a school's own choice, but from 390 on the five INSET days may have been forgotten.
    """
    if not is_whole(scope):
        return together([])
    counts = sessions_of_year_groups(scope)
    wrong = counts[(counts < YEAR_SESSIONS) | (counts >= TOO_MANY_SESSIONS)]
    return together(
        one_thing("year_sessions", f"{in_sessions(count)} in the calendar for {in_year_groups(groups.index)}")
        for count, groups in wrong.groupby(wrong)
    )


def sessions_of_year_groups(scope: Scope) -> pd.Series:
    """Return how many sessions of the year the calendar has open to each year group with pupils, by year group."""
    closed = planned(scope)["closed_year_groups"]
    of_year = scope.year.pupils.loc[scope.is_due.any(axis=1), "year_group"]
    groups = sorted(of_year.dropna().astype(int).unique())
    return pd.Series({group: sum(group not in shut for shut in closed) for group in groups}, dtype=int)


def in_year_groups(groups: pd.Index) -> str:
    """Return year groups in words.

    Examples
    --------
    >>> in_year_groups(pd.Index([8])), in_year_groups(pd.Index([8, 9]))
    ('Year 8', 'Years 8, 9')
    """
    return f"Year{'s' if len(groups) > 1 else ''} {', '.join(str(group) for group in groups)}"
