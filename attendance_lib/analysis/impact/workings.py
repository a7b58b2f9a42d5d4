"""The tables behind an estimate: week by week, the balance of the groups, single pupils, and other ways of asking."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import t_quantile
from attendance_lib.analysis.impact.evaluate import FIGURES, Evaluation, as_row, evaluate
from attendance_lib.analysis.impact.expectation import (
    CONFIDENCE,
    Expectation,
    Neighbours,
    PlaceboRange,
    mix_weights,
    placebo_range,
    variance_of_like,
)
from attendance_lib.analysis.impact.history import FEATURES
from attendance_lib.analysis.impact.risk_sets import Question, RiskSets
from attendance_lib.analysis.impact.verdicts import Judgement, judge, lack
from attendance_lib.analysis.impact.weeks import Starts

# One line more: the same estimate with pupils weighted by how surely their attendance could be foretold

# Nobody is foretold more surely than to a point of attendance, so that no single pupil is the whole mean.
LEAST_SPREAD = 0.01


@dataclass(frozen=True)
class WeightedLine:
    """The weighted estimate with its 95 % range and what may be said of it (differences of fractions).

    ``shares`` is how much each of those treated counts, one on average (shape (treated,)). ``variance`` is that of the estimate
    by chance, for a pool of several (``variance_by_chance``). Figures are missing where
    the estimate itself has no verdict for want of pupils or of pupils like them: there it has been tried on no school.
    """

    judgement: Judgement
    estimate: float
    low: float
    high: float
    smallest_effect: float
    variance: float
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

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.analysis.impact.evaluate import no_impact
    >>> nothing = no_impact(SimpleNamespace(intervention="Mentor", window_weeks=12), {})
    >>> line = weighted_line(Evaluation(nothing, None))
    >>> line.judgement.reason, line.estimate
    ('nobody could be evaluated', nan)
    """
    expectation, neighbours, likeness = (
        evaluation.expectation,
        evaluation.neighbours,
        evaluation.measured.likeness,
    )
    if expectation is None or neighbours is None or lack(likeness):
        return WeightedLine(evaluation.measured.judgement, *[float("nan")] * 5, np.zeros(0))
    shares = shares_by_certainty(expectation, neighbours)
    chance = placebo_range(expectation, neighbours, shares)
    estimate = float(expectation.effects(shares)[0])
    low, high = estimate - chance.upper, estimate - chance.lower
    said = judge(low, high, chance.smallest_effect, likeness)
    variance = variance_by_chance(chance)
    return WeightedLine(said, estimate, low, high, chance.smallest_effect, variance, shares)


def variance_by_chance(chance: PlaceboRange) -> float:
    """Return the variance of an estimate (a fraction squared) as a pool of several takes it.

    Without the stretch that one group alone needs, since a pool has its own, and without what the group's own spread adds: a
    group with a pupil who fared badly has a lower estimate and a wider spread, so that it would count for less in the pool
    exactly where it fared badly, which made pools too high by 0.16 points (docs/impact_calibration.md).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> round(variance_by_chance(SimpleNamespace(se=0.06, stretch=1.5, spread_ratio=2.0)), 6)  # 0.06 / 3, squared
    0.0004
    """
    return (chance.se / (chance.stretch * chance.spread_ratio)) ** 2


def shares_by_certainty(expectation: Expectation, neighbours: Neighbours) -> np.ndarray:
    """Return one over the spread of like pupils, for each of those treated; shape (treated,), a ratio to the mean of all.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> residual = np.array([[0.1], [-0.1], [0.2], [-0.2]])  # those like the second pupil spread twice as wide
    >>> neighbours = Neighbours(np.array([[0, 1], [2, 3]]), np.array([2, 2]))
    >>> shares_by_certainty(SimpleNamespace(residual=residual), neighbours).round(4).tolist()
    [1.3333, 0.6667]
    """
    weight = 1 / np.maximum(np.sqrt(variance_of_like(expectation, neighbours)), LEAST_SPREAD)
    return weight / weight.mean()


WEEKS_BEFORE = 6
SHORT_WINDOW = 6


