"""What a session regained cost: a range, never one figure where there may be none, of those whose cost is recorded."""

from dataclasses import dataclass

import pandas as pd

from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.starts import HAD_IT_BEFORE
from attendance_lib.analysis.recorded_cost import recorded_costs


@dataclass(frozen=True)
class Cost:
    """The cost in pounds of those whose cost is recorded, and of a session that they regained.

    ``pupils_with_cost`` of the ``pupils`` evaluated have a cost recorded for all they had within their window.
    ``at_least`` is the cost of a session if as many were regained as the range allows; ``at_most`` if as few, and
    missing where there may be none. Both are missing where none were regained, or no cost is recorded.
    """

    total: float
    pupils_with_cost: int
    pupils: int
    at_least: float
    at_most: float


def cost_of(evaluation: Evaluation) -> Cost:
    """Return what an intervention cost those whose cost is recorded, and the range for each session they regained (pounds).

    Costs and sessions are of the same pupils: to set the costs known against everybody's sessions would make a session the
    cheaper the less the log tells.
    """
    impact, costs = evaluation.impact, costs_of_treated(evaluation)
    known = costs.dropna(subset=["cost"])
    possible = int(known["possible_sessions"].sum())
    sessions = (impact.low * possible, impact.high * possible)
    return cost_range(float(known["cost"].sum()), (len(known), len(costs)), sessions)


def costs_of_treated(evaluation: Evaluation) -> pd.DataFrame:
    """Return what each pupil evaluated cost within the window.

    Returns
    -------
    pandas.DataFrame
        One row per pupil evaluated: ``enrolment``, ``possible_sessions`` of the window and ``cost`` in pounds, of the course that
        counts and of any more of it begun within the window, whose sessions count too; missing where that of any is.
    """
    if evaluation.expectation is None:
        return pd.DataFrame({"enrolment": [], "possible_sessions": [], "cost": []})
    question, sets = evaluation.question, evaluation.expectation.sets
    week = sets.week[sets.is_treated]
    treated = pd.DataFrame(
        {
            "enrolment": sets.enrolment[sets.is_treated].astype(int),
            "possible_sessions": sets.possible_sessions[sets.is_treated],
            "first_week": week,
            "stop": [question.stop(int(each)) for each in week],
        }
    )
    rows = question.starts.of(question.intervention)
    rows = rows.loc[rows["left_out"].isin(("", HAD_IT_BEFORE)), ["enrolment", "week", "cost"]]
    courses = treated.merge(rows.assign(cost=recorded_costs(rows["cost"])), on="enrolment")
    courses = courses[courses["week"].between(courses["first_week"], courses["stop"], inclusive="left")]
    costs = courses.groupby("enrolment")["cost"].agg(lambda each: each.sum(skipna=False))
    return treated[["enrolment", "possible_sessions"]].assign(
        cost=treated["enrolment"].map(costs).astype(float)
    )


def cost_range(total: float, pupils: tuple[int, int], sessions: tuple[float, float]) -> Cost:
    """Return the cost of a session regained (pounds).

    Parameters
    ----------
    total : float
        Pounds.
    pupils : (int, int)
        Those whose cost it is, and all evaluated.
    sessions : (float, float)
        The range of sessions that those whose cost it is regained.

    Examples
    --------
    >>> cost_range(960.0, (10, 10), (60.0, 120.0))
    Cost(total=960.0, pupils_with_cost=10, pupils=10, at_least=8.0, at_most=16.0)
    >>> cost_range(960.0, (10, 10), (-20.0, 120.0)).at_most
    nan
    """
    (known, everyone), (low, high) = pupils, sessions
    missing = float("nan")
    if not known:
        return Cost(0.0, 0, everyone, missing, missing)
    return Cost(
        total, known, everyone, total / high if high > 0 else missing, total / low if low > 0 else missing
    )
