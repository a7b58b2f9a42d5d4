"""Interventions and notices in aggregate: what was tried, for how many, at what cost, and how many notices were issued."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.evaluate import evaluate, impact_table
from attendance_lib.analysis.impact.log import narrowed
from attendance_lib.analysis.impact.risk_sets import WINDOW_WEEKS, Question
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.analysis.intervention_log import recorded_costs
from attendance_lib.analysis.logs import is_filled, known_columns
from attendance_lib.disclosure.tables import Count, PublicTable
from attendance_lib.intake.schema import INTERVENTIONS, NOTICES
from attendance_lib.papers.governors.published import LEAVERS
from attendance_lib.papers.governors.workings import Workings, table_of_report
from attendance_lib.register.grid import Register
from attendance_lib.rules.notices import was_issued

ALL_KINDS = "all kinds together"
EFFECTS = (
    "verdict",
    "reason",
    "estimate",
    "low",
    "high",
    "sessions_regained",
    "sessions_low",
    "sessions_high",
)


def interventions_in_aggregate(
    interventions: pd.DataFrame, register: Register, members: np.ndarray, before: Collection[str] = ()
) -> pd.DataFrame:
    """Say of each intervention for how many it was, what it cost and what its evaluation allows to be said.

    Parameters
    ----------
    interventions : pandas.DataFrame
        INTERVENTIONS; those begun after the register's last day count for nothing.
    register : Register
        Every session known up to the last day, of the whole school: the evaluation compares pupils.
    members : numpy.ndarray
        Whether each enrolment is of a pupil whose interventions are counted (boolean).
    before : collection of str
        Interventions for named pupils that have a row though nobody has had them.

    Returns
    -------
    pandas.DataFrame
        One row per intervention, those for named pupils first, each in alphabetical order: ``intervention``,
        ``is_own`` (for named pupils), ``tier`` (the highest recorded), ``pupils`` (different ones; missing where
        it is for everyone), ``cost`` (pounds, all that is recorded; missing where none is), ``is_cost_in_part``
        (whether some course has a cost and some has none), ``evaluated_pupils``
        and of ``impact_table`` EFFECTS (missing where it is for everyone).
    """
    log = known_columns(interventions, list(INTERVENTIONS.column_names))
    log = log[log["start_date"] <= pd.Timestamp(register.last_date)]
    told = tried(log.assign(is_own=is_filled(log["pupil_id"])), register.pupils.loc[members, "pupil_id"])
    told = with_rows_of_nobody(told, before)
    impacts = evaluated(log, register, members)
    both = told.merge(impacts, on="intervention", how="left", validate="m:1")
    both = both.assign(**{name: both[name].where(both["is_own"]) for name in ("evaluated_pupils", *EFFECTS)})
    return both.sort_values(["is_own", "intervention"], ascending=[False, True], ignore_index=True)


def with_rows_of_nobody(told: pd.DataFrame, before: Collection[str]) -> pd.DataFrame:
    """Return what ``tried`` returns (pupils, pounds) with a row of no pupil for each intervention of ``before`` that it lacks.

    Examples
    --------
    >>> had = pd.DataFrame({"intervention": ["Mentor"], "is_own": True, "pupils": 3.0, "cost": 60.0, "is_cost_in_part": False})
    >>> with_rows_of_nobody(had, ["Home visit", "Mentor"])[["intervention", "pupils"]].to_numpy().tolist()
    [['Mentor', 3.0], ['Home visit', 0.0]]
    """
    names = sorted(set(before) - set(told.loc[told["is_own"], "intervention"]))
    if not names:
        return told
    nobody = pd.DataFrame(
        {"intervention": names, "is_own": True, "pupils": 0.0, "cost": np.nan, "is_cost_in_part": False}
    )
    return pd.concat([told, nobody], ignore_index=True)


def tried(log: pd.DataFrame, pupil_ids: pd.Series) -> pd.DataFrame:
    """Count the pupils and add up the cost of each intervention, those for everyone apart.

    Parameters
    ----------
    log : pandas.DataFrame
        One row per course: ``intervention``, ``tier``, ``pupil_id``, ``cost`` (pounds) and ``is_own`` (for one pupil).
    pupil_ids : pandas.Series
        The pupils in question.

    Returns
    -------
    pandas.DataFrame
        One row per intervention and ``is_own``: ``tier`` (the highest), ``pupils`` (a count of different pupils, missing for
        everyone's), ``cost`` (pounds, missing where none is recorded) and ``is_cost_in_part`` (recorded for some
        courses only).

    Examples
    --------
    >>> log = pd.DataFrame({"pupil_id": ["1", "1", "2"], "cost": [60.0, None, 40.0]})
    >>> log = log.assign(intervention="Mentor", is_own=True, tier=2)
    >>> tried(log, pd.Series(["1"]))[["pupils", "cost", "is_cost_in_part"]].values.tolist()
    [[1.0, 60.0, True]]
    """
    log = log[~log["is_own"] | log["pupil_id"].isin(pupil_ids)]
    log = log.assign(cost=recorded_costs(log["cost"]))
    told = log.groupby(["intervention", "is_own"], as_index=False).agg(
        tier=("tier", "max"),
        pupils=("pupil_id", "nunique"),
        cost=("cost", lambda costs: costs.sum(min_count=1)),
        is_cost_in_part=("cost", lambda costs: bool(costs.notna().any() and costs.isna().any())),
    )
    return told.assign(pupils=told["pupils"].astype(float).where(told["is_own"]))


def evaluated(log: pd.DataFrame, register: Register, members: np.ndarray) -> pd.DataFrame:
    """Return what the evaluation says of each intervention for named pupils.

    Parameters
    ----------
    log : pandas.DataFrame
        One row per course of the log.
    register : Register
        The sessions in question.
    members : numpy.ndarray
        Whether each enrolment counts (boolean, shape (enrolments,)).

    Returns
    -------
    pandas.DataFrame
        One row per intervention: ``evaluated_pupils`` (a count) and EFFECTS of ``impact_table`` (words, fractions).
    """
    counts = count_weeks(register)
    days = (pd.Timestamp(register.first_date), pd.Timestamp(register.last_date))
    starts = narrowed(place_starts(log, counts), days, members)
    names = sorted(log.loc[is_filled(log["pupil_id"]), "intervention"].unique())
    impacts = impact_table(evaluate(Question(counts, starts, name, WINDOW_WEEKS)).impact for name in names)
    columns = ["intervention", "pupils", *EFFECTS]
    return impacts[columns].rename(columns={"pupils": "evaluated_pupils"})


def count_notices(
    notices: pd.DataFrame, pupil_ids: pd.Series, spans: dict[str, tuple], before: Collection[str] = ()
) -> pd.DataFrame:
    """Count the notices of each kind issued in some spans of days, and the pupils they were issued for.

    Parameters
    ----------
    notices : pandas.DataFrame
        NOTICES.
    pupil_ids : pandas.Series
        Whose notices are counted.
    spans : dict of str to tuple
        First and last day (timestamps, both included) by the span's name.
    before : collection of str
        Kinds that have a row whether or not the log holds them.

    Returns
    -------
    pandas.DataFrame
        One row per kind in the log or of ``before``, in alphabetical order, and one of all kinds together (ALL_KINDS): ``kind`` and
        for each span ``_notices`` (whatever became of them since; drafts and proposals were none) and ``_pupils`` (different
        ones). No row where the log holds none. Whose the notices of a kind are does not matter for its row: that a cohort had
        none of them may have to be withheld.

    Examples
    --------
    >>> day = pd.Timestamp(2026, 10, 5)
    >>> log = pd.DataFrame({"pupil_id": ["1", "1", "2"], "kind": "penalty notice", "issued_on": day})
    >>> log["status"] = ["Paid", "Withdrawn by the LA", "draft"]
    >>> count_notices(log, pd.Series(["1", "2"]), {"year": (day, day)}).values.tolist()
    [['penalty notice', 2, 1], ['all kinds together', 2, 1]]
    """
    log = known_columns(notices, list(NOTICES.column_names))
    status = log["status"].astype(object).fillna("").astype(str)
    issued_to_any = log[status.map(was_issued).astype(bool)]
    named = sorted({*issued_to_any["kind"].dropna(), *before})
    kinds = [*named, ALL_KINDS] if named or len(issued_to_any) else []
    log = issued_to_any[issued_to_any["pupil_id"].isin(pupil_ids)]
    every = pd.concat([log.dropna(subset="kind"), log.assign(kind=ALL_KINDS)])
    table = pd.DataFrame({"kind": pd.Series(kinds, dtype=object)})
    for name, (first, last) in spans.items():
        issued = every[every["issued_on"].between(first, last)].groupby("kind")["pupil_id"]
        table = table.assign(
            **{
                f"{name}_notices": table["kind"].map(issued.size()).fillna(0).astype(int),
                f"{name}_pupils": table["kind"].map(issued.nunique()).fillna(0).astype(int),
            }
        )
    return table


# What became of pupils who left, as the school file says: counts of pupils like any other

WHO_LEFT = {"measure": "pupils_who_left"}
SAID_AT_A_DATE = "because nothing else tells where a pupil went, and what the school file says at a date it may put right later"


@table_of_report(place=180, whole_school_only=True)
def public_leavers(workings: Workings) -> PublicTable:
    """Return where pupils went who left this year, one row per destination; no row where the school file names none.

    They are of the whole school. A destination of which an earlier version of the report withheld how many keeps its row.
    """
    named = workings.pack.school.settings.governance.pupils_who_left
    told = {each.destination: each.pupils for each in named}
    before = workings.left_out_before("left_to", workings.at_end | WHO_LEFT)
    told |= {name: 0 for name in before if name not in told}
    frame = pd.DataFrame(list(told.items()), columns=["destination", "pupils"])
    return PublicTable(
        name=LEAVERS,
        title="What became of pupils who left",
        frame=frame,
        rows=tuple(workings.at_end | {"left_to": name} for name in told),
        counts=(Count("pupils", WHO_LEFT, alone=SAID_AT_A_DATE),),
    )
