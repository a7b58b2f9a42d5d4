"""What was agreed and where it stands: the school's log of actions and what staff wrote into the last pack's workbook."""

import re
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.intake.pack_cells import ACTION_STATUSES, STATUS_WORDS
from attendance_lib.intake.schema import ACTIONS

ACTION_LOG_COLUMNS = (*ACTIONS.column_names, "next_step")
OPEN, IN_PROGRESS, DONE, CANCELLED = ACTION_STATUSES
PROGRESS = {OPEN: 0, IN_PROGRESS: 1, DONE: 2, CANCELLED: 2}
CLOSED = (DONE, CANCELLED)
# Words of logs besides those that staff may type into a workbook.
MORE_STATUS_WORDS = {"dropped": CANCELLED, "withdrawn": CANCELLED, "not done": OPEN, "": OPEN}
STAFF_WIN = ("action", "owner", "due_date", "completed_on", "note", "next_step")
OWN_NUMBER = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d+)")

OVERDUE, DUE, UNDER_WAY = "Overdue", "To do", "In progress"
DONE_SINCE, CANCELLED_SINCE = "Done since last time", "Cancelled since last time"
STANDINGS = (OVERDUE, UNDER_WAY, DUE, DONE_SINCE, CANCELLED_SINCE)


def merge_actions(exported: pd.DataFrame | None, entries: pd.DataFrame, last_end: date) -> pd.DataFrame:
    """Bring the school's log of actions together with what staff wrote into the last pack's workbook.

    Parameters
    ----------
    exported : pandas.DataFrame or None
        ACTIONS, where the school exports a log of them.
    entries : pandas.DataFrame
        ``pack_workbook.read_pack_actions`` of the last pack; no row or column where there is none.
    last_end : datetime.date
        The last day of the last pack's period: it dates and numbers the rows that staff added.

    Returns
    -------
    pandas.DataFrame
        One row per action of either, those of the log first and in its order: ACTION_LOG_COLUMNS,
        ``is_in_log`` and ``is_in_workbook``. Every action has an ``action_id`` and one of the statuses
        open, in progress, done and cancelled.

    Notes
    -----
    What staff filled in wins over the log, cell by cell. Of the two statuses the one further along
    holds, because a workbook that nobody touched still says what the log said when it was written.
    """
    logged = standard_actions(exported)
    written = number_new(standard_actions(entries), last_end)
    both = logged.merge(written, on="action_id", how="outer", suffixes=("", "_written"), indicator="found")
    order = pd.Index([*logged["action_id"], *written["action_id"]]).drop_duplicates()
    merged = both.set_index("action_id").loc[order].reset_index().pipe(settle)
    raised = merged["raised_on"].fillna(pd.Timestamp(last_end))
    named = merged.assign(
        raised_on=raised,
        is_in_log=merged["found"] != "right_only",
        is_in_workbook=merged["found"] != "left_only",
    )
    return named[[*ACTION_LOG_COLUMNS, "is_in_log", "is_in_workbook"]]


def standard_actions(actions: pd.DataFrame | None) -> pd.DataFrame:
    """Return a log of actions with ACTION_LOG_COLUMNS, blank text as missing and its statuses in our words.

    Parameters
    ----------
    actions : pandas.DataFrame or None
        One row per action with any of ACTION_LOG_COLUMNS; None where no log was exported.

    Returns
    -------
    pandas.DataFrame
        The same rows (index 0, 1, ...) with just ACTION_LOG_COLUMNS: days as datetime64[s], everything else text.

    Examples
    --------
    >>> log = pd.DataFrame({"action_id": ["1"], "action": [" "], "status": ["completed"]})
    >>> standard_actions(log)[["action", "status"]].values.tolist()
    [[None, 'done']]
    """
    rows = (pd.DataFrame() if actions is None else actions).reindex(columns=list(ACTION_LOG_COLUMNS))
    dated = dict.fromkeys(("raised_on", "due_date", "completed_on"), "datetime64[s]")
    texts = {name: text_of(rows[name]) for name in ACTION_LOG_COLUMNS if name not in dated}
    return (
        rows.assign(**texts)
        .astype(dated)
        .assign(status=standard_statuses(texts["status"]))
        .reset_index(drop=True)
    )


def text_of(values: pd.Series) -> pd.Series:
    """Return a column as text (object, the same index), missing where it is blank.

    Examples
    --------
    >>> text_of(pd.Series(["a ", " ", None])).tolist()
    ['a', None, None]
    """
    return pd.Series(
        [str(value).strip() or None if pd.notna(value) else None for value in values],
        index=values.index,
        dtype=object,
    )


