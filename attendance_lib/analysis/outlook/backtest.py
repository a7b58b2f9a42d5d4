"""How good the chances would have been at this school: given week by week from what was known then, beside simple rules."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from math import fsum, sqrt

import numpy as np

from attendance_lib.analysis.outlook.chances import (
    NO_CORRECTION,
    Correction,
    chances,
    is_open,
    learn,
    simple_chances,
)
from attendance_lib.analysis.outlook.level_and_drift import Both, numbers_of, numbers_of_one
from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks, needed
from attendance_lib.analysis.outlook.rules import RULES, Rule, told_by
from attendance_lib.rules.thresholds import Threshold

OURS, CHECK, ON_EQUAL_TERMS = "ours", "beta_binomial", "ours_on_equal_terms"


@dataclass(frozen=True, eq=False)
class Tried:
    """One week's chances beside what came.

    Attributes
    ----------
    week, stop, week_of_year : int
        The position of the week and of the one at whose beginning the end lies past, and the week's place in its school year
        from 0.
    is_asked : numpy.ndarray
        Who was on roll with sessions to come (boolean, shape (pupils,)).
    is_under, is_open : numpy.ndarray
        Who was not yet over the line; for whom arithmetic left it open (boolean, shape (pupils,)).
    came : numpy.ndarray
        Who ended at the line or over it (boolean, shape (pupils,)).
    said : dict of str to numpy.ndarray
        The chances (fractions, shape (pupils,)) by OURS, CHECK (if asked for) and the names of RULES that could be tried.
    had_hindsight : bool
        Whether the rules' shares are of the same year, from the other half of the pupils, for want of a year before.
    """

    week: int
    stop: int
    week_of_year: int
    is_asked: np.ndarray
    is_under: np.ndarray
    is_open: np.ndarray
    came: np.ndarray
    said: dict[str, np.ndarray]
    had_hindsight: bool


def try_week(
    marks: WeeklyMarks, known: Known, stop: int, line: Threshold, today: Both, *, with_check: bool = True
) -> Tried:
    """Tell what would have been said in a week, and set it beside what came; by CHECK only where it is asked for.

    What is said by our method is from what was known then alone. Shares of simple rules need an earlier year's end: where
    none is held they are taken from the same year, those of one half of the pupils from the other half, which flatters them.
    """
    came, left, need = marks.is_over(known, stop, line), known.left(stop), needed(known, stop, line)
    asked = known.is_here & (left > 0)
    before = marks.same_week_last_year(known)
    said = {OURS: whole(told(marks, known, stop, line, numbers_of(known)))}
    if with_check:
        said[CHECK] = whole(simple_chances(known, stop, line, spread_between(known)))
    said[ON_EQUAL_TERMS] = (
        said[OURS] if before is not None else whole(with_hindsight(marks, known, stop, line, today))
    )
    for name, rule in RULES.items():
        found = simple(marks, known, stop, line, rule, before)
        if found is not None:
            said[name] = arithmetic_first(found, need, left)
    return Tried(
        known.week, stop, known.week_of_year, asked, asked & ~line.is_met(known.absent_so_far, known.possible_so_far),
        asked & is_open(need, left), came, said, before is None,
    )  # fmt: skip


def spread_between(known: Known) -> float:
    """Return the variance between the school's pupils of the rate of all absence (squared fraction)."""
    numbers = numbers_of_one(known)
    return numbers.level + numbers.drift


def whole(chance: np.ndarray) -> np.ndarray:
    """Return chances in whole per cents, as fractions (shape of ``chance``).

    Examples
    --------
    >>> whole(np.array([0.125, 0.004])).tolist()  # a half is rounded up
    [0.13, 0.0]
    """
    return np.floor(chance * 100 + 0.5) / 100


