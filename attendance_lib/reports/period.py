"""The days a report covers: those asked for, or those that its paper covers by default, up to the last register taken."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from attendance_lib.errors import RequestError, SettingsError
from attendance_lib.reports.papers import Span

if TYPE_CHECKING:
    from attendance_lib.rules.calendar import SchoolCalendar

# A fortnight of school: weeks with no open session do not count, so a holiday never empties a pack.
SCHOOL_WEEKS = 2
WEEKS = {Span.WEEK: 1}
# date.fromisoformat also takes 20261109 and 2026-W46-1; a person may have meant something else by those.
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Period:
    """From the first to the last day of a report, both included."""

    date_from: date
    date_to: date

    @classmethod
    def of(cls, date_from: str, date_to: str) -> "Period":
        """Return the period between two days as a receipt writes them.

        Examples
        --------
        >>> Period.of("2026-11-09", "2026-11-20").date_to
        datetime.date(2026, 11, 20)
        """
        return cls(date.fromisoformat(date_from), date.fromisoformat(date_to))

    @property
    def name(self) -> str:
        """The period as a folder is named after it.

        Examples
        --------
        >>> Period(date(2026, 11, 9), date(2026, 11, 20)).name
        '2026-11-09_2026-11-20'
        """
        return f"{self.date_from}_{self.date_to}"


def read_iso_date(text: str) -> date:
    """Return a date written YYYY-MM-DD.

    Raises
    ------
    ValueError
        If it is written otherwise or no such day exists.

    Examples
    --------
    >>> read_iso_date("2026-11-09")
    datetime.date(2026, 11, 9)
    """
    if not ISO_DATE.fullmatch(text):
        raise ValueError(f"'{text}' is not a date. Write it as YYYY-MM-DD, such as 2026-11-09.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"'{text}' is not a day that exists. Write it as YYYY-MM-DD, such as 2026-11-09."
        ) from None


def check_period(calendar: "SchoolCalendar", date_from: date | None, date_to: date | None) -> None:
    """Refuse dates in the wrong order, or outside the calendar.

    Raises
    ------
    RequestError
        If the first day is after the last.
    SettingsError
        If a date lies before the first or after the last school day.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
    >>> check_period(calendar, date(2026, 11, 20), date(2026, 11, 9))
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: --from 2026-11-20 is after --to 2026-11-09. Give the earlier date to --from.
    >>> check_period(calendar, date(2026, 10, 30), None)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: --from 2026-10-30 is outside the school calendar (2026-11-02 to 2026-12-18). Add ...
    """
    if date_from and date_to and date_from > date_to:
        raise RequestError(f"--from {date_from} is after --to {date_to}. Give the earlier date to --from.")
    first, last = calendar.school_days[0], calendar.school_days[-1]
    for name, day in (("--from", date_from), ("--to", date_to)):
        if day and not first <= day <= last:
            raise SettingsError(
                f"{name} {day} is outside the school calendar ({first} to {last}). Add the term under 'calendar'."
            )


def settle_period(
    calendar: "SchoolCalendar",
    last_register: date,
    date_from: date | None,
    date_to: date | None,
    span: Span = Span.FORTNIGHT,
) -> Period:
    """Return the period asked for, with what was left out filled in.

    The last day is by default the last school day with a register taken; of a half term, the last day of
    the newest one that has ended by then. The first day is by default that of the school week, or the two, that end with
    the last day (a holiday between them is stepped over), of its half term, of the calendar, or the last day itself.

    Raises
    ------
    SettingsError
        If no school day falls in the period, or all of it lies after the last register.

    Examples
    --------
    Of a fortnight that ends on a Wednesday after half term, the other week is the last one before it.

    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> halves = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
    >>> settle_period(SchoolCalendar((Term("202627", "autumn", halves),)), date(2026, 11, 4), None, None).name
    '2026-10-19_2026-11-04'
    """
    check_period(calendar, date_from, date_to)
    days = calendar.school_days
    if last_register < days[0]:
        raise SettingsError(
            f"the last register taken ({last_register}) is before the first school day ({days[0]}). "
            "Add its term under 'calendar'."
        )
    last = date_to or last_day(calendar, max(day for day in days if day <= last_register), span)
    period = Period(date_from or first_day(calendar, last, span), last)
    check_marked(period, calendar, last_register)
    return period


def last_day(calendar: "SchoolCalendar", marked: date, span: Span) -> date:
    """Return the last day by default: the last marked one, or the end of the newest half term that has ended by then.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> halves = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
    >>> calendar = SchoolCalendar((Term("202627", "autumn", halves),))
    >>> [last_day(calendar, date(2026, 11, 20), span).isoformat() for span in (Span.FORTNIGHT, Span.HALF_TERM)]
    ['2026-11-20', '2026-10-23']
    """
    if span is not Span.HALF_TERM:
        return marked
    return max((end for _, end in calendar.half_term_days if end <= marked), default=marked)


def first_of_half_term(calendar: "SchoolCalendar", day: date) -> date:
    """Return the first school day of the newest half term that had begun by a day; the day itself if none had."""
    return max((start for start, _ in calendar.half_term_days if start <= day), default=day)


def first_day(calendar: "SchoolCalendar", last: date, span: Span) -> date:
    """Return the first school day of a span that ends on a day.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> halves = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
    >>> calendar = SchoolCalendar((Term("202627", "autumn", halves),))
    >>> {span.value: f"{first_day(calendar, date(2026, 11, 20), span):%d/%m}" for span in Span}
    {'day': '20/11', 'week': '16/11', 'fortnight': '09/11', 'half term': '02/11', 'whole record': '07/09'}
    """
    if span is Span.DAY:
        return last
    if span is Span.WHOLE_RECORD:
        return calendar.school_days[0]
    if span is Span.HALF_TERM:
        return first_of_half_term(calendar, last)
    return calendar.weeks_ending(last, WEEKS.get(span, SCHOOL_WEEKS))[0]


def check_marked(period: Period, calendar: "SchoolCalendar", last_register: date) -> None:
    """Refuse a period that begins after the last register, or has no school day.

    Raises
    ------
    SettingsError
        If it does, with the day of that register or the remedy.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
    >>> check_marked(Period(date(2026, 11, 21), date(2026, 11, 22)), calendar, date(2026, 11, 30))
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: 2026-11-21 to 2026-11-22 has no school day in the calendar. Choose a period in term.
    """
    if period.date_from > last_register:
        raise SettingsError(
            f"there is no register from {period.date_from} on: the last one taken is of {last_register}. "
            "Export the marks again, or choose an earlier period."
        )
    if not any(period.date_from <= day <= period.date_to for day in calendar.school_days):
        raise SettingsError(
            f"{period.date_from} to {period.date_to} has no school day in the calendar. Choose a period in term."
        )


def newest_weeks(calendar: "SchoolCalendar", last_register: date) -> tuple[date, date]:
    """Return the first and the last day of the school weeks that ``attendance check`` judges: the newest with registers.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
    >>> [day.isoformat() for day in newest_weeks(calendar, date(2026, 11, 17))]  # a Tuesday: its week is one of the two
    ['2026-11-09', '2026-11-17']
    """
    return calendar.weeks_ending(last_register, SCHOOL_WEEKS)
