"""What else might tell who ends the year over a line, tried in the same frame: the table of what was left out and why.

Each candidate changes what a pupil is expected to miss, and everything else stays: the beta tail, the correction on last
year's same week, the whole per cents. Facts of a pupil enter by a straight line that last year's same week teaches.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from unittest import mock

import numpy as np

from attendance_lib.analysis.outlook import chances as method
from attendance_lib.analysis.outlook.backtest import OURS, told, whole
from attendance_lib.analysis.outlook.level_and_drift import (
    LEAST_RATE,
    Both,
    Expectation,
    ahead_of,
    bounded,
    deviations,
    expectation,
    numbers_of,
    numbers_of_one,
    rate_ahead,
)
from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
from benchmarks.outlook_schools import DAYS, HALF_TERMS, WEEKS, World, invent_days, without_first_year

SEED = 20280901
WORLDS = {"as in the first table": World(), "one pupil in four keeps to a weekday": World(has_habits=True)}
TRIED_AFTER = (4, 14, 28)
# How far last year's line is drawn to none, in pupils.
DRAWN = 50
LONG_SPELL = 20

Expected = Callable[[Known, Both, int], Expectation]


@dataclass(frozen=True, eq=False)
class Trial:
    """One school with two years: its marks, and which days were missed (boolean, shape (pupils, weeks, days))."""

    marks: WeeklyMarks
    is_away: np.ndarray


def trial_of(kind: str, world: World, seed: int) -> Trial:
    """Return a school to try on."""
    marks, days = invent_days(kind, world, seed)
    return Trial(without_first_year(marks), days.missed[:, WEEKS:] > 0)


# The candidates


def as_one(_: Trial) -> Expected:
    """Follow all absence as one, whatever the reason."""

    def expected(known: Known, _: Both, stop: int) -> Expectation:
        whole = ahead_of(known, known, numbers_of_one(known), stop)
        variance = whole.weight * whole.weight * whole.level_variance + whole.variance
        return bounded(whole.weight * whole.level + whole.rest, variance)

    return expected


def season(power: float) -> Callable[[Trial], Expected]:
    """Take this share (a power) of the rise or fall that last year's weeks ahead had over those to date; ours takes half."""

    def of(_: Trial) -> Expected:
        def expected(known: Known, numbers: Both, stop: int) -> Expectation:
            more = 0.0
            for missed in known.by_reason:
                year = missed.is_this_year
                now = missed.absent[:, year].sum() / max(int(missed.possible[:, year].sum()), 1)
                ahead = rate_ahead(missed, stop)
                more += now * (ahead / now) ** (2 * power) - ahead if now else 0.0
            return moved(expectation(known, numbers, stop), more)

        return expected

    return of


def moved(old: Expectation, by: float | np.ndarray) -> Expectation:
    """Return what is expected, more by so much (fractions, one for all or shape (pupils,)).

    Examples
    --------
    >>> moved(Expectation(np.array([0.1, 0.95]), 0.0), 0.2).mean.round(3).tolist() == [0.3, 1 - LEAST_RATE]  # never beyond all
    True
    """
    return Expectation(np.clip(old.mean + by, LEAST_RATE, 1 - LEAST_RATE), old.variance)


def by_facts(*facts: Callable[[Trial, Known], np.ndarray]) -> Callable[[Trial], Expected]:
    """Add a straight line in some facts, learned from what followed last year's same week."""

    def of(trial: Trial) -> Expected:
        def expected(known: Known, numbers: Both, stop: int) -> Expectation:
            old, before = expectation(known, numbers, stop), trial.marks.same_week_last_year(known)
            then, end = (
                (known, stop)
                if before is None
                else (trial.marks.at(before), trial.marks.end_last_year(known, stop))
            )
            taught = slopes(trial, then, end, numbers, facts)
            share = (known.week_of_year + 1) / (known.week_of_year + 1 + method.HALF_AFTER_WEEKS)
            return moved(old, share * (standard(trial, known, facts) @ taught))

        return expected

    return of


def standard(trial: Trial, known: Known, facts: tuple) -> np.ndarray:
    """Return facts in standard deviations from their mean over those on roll (shape (pupils, facts))."""
    values = np.column_stack([fact(trial, known) for fact in facts])
    here = values[known.is_here]
    return (values - here.mean(axis=0)) / np.maximum(here.std(axis=0), 1e-9)


