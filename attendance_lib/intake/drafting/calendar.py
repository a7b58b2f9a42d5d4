"""A calendar drafted from the days on which a school was open, with what speaks for each date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from dateutil.easter import easter

from attendance_lib.errors import counted
from attendance_lib.intake.drafting.school_days import Run, SchoolDays, Session, is_weekday
from attendance_lib.rules.calendar import (
    ONE_DAY,
    SATURDAY,
    Closure,
    HalfTerm,
    SchoolCalendar,
    Term,
    days_between,
    first_monday,
    last_monday,
    monday_of,
    school_year_of,
)
from attendance_lib.rules.pupils import year_name

AUTUMN, SPRING, SUMMER = "autumn", "spring", "summer"
FRIDAY, THURSDAY = 4, 3
MAY, LAST_OF_ELECTIONS = 5, 7
LABELS = ("A", "B")


@dataclass(frozen=True)
class Dated:
    """A date, or a line of dates, with what speaks for it."""

    value: Closure | HalfTerm | date
    why: str


@dataclass(frozen=True)
class DraftTerm:
    """A term: its school year, its name, and its half terms."""

    school_year: str
    name: str
    half_terms: tuple[Dated, ...]


@dataclass(frozen=True)
class Left:
    """A year group whose marks end before those of others in its school year: its last day, and theirs."""

    school_year: str
    year_group: int
    last: date
    others_last: date


@dataclass(frozen=True)
class DraftCalendar:
    """Terms, INSET days and closures as the marks show them.

    ``edges`` are weekdays beside a holiday without school, in a week that has some: perhaps INSET days, and nothing depends on
    them. ``left`` tells of year groups whose marks end before their school year.
    """

    terms: tuple[DraftTerm, ...]
    inset: tuple[Dated, ...]
    closures: tuple[Dated, ...]
    edges: tuple[date, ...]
    left: tuple[Left, ...]

    def built(self) -> SchoolCalendar:
        """Return the calendar as the rules know it."""
        return SchoolCalendar(
            terms=tuple(
                Term(term.school_year, term.name, tuple(half.value for half in term.half_terms))
                for term in self.terms
            ),
            inset=tuple(each.value for each in self.inset),
            closures=tuple(each.value for each in self.closures),
        )

    def alternating_weeks(self) -> dict[str, tuple[date, ...]]:
        """Return the Mondays of weeks with school by label, alternating from A in each school year.

        Examples
        --------
        >>> term = DraftTerm("202627", AUTUMN, (Dated(HalfTerm(date(2026, 11, 2), date(2026, 11, 20)), ""),))
        >>> weeks = DraftCalendar((term,), (), (), (), ()).alternating_weeks()
        >>> {label: [monday.day for monday in mondays] for label, mondays in weeks.items()}
        {'A': [2, 16], 'B': [9]}
        """
        weeks = self.built().open_sessions.drop_duplicates("week_beginning")
        turn = weeks.groupby("school_year").cumcount() % len(LABELS)
        mondays = weeks["week_beginning"].dt.date
        return {label: tuple(mondays[turn == number]) for number, label in enumerate(LABELS)}


def draft_calendar(days: SchoolDays) -> DraftCalendar:
    """Return the calendar that the days of school draw.

    Parameters
    ----------
    days : SchoolDays
        From ``school_days_of``; with at least one open day.

    Returns
    -------
    DraftCalendar
        The last half term goes on to the day on which such half terms usually end, since its own end has not been lived yet.
    """
    closed = [each for run in days.runs for each in _closed_in(run, days)]
    return DraftCalendar(
        terms=tuple(_terms(days)),
        inset=tuple(each for each in closed if isinstance(each.value, date)),
        closures=tuple(each for each in closed if isinstance(each.value, Closure)),
        edges=tuple(day for run in days.runs for day in _edges(run)),
        left=tuple(_left_early(days)),
    )


def _terms(days: SchoolDays) -> Iterator[DraftTerm]:
    for (year, name), runs in groupby(days.runs, key=lambda run: (school_year_of(run.first), term_name(run))):
        yield DraftTerm(year, name, tuple(_half_term(run, days) for run in runs))


def term_name(run: Run) -> str:
    """Return the term in whose part of the year the middle of a run of school days lies.

    Examples
    --------
    >>> term_name(Run(date(2026, 11, 2), date(2026, 12, 18))), term_name(Run(date(2026, 4, 13), date(2026, 5, 22)))
    ('autumn', 'summer')
    """
    middle = run.middle
    if middle.month >= 8:  # noqa: PLR2004
        return AUTUMN
    return SPRING if middle < easter(middle.year) else SUMMER


def _half_term(run: Run, days: SchoolDays) -> Dated:
    after = next((each.first for each in days.runs if each.first > run.last), None)
    if after:
        why = f"no marks from {in_short(run.last + ONE_DAY)} to {in_short(after - ONE_DAY)}"
        return Dated(HalfTerm(run.first, run.last), why)
    end = usual_end(run.last)
    why = (
        f"the marks end on {run.last}, the day on which this half term often ends: put in the published day"
        if end == run.last
        else f"the marks end on {run.last}; such a half term often ends on {end}: put in the published day"
    )
    return Dated(HalfTerm(run.first, end), why)


def usual_end(day: date) -> date:
    """Return the day on which the half term that holds a day usually ends in England; the day itself if that is over.

    Examples
    --------
    >>> [usual_end(date(2026, *day)).isoformat() for day in ((9, 20), (11, 20), (2, 1), (3, 2), (5, 1), (6, 30))]
    ['2026-10-23', '2026-12-18', '2026-02-13', '2026-03-27', '2026-05-22', '2026-07-21']
    """
    return next((end for end in usual_ends(int(school_year_of(day)[:4])) if end >= day), day)


def usual_ends(year: int) -> Iterator[date]:
    """Yield the days on which the half terms of a school year often end: before the weeks around which most authorities plan.

    These are the week of October's last Monday, the Friday on or before 21 December, the week of February's third Monday, the
    Friday before Easter's fortnight (Maundy Thursday where Easter is in March), the week of May's last Monday, and 21 July. A
    guess, and said to be one.

    Examples
    --------
    >>> [day.isoformat() for day in usual_ends(2026)][:3]  # before the week of 26 October, of 21 December, of 15 February
    ['2026-10-23', '2026-12-18', '2027-02-12']
    """
    three_days, a_week = timedelta(days=3), timedelta(days=7)
    following = year + 1
    before_christmas = date(year, 12, 21)
    good_friday = easter(following) - timedelta(days=2)
    yield last_monday(year, 10) - three_days
    yield before_christmas - timedelta(days=(before_christmas.weekday() - FRIDAY) % 7)
    yield first_monday(following, 2) + 2 * a_week - three_days
    yield good_friday - (ONE_DAY if good_friday.month < 4 else a_week)  # noqa: PLR2004
    yield last_monday(following, 5) - three_days
    yield next(day for day in _backwards(date(following, 7, 21)) if day.weekday() < SATURDAY)


def _backwards(day: date) -> Iterator[date]:
    while True:
        yield day
        day -= ONE_DAY


def _closed_in(run: Run, days: SchoolDays) -> Iterator[Dated]:
    """Yield the INSET days and closures of a run of school days."""
    for day in days.weekdays_of(run):
        both = days.by_day[day]
        if not any(each.is_open for each in both.values()):
            yield _whole_day(day, both)
            continue
        by_session = [_partly(each, run) for each in both.values()]
        whole = [each for each in by_session if each]
        if len(whole) == len(both) and len({each.value.year_groups for each in whole}) == 1:
            closure = whole[0].value
            yield Dated(Closure(day, closure.reason, closure.year_groups), whole[0].why)
        else:
            yield from whole


def _whole_day(day: date, both: dict[str, Session]) -> Dated:
    why = f"{day:%A}: {_marks_of(both.values())}"
    if day.month == MAY and day.weekday() == THURSDAY and day.day <= LAST_OF_ELECTIONS:
        return Dated(Closure(day), f"{why}; the day of local elections, so perhaps a polling station")
    return Dated(day, why)


def _partly(each: Session, run: Run) -> Dated | None:
    """Return the closure of a session for some year groups, or for all where the other session was open; None if it was open."""
    if not each.is_open:
        end = "; the last day before a holiday" if each.day == run.last else ""
        return Dated(
            Closure(each.day, session=each.session), f"{_marks_of([each])} in the {each.session} session{end}"
        )
    if not each.away:
        return None
    begin = "; the first day after a holiday" if each.day == run.first else ""
    here = f"marks of {years_in_words(each.here)}, none of {years_in_words(each.away)}{begin}"
    return Dated(Closure(each.day, year_groups=each.away, session=each.session), here)


def years_in_words(groups: Sequence[int]) -> str:
    """Return year groups in words, the first and the last of many.

    Examples
    --------
    >>> years_in_words((7,)), years_in_words((7, 8, 9))
    ('Year 7', 'Year 7 to Year 9')
    """
    return year_name(groups[0]) if len(groups) == 1 else f"{year_name(groups[0])} to {year_name(groups[-1])}"


def _marks_of(sessions: "Iterator[Session] | list[Session]") -> str:
    several = list(sessions)
    marked, closed = max(each.marked for each in several), max(each.closed for each in several)
    expected = max(each.expected for each in several)
    found = f"{counted(marked, 'mark')} of {counted(expected, 'pupil')}" if marked else "no mark"
    return f"{found}, {closed:,} say closed (#)" if closed else found


def _edges(run: Run) -> Iterator[date]:
    """Yield the weekdays before a run, in the week in which it begins."""
    yield from (day for day in days_between(monday_of(run.first), run.first - ONE_DAY) if is_weekday(day))


def _left_early(days: SchoolDays) -> Iterator[Left]:
    """Yield each year group whose marks end days before those of others in its school year."""
    for year, sessions in groupby(days.sessions, key=lambda each: school_year_of(each.day)):
        lived = [each for each in sessions if each.is_open]
        if not lived or lived[-1].day == days.open_days[-1]:
            continue
        last_of = {group: each.day for each in lived for group in each.here}
        others = max(last_of.values())
        yield from (
            Left(year, group, last, others) for group, last in sorted(last_of.items()) if last < others
        )


def in_short(day: date) -> str:
    """Return a day as people say it.

    Examples
    --------
    >>> in_short(date(2026, 10, 24))
    '24 October'
    """
    return f"{day.day} {day:%B}"
