"""Whether a pupil's course of an intervention was long enough for anything to be said of it: a fair trial."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.risk_sets import AFTER_SESSIONS
from attendance_lib.analysis.impact.verdicts import FEWEST_PUPILS, Judgement, Verdict
from attendance_lib.analysis.intervention_log import LONG_WEEKS

# A plan runs for six school weeks before it is reviewed (local authorities' guidance under WTISA).
FAIR_WEEKS = LONG_WEEKS
FAIR_SESSIONS = AFTER_SESSIONS
# Of the school weeks that the intervention usually runs, a pupil had at least one in so many.
USUAL_SHARE = 2

TOO_EARLY = f"fewer than {FAIR_WEEKS} school weeks since the start"
FEW_SESSIONS = f"fewer than {FAIR_SESSIONS} possible sessions since the start"
SHORT_DOSE = "ran in fewer than half the school weeks it usually runs"
DEFINITION = (
    f"A fair trial: at least {FAIR_WEEKS} school weeks since the start, at least {FAIR_SESSIONS} possible sessions in its "
    "window, and run in at least half as many school weeks as that intervention usually runs (its median)."
)

UNFAIR = "no clear effect, but too few had a fair trial"
FAIR_NO_EFFECT = "no clear effect after a fair trial"


def with_fair_trial(courses: pd.DataFrame) -> pd.DataFrame:
    """Say of each course whether it was a fair trial, and if not why.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``courses.courses_of``.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``usual_weeks`` (median of ``weeks_run`` of the intervention's courses that began six
        school weeks ago or more; missing where there is none), ``not_fair`` (why it was not a fair trial: the
        reason it has no estimate, or the first of TOO_EARLY, FEW_SESSIONS and SHORT_DOSE) and ``is_fair_trial``.

    Examples
    --------
    >>> known = {"intervention": "Mentor", "left_out": "", "possible_sessions": 100}
    >>> rows = [{"weeks_since": 12, "weeks_run": run} | known for run in (9, 8, 3)]
    >>> with_fair_trial(pd.DataFrame(rows))[["usual_weeks", "is_fair_trial"]].to_numpy().tolist()
    [[8.0, True], [8.0, True], [8.0, False]]
    """
    is_long = courses["weeks_since"] >= FAIR_WEEKS
    weeks = courses["weeks_run"].where(is_long & (courses["left_out"] == ""))
    usual = weeks.groupby(courses["intervention"]).transform("median")
    is_short = courses["weeks_run"] * USUAL_SHARE < usual
    reasons = np.select(
        [
            courses["left_out"] != "",
            ~is_long,
            courses["possible_sessions"] < FAIR_SESSIONS,
            is_short,
        ],
        [courses["left_out"], TOO_EARLY, FEW_SESSIONS, SHORT_DOSE],
        default="",
    )
    return courses.assign(usual_weeks=usual, not_fair=reasons, is_fair_trial=reasons == "")


def count_fair_trials(courses: pd.DataFrame) -> pd.Series:
    """Return how many pupils had a fair trial of each intervention (a count, indexed by name, ascending).

    Examples
    --------
    >>> count_fair_trials(pd.DataFrame({"intervention": ["B", "A", "A"], "is_fair_trial": [False, True, True]})).to_dict()
    {'A': 2, 'B': 0}
    """
    return courses.groupby("intervention")["is_fair_trial"].sum().astype(int)


def standing_of(judgement: Judgement, fair_trials: int) -> str:
    """Say of an intervention what may be said of it after so many fair trials.

    Examples
    --------
    >>> standing_of(Judgement(Verdict.NO_CLEAR_EFFECT), 7), standing_of(Judgement(Verdict.NO_CLEAR_EFFECT), 8)
    ('no clear effect, but too few had a fair trial', 'no clear effect after a fair trial')
    """
    if judgement.verdict is Verdict.TOO_FEW:
        return f"{judgement.verdict}: {judgement.reason}"
    if judgement.verdict is Verdict.NO_CLEAR_EFFECT:
        return FAIR_NO_EFFECT if fair_trials >= FEWEST_PUPILS else UNFAIR
    return str(judgement.verdict)
