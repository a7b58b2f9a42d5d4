"""Attendance support plans: the school's log and what staff wrote on the sheets, as they stood on a pack's last day."""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.contact_log import match_pupils
from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.logs import dated
from attendance_lib.analysis.staff_rows import printed_rows, shown_cell, typed_or_none
from attendance_lib.casebook.state import RowState, State, natural
from attendance_lib.intake.schema import PLANS, Kind
from attendance_lib.intake.support_tables import PLAN_OUTCOMES
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.rules.calendar import SchoolCalendar, short_day

# The sheet that staff fill in, and the paper.
SHEET, PAPER = PLANS.name, "plan"
DATES = tuple(column.name for column in PLANS.columns if column.kind is Kind.DATE)
# A row that is in no log, and of which all of these are blank, says nothing.
WORDS = tuple(name for name in PLANS.column_names if name not in ("plan_id", "opened_on"))
REVIEWED = ("reviewed_on", "outcome", "next_step")


@derived
def plans_of(pack: Pack) -> pd.DataFrame:
    """Return the plans agreed by a pack's last day, of the cohort's pupils on roll or who left, as they stood on it.

    Returns
    -------
    pandas.DataFrame
        One row per plan, by pupil and in the order in which they were agreed: the columns of PLANS (days as datetime64[s],
        ``target_sessions`` as Int64, the rest text or None), what was written of the review and the end after the last day
        left out, and

        - ``is_in_log`` and ``added_in`` (the cohort in whose pack staff added it; None for those of the log);
        - ``version``: 1 for a pupil's first plan, 2 for the next;
        - ``history``: the plans of the pupil before it and what came of each, in words; empty for the first;
        - ``is_known``: whether the roll has the pupil;
        - ``left_on``: the pupil's last day on roll, if that is past;
        - ``is_open``: not closed, and no later plan of the pupil in its place;
        - ``is_running``: open, of a pupil on roll: at most one plan of a pupil;
        - ``review_day``: the school day of the review; ``is_review_moved`` if it was set on another day, on which there is no
          school (the next school day is meant; the day itself after the calendar's end);
        - ``is_review_overdue`` and ``is_review_due`` (by the end of the second school week after the period): of running
          plans of which no review is written down.

        No row where nothing is on file; ``pack.school.plans`` is None where the school exports no log of plans.
    """
    merged = match_pupils(merge_plans(pack.school.plans, pack.casebook), pack.school.pupils["pupil_id"])
    day = pd.Timestamp(pack.date_to)
    known = as_of(merged[merged["opened_on"] <= day], day)
    if pack.cohort.where:
        known = known[known["pupil_id"].isin(pack.enrolled.year_to_date.pupils["pupil_id"].astype(str))]
    ordered = known.sort_values(["pupil_id", "opened_on", "plan_id"], kind="stable", ignore_index=True)
    return judged(ordered, pack)


def running_plans(pack: Pack) -> pd.DataFrame:
    """Return the plan that runs for each pupil on roll who has one (see ``plans_of``), with ``pupil_id`` as its index."""
    plans = plans_of(pack)
    return plans[plans["is_running"]].set_index("pupil_id")


# The log and what staff wrote


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
    """
    log = pd.DataFrame() if exported is None else exported.astype({"plan_id": str})
    logged = {row["plan_id"]: row for row in log.reindex(columns=list(PLANS.column_names)).to_dict("records")}
    rows: Mapping[str, RowState] = known.rows.get(SHEET, {}) if known else {}
    keys = [*logged, *sorted((key for key in rows if key not in logged), key=natural)]
    begun = printed_rows(known, SHEET, PAPER) if rows else {}
    merged = [merged_plan(key, logged.get(key), rows.get(key), begun.get(key, {})) for key in keys]
    return plan_table([row for row in merged if row is not None])


def merged_plan(
    key: str, logged: Mapping | None, row: RowState | None, begun: Mapping[str, str]
) -> dict[str, object] | None:
    """Return a plan as a row of ``merge_plans``, None if it says nothing; ``begun`` is what a sheet printed of one begun there."""
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
    """Return a number of sessions as a log holds it or staff type it; None where it is blank, no number, or below 0.

    Examples
    --------
    >>> whole_or_none(4), whole_or_none("4 "), whole_or_none("4.0"), whole_or_none("four"), whole_or_none(None)
    (4, 4, 4, None, None)
    """
    number = pd.to_numeric(str(value).strip(), errors="coerce") if value is not None else np.nan
    return int(number) if number >= 0 and number == int(number) else None


def plan_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return rows of ``merge_plans`` as a table."""
    table = pd.DataFrame(rows, columns=[*PLANS.column_names, "is_in_log", "added_in"], dtype=object)
    days = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in DATES}
    return table.assign(
        **days,
        target_sessions=table["target_sessions"].astype("Int64"),
        is_in_log=table["is_in_log"].astype(bool),
    )


