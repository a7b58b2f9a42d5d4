"""The calendar part of the school file: terms, INSET days, closures and week labels, checked against one another."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from attendance_lib.errors import quoted
from attendance_lib.intake.settings.yaml import Document, Key, Many, Settled, Text, YearGroup, at, says
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term, same_name, school_year_of


class HalfTermDates(Settled):
    """The first and last school day of a half term."""

    start: date = says("First day that pupils attend")
    end: date = says("Last day that pupils attend")


class TermDates(Settled):
    """A term of one or more half terms, in a school year such as "202627", by the name that the school gives it."""

    school_year: Annotated[str, StringConstraints(pattern=r"^20[0-9]{4}$")] = says(
        "Both years of the school year together, in quotes"
    )
    name: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)] = says(
        "What the school calls the term, the same every year"
    )
    half_terms: Annotated[Many[HalfTermDates], Field(min_length=1)] = says(
        "Its halves, or one entry where a term has none"
    )


class ClosureDates(Settled):
    """Sessions that did not happen: whole school and day unless year groups or a session are given."""

    date: Annotated[date, says("The day")]
    reason: str = says("Why, in the school's words", "")
    year_groups: Many[YearGroup] = says("For whom, if not for all", ())
    session: Literal["AM", "PM", ""] = says("Which session, if not both", "")


class CalendarSettings(Settled):
    """The school's published dates."""

    terms: Annotated[Many[TermDates], Field(min_length=1)] = says(
        "Terms in order, those of every school year of the exports; bank holidays are known"
    )
    inset: Many[date] = says("Days for staff alone", ())
    closures: Many[ClosureDates] = says("Sessions that did not happen, for all or for some year groups", ())
    week_labels: dict[Text, Many[date]] = says(
        "Mondays of the weeks of a two-week timetable, by label", {}, names=("A", "B")
    )

    @cached_property
    def built(self) -> SchoolCalendar:
        """The calendar as the rules know it: one, since what it works out it keeps.

        Examples
        --------
        >>> week = {"start": date(2026, 11, 2), "end": date(2026, 11, 6)}
        >>> terms = [{"school_year": "202627", "name": "autumn", "half_terms": [week]}]
        >>> dates = {"terms": terms, "inset": [date(2026, 11, 2)], "closures": [{"date": date(2026, 11, 6), "session": "PM"}]}
        >>> calendar = CalendarSettings.model_validate(dates).built
        >>> len(calendar.school_days), len(calendar.open_sessions)
        (4, 7)
        """
        return SchoolCalendar(
            terms=tuple(_term(term) for term in self.terms),
            inset=self.inset,
            closures=tuple(Closure(**closure.model_dump()) for closure in self.closures),
            week_labels={monday: label for label, mondays in self.week_labels.items() for monday in mondays},
        )


def calendar_problems(calendar: CalendarSettings, document: Document) -> list[str]:
    """Return what is wrong between the dates of a calendar, one line for each problem.

    Examples
    --------
    >>> from pathlib import Path
    >>> half = {"start": date(2026, 12, 18), "end": date(2026, 11, 2)}
    >>> terms = [{"school_year": "202627", "name": "autumn", "half_terms": [half]}]
    >>> (problem,) = calendar_problems(CalendarSettings.model_validate({"terms": terms}), Document(Path("school.yml"), {}, {}))
    >>> problem.partition(": ")[2]
    'the half term starts on 2026-12-18, after its end on 2026-11-02. Correct one of the two.'
    """
    checks = (_half_term_problems, _order_problems, _closure_problems, _week_label_problems)
    return [
        f"{at(document, ('calendar', *key))}: {problem}"
        for check in checks
        for key, problem in check(calendar)
    ]


def _term(term: TermDates) -> Term:
    half_terms = tuple(HalfTerm(half_term.start, half_term.end) for half_term in term.half_terms)
    return Term(term.school_year, term.name, half_terms)


def _half_terms(calendar: CalendarSettings) -> Iterator[tuple[Key, TermDates, HalfTermDates]]:
    for number, term in enumerate(calendar.terms):
        for part, half_term in enumerate(term.half_terms):
            yield ("terms", number, "half_terms", part), term, half_term


def _half_term_problems(calendar: CalendarSettings) -> Iterator[tuple[Key, str]]:
    for key, term, half_term in _half_terms(calendar):
        if half_term.start > half_term.end:
            yield (
                key,
                f"the half term starts on {half_term.start}, after its end on {half_term.end}. Correct one of the two.",
            )
        if {school_year_of(half_term.start), school_year_of(half_term.end)} != {term.school_year}:
            yield (
                key,
                (
                    f"{half_term.start} to {half_term.end} does not lie in school year {quoted(term.school_year)} "
                    f'(1 August to 31 July). Correct the dates, or write school_year: "{school_year_of(half_term.start)}".'
                ),
            )


def _order_problems(calendar: CalendarSettings) -> Iterator[tuple[Key, str]]:
    for (_, _, before), (key, _, after) in pairwise(_half_terms(calendar)):
        if after.start <= before.end:
            yield (
                key,
                (
                    f"it starts on {after.start}, but the half term before it ends on {before.end}. "
                    "Put half terms in order, without overlap."
                ),
            )
    seen: set[tuple[str, str]] = set()
    for number, term in enumerate(calendar.terms):
        if (term.school_year, same_name(term.name)) in seen:
            yield (
                ("terms", number, "name"),
                f"there are two terms called {quoted(term.name)} in {term.school_year}. Give each its own name.",
            )
        seen.add((term.school_year, same_name(term.name)))


def _closure_problems(calendar: CalendarSettings) -> Iterator[tuple[Key, str]]:
    for number, closure in enumerate(calendar.closures):
        if not _is_in_a_term(closure.date, calendar):
            yield (
                ("closures", number, "date"),
                f"{closure.date} lies in no half term. Correct the date, or leave the closure out.",
            )


def _is_in_a_term(day: date, calendar: CalendarSettings) -> bool:
    return any(half_term.start <= day <= half_term.end for _, _, half_term in _half_terms(calendar))


def _week_label_problems(calendar: CalendarSettings) -> Iterator[tuple[Key, str]]:
    labelled: dict[date, str] = {}
    for label, mondays in calendar.week_labels.items():
        for number, monday in enumerate(mondays):
            key = ("week_labels", label, number)
            if monday.weekday():
                yield key, f"{monday} is a {monday:%A}. A week is named by its Monday."
            if monday in labelled:
                yield (
                    key,
                    f"the week of {monday} is labelled {quoted(labelled[monday])} already. Give each week one label.",
                )
            labelled[monday] = label
