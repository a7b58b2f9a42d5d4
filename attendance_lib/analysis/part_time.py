"""Part-time timetables (C2): each arrangement on file with what it lacks, and the runs of C2 that have none."""

from collections.abc import Mapping

import pandas as pd

from attendance_lib.intake.support_tables import PART_TIME

# What guidance asks of each: who agreed, from when to when, how long, when it is reviewed, whom the school told.
ASKED = {
    "date_to": "an end",
    "hours": "hours",
    "ambition": "what it is meant to reach",
    "review_date": "a review date",
    "agreed_by": "the parent's agreement",
    "agreed_on": "the day of the agreement",
    "authority_told_on": "the day the local authority was told",
}


def lacking(row: Mapping) -> list[str]:
    """Return what an arrangement (a row of PART_TIME) does not say though guidance asks for it, in words.

    Source: Working together to improve school attendance, on part-time timetables, as local authorities quote it.

    Examples
    --------
    >>> lacking(dict.fromkeys(ASKED, "x") | {"hours": None, "date_to": pd.NaT})
    ['an end', 'hours']
    """
    return [words for name, words in ASKED.items() if pd.isna(row[name]) or str(row[name]).strip() == ""]


def part_time_on(part_time: pd.DataFrame | None, day: pd.Timestamp) -> pd.DataFrame:
    """Return the arrangements begun by a day.

    Parameters
    ----------
    part_time : pandas.DataFrame or None
        PART_TIME, where the school exports it.
    day : pandas.Timestamp
        The day on which they are judged.

    Returns
    -------
    pandas.DataFrame
        One row per arrangement, by pupil and first day: the columns of PART_TIME, ``is_running`` (not ended by the day),
        ``lacks`` (what guidance asks for and it does not say, in words; empty if nothing) and ``is_review_overdue``.

    Examples
    --------
    >>> log = pd.DataFrame({"pupil_id": ["1", "1", "2"]}).reindex(columns=list(PART_TIME.column_names))
    >>> log["date_from"] = pd.to_datetime(["2026-09-07", "2026-11-02", "2026-12-07"])
    >>> log["date_to"] = pd.to_datetime(["2026-10-23", None, None])
    >>> part_time_on(log, pd.Timestamp("2026-11-20"))["is_running"].tolist()  # the third has not begun
    [False, True]
    """
    rows = pd.DataFrame(columns=list(PART_TIME.column_names)) if part_time is None else part_time
    rows = rows.astype(
        {
            "date_from": "datetime64[s]",
            "date_to": "datetime64[s]",
            "review_date": "datetime64[s]",
            "pupil_id": object,
        }
    )
    begun = rows[rows["date_from"] <= day].sort_values(
        ["pupil_id", "date_from"], kind="stable", ignore_index=True
    )
    is_running = begun["date_to"].isna() | (begun["date_to"] >= day)
    return begun.assign(
        is_running=is_running,
        lacks=pd.Series(
            ["; ".join(lacking(row)) for row in begun.to_dict("records")], index=begun.index, dtype=object
        ),
        is_review_overdue=is_running & (begun["review_date"] < day),
    )
