"""What was known of every pupil at the end of a school week: sessions missed and possible, week by week, and those to come."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from attendance_lib.rules.thresholds import Threshold

# A school year is held from its beginning if one of so many first weeks has marks.
FIRST_WEEKS = 4
NO_CHANGES = np.zeros((0, 6), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Missed:
    """Sessions missed up to the end of one week, for whatever reason or for one.

    Attributes
    ----------
    absent, possible : numpy.ndarray
        Sessions of each pupil in each week, 0 in weeks to come: shape (pupils, weeks).
    years : numpy.ndarray
        A number for the school year of each week, ascending: shape (weeks,).
    week : int
        The position of the week.
    """

    absent: np.ndarray
    possible: np.ndarray
    years: np.ndarray
    week: int

    @cached_property
    def is_this_year(self) -> np.ndarray:
        """Which weeks are of the school year of the week (boolean, shape (weeks,)).

        Examples
        --------
        >>> Missed(np.zeros((1, 3)), np.zeros((1, 3)), np.array([2025, 2025, 2026]), 2).is_this_year.tolist()
        [False, False, True]
        """
        return self.years == self.years[self.week]

    @cached_property
    def is_last_year(self) -> np.ndarray:
        """Which weeks are of the school year before (boolean, shape (weeks,)).

        Examples
        --------
        >>> Missed(np.zeros((1, 3)), np.zeros((1, 3)), np.array([2025, 2025, 2026]), 2).is_last_year.tolist()
        [True, True, False]
        """
        return self.years == self.years[self.week] - 1

    @cached_property
    def week_of_year(self) -> int:
        """The week's place in its school year, from 0.

        Examples
        --------
        >>> Missed(np.zeros((1, 3)), np.zeros((1, 3)), np.array([2025, 2026, 2026]), 2).week_of_year
        1
        """
        return self.week - int(self.is_this_year.argmax())


@dataclass(frozen=True, eq=False)
class Known(Missed):
    """What was known at the end of one week.

    Attributes
    ----------
    ill : numpy.ndarray
        Sessions of illness among those absent: shape (pupils, weeks).
    ahead : numpy.ndarray
        Sessions that the calendar still holds for each pupil, 0 in weeks past and for whoever is not on roll: shape
        (pupils, weeks). Only weeks of the same school year.
    """

    ill: np.ndarray
    ahead: np.ndarray

    @cached_property
    def by_reason(self) -> tuple[Missed, Missed]:
        """Illness and every other absence, each by itself.

        Examples
        --------
        >>> absent, possible = np.array([[4, 1]]), np.array([[10, 10]])
        >>> known = Known(absent, possible, np.array([2026, 2026]), 1, np.array([[3, 0]]), possible)
        >>> [each.absent.tolist() for each in known.by_reason]
        [[[3, 0]], [[1, 1]]]
        """
        both = (self.ill, self.absent - self.ill)
        return tuple(Missed(each, self.possible, self.years, self.week) for each in both)

    @cached_property
    def absent_so_far(self) -> np.ndarray:
        """Sessions missed this year: shape (pupils,).

        Examples
        --------
        >>> absent, possible = np.array([[4, 1, 2]]), np.array([[10, 10, 10]])  # a week of last year and two of this
        >>> known = Known(absent, possible, np.array([2025, 2026, 2026]), 2, absent, np.array([[10, 8]]))
        >>> known.absent_so_far.tolist(), known.possible_so_far.tolist()
        ([3], [20])
        """
        return self.absent[:, self.is_this_year].sum(axis=1)

    @cached_property
    def possible_so_far(self) -> np.ndarray:
        """Sessions possible this year: shape (pupils,)."""
        return self.possible[:, self.is_this_year].sum(axis=1)

    @cached_property
    def absent_last_year(self) -> np.ndarray:
        """Sessions missed last year: shape (pupils,).

        Examples
        --------
        >>> absent, possible = np.array([[4, 1, 2]]), np.array([[10, 10, 10]])  # a week of last year and two of this
        >>> known = Known(absent, possible, np.array([2025, 2026, 2026]), 2, absent, np.array([[10, 8]]))
        >>> known.absent_last_year.tolist(), known.possible_last_year.tolist()
        ([4], [10])
        """
        return self.absent[:, self.is_last_year].sum(axis=1)

    @cached_property
    def possible_last_year(self) -> np.ndarray:
        """Sessions possible last year: shape (pupils,)."""
        return self.possible[:, self.is_last_year].sum(axis=1)

    @cached_property
    def is_here(self) -> np.ndarray:
        """Who is on roll and has had a session this year (boolean, shape (pupils,)).

        Examples
        --------
        >>> possible, ahead = np.array([[10], [0], [10]]), np.array([[10], [10], [0]])
        >>> known = Known(possible, possible, np.array([2026]), 0, possible, ahead)
        >>> known.is_here.tolist()  # the second has not begun yet, the third has left
        [True, False, False]
        """
        return (self.ahead.sum(axis=1) > 0) & (self.possible_so_far > 0)

    @cached_property
    def kinds_ahead(self) -> tuple[np.ndarray, np.ndarray]:
        """The different rows of ``ahead``, shape (kinds, weeks), and which of them is each pupil's (shape (pupils,)).

        Examples
        --------
        >>> past, ahead = np.zeros((3, 2), dtype=int), np.array([[10, 8], [10, 8], [10, 0]])
        >>> [each.tolist() for each in Known(past, past, np.array([2026, 2026]), 0, past, ahead).kinds_ahead]
        [[[10, 8], [10, 0]], [0, 0, 1]]
        """
        kinds: dict[bytes, int] = {}
        kind = [kinds.setdefault(row.tobytes(), len(kinds)) for row in self.ahead]
        rows = np.frombuffer(b"".join(kinds), self.ahead.dtype).reshape(-1, self.ahead.shape[1])
        return rows, np.array(kind, dtype=np.int64)

    def left(self, stop: int) -> np.ndarray:
        """Return each pupil's sessions to come before the week at ``stop`` (shape (pupils,)).

        Examples
        --------
        >>> absent, possible = np.array([[4, 1, 2]]), np.array([[10, 10, 10]])  # a week of last year and two of this
        >>> known = Known(absent, possible, np.array([2025, 2026, 2026]), 2, absent, np.array([[10, 8]]))
        >>> [known.left(stop).tolist() for stop in (0, 1, 2)]
        [[0], [10], [18]]
        """
        return self._ahead_before[stop]

    @cached_property
    def _ahead_before(self) -> np.ndarray:
        return added_up(self.ahead)


@dataclass(frozen=True, eq=False)
class WeeklyMarks:
    """A register by pupil and week, from which what was known at any week can be given.

    Attributes
    ----------
    absent, ill, possible : numpy.ndarray
        Sessions as the register has them today, those of illness among those absent: shape (pupils, weeks); 0 in weeks to come.
    plan : numpy.ndarray
        Sessions that the calendar holds for the pupil's year group in each week: shape (pupils, weeks).
    is_on_roll : numpy.ndarray
        Whether each pupil is on roll at the end of each week (boolean, shape (pupils, weeks)).
    years : numpy.ndarray
        As of ``Known``.
    last_week : int
        The position of the last week with a mark.
    rest_of_week : numpy.ndarray
        Sessions of that week that are still to come: shape (pupils,); 0 where the week is over.
    changes : numpy.ndarray
        One row per mark changed later: pupil, week, the last week that ended before the change, and by how much more
        ``absent``, ``ill`` and ``possible`` are since: shape (changes, 6).
    """

    absent: np.ndarray
    ill: np.ndarray
    possible: np.ndarray
    plan: np.ndarray
    is_on_roll: np.ndarray
    years: np.ndarray
    last_week: int
    rest_of_week: np.ndarray
    changes: np.ndarray = field(default_factory=lambda: NO_CHANGES)

    def at(self, week: int) -> Known:
        """Return what was known at the end of a week; of the last week, today.

        Examples
        --------
        >>> school = np.array([2025, 2025, 2026, 2026])
        >>> marks = WeeklyMarks(*[np.ones((1, 4), dtype=int)] * 4, np.ones((1, 4), dtype=bool), school, 2, np.zeros(1, dtype=int))
        >>> marks.at(2).week
        2
        """
        return known_at(self, week)

    def is_over(self, known: Known, stop: int, line: Threshold) -> np.ndarray:
        """Return whether each pupil's year up to the week at ``stop`` came to a line, by own possible sessions (boolean).

        Whoever left is judged by the last session. Shape (pupils,).

        Examples
        --------
        >>> from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
        >>> absent, ten, here = np.array([[1, 0]]), np.full((1, 2), 10), np.ones((1, 2), dtype=bool)
        >>> marks = WeeklyMarks(absent, absent, ten, ten, here, np.array([2026, 2026]), 1, np.zeros(1, dtype=int))
        >>> [marks.is_over(marks.at(0), stop, PERSISTENT_ABSENCE).tolist() for stop in (1, 2)]  # 1 of 10, and 1 of 20
        [[True], [False]]
        """
        year = np.flatnonzero(known.is_this_year)
        first, end = int(year[0]), min(stop, int(year[-1]) + 1)
        return line.is_met(*(each[end] - each[first] for each in self._before))

    @cached_property
    def _before(self) -> tuple[np.ndarray, np.ndarray]:
        return added_up(self.absent), added_up(self.possible)

    def same_week_last_year(self, known: Known) -> int | None:
        """Return the position of the week at the same place of the year before; None where no such year is held whole.

        Examples
        --------
        >>> school = np.array([2025, 2025, 2026, 2026])
        >>> marks = WeeklyMarks(*[np.ones((1, 4), dtype=int)] * 4, np.ones((1, 4), dtype=bool), school, 2, np.zeros(1, dtype=int))
        >>> [marks.same_week_last_year(marks.at(week)) for week in (1, 2, 3)]  # after last year's last week nothing was to come
        [None, 0, None]
        """
        before = np.flatnonzero(known.is_last_year & self.is_held_whole)
        if not len(before) or before[0] + known.week_of_year >= before[-1]:
            return None
        return int(before[0] + known.week_of_year)

    def end_last_year(self, known: Known, stop: int) -> int:
        """Return where last year's weeks end that answer to those before ``stop``: as many weeks on, or with its year.

        Examples
        --------
        >>> school = np.array([2025, 2025, 2026, 2026])
        >>> marks = WeeklyMarks(*[np.ones((1, 4), dtype=int)] * 4, np.ones((1, 4), dtype=bool), school, 2, np.zeros(1, dtype=int))
        >>> [marks.end_last_year(marks.at(2), stop) for stop in (3, 4)]  # after one week, and with the year
        [1, 2]
        """
        before = np.flatnonzero(known.is_last_year)
        here = np.flatnonzero(known.is_this_year)
        if stop > here[-1]:
            return int(before[-1]) + 1
        return int(min(before[0] + stop - here[0], before[-1] + 1))

    @cached_property
    def is_held_whole(self) -> np.ndarray:
        """Which weeks are of a school year with marks from its first weeks on (boolean, shape (weeks,)).

        Examples
        --------
        >>> school = np.array([2025, 2025, 2026, 2026])
        >>> marks = WeeklyMarks(*[np.ones((1, 4), dtype=int)] * 4, np.ones((1, 4), dtype=bool), school, 2, np.zeros(1, dtype=int))
        >>> marks.is_held_whole.tolist()
        [True, True, True, True]
        """
        has_marks = self.possible.sum(axis=0) > 0
        whole = [year for year in np.unique(self.years) if has_marks[self.years == year][:FIRST_WEEKS].any()]
        return np.isin(self.years, whole)


def added_up(sessions: np.ndarray) -> np.ndarray:
    """Return the sessions before each week (shape (weeks + 1, pupils)) of those by pupil and week.

    Examples
    --------
    >>> added_up(np.array([[3, 0, 2]])).T.tolist()
    [[0, 3, 3, 5]]
    """
    return np.vstack([np.zeros(len(sessions), dtype=np.int64), np.cumsum(sessions.T, axis=0)])


@lru_cache(maxsize=8)
def known_at(marks: WeeklyMarks, week: int) -> Known:
    """Return what was known at the end of a week; kept, since every horizon and line of a week asks for it.

    Examples
    --------
    >>> none, ten, here = np.zeros((1, 2), dtype=int), np.full((1, 2), 10), np.ones((1, 2), dtype=bool)
    >>> later = np.array([[0, 0, 0, -1, 0, 0]])  # a session of week 0 was an absence until that week was over
    >>> marks = WeeklyMarks(none, none, ten, ten, here, np.array([2026, 2026]), 1, np.zeros(1, dtype=int), later)
    >>> [known_at(marks, week).absent.tolist() for week in (0, 1)]
    [[[1, 0]], [[0, 0]]]
    """
    is_past = np.arange(len(marks.years)) <= week
    ahead = marks.plan * (~is_past & (marks.years == marks.years[week]))
    if week == marks.last_week:
        ahead[:, week] = marks.rest_of_week
    absent, ill, possible = (each * is_past for each in (marks.absent, marks.ill, marks.possible))
    later = marks.changes[(marks.changes[:, 2] >= week) & (marks.changes[:, 1] <= week)]
    for sessions, more in zip((absent, ill, possible), later[:, 3:].T, strict=True):
        np.subtract.at(sessions, (later[:, 0], later[:, 1]), more)
    return Known(absent, possible, marks.years, week, ill, ahead * marks.is_on_roll[:, [week]])


def needed(known: Known, stop: int, line: Threshold) -> np.ndarray:
    """Return how many of the sessions to come each pupil would have to miss to end at a line or over it (shape (pupils,)).

    Nothing or less is certain; more than there are to come cannot be.

    Examples
    --------
    >>> from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
    >>> absent, possible, ahead = (np.array([each]) for each in ([3, 0], [20, 0], [0, 21]))
    >>> known = Known(absent, possible, np.array([1, 1]), 0, np.zeros_like(absent), ahead)
    >>> needed(known, 2, PERSISTENT_ABSENCE).tolist()
    [2]
    """
    possible = known.possible_so_far + known.left(stop)
    return -(-possible * line.missed // line.out_of) - known.absent_so_far
