"""Which sessions a school was open in, and for which year groups, by the marks alone: no calendar is known yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.intake.placing import CLOSED_CODES, is_taken, session_numbers
from attendance_lib.rules.calendar import SATURDAY, SESSIONS, bank_holidays, days_between, school_year_of

# A pupil belongs to the school from so long before the first own mark to so long after the last.
AROUND = timedelta(days=7)
# So many weekdays without school are a holiday; fewer are closed days within a half term.
HOLIDAY_WEEKDAYS = 5
# A year group is at least this part of the largest one.
FEW_OF = 10


@dataclass(frozen=True)
class Session:
    """One session: the year groups that were in school and those that were not, and how many pupils have which mark.

    ``expected`` pupils are those with marks in the days around it; ``marked`` have a mark that says more than closed,
    ``closed`` one that says closed (#, Z).
    """

    day: date
    session: str
    here: tuple[int, ...]
    away: tuple[int, ...]
    expected: int
    marked: int
    closed: int

    @property
    def is_open(self) -> bool:
        """Whether any year group was in school.

        Examples
        --------
        >>> Session(date(2026, 11, 9), "AM", here=(7, 8), away=(9,), expected=90, marked=60, closed=0).is_open
        True
        """
        return bool(self.here)


@dataclass(frozen=True)
class Run:
    """Days of school without a holiday between them: the first and the last."""

    first: date
    last: date

    @property
    def middle(self) -> date:
        """The day half-way.

        Examples
        --------
        >>> Run(date(2026, 11, 2), date(2026, 11, 6)).middle
        datetime.date(2026, 11, 4)
        """
        return self.first + (self.last - self.first) // 2


@dataclass(frozen=True)
class SchoolDays:
    """The sessions from the first mark to the last register, weekends and bank holidays left out, in order."""

    sessions: tuple[Session, ...]

    @cached_property
    def by_day(self) -> dict[date, dict[str, Session]]:
        """The two sessions of each day."""
        found: dict[date, dict[str, Session]] = {}
        for each in self.sessions:
            found.setdefault(each.day, {})[each.session] = each
        return found

    @cached_property
    def open_days(self) -> tuple[date, ...]:
        """The days with an open session.

        Examples
        --------
        >>> monday = Session(date(2026, 11, 9), "AM", (7,), (), 30, 29, 0)
        >>> tuesday = Session(date(2026, 11, 10), "AM", (), (7,), 30, 0, 30)
        >>> SchoolDays((monday, tuesday)).open_days
        (datetime.date(2026, 11, 9),)
        """
        return tuple(day for day, both in self.by_day.items() if any(each.is_open for each in both.values()))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The half terms as they were lived: split at each holiday, and between school years.

        Examples
        --------
        >>> days = (date(2026, 10, 22), date(2026, 10, 23), date(2026, 11, 2))
        >>> runs = SchoolDays(tuple(Session(day, "AM", (7,), (), 30, 29, 0) for day in days)).runs
        >>> [(str(run.first), str(run.last)) for run in runs]
        [('2026-10-22', '2026-10-23'), ('2026-11-02', '2026-11-02')]
        """
        return tuple(self._runs())

    def _runs(self) -> Iterator[Run]:
        first = before = None
        for day in self.open_days:
            if before is not None and is_holiday_between(before, day):
                yield Run(first, before)
                first = None
            first, before = first or day, day
        if before is not None:
            yield Run(first, before)

    def weekdays_of(self, run: Run) -> list[date]:
        """Return the days of a run that are no weekend and no bank holiday."""
        return [day for day in self.by_day if run.first <= day <= run.last]


def is_holiday_between(before: date, after: date) -> bool:
    """Whether the days between two school days are a holiday.

    Examples
    --------
    >>> is_holiday_between(date(2026, 10, 23), date(2026, 11, 2)), is_holiday_between(date(2026, 10, 23), date(2026, 10, 27))
    (True, False)
    """
    between = int(np.busday_count(before + timedelta(days=1), after))
    return between >= HOLIDAY_WEEKDAYS or school_year_of(before) != school_year_of(after)


def school_days_of(marks: pd.DataFrame, pupils: pd.DataFrame, last: date) -> SchoolDays:
    """Return the sessions in which the school was open, by its marks.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS of pupils on the roll, one row a session of a pupil.
    pupils : pandas.DataFrame
        PUPILS, one row an enrolment, with the year groups of the school year of ``last``.
    last : datetime.date
        The last register day.

    Returns
    -------
    SchoolDays
        A year group was in school where at least half of its pupils who were around then have a mark that says more than
        closed; one whose marks end before the year's last day has left, and is expected no more.
    """
    days = [day for day in days_between(marks["date"].min().date(), last) if is_weekday(day)]
    seen = _Seen.of(marks, pupils, days)
    return SchoolDays(tuple(seen.sessions()))


def is_weekday(day: date) -> bool:
    """Whether a day is no weekend and no bank holiday.

    Examples
    --------
    >>> [is_weekday(date(2026, 12, day)) for day in (24, 25, 26, 28)]  # the 28th in place of Boxing Day, a Saturday
    [True, False, False, False]
    """
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


@dataclass(frozen=True, eq=False)
class _Seen:
    """Pupils by sessions (boolean): who has a mark, who has one that says closed, who is expected; and each one's year group then.

    A year group of -99 is that of nobody.
    """

    days: list[date]
    marked: np.ndarray
    closed: np.ndarray
    expected: np.ndarray
    year: np.ndarray

    @classmethod
    def of(cls, marks: pd.DataFrame, pupils: pd.DataFrame, days: list[date]) -> "_Seen":
        enrolled = pupils.drop_duplicates("pupil_id", keep="last").set_index("pupil_id")
        numbers = np.array([day.toordinal() for day in days])
        first_number = session_numbers(pd.Series(pd.to_datetime(days[:1])), pd.Series(["AM"]))[0] // len(
            SESSIONS
        )
        ordinals = (
            session_numbers(marks["date"], marks["session"]) // len(SESSIONS) - first_number + numbers[0]
        )
        place = np.searchsorted(numbers, ordinals).clip(max=len(numbers) - 1)
        known = (numbers[place] == ordinals) & marks["pupil_id"].isin(enrolled.index).to_numpy()
        row = enrolled.index.get_indexer(marks["pupil_id"].astype(object))[known]
        column = (place * len(SESSIONS) + (marks["session"] == SESSIONS[1]).to_numpy())[known]
        says_closed = marks["code"].isin(CLOSED_CODES).to_numpy()[known]
        shape = (len(enrolled), len(days) * len(SESSIONS))
        marked, closed = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        marked[row[~says_closed], column[~says_closed]] = True
        closed[row[says_closed], column[says_closed]] = True
        return cls(
            days,
            marked,
            closed,
            _around(marked, numbers),
            _years(enrolled["year_group"], days, _last_of(marked)),
        )

    def sessions(self) -> Iterator[Session]:
        """Yield every session, year groups that have left their school year left out."""
        groups = year_groups_of(self.year[self.year > NOBODY])
        here, away = self._by_group(groups)
        for place in range(self.marked.shape[1]):
            yield Session(
                self.days[place // len(SESSIONS)], SESSIONS[place % len(SESSIONS)],
                tuple(group for group in groups if here[group][place]),
                tuple(group for group in groups if away[group][place]),
                *(int(part[:, place].sum()) for part in (self.expected, self.marked, self.closed)),
            )  # fmt: skip

    def _by_group(self, groups: list[int]) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
        """Return for each year group in which sessions (boolean) it was in school, and in which it was expected and was not."""
        here, away = {}, {}
        years = np.array([int(school_year_of(day)[:4]) for day in self.days]).repeat(len(SESSIONS))
        for group in groups:
            is_in = self.year == group
            marked = (self.marked & is_in).sum(axis=0)
            expected = (self.expected & is_in).sum(axis=0)
            here[group] = np.array(
                [is_taken(*pair) for pair in zip(marked, expected, strict=True)], dtype=bool
            )
            away[group] = (expected > 0) & ~here[group] & _until_it_left(here[group], years)
        return here, away


NOBODY = -99


def _around(marked: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return which pupils (rows) are expected in which sessions: those around whose own first and last mark it lies."""
    has_any = marked.any(axis=1)
    first = numbers[marked.argmax(axis=1) // len(SESSIONS)]
    last = numbers[_last_of(marked)]
    of_session = numbers.repeat(len(SESSIONS))
    is_around = (of_session >= first[:, None] - AROUND.days) & (of_session <= last[:, None] + AROUND.days)
    return is_around & has_any[:, None]


def _last_of(marked: np.ndarray) -> np.ndarray:
    """Return the place of the day of each pupil's last mark (shape (pupils,)); the last day for one without any."""
    return (marked.shape[1] - 1 - marked[:, ::-1].argmax(axis=1)) // len(SESSIONS)


def year_groups_of(years: np.ndarray) -> list[int]:
    """Return the year groups that a school has, ascending, given one a pupil: those of a few who repeat a year are none.

    Examples
    --------
    >>> year_groups_of(np.array([7] * 30 + [8] * 28 + [6]))
    [7, 8]
    """
    groups, sizes = np.unique(years, return_counts=True)
    return groups[sizes * FEW_OF >= sizes.max()].tolist() if len(sizes) else []


def _years(year_group: pd.Series, days: list[date], last: np.ndarray) -> np.ndarray:
    """Return each pupil's year group (rows) in each session: one lower in each school year before that of the own last mark.

    A roll has the year group that a pupil is in now, and of one who left the year group that he or she was in then.
    """
    of_day = np.array([int(school_year_of(day)[:4]) for day in days])
    now = year_group.to_numpy(dtype=float, na_value=np.nan)
    then = now[:, None] - (of_day[last][:, None] - of_day[None, :])
    return np.nan_to_num(then, nan=NOBODY).astype(int).repeat(len(SESSIONS), axis=1)


def _until_it_left(here: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Return which sessions are not after a year group's last one of its school year."""
    kept = np.zeros(len(here), dtype=bool)
    for year in np.unique(years):
        of_year = np.flatnonzero(years == year)
        in_school = of_year[here[of_year]]
        if len(in_school):
            kept[of_year[0] : in_school[-1] + 1] = True
    return kept
