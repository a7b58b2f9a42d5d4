"""Changes of intervention: what each pupil had first, what then, and where each course left them."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.courses import BELOW, NOT_RECORDED, WITHIN
from attendance_lib.analysis.intervention_log import NO_CHANGE
from attendance_lib.analysis.logs import is_filled
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE


def with_order(courses: pd.DataFrame) -> pd.DataFrame:
    """Put each pupil's courses in order and say what came after each.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``Study.courses``; those without a start date have no place and come last.

    Returns
    -------
    pandas.DataFrame
        The same rows by pupil and start, with ``step`` (1 for the first), ``steps`` (how many the pupil had),
        ``later_intervention`` and ``later_start_date`` (the next course to begin on a later day; missing for
        the last) and ``is_overlapped`` (the next began while this course's window was still running).

    Examples
    --------
    >>> rows = pd.DataFrame({"pupil_id": ["1", "1"], "intervention": ["Mentor", "Home visit"], "weeks_since": [12, 5],
    ...     "week": [9, 4], "start_date": pd.to_datetime(["2026-11-09", "2026-10-05"])})
    >>> with_order(rows)[["step", "intervention", "later_intervention", "is_overlapped"]].values.tolist()
    [[1, 'Home visit', 'Mentor', False], [2, 'Mentor', nan, False]]
    """
    ordered = courses.sort_values(
        ["pupil_id", "start_date", "intervention"], kind="stable", ignore_index=True
    )
    pupil = ordered.groupby("pupil_id", sort=False)
    later = next_days(ordered)
    has_later = np.isfinite(later)
    place = np.where(has_later, later, 0).astype(int)
    gap = ordered["week"].to_numpy()[place] - ordered["week"].to_numpy()
    return ordered.assign(
        step=pupil.cumcount() + 1,
        steps=pupil["intervention"].transform("size"),
        later_intervention=ordered["intervention"].iloc[place].where(has_later).to_numpy(),
        later_start_date=ordered["start_date"].iloc[place].where(has_later).to_numpy(),
        is_overlapped=has_later & (gap < ordered["weeks_since"].to_numpy()),
    )


def next_days(ordered: pd.DataFrame) -> np.ndarray:
    """Return the position of the pupil's first course that began on a later day; NaN where none did (shape (rows,)).

    Examples
    --------
    >>> days = pd.to_datetime(["2026-01-05", "2026-01-05", "2026-03-02", "2026-01-12"])
    >>> next_days(pd.DataFrame({"pupil_id": ["1", "1", "1", "2"], "start_date": days})).tolist()  # the first two began together
    [2.0, 2.0, nan, nan]
    """
    days = ordered[["pupil_id", "start_date"]].assign(place=np.arange(len(ordered), dtype=float))
    firsts = days.dropna().drop_duplicates(["pupil_id", "start_date"])
    firsts = firsts.assign(later=firsts.groupby("pupil_id")["place"].shift(-1))
    return days.merge(firsts, on=["pupil_id", "start_date"], how="left")["later"].to_numpy(dtype=float)


def changes_of(courses: pd.DataFrame, pupil_ids: pd.Series) -> pd.DataFrame:
    """Return the courses (one row each, windows in sessions) of the pupils who had two or more, in order (``with_order``).

    Parameters
    ----------
    courses : pandas.DataFrame
        ``Study.courses``.
    pupil_ids : pandas.Series
        The pupils in question.

    Examples
    --------
    >>> rows = {"pupil_id": ["1", "1", "2"], "intervention": ["Club", "Mentor", "Club"], "week": [4, 9, 4], "weeks_since": 6}
    >>> courses = pd.DataFrame(rows).assign(start_date=pd.to_datetime(["2026-10-05", "2026-11-16", "2026-10-05"]))
    >>> changes_of(courses, pd.Series(["1", "2"]))["intervention"].tolist()  # the second pupil had only one
    ['Club', 'Mentor']
    """
    ordered = with_order(courses[courses["pupil_id"].isin(pupil_ids)])
    return ordered[ordered["steps"] > 1].reset_index(drop=True)


# What shows no clear effect after a fair trial: whose attendance, what staff wrote down and what came next

RECORDED = {
    "barrier": "Barrier",
    "reason_not_working": "Reason, where the outcome is not met",
    "outcome": "Outcome",
    "next_step": "Next step",
}
BEGAN = "Another intervention began"
MET = "met"
# Next steps that ask for nothing new.
SETTLED_STEPS = frozenset({"close", "closed", "continue", "step down", "none"})


def pupils_without_effect(courses: pd.DataFrame, pupil_ids: pd.Series) -> pd.DataFrame:
    """Find the courses after a fair trial of which a pupil still misses much and stands out from nobody alike.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``Study.courses``.
    pupil_ids : pandas.Series
        The pupils in question.

    Returns
    -------
    pandas.DataFrame
        The courses with a fair trial in whose window the pupil missed 10 % or more (decided on counts) and landed
        within or below the range of like pupils, with ``with_order``'s columns and ``has_no_change_recorded``
        (neither outcome nor next step is written and nothing else has begun since) and ``is_not_begun`` (a next
        step is written that asks for something new, and nothing has begun since). Those without a change first,
        then this school year's, then those below the range, then most absent.
    """
    mine = with_order(courses[courses["pupil_id"].isin(pupil_ids)])
    is_absent = PERSISTENT_ABSENCE.is_met(mine["absence_sessions"], mine["possible_sessions"])
    listed = mine[mine["is_fair_trial"] & is_absent & mine["landed"].isin([WITHIN, BELOW])]
    is_written = is_filled(listed["outcome"]) | is_filled(listed["next_step"])
    has_nothing_since = listed["later_intervention"].isna()
    asks = is_filled(listed["next_step"]) & ~small_letters(listed["next_step"]).isin(SETTLED_STEPS)
    listed = listed.assign(
        has_no_change_recorded=~is_written & has_nothing_since, is_not_begun=asks & has_nothing_since
    )
    order = listed.assign(
        is_within=listed["landed"] == WITHIN,
        rate=listed["absence_sessions"] / listed["possible_sessions"],
    )
    by = ["has_no_change_recorded", "school_year", "is_within", "rate", "start_date", "pupil_id"]
    sorted_rows = order.sort_values(by, ascending=[False, False, True, False, True, True], ignore_index=True)
    return sorted_rows.drop(columns=["is_within", "rate"])


def small_letters(texts: pd.Series) -> pd.Series:
    """Return texts as they are compared, one per row, without capitals or blanks about them; empty where missing.

    Examples
    --------
    >>> small_letters(pd.Series([" Met ", None])).tolist()
    ['met', '']
    """
    return texts.astype(object).fillna("").astype(str).str.strip().str.casefold()


def what_next(listed: pd.DataFrame) -> list[str]:
    """Say what came after each course: the next step written, that another intervention began, or that nothing did.

    Examples
    --------
    >>> rows = pd.DataFrame({"next_step": ["escalate", None, None], "later_intervention": [None, "Mentor", None]})
    >>> what_next(rows)
    ['escalate', 'Another intervention began', 'No change recorded']
    """
    began = np.where(listed["later_intervention"].notna(), BEGAN, NO_CHANGE)
    return listed["next_step"].astype(object).where(is_filled(listed["next_step"]), began).tolist()


def count_recorded(listed: pd.DataFrame) -> pd.DataFrame:
    """Count what staff wrote down about some courses.

    Parameters
    ----------
    listed : pandas.DataFrame
        ``pupils_without_effect``.

    Returns
    -------
    pandas.DataFrame
        One row per barrier, reason, outcome and next step, commonest first, those not recorded last in each:
        ``recorded`` (of RECORDED), ``value``, ``courses`` and ``pupils`` (different ones). A reason why it did not
        work is looked for where the outcome is not "met". Where no next step is written, the value says
        whether another intervention began or no change is recorded.
    """
    told = listed.assign(next_step=what_next(listed))
    is_met = small_letters(told["outcome"]) == MET
    of = {"reason_not_working": told[~is_met]}
    parts = [
        counts_of(of.get(column, told), column).assign(recorded=label) for column, label in RECORDED.items()
    ]
    return pd.concat(parts, ignore_index=True)[["recorded", "value", "courses", "pupils"]]


def counts_of(listed: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows of ``count_recorded`` for one column of the log.

    Examples
    --------
    >>> listed = pd.DataFrame({"pupil_id": ["1", "1", "2", "3"], "barrier": ["anxiety", "anxiety", None, " "]})
    >>> counts_of(listed, "barrier")[["value", "courses", "pupils"]].values.tolist()
    [['anxiety', 2, 1], ['Not recorded', 2, 2]]
    """
    value = listed[column].astype(object).where(is_filled(listed[column]), NOT_RECORDED)
    counted = (
        listed.assign(value=value.astype(str))
        .groupby("value", as_index=False)
        .agg(courses=("pupil_id", "size"), pupils=("pupil_id", "nunique"))
    )
    last = counted["value"] == NOT_RECORDED
    order = counted.assign(last=last).sort_values(["last", "courses", "value"], ascending=[True, False, True])
    return order.drop(columns="last")