def slopes(trial: Trial, known: Known, stop: int, numbers: Both, facts: tuple) -> np.ndarray:
    """Return by how much more of the rate is missed for a standard deviation of each fact, drawn to none (shape (facts,))."""
    within = slice(known.week + 1, stop)
    absent, possible = (each[:, within].sum(axis=1) for each in (trial.marks.absent, trial.marks.possible))
    seen = known.is_here & (possible > 0)
    miss = (absent / np.maximum(possible, 1) - expectation(known, numbers, stop).mean)[seen]
    x = standard(trial, known, facts)[seen]
    return np.linalg.solve(x.T @ x + DRAWN * np.eye(x.shape[1]), x.T @ (miss - miss.mean()))


def own_season(trial: Trial) -> Expected:
    """Add what the pupil's weeks ahead were last year over the rest of it, as far as this year's weeks so far bear that out."""

    def expected(known: Known, numbers: Both, stop: int) -> Expectation:
        old, before = expectation(known, numbers, stop), trial.marks.same_week_last_year(known)
        if before is None:
            return old
        first, deviation = int(known.is_last_year.argmax()), deviations(known)
        spans = (slice(first, before + 1), slice(before + 1, trial.marks.end_last_year(known, stop)))
        year = deviation[:, known.is_last_year[: known.week + 1]].mean(axis=1)
        so_far, ahead = (deviation[:, each].mean(axis=1) - year for each in spans)
        now = deviation[:, first + WEEKS : known.week + 1].mean(axis=1) - year
        here = known.is_here & (known.possible_last_year > 0)
        bears_out = (so_far * now)[here].sum() / ((so_far * so_far)[here].sum() + DRAWN * so_far[here].var())
        return moved(old, np.where(here, max(float(bears_out), 0.0) * ahead, 0.0))

    return expected


# Facts of a pupil


def this_year(known: Known) -> slice:
    """Return the weeks of the year up to now.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> this_year(SimpleNamespace(week=40, week_of_year=2))
    slice(38, 41, None)
    """
    return slice(known.week - known.week_of_year, known.week + 1)


def ill_so_far(_: Trial, known: Known) -> np.ndarray:
    """Return the rate of illness so far (fractions, shape (pupils,)).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> known = SimpleNamespace(ill=np.array([[3, 1, 1]]), possible_so_far=np.array([20]), week=2, week_of_year=1)
    >>> ill_so_far(None, known).tolist()  # two of twenty sessions; the first week was last year's
    [0.1]
    """
    return known.ill[:, this_year(known)].sum(axis=1) / np.maximum(known.possible_so_far, 1)


def spell(trial: Trial, known: Known) -> np.ndarray:
    """Return how many days a spell in progress has lasted, LONG_SPELL at most (shape (pupils,)).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> away = np.zeros((2, 2, 5), dtype=bool)
    >>> away[0, 1, 3:] = away[1, 0, :] = True
    >>> spell(SimpleNamespace(is_away=away), SimpleNamespace(week=1, week_of_year=1)).tolist()  # the second is back
    [2, 0]
    """
    is_away = trial.is_away[:, this_year(known)].reshape(len(trial.is_away), -1)[:, ::-1]
    lasted = np.where(is_away.all(axis=1), is_away.shape[1], (~is_away).argmax(axis=1))
    return np.minimum(lasted, LONG_SPELL)


def weekday(trial: Trial, known: Known) -> np.ndarray:
    """Return the rate of days missed on a pupil's weekday beyond what the school's own weekdays lead to (shape (pupils,))."""
    by_day = trial.is_away[:, this_year(known)].sum(axis=1)
    usual = by_day.sum(axis=0) / max(int(by_day.sum()), 1)
    beyond = by_day - by_day.sum(axis=1, keepdims=True) * usual
    return beyond.max(axis=1) * DAYS * 2 / np.maximum(known.possible_so_far, 1)


WEEKDAY = "a weekday that stands out"
CANDIDATES: dict[str, Callable[[Trial], Expected]] = {
    "no season of the school": season(0.0),
    "last year's whole season of the school": season(1.0),
    "the pupil's own season": own_season,
    "illness and other absence as one": as_one,
    "illness so far": by_facts(ill_so_far),
    "days of a spell in progress": by_facts(spell),
    WEEKDAY: by_facts(weekday),
    "all three facts": by_facts(ill_so_far, spell, weekday),
}


