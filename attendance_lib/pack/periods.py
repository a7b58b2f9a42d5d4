"""The periods a paper compares: this one, the one before, the same one last year and the year to date."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.pack.cohorts import LAST_YEAR_GROUP, Selection
from attendance_lib.register.grid import CLOSED, Register
from attendance_lib.rules.calendar import last_monday, same_name


@dataclass(frozen=True, eq=False, repr=False)
class Periods:
    """A period of a school's register and what it is compared with, for the enrolments selected.

    ``register`` is the whole school's, over every session known; ``date_from`` and ``date_to`` bound the
    period. Who is selected is decided within each school year, so last year's Year 11 is compared with this one.
    ``half_term_ends``, the last day of each half term of the calendar, is given for a paper about half terms: these are
    compared by their own dates, and every other period week by week.
    """

    register: Register
    date_from: date
    date_to: date
    selection: Selection = Selection()
    half_term_ends: Mapping[str, date] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Name the days, whom they count and what the register holds; never anything of a pupil."""
        return f"{self.date_from} to {self.date_to}, {self.selection.basis}. {self.register!r}"

    @cached_property
    def year_to_date(self) -> Register:
        """The school year's sessions up to the end of the period.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"]), "school_year": "202627"})
        >>> pupils = pd.DataFrame({"year_group": [8], "reference_year": [2026], "date_of_birth": [pd.NaT]})
        >>> register = Register(np.full((1, 3), 3, dtype=np.uint8), pupils, sessions)
        >>> Periods(register, date(2026, 11, 6), date(2026, 11, 6)).year_to_date.last_date.isoformat()
        '2026-11-06'
        """
        return self.selection.of(self.register.year_to_date(self.date_to))

    @cached_property
    def current(self) -> Register:
        """The period's own sessions; rows as in ``year_to_date``.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"]), "school_year": "202627"})
        >>> pupils = pd.DataFrame({"year_group": [8], "reference_year": [2026], "date_of_birth": [pd.NaT]})
        >>> register = Register(np.full((1, 3), 3, dtype=np.uint8), pupils, sessions)
        >>> Periods(register, date(2026, 11, 6), date(2026, 11, 9)).current.first_date.isoformat()
        '2026-11-06'
        """
        return self.year_to_date.between(self.date_from, self.date_to)

    @cached_property
    def year_to_previous(self) -> Register:
        """The same school year up to the last day before the period; rows as in ``year_to_date``.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"]), "school_year": "202627"})
        >>> pupils = pd.DataFrame({"year_group": [8], "reference_year": [2026], "date_of_birth": [pd.NaT]})
        >>> register = Register(np.full((1, 3), 3, dtype=np.uint8), pupils, sessions)
        >>> before = Periods(register, date(2026, 11, 9), date(2026, 11, 9)).year_to_previous
        >>> before.first_date.isoformat(), before.last_date.isoformat()
        ('2026-11-05', '2026-11-06')
        """
        return self.year_to_date.where_sessions(
            self.year_to_date.sessions["date"] < pd.Timestamp(self.date_from)
        )

    @cached_property
    def previous_end(self) -> date | None:
        """The last school day before the period, in any school year; None where the register begins with it.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"]), "school_year": "202627"})
        >>> pupils = pd.DataFrame({"year_group": [8], "reference_year": [2026], "date_of_birth": [pd.NaT]})
        >>> register = Register(np.full((1, 3), 3, dtype=np.uint8), pupils, sessions)
        >>> Periods(register, date(2026, 11, 9), date(2026, 11, 13)).previous_end.isoformat()
        '2026-11-06'
        """
        before = self.register.sessions.loc[
            self.register.sessions["date"] < pd.Timestamp(self.date_from), "date"
        ]
        return before.iloc[-1].date() if len(before) else None

    @cached_property
    def previous(self) -> Register:
        """The school weeks just before the period, as many as it has, over a holiday if need be, on the same days.

        A Friday is compared with the Friday before: of each week those weekdays and half days are taken that the period's
        own week has. Weeks of the last school year are none of them: in each year group then were other children, so the
        first weeks of a year have nothing before them.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-11-06", "2026-11-12", "2026-11-13"])
        >>> sessions = pd.DataFrame({"date": days, "session": "AM", "school_week": [8, 9, 9], "school_year": "202627"})
        >>> pupils = pd.DataFrame({"year_group": [8], "reference_year": [2026], "date_of_birth": [pd.NaT]})
        >>> register = Register(np.full((1, 3), 3, dtype=np.uint8), pupils, sessions)
        >>> Periods(register, date(2026, 11, 13), date(2026, 11, 13)).previous.days.astype(str).tolist()  # the Friday before
        ['2026-11-06']
        """
        sessions = self.register.sessions
        before = is_just_before(sessions, self.current.sessions)
        kept = self.register.where_sessions(before & is_of_year(sessions, self.current.sessions))
        return (
            self.selection.of(kept.in_school_year(kept.sessions["school_year"].iloc[-1]))
            if len(kept.sessions)
            else kept
        )

    @cached_property
    def last_year(self) -> Register:
        """Last year's sessions of the same half term, week of the half term, weekday and session; of half terms their own.

        A half term is compared with the whole of last year's, one under way with last year's up to the same week and weekday.
        """
        everything, sessions = self.register.sessions, self.current.sessions
        chosen = is_same_time_last_year(everything, sessions)
        if self.half_term_ends and chosen.any():
            chosen = is_in_half_term_last_year(everything, sessions, chosen, self.half_term_ends)
        kept = self.register.where_sessions(chosen)
        return (
            self.selection.of(kept.in_school_year(kept.sessions["school_year"].iloc[-1]))
            if len(kept.sessions)
            else kept
        )

    @cached_property
    def last_year_to_date(self) -> Register:
        """Last school year's sessions up to the same week of the same half term; none where it is not known."""
        if self.last_year.sessions.empty:
            return self.last_year
        return self.selection.of(self.register.year_to_date(self.last_year.last_date))


