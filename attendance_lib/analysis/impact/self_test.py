"""A self-test on the school's own register: pretend interventions on pupils who had none, chosen alike."""

from dataclasses import dataclass

import numpy as np

from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.expected import expect
from attendance_lib.analysis.impact.placebo import SEED, find_neighbours, placebo_range
from attendance_lib.analysis.impact.risk_sets import RiskSets
from attendance_lib.analysis.impact.verdicts import Verdict, judge, measure_likeness

RUNS = 200


@dataclass(frozen=True)
class SelfTest:
    """What the method said of pretend interventions, whose effect is nothing: how many of ``runs`` got each verdict.

    ``mean_estimate`` (a fraction) should be near zero, ``cover`` (a fraction of runs) near 0.95.
    """

    runs: int
    helped: int
    worse: int
    mean_estimate: float
    cover: float


def self_test(evaluation: Evaluation, runs: int = RUNS, seed: int = SEED) -> SelfTest:
    """Pretend many times that other pupils, as like those treated as can be, had begun in the same weeks.

    Parameters
    ----------
    evaluation : Evaluation
        With an estimate.
    runs : int
        How many pretend interventions.
    seed : int
        Of the pupils drawn.

    Returns
    -------
    SelfTest
        In each run one neighbour of each treated pupil is taken as treated (one row a pupil), those truly
        treated are left out, and the estimate, its range and its verdict are worked out anew.
    """
    if evaluation.expectation is None:
        return SelfTest(0, 0, 0, float("nan"), float("nan"))
    sets = evaluation.expectation.sets
    picks = np.random.default_rng(seed).random((runs, sets.pupils))
    chosen = (pretend_rows(evaluation, pick) for pick in picks)
    found = [pretend(sets, rows) for rows in chosen]
    estimates, covered, verdicts = zip(*found, strict=True) if found else ((), (), ())
    helped, worse = (sum(each is verdict for each in verdicts) for verdict in (Verdict.HELPED, Verdict.WORSE))
    return SelfTest(runs, helped, worse, float(np.mean(estimates)), float(np.mean(covered)))


def pretend_rows(evaluation: Evaluation, picks: np.ndarray) -> np.ndarray:
    """Return one row for each treated pupil, drawn from its neighbours, no pupil twice (positions in the risk sets)."""
    neighbours, sets = evaluation.neighbours, evaluation.expectation.sets
    rows = neighbours.rows[np.arange(len(picks)), (picks * neighbours.sizes).astype(np.int64)]
    return rows[np.unique(sets.cluster[rows], return_index=True)[1]]


def pretend(sets: RiskSets, rows: np.ndarray) -> tuple[float, bool, Verdict]:
    """Return the estimate (a fraction), whether its range holds zero, and the verdict, some comparison rows taken as treated."""
    is_treated = np.zeros(len(sets.week), dtype=bool)
    is_treated[rows] = True
    # As in the estimate itself, who is treated stands in no other week's comparison.
    taken = np.isin(sets.cluster, sets.cluster[rows])
    kept = ~sets.is_treated & (is_treated | ~taken)
    weeks = np.unique(sets.week[rows])
    pretended = sets.treating(is_treated).where(kept & np.isin(sets.week, weeks))
    expectation = expect(pretended)
    neighbours = find_neighbours(expectation)
    chance = placebo_range(expectation, neighbours)
    estimate = float(expectation.gaps[:, 0].mean())
    low, high = estimate - chance.upper, estimate - chance.lower
    verdict = judge(low, high, chance.smallest_effect, measure_likeness(expectation, neighbours)).verdict
    return estimate, low <= 0 <= high, verdict
