"""The school calendar: which sessions were open, to whom, and the week, half term, term and year of each.

Windows such as "10 school weeks" and deadlines such as "5 school days" are counted on this table of
open sessions, never on weekdays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property

import pandas as pd
from dateutil.easter import easter

# Bank holidays in England and Wales. Source: gov.uk/bank-holidays; checked against its list for 2019 to 2028

# Proclaimed days, and the days they replaced (gov.uk): VE Day 75, two jubilee days, the State Funeral, the Coronation.
ADDED = {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
MOVED_AWAY = {date(2020, 5, 4), date(2022, 5, 30)}

SATURDAY = 5


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Return the dates of one calendar year's bank holidays in England.

    Examples
    --------
    >>> date(2026, 4, 3) in bank_holidays(2026), date(2026, 12, 28) in bank_holidays(2026)
    (True, True)
    """
    fixed = {in_lieu(date(year, 1, 1), frozenset())}
    christmas = in_lieu(date(year, 12, 25), frozenset({date(year, 12, 26)}))
    fixed |= {christmas, in_lieu(date(year, 12, 26), frozenset({christmas}))}
    moving = {easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)}
    mondays = {first_monday(year, 5), last_monday(year, 5), last_monday(year, 8)}
    return frozenset((fixed | moving | mondays | {day for day in ADDED if day.year == year}) - MOVED_AWAY)


def in_lieu(day: date, taken: frozenset[date]) -> date:
    """Return the weekday on which a holiday is kept: the next one that is not taken if it falls on a weekend.

    Examples
    --------
    >>> in_lieu(date(2021, 12, 25), frozenset({date(2021, 12, 26)}))
    datetime.date(2021, 12, 27)
    """
    if day.weekday() < SATURDAY and day not in taken:
        return day
    while day.weekday() >= SATURDAY or day in taken:
        day += timedelta(days=1)
    return day


def first_monday(year: int, month: int) -> date:
    """Return the first Monday of a month.

    Examples
    --------
    >>> first_monday(2026, 5)
    datetime.date(2026, 5, 4)
    """
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7)


