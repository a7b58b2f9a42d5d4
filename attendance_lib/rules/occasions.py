"""When the school calendar asks for which paper, and over which days.

Everything is counted in school weeks and school days of the calendar (see ``rules/calendar.py``), so a holiday is
stepped over and a day without school holds no meeting. Papers whose notebook does not exist yet have occasions
too: whether a paper can be made is not decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from attendance_lib.rules.calendar import ONE_DAY, SchoolCalendar, monday_of

PASTORAL, GOVERNORS, IMPACT, RAFFLE, PRIZE_POT = "pastoral", "governors", "impact", "raffle", "prize_pot"
KINDS = (PASTORAL, IMPACT, GOVERNORS, RAFFLE, PRIZE_POT)


@dataclass(frozen=True)
class Rhythm:
    """How often the school meets and how long its papers wait; ``first_meeting`` is None where no meeting is set.

    A register has settled when a reason for an N mark must have been found, which is by the fifth school day.
    Source: DfE, Working together to improve school attendance.
    """

    first_meeting: date | None = None
    meeting_every_weeks: int = 2
    pack_days_before: int = 1
    settled_days: int = 5
    raffle_every_weeks: int = 1
    prize_pot_every_weeks: int = 6


@dataclass(frozen=True, order=True)
class Occasion:
    """A paper that is asked for from ``due`` on, about the school days from ``first`` to ``last``.

    It can be made once the exports hold marks of ``marks_to``. ``meeting`` is the day of the meeting that it is
    for, None for a paper without one.
    """

    due: date
    kind: str
    first: date
    last: date
    marks_to: date
    meeting: date | None = None


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
    """The occasions of one calendar in one rhythm."""

    calendar: SchoolCalendar
    rhythm: Rhythm

    def all(self) -> list[Occasion]:
        """Return every occasion that the calendar can tell, by the day it is due.

        Raises
        ------
        CannotCountError
            If the first meeting lies outside the calendar.
        """
        found = [*self.pastoral(), *self.impact(), *self.governors(), *self.raffle(), *self.prize_pot()]
        return sorted(found, key=lambda each: (each.due, KINDS.index(each.kind)))

    @cached_property
    def weeks(self) -> dict[int, Days]:
        """The first and last school day of each school week, by its number."""
        weeks = self.calendar.open_sessions.groupby("school_week").agg(
            first=("date", "min"), last=("date", "max"), school_year=("school_year", "first")
        )
        return {
            row.Index: Days(row.first.date(), row.last.date(), row.school_year) for row in weeks.itertuples()
        }

    def meetings(self) -> Iterator[tuple[int, date]]:
        """Yield the school week and the day of each pastoral meeting, in order.

        Meetings are held on the weekday of the first one, every so many school weeks. Where that day has no
        school, the meeting is held on the next school day of the week, else on the last one before. A first
        meeting in a week without school is held in the next week with school.
        """
        first = self.rhythm.first_meeting
        if first is None:
            return
        start = self._first_week(first)
        for week in range(start, max(self.weeks) + 1, self.rhythm.meeting_every_weeks):
            monday = monday_of(self.weeks[week].first)
            yield week, self._held_on(monday + timedelta(days=first.weekday()), self.weeks[week])

    def pastoral(self) -> Iterator[Occasion]:
        """Yield the pack for each meeting: about the whole school weeks since the meeting before.

        It begins no earlier than the school year, and is due so many school days before the meeting but not
        before its last day is over. A meeting in the first week of a school year has no pack.
        """
        for week, meeting in self.meetings():
            about = self._weeks_before(week)
            if about:
                first, last = about[0].first, about[-1].last
                due = max(self._days_before(meeting), last + ONE_DAY)
                yield Occasion(due, PASTORAL, first, last, last, meeting)

    def impact(self) -> Iterator[Occasion]:
        """Yield the evaluation at the end of each half term, due on the day after it."""
        for first, last in self.calendar.half_term_days:
            yield Occasion(last + ONE_DAY, IMPACT, first, last, last)

    def governors(self) -> Iterator[Occasion]:
        """Yield the report on each half term, due on the day after its register has settled.

        A half term has none as long as the calendar ends before its register has settled.
        """
        for first, last in self.calendar.half_term_days:
            settled = self._settled(last)
            if settled:
                yield Occasion(settled + ONE_DAY, GOVERNORS, first, last, settled)

    def raffle(self) -> Iterator[Occasion]:
        """Yield the raffle of each block of school weeks, due on the day after it."""
        return self._blocks(RAFFLE, self.rhythm.raffle_every_weeks)

    def prize_pot(self) -> Iterator[Occasion]:
        """Yield the prize pot of each block of school weeks, due on the day after it."""
        return self._blocks(PRIZE_POT, self.rhythm.prize_pot_every_weeks)

    def half_term_start(self, day: date) -> date:
        """Return the first school day of the last half term that began on or before a day, else of the first one."""
        begun = [first for first, _ in self.calendar.half_term_days if first <= day]
        return max(begun, default=self.calendar.school_days[0])

    def _first_week(self, first: date) -> int:
        """Return the number of the school week of the first meeting, or of the next week with school."""
        if first < monday_of(self.weeks[1].first) or first > self.calendar.school_days[-1]:
            raise CannotCountError
        return next(
            number for number, days in self.weeks.items() if monday_of(days.first) >= monday_of(first)
        )

    def _held_on(self, planned: date, week: Days) -> date:
        days = [day for day in self.calendar.school_days if week.first <= day <= week.last]
        return next((day for day in days if day >= planned), days[-1])

    def _weeks_before(self, week: int) -> list[Days]:
        """Return the school weeks between the meeting before and this one, of this school year alone."""
        numbers = range(week - self.rhythm.meeting_every_weeks, week)
        year = self.weeks[week].school_year
        return [
            self.weeks[each]
            for each in numbers
            if each in self.weeks and self.weeks[each].school_year == year
        ]

    def _days_before(self, meeting: date) -> date:
        """Return the school day so many before a meeting; the calendar's first if there are fewer."""
        days = self.calendar.school_days
        return days[max(days.index(meeting) - self.rhythm.pack_days_before, 0)]

    def _settled(self, last: date) -> date | None:
        wait = self.rhythm.settled_days
        return self.calendar.school_days_after(last, wait) if wait else last

    def _blocks(self, kind: str, length: int) -> Iterator[Occasion]:
        """Yield whole blocks of school weeks, counted afresh each school year; weeks left over make no block."""
        for year in dict.fromkeys(days.school_year for days in self.weeks.values()):
            weeks = [days for days in self.weeks.values() if days.school_year == year]
            for block in (weeks[end - length : end] for end in range(length, len(weeks) + 1, length)):
                first, last = block[0].first, block[-1].last
                yield Occasion(last + ONE_DAY, kind, first, last, last)
