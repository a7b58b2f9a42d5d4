"""Notices to improve in counts: possible sessions left, unauthorised allowed and used, N still open, when it ends, what came of it.

A period is counted from the school day after the notice was issued to its last day. Whether attendance improved enough is said by
people, never here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from attendance_lib.analysis.logs import day_or_none
from attendance_lib.analysis.notice_evidence import issued_notices
from attendance_lib.analysis.penalty_notices import PARENT_NOT_NAMED
from attendance_lib.analysis.support import CLOSED_NOTICES
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.register.tally import tally
from attendance_lib.rules.calendar import ONE_DAY, start_of_year
from attendance_lib.rules.notices import NoticeKind, was_met


class Standing(StrEnum):
    """Where a notice to improve stands on a day."""

    NO_END = "its last day is not in the log"
    RUNNING = "running"
    OVER_ALLOWANCE = "running, over what is allowed"
    EARLY = "running, the early rule is met"
    OUTCOME_DUE = "ended: write down the outcome"
    MET = "met"
    NOT_MET = "not met"
    CLOSED = "closed without a word on how it ended"


@dataclass(frozen=True)
class Progress:
    """What a period came to by a day: counts of sessions, and school days to its end (None where that is not known)."""

    possible: int
    unauthorised: int
    n: int
    missing: int
    sessions_left: int | None
    days_left: int | None


COLUMNS = (
    "pupil_id", "parent", "is_listed", "issued_on", "ends_on", "possible_sessions", "sessions_left", "allowed_sessions",
    "unauthorised_sessions", "n_sessions", "missing_sessions", "early_after_sessions", "school_days_left", "was_met", "standing",
)  # fmt: skip


@derived
def notices_to_improve(pack: Pack) -> pd.DataFrame:
    """Return the notices to improve that are open, or were issued or ended in the school year, the soonest end first.

    Returns
    -------
    pandas.DataFrame
        COLUMNS, one row per notice that was not withdrawn. Sessions and school days are counts; ``allowed_sessions`` and
        ``early_after_sessions`` are the authority's (missing where its profile does not say), ``was_met`` what the log says.
    """
    rows = issued_notices(pack)
    rows = rows if rows is not None else pd.DataFrame(columns=NO_LOG)
    rows = rows[rows["notice_kind"] == NoticeKind.NOTICE_TO_IMPROVE]
    start = pd.Timestamp(start_of_year(pack.date_to))
    is_open = ~rows["status"].isin(CLOSED_NOTICES)
    rows = rows[is_open | (rows["issued_on"] >= start) | (rows["ends_on"] >= start)]
    rows = rows[rows["pupil_id"].isin(pack.register.pupils["pupil_id"].astype(str))]
    counted = [_counted(row, pack) for row in rows.to_dict("records")]
    table = pd.DataFrame(counted, columns=[name for name in COLUMNS if name != "is_listed"])
    table = table.assign(is_listed=rows["is_listed"].tolist()).astype(TYPES)[list(COLUMNS)]
    return table.sort_values(["ends_on", "issued_on", "pupil_id", "parent"], kind="stable", ignore_index=True)


NO_LOG = ["pupil_id", "parent", "notice_kind", "status", "issued_on", "ends_on", "is_listed"]
TYPES = {"issued_on": "datetime64[s]", "ends_on": "datetime64[s]"} | dict.fromkeys(
    ["sessions_left", "school_days_left", "allowed_sessions", "early_after_sessions"], "Int64"
)


def _counted(row: Mapping, pack: Pack) -> dict[str, object]:
    asks = pack.school.settings.authority.notice_to_improve
    ends = day_or_none(row["ends_on"])
    progress = progress_of(pack, row["pupil_id"], (row["issued_on"].date(), ends))
    allowed = asks.unauthorised_allowed.sessions if asks.unauthorised_allowed else None
    early = asks.early.after_sessions if asks.early else None
    is_open, outcome = row["status"] not in CLOSED_NOTICES, was_met(row["status"])
    where = standing((ends, pack.date_to), progress, (allowed, early), outcome=outcome, is_open=is_open)
    return {
        **{name: row[name] for name in ("pupil_id", "issued_on", "ends_on")},
        "parent": row["parent"] or PARENT_NOT_NAMED,
        "possible_sessions": progress.possible,
        "sessions_left": progress.sessions_left,
        "allowed_sessions": allowed,
        "unauthorised_sessions": progress.unauthorised,
        "n_sessions": progress.n,
        "missing_sessions": progress.missing,
        "early_after_sessions": early,
        "school_days_left": progress.days_left,
        "was_met": outcome,
        "standing": where.value,
    }


def standing(
    days: tuple[date | None, date],
    progress: Progress,
    asks: tuple[int | None, int | None],
    *,
    outcome: bool | None,
    is_open: bool,
) -> Standing:
    """Return where a notice to improve stands.

    Parameters
    ----------
    days : tuple of datetime.date
        Its last day (None where it is not known) and the day it is judged on.
    progress : Progress
        What the period came to by then.
    asks : tuple of int or None
        The unauthorised sessions allowed, and the possible sessions after which the authority may be asked early.
    outcome : bool or None
        Whether it was met, as far as the log says.
    is_open : bool
        Whether the log still has it as open.

    Notes
    -----
    A session still N is unauthorised, and kept apart: it uses nothing of what is allowed up before its reason is known.

    Examples
    --------
    >>> days, so_far = (date(2026, 12, 4), date(2026, 11, 20)), Progress(50, 3, 1, 0, 20, 10)
    >>> # Of three unauthorised sessions one is still N.
    >>> [standing(days, so_far, (allowed, None), outcome=None, is_open=True).name for allowed in (1, 2)]
    ['OVER_ALLOWANCE', 'RUNNING']
    """
    ends, on = days
    allowed, early = asks
    is_over = allowed is not None and progress.unauthorised - progress.n > allowed
    ways = (
        (outcome is True, Standing.MET),
        (outcome is False, Standing.NOT_MET),
        (not is_open, Standing.CLOSED),
        (ends is None, Standing.NO_END),
        (ends is not None and ends < on, Standing.OUTCOME_DUE),
        (early is not None and progress.possible >= early, Standing.EARLY),
        (is_over, Standing.OVER_ALLOWANCE),
    )
    return next((where for holds, where in ways if holds), Standing.RUNNING)


def progress_of(pack: Pack, pupil_id: str, span: tuple[date, date | None]) -> Progress:
    """Count a period of one pupil up to a pack's last day (see ``Progress``).

    Parameters
    ----------
    pack : Pack
        Its register is counted, and its calendar says how many sessions are left.
    pupil_id : str
        The pupil, all enrolments together.
    span : tuple of datetime.date
        The day of issue, which is not in the period, and its last day; None where that is not known.
    """
    issued_on, ends = span
    register = pack.register.where_pupils(pack.register.pupils["pupil_id"].astype(str) == pupil_id)
    upto = min(ends or pack.date_to, pack.date_to)
    counts = tally(register.between(issued_on + ONE_DAY, upto)).iloc[0]
    years = register.year_to_date(pack.date_to).pupils["year_group"]
    left = None if ends is None else _left(pack, ends, years)
    return Progress(
        possible=int(counts["possible_sessions"]),
        unauthorised=int(counts["unauthorised_absence_sessions"]),
        n=int(counts["no_reason_yet_sessions"]),
        missing=int(counts["missing_sessions"]),
        sessions_left=None if left is None else len(left),
        days_left=None if left is None else int(left["date"].nunique()),
    )


def _left(pack: Pack, ends: date, year_groups: pd.Series) -> pd.DataFrame:
    """Return the sessions (rows) after a pack's last day up to a last day that are open to a pupil's year group."""
    sessions = pack.school.calendar.open_sessions
    ahead = sessions[
        (sessions["date"] > pd.Timestamp(pack.date_to)) & (sessions["date"] <= pd.Timestamp(ends))
    ]
    years = set(year_groups.tail(1))
    return ahead[np.array([not years & set(closed) for closed in ahead["closed_year_groups"]], dtype=bool)]
