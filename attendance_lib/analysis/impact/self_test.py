"""A self-test on the school's own register: pretend interventions on pupils who had none, chosen alike."""

from dataclasses import dataclass, replace

import numpy as np

from attendance_lib.analysis.distributions import chance_of_more
from attendance_lib.analysis.impact.expectation import (
    SEED,
    Expectation,
    Neighbours,
    expect,
    find_neighbours,
    measure_likeness,
    placebo_range,
)
from attendance_lib.analysis.impact.risk_sets import RiskSets
from attendance_lib.analysis.impact.verdicts import (
    SELF_TEST_OFF,
    Judgement,
    Verdict,
    judge,
)

# Enough to show a tenth apart from a fortieth, in half a second.
RUNS = 60
# So often a 95 % range lies above nothing by chance alone, and as often below; the pretended groups of one school are drawn
# from the same pupils, so that their number strays more than that of so many schools would: hence the low chance.
CHANCE_A_SIDE = 0.025
FAR_OFF = 0.002


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

    @property
    def is_far_off(self) -> bool:
        """Whether so many pretended interventions seem to help, or to harm, as chance gives in no more than 1 of 500 registers.

        Examples
        --------
        >>> [SelfTest(60, helped, 0, 0.0, 0.95).is_far_off for helped in (6, 7)]
        [False, True]
        """
        most = max(self.helped, self.worse)
        more = chance_of_more(np.array(most - 1), np.array(self.runs), np.array(CHANCE_A_SIDE))
        return bool(most and more <= FAR_OFF)

    def capped(self, judgement: Judgement) -> Judgement:
        """Return what may still be said: nothing where pretended groups of the same register get findings far too often.

        Nor is there "no clear effect" then: that an effect would have been seen rests on the same method.

        Examples
        --------
        >>> helped = Judgement(Verdict.HELPED, "")
        >>> [SelfTest(60, times, 0, 0.0, 0.95).capped(helped).verdict.name for times in (1, 20)]
        ['HELPED', 'TOO_FEW']
        """
        if judgement.verdict is not Verdict.TOO_FEW and self.is_far_off:
            return Judgement(Verdict.TOO_FEW, SELF_TEST_OFF)
        return judgement


NO_SELF_TEST = SelfTest(0, 0, 0, float("nan"), float("nan"))


def self_test(
    expectation: Expectation, neighbours: Neighbours, runs: int | None = None, seed: int = SEED
) -> SelfTest:
    """Pretend many times that other pupils, as like those treated as can be, had begun in the same weeks.

    Parameters
    ----------
    expectation : Expectation
        Of an intervention.
    neighbours : Neighbours
        The comparison pupils most like those treated.
    runs : int
        How many pretend interventions; RUNS without it.
    seed : int
        Of the pupils drawn.

    Returns
    -------
    SelfTest
        In each run one neighbour of each treated pupil is taken as treated (one row a pupil), those truly
        treated are left out, and the estimate, its range and its verdict are worked out anew.
    """
    # The first outcome alone is judged.
    sets = replace(expectation.sets, outcomes=expectation.sets.outcomes[:, :1])
    picks = np.random.default_rng(seed).random((RUNS if runs is None else runs, sets.pupils))
    found = [pretend(sets, pretend_rows(sets, neighbours, pick)) for pick in picks]
    estimates, covered, verdicts = zip(*found, strict=True)
    helped, worse = (sum(each is verdict for each in verdicts) for verdict in (Verdict.HELPED, Verdict.WORSE))
    return SelfTest(len(picks), helped, worse, float(np.mean(estimates)), float(np.mean(covered)))


def pretend_rows(sets: RiskSets, neighbours: Neighbours, picks: np.ndarray) -> np.ndarray:
    """Return one row for each treated pupil, drawn from its neighbours, no pupil twice (positions in the risk sets).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> neighbours = Neighbours(np.array([[0, 1], [0, 1]]), np.array([2, 2]))
    >>> sets = SimpleNamespace(cluster=np.array([5, 6]))
    >>> [pretend_rows(sets, neighbours, np.array(picks)).tolist() for picks in ([0, 0.4], [0, 0.5])]  # first both the same
    [[0], [0, 1]]
    """
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
    chance = placebo_range(expectation, neighbours, expectation.alike)
    estimate = float(expectation.effects(expectation.alike)[0])
    low, high = estimate - chance.upper, estimate - chance.lower
    verdict = judge(low, high, chance.smallest_effect, measure_likeness(expectation, neighbours)).verdict
    return estimate, low <= 0 <= high, verdict
