"""Which of a log's interventions a paper asks about: by days, tier, name and pupils. What is not asked about still counts.

A start outside what is asked keeps its pupil from being compared, and is known of a pupil as another intervention.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.risk_sets import WINDOW_WEEKS
from attendance_lib.analysis.impact.starts import NOT_YET_STARTED, Starts
from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.support import is_filled
from attendance_lib.errors import SettingsError, nearest, quoted

OUTSIDE_DAYS = "started outside the days asked for"
OTHER_PUPILS = "pupil outside the cohort asked for"
NOT_ASKED = (OUTSIDE_DAYS, OTHER_PUPILS)
TIERS = (1, 2, 3)


@dataclass(frozen=True)
class Asked:
    """What is asked about; 0 and empty texts mean all.

    Attributes
    ----------
    tier : int
        1, 2 or 3.
    intervention : str
        The name (the type) of an intervention as the log has it, whatever its capitals.
    term : str
        A term as the calendar names it, such as "202627-autumn": interventions that started in it.
    window_weeks : int
        The most school weeks that pupils are followed for.
    """

    tier: int = 0
    intervention: str = ""
    term: str = ""
    window_weeks: int = WINDOW_WEEKS


def days_asked(asked: Asked, span: Span) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day on which an intervention asked about may have started.

    Raises
    ------
    SettingsError
        If the calendar has no such term, or none of it lies in the span.
    """
    first, last = pd.Timestamp(span.date_from), pd.Timestamp(span.date_to)
    if not asked.term:
        return first, last
    days = span.calendar.open_sessions.groupby("term", sort=False)["date"].agg(["min", "max"])
    if asked.term not in days.index:
        raise SettingsError(
            f"There is no term {quoted(asked.term)} in the calendar. {nearest(asked.term, days.index)}"
        )
    first, last = max(first, days.loc[asked.term, "min"]), min(last, days.loc[asked.term, "max"])
    if first > last:
        raise SettingsError(
            f"Term {quoted(asked.term)} has no day from {span.date_from} to {span.date_to}. Choose another term or other dates."
        )
    return first, last


def log_asked(log: pd.DataFrame, asked: Asked, days: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DataFrame:
    """Return the rows of a log that are asked about, whoever the pupil.

    Parameters
    ----------
    log : pandas.DataFrame
        INTERVENTIONS.
    asked : Asked
        Tier and name.
    days : tuple of pandas.Timestamp
        The first and last day of a start (``days_asked``).

    Raises
    ------
    SettingsError
        If the tier is none, or the log has no intervention of that name.
    """
    rows = log[log["start_date"].between(*days) | log["start_date"].isna()]
    if asked.tier not in (0, *TIERS):
        raise SettingsError(f"Parameter 'tier': {asked.tier} is no tier. Use 1, 2 or 3, or 0 for all.")
    if asked.tier:
        rows = rows[pd.to_numeric(rows["tier"]) == asked.tier]
    if not asked.intervention:
        return rows.reset_index(drop=True)
    names = log["intervention"].astype(str)
    if asked.intervention.casefold() not in set(names.str.casefold()):
        raise SettingsError(
            f"The log has no intervention {quoted(asked.intervention)}. {nearest(asked.intervention, sorted(names.unique()))}"
        )
    is_it = rows["intervention"].astype(str).str.casefold() == asked.intervention.casefold()
    return rows[is_it].reset_index(drop=True)


def names_asked(rows: pd.DataFrame, pupils: pd.Series, *, for_everyone: bool) -> list[str]:
    """Return the interventions that rows of the log name, in alphabetical order.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``log_asked``.
    pupils : pandas.Series
        Identifiers of the pupils asked about.
    for_everyone : bool
        Those for the whole school (no pupil named), or those for named pupils of whom one is asked about.
    """
    is_named = is_filled(rows["pupil_id"])
    is_it = ~is_named if for_everyone else is_named & ~only_others(rows["pupil_id"], pupils)
    return sorted(rows.loc[is_it, "intervention"].unique())


def only_others(pupil_ids: pd.Series, pupils: pd.Series) -> np.ndarray:
    """Return which rows name a pupil who is not asked about (boolean, one per row).

    Examples
    --------
    >>> only_others(pd.Series(["1", "2"]), pd.Series(["1"])).tolist()
    [False, True]
    """
    return ~pupil_ids.isin(pupils).to_numpy(dtype=bool)


def narrowed(starts: Starts, days: tuple[pd.Timestamp, pd.Timestamp], members: np.ndarray) -> Starts:
    """Return a log's starts (as many rows) with those not asked about left out, each with that as its reason.

    Parameters
    ----------
    starts : Starts
        Of the whole log.
    days : tuple of pandas.Timestamp
        The first and last day of a start (``days_asked``).
    members : numpy.ndarray
        Whether each enrolment of the register is asked about (boolean).
    """
    table = starts.table
    begun = table["start_date"]
    enrolment = table["enrolment"].to_numpy()
    is_outside = (begun.notna() & ~begun.between(*days)).to_numpy()
    is_other = (enrolment >= 0) & ~members[np.maximum(enrolment, 0)] if len(members) else enrolment >= 0
    may_change = table["left_out"].isin(("", NOT_YET_STARTED)).to_numpy()
    reasons = np.select([is_outside & may_change, is_other & may_change], NOT_ASKED, table["left_out"])
    return Starts(table.assign(left_out=reasons))
