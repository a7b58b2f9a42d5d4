"""What the log says of each intervention: who leads it, for what barrier, when it began, how long it ran, what it cost."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.recorded_cost import recorded_costs
from attendance_lib.analysis.support import is_filled

FACT_COLUMNS = [
    "intervention",
    "tiers",
    "barriers",
    "leads",
    "agencies",
    "pupils_in_log",
    "start_days",
    "first_start_date",
    "last_start_date",
    "running",
    "median_weeks",
    "median_cost",
]


def log_facts(rows: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Say of each intervention what the log tells.

    Parameters
    ----------
    rows : pandas.DataFrame
        INTERVENTIONS (``asked.log_asked``).
    span : Span
        The days covered and the calendar, which count the school weeks of each run.

    Returns
    -------
    pandas.DataFrame
        One row per intervention, by name: FACT_COLUMNS. ``tiers``, ``barriers``, ``leads`` and ``agencies`` are texts,
        the most frequent first; ``pupils_in_log`` counts different pupils, ``start_days`` different days,
        ``running`` rows that run on the last day; ``median_weeks`` is the dose, in school weeks so far, and
        ``median_cost`` pounds for each row that has a cost.
    """
    last = pd.Timestamp(span.date_to)
    end = rows["end_date"].fillna(last).clip(upper=last)
    weeks = span.count_weeks(rows["start_date"].fillna(last), end)
    rows = rows.assign(
        weeks=np.where(rows["start_date"].notna(), weeks, np.nan),
        is_running=(rows["start_date"] <= last) & (rows["end_date"].isna() | (rows["end_date"] >= last)),
    )
    facts = [facts_of(name, part) for name, part in rows.groupby("intervention", sort=True)]
    return pd.DataFrame(facts, columns=FACT_COLUMNS)


def facts_of(name: str, rows: pd.DataFrame) -> tuple:
    """Return the facts of one intervention from its rows of the log, in the order of FACT_COLUMNS (dates, weeks, pounds)."""
    return (
        name,
        *(in_order_of_frequency(rows[column]) for column in ("tier", "barrier", "lead", "agency")),
        int(rows.loc[is_filled(rows["pupil_id"]), "pupil_id"].nunique()),
        int(rows["start_date"].nunique()),
        rows["start_date"].min(),
        rows["start_date"].max(),
        int(rows["is_running"].sum()),
        float(rows["weeks"].median()),
        float(recorded_costs(rows["cost"]).median()),
    )


def in_order_of_frequency(values: pd.Series) -> str:
    """Return the different values of a column as a text, the most frequent first, then in alphabetical order.

    Examples
    --------
    >>> in_order_of_frequency(pd.Series(["SENCo", "ELSA", "ELSA", None]))
    'ELSA, SENCo'
    """
    filled = values[is_filled(values)].astype(object).astype(str)
    counts = filled.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    return ", ".join(counts.index)
