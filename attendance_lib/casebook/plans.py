"""Support plans as the school's log and the sheets that staff filled in have them together, whatever the day."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from attendance_lib.casebook.staff_rows import known_rows, printed_rows, shown_cell, typed_or_none
from attendance_lib.casebook.state import RowState, State, natural
from attendance_lib.intake.declared import Kind
from attendance_lib.intake.support_tables import PLAN_OUTCOMES, PLANS
from attendance_lib.intake.values import as_whole

# The sheet that staff fill in, and the paper.
SHEET, PAPER = PLANS.name, "plan"
DATES = tuple(column.name for column in PLANS.columns if column.kind is Kind.DATE)
# A row that is in no log, and of which all of these are blank, says nothing.
WORDS = tuple(name for name in PLANS.column_names if name not in ("plan_id", "opened_on"))


def merge_plans(exported: pd.DataFrame | None, known: State | None) -> pd.DataFrame:
    """Bring the school's log of plans together with what the casebook knows that staff wrote.

    Parameters
    ----------
    exported : pandas.DataFrame or None
        PLANS, where the school exports a log of them.
    known : State or None
        The casebook; None where there is none.

    Returns
    -------
    pandas.DataFrame
        One row per plan of either, those of the log first and in its order: the columns of PLANS, ``is_in_log`` and
        ``added_in``. One that staff began or added on a sheet is of the last day of that pack unless they wrote another. Of
        each cell the casebook's rule says what is shown; a row of which staff cleared every cell is none.

    Examples
    --------
    >>> log = pd.DataFrame({"plan_id": ["SP01"], "pupil_id": ["3401"], "outcome": ["met"]})
    >>> merge_plans(log, None)[["plan_id", "outcome", "is_in_log"]].values.tolist()
    [['SP01', 'met', True]]
    """
    log = pd.DataFrame() if exported is None else exported.astype({"plan_id": str})
    logged = {row["plan_id"]: row for row in log.reindex(columns=list(PLANS.column_names)).to_dict("records")}
    rows = known_rows(known, SHEET)
    keys = [*logged, *sorted((key for key in rows if key not in logged), key=natural)]
    begun = printed_rows(known, SHEET, PAPER) if rows else {}
    merged = [merged_plan(key, logged.get(key), rows.get(key), begun.get(key, {})) for key in keys]
    return plan_table([row for row in merged if row is not None])


def merged_plan(
    key: str, logged: Mapping | None, row: RowState | None, begun: Mapping[str, str]
) -> dict[str, object] | None:
    """Return a plan as a row of ``merge_plans``, None if it says nothing; ``begun`` is what a sheet printed of one begun there.

    Examples
    --------
    >>> row = RowState("plans", "SP02", "pack", {}, cohort="all", pack_id="pk1")  # a row of which every cell was cleared
    >>> merged_plan("SP02", None, row, {}) is None
    True
    """
    cells = {name: shown_cell(name, logged, row, is_date=name in DATES) for name in PLANS.column_names[1:]}
    cells["target_sessions"] = whole_or_none(cells["target_sessions"])
    is_added = row is not None and bool(row.pack_id)
    if logged is None:
        if all(cells[name] is None for name in WORDS):
            return None
        cells["pupil_id"] = cells["pupil_id"] or begun.get("pupil_id")
        cells["opened_on"] = cells["opened_on"] or typed_or_none(
            begun.get("opened_on", row.date_to if row else "")
        )
    return {
        "plan_id": key,
        "is_in_log": logged is not None,
        "added_in": row.cohort if is_added else None,
    } | cells


def whole_or_none(value: object) -> int | None:
    """Return a number of sessions as a log holds it or staff type it; None where it is blank, no such number, or below 0.

    Examples
    --------
    >>> whole_or_none(4), whole_or_none("4 "), whole_or_none("4.0"), whole_or_none("four"), whole_or_none(None)
    (4, 4, 4, None, None)
    >>> whole_or_none("-4"), whole_or_none("9" * 20), whole_or_none("inf")  # no more than an export may hold
    (None, None, None)
    """
    number = as_whole(value)
    return number if number is not None and number >= 0 else None


def plan_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return rows of ``merge_plans`` as a table: dates as days, targets as whole sessions.

    Examples
    --------
    >>> table = plan_table([{"plan_id": "SP01", "is_in_log": True, "target_sessions": 4, "opened_on": date(2026, 9, 14)}])
    >>> table["target_sessions"].tolist(), table["opened_on"].dt.day.tolist(), table["review_on"].isna().tolist()
    ([4], [14], [True])
    """
    table = pd.DataFrame(rows, columns=[*PLANS.column_names, "is_in_log", "added_in"], dtype=object)
    days = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in DATES}
    return table.assign(
        **days,
        target_sessions=table["target_sessions"].astype("Int64"),
        is_in_log=table["is_in_log"].astype(bool),
    )


def reviews_waiting(plans: pd.DataFrame) -> tuple[date, ...]:
    """Return the days on which reviews are set of which nothing is written down, each day once, ascending.

    Of a pupil's plans (rows of ``merge_plans``) only the newest counts, and none that is closed.

    Examples
    --------
    >>> one = {"plan_id": "1", "pupil_id": "3401", "opened_on": pd.Timestamp("2026-09-14"), "review_on": pd.Timestamp("2026-11-23")}
    >>> blank = {"reviewed_on": pd.NaT, "closed_on": pd.NaT, "outcome": None}
    >>> reviews_waiting(pd.DataFrame([one | blank])), reviews_waiting(pd.DataFrame([one | blank | {"outcome": PLAN_OUTCOMES[0]}]))
    ((datetime.date(2026, 11, 23),), ())
    """
    ordered = plans[plans["opened_on"].notna()].sort_values(["opened_on", "plan_id"], kind="stable")
    newest = ordered[~ordered["pupil_id"].duplicated(keep="last") & ordered["closed_on"].isna()]
    waits = (
        newest["review_on"].notna() & newest["reviewed_on"].isna() & ~newest["outcome"].isin(PLAN_OUTCOMES)
    )
    return tuple(sorted({day.date() for day in newest.loc[waits, "review_on"]}))
