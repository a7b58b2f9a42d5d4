"""Support on file in a few words, such as "Mentor since 5 Oct; 3 contacts, last 12 Nov; notice to improve 2 Nov"."""

from datetime import date

import pandas as pd

from attendance_lib.errors import counted

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date) -> str:
    """Write a day and month.

    Examples
    --------
    >>> short_day(date(2026, 10, 5))
    '5 Oct'
    """
    return f"{day.day} {MONTHS[day.month - 1]}"


def phrases_of(pupil_ids: pd.Series, phrases: list[str]) -> pd.DataFrame:
    """Return phrases about pupils (one row per phrase).

    Examples
    --------
    >>> phrases_of(pd.Series(["1"]), ["Mentor since 5 Oct"]).values.tolist()
    [['1', 'Mentor since 5 Oct']]
    """
    return pd.DataFrame({"pupil_id": pupil_ids.to_numpy(), "phrase": pd.Series(phrases, dtype=object)})


def intervention_phrases(interventions: pd.DataFrame, on: date) -> pd.DataFrame:
    """Say since when, or from when to when, each intervention ran (one row per intervention, oldest first).

    Parameters
    ----------
    interventions : pandas.DataFrame
        INTERVENTIONS of one pupil each, with ``is_running``.
    on : datetime.date
        The day it is judged on: a start more than a year before is given its year.
    """
    rows = interventions.sort_values(["start_date", "intervention"])
    ends = zip(rows["intervention"], rows["start_date"], rows["end_date"], rows["is_running"], strict=True)
    return phrases_of(
        rows["pupil_id"],
        [
            f"{name} since {dated(start, on)}"
            if is_running
            else f"{name} {dated(start, on)} to {short_day(end)}"
            for name, start, end, is_running in ends
        ],
    )


def dated(day: date, on: date) -> str:
    """Write a day and month, with the year where it is not that of ``on``."""
    return short_day(day) if day.year == on.year else f"{short_day(day)} {day.year}"


def contact_phrases(contacts: pd.DataFrame) -> pd.DataFrame:
    """Say how many contacts there were this school year and when the last was (one row per pupil with any).

    Parameters
    ----------
    contacts : pandas.DataFrame
        One row per pupil, with ``contacts_this_year`` and ``last_contact_date``.
    """
    rows = contacts[contacts["contacts_this_year"] > 0]
    counts = zip(rows["contacts_this_year"], rows["last_contact_date"], strict=True)
    return phrases_of(
        rows["pupil_id"],
        [f"{counted(count, 'contact')}, last {short_day(last)}" for count, last in counts],
    )


def notice_phrases(notices: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """Say which notices were issued since a day and when (one row per notice, oldest first)."""
    rows = notices[notices["issued_on"] >= start].sort_values(["issued_on", "kind"])
    told = zip(rows["kind"], rows["issued_on"], strict=True)
    return phrases_of(rows["pupil_id"], [f"{kind} {short_day(day)}" for kind, day in told])


def joined_phrases(phrases: pd.DataFrame) -> pd.Series:
    """Return each pupil's phrases as one text, indexed by pupil identifier.

    Examples
    --------
    >>> joined_phrases(pd.DataFrame({"pupil_id": ["1", "1"], "phrase": ["Mentor since 5 Oct", "2 contacts, last 9 Nov"]}))["1"]
    'Mentor since 5 Oct; 2 contacts, last 9 Nov'
    """
    return phrases.groupby("pupil_id", sort=False)["phrase"].agg("; ".join)
