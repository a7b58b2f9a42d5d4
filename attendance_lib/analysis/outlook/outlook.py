"""The outlook of a pack: each pupil's chances to the ends ahead, worked out by what was best here, and the trial of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import betainc, betaincinv

from attendance_lib.analysis.outlook.backtest import (
    CHECK,
    OURS,
    Tried,
    arithmetic_first,
    best_of,
    brier,
    mean_of,
    simple,
    spread_between,
    told,
    try_week,
    weeks_about,
)
from attendance_lib.analysis.outlook.chances import (
    CERTAIN,
    NO_CORRECTION,
    is_open,
    learn,
    own_variance,
    settled,
    simple_chances,
)
from attendance_lib.analysis.outlook.level_and_drift import expectation, numbers_of
from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks, needed
from attendance_lib.analysis.outlook.rules import RULES
from attendance_lib.analysis.outlook.school import YEAR, Horizon, SchoolWeeks, ends_of, horizons_of, weeks_of
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.rules.benchmarks import Series, benchmark
from attendance_lib.rules.thresholds import (
    FIRST_WEEKS_SESSIONS,
    PERSISTENT_ABSENCE,
    SEVERE_ABSENCE,
    Threshold,
)

LINES = {"persistent": PERSISTENT_ABSENCE, "severe": SEVERE_ABSENCE}
# Of four pupils like this one, one misses this or less.
BEST_QUARTER = 0.25
HALVINGS = 50
NEW_HERE = f"fewer than {FIRST_WEEKS_SESSIONS} sessions here, neither this year nor last"
NO_SKILL = "told no better than by the school's average about this week of last year"


@dataclass(frozen=True, eq=False)
class Told:
    """What is stated up to one end of one line.

    Attributes
    ----------
    horizon : Horizon
        Which end.
    by : str
        OURS, CHECK or a name of RULES; empty where nothing but arithmetic is stated.
    left, need : numpy.ndarray
        Sessions to come, and how many of them missed would reach the line: shape (persons,).
    chance : numpy.ndarray
        Whole per cents, shape (persons,); where it cannot be said what it would be, for no reader.
    cannot : numpy.ndarray
        Why a chance cannot be stated (text, shape (persons,)); empty where it can.
    tried : tuple of Tried
        The weeks of last year that decided.
    """

    horizon: Horizon
    by: str
    left: np.ndarray
    need: np.ndarray
    chance: np.ndarray
    cannot: np.ndarray
    tried: tuple[Tried, ...]

    @property
    def is_told(self) -> np.ndarray:
        """For whom something is stated, and not settled by the arithmetic of sessions (boolean, shape (persons,)).

        Examples
        --------
        >>> left, need, cannot = np.array([10, 10, 10]), np.array([3, 0, 3]), np.array(["", "", NEW_HERE])
        >>> Told(None, OURS, left, need, None, cannot, ()).is_told.tolist()  # the second is over whatever comes
        [True, False, False]
        """
        return is_open(self.need, self.left) & (self.cannot == "")

    @property
    def is_proved(self) -> bool:
        """Whether our own chances were tried on a finished year here, and no rule and not the average would have done better.

        Examples
        --------
        >>> everyone, came = np.array([True, True]), np.array([True, False])
        >>> week = Tried(3, 38, 3, *[everyone] * 3, came, {OURS: np.array([0.9, 0.1])}, had_hindsight=False)
        >>> [Told(None, OURS, *[None] * 4, tried).is_proved for tried in ((week,), ())]  # without a finished year nothing is proved
        [True, False]
        """
        return bool(self.tried) and self.by == OURS and is_better_than_average(self.tried, self.by)


@dataclass(frozen=True, eq=False)
class Outlook:
    """Chances of every person of a school.

    ``told`` is by kind of end and name of line. ``expected`` and ``best_quarter`` are sessions that each is expected to
    miss to the last end, and that one in four pupils like this one does not exceed: shape (persons,).
    """

    school: SchoolWeeks
    known: Known
    told: dict[tuple[str, str], Told]
    expected: np.ndarray
    best_quarter: np.ndarray

    @property
    def horizons(self) -> tuple[Horizon, ...]:
        """The ends ahead, the nearest first."""
        return tuple(each.horizon for (_, line), each in self.told.items() if line == "persistent")

    def tried(self, week: int, stop: int) -> Tried:
        """Return the trial of the line of 10 % stated in a week to the end before the week at ``stop``."""
        if (week, stop) in self._tried:
            return self._tried[week, stop]
        marks, today = self.school.marks, numbers_of(self.known)
        return try_week(marks, marks.at(week), stop, PERSISTENT_ABSENCE, today, with_check=False)

    @cached_property
    def _tried(self) -> dict[tuple[int, int], Tried]:
        """The weeks that decided what is stated, which need no second trial, by week and end."""
        told = [each for (_, line), each in self.told.items() if line == "persistent"]
        return {(each.week, each.stop): each for horizon in told for each in horizon.tried}

    @property
    def could_be_saved(self) -> np.ndarray:
        """Sessions between what is expected and what one in four pupils like this one does not exceed: shape (persons,).

        Examples
        --------
        >>> Outlook(None, None, {}, expected=np.array([8, 2]), best_quarter=np.array([5, 3])).could_be_saved.tolist()
        [3, 0]
        """
        return np.maximum(self.expected - self.best_quarter, 0)


@derived
def outlook_of(pack: Pack) -> Outlook:
    """Return the outlook of a pack's whole school on the pack's last day."""
    school = weeks_of(pack)
    marks = school.marks
    known = marks.at(marks.last_week)
    spread = spread_published(pack.school.settings.school.phase)
    told_to = {
        (horizon.kind, name): told_for(marks, known, (horizon, line), spread)
        for horizon in horizons_of(pack, school)
        for name, line in LINES.items()
    }
    last = max((each.horizon.stop for each in told_to.values()), default=known.week + 1)
    return Outlook(school, known, told_to, *reach(marks, known, last))


@derived
def year_told_of(pack: Pack) -> Told | None:
    """Return what is stated of the line of 10 % at the end of the year; None where the calendar does not reach it.

    For papers that show no more: it takes a quarter of the whole outlook's time.
    """
    school = weeks_of(pack)
    marks, spread = school.marks, spread_published(pack.school.settings.school.phase)
    ends = [each for each in horizons_of(pack, school) if each.kind == YEAR]
    known = marks.at(marks.last_week)
    return told_for(marks, known, (ends[0], PERSISTENT_ABSENCE), spread) if ends else None


def told_for(marks: WeeklyMarks, known: Known, asked: tuple[Horizon, Threshold], spread: float) -> Told:
    """Return what is stated up to one end of one line (``asked``); ``spread`` is of published figures, without the school's own."""
    horizon, line = asked
    stop, today, before = horizon.stop, numbers_of(known), marks.same_week_last_year(known)
    end = 0 if before is None else marks.end_last_year(known, stop)
    tried = tuple(
        try_week(marks, marks.at(week), end, line, today) for week in weeks_about(marks, known, end)
    )
    by = CHECK if before is None else best_of(tried)
    left, need = known.left(stop), needed(known, stop, line)
    if by == OURS:
        found = told(marks, known, stop, line, today)
    elif by == CHECK:
        found = simple_chances(known, stop, line, spread_between(known) if tried else spread)
    else:
        found = simple(marks, known, stop, line, RULES[by], before)
    reasons = np.where(
        is_new_here(known), NEW_HERE, NO_SKILL if tried and not is_better_than_average(tried, by) else ""
    )
    percent = np.rint(CERTAIN * arithmetic_first(found, need, left)).astype(int)
    return Told(horizon, by, left, need, percent, np.where(is_open(need, left), reasons, ""), tried)