def event_study(evaluation: Evaluation) -> pd.DataFrame:
    """Set the treated's actual attendance beside the expected, week by week about the start.

    Returns
    -------
    pandas.DataFrame
        One row per school week from six before the start (-6) to the last of the window (0 is the first week):
        ``week``, ``pupils``, ``actual_rate``, ``expected_rate``, ``gap``, ``low`` and ``high`` (fractions; the 95 %
        range is that of one week). Weeks before are in what is known at the start, so they lie near zero.
    """
    if evaluation.expectation is None:
        return pd.DataFrame(columns=EVENT_COLUMNS)
    last = evaluation.question.window_weeks
    weekly = weekly_rates(evaluation.question, evaluation.expectation.sets, range(-WEEKS_BEFORE, last))
    rows = [
        one_week(evaluation, week, weekly[:, [place]])
        for place, week in enumerate(range(-WEEKS_BEFORE, last))
    ]
    return pd.DataFrame([row for row in rows if row is not None], columns=EVENT_COLUMNS)


EVENT_COLUMNS = ["week", "pupils", "actual_rate", "expected_rate", "gap", "low", "high"]
FEWEST_ROWS_A_COLUMN = 2


def weekly_rates(question: Question, sets: RiskSets, about: range) -> np.ndarray:
    """Return each row's attendance rate in the weeks about its own start: shape (rows, weeks); NaN where not possible."""
    week = sets.week[:, None] + np.array(about)[None, :]
    stop = np.array([question.stop(int(each)) for each in sets.weeks])[np.searchsorted(sets.weeks, sets.week)]
    is_there = (week >= 0) & (week < stop[:, None])
    week = np.where(is_there, week, 0)
    running, rows = question.counts.running, sets.enrolment[:, None]
    possible, absent = (
        (running[name][rows, week + 1] - running[name][rows, week]).astype(float)
        for name in ("possible", "absence")
    )
    rate = 1 - absent / np.where(is_there & (possible > 0), possible, np.nan)
    has_begun = ~sets.is_treated[:, None] & (week >= question.first_weeks[sets.enrolment][:, None])
    return np.where(has_begun & np.isfinite(rate), rate_after_own_start(question, sets)[:, None], rate)


def rate_after_own_start(question: Question, sets: RiskSets) -> np.ndarray:
    """Return what each row was heading for from its own later start to its window's end (fractions, shape (rows,))."""
    rates = np.full(len(sets.week), np.nan)
    for week in sets.weeks:
        here, stop = sets.week == week, question.stop(int(week))
        enrolment = sets.enrolment[here]
        upto = question.counts.running["possible"][enrolment]
        begins = np.clip(question.first_weeks[enrolment], 0, stop)
        possible = upto[:, stop] - upto[np.arange(len(upto)), begins]
        absent = question.after_own_start[stop][enrolment, 0]
        rates[here] = 1 - absent / np.where(possible > 0, possible, np.nan)
    return rates


def one_week(evaluation: Evaluation, week: int, rates: np.ndarray) -> tuple | None:
    """Return one row of the event study of a school week (fractions); None where too few were at school to say."""
    expectation = evaluation.expectation
    known = np.isfinite(rates[:, 0])
    is_treated = expectation.sets.is_treated
    if (
        not (known & is_treated).any()
        or (known & ~is_treated).sum() < FEWEST_ROWS_A_COLUMN * expectation.columns.shape[1]
    ):
        return None
    fitted = expectation.refit(rates)
    gaps = fitted.gaps[:, 0]
    spread = max(float(gaps.std()), float(fitted.residual[~fitted.sets.is_treated].std()))
    error = np.sqrt(np.square(spread) / len(gaps) + np.square(fitted.model_error(fitted.alike)))
    reach = error * t_quantile((1 + CONFIDENCE) / 2, max(len(gaps) - 1, 1))
    actual = float(fitted.sets.outcomes[fitted.sets.is_treated].mean())
    gap = float(gaps.mean())
    return week, len(gaps), actual, actual - gap, gap, gap - reach, gap + reach


