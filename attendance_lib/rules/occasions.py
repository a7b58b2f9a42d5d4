"""When the school calendar asks for which paper, and over which days.

Everything is counted in school weeks and school days of the calendar (see ``rules/calendar.py``), so a holiday is
stepped over and a day without school holds no meeting. Which paper an occasion asks for, and whether it can be made, is not
decided here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from functools import cached_property
from itertools import pairwise

from attendance_lib.rules.calendar import (
    ONE_DAY,
    SATURDAY,
    SchoolCalendar,
    days_between,
    monday_of,
    school_year_of,
)

PASTORAL, GOVERNORS, IMPACT, RAFFLE, PRIZE_POT = "pastoral", "governors", "impact", "raffle", "prize_pot"
NOTICE_ENDS, PLAN_REVIEWS = "notice_ends", "plan_reviews"
# Of what comes on a day of its own, these school weeks before it are named.
WEEKS_TOLD = 2
MORNING_SHEET, AFTERNOON_SHEET, LATENESS, LESSON_MARKS = "daily_am", "daily_pm", "punctuality", "lessons"
CASELOADS, AUTHORITY = "caseloads", "authority"
# Before the name of a paper of the school's own, which no declaration knows.
OWN = "own:"
# School years end in these months; a calendar that ends before lacks its next terms.
SUMMER = (6, 7, 8)
# Two school days farther apart than this have a holiday between them.
HOLIDAY = timedelta(days=7)


@dataclass(frozen=True)
class Rhythm:
    """How often the school meets and how long its papers wait; ``first_meeting`` is None where no meeting is set.

    Kinds of occasion that are ``left_out`` never come. Punctuality and lessons every 0 weeks never do either. ``daily_at`` says
    from when on a day's paper is asked for, by the half of the day; one that is not in it never is. ``authority_meetings`` are
    the days of targeting support meetings with the local authority; ``own_every_weeks`` are the school's own papers.
    A register has settled when a reason for an N mark must have been found, which is by the fifth school day.
    Source: DfE, Working together to improve school attendance.
    """

    first_meeting: date | None = None
    meeting_every_weeks: int = 2
    pack_days_before: int = 1
    settled_days: int = 5
    raffle_every_weeks: int = 1
    prize_pot_every_weeks: int = 6
    authority_meetings: tuple[date, ...] = ()
    left_out: frozenset[str] = frozenset()
    punctuality_every_weeks: int = 0
    lessons_every_weeks: int = 0
    daily_at: Mapping[str, time] = field(default_factory=dict)
    own_every_weeks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Occasion:
    """A paper that is asked for from ``due`` on, about the school days from ``first`` to ``last``.

    It can be made once the exports hold marks of ``marks_to``. ``meeting`` is the day of the meeting that it is
    for, None for a paper without one. On its day it is asked for from ``at`` on.
    """

    due: date
    kind: str
    first: date
    last: date
    marks_to: date
    meeting: date | None = None
    at: time = time.min


@dataclass(frozen=True)
class Days:
    """Consecutive school days, both ends included, with the school year they lie in."""

    first: date
    last: date
    school_year: str


class CannotCountError(Exception):
    """The first meeting lies outside the calendar, so the school weeks since then cannot be counted."""


@dataclass(frozen=True)
class Occasions:
    """The occasions of one calendar in one rhythm.

    ``improvement_ends`` are the last days of notices to improve and ``reviews`` the days set for reviews of support plans of
    which nothing is written down yet, as far as they are known.
    """

    calendar: SchoolCalendar
    rhythm: Rhythm
    improvement_ends: tuple[date, ...] = ()
    reviews: tuple[date, ...] = ()

    @cached_property
    def weeks(self) -> dict[int, Days]:
        """The first and last school day of each school week, by its number.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> snow = SchoolCalendar((autumn,), inset=(date(2026, 11, 2), date(2026, 11, 6)))
        >>> week = Occasions(snow, Rhythm()).weeks[1]
        >>> week.first.isoformat(), week.last.isoformat()
        ('2026-11-03', '2026-11-05')
        """
        weeks = self.calendar.open_sessions.groupby("school_week").agg(
            first=("date", "min"), last=("date", "max"), school_year=("school_year", "first")
        )
        rows = zip(weeks.index, weeks["first"], weeks["last"], weeks["school_year"], strict=True)
        return {number: Days(first.date(), last.date(), year) for number, first, last, year in rows}

    @cached_property
    def planned_weeks(self) -> tuple[Days | None, ...]:
        """What each week with school as the calendar was planned has left of it, in order; None where all of it was closed.

        Meetings are counted in these, so that a week closed later (snow, a boiler) moves its own meeting and no other.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),))
        >>> snow = tuple(Closure(date(2026, 11, day)) for day in range(9, 14))
        >>> [days and days.first.day for days in Occasions(SchoolCalendar((autumn,), closures=snow), Rhythm()).planned_weeks]
        [2, None, 16]
        """
        open_weeks = {monday_of(days.first): days for days in self.weeks.values()}
        return tuple(open_weeks.get(monday) for monday in self._mondays)

    def meetings(self) -> Iterator[tuple[int, date]]:
        """Yield the planned week (a number from 0) and the day of each pastoral meeting, in order.

        Meetings are held on the weekday of the first one, every so many planned school weeks. Where that day has no
        school, the meeting is held on the next school day of the week, else on the last one before; where the
        whole week was closed, a week later. A first meeting in a week without school is held in the next week with school.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> rhythm = Rhythm(first_meeting=date(2026, 11, 16), meeting_every_weeks=2)
        >>> no_monday = SchoolCalendar((autumn,), inset=(date(2026, 11, 30),))  # that meeting is held a day later
        >>> [(week, day.isoformat()) for week, day in Occasions(no_monday, rhythm).meetings()]
        [(2, '2026-11-16'), (4, '2026-12-01'), (6, '2026-12-14')]
        """
        first, every = self.rhythm.first_meeting, self.rhythm.meeting_every_weeks
        if first is None:
            return
        for planned in range(self._first_week(first), len(self._mondays), every):
            weeks = range(planned, min(planned + every, len(self._mondays)))
            held = next((week for week in weeks if self.planned_weeks[week]), None)
            if held is not None:
                on = self._mondays[held] + timedelta(days=first.weekday())
                yield held, self._held_on(on, self.planned_weeks[held])

    def pastoral(self) -> Iterator[Occasion]:
        """Yield the pack for each meeting: about the whole school weeks since the meeting before.

        It begins no earlier than the school year, and is due so many school days before the meeting but not
        before its last day is over. A meeting in the first week of a school year has no pack.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> rhythm = Rhythm(first_meeting=date(2026, 11, 16), meeting_every_weeks=2)
        >>> [(pack.first.isoformat(), pack.last.isoformat()) for pack in Occasions(SchoolCalendar((autumn,)), rhythm).pastoral()]
        [('2026-11-02', '2026-11-13'), ('2026-11-16', '2026-11-27'), ('2026-11-30', '2026-12-11')]
        """
        before = None
        for week, meeting in self.meetings():
            since = max(week - self.rhythm.meeting_every_weeks, 0) if before is None else before
            about = self._weeks_between(since, week)
            before = week
            if about:
                first, last = about[0].first, about[-1].last
                yield Occasion(self._due(meeting, last), PASTORAL, first, last, last, meeting)

    def caseloads(self) -> Iterator[Occasion]:
        """Yield the sheets of staff for each pastoral meeting, with its pack.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> occasions = Occasions(SchoolCalendar((autumn,)), Rhythm(first_meeting=date(2026, 12, 7)))
        >>> [(sheet.kind, sheet.last.isoformat(), sheet.meeting.isoformat()) for sheet in occasions.caseloads()]
        [('caseloads', '2026-12-04', '2026-12-07')]
        """
        return (replace(pack, kind=CASELOADS) for pack in self.pastoral())

    def authority(self) -> Iterator[Occasion]:
        """Yield the paper for each targeting support meeting: about what the school year has had since the one before.

        Due as the pack of a pastoral meeting is. One on a day without school is held on that day all the same, for the authority
        sets it; one before the school year's first day has no paper.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> rhythm = Rhythm(authority_meetings=(date(2026, 11, 12), date(2026, 12, 10)))
        >>> [(paper.first.day, paper.last.day, paper.due.day) for paper in Occasions(SchoolCalendar((autumn,)), rhythm).authority()]
        [(2, 11, 12), (12, 9, 10)]
        """
        before = date.min
        for meeting in sorted(set(self.rhythm.authority_meetings)):
            past = [day for day in self.calendar.school_days if day < meeting]
            about = [day for day in past if day >= before and school_year_of(day) == school_year_of(meeting)]
            before = meeting
            if about:
                wait = self.rhythm.pack_days_before
                due = past[max(len(past) - wait, 0)] if wait else meeting
                yield Occasion(
                    max(due, about[-1] + ONE_DAY), AUTHORITY, about[0], about[-1], about[-1], meeting
                )

    def last_weeks(self) -> Iterator[Occasion]:
        """Yield the pack of what is left of each school year after its last meeting's pack, due on the day after its last day.

        September's first pack begins with the new school year, so these weeks would be in none.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> summer = Term("202526", "summer", (HalfTerm(date(2026, 6, 29), date(2026, 7, 17)),))
        >>> occasions = Occasions(SchoolCalendar((summer,)), Rhythm(first_meeting=date(2026, 7, 13)))
        >>> [(pack.first.isoformat(), pack.last.isoformat()) for pack in occasions.last_weeks()]  # after the pack of that meeting
        [('2026-07-13', '2026-07-17')]
        """
        first_meeting = self.rhythm.first_meeting
        if first_meeting is None:
            return
        packs = list(self.pastoral())
        for last in self._year_ends:
            year = school_year_of(last)
            ends = [pack.last for pack in packs if school_year_of(pack.last) == year]
            after = max(ends, default=monday_of(first_meeting) - ONE_DAY)
            left = [
                day
                for day in self.calendar.school_days
                if after < day <= last and school_year_of(day) == year
            ]
            if left:
                yield Occasion(last + ONE_DAY, PASTORAL, left[0], last, last)

    @cached_property
    def _mondays(self) -> tuple[date, ...]:
        planned = replace(self.calendar, closures=()).open_sessions["week_beginning"].drop_duplicates()
        return tuple(planned.dt.date)

    @cached_property
    def _year_ends(self) -> tuple[date, ...]:
        """The last school day of each school year whose summer the calendar reaches."""
        ends = {school_year_of(day): day for day in self.calendar.school_days}
        return tuple(day for day in ends.values() if day.month in SUMMER)

    def impact(self) -> Iterator[Occasion]:
        """Yield the evaluation at the end of each half term, due on the day after it.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> halves = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
        >>> occasions = Occasions(SchoolCalendar((Term("202627", "autumn", halves),)), Rhythm())
        >>> [paper.due.isoformat() for paper in occasions.impact()]
        ['2026-10-24', '2026-12-19']
        """
        for first, last in self.calendar.half_term_days:
            yield Occasion(last + ONE_DAY, IMPACT, first, last, last)

    def governors(self) -> Iterator[Occasion]:
        """Yield the report on each half term, due on the day after its register has settled.

        The last one of a school year is due on the day after its last day: over the summer no register is corrected, and in
        September the board is told of the new year. A half term has none as long as the calendar ends before.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> halves = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
        >>> occasions = Occasions(SchoolCalendar((Term("202627", "autumn", halves),)), Rhythm())
        >>> [paper.due.isoformat() for paper in occasions.governors()]  # five school days, and one
        ['2026-11-07']
        """
        for first, last in self.calendar.half_term_days:
            settled = last if last in self._year_ends else self._settled(last)
            if settled:
                yield Occasion(settled + ONE_DAY, GOVERNORS, first, last, settled)

    def year_that_ends(self) -> tuple[date, date] | None:
        """Return the last half term of this calendar if a school year ends with it, and what follows waits for the next terms.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> summer = Term("202526", "summer", (HalfTerm(date(2026, 6, 1), date(2026, 7, 17)),))
        >>> [day.isoformat() for day in Occasions(SchoolCalendar((summer,)), Rhythm()).year_that_ends()]
        ['2026-06-01', '2026-07-17']
        """
        first, last = self.calendar.half_term_days[-1]
        return (first, last) if last in self._year_ends else None

    def raffle(self) -> Iterator[Occasion]:
        """Yield the raffle of each block of school weeks, due on the day after it.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),))
        >>> [draw.last.day for draw in Occasions(SchoolCalendar((autumn,)), Rhythm(raffle_every_weeks=1)).raffle()]
        [6, 13, 20]
        """
        return self._blocks(RAFFLE, self.rhythm.raffle_every_weeks)

    def prize_pot(self) -> Iterator[Occasion]:
        """Yield the prize pot of each block of school weeks, due on the day after it.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),))
        >>> occasions = Occasions(SchoolCalendar((autumn,)), Rhythm(prize_pot_every_weeks=2))
        >>> [draw.last.day for draw in occasions.prize_pot()]  # the week that is left over makes no block
        [13]
        """
        return self._blocks(PRIZE_POT, self.rhythm.prize_pot_every_weeks)

    def notice_ends(self) -> Iterator[Occasion]:
        """Yield the paper on notices for each day on which a notice to improve ends, due on the day after it.

        It is about the two school weeks up to the last school day of the notice. One that ends outside the calendar has none.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> ends = Occasions(SchoolCalendar((autumn,)), Rhythm(), improvement_ends=(date(2026, 11, 22),))  # a Sunday
        >>> [(paper.first.day, paper.last.day, paper.due.day) for paper in ends.notice_ends()]
        [(9, 20, 23)]
        """
        days = self.calendar.school_days
        within = [end for end in sorted(self.improvement_ends, reverse=True) if days[0] <= end <= days[-1]]
        ends = {days[bisect_right(days, end) - 1]: end for end in within}
        for last, end in sorted(ends.items()):
            first, _ = self.calendar.weeks_ending(last, WEEKS_TOLD)
            yield Occasion(end + ONE_DAY, NOTICE_ENDS, first, last, last)

    def plan_reviews(self) -> Iterator[Occasion]:
        """Yield the paper on plans for each week with reviews: one for all of them, due on the first school day of that week.

        A review set on a day without school is held on the next one with school. The paper is about the two school weeks up to
        the school day before it is due; in the first week of a school year it is due on the second day, and a review on the
        very first has none, nor has one outside the calendar.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> set_for = Occasions(SchoolCalendar((autumn,)), Rhythm(), reviews=(date(2026, 11, 25), date(2026, 11, 27)))
        >>> [(paper.first.day, paper.last.day, paper.due.day) for paper in set_for.plan_reviews()]
        [(9, 20, 23)]
        """
        asked = {}
        for review in sorted(self._days_of_reviews()):
            asked |= self._asked_in_week_of(review)
        for due, before in asked.items():
            first, _ = self.calendar.weeks_ending(before, WEEKS_TOLD)
            yield Occasion(due, PLAN_REVIEWS, first, before, before)

    def _days_of_reviews(self) -> set[date]:
        """Return the school days on which reviews are held, of those within the calendar."""
        days = self.calendar.school_days
        within = (review for review in self.reviews if days[0] <= review <= days[-1])
        return {days[bisect_left(days, review)] for review in within}

    def _asked_in_week_of(self, review: date) -> dict[date, date]:
        """Return the first day of a review's week that follows on one of the same school year, and that one; else nothing."""
        week = [day for day in self.calendar.school_days if monday_of(review) <= day <= review]
        asked = [(due, before) for due in week if (before := self._day_before(due))]
        return dict(asked[:1])

    def _day_before(self, day: date) -> date | None:
        """Return the last school day of the same school year before a day; None where there is none."""
        before = (each for each in reversed(self.calendar.school_days) if each < day)
        return next((each for each in before if school_year_of(each) == school_year_of(day)), None)

    def punctuality(self) -> Iterator[Occasion]:
        """Yield the punctuality paper of each block of school weeks, due on the day after it.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),))
        >>> [paper.first.day for paper in Occasions(SchoolCalendar((autumn,)), Rhythm(punctuality_every_weeks=1)).punctuality()]
        [2, 9, 16]
        """
        return self._blocks(LATENESS, self.rhythm.punctuality_every_weeks)

    def lessons(self) -> Iterator[Occasion]:
        """Yield the lessons paper of each block of school weeks, due on the day after it.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),))
        >>> [paper.last.day for paper in Occasions(SchoolCalendar((autumn,)), Rhythm(lessons_every_weeks=3)).lessons()]
        [20]
        """
        return self._blocks(LESSON_MARKS, self.rhythm.lessons_every_weeks)

    def own(self) -> Iterator[Occasion]:
        """Yield the school's own papers of each block of school weeks, due on the day after it.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),))
        >>> occasions = Occasions(SchoolCalendar((autumn,)), Rhythm(own_every_weeks={"moves": 3}))
        >>> [(paper.kind, paper.last.day) for paper in occasions.own()]
        [('own:moves', 20)]
        """
        for name, weeks in self.rhythm.own_every_weeks.items():
            yield from self._blocks(f"{OWN}{name}", weeks)

    def mornings(self) -> Iterator[Occasion]:
        """Yield the sheet of each school morning, due on that day from its time on.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 4)),))
        >>> occasions = Occasions(SchoolCalendar((autumn,)), Rhythm(daily_at={"AM": time(10)}))
        >>> [(sheet.due.day, sheet.at.hour) for sheet in occasions.mornings()]
        [(2, 10), (3, 10), (4, 10)]
        """
        return self._halves(MORNING_SHEET, "AM")

    def afternoons(self) -> Iterator[Occasion]:
        """Yield the sheet of each school afternoon, due on that day from its time on.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),))
        >>> in_mornings = Rhythm(daily_at={"AM": time(10)})
        >>> list(Occasions(SchoolCalendar((autumn,)), in_mornings).afternoons())
        []
        """
        return self._halves(AFTERNOON_SHEET, "PM")

    def _halves(self, kind: str, half: str) -> Iterator[Occasion]:
        at = self.rhythm.daily_at.get(half)
        if at is None:
            return
        sessions = self.calendar.open_sessions
        for day in sessions.loc[sessions["session"] == half, "date"].drop_duplicates().dt.date:
            yield Occasion(day, kind, day, day, day, at=at)

    def half_term_start(self, day: date) -> date:
        """Return the first school day of the last half term that began on or before a day, else of the first one.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
        >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
        >>> Occasions(SchoolCalendar((autumn,), inset=(date(2026, 11, 2),)), Rhythm()).half_term_start(date(2026, 11, 20))
        datetime.date(2026, 11, 3)
        """
        begun = [first for first, _ in self.calendar.half_term_days if first <= day]
        return max(begun, default=self.calendar.school_days[0])

    def _first_week(self, first: date) -> int:
        """Return the planned week of the first meeting, or the next one with school."""
        if first < self._mondays[0] or first > self.calendar.school_days[-1]:
            raise CannotCountError(
                f"the first meeting, {first}, lies outside the calendar from {self._mondays[0]}"
            )
        return next(number for number, monday in enumerate(self._mondays) if monday >= monday_of(first))

    def _held_on(self, planned: date, week: Days) -> date:
        days = [day for day in self.calendar.school_days if week.first <= day <= week.last]
        return next((day for day in days if day >= planned), days[-1])

    def _weeks_between(self, since: int, week: int) -> list[Days]:
        """Return what was open of the planned weeks since a meeting's up to another's, of the latter's school year alone."""
        year = self.planned_weeks[week].school_year
        return [days for days in self.planned_weeks[since:week] if days and days.school_year == year]

    def _due(self, meeting: date, last: date) -> date:
        """Return the day so many school days before a meeting, but not before the pack's last day is over.

        Over a holiday the days are weekdays: a pack made before it would be weeks old at the meeting.
        """
        days, wait = self.calendar.school_days, self.rhythm.pack_days_before
        place = days.index(meeting)
        between = days[max(place - wait, 0) : place + 1]
        day = between[0]
        if any(later - earlier > HOLIDAY for earlier, later in pairwise(between)):
            weekdays = [each for each in days_between(day, meeting) if each.weekday() < SATURDAY]
            day = weekdays[max(len(weekdays) - 1 - wait, 0)]
        return max(day, last + ONE_DAY)

    def _settled(self, last: date) -> date | None:
        wait = self.rhythm.settled_days
        return self.calendar.school_days_after(last, wait) if wait else last

    def _blocks(self, kind: str, length: int) -> Iterator[Occasion]:
        """Yield whole blocks of school weeks, counted afresh each school year; weeks left over make no block."""
        if not length:
            return
        for year in dict.fromkeys(days.school_year for days in self.weeks.values()):
            weeks = [days for days in self.weeks.values() if days.school_year == year]
            for block in (weeks[end - length : end] for end in range(length, len(weeks) + 1, length)):
                first, last = block[0].first, block[-1].last
                yield Occasion(last + ONE_DAY, kind, first, last, last)
