"""What was probably meant where exports and school file do not fit: files that changed places, and a holiday in another week."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

import pandas as pd

from attendance_lib.errors import InputError
from attendance_lib.intake.drafting.school_days import SchoolDays, school_days_of
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.layouts import files_of
from attendance_lib.intake.schema import MARKS, PUPILS
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import find_sources
from attendance_lib.rules.calendar import SchoolCalendar, monday_of

A_WEEK, TO_FRIDAY = timedelta(weeks=1), timedelta(days=4)
# Of a week in the holidays so many days with registers are a week of school.
DAYS_OF_A_WEEK = 3
NEEDED = (PUPILS.name, MARKS.name)


def swapped_files(settings: Settings) -> Iterator[str]:
    """Yield a line for each file of roll or marks that is a file of another kind, with what to do.

    Parameters
    ----------
    settings : Settings
        The school file; its roll or its marks were refused.
    """
    found = {kind: set(_kinds_under(settings, kind)) for kind in NEEDED}
    strangers = {kind: sorted(kinds) for kind, kinds in found.items() if kinds and kind not in kinds}
    if set(strangers) == set(NEEDED) and all(
        NEEDED[1 - place] in found[kind] for place, kind in enumerate(NEEDED)
    ):
        yield f"{settings.file}: exports.pupils holds marks, and exports.marks the roll. Swap the two paths."
        return
    for kind, others in strangers.items():
        yield (
            f"{settings.file}: exports.{kind} leads to {' and '.join(others)}, not to {kind}. "
            f"Correct the path, or write it under exports.{others[0]}."
        )


def _kinds_under(settings: Settings, kind: str) -> Iterator[str]:
    for source in find_sources(settings, kind):
        for export in source.exports:
            yield from _kinds_of(export)


def _kinds_of(export: Export) -> list[str]:
    """Return which kinds of export a file is; none if it cannot be read, which is reported elsewhere."""
    try:
        return [each.kind for each in files_of(export)]
    except InputError:
        return []


def moved_holidays(
    marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar, last: date
) -> Iterator[str]:
    """Yield a line for each holiday that the registers show in another week than the calendar has it.

    Parameters
    ----------
    marks, pupils : pandas.DataFrame
        MARKS of pupils on the roll (one row a session), and PUPILS (one row an enrolment).
    calendar : SchoolCalendar
        The school's calendar.
    last : datetime.date
        The last register day.
    """
    days = school_days_of(marks, pupils, last)
    lived, planned = _weeks_lived(days), _weeks_planned(calendar, days)
    taught = _runs(sorted(lived - planned))
    free = _runs(sorted(planned - {monday_of(day) for day in days.open_days}))
    for first, end in taught:
        beside = [run for run in free if run[0] == end + A_WEEK or run[1] + A_WEEK == first]
        for start, stop in beside[:1]:
            side = "later" if start > end else "earlier"
            yield (
                f"registers were taken from {first} to {end + TO_FRIDAY}, which the calendar has as holiday, and none from "
                f"{start} to {stop + TO_FRIDAY}, which it has as school: is the holiday {_weeks(first, end)} {side}? "
                "Correct the half terms beside it under calendar.terms."
            )


def _weeks_lived(days: SchoolDays) -> set[date]:
    mondays = [monday_of(day) for day in days.open_days]
    return {monday for monday in mondays if mondays.count(monday) >= DAYS_OF_A_WEEK}


def _weeks_planned(calendar: SchoolCalendar, days: SchoolDays) -> set[date]:
    """Return the Mondays of the calendar's weeks with school, as far as the marks reach."""
    first, last = monday_of(days.open_days[0]), monday_of(days.open_days[-1])
    return {monday for day in calendar.school_days if first <= (monday := monday_of(day)) <= last}


def _runs(mondays: list[date]) -> list[tuple[date, date]]:
    """Return weeks in a row as their first and last Monday."""
    places = enumerate(mondays)
    runs = [
        [monday for _, monday in run]
        for _, run in groupby(places, key=lambda each: each[1] - each[0] * A_WEEK)
    ]
    return [(run[0], run[-1]) for run in runs]


def _weeks(first: date, end: date) -> str:
    count = (end - first) // A_WEEK + 1
    return "a week" if count == 1 else f"{count} weeks"