def is_just_before(everything: pd.DataFrame, sessions: pd.DataFrame) -> np.ndarray:
    """Return which of all sessions stand in the weeks before the given ones at the same places (boolean, one per session).

    The last of the weeks before answers to the last of the given weeks, and so on back; a place is a weekday and half day.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-02", "2026-11-09", "2026-11-10", "2026-11-16"])
    >>> weeks = pd.DataFrame({"date": days, "session": "AM", "school_week": [8, 9, 9, 10]})
    >>> is_just_before(weeks, weeks.tail(1)).tolist()  # of Monday the 16th, that of the 9th
    [False, True, False, False]
    """
    if sessions.empty:
        return np.zeros(len(everything), dtype=bool)
    first, last = sessions["school_week"].iloc[0], sessions["school_week"].iloc[-1]
    places = [
        everything["school_week"] + last - first + 1,
        everything["date"].dt.day_of_week,
        everything["session"],
    ]
    wanted = zip(sessions["school_week"], sessions["date"].dt.day_of_week, sessions["session"], strict=True)
    is_before = everything["school_week"] < first
    return (pd.MultiIndex.from_arrays(places).isin(list(wanted)) & is_before).to_numpy(dtype=bool)


def is_of_year(everything: pd.DataFrame, sessions: pd.DataFrame) -> np.ndarray:
    """Return which of all sessions are of the school year of the last given one (boolean, one per session).

    Examples
    --------
    >>> everything = pd.DataFrame({"school_year": ["202526", "202627", "202627"]})
    >>> is_of_year(everything, everything.tail(1)).tolist(), is_of_year(everything, everything.head(0)).tolist()
    ([False, True, True], [False, False, False])
    """
    if sessions.empty:
        return np.zeros(len(everything), dtype=bool)
    return (everything["school_year"] == sessions["school_year"].iloc[-1]).to_numpy()


def is_in_half_term_last_year(
    everything: pd.DataFrame, sessions: pd.DataFrame, matched: np.ndarray, ends: Mapping[str, date]
) -> np.ndarray:
    """Return which of all sessions are of last year's half term, by its own dates (boolean, one per session).

    Parameters
    ----------
    everything, sessions : pandas.DataFrame
        All sessions known, and those of the period.
    matched : numpy.ndarray
        Boolean, one per session known: last year's at the same places (``is_same_time_last_year``).
    ends : mapping of str to date
        The last day of each half term.

    Returns
    -------
    numpy.ndarray
        From the first session of last year's half term to its last; to the last one matched where this year's is under way.
        ``matched`` itself where the period does not begin with a half term.

    Examples
    --------
    >>> halves = {"school_year": ["202526", "202526", "202627"], "half_term": ["202526-autumn-1"] * 2 + ["202627-autumn-1"]}
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2025-10-22", "2025-10-23", "2026-10-21"]), **halves})
    >>> ends = [{"202627-autumn-1": date(2026, 10, day)} for day in (21, 23)]  # this year's is over, or under way
    >>> [is_in_half_term_last_year(days, days.tail(1), np.array([True, False, False]), each).tolist() for each in ends]
    [[True, True, False], [True, False, False]]
    """
    first, last = sessions.iloc[0], sessions.iloc[-1]
    is_last_year = everything["school_year"] == year_before(first["school_year"])
    names, own = half_term_names(everything), half_term_names(sessions)
    begun = ((names == own.iloc[0]) & is_last_year).to_numpy()
    here = everything.loc[everything["half_term"] == first["half_term"], "date"]
    if first["date"] > here.iloc[0] or not begun.any():
        return matched
    is_over = last["date"].date() >= ends[last["half_term"]]
    ended = ((names == own.iloc[-1]) & is_last_year).to_numpy() if is_over else matched
    place = np.arange(len(everything))
    return (place >= begun.argmax()) & (place <= np.flatnonzero(ended | matched)[-1])


