"""How long a pupil waited: from the day that called for an intervention to the day it started, in school days."""

import numpy as np
import pandas as pd

from attendance_lib.register import Register
from attendance_lib.rules.codes import Category
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, SHORT_ENROLMENT_SESSIONS

ABSENT = (Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE)
ATTENDED = (Category.PRESENT, Category.APPROVED_ACTIVITY)
SOON_DAYS, LATE_DAYS = 10, 30
BEFORE = "before the line was crossed"
SOON = f"within {SOON_DAYS} school days"
LATER = f"{SOON_DAYS + 1} to {LATE_DAYS} school days after"
LATE = f"more than {LATE_DAYS} school days after"
LEAD_BANDS = (BEFORE, SOON, LATER, LATE)
DEFINITION = (
    "The trigger is the first school day of the school year at the end of which the pupil had missed 10% or more of at least "
    f"{SHORT_ENROLMENT_SESSIONS} possible sessions, year to date (persistent absence). Lead time is the school days from "
    "then to the start."
)


def first_triggers(register: Register) -> pd.DataFrame:
    """Find the first day of each school year on which each enrolment was persistently absent.

    Parameters
    ----------
    register : Register
        Of any number of school years.

    Returns
    -------
    pandas.DataFrame
        One row per enrolment and school year: ``enrolment`` (row in the register), ``school_year`` and
        ``trigger_date`` (missing where the line was never crossed). Decided on counts at the end of each day.
    """
    years = register.sessions["school_year"].to_numpy()
    tables = [triggers_of_year(register, years == year, year) for year in np.unique(years)]
    return pd.concat(tables or [triggers_of_year(register, years == "", "")], ignore_index=True)


def triggers_of_year(register: Register, is_of_year: np.ndarray, school_year: str) -> pd.DataFrame:
    """Return ``first_triggers`` of one school year's sessions (boolean, one per session)."""
    how = register.categories[:, is_of_year]
    days = register.sessions["date"].to_numpy()[is_of_year]
    absent = np.cumsum(np.isin(how, ABSENT), axis=1)
    possible = absent + np.cumsum(np.isin(how, ATTENDED), axis=1)
    is_over = PERSISTENT_ABSENCE.is_met(absent, possible) & (possible >= SHORT_ENROLMENT_SESSIONS)
    is_days_end = np.append(days[1:] != days[:-1], True) if len(days) else np.zeros(0, dtype=bool)
    over, ends = is_over[:, is_days_end], days[is_days_end]
    first = over.argmax(axis=1) if len(ends) else np.zeros(len(how), dtype=int)
    dates = ends[first] if len(ends) else np.full(len(how), np.datetime64("NaT"), dtype="datetime64[s]")
    found = pd.Series(dates).where(over.any(axis=1))
    return pd.DataFrame(
        {
            "enrolment": np.arange(len(how)),
            "school_year": school_year,
            "trigger_date": found.astype("datetime64[s]"),
        }
    )


def with_lead_time(courses: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Add when each course was called for, and how many school days passed before it started.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``courses.courses_of``: ``enrolment``, ``school_year`` and ``start_date``.
    register : Register
        The same register.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``trigger_date`` (missing where the line was not crossed in that school year),
        ``lead_days`` (school days after the trigger up to the start; missing where the start came first) and
        ``lead_band`` (of LEAD_BANDS; empty where the course is not placed).
    """
    found = courses.merge(
        first_triggers(register), on=["enrolment", "school_year"], how="left", validate="m:1"
    )
    days = np.unique(register.sessions["date"].to_numpy())
    trigger, start = found["trigger_date"].to_numpy(), found["start_date"].to_numpy()
    passed = np.searchsorted(days, start, side="right") - np.searchsorted(days, trigger, side="right")
    was_called_for = found["trigger_date"].notna() & (found["trigger_date"] <= found["start_date"])
    lead = pd.Series(passed, found.index).where(was_called_for).astype("Int64")
    return found.assign(lead_days=lead, lead_band=lead_bands(lead, found["school_year"].notna()))


def lead_bands(lead_days: pd.Series, is_placed: pd.Series) -> np.ndarray:
    """Return the band of each lead time in school days (shape (rows,)).

    Examples
    --------
    >>> lead_bands(pd.Series([pd.NA, 0, 10, 11, 31], dtype="Int64"), pd.Series([True] * 5)).tolist() == [
    ...     BEFORE, SOON, SOON, LATER, LATE]
    True
    """
    days = lead_days.to_numpy(dtype=float, na_value=-1.0)
    return np.select(
        [~is_placed.to_numpy(dtype=bool), days < 0, days <= SOON_DAYS, days <= LATE_DAYS],
        ["", BEFORE, SOON, LATER],
        default=LATE,
    )