def standard_statuses(statuses: pd.Series) -> pd.Series:
    """Return statuses in our words, one per row; a word that is not known leaves an action open, so that it is looked at.

    Examples
    --------
    >>> standard_statuses(pd.Series(["Completed", "dropped", None, "waiting"])).tolist()
    ['done', 'cancelled', 'open', 'open']
    """
    words = [" ".join(status.casefold().split()) for status in statuses.fillna("")]
    known = STATUS_WORDS | MORE_STATUS_WORDS | {status: status for status in ACTION_STATUSES}
    return pd.Series([known.get(word, OPEN) for word in words], index=statuses.index, dtype=object)


def number_new(written: pd.DataFrame, last_end: date) -> pd.DataFrame:
    """Give the rows that staff added a number such as "2026-11-20/1", in the order of the sheet.

    Numbering goes on after those already given for that day.

    Examples
    --------
    >>> written = pd.DataFrame({"action_id": ["2026-11-20/1", "A7", None, None]}, dtype=object)
    >>> number_new(written, date(2026, 11, 20))["action_id"].tolist()
    ['2026-11-20/1', 'A7', '2026-11-20/2', '2026-11-20/3']
    """
    matches = (OWN_NUMBER.fullmatch(each) for each in written["action_id"].dropna())
    given = [int(match[2]) for match in matches if match and match[1] == last_end.isoformat()]
    is_new = written["action_id"].isna()
    numbers = is_new.cumsum() + max(given, default=0)
    return written.assign(
        action_id=written["action_id"].where(~is_new, f"{last_end.isoformat()}/" + numbers.astype(str))
    )


def settle(both: pd.DataFrame) -> pd.DataFrame:
    """Choose between what the log and the workbook say of each action, cell by cell.

    Parameters
    ----------
    both : pandas.DataFrame
        One row per action: the log's columns and, with the ending ``_written``, the workbook's; missing where one lacks it.

    Returns
    -------
    pandas.DataFrame
        The same rows. What staff wrote wins in the columns STAFF_WIN, the log in ``pupil_id`` and ``raised_on``; of two
        statuses the further one of PROGRESS holds, and the workbook's of two as far.
    """
    chosen = {name: both[f"{name}_written"].combine_first(both[name]) for name in STAFF_WIN}
    kept = {name: both[name].combine_first(both[f"{name}_written"]) for name in ("pupil_id", "raised_on")}
    told, written = (both[name].map(PROGRESS).fillna(-1) for name in ("status", "status_written"))
    return both.assign(**chosen, **kept, status=both["status"].where(told > written, both["status_written"]))


def judge_actions(merged: pd.DataFrame, date_from: date, date_to: date) -> pd.DataFrame:
    """Say where each action stands at the end of a period, leaving out those closed before it.

    Parameters
    ----------
    merged : pandas.DataFrame
        ``merge_actions``.
    date_from, date_to : datetime.date
        The period's first and last day.

    Returns
    -------
    pandas.DataFrame
        One row per action agreed by the end of the period and not closed before its start, overdue ones
        first and each standing by due date: the same columns, ``standing`` (one of STANDINGS) and
        ``days_overdue`` (calendar days; missing if it is not overdue).

    Notes
    -----
    An action is overdue from the day after it was due. One closed without a date is taken as closed in
    this period, and dated by its last day, if the last pack's workbook still listed it; else before.
    """
    start, end = pd.Timestamp(date_from), pd.Timestamp(date_to)
    is_closed = merged["status"].isin(CLOSED)
    undated = is_closed & merged["is_in_workbook"] & merged["completed_on"].isna()
    dated = merged.assign(completed_on=merged["completed_on"].mask(undated, end))
    kept = dated[(dated["raised_on"] <= end) & (~is_closed | (dated["completed_on"] >= start))]
    is_overdue = ~kept["status"].isin(CLOSED) & (kept["due_date"] < end)
    days = (end - kept["due_date"]).dt.days.where(is_overdue).astype("Int64")
    standing = kept["status"].map(
        {OPEN: DUE, IN_PROGRESS: UNDER_WAY, DONE: DONE_SINCE, CANCELLED: CANCELLED_SINCE}
    )
    judged = kept.assign(standing=standing.mask(is_overdue, OVERDUE), days_overdue=days)
    return judged.pipe(in_order)