def is_same_time_last_year(everything: pd.DataFrame, sessions: pd.DataFrame) -> np.ndarray:
    """Return which of all sessions stand where the given ones stand, one school year before (boolean, one per session).

    Examples
    --------
    >>> halves = {"school_year": ["202526", "202526", "202627"], "half_term": ["202526-autumn-2"] * 2 + ["202627-autumn-2"]}
    >>> days = pd.to_datetime(["2025-11-03", "2025-11-04", "2026-11-03"])  # a Monday, a Tuesday and the Tuesday a year later
    >>> weeks = pd.DataFrame({"date": days, "session": "AM", "week_beginning": pd.to_datetime(["2025-11-03"] * 2 + ["2026-11-02"])})
    >>> is_same_time_last_year(weeks.assign(**halves), weeks.assign(**halves).tail(1)).tolist()
    [False, True, False]
    """
    if sessions.empty:
        return np.zeros(len(everything), dtype=bool)
    year = sessions["school_year"].iloc[-1]
    places = position_in_year(everything)
    is_given = everything["date"].isin(sessions["date"]) & (everything["school_year"] == year)
    wanted = places[is_given.to_numpy()].drop_duplicates()
    matched = places.merge(wanted, on=POSITION, how="left", indicator="found")["found"] == "both"
    return (matched & (everything["school_year"] == year_before(year)).to_numpy()).to_numpy()


POSITION = ["half_term", "week", "weekday", "session"]


def position_in_year(sessions: pd.DataFrame) -> pd.DataFrame:
    """Return where each session stands in its school year, one row per session in the same order.

    Returns
    -------
    pandas.DataFrame
        ``half_term`` (without its school year), ``week`` (of the half term, from 1), ``weekday`` (Monday 0) and ``session``.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-02", "2026-11-10"])
    >>> halves = {"half_term": "202627-autumn-2", "week_beginning": pd.to_datetime(["2026-11-02", "2026-11-09"])}
    >>> position_in_year(pd.DataFrame({"date": days, "session": "AM", **halves}))[["week", "weekday"]].values.tolist()
    [[1, 0], [2, 1]]
    """
    week = sessions.groupby("half_term", sort=False)["week_beginning"].rank(method="dense")
    weekday = sessions["date"].dt.day_of_week
    return pd.DataFrame(
        {
            "half_term": half_term_names(sessions),
            "week": week.astype(int),
            "weekday": weekday,
            "session": sessions["session"],
        }
    ).reset_index(drop=True)


def half_term_names(sessions: pd.DataFrame) -> pd.Series:
    """Return each session's half term without its school year, as it is compared from year to year (text, one per row).

    Examples
    --------
    >>> half_term_names(pd.DataFrame({"half_term": ["202627-autumn 1", "202526-autumn 1"]})).nunique()
    1
    """
    names = {each: same_name(each[len("202627-") :]) for each in sessions["half_term"].unique()}
    return sessions["half_term"].map(names)


def year_before(school_year: str) -> str:
    """Return the school year before one.

    Examples
    --------
    >>> year_before("202627"), year_before("200001")
    ('202526', '199900')
    """
    first = int(school_year[:4]) - 1
    return f"{first}{(first + 1) % 100:02d}"


# The spans of a half-termly report: the half term before, the same point of up to three earlier years, and whole years

EARLIER_YEARS = 3
MAY, OCTOBER = 5, 10


