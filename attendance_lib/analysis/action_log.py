"""What was agreed and where it stands: the school's log of actions and all that the casebook knows staff wrote."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.casebook.staff_rows import known_rows, shown_cell, typed_or_none
from attendance_lib.casebook.state import EarlierPrint, RowState, State
from attendance_lib.intake.schema import ACTIONS
from attendance_lib.intake.staff.cells import (
    ACTION_STATUSES,
    DATE_COLUMNS,
    logged_status,
)

SHEET = ACTIONS.name
ACTION_LOG_COLUMNS = (*ACTIONS.column_names, "next_step")
OPEN, IN_PROGRESS, DONE, CANCELLED = ACTION_STATUSES
CLOSED = (DONE, CANCELLED)
WORDS = ("pupil_id", "action", "owner", "due_date", "completed_on", "note", "next_step")

OVERDUE, DUE, UNDER_WAY = "Overdue", "To do", "In progress"
DONE_SINCE, CANCELLED_SINCE = "Done since last time", "Cancelled since last time"
LEFT = "Pupil has left"
STANDINGS = (OVERDUE, UNDER_WAY, DUE, LEFT, DONE_SINCE, CANCELLED_SINCE)


def merge_actions(
    exported: pd.DataFrame | None, known: State | None, meetings: Mapping[date, date] | None = None
) -> pd.DataFrame:
    """Bring the school's log of actions together with what the casebook knows that staff wrote.

    Parameters
    ----------
    exported : pandas.DataFrame or None
        ACTIONS, where the school exports a log of them.
    known : State or None
        The casebook; None where there is none.
    meetings : mapping of date to date, optional
        The meeting for which a pack was made, by the pack's last day: what staff add there was agreed there.

    Returns
    -------
    pandas.DataFrame
        One row per action of either, those of the log first and in its order: ACTION_LOG_COLUMNS, ``is_in_log``,
        ``added_in`` (the cohort in whose pack staff added it; missing for those of the log) and ``added_on`` (the last day
        of that pack). Every action has an ``action_id``, a day raised and one of the statuses open, in progress, done and
        cancelled.

    Notes
    -----
    Of each cell the casebook's rule says what is shown (``casebook.state.RULE``). Where that is the log's own word, it is
    the log's as exported now. A row of which staff cleared every cell is none.

    Examples
    --------
    >>> log = pd.DataFrame({"action_id": ["A1"], "action": ["Ring home"], "status": ["completed"]})
    >>> merge_actions(log, None)[["action_id", "action", "status", "is_in_log"]].values.tolist()
    [['A1', 'Ring home', 'done', True]]
    """
    logged = {row["action_id"]: row for row in standard_actions(exported).to_dict("records")}
    rows = known_rows(known, SHEET)
    keys = [*logged, *sorted(rows.keys() - logged.keys())]
    merged = [merged_action(key, logged.get(key), rows.get(key), meetings or {}) for key in keys]
    return action_table(row for row in merged if row["is_in_log"] or any(row[name] for name in WORDS))


def merged_action(
    key: str, logged: Mapping | None, row: RowState | None, meetings: Mapping[date, date]
) -> dict[str, object]:
    """Return an action as a row of ``merge_actions``."""
    cells = {
        name: shown_cell(name, logged, row, is_date=name in DATE_COLUMNS)
        for name in ACTION_LOG_COLUMNS
        if name not in ("action_id", "status")
    }
    added_on = typed_or_none(row.date_to) if row else None
    agreed_on = cells["raised_on"] or (added_on and meetings.get(added_on, added_on))
    told = cells | {"raised_on": agreed_on, "status": shown_status(logged, row)}
    added_in = row.cohort if row and row.pack_id else None
    return {
        "action_id": key,
        "is_in_log": logged is not None,
        "added_in": added_in,
        "added_on": added_on,
    } | told


def shown_status(logged: Mapping | None, row: RowState | None) -> str:
    """Return the status that is shown of an action, in our words; one that cannot be read leaves it open.

    Examples
    --------
    >>> shown_status({"status": "completed"}, None), shown_status({"status": "who knows"}, None)
    ('done', 'open')
    """
    return logged_status(shown_cell("status", logged, row))


def action_table(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return rows of ``merge_actions`` as a table: days as datetime64[s], everything else as it is.

    Examples
    --------
    >>> table = action_table([{"action_id": "A1", "is_in_log": True, "due_date": date(2026, 11, 20)}])
    >>> table["due_date"].dt.day.tolist(), table["is_in_log"].tolist()
    ([20], [True])
    """
    names = [*ACTION_LOG_COLUMNS, "is_in_log", "added_in", "added_on"]
    table = pd.DataFrame(list(rows), columns=names, dtype=object)
    days = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in (*DATE_COLUMNS, "added_on")}
    return table.assign(**days, is_in_log=table["is_in_log"].astype(bool))


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
    return pd.Series([logged_status(status) for status in statuses], index=statuses.index, dtype=object)