def in_order(judged: pd.DataFrame) -> pd.DataFrame:
    """Return actions (one row each) by standing, due date (none last), day raised and number.

    Examples
    --------
    >>> judged = pd.DataFrame({"standing": [DUE, OVERDUE, DUE], "due_date": ["2026-11-20", "2026-11-06", None],
    ...     "raised_on": "2026-11-02", "action_id": ["a", "b", "c"]})
    >>> in_order(judged)["action_id"].tolist()
    ['b', 'a', 'c']
    """
    place = judged["standing"].map({standing: place for place, standing in enumerate(STANDINGS)})
    ordered = judged.assign(place=place).sort_values(
        ["place", "due_date", "raised_on", "action_id"], ignore_index=True
    )
    return ordered.drop(columns="place")


def match_pupils(actions: pd.DataFrame, pupil_ids: pd.Series) -> pd.DataFrame:
    """Give each action its pupil's identifier as the roll writes it: the same rows, ``pupil_id`` changed.

    A workbook may drop the leading zeros of a number that staff typed; where exactly one pupil fits
    without them, that one is meant. What fits no pupil is left as it is.

    Examples
    --------
    >>> actions = pd.DataFrame({"pupil_id": ["2103", "002104", "9", None]})
    >>> match_pupils(actions, pd.Series(["002103", "002104"]))["pupil_id"].tolist()
    ['002103', '002104', '9', None]
    """
    roll = pd.Series(pupil_ids.astype(str).unique())
    bare = roll.str.lstrip("0")
    is_alone = ~bare.duplicated(keep=False)
    meant = dict(zip(bare[is_alone], roll[is_alone], strict=True)) | {each: each for each in roll}
    found = [meant.get(each, each) if pd.notna(each) else None for each in actions["pupil_id"]]
    return actions.assign(pupil_id=pd.Series(found, index=actions.index, dtype=object))


def count_strays(merged: pd.DataFrame, pupil_ids: pd.Series) -> dict[str, int]:
    """Count what was kept though it fits nothing: entries the log does not know and pupils not on the roll file.

    Returns
    -------
    dict of str to int
        ``unknown_actions`` (with a number that neither the log has nor a pack gave) and ``unknown_pupils``.

    Examples
    --------
    >>> merged = pd.DataFrame({"action_id": ["A1", "A9", "2026-11-20/1"], "is_in_log": [True, False, False]})
    >>> merged = merged.assign(pupil_id=["1", "7", None])
    >>> count_strays(merged, pd.Series(["1"]))
    {'unknown_actions': 1, 'unknown_pupils': 1}
    """
    is_ours = merged["action_id"].map(lambda number: OWN_NUMBER.fullmatch(number) is not None).astype(bool)
    has_log = bool(merged["is_in_log"].any())
    unknown = ~merged["is_in_log"] & ~is_ours & has_log
    strange = merged["pupil_id"].notna() & ~merged["pupil_id"].isin(pupil_ids.astype(str))
    return {"unknown_actions": int(unknown.sum()), "unknown_pupils": int(strange.sum())}


def open_action_pupils(merged: pd.DataFrame) -> np.ndarray:
    """Return the pupils with an action that is not closed: identifiers, each once (shape (pupils,)).

    Examples
    --------
    >>> open_action_pupils(pd.DataFrame({"pupil_id": ["1", "2", None, "1"], "status": ["open", "done", "open", "open"]})).tolist()
    ['1']
    """
    return merged.loc[~merged["status"].isin(CLOSED), "pupil_id"].dropna().unique()


def without_plan(pupils: pd.DataFrame, support: pd.DataFrame, with_action: np.ndarray) -> pd.DataFrame:
    """Return the pupils for whom nothing is agreed: no open action, no intervention and no contract or notice to improve.

    Parameters
    ----------
    pupils : pandas.DataFrame
        PUPIL_TOTALS of those over a line.
    support : pandas.DataFrame
        ``support.support_by_pupil``; a log that was not exported counts as nothing recorded.
    with_action : numpy.ndarray
        Identifiers of the pupils with an open action.

    Returns
    -------
    pandas.DataFrame
        The same rows, most absent first, with the columns of support.
    """
    known = pupils.merge(support, on="pupil_id", how="left", validate="m:1")
    planned = (known["interventions_now"].fillna(0) > 0) | (known["formal_support_now"].fillna(0) > 0)
    bare = known[~planned.astype(bool) & ~known["pupil_id"].isin(with_action)]
    return bare.sort_values(["absence_rate", "pupil_id"], ascending=[False, True], ignore_index=True)