@dataclass(frozen=True, eq=False)
class HalfTerms:
    """A half term (or the part of one) and what it is compared with, for the enrolments selected."""

    periods: Periods

    @property
    def school_year(self) -> str:
        """The school year of the half term, such as "202627".

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"]), "school_year": "202627"})
        >>> pupils = pd.DataFrame({"year_group": [8], "reference_year": [2026], "date_of_birth": [pd.NaT]})
        >>> register = Register(np.full((1, 3), 3, dtype=np.uint8), pupils, sessions)
        >>> HalfTerms(Periods(register, date(2026, 11, 5), date(2026, 11, 9))).school_year
        '202627'
        """
        return self.periods.current.sessions["school_year"].iloc[-1]

    @cached_property
    def previous(self) -> Register:
        """The half term before, in its own school year's year groups; no sessions where the register begins later.

        Across school years it holds other children: it serves to follow the same ones, not to compare rates.
        """
        register = self.periods.register
        earlier = register.where_sessions(register.sessions["date"] < self._first_day)
        if earlier.sessions.empty:
            return earlier
        last = earlier.sessions.iloc[-1]
        kept = earlier.where_sessions(earlier.sessions["half_term"] == last["half_term"])
        return self.periods.selection.of(kept.in_school_year(last["school_year"]))

    @cached_property
    def previous_of_year(self) -> Register:
        """The half term before in the same school year, whose rates may be compared with this one's; no sessions without one."""
        before = self.previous
        return before.where_sessions(
            (before.sessions["school_year"] == self.school_year).to_numpy(dtype=bool)
        )

    @property
    def _first_day(self) -> np.datetime64:
        return self.periods.current.sessions["date"].iloc[0]

    @cached_property
    def earlier_years(self) -> tuple[Periods, ...]:
        """The same half term of up to three earlier school years that the register holds, the latest first."""
        found: list[Periods] = []
        here = self.periods
        while len(found) < EARLIER_YEARS and len(here.last_year.sessions):
            then = here.last_year
            here = replace(here, date_from=then.first_date, date_to=then.last_date)
            found.append(here)
        return tuple(found)

    @cached_property
    def whole_years(self) -> dict[str, Register]:
        """Each earlier school year that the register holds from its first half term to its last, as the census counts it."""
        year, found = year_before(self.school_year), {}
        while len(found) < EARLIER_YEARS and is_held_whole(self.periods.register.sessions, year):
            found[year] = census_year(self.periods.selection.of(self.periods.register.in_school_year(year)))
            year = year_before(year)
        return found


def is_held_whole(sessions: pd.DataFrame, school_year: str) -> bool:
    """Whether sessions reach from September of a school year to after its spring bank holiday, however its terms are called.

    Examples
    --------
    >>> days = pd.to_datetime(["2025-09-03", "2026-07-17", "2026-09-03"])
    >>> sessions = pd.DataFrame({"date": days, "school_year": ["202526", "202526", "202627"]})
    >>> is_held_whole(sessions, "202526"), is_held_whole(sessions, "202627")
    (True, False)
    """
    days = sessions.loc[sessions["school_year"] == school_year, "date"]
    start = int(school_year[:4])
    return (
        bool(len(days))
        and days.min() < pd.Timestamp(start, OCTOBER, 1)
        and days.max() > spring_bank_holiday(start + 1)
    )


def spring_bank_holiday(year: int) -> pd.Timestamp:
    """Return the last Monday in May, after which DfE's last half term of a school year begins.

    Examples
    --------
    >>> spring_bank_holiday(2026)
    Timestamp('2026-05-25 00:00:00')
    """
    return pd.Timestamp(last_monday(year, MAY))


def census_year(register: Register) -> Register:
    """Return a school year as the census statistics count it: without Year 11 in the last half term.

    Notes
    -----
    DfE's full-year statistics leave out the sessions of 15-year-olds after the spring bank holiday, when
    most are on study leave or have left. Source: DfE, Pupil absence in schools in England, methodology; NCER.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-05-22", "2026-06-01"])})  # about the spring bank holiday
    >>> year = census_year(Register(np.full((2, 2), 3, dtype=np.uint8), pd.DataFrame({"year_group": [10, 11]}), days))
    >>> (year.codes == CLOSED).tolist()
    [[False, False], [False, True]]
    """
    leaves = (register.pupils["year_group"] == LAST_YEAR_GROUP).fillna(value=False).to_numpy(dtype=bool)
    late = (register.sessions["date"] > spring_bank_holiday(register.last_date.year)).to_numpy()
    codes = np.where(leaves[:, None] & late[None, :], np.uint8(CLOSED), register.codes)
    return replace(register, codes=codes)