# As it stood on a day


def as_of(plans: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return plans (one row each) without what was written of a review, or of the end, that came after a day."""
    is_later = plans["reviewed_on"] > day
    told = {name: plans[name].mask(is_later, pd.NaT if name in DATES else None) for name in REVIEWED}
    return plans.assign(**told, closed_on=plans["closed_on"].mask(plans["closed_on"] > day))


def judged(plans: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Say of plans in order (one row each) where they stand (see ``plans_of``)."""
    day, pupil = pd.Timestamp(pack.date_to), plans["pupil_id"]
    roll = pack.school.pupils.astype({"pupil_id": str}).groupby("pupil_id")["leaving_date"].agg(last_leaving)
    left = pupil.map(roll).astype("datetime64[s]")
    is_open = plans["closed_on"].isna() & ~pupil.duplicated(keep="last") & pupil.notna()
    is_running = is_open & pupil.isin(roll.index) & ~(left < day)
    days = [review_day(pack.school.calendar, each) for each in plans["review_on"]]
    moved = pd.Series(pd.to_datetime(days), index=plans.index).astype("datetime64[s]")
    waits = is_running & moved.notna() & plans["reviewed_on"].isna() & ~plans["outcome"].isin(PLAN_OUTCOMES)
    ahead = Span(pack.school.calendar, pack.date_from, pack.date_to).ahead
    return plans.assign(
        version=plans.groupby("pupil_id", dropna=False).cumcount() + 1,
        history=list(histories(plans, pack.date_to)),
        is_known=pupil.isin(roll.index),
        left_on=left.where(left < day),
        is_open=is_open,
        is_running=is_running,
        review_day=moved,
        is_review_moved=moved.notna() & (moved != plans["review_on"]),
        is_review_overdue=waits & (moved < day),
        is_review_due=waits & (moved >= day) & (moved <= ahead),
    )


def last_leaving(days: pd.Series) -> pd.Timestamp:
    """Return a pupil's last day on roll of those of several enrolments (one value each); missing while one has no end."""
    return pd.NaT if days.isna().any() else days.max()


def review_day(calendar: SchoolCalendar, day: pd.Timestamp) -> pd.Timestamp:
    """Return the school day on which a review set on a day can be held: that day or the next with school.

    The day itself where the calendar has no later one; missing where the day is.
    """
    if pd.isna(day):
        return pd.NaT
    days = calendar.school_days
    at = np.searchsorted(np.array(days, dtype="datetime64[D]"), np.datetime64(day.date()))
    return pd.Timestamp(days[at]) if at < len(days) else day


def histories(plans: pd.DataFrame, on: date) -> Iterator[str]:
    """Yield what came of the pupil's plans before each of some in order; empty for the first of a pupil."""
    before: dict[object, list[str]] = {}
    for row in plans.to_dict("records"):
        told = before.setdefault(row["pupil_id"], [])
        yield "; ".join(told)
        told.append(plan_in_words(row, on))


def plan_in_words(row: Mapping, on: date) -> str:
    """Return what came of a plan in a few words.

    Examples
    --------
    >>> row = {"plan_id": "SP01", "opened_on": pd.Timestamp("2026-09-14"), "reviewed_on": pd.Timestamp("2026-10-23"),
    ...     "outcome": "partly met", "closed_on": pd.NaT}
    >>> plan_in_words(row, date(2026, 11, 20)), plan_in_words(row | {"reviewed_on": pd.NaT, "outcome": None}, date(2026, 11, 20))
    ('SP01 of 14 Sep: partly met, reviewed 23 Oct', 'SP01 of 14 Sep: no review written down')
    """
    words = [
        str(row["outcome"]) if row["outcome"] else "",
        f"reviewed {short_day(row['reviewed_on'])}" if pd.notna(row["reviewed_on"]) else "",
        f"closed {short_day(row['closed_on'])}" if pd.notna(row["closed_on"]) else "",
    ]
    return f"{row['plan_id']} of {dated(row['opened_on'], on)}: {', '.join(filter(None, words)) or 'no review written down'}"
