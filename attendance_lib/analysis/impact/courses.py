"""One pupil's course of one intervention: a row of the log with the sessions of its window, actual and expected."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.history import has_history
from attendance_lib.analysis.impact.risk_sets import (
    AFTER_SESSIONS,
    LITTLE_AFTER,
    LITTLE_BEFORE,
    NOBODY,
    WINDOW_WEEKS,
)
from attendance_lib.analysis.impact.starts import WHOLE_SCHOOL, Starts
from attendance_lib.analysis.impact.week_counts import WeekCounts
from attendance_lib.analysis.impact.workings import pupil_ranges

LOG_COLUMNS = [
    "pupil_id",
    "intervention",
    "tier",
    "start_date",
    "end_date",
    "lead",
    "barrier",
    "outcome",
    "reason_not_working",
    "next_step",
]
BELOW, WITHIN, ABOVE = "below", "within", "above"
NOT_RECORDED = "Not recorded"
NOT_ASKED = "not asked about"


def courses_of(
    log: pd.DataFrame, starts: Starts, counts: WeekCounts, evaluations: Sequence[Evaluation]
) -> pd.DataFrame:
    """Set what the log says of each pupil's course of an intervention beside what the register says.

    Parameters
    ----------
    log : pandas.DataFrame
        INTERVENTIONS.
    starts : Starts
        The same rows, placed.
    counts : WeekCounts
        The register by weeks.
    evaluations : sequence of Evaluation
        Of the interventions.

    Returns
    -------
    pandas.DataFrame
        One row per row of the log that names a pupil, by intervention and start: the log's columns; ``enrolment``
        and ``week`` (-1 where not known); ``left_out`` (why there is no estimate; empty where there is);
        ``school_year``; ``term`` of the first week (such as 202627-autumn); ``is_fsm`` and ``has_sen``; ``weeks_since`` (school
        weeks of the window that have passed) and ``weeks_run`` (of these, those in which it ran);
        ``possible_sessions``, ``attended_sessions`` and ``absence_sessions`` of the window;
        ``expected_sessions``, ``low_sessions`` and ``high_sessions`` (between them about 80 % of like pupils
        land) and ``landed`` (below, within, above; empty without an estimate).
    """
    told = log.reindex(columns=LOG_COLUMNS).reset_index(drop=True)
    placed = starts.table.loc[
        starts.table["left_out"] != WHOLE_SCHOOL, ["row", "enrolment", "week", "left_out"]
    ]
    rows = placed.merge(told, left_on="row", right_index=True, validate="1:1").reset_index(drop=True)
    length = evaluations[0].question.window_weeks if evaluations else WINDOW_WEEKS
    rows = rows.pipe(with_pupil_facts, counts).pipe(with_window, counts, length)
    names = {each.impact.intervention for each in evaluations}
    asked = (rows["left_out"] != "") | rows["intervention"].isin(names)
    rows = rows.assign(left_out=rows["left_out"].astype(object).where(asked, NOT_ASKED))
    return rows.pipe(with_expectation, evaluations).pipe(with_reasons, counts)


def with_pupil_facts(rows: pd.DataFrame, counts: WeekCounts) -> pd.DataFrame:
    """Add to each course (row) ``school_year`` of its first week, ``is_fsm`` and ``has_sen``; missing and False where not known."""
    is_known = (rows["enrolment"] >= 0).to_numpy()
    who, week = (
        rows["enrolment"].clip(lower=0).to_numpy(dtype=int),
        rows["week"].clip(lower=0).to_numpy(dtype=int),
    )
    year = counts.weeks["school_year"].to_numpy()[week] if len(counts.weeks) else ""
    return rows.assign(
        school_year=pd.Series(year, rows.index, dtype=object).where(rows["week"] >= 0),
        is_fsm=is_known & (counts.is_fsm[who] > 0),
        has_sen=is_known & (counts.has_sen[who] > 0),
    )


def with_window(rows: pd.DataFrame, counts: WeekCounts, length: int) -> pd.DataFrame:
    """Add the weeks and the sessions of each course's window; 0 where the course is not placed.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``weeks_since`` (school weeks of the window that have passed), ``weeks_run`` (of those, the weeks in
        which it ran) and ``possible_sessions``, ``absence_sessions`` and ``attended_sessions`` of the window.
    """
    week = rows["week"].to_numpy(dtype=int)
    years_end = np.array([counts.year_stop(each) if each >= 0 else -1 for each in week], dtype=int)
    stop = np.minimum(week + length, years_end)
    is_placed = (rows["enrolment"] >= 0).to_numpy() & (week >= 0)
    firsts = counts.weeks["first_date"].to_numpy()
    ran_until = np.searchsorted(firsts, rows["end_date"].fillna(FAR_AHEAD).to_numpy(), side="right")
    who = rows["enrolment"].clip(lower=0).to_numpy(dtype=int)
    since, upto = np.where(is_placed, week, 0), np.where(is_placed, stop, 0)
    possible, absent = (
        counts.running[name][who, upto] - counts.running[name][who, since] for name in ("possible", "absence")
    )
    return rows.assign(
        weeks_since=upto - since,
        weeks_run=np.clip(np.minimum(ran_until, upto) - since, 0, None),
        possible_sessions=possible,
        absence_sessions=absent,
        attended_sessions=possible - absent,
    )


FAR_AHEAD = pd.Timestamp("2199-12-31")


def with_expectation(rows: pd.DataFrame, evaluations: Sequence[Evaluation]) -> pd.DataFrame:
    """Add the sessions expected of each pupil, the range of like pupils and where the pupil landed.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``expected_sessions``, ``low_sessions`` and ``high_sessions`` (missing where there is no estimate)
        and ``landed`` (BELOW, WITHIN, ABOVE, or empty).
    """
    ranges = [pupil_ranges(each).assign(intervention=each.impact.intervention) for each in evaluations]
    columns = ["intervention", "enrolment", "expected_rate", "low", "high", "is_below", "is_above"]
    known = pd.concat([table[columns] for table in ranges if len(table)] or [NO_RANGES])
    first = rows["left_out"] == ""
    merged = rows.merge(known.assign(left_out=""), on=["intervention", "enrolment", "left_out"], how="left")
    landed = np.select(
        [merged["expected_rate"].isna(), merged["is_below"] == True, merged["is_above"] == True],  # noqa: E712
        ["", BELOW, ABOVE],
        default=WITHIN,
    )
    sessions = {
        f"{name}_sessions": merged[column] * merged["possible_sessions"]
        for name, column in (("expected", "expected_rate"), ("low", "low"), ("high", "high"))
    }
    kept = merged.drop(columns=["expected_rate", "low", "high", "is_below", "is_above"])
    return kept.assign(**sessions, landed=np.where(first, landed, ""))


NO_RANGES = pd.DataFrame(
    {
        "intervention": pd.Series(dtype=object),
        "enrolment": pd.Series(dtype=int),
        **{name: pd.Series(dtype=float) for name in ("expected_rate", "low", "high")},
        **{name: pd.Series(dtype=bool) for name in ("is_below", "is_above")},
    }
)


def with_reasons(rows: pd.DataFrame, counts: WeekCounts) -> pd.DataFrame:
    """Say of the courses (rows) that are placed but have no estimate why: too few sessions before or after, or nobody alike."""
    bare = (rows["left_out"] == "") & (rows["landed"] == "")
    little_before = [
        not has_history(counts, week)[who]
        for week, who in rows.loc[bare, ["week", "enrolment"]].itertuples(index=False)
    ]
    reasons = np.select(
        [np.array(little_before, dtype=bool), rows.loc[bare, "possible_sessions"] < AFTER_SESSIONS],
        [LITTLE_BEFORE, LITTLE_AFTER],
        default=NOBODY,
    )
    left_out = rows["left_out"].astype(object).copy()
    left_out[bare] = reasons
    return rows.assign(left_out=left_out)
