"""What local authorities ask of a school before a penalty notice: kinds of evidence, and the units their clocks run in.

No two authorities ask alike. What one asks is its profile's to say (``intake/settings/authority_file.py``), with a source for
each figure; what it does not say is not known, and nothing stands in for it.
"""

from datetime import date
from enum import StrEnum

from attendance_lib.rules.calendar import ONE_DAY, SATURDAY, SchoolCalendar, bank_holidays


class Unit(StrEnum):
    """What an authority counts its periods in."""

    SESSIONS = "sessions"
    SCHOOL_DAYS = "school days"
    SCHOOL_WEEKS = "school weeks"
    WORKING_DAYS = "working days"


class Evidence(StrEnum):
    """What an authority may ask to see; the value is how a profile writes it."""

    REGISTRATION_CERTIFICATE = "registration_certificate"
    PARENT_DETAILS = "parent_details"
    CONTACTS = "contacts"
    LETTERS = "letters"
    VISITS = "visits"
    PLAN = "plan"
    PLAN_REVIEW = "plan_review"
    NOTICE_TO_IMPROVE = "notice_to_improve"
    EARLY_HELP = "early_help"
    AGENCIES = "agencies"
    SIBLINGS = "siblings"
    LEAVE_APPLICATION = "leave_application"
    LEAVE_REFUSAL = "leave_refusal"
    AUTHORITY_CONSULTED = "authority_consulted"
    HEAD_CERTIFICATE = "head_certificate"
    HEAD_SIGNATURE = "head_signature"
    INTERPRETER = "interpreter"


EVIDENCE_WORDS = {
    Evidence.REGISTRATION_CERTIFICATE: "registration certificate, this and last year",
    Evidence.PARENT_DETAILS: "the parent's name and address, and whom the child lives with",
    Evidence.CONTACTS: "contacts with home",
    Evidence.LETTERS: "letters sent",
    Evidence.VISITS: "visits with their outcome",
    Evidence.PLAN: "support plan",
    Evidence.PLAN_REVIEW: "review of the plan",
    Evidence.NOTICE_TO_IMPROVE: "copy of the notice to improve",
    Evidence.EARLY_HELP: "early help offered, and the answer",
    Evidence.AGENCIES: "other agencies",
    Evidence.SIBLINGS: "brothers and sisters",
    Evidence.LEAVE_APPLICATION: "application for leave, or that parents were told a notice would follow",
    Evidence.LEAVE_REFUSAL: "the school's written refusal of leave, with why it was not exceptional",
    Evidence.AUTHORITY_CONSULTED: "consultation with the authority before the form",
    Evidence.HEAD_CERTIFICATE: "head teacher's certificate (Education Act 1996, section 444)",
    Evidence.HEAD_SIGNATURE: "head teacher's signature",
    Evidence.INTERPRETER: "whether an interpreter is needed",
}
# What no export can show: somebody attaches it, and ticks it off.
BY_HAND = (Evidence.HEAD_CERTIFICATE, Evidence.HEAD_SIGNATURE, Evidence.INTERPRETER)


class Absences(StrEnum):
    """Which cases a demand of an authority is for."""

    ALL = "all"
    HOLIDAY = "holiday"
    OTHER = "other"


def last_day_of(calendar: SchoolCalendar, start: date, count: int, unit: Unit) -> date | None:
    """Return the last day of a clock that starts on a day, which is its day 0; None past the calendar's end.

    Parameters
    ----------
    calendar : SchoolCalendar
        The school's.
    start : datetime.date
        Day 0.
    count : int
        How many days or school weeks.
    unit : Unit
        Sessions run on no clock of days, and are refused.

    Raises
    ------
    ValueError
        If the unit is sessions.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
    >>> [last_day_of(calendar, date(2026, 11, 5), 2, unit).day for unit in (Unit.SCHOOL_DAYS, Unit.WORKING_DAYS)]
    [9, 9]
    >>> last_day_of(calendar, date(2026, 11, 5), 2, Unit.SCHOOL_WEEKS)
    datetime.date(2026, 11, 20)
    """
    if unit is Unit.SCHOOL_DAYS:
        return calendar.school_days_after(start, count)
    if unit is Unit.WORKING_DAYS:
        return working_day_after(start, count)
    if unit is Unit.SCHOOL_WEEKS:
        return end_of_school_weeks(calendar, start, count)
    raise ValueError(f"{unit} run on no clock of days")


def working_day_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after a day (the day itself is day 0): no weekend, no bank holiday in England.

    Examples
    --------
    >>> working_day_after(date(2026, 12, 23), 3)
    datetime.date(2026, 12, 30)
    """
    while count:
        day += ONE_DAY
        count -= day.weekday() < SATURDAY and day not in bank_holidays(day.year)
    return day


def end_of_school_weeks(calendar: SchoolCalendar, day: date, weeks: int) -> date | None:
    """Return the last school day of so many whole school weeks that begin after a day; None past the calendar's end.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 16)),)),))
    >>> end_of_school_weeks(calendar, date(2026, 12, 3), 1), end_of_school_weeks(calendar, date(2026, 12, 3), 2)
    (datetime.date(2026, 12, 11), datetime.date(2026, 12, 16))
    """
    sessions = calendar.open_sessions
    later = sessions[sessions["week_beginning"].dt.date > day]
    first = later["school_week"].min()
    ends = later.loc[later["school_week"] == first + weeks - 1, "date"]
    return ends.max().date() if len(ends) else None


def days_until(calendar: SchoolCalendar, day: date, last: date, unit: Unit) -> int:
    """Return how many school days (or working days) are left after a day up to a last day; 0 on it and after it.

    Examples
    --------
    >>> days_until(SchoolCalendar(()), date(2026, 12, 23), date(2026, 12, 30), Unit.WORKING_DAYS)
    3
    """
    if unit is not Unit.WORKING_DAYS:
        return sum(day < each <= last for each in calendar.school_days)
    count = 0
    while working_day_after(day, count + 1) <= last:
        count += 1
    return count