# The trial


def predictors(task: tuple[str, str, int]) -> list[dict]:
    """Return the mean squared misses of ours and of each candidate in one school, a row for each week and end."""
    kind, name, seed = task
    return list(rows_of(trial_of(kind, WORLDS[name], seed)))


def rows_of(trial: Trial) -> Iterator[dict]:
    """Yield the rows of one school."""
    for week in TRIED_AFTER:
        known, half = trial.marks.at(WEEKS + week - 1), next(end for end in HALF_TERMS if end > week)
        for horizon, end in (("year", WEEKS), ("half term", half)):
            stop, line = WEEKS + end, PERSISTENT_ABSENCE
            asked = known.is_here & (known.left(stop) > 0)
            under = asked & ~line.is_met(known.absent_so_far, known.possible_so_far)
            came, said = trial.marks.is_over(known, stop, line), {}
            for name, expected in {OURS: lambda _: expectation, **CANDIDATES}.items():
                with mock.patch.object(method, "expectation", expected(trial)):
                    said[name] = whole(told(trial.marks, known, stop, line, numbers_of(known)))
            yield {"week": week, "horizon": horizon} | {
                which: {
                    "pupils": int(mask.sum()),
                    "brier": {
                        name: float(np.square(each[mask] - came[mask]).mean()) for name, each in said.items()
                    },
                }
                for which, mask in (("is_asked", asked), ("is_under", under))
            }


def tasks_of(kinds: tuple[str, ...], schools: int) -> list[tuple[str, str, int]]:
    """Return what is to be done: so many schools of each kind and world."""
    return [(kind, world, SEED + place) for world in WORLDS for kind in kinds for place in range(schools)]


def predictors_table(done: dict, kinds: tuple[str, ...], horizon: str) -> str:
    """Return by how many per cent each candidate misses less than ours to an end, of those still under the line."""
    usual, habits = WORLDS
    shown = [*((name, usual, name) for name in CANDIDATES), (f"{WEEKDAY}, where {habits}", habits, WEEKDAY)]
    lines = []
    for words, world, name in shown:
        line = [words]
        for kind, week in product(kinds, TRIED_AFTER):
            rows = [
                row
                for task, each in done.items()
                if task[:2] == (kind, world)
                for row in each
                if (row["week"], row["horizon"]) == (week, horizon)
            ]
            line.append(with_error(skill(rows, "is_under", name, OURS)))
        lines.append(line)
    return table(
        ("tried", *(f"{kind}, {week} weeks" for kind, week in product(kinds, TRIED_AFTER))), lines, first=1
    )


# What is found on the pages of the outlook's calibration: a skill with its standard error over schools, in Markdown


def skill(rows: list[dict], which: str, method: str, against: str) -> tuple[float, float]:
    """Return by how many per cent a method's mean squared miss is smaller than another's, and its standard error over schools.

    Examples
    --------
    >>> rows = [{"is_asked": {"pupils": 2, "brier": {"ours": 0.09, "theirs": 0.1}}}] * 2
    >>> [round(float(each), 6) for each in skill(rows, "is_asked", "ours", "theirs")]
    [10.0, 0.0]
    """
    ours, theirs = (
        np.array([row[which]["brier"][name] for row in rows if row[which]["pupils"]])
        for name in (method, against)
    )
    ratio = ours.mean() / theirs.mean()
    error = (
        (ours - ratio * theirs).std(ddof=1) / np.sqrt(len(ours)) / theirs.mean()
        if len(ours) > 1
        else float("nan")
    )
    return 100 * (1 - ratio), 100 * error


def with_error(figure: tuple[float, float]) -> str:
    """Return a skill with its standard error.

    Examples
    --------
    >>> with_error((15.62, 0.44))
    '15.6 (0.4)'
    """
    return f"{figure[0]:.1f} ({figure[1]:.1f})"


def table(headings: tuple[str, ...], rows: list[list[str]], first: int = 2) -> str:
    """Return a Markdown table; the first columns are text.

    Examples
    --------
    >>> print(table(("schools", "after weeks", "skill"), [["demo", "4", "12"]]))
    | schools | after weeks | skill |
    |---|---|---:|
    | demo | 4 | 12 |
    """
    lines = [f"| {' | '.join(headings)} |", "|---" * first + "|---:" * (len(headings) - first) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