def last_monday(year: int, month: int) -> date:
    """Return the last Monday of a month.

    Examples
    --------
    >>> last_monday(2026, 5), last_monday(2026, 8)
    (datetime.date(2026, 5, 25), datetime.date(2026, 8, 31))
    """
    next_month = date(year + month // 12, month % 12 + 1, 1)
    return next_month - timedelta(days=(next_month.weekday() - 1) % 7 + 1)


SESSIONS = ("AM", "PM")
ONE_DAY = timedelta(days=1)
HALVES = ("first", "second")


@dataclass(frozen=True)
class HalfTerm:
    """The first and last school day of a half term."""

    start: date
    end: date


@dataclass(frozen=True)
class Term:
    """A term as the school or its authority publishes it, of one or more half terms; ``school_year`` is such as "202627"."""

    school_year: str
    name: str
    half_terms: tuple[HalfTerm, ...]

    @property
    def id(self) -> str:
        """The term's name with its school year, such as "202627-autumn".

        Examples
        --------
        >>> Term("202627", "autumn", ()).id
        '202627-autumn'
        """
        return f"{self.school_year}-{self.name}"


@dataclass(frozen=True)
class Closure:
    """Sessions that did not take place: for the whole school and day unless year groups or a session are given."""

    date: date
    reason: str = ""
    year_groups: tuple[int, ...] = ()
    session: str = ""


@dataclass(frozen=True)
class SchoolCalendar:
    """Terms less weekends, bank holidays, INSET days and closures.

    ``week_labels`` maps the Monday of a week to its label in a two-week timetable.
    """

    terms: tuple[Term, ...]
    inset: tuple[date, ...] = ()
    closures: tuple[Closure, ...] = ()
    week_labels: dict[date, str] = field(default_factory=dict)

    @cached_property
    def open_sessions(self) -> pd.DataFrame:
        """One row per session open to at least one year group, in order.

        Columns: ``date``, ``session`` (AM or PM), ``week_beginning`` (a Monday), ``school_week`` (number of
        the week among weeks with at least one session, from 1), ``week_label``, ``half_term``, ``term``,
        ``school_year`` and ``closed_year_groups`` (those for whom it was closed).

        Examples
        --------
        >>> half = HalfTerm(date(2026, 11, 6), date(2026, 11, 9))  # a Friday and the Monday after
        >>> early = Closure(date(2026, 11, 6), "boiler", session="PM")
        >>> days = SchoolCalendar((Term("202627", "autumn", (half,)),), closures=(early,)).open_sessions
        >>> (days["date"].dt.day.astype(str) + " " + days["session"]).tolist(), days["school_week"].tolist()
        (['6 AM', '9 AM', '9 PM'], [1, 2, 2])
        """
        rows = pd.DataFrame(
            self._rows(),
            columns=["date", "session", "half_term", "term", "school_year", "closed_year_groups"],
        )
        days = pd.to_datetime(rows["date"]).astype("datetime64[s]")
        monday = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
        labels = monday.map({pd.Timestamp(week): label for week, label in self.week_labels.items()})
        return rows.assign(
            date=days,
            week_beginning=monday,
            school_week=monday.rank(method="dense").astype(int),
            week_label=labels.astype(object).where(labels.notna(), ""),
        )

    def sessions(self) -> pd.DataFrame:
        """Return a copy of ``open_sessions`` (one row per open session)."""
        return self.open_sessions.copy()

    @cached_property
    def school_days(self) -> tuple[date, ...]:
        """The dates with at least one open session, ascending.

        Examples
        --------
        >>> half = HalfTerm(date(2026, 11, 5), date(2026, 11, 10))  # a weekend within, and an INSET day
        >>> days = SchoolCalendar((Term("202627", "autumn", (half,)),), inset=(date(2026, 11, 9),)).school_days
        >>> [day.day for day in days]
        [5, 6, 10]
        """
        return tuple(self.open_sessions["date"].drop_duplicates().dt.date)

    @property
    def span(self) -> tuple[date, date]:
        """The first day of the first term and the last day of the last one, whether or not there was school on them.

        Examples
        --------
        >>> halves = (HalfTerm(date(2026, 9, 3), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
        >>> autumn = Term("202627", "autumn", halves)
        >>> [day.isoformat() for day in SchoolCalendar((autumn,), inset=(date(2026, 9, 3),)).span]
        ['2026-09-03', '2026-12-18']
        """
        halves = [half for term in self.terms for half in term.half_terms]
        return min(half.start for half in halves), max(half.end for half in halves)

    @cached_property
    def half_term_days(self) -> tuple[tuple[date, date], ...]:
        """The first and last school day of each half term that has any, in order.

        Examples
        --------
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> SchoolCalendar((autumn,), inset=(date(2026, 11, 2),)).half_term_days
        ((datetime.date(2026, 11, 3), datetime.date(2026, 12, 18)),)
        """
        days = self.open_sessions.groupby("half_term", sort=False)["date"].agg(["min", "max"])
        return tuple((start.date(), end.date()) for start, end in zip(days["min"], days["max"], strict=True))

    @cached_property
    def half_term_names(self) -> dict[str, str]:
        """What each half term of ``open_sessions`` is called by people, by its name there.

        Examples
        --------
        >>> half = HalfTerm(date(2026, 9, 7), date(2026, 10, 23))
        >>> SchoolCalendar((Term("202627", "Term 1", (half,)), Term("202627", "autumn", (half, half)))).half_term_names[
        ...     "202627-autumn-2"]
        'Autumn term 2026/27, second half'
        """
        return {
            f"{term.id}-{number}": f"{term_in_words(term)}{part_in_words(number, len(term.half_terms))}"
            for term in self.terms
            for number in range(1, len(term.half_terms) + 1)
        }

    @cached_property
    def span_word(self) -> str:
        """What a half term is called here in sentences and headings: a term is called one where it has no halves.

        Examples
        --------
        >>> half = HalfTerm(date(2026, 9, 7), date(2026, 10, 23))
        >>> [SchoolCalendar((Term("202627", "autumn", (half,) * parts),)).span_word for parts in (1, 2, 3)]
        ['term', 'half term', 'part of term']
        """
        most = max(len(term.half_terms) for term in self.terms)
        return {1: "term", len(HALVES): "half term"}.get(most, "part of term")

    def _rows(self) -> Iterator[tuple]:
        for term in sorted(self.terms, key=lambda each: each.half_terms[0].start):
            for number, half_term in enumerate(term.half_terms, start=1):
                for day, session, closed in self._open(half_term):
                    yield day, session, f"{term.id}-{number}", term.id, term.school_year, closed

    def _open(self, half_term: HalfTerm) -> Iterator[tuple[date, str, tuple[int, ...]]]:
        for day in filter(self._is_planned, days_between(half_term.start, half_term.end)):
            for session in SESSIONS:
                here = self.closures_of(day, session)
                if all(closure.year_groups for closure in here):
                    years = {year for closure in here for year in closure.year_groups}
                    yield day, session, tuple(sorted(years))

    def _is_planned(self, day: date) -> bool:
        """Whether a day of a half term is one for school, whatever was closed later."""
        return day.weekday() < SATURDAY and day not in bank_holidays(day.year) and day not in self.inset

    def closures_of(self, day: date, session: str) -> list[Closure]:
        """Return the closures of a session, AM or PM, in the order of the school file.

        Examples
        --------
        >>> shut = (Closure(date(2026, 11, 6), "boiler", session="PM"), Closure(date(2026, 11, 6), "trip", year_groups=(8,)))
        >>> calendar = SchoolCalendar((), closures=shut)
        >>> [[each.reason for each in calendar.closures_of(date(2026, 11, 6), session)] for session in SESSIONS]
        [['trip'], ['boiler', 'trip']]
        """
        return [closure for closure in self._closures_on.get(day, ()) if closure.session in ("", session)]

    @cached_property
    def _closures_on(self) -> dict[date, list[Closure]]:
        found: dict[date, list[Closure]] = {}
        for closure in self.closures:
            found.setdefault(closure.date, []).append(closure)
        return found

    def school_days_after(self, day: date, count: int) -> date | None:
        """Return the ``count``-th school day after a day (the day itself is day 0); None past the calendar's end.

        Examples
        --------
        >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 13)),)),))
        >>> calendar.school_days_after(date(2026, 11, 5), 5)
        datetime.date(2026, 11, 12)
        """
        later = [each for each in self.school_days if each > day]
        return later[count - 1] if len(later) >= count else None

    def weeks_ending(self, day: date, weeks: int) -> tuple[date, date]:
        """Return the first and last school day of the last ``weeks`` school weeks up to a day.

        Raises
        ------
        ValueError
            If the day lies before the calendar's first session.

        Examples
        --------
        >>> halves = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
        >>> calendar = SchoolCalendar((Term("202627", "autumn", halves),))
        >>> [day.isoformat() for day in calendar.weeks_ending(date(2026, 11, 4), 2)]  # half term lies between the two weeks
        ['2026-10-19', '2026-11-04']
        """
        upto = self.open_sessions[self.open_sessions["date"] <= pd.Timestamp(day)]
        if upto.empty:
            raise ValueError(f"{day} is before the calendar's first open session")
        kept = upto[upto["school_week"] > upto["school_week"].iloc[-1] - weeks]
        return kept["date"].iloc[0].date(), kept["date"].iloc[-1].date()


def term_in_words(term: Term) -> str:
    """Return what the school calls a term, with its school year.

    Examples
    --------
    >>> [term_in_words(Term("202627", name, ())) for name in ("autumn", "term_6", "Lent Term")]
    ['Autumn term 2026/27', 'Term 6, 2026/27', 'Lent Term 2026/27']
    """
    name = term.name.replace("_", " ")
    said = name[:1].upper() + name[1:] + ("" if "term" in name.lower() else " term")
    return f"{said}{',' if said[-1].isdigit() else ''} {year_in_words(term.school_year)}"


def year_in_words(school_year: str) -> str:
    """Return a school year as people write it.

    Examples
    --------
    >>> year_in_words("202627")
    '2026/27'
    """
    return f"{school_year[:4]}/{school_year[4:]}"


def part_in_words(number: int, parts: int) -> str:
    """Return which part of a term a half term is, as the end of a phrase: halves are said only of a term that has two.

    Examples
    --------
    >>> part_in_words(1, 2), part_in_words(1, 1), part_in_words(3, 3)
    (', first half', '', ', part 3 of 3')
    """
    if parts == 1:
        return ""
    return f", {HALVES[number - 1]} half" if parts == len(HALVES) else f", part {number} of {parts}"


def same_name(name: str) -> str:
    """Return a term's (or half term's) name as it is compared from year to year: "Term 6" is "term_6".

    Examples
    --------
    >>> same_name("Term 6"), same_name("term_6-1")
    ('term_6', 'term_6-1')
    """
    return "_".join(name.casefold().split())


def days_between(start: date, end: date) -> Iterator[date]:
    """Yield each day from start to end, both included.

    Examples
    --------
    >>> [day.day for day in days_between(date(2026, 9, 7), date(2026, 9, 9))]
    [7, 8, 9]
    """
    while start <= end:
        yield start
        start += ONE_DAY


def monday_of(day: date) -> date:
    """Return the Monday of a day's week.

    Examples
    --------
    >>> monday_of(date(2026, 11, 8))
    datetime.date(2026, 11, 2)
    """
    return day - timedelta(days=day.weekday())


def school_year_of(day: date) -> str:
    """Return the school year of a date, 1 August to 31 July as DfE's absence windows run, such as "202627".

    Examples
    --------
    >>> school_year_of(date(2026, 7, 31)), school_year_of(date(2026, 8, 1))
    ('202526', '202627')
    """
    return year_from(day.year if day.month >= AUGUST else day.year - 1)


def year_from(first: int) -> str:
    """Return the school year that begins in a calendar year.

    Examples
    --------
    >>> year_from(2026), year_from(1999)
    ('202627', '199900')
    """
    return f"{first}{(first + 1) % 100:02d}"


AUGUST = 8


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date) -> str:
    """Write a day and month.

    Examples
    --------
    >>> short_day(date(2026, 10, 5))
    '5 Oct'
    """
    return f"{day.day} {MONTHS[day.month - 1]}"


def short_date(day: date) -> str:
    """Write a date as tables do.

    Examples
    --------
    >>> short_date(date(2026, 10, 5))
    '5 Oct 26'
    """
    return f"{short_day(day)} {day:%y}"


def start_of_year(on: date) -> date:
    """Return the first day of a day's school year.

    Examples
    --------
    >>> start_of_year(date(2026, 11, 20))
    datetime.date(2026, 8, 1)
    """
    return date(int(school_year_of(on)[:4]), AUGUST, 1)
