"""Attendance support plans: the school's log and what staff wrote on the sheets, as they stood on a pack's last day."""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.logs import dated, match_pupils
from attendance_lib.casebook.plans import DATES, merge_plans
from attendance_lib.intake.support_tables import PLAN_OUTCOMES
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.rules.calendar import SchoolCalendar, short_day

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
    """Return the plan that runs on the day for each pupil on roll who has one (see ``plans_of``); the index is ``pupil_id``."""
    plans = plans_of(pack)
    return plans[plans["is_running"]].set_index("pupil_id")


# As it stood on a day


def as_of(plans: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return plans (one row each) without what was written of a review, or of the end, that came after a day.

    Examples
    --------
    >>> row = dict.fromkeys(REVIEWED) | {"reviewed_on": pd.Timestamp("2026-11-25"), "closed_on": pd.Timestamp("2026-11-27")}
    >>> plans = pd.DataFrame([row | {"outcome": "met"}])
    >>> as_of(plans, pd.Timestamp("2026-11-20"))[["reviewed_on", "outcome", "closed_on"]].notna().values.tolist()
    [[False, False, False]]
    """
    is_later = plans["reviewed_on"] > day
    told = {name: plans[name].mask(is_later, pd.NaT if name in DATES else None) for name in REVIEWED}
    return plans.assign(**told, closed_on=plans["closed_on"].mask(plans["closed_on"] > day))


def judged(plans: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Say of plans in order (one row each) where they stand on the day of a pack (see ``plans_of``)."""
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
    """Return a pupil's last day on roll of those of several enrolments (one value each); missing while one has no end.

    Examples
    --------
    >>> left = pd.Series(pd.to_datetime(["2026-05-01", "2026-07-17", None]))
    >>> last_leaving(left.head(2)), last_leaving(left)
    (Timestamp('2026-07-17 00:00:00'), NaT)
    """
    return pd.NaT if days.isna().any() else days.max()


def review_day(calendar: SchoolCalendar, day: pd.Timestamp) -> pd.Timestamp:
    """Return the school day on which a review set on a day can be held: that day or the next with school.

    The day itself where the calendar has no later one; missing where the day is.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),)),))
    >>> [review_day(calendar, pd.Timestamp(day)).day for day in ("2026-11-13", "2026-11-14", "2026-11-28")]  # a Friday, Saturdays
    [13, 16, 28]
    """
    if pd.isna(day):
        return pd.NaT
    days = calendar.school_days
    at = np.searchsorted(np.array(days, dtype="datetime64[D]"), np.datetime64(day.date()))
    return pd.Timestamp(days[at]) if at < len(days) else day


def histories(plans: pd.DataFrame, on: date) -> Iterator[str]:
    """Yield, for each row of plans in order, what came of the pupil's plans before its first day; empty for a pupil's first.

    Examples
    --------
    >>> row = {"plan_id": "SP01", "pupil_id": "3401", "opened_on": pd.Timestamp("2026-09-14"), "reviewed_on": pd.NaT,
    ...     "outcome": "met", "closed_on": pd.NaT}
    >>> list(histories(pd.DataFrame([row, row | {"plan_id": "SP02"}]), date(2026, 11, 20)))
    ['', 'SP01 of 14 Sep: met']
    """
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
