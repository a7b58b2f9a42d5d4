"""Marks entered ahead of the last register: what they are, for whom and for when. They are in no rate."""

from datetime import date

import pandas as pd

from attendance_lib.rules.codes import code_in_force
from attendance_lib.rules.thresholds import REGISTER_TAKEN_WORDS

SPAN = {"marks": ("date", "size"), "first_date": ("date", "min"), "last_date": ("date", "max")}


def planned_by_code(planned: pd.DataFrame) -> pd.DataFrame:
    """Return marks entered ahead, one row per code.

    Parameters
    ----------
    planned : pandas.DataFrame
        ``School.planned_marks``.

    Returns
    -------
    pandas.DataFrame
        ``code``, its ``meaning``, ``marks`` and ``pupils`` (counts), ``first_date`` and ``last_date``; by code.
    """
    return _grouped(planned, ["code"]).assign(
        pupils=planned.groupby("code", observed=True)["pupil_id"].nunique().to_numpy() if len(planned) else []
    )


def planned_by_pupil(planned: pd.DataFrame) -> pd.DataFrame:
    """Return marks entered ahead, one row per pupil and code: as ``planned_by_code``, without the count of pupils."""
    return _grouped(planned, ["pupil_id", "code"])


def _grouped(planned: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    if planned.empty:
        return pd.DataFrame(columns=[*key, "meaning", *SPAN])
    rows = planned.groupby(key, observed=True, sort=True).agg(**SPAN).reset_index()
    rows = rows.astype({"code": object})
    meanings = [
        _meaning(code, last.date()) for code, last in zip(rows["code"], rows["last_date"], strict=True)
    ]
    return rows.assign(meaning=meanings)


def _meaning(letter: str, on: date) -> str:
    code = code_in_force(letter, on)
    return code.meaning if code else "Not in force on its date"


def last_register_words(day: str) -> str:
    """Return what the last register day is, in one sentence; ``day`` is how it is written.

    Examples
    --------
    >>> last_register_words("18 September 2026").partition(":")[0]
    'The last register day is 18 September 2026'
    """
    return (
        f"The last register day is {day}: the last school day with a session at which {REGISTER_TAKEN_WORDS} have a mark "
        "(pupils whose mark says that attendance was not possible or not required are left out of the count)."
    )
