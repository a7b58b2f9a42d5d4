"""One line more: the same estimate with pupils weighted by how surely their attendance could be foretold.

A pupil whose like went on to attend much alike tells more of the intervention than one whose like scattered. So each counts
as one over the standard deviation of what like pupils came to beyond expectation: fixed here, beforehand, for every
intervention. The mean that comes of it is another one, nearer to the pupils who attend most, and its range is narrower
(``docs/impact_calibration.md``); it is never exchanged for the headline.
"""

from dataclasses import dataclass

import numpy as np

from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.expected import Expectation
from attendance_lib.analysis.impact.placebo import Neighbours, placebo_range, variance_of_like
from attendance_lib.analysis.impact.verdicts import Judgement, judge, lack

# Nobody is foretold more surely than to a point of attendance, so that no single pupil is the whole mean.
LEAST_SPREAD = 0.01


@dataclass(frozen=True)
class WeightedLine:
    """The weighted estimate with its 95 % range and what may be said of it (differences of fractions).

    ``shares`` is how much each of those treated counts, one on average (shape (treated,)). Figures are missing where
    the estimate itself has no verdict for want of pupils or of pupils like them: there it has been tried on no school.
    """

    judgement: Judgement
    estimate: float
    low: float
    high: float
    smallest_effect: float
    shares: np.ndarray


def weighted_line(evaluation: Evaluation) -> WeightedLine:
    """Work out the same estimate with pupils weighted by how surely they could be foretold.

    Parameters
    ----------
    evaluation : Evaluation
        Of an intervention.

    Returns
    -------
    WeightedLine
        With the verdict by the rules of the headline, before the self-test has its say.
    """
    expectation, neighbours, likeness = (
        evaluation.expectation,
        evaluation.neighbours,
        evaluation.measured.likeness,
    )
    if expectation is None or neighbours is None or lack(likeness):
        return WeightedLine(evaluation.measured.judgement, *[float("nan")] * 4, np.zeros(0))
    shares = shares_by_certainty(expectation, neighbours)
    chance = placebo_range(expectation, neighbours, shares)
    estimate = float(expectation.effects(shares)[0])
    low, high = estimate - chance.upper, estimate - chance.lower
    said = judge(low, high, chance.smallest_effect, likeness)
    return WeightedLine(said, estimate, low, high, chance.smallest_effect, shares)


def shares_by_certainty(expectation: Expectation, neighbours: Neighbours) -> np.ndarray:
    """Return one over the spread of like pupils, for each of those treated: one on average, shape (treated,)."""
    weight = 1 / np.maximum(np.sqrt(variance_of_like(expectation, neighbours)), LEAST_SPREAD)
    return weight / weight.mean()