def arithmetic_first(chance: np.ndarray, need: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Return a rule's chances with what arithmetic settles (fractions, shape (pupils,)).

    Examples
    --------
    >>> arithmetic_first(np.full(3, 0.4), need=np.array([0, 5, 2]), left=np.array([10, 4, 4])).tolist()  # over, out of reach, open
    [1.0, 0.0, 0.4]
    """
    return whole(np.where(need <= 0, 1.0, np.where(need > left, 0.0, chance)))


def told(marks: WeeklyMarks, known: Known, stop: int, line: Threshold, numbers: Both) -> np.ndarray:
    """Return our chances in a week (fractions, shape (pupils,)), corrected on the same week a year before where that is held."""
    before = marks.same_week_last_year(known)
    if before is None:
        return chances(known, stop, line, numbers, NO_CORRECTION)
    taught = learn(marks, marks.at(before), marks.end_last_year(known, stop), line, numbers)
    return chances(known, stop, line, numbers, taught.after(known.week_of_year + 1))


def simple(
    marks: WeeklyMarks, known: Known, stop: int, line: Threshold, rule: Rule, before: int | None
) -> np.ndarray | None:
    """Return a simple rule's chances (fractions, shape (pupils,)); None where no year can teach it."""
    if before is not None:
        then = marks.at(before)
        if rule.needs_last_year and not then.is_last_year.any():
            return None
        end = marks.end_last_year(known, stop)
        return told_by(rule, line, known, (then, marks.is_over(then, end, line), then.is_here))
    if rule.needs_last_year:
        return None
    came = marks.is_over(known, stop, line)
    return by_halves(known, lambda who: told_by(rule, line, known, (known, came, known.is_here & who)))


def with_hindsight(marks: WeeklyMarks, known: Known, stop: int, line: Threshold, numbers: Both) -> np.ndarray:
    """Return our chances (fractions, shape (pupils,)), those of each half as the other half's ends teach."""
    is_odd = is_second_half(known)
    taught = [learn(marks, known, stop, line, numbers, who) for who in (~is_odd, is_odd)]
    of_each = (np.where(is_odd, *each) for each in zip(*map(astuple, taught), strict=True))
    return chances(known, stop, line, numbers, Correction(*of_each))


def is_second_half(known: Known) -> np.ndarray:
    """Return which half of the pupils each is in (boolean, shape (pupils,)): every other one."""
    return np.arange(len(known.absent)) % 2 == 1


def by_halves(known: Known, tell: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return chances of each half of the pupils as the other half teaches them (fractions, shape (pupils,)).

    Examples
    --------
    >>> known = Known(np.zeros((4, 1)), np.ones((4, 1)), np.array([2026]), 0, np.zeros((4, 1)), np.ones((4, 1)))
    >>> by_halves(known, lambda taught: np.full(4, float(taught[0]))).tolist()  # the second and the fourth learn from the first
    [0.0, 1.0, 0.0, 1.0]
    """
    is_odd = is_second_half(known)
    return np.where(is_odd, tell(~is_odd), tell(is_odd))


# What a series of weeks comes to


def brier(tried: Sequence[Tried], name: str, which: str = "is_asked") -> float:
    """Return the mean square of chance less outcome over some pupils and weeks (0 is perfect); missing where there are none.

    Examples
    --------
    >>> everyone, came = np.array([True, True]), np.array([True, False])
    >>> week = Tried(3, 38, 3, *[everyone] * 3, came, {"ours": np.array([0.5, 0.5])}, had_hindsight=False)
    >>> brier([week], "ours")  # each misses by a half
    0.25
    """
    misses = [np.square(each.said[name] - each.came)[getattr(each, which)] for each in tried]
    return mean_of(np.concatenate(misses)) if misses else float("nan")


def mean_of(values: np.ndarray) -> float:
    """Return the mean of some numbers, shape (n,), in their unit, added up exactly; missing of nothing.

    Examples
    --------
    >>> mean_of(np.array([0.1] * 10)), mean_of(np.array([]))
    (0.1, nan)
    """
    return fsum(values.tolist()) / len(values) if len(values) else float("nan")


@dataclass(frozen=True)
class Compared:
    """By how much a rule's square misses are larger than ours on average over pupils, and the standard error of that."""

    better_by: float
    error: float


def compare(tried: Sequence[Tried], name: str, which: str = "is_asked") -> Compared:
    """Set a rule's misses beside ours; a pupil's weeks are one case.

    Examples
    --------
    >>> everyone, half = np.array([True, True]), np.array([0.5, 0.5])
    >>> said = {ON_EQUAL_TERMS: half, "last_year": np.array([1.0, 0.0])}  # which came, of one and not of the other
    >>> compare([Tried(3, 38, 3, *[everyone] * 3, np.array([True, False]), said, had_hindsight=False)], "last_year")
    Compared(better_by=-0.25, error=0.0)
    """
    gain = sum(
        np.where(
            getattr(each, which),
            np.square(each.said[name] - each.came) - np.square(each.said[ON_EQUAL_TERMS] - each.came),
            0.0,
        )
        for each in tried
    )
    asked = sum(getattr(each, which).astype(int) for each in tried)
    count = int(np.sum(asked))
    if not count:
        return Compared(float("nan"), float("nan"))
    mean = fsum(gain.tolist()) / count
    own = gain - mean * asked
    return Compared(mean, sqrt(fsum((own * own).tolist())) / count)


# Which of them a school is shown

# The weeks of last year about the same one that decide, and by how many standard errors a rule must have been better.
WEEKS_ABOUT, STANDARD_ERRORS = 3, 1.0


def weeks_about(marks: WeeklyMarks, known: Known, end: int) -> range:
    """Return the positions of last year's weeks about the same one, before the week at ``end``; none where none is held whole."""
    before = marks.same_week_last_year(known)
    if before is None:
        return range(0)
    first = int(known.is_last_year.argmax())
    return range(max(before - WEEKS_ABOUT, first), min(before + WEEKS_ABOUT + 1, end))


def best_of(tried: Sequence[Tried]) -> str:
    """Return the name of what was best over some weeks; ours unless another was better by more than STANDARD_ERRORS.

    Examples
    --------
    >>> everyone, half, right = np.array([True, True]), np.array([0.5, 0.5]), np.array([1.0, 0.0])
    >>> said = [{OURS: half, ON_EQUAL_TERMS: half, "last_year": each} for each in (half, right)]
    >>> weeks = [Tried(3, 38, 3, *[everyone] * 3, right == 1, each, had_hindsight=False) for each in said]
    >>> [best_of([week]) for week in weeks], best_of([])  # no better is not enough
    (['ours', 'last_year'], 'ours')
    """
    said = tried[0].said if tried else {}
    found = {name: compare(tried, name) for name in said if name not in (OURS, ON_EQUAL_TERMS)}
    better = {
        name: round(each.better_by, 12)
        for name, each in found.items()
        if each.better_by + STANDARD_ERRORS * each.error < 0
    }
    return min(better, key=better.get, default=OURS)
