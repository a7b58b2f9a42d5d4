"""What a session regained cost: a range, never one figure where there may be none."""

from dataclasses import dataclass

from attendance_lib.analysis.impact.evaluate import Evaluation


@dataclass(frozen=True)
class Cost:
    """The cost in pounds of those evaluated, and of a session regained.

    ``at_least`` is the cost of a session if as many were regained as the range allows; ``at_most`` if as few, and
    missing where there may be none. Both are missing where none were regained, or no cost is recorded.
    """

    total: float
    pupils_with_cost: int
    at_least: float
    at_most: float


def cost_of(evaluation: Evaluation) -> Cost:
    """Return what an intervention cost for those evaluated, and the range for each session regained (pounds)."""
    question, impact = evaluation.question, evaluation.impact
    sets = evaluation.expectation.sets if evaluation.expectation else None
    placed = question.placed
    known = placed[placed["enrolment"].isin(sets.enrolment[sets.is_treated] if sets else ())]["cost"].dropna()
    return cost_range(float(known.sum()), len(known), (impact.sessions_low, impact.sessions_high))


def cost_range(total: float, pupils: int, sessions: tuple[float, float]) -> Cost:
    """Return the cost of a session regained from the range of sessions.

    Examples
    --------
    >>> cost_range(960.0, 10, (60.0, 120.0))
    Cost(total=960.0, pupils_with_cost=10, at_least=8.0, at_most=16.0)
    >>> cost_range(960.0, 10, (-20.0, 120.0)).at_most
    nan
    """
    low, high = sessions
    missing = float("nan")
    if not pupils:
        return Cost(0.0, 0, missing, missing)
    return Cost(total, pupils, total / high if high > 0 else missing, total / low if low > 0 else missing)
