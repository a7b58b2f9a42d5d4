"""Penalty notices by parent and child: which sessions they used up, and how many count towards the limit of two.

A notice uses up sessions only for the parent who got it, and only a penalty notice that was issued and not withdrawn
does: a notice to improve or a contract is support, and the absence before it counts still. Sources: Education (Penalty
Notices) (England) (Amendment) Regulations 2024 (SI 2024/210); Working together to improve school attendance.
"""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.support import issued
from attendance_lib.intake.unseen import without_unseen
from attendance_lib.rules.notices import NATIONAL_FROM, NOTICE_YEARS, NoticeKind

PARENT_NOT_NAMED = "a parent not named"
BY_PARENT = ("pupil_id", "parent", "acted_on_through_date", "notices_in_three_years")


def penalty_notices(notices: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Return the penalty notices issued by a day and not withdrawn (one row each).

    The parent's name is without further blanks and what nobody can see: by these one parent would be two.
    """
    rows = issued(notices, on)
    rows = rows[rows["notice_kind"] == NoticeKind.PENALTY_NOTICE]
    parent = rows["parent"].astype(object).fillna("").astype(str).map(without_unseen).astype(object)
    parent = parent.str.split().str.join(" ")
    return rows.assign(parent=parent.mask(parent == "", PARENT_NOT_NAMED))


def notices_by_parent(notices: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Say of each pupil and parent who got a penalty notice what it used up and how many count towards the limit.

    Parameters
    ----------
    notices : pandas.DataFrame or None
        NOTICES; None where the school exports none.
    on : datetime.date
        The day on which a further notice is thought of; later notices do not count.

    Returns
    -------
    pandas.DataFrame
        One row per ``pupil_id`` and ``parent``: ``acted_on_through_date`` (the last absence that a notice was issued for;
        missing where no notice says) and ``notices_in_three_years`` (a count, see ``counts_to_limit``).
    """
    rows = penalty_notices(notices, on)
    known = rows.assign(notices_in_three_years=counts_to_limit(rows, on), same=rows["parent"].str.casefold())
    grouped = known.groupby(["pupil_id", "same"], as_index=False)
    how = {"parent": "first", "acted_on_through_date": "max", "notices_in_three_years": "sum"}
    found = grouped.agg(how).drop(columns="same")
    return found.astype({"notices_in_three_years": int, "acted_on_through_date": "datetime64[s]"})[
        list(BY_PARENT)
    ]


def counts_to_limit(rows: pd.DataFrame, on: date) -> np.ndarray:
    """Return which penalty notices (rows) count towards the two in the three years that end on a day (boolean).

    The day three years before is outside: of a notice proposed on 20 November 2027 those from 21 November 2024 on count.
    Absence before the national framework was dealt with under the old law, whenever the notice came.
    """
    start = pd.Timestamp(NATIONAL_FROM)
    about = rows["acted_on_through_date"].fillna(rows["issued_on"])
    since = pd.Timestamp(on) - pd.DateOffset(years=NOTICE_YEARS)
    return ((rows["issued_on"] > since) & (rows["issued_on"] >= start) & (about >= start)).to_numpy(
        dtype=bool
    )
