"""The impact of one intervention, and of every intervention in a log."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import chance_of_normal, t_quantile
from attendance_lib.analysis.impact.expectation import (
    SEED,
    Expectation,
    Neighbours,
    PlaceboRange,
    expect,
    find_neighbours,
    measure_likeness,
    placebo_range,
)
from attendance_lib.analysis.impact.risk_sets import OUTCOMES, Question, RiskSets, build_risk_sets
from attendance_lib.analysis.impact.self_test import NO_SELF_TEST, SelfTest, self_test
from attendance_lib.analysis.impact.verdicts import (
    NOBODY_LEFT,
    Judgement,
    Likeness,
    Verdict,
    cautious,
    judge,
)
from attendance_lib.analysis.impact.weeks import Starts, WeekCounts

# What comparing the pupils' own attendance before and after would have said, to be shown beside the estimate

NAIVE_WEEKS = 6
CONFIDENCE = 0.95
FEWEST = 2


@dataclass(frozen=True)
class BeforeAfter:
    """Mean change in the same pupils' attendance from the six weeks before to the six after (fractions), with its range.

    Pupils are chosen because of a bad spell, and a bad spell ends: most of such a change comes of itself.
    """

    change: float
    low: float
    high: float
    se: float


def before_and_after(counts: WeekCounts, sets: RiskSets) -> BeforeAfter:
    """Compare the treated pupils' attendance in the six school weeks before and after their start.

    Returns
    -------
    BeforeAfter
        With the 95 % range of a paired t; no range for one pupil.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> absence = np.array([[*range(0, 14, 2), *range(13, 19)]])  # two sessions a week missed, and after six weeks one
    >>> counts = WeekCounts(None, range(12), {"possible": np.arange(0, 130, 10)[None], "absence": absence})
    >>> one = SimpleNamespace(enrolment=np.array([0]), week=np.array([6]), is_treated=np.array([True]))
    >>> found = before_and_after(counts, one)
    >>> round(found.change, 2), found.low
    (0.1, nan)
    """
    rows, weeks = sets.enrolment[sets.is_treated], sets.week[sets.is_treated]
    change = np.concatenate([changes(counts, int(week), rows[weeks == week]) for week in np.unique(weeks)])
    change = change[np.isfinite(change)]
    mean = float(change.mean()) if len(change) else float("nan")
    if len(change) < FEWEST:
        return BeforeAfter(mean, float("nan"), float("nan"), float("nan"))
    se = float(change.std(ddof=1) / np.sqrt(len(change)))
    reach = se * t_quantile((1 + CONFIDENCE) / 2, len(change) - 1)
    return BeforeAfter(mean, mean - reach, mean + reach, se)


def changes(counts: WeekCounts, week: int, rows: np.ndarray) -> np.ndarray:
    """Return the change in some enrolments' attendance rate about the beginning of a week (fractions, shape (rows,)).

    Examples
    --------
    >>> absence = np.array([[*range(0, 14, 2), *range(13, 19)]])  # two sessions a week missed, and after six weeks one
    >>> running = {"possible": np.arange(0, 130, 10)[None], "absence": absence}
    >>> changes(WeekCounts(None, range(12), running), 6, np.array([0])).round(2).tolist()
    [0.1]
    """
    before, after = (
        rates(counts, span)[rows]
        for span in ((week - NAIVE_WEEKS, week), (week, min(week + NAIVE_WEEKS, len(counts.weeks))))
    )
    return after - before


def rates(counts: WeekCounts, span: tuple[int, int]) -> np.ndarray:
    """Return each enrolment's attendance rate over a span of weeks (fractions, shape (enrolments,)); NaN where none is possible.

    Examples
    --------
    >>> running = {"possible": np.array([[0, 10, 20], [0, 10, 20]]), "absence": np.array([[0, 1, 2], [0, 0, 5]])}
    >>> counts = WeekCounts(pd.DataFrame(), pd.DataFrame(), running)
    >>> rates(counts, (0, 2)).tolist()
    [0.9, 0.75]
    """
    possible = counts.total("possible", *span)
    return 1 - counts.total("absence", *span) / np.where(possible > 0, possible, np.nan)


NO_LIKENESS = Likeness(0, 0, float("nan"), float("nan"))


@dataclass(frozen=True)
class Impact:
    """What can be said of one intervention. Rates and effects are fractions of possible sessions.

    Attributes
    ----------
    estimate, low, high : float
        Mean over the pupils of actual minus expected attendance, and its 95 % range; missing where nobody
        could be evaluated.
    se : float
        Standard error that the range stands for.
    cautious_estimate : float
        The estimate drawn towards nothing, to allow for picking the best of many.
    smallest_effect : float
        The smallest effect that would have been seen in 80 % of schools.
    p_value : float
        How often chance would give as large a difference, from which false discoveries are reckoned.
    possible_sessions : int
        Of the pupils in their windows.
    sessions_regained, sessions_low, sessions_high : float
        Sessions attended beyond expectation, and their range.
    other_effects, other_errors : dict of str to float
        The same difference, and its standard error, for illness, unauthorised absence and the share of open
        sessions that were possible.
    left_out : dict of str to int
        Rows of the log left out, by reason.
    """

    intervention: str
    judgement: Judgement
    likeness: Likeness
    before_after: BeforeAfter
    estimate: float
    low: float
    high: float
    se: float
    cautious_estimate: float
    smallest_effect: float
    p_value: float
    actual_rate: float
    expected_rate: float
    possible_sessions: int
    sessions_regained: float
    sessions_low: float
    sessions_high: float
    other_effects: dict[str, float]
    other_errors: dict[str, float]
    left_out: dict[str, int]
    window_weeks: int

    @property
    def verdict(self) -> Verdict:
        """The verdict in one of four words."""
        return self.judgement.verdict

    @property
    def break_even(self) -> float:
        """How large a difference that the register does not show would turn a verdict round; missing without one.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> nothing = no_impact(SimpleNamespace(intervention="Mentor", window_weeks=12), {})
        >>> replace(nothing, judgement=Judgement(Verdict.HELPED), low=0.01, high=0.05).break_even, nothing.break_even
        (0.01, nan)
        """
        return {Verdict.HELPED: self.low, Verdict.WORSE: -self.high}.get(self.verdict, float("nan"))


@dataclass(frozen=True, eq=False)
class Evaluation:
    """An impact with what it was worked out from, for the tables that show it.

    ``measured`` is the impact before the self-test on the school's own register has its say.
    """

    measured: Impact
    question: Question
    expectation: Expectation | None = None
    neighbours: Neighbours | None = None
    chance: PlaceboRange | None = None

    @cached_property
    def self_test(self) -> SelfTest:
        """What the method says of pretend interventions on pupils like these; of no run without an estimate.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> nothing = no_impact(SimpleNamespace(intervention="Mentor", window_weeks=12), {})
        >>> Evaluation(nothing, None).self_test.runs, Evaluation(nothing, None).impact.judgement.reason
        (0, 'nobody could be evaluated')
        """
        if self.expectation is None or self.neighbours is None:
            return NO_SELF_TEST
        return self_test(self.expectation, self.neighbours)

    @cached_property
    def impact(self) -> Impact:
        """The impact, with its verdict taken back where the self-test is far off on groups of no intervention."""
        if self.measured.verdict is Verdict.TOO_FEW:
            return self.measured
        return replace(self.measured, judgement=self.self_test.capped(self.measured.judgement))


def evaluate(question: Question, seed: int = SEED) -> Evaluation:
    """Evaluate one intervention.

    Parameters
    ----------
    question : Question
        The intervention, the register and the window.
    seed : int
        Of the placebo draws.

    Returns
    -------
    Evaluation
        The impact and its workings; without workings where nobody could be evaluated.
    """
    return evaluate_sets(build_risk_sets(question), question, seed)


def evaluate_sets(sets: RiskSets, question: Question, seed: int = SEED) -> Evaluation:
    """Evaluate risk sets that are already built: one row per pupil and start week."""
    if not sets.pupils:
        return Evaluation(no_impact(question, sets.left_out), question)
    expectation = expect(sets)
    neighbours = find_neighbours(expectation)
    chance = placebo_range(expectation, neighbours, expectation.alike, seed)
    return Evaluation(
        summarise(expectation, neighbours, chance, question), question, expectation, neighbours, chance
    )


def summarise(
    expectation: Expectation, neighbours: Neighbours, chance: PlaceboRange, question: Question
) -> Impact:
    """Put an estimate, its range and what may be said of it together."""
    sets = expectation.sets
    effects = expectation.effects(expectation.alike)
    estimate = float(effects[0])
    low, high = estimate - chance.upper, estimate - chance.lower
    likeness = measure_likeness(expectation, neighbours)
    return Impact(
        intervention=question.intervention,
        judgement=judge(low, high, chance.smallest_effect, likeness),
        likeness=likeness,
        before_after=before_and_after(question.counts, sets),
        estimate=estimate,
        low=low,
        high=high,
        se=chance.se,
        cautious_estimate=cautious(estimate, chance.se),
        smallest_effect=chance.smallest_effect,
        p_value=chance_of_normal(estimate / chance.se) if chance.se > 0 else 1.0,
        actual_rate=float(sets.outcomes[sets.is_treated, 0].mean()),
        expected_rate=float(expectation.expected[sets.is_treated, 0].mean()),
        **_in_sessions(sets, estimate, low, high),
        other_effects=dict(zip(OUTCOMES[1:], effects[1:].tolist(), strict=True)),
        other_errors=dict(zip(OUTCOMES[1:], chance.outcome_errors[1:].tolist(), strict=True)),
        left_out=sets.left_out,
        window_weeks=sets.window_weeks,
    )


def _in_sessions(sets: RiskSets, estimate: float, low: float, high: float) -> dict[str, float]:
    """Return an effect and its range (fractions of possible sessions) as sessions of those with the intervention."""
    possible = int(sets.possible_sessions[sets.is_treated].sum())
    return {
        "possible_sessions": possible,
        "sessions_regained": estimate * possible,
        "sessions_low": low * possible,
        "sessions_high": high * possible,
    }


def no_impact(question: Question, left_out: dict[str, int]) -> Impact:
    """Return what is said where nobody could be evaluated: no figure, and who was left out and why.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> nothing = no_impact(SimpleNamespace(intervention="Mentor", window_weeks=12), {"no start date recorded": 2})
    >>> nothing.judgement.reason, nothing.estimate
    ('nobody could be evaluated', nan)
    """
    missing = float("nan")
    return Impact(
        question.intervention,
        Judgement(Verdict.TOO_FEW, NOBODY_LEFT),
        NO_LIKENESS,
        BeforeAfter(missing, missing, missing, missing),
        *[missing] * 9,
        0,
        *[missing] * 3,
        dict.fromkeys(OUTCOMES[1:], missing),
        dict.fromkeys(OUTCOMES[1:], missing),
        left_out,
        question.window_weeks,
    )


# The middle 85 % of like pupils: with the expectation's own error, about 80 % of pupils land in it.
PUPIL_RANGE = (0.075, 0.925)
PUPIL_COLUMNS = [
    "pupil_id",
    "enrolment",
    "week_beginning",
    "possible_sessions",
    "actual_rate",
    "expected_rate",
    "low",
    "high",
    "is_below",
    "is_above",
]


def pupil_ranges(evaluation: Evaluation) -> pd.DataFrame:
    """Set each pupil's attendance beside what was expected and where like pupils landed.

    Returns
    -------
    pandas.DataFrame
        One row per pupil evaluated, by identifier: ``pupil_id``, ``enrolment``, ``week_beginning``,
        ``possible_sessions``, ``actual_rate``, ``expected_rate``, ``low`` and ``high`` (fractions, 0 to 1; about
        80 % of like pupils land between them) and ``is_below``, ``is_above``: a reason to talk, not a verdict.
    """
    if evaluation.expectation is None:
        return pd.DataFrame(columns=PUPIL_COLUMNS)
    sets, counts = evaluation.expectation.sets, evaluation.question.counts
    expected = evaluation.expectation.expected[sets.is_treated, 0]
    low, high = np.clip(expected + _around(evaluation), 0, 1)
    actual = sets.outcomes[sets.is_treated, 0]
    enrolment = sets.enrolment[sets.is_treated].astype(int)
    table = pd.DataFrame(
        {
            "pupil_id": counts.pupils["pupil_id"].to_numpy()[enrolment],
            "enrolment": enrolment,
            "week_beginning": counts.weeks["week_beginning"].to_numpy()[sets.week[sets.is_treated]],
            "possible_sessions": sets.possible_sessions[sets.is_treated].astype(int),
            "actual_rate": actual,
            "expected_rate": np.clip(expected, 0, 1),
            "low": low,
            "high": high,
            "is_below": actual < low,
            "is_above": actual > high,
        }
    )
    return table.sort_values("pupil_id", kind="stable", ignore_index=True)


def _around(evaluation: Evaluation) -> np.ndarray:
    """Return where most like pupils landed around what was expected of them; shape (2, pupils), fractions."""
    rows = evaluation.expectation.residual[evaluation.neighbours.rows, 0]
    return np.nanquantile(np.where(evaluation.neighbours.is_true, rows, np.nan), PUPIL_RANGE, axis=1)


def evaluate_all(counts: WeekCounts, starts: Starts, window_weeks: int) -> list[Evaluation]:
    """Evaluate every intervention of a log that names pupils, in the order of their names."""
    named = starts.table[starts.table["enrolment"] >= 0]
    names = sorted(named["intervention"].unique())
    return [evaluate(Question(counts, starts, name, window_weeks)) for name in names]


def impact_table(impacts: Iterable[Impact]) -> pd.DataFrame:
    """Return one row per intervention, ranked by what is known.

    Returns
    -------
    pandas.DataFrame
        Verdicts in the order helped, worse, no clear effect, too few; within each the largest cautious
        estimate first. Columns: ``intervention``, ``verdict``, ``reason``, ``pupils``, ``comparison_pupils``,
        effects as fractions, ``sessions_*``, ``p_value`` and ``left_out`` (rows of the log).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> nothing = no_impact(SimpleNamespace(intervention="Club", window_weeks=12), {"no start date recorded": 2})
    >>> helped = replace(nothing, intervention="Mentor", judgement=Judgement(Verdict.HELPED))
    >>> impact_table([nothing, helped])[["intervention", "verdict", "left_out"]].values.tolist()
    [['Mentor', 'likely helped', 2], ['Club', 'too few to tell', 2]]
    """
    rows = pd.DataFrame([as_row(each) for each in impacts], columns=TABLE_COLUMNS)
    order = rows["verdict"].map({verdict: place for place, verdict in enumerate(RANKED)})
    return (
        rows.assign(order=order)
        .sort_values(
            ["order", "cautious_estimate", "intervention"], ascending=[True, False, True], ignore_index=True
        )
        .drop(columns="order")
    )


RANKED = (Verdict.HELPED, Verdict.WORSE, Verdict.NO_CLEAR_EFFECT, Verdict.TOO_FEW)
FIGURES = (
    "estimate",
    "low",
    "high",
    "cautious_estimate",
    "smallest_effect",
    "possible_sessions",
    "sessions_regained",
    "sessions_low",
    "sessions_high",
    "p_value",
)
TABLE_COLUMNS = [
    "intervention",
    "verdict",
    "reason",
    "pupils",
    "comparison_pupils",
    *FIGURES,
    "break_even",
    "left_out",
]


def as_row(impact: Impact) -> dict[str, object]:
    """Return one impact as a row of ``impact_table``."""
    told = {
        "intervention": impact.intervention,
        "verdict": str(impact.verdict),
        "reason": impact.judgement.reason,
        "pupils": impact.likeness.pupils,
        "comparison_pupils": impact.likeness.comparison_pupils,
    }
    figures = {name: getattr(impact, name) for name in FIGURES}
    return told | figures | {"break_even": impact.break_even, "left_out": sum(impact.left_out.values())}


# What the attendance of pupils as like as can be did over the same weeks, without the intervention


def like_pupils_change(evaluation: Evaluation) -> float:
    """Return the mean change from the six weeks before to the six after of the nearest comparison pupils.

    Set beside the change of those treated it shows how much of that comes of itself: like them, these pupils were
    in a bad spell. A fraction of possible sessions; missing without an estimate.
    """
    if evaluation.expectation is None:
        return float("nan")
    sets, neighbours = evaluation.expectation.sets, evaluation.neighbours
    change = np.full(len(sets.week), np.nan)
    for week in sets.weeks:
        here = sets.week == week
        change[here] = changes(evaluation.question.counts, int(week), sets.enrolment[here].astype(int))
    around = change[neighbours.rows]
    known = neighbours.is_true & np.isfinite(around)
    of_each = np.where(known, around, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return float(of_each[known.any(axis=1)].mean()) if known.any() else float("nan")