def is_better_than_average(tried: tuple[Tried, ...], by: str) -> bool:
    """Whether what is stated missed by less in some weeks than everybody's share of crossers would have.

    Examples
    --------
    >>> everyone, came = np.array([True, True]), np.array([True, False])
    >>> said = [{OURS: np.array(each)} for each in ([0.9, 0.1], [0.5, 0.5])]  # the average says 0.5 of both
    >>> weeks = [Tried(3, 38, 3, *[everyone] * 3, came, each, had_hindsight=False) for each in said]
    >>> [is_better_than_average((week,), OURS) for week in weeks]
    [True, False]
    """
    came = [each.came[each.is_asked].astype(float) for each in tried]
    average = mean_of(np.concatenate([np.square(each - mean_of(each)) for each in came]))
    return brier(tried, by) < average


def reach(marks: WeeklyMarks, known: Known, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the sessions that each is expected to miss before the week at ``stop``, and what the best quarter does not exceed.

    Whole numbers, shape (persons,) each.
    """
    if not len(known.absent):
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int)
    numbers, before, taught = numbers_of(known), marks.same_week_last_year(known), NO_CORRECTION
    if before is not None:
        then = marks.at(before), marks.end_last_year(known, stop)
        taught = learn(marks, *then, PERSISTENT_ABSENCE, numbers).after(known.week_of_year + 1)
    expected, left = expectation(known, numbers, stop), known.left(stop)
    mean = expected.mean
    size = mean * (1 - mean) / own_variance(expected, left, taught.spread) - 1
    quarter = settled(betaincinv(mean * size, (1 - mean) * size, BEST_QUARTER))
    return tuple(np.floor(settled(share * left) + 0.5).astype(int) for share in (mean, quarter))


def spread_published(phase: str) -> float:
    """Return the variance between pupils of England's schools of a phase (squared fraction), from DfE's daily series.

    That of the beta distribution with the published absence rate of which the published share lies at 10 % or more: for
    schools that hold no finished year of their own.
    """
    known = phase if benchmark(Series.DAILY, phase, "absence_rate") else "all"
    rate, share = (
        benchmark(Series.DAILY, known, name).rate for name in ("absence_rate", "persistent_absence_rate")
    )
    # Of the two such distributions the one with a long tail: there the share falls as the variance grows.
    low, high = rate * (1 - rate) / 20, rate * (1 - rate) / 2
    line = PERSISTENT_ABSENCE.missed / PERSISTENT_ABSENCE.out_of
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        size = rate * (1 - rate) / middle - 1
        is_more = 1 - betainc(rate * size, (1 - rate) * size, line) > share
        low, high = (middle, high) if is_more else (low, middle)
    return round(middle, 6)


# The trial: every week of last year, and those of this year whose end has come


@derived
def trial_of(pack: Pack) -> tuple[tuple[Horizon, Tried], ...]:
    """Return what would have been stated of the line of 10 % in every week of last year, and of this one where its end has come."""
    outlook = outlook_of(pack)
    marks, weeks = outlook.school.marks, outlook.school.weeks
    over = marks.last_week + (0 if marks.rest_of_week.any() else 1)
    first = int(
        outlook.known.is_last_year.argmax()
        if outlook.known.is_last_year.any()
        else outlook.known.is_this_year.argmax()
    )
    asked = (
        (week, horizon)
        for week, ends in ends_by_week(weeks)
        if first <= week < marks.last_week and marks.possible[:, week].any()
        for horizon in ends
        if horizon.stop <= over
    )
    return tuple((horizon, try_those_told(outlook, week, horizon.stop)) for week, horizon in asked)


def try_those_told(outlook: Outlook, week: int, stop: int) -> Tried:
    """Return a week's trial of the line of 10 %, of those of whom something would have been stated then."""
    is_new, tried = is_new_here(outlook.school.marks.at(week)), outlook.tried(week, stop)
    names = ("is_asked", "is_under", "is_open")
    return replace(tried, **{name: getattr(tried, name) & ~is_new for name in names})


def is_new_here(known: Known) -> np.ndarray:
    """Return who has too few sessions here, this year and last, to be told of (boolean, shape (persons,)).

    Examples
    --------
    >>> possible = np.array([[0, FIRST_WEEKS_SESSIONS - 1], [FIRST_WEEKS_SESSIONS, 0]])  # last year and this, of two persons
    >>> is_new_here(Known(possible, possible, np.array([2025, 2026]), 1, possible, possible)).tolist()
    [True, False]
    """
    return (known.possible_so_far < FIRST_WEEKS_SESSIONS) & (known.possible_last_year < FIRST_WEEKS_SESSIONS)


def ends_by_week(weeks: pd.DataFrame) -> Iterator[tuple[int, tuple[Horizon, ...]]]:
    """Yield the position of each of a school's weeks (one row each) but the last, and the ends ahead of it.

    Examples
    --------
    >>> ends = pd.to_datetime(["2026-10-23", "2026-12-18", "2027-02-12"])
    >>> weeks = pd.DataFrame({"school_year": "202627", "term": ["a", "a", "b"], "half_term": ["a1", "a2", "b1"], "last_date": ends})
    >>> [(week, [each.kind for each in ahead]) for week, ahead in ends_by_week(weeks)]  # an end that is several has one name
    [(0, ['term', 'year']), (1, ['year'])]
    """
    year, half_term = (weeks[name].to_numpy() for name in ("school_year", "half_term"))
    # The same ends lie ahead of every week of a year before the same half term.
    found: dict[tuple, tuple[Horizon, ...]] = {}
    for week, before in enumerate(zip(year, half_term[1:], strict=False)):
        if before not in found:
            ahead = weeks.iloc[week + 1 :]
            ahead = ahead[ahead["school_year"] == year[week]]
            found[before] = tuple(ends_of(ahead, weeks, is_whole_year=True))
        yield week, found[before]