def balance(evaluation: Evaluation) -> pd.DataFrame:
    """Set what was known of the treated beside the comparison pupils, all of them and the placebo groups.

    Returns
    -------
    pandas.DataFrame
        One row per feature (``history.FEATURES``) and one for expected attendance: ``feature``, ``treated``,
        ``compared``, ``placebo`` (means; rates as fractions) and the differences ``before`` and ``after``
        in standard deviations of the comparison pupils. Empty without an estimate.
    """
    if evaluation.expectation is None:
        return pd.DataFrame(columns=BALANCE_COLUMNS)
    expectation, sets = evaluation.expectation, evaluation.expectation.sets
    values = np.column_stack([sets.features, expectation.expected[:, 0]])
    compared = values[~sets.is_treated]
    everyone = np.average(compared, axis=0, weights=mix_weights(sets)[~sets.is_treated])
    placebo = np.array([evaluation.neighbours.mean_of(column).mean() for column in values.T])
    treated, spread = values[sets.is_treated].mean(axis=0), compared.std(axis=0)
    spread = np.where(spread > 0, spread, np.nan)
    told = (treated, everyone, placebo, (treated - everyone) / spread, (treated - placebo) / spread)
    names = [*FEATURES, "expected_attendance_rate"]
    return pd.DataFrame(dict(zip(BALANCE_COLUMNS, (names, *told), strict=True)))


BALANCE_COLUMNS = ["feature", "treated", "compared", "placebo", "before", "after"]


def over_six_weeks(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation of the first six school weeks; the same one where no more were asked for."""
    if evaluation.question.window_weeks <= SHORT_WINDOW:
        return evaluation
    return evaluate(changed(evaluation.question, window_weeks=SHORT_WINDOW))


def robustness(evaluation: Evaluation, six_weeks: Evaluation) -> pd.DataFrame:
    """Ask the same of six weeks, without pupils who had another intervention, and weighted by certainty.

    Parameters
    ----------
    evaluation, six_weeks : Evaluation
        Of the window asked for, and of its first six school weeks (``over_six_weeks``).

    Returns
    -------
    pandas.DataFrame
        One row per way of asking: ``asked``, then the columns of ``evaluate.impact_table`` (fractions).
    """
    question = evaluation.question
    alone = evaluate(changed(question, starts=without_others(question)))
    ways = {
        "the window asked for": evaluation,
        "six school weeks": six_weeks,
        "without pupils who had another intervention": alone,
    }
    rows = [{"asked": way} | as_row(each.impact) for way, each in ways.items()]
    return pd.DataFrame([*rows, {"asked": WEIGHTED} | weighted_row(evaluation)])


WEIGHTED = "weighted by how surely each pupil could be foretold"


def weighted_row(evaluation: Evaluation) -> dict[str, object]:
    """Return the weighted line as a row of ``evaluate.impact_table``, sessions and all else that it does not tell missing."""
    line = weighted_line(evaluation)
    said = evaluation.self_test.capped(line.judgement)
    figures = {name: getattr(line, name) for name in ("estimate", "low", "high", "smallest_effect")}
    told = {"verdict": str(said.verdict), "reason": said.reason, "break_even": float("nan")}
    return as_row(evaluation.impact) | dict.fromkeys(FIGURES, float("nan")) | told | figures


def changed(question: Question, window_weeks: int | None = None, starts: Starts | None = None) -> Question:
    """Return the same question of another window or another log."""
    return Question(
        question.counts,
        starts or question.starts,
        question.intervention,
        window_weeks or question.window_weeks,
    )


OTHER_TOO = "had another intervention from eight weeks before the start to the window's end"


def without_others(question: Question) -> Starts:
    """Return the log with the rows left out of pupils who had another intervention about the same weeks.

    Examples
    --------
    >>> from attendance_lib.analysis.impact.weeks import WeekCounts
    >>> rows = {"intervention": ["Mentor", "Club"], "pupil_id": "1", "enrolment": 0, "week": [9, 4], "left_out": ""}
    >>> counts = WeekCounts(pd.DataFrame({"pupil_id": ["1"]}), pd.DataFrame(), {})
    >>> starts = without_others(Question(counts, Starts(pd.DataFrame(rows)), "Mentor"))  # the club began five weeks before
    >>> starts.table["left_out"].tolist() == [OTHER_TOO, ""]
    True
    """
    table = question.starts.table
    mine = table[(table["intervention"] == question.intervention) & (table["left_out"] == "")]
    both = mine.reset_index().merge(question.others, on="enrolment", suffixes=("", "_other"))
    after = both["week_other"] - both["week"]
    near = both.loc[(after >= -OTHER_REACH) & (after < question.window_weeks), "index"]
    return Starts(table.assign(left_out=table["left_out"].mask(table.index.isin(near), OTHER_TOO)))


OTHER_REACH = 8
