"""A pack's register by pupil and school week, with the sessions that the calendar still holds for each year group."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.weeks import of_categories
from attendance_lib.analysis.outlook.marks import WeeklyMarks
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.pack.periods import is_held_whole
from attendance_lib.register.grid import (
    NOT_ON_ROLL,
    Register,
    categories_of_cells,
    cell_of,
    with_earlier_enrolments,
)
from attendance_lib.rules.codes import ABSENT, POSSIBLE

# A year group's year ends with the last week in which at least one in so many of its pupils had a session last year.
STILL_HERE_OF = 2
ILLNESS = "I"
HALF_TERM, TERM, YEAR = "half_term", "term", "year"
HORIZON_WORDS = {HALF_TERM: "half term", TERM: "term", YEAR: "school year"}


@dataclass(frozen=True)
class Horizon:
    """An end that chances are given for: ``kind``, the week at whose beginning it lies past, and its last school day."""

    kind: str
    stop: int
    last_day: date


@dataclass(frozen=True, eq=False)
class SchoolWeeks:
    """The weeks of a school and its register by them.

    ``weeks`` has one row per school week of the calendar: ``school_week``, ``school_year``, ``half_term``, ``term``,
    ``first_date`` and ``last_date``; ``persons`` is the register, one row per person, up to the day.
    """

    marks: WeeklyMarks
    weeks: pd.DataFrame
    persons: Register

    def rows_of(self, pupil_ids: pd.Series) -> np.ndarray:
        """Return the positions of pupils among the persons (shape of ``pupil_ids``); -1 of whoever is not among them.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> school = SchoolWeeks(None, None, SimpleNamespace(pupils=pd.DataFrame({"pupil_id": ["1", "2"]})))
        >>> school.rows_of(pd.Series(["2", "9"])).tolist()
        [1, -1]
        """
        return pd.Index(self.persons.pupils["pupil_id"].astype(str)).get_indexer(pupil_ids.astype(str))


@derived
def weeks_of(pack: Pack) -> SchoolWeeks:
    """Return a pack's whole school by person and week, up to the pack's last day.

    What is dated after the day is left out, marks and who leaves later alike; changes made later to earlier marks are known,
    so that each week can be given as it was known then.
    """
    ids = pack.register.pupils["pupil_id"].astype(str)
    everybody = pack.register.between(pack.register.first_date, pack.date_to)
    persons = with_earlier_enrolments(everybody, ~ids.duplicated(keep="last").to_numpy())
    first_year = persons.sessions["school_year"].iloc[0]
    this_year = persons.sessions["school_year"].iloc[-1]
    open_sessions = pack.school.calendar.open_sessions
    kept = open_sessions[open_sessions["school_year"].between(first_year, this_year)]
    weeks = kept.groupby("school_week", as_index=False).agg(
        school_year=("school_year", "last"), half_term=("half_term", "last"), term=("term", "last"),
        first_date=("date", "min"), last_date=("date", "max"),
    )  # fmt: skip
    return SchoolWeeks(weekly_marks(persons, kept, weeks), weeks, persons)


def weekly_marks(persons: Register, open_sessions: pd.DataFrame, weeks: pd.DataFrame) -> WeeklyMarks:
    """Return a register's marks by week.

    Parameters
    ----------
    persons : Register
        One row per person, up to the day.
    open_sessions : pandas.DataFrame
        Those of the calendar, of the school years in question (see ``SchoolCalendar.open_sessions``).
    weeks : pandas.DataFrame
        As of ``SchoolWeeks``.
    """
    place = pd.Series(np.arange(len(weeks)), index=weeks["school_week"])
    week = place[persons.sessions["school_week"]].to_numpy()
    starts = np.flatnonzero(np.r_[True, week[1:] != week[:-1]])
    how = persons.categories
    is_absent, is_possible = (of_categories(how, wanted) for wanted in (ABSENT, POSSIBLE))
    is_ill = is_absent & (persons.codes == cell_of(ILLNESS))
    absent, ill, possible = (
        by_week(each, week, starts, len(weeks)) for each in (is_absent, is_ill, is_possible)
    )
    ends = np.r_[starts[1:], len(week)] - 1
    is_on_roll = np.zeros(absent.shape, dtype=bool)
    is_on_roll[:, week[ends]] = persons.codes[:, ends] != NOT_ON_ROLL
    years = weeks["school_year"].str[:4].astype(int).to_numpy()
    groups = groups_by_year(persons.pupils, years)
    is_to_come = (open_sessions["date"] > persons.sessions["date"].iloc[-1]).to_numpy()
    whole = planned(open_sessions, place, groups)
    rest = planned(open_sessions[is_to_come], place, groups)[:, week[-1]]
    plan = whole * is_before_end(possible, groups, years, int(week[-1]))
    return WeeklyMarks(
        absent, ill, possible, plan, is_on_roll, years, int(week[-1]), rest * (plan[:, week[-1]] > 0),
        changes(persons, week, weeks),
    )  # fmt: skip


def by_week(marked: np.ndarray, week: np.ndarray, starts: np.ndarray, weeks: int) -> np.ndarray:
    """Add up marked sessions (boolean, shape (pupils, sessions)) by week: whole numbers, shape (pupils, weeks).

    Examples
    --------
    >>> marked = np.array([[True, True, False, True]])
    >>> by_week(marked, week=np.array([0, 0, 2, 2]), starts=np.array([0, 2]), weeks=3).tolist()  # no school in the second
    [[2, 0, 1]]
    """
    total = np.zeros((len(marked), weeks), dtype=np.int64)
    total[:, week[starts]] = np.add.reduceat(marked, starts, axis=1, dtype=np.int64)
    return total


def groups_by_year(pupils: pd.DataFrame, years: np.ndarray) -> np.ndarray:
    """Return each pupil's year group in each week; NaN where not recorded (shape (pupils, weeks)).

    Examples
    --------
    >>> pupils = pd.DataFrame({"year_group": [8], "reference_year": [2026]})
    >>> groups_by_year(pupils, np.array([2025, 2026])).tolist()
    [[7.0, 8.0]]
    """
    ahead = (pupils["year_group"] - pupils["reference_year"]).to_numpy(dtype=float, na_value=np.nan)
    return ahead[:, None] + years[None, :]


def planned(open_sessions: pd.DataFrame, place: pd.Series, groups: np.ndarray) -> np.ndarray:
    """Return how many sessions the calendar holds for each pupil's year group in each week (shape (pupils, weeks)).

    Examples
    --------
    >>> sessions = pd.DataFrame({"school_week": [8, 8, 9], "closed_year_groups": [(), (7,), ()]})
    >>> planned(sessions, pd.Series([0, 1], index=[8, 9]), np.array([[7, 7], [8, 8]])).tolist()  # closed once for Year 7
    [[1, 1], [2, 1]]
    """
    week = place[open_sessions["school_week"]].to_numpy()
    plan = np.broadcast_to(np.bincount(week, minlength=groups.shape[1]), groups.shape).copy()
    closed = open_sessions["closed_year_groups"].to_numpy()
    for session in np.flatnonzero([len(each) > 0 for each in closed]):
        plan[:, week[session]] -= np.isin(groups[:, week[session]], closed[session])
    return plan


def is_before_end(possible: np.ndarray, groups: np.ndarray, years: np.ndarray, now: int) -> np.ndarray:
    """Return which weeks lie before a pupil's year group ends its year (boolean, shape (pupils, weeks)).

    A year group that left early in the last finished year, as Year 11 does, is taken to leave so many weeks before the end
    of every year.

    Examples
    --------
    >>> possible, years = np.array([[10, 10, 0, 10]]), np.array([2025, 2025, 2025, 2026])
    >>> groups = np.full((1, 4), 11.0)  # Year 11 had no session in the last week of last year
    >>> is_before_end(possible, groups, years, 3).tolist()
    [[True, True, False, False]]
    """
    is_within = np.ones(groups.shape, dtype=bool)
    finished = [year for year in np.unique(years) if year < years[now]]
    if not finished:
        return is_within
    of_year = np.flatnonzero(years == finished[-1])
    after = np.array([np.flatnonzero(years == year)[-1] for year in years]) - np.arange(len(years))
    for group in np.unique(groups[:, of_year[-1]][~np.isnan(groups[:, of_year[-1]])]):
        here = (possible[:, of_year] > 0) & (groups[:, of_year] == group)
        counts = here.sum(axis=0)
        held = np.flatnonzero(counts * STILL_HERE_OF >= max(int(counts.max()), 1))
        early = len(of_year) - 1 - int(held[-1]) if len(held) else 0
        is_within &= ~((groups == group) & (after < early)[None, :])
    return is_within


def changes(persons: Register, week: np.ndarray, weeks: pd.DataFrame) -> np.ndarray:
    """Return the marks that were changed after their week, one row each, as ``WeeklyMarks.changes`` has them."""
    changed = persons.amendments
    row, column = (changed[name].to_numpy(dtype=np.int64) for name in ("row", "column"))
    days, day = np.unique(
        persons.sessions["date"].to_numpy().astype("datetime64[D]")[column], return_inverse=True
    )
    marked = changed["amended_from"].to_numpy(dtype=np.int64), persons.codes[row, column]
    before, since = categories_of_cells(days)[marked[0], day], persons.categories[row, column]
    ends = weeks["last_date"].to_numpy().astype("datetime64[D]")
    ends[week[-1]] = persons.sessions["date"].to_numpy().astype("datetime64[D]")[-1]
    known = np.searchsorted(ends, changed["amended_on"].to_numpy().astype("datetime64[D]"), side="left") - 1
    absent, possible = (
        [np.isin(each, wanted).astype(int) for each in (before, since)] for wanted in (ABSENT, POSSIBLE)
    )
    ill = [each * (mark == cell_of(ILLNESS)) for each, mark in zip(absent, marked, strict=True)]
    more = [since - before for before, since in (absent, ill, possible)]
    return np.column_stack([row, week[column], known, *more]).astype(np.int64)


def horizons_of(pack: Pack, school: SchoolWeeks) -> tuple[Horizon, ...]:
    """Return the ends that chances are given for: the half term's, the term's and the year's, each week once.

    A half term that ends with the day makes room for the next. The year's end is known only where the calendar reaches it.
    """
    weeks, now = school.weeks, school.marks.last_week
    has_rest = bool(school.marks.rest_of_week.any())
    ahead = weeks.iloc[now if has_rest else now + 1 :]
    ahead = ahead[ahead["school_year"] == weeks["school_year"].iloc[now]]
    return tuple(ends_of(ahead, weeks, is_whole_year=is_held_whole(
        pack.school.calendar.open_sessions, weeks["school_year"].iloc[now])))  # fmt: skip


def ends_of(ahead: pd.DataFrame, weeks: pd.DataFrame, *, is_whole_year: bool) -> Iterator[Horizon]:
    """Yield the ends ahead of a week: ``ahead`` are the weeks to come of its school year, one row each, of all ``weeks``.

    Examples
    --------
    >>> ends = pd.to_datetime(["2026-10-23", "2026-12-18", "2027-02-12"])
    >>> weeks = pd.DataFrame({"term": ["a", "a", "b"], "half_term": ["a1", "a2", "b1"], "last_date": ends})
    >>> [[(each.kind, each.stop) for each in ends_of(weeks, weeks, is_whole_year=whole)] for whole in (False, True)]
    [[('half_term', 1), ('term', 2)], [('half_term', 1), ('term', 2), ('year', 3)]]
    """
    if ahead.empty:
        return
    next_week = ahead.iloc[0]
    ends = {
        YEAR: ahead.index[-1] if is_whole_year else None,
        TERM: weeks.index[weeks["term"] == next_week["term"]][-1],
        HALF_TERM: weeks.index[weeks["half_term"] == next_week["half_term"]][-1],
    }
    told = {int(end): kind for kind, end in reversed(ends.items()) if end is not None}
    told |= {int(end): kind for kind, end in ends.items() if end is not None and kind == YEAR}
    for end, kind in sorted(told.items()):
        yield Horizon(kind, end + 1, weeks["last_date"].iloc[end].date())