def judge_actions(
    merged: pd.DataFrame,
    date_from: date,
    date_to: date,
    last: EarlierPrint | None = None,
    left: Collection[str] = (),
) -> pd.DataFrame:
    """Say where each action stands at the end of a period, leaving out those closed before it.

    Parameters
    ----------
    merged : pandas.DataFrame
        ``merge_actions``.
    date_from, date_to : datetime.date
        The period's first and last day.
    last : EarlierPrint or None
        What the last pack of the same readers printed; None where there was none.
    left : collection of str
        The pupils who have left by the end of the period: nothing about them is overdue, it is to be closed or handed on.

    Returns
    -------
    pandas.DataFrame
        One row per action that is not closed or was closed since the last pack, overdue ones first and each standing by
        due date: the same columns, ``standing`` (one of STANDINGS), ``days_overdue`` (calendar days; missing if it is
        not overdue) and ``is_late`` (staff wrote that it was agreed after the period).

    Notes
    -----
    An action is overdue from the day after it was due. One is closed since the last pack if that printed it as open,
    whatever day it was done on; one that it did not print, by its day. One closed without a day is dated by the period's
    last. Actions that the log dates after the period are not agreed yet; those that staff do may be mistyped, and are listed.

    Examples
    --------
    >>> due = (("A1", date(2026, 11, 19)), ("A2", date(2026, 11, 20)))  # what is due on the last day is not overdue yet
    >>> rows = [{"action_id": key, "status": OPEN, "is_in_log": True, "due_date": day} for key, day in due]
    >>> judged = judge_actions(action_table(rows), date(2026, 11, 9), date(2026, 11, 20))
    >>> judged[["action_id", "standing", "days_overdue"]].values.tolist()
    [['A1', 'Overdue', 1], ['A2', 'To do', <NA>]]
    """
    start, end = pd.Timestamp(date_from), pd.Timestamp(date_to)
    is_closed, is_added = merged["status"].isin(CLOSED), merged["added_in"].notna()
    is_late = merged["raised_on"] > end
    is_listed = ~is_closed | is_closed_since(merged, start, last)
    dated = merged.assign(
        completed_on=merged["completed_on"].mask(is_closed & merged["completed_on"].isna(), end)
    )
    kept = dated.assign(is_late=is_late)[is_listed & (~is_late | is_added)]
    is_of_leaver = ~kept["status"].isin(CLOSED) & kept["pupil_id"].isin(list(left))
    is_overdue = ~kept["status"].isin(CLOSED) & (kept["due_date"] < end) & ~is_of_leaver
    days = (end - kept["due_date"]).dt.days.where(is_overdue).astype("Int64")
    standing = kept["status"].map(
        {OPEN: DUE, IN_PROGRESS: UNDER_WAY, DONE: DONE_SINCE, CANCELLED: CANCELLED_SINCE}
    )
    judged = kept.assign(
        standing=standing.mask(is_overdue, OVERDUE).mask(is_of_leaver, LEFT), days_overdue=days
    )
    return judged.pipe(in_order)


def is_closed_since(merged: pd.DataFrame, start: pd.Timestamp, last: EarlierPrint | None) -> pd.Series:
    """Whether each action, if it is closed, was closed since the last day of the last pack (booleans, one per row).

    Examples
    --------
    >>> done = pd.to_datetime(["2026-11-03", "2026-11-18", None])
    >>> merged = pd.DataFrame({"action_id": ["A1", "A2", "A3"], "completed_on": done, "added_in": [None, None, "all"]})
    >>> is_closed_since(merged, pd.Timestamp("2026-11-09"), None).tolist()  # A3, added on a sheet, says no day
    [False, True, True]
    """
    printed = last.cells.get(SHEET, {}) if last else {}
    since = min(start, pd.Timestamp(last.date_to)) if last else start
    is_printed = merged["action_id"].isin(printed.keys())
    open_then = [key for key, cells in printed.items() if cells.get("status") not in CLOSED]
    undated = merged["completed_on"].isna() & merged["added_in"].notna()
    by_day = (merged["completed_on"] >= since) | undated
    return by_day.where(~is_printed, merged["action_id"].isin(open_then))


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


def count_strays(merged: pd.DataFrame, pupil_ids: pd.Series) -> dict[str, int]:
    """Count what was kept though the log or the roll does not know it.

    Returns
    -------
    dict of str to int
        ``unknown_actions`` (not in a log that was exported) and ``unknown_pupils`` (not on the roll file).

    Examples
    --------
    >>> merged = pd.DataFrame({"action_id": ["A1", "2026-11-20/1"], "is_in_log": [True, False], "pupil_id": ["7", None]})
    >>> count_strays(merged, pd.Series(["1"]))
    {'unknown_actions': 1, 'unknown_pupils': 1}
    """
    unknown = ~merged["is_in_log"] & bool(merged["is_in_log"].any())
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

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "2", "3"], "absence_rate": [0.12, 0.2, 0.3]})
    >>> support = pd.DataFrame({"pupil_id": ["1"], "interventions_now": [1], "formal_support_now": [0]})
    >>> without_plan(pupils, support, np.array(["2"]))["pupil_id"].tolist()  # 1 is supported, of 2 something is agreed
    ['3']
    """
    known = pupils.merge(support, on="pupil_id", how="left", validate="m:1")
    planned = (known["interventions_now"].fillna(0) > 0) | (known["formal_support_now"].fillna(0) > 0)
    bare = known[~planned.astype(bool) & ~known["pupil_id"].isin(with_action)]
    return bare.sort_values(["absence_rate", "pupil_id"], ascending=[False, True], ignore_index=True)
