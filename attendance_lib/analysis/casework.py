"""Interventions and notices in aggregate: what was tried, for how many, at what cost, and how many notices were issued."""

import pandas as pd

from attendance_lib.analysis.impact.evaluate import evaluate_all, impact_table
from attendance_lib.analysis.impact.starts import place_starts
from attendance_lib.analysis.impact.week_counts import count_weeks
from attendance_lib.analysis.support import is_filled, known_columns
from attendance_lib.intake.schema import INTERVENTIONS, NOTICES
from attendance_lib.register import Register

# The window over which an intervention's pupils are followed (school weeks).
WINDOW_WEEKS = 12
EFFECTS = ("verdict", "reason", "estimate", "low", "high", "sessions_regained", "sessions_low", "sessions_high")


def interventions_in_aggregate(interventions: pd.DataFrame, register: Register, pupil_ids: pd.Series) -> pd.DataFrame:
    """Say of each intervention for how many it was, what it cost and what its evaluation allows to be said.

    Parameters
    ----------
    interventions : pandas.DataFrame
        INTERVENTIONS begun by the register's last day.
    register : Register
        Every session known up to the last day, of the whole school: the evaluation compares pupils.
    pupil_ids : pandas.Series
        Whose interventions are counted.

    Returns
    -------
    pandas.DataFrame
        One row per intervention, those for named pupils first, each in alphabetical order: ``intervention``,
        ``tier`` (the highest recorded), ``pupils`` (different ones; missing where it is for everyone), ``cost``
        (pounds, all that is recorded; missing where none is), ``evaluated_pupils``, and of ``impact_table``
        EFFECTS (missing or empty where it is for everyone).
    """
    log = known_columns(interventions, list(INTERVENTIONS.column_names))
    log = log.assign(is_own=is_filled(log["pupil_id"]))
    log = log[~log["is_own"] | log["pupil_id"].isin(pupil_ids)]
    told = log.groupby(["intervention", "is_own"], as_index=False).agg(
        tier=("tier", "max"),
        pupils=("pupil_id", "nunique"),
        cost=("cost", lambda costs: costs.sum(min_count=1)),
    )
    told = told.assign(pupils=told["pupils"].astype("Int64").where(told["is_own"]))
    impacts = evaluated(interventions, register)
    both = told.merge(impacts, on="intervention", how="left", validate="m:1")
    hidden = ["evaluated_pupils", *EFFECTS]
    both = both.assign(**{name: both[name].where(both["is_own"]) for name in hidden})
    return both.sort_values(["is_own", "intervention"], ascending=[False, True], ignore_index=True)


def evaluated(interventions: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Return what the evaluation says of each intervention for named pupils (one row each, see ``impact_table``)."""
    counts = count_weeks(register)
    starts = place_starts(known_columns(interventions, list(INTERVENTIONS.column_names)), counts)
    impacts = impact_table(each.impact for each in evaluate_all(counts, starts, WINDOW_WEEKS))
    columns = ["intervention", "pupils", *EFFECTS]
    return impacts[columns].rename(columns={"pupils": "evaluated_pupils"})


def count_notices(notices: pd.DataFrame, pupil_ids: pd.Series, spans: dict[str, tuple]) -> pd.DataFrame:
    """Count the notices of each kind issued in some spans of days, and the pupils they were issued for.

    Parameters
    ----------
    notices : pandas.DataFrame
        NOTICES.
    pupil_ids : pandas.Series
        Whose notices are counted.
    spans : dict of str to tuple
        First and last day (timestamps, both included) by the span's name.

    Returns
    -------
    pandas.DataFrame
        One row per kind in the log, in alphabetical order: ``kind`` and for each span ``_notices`` (whatever
        became of them since) and ``_pupils`` (different ones).
    """
    log = known_columns(notices, list(NOTICES.column_names))
    log = log[log["pupil_id"].isin(pupil_ids)]
    kinds = sorted(log["kind"].dropna().unique())
    table = pd.DataFrame({"kind": kinds})
    for name, (first, last) in spans.items():
        issued = log[log["issued_on"].between(first, last)].groupby("kind")["pupil_id"]
        table = table.assign(
            **{
                f"{name}_notices": table["kind"].map(issued.size()).fillna(0).astype(int),
                f"{name}_pupils": table["kind"].map(issued.nunique()).fillna(0).astype(int),
            }
        )
    return table
