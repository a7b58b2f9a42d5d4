"""The school year by the calendar: 380 sessions are the law's."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from attendance_lib.analysis.inspection.inspect import unchecked
from attendance_lib.analysis.inspection.misused_codes import school_year_sessions
from attendance_lib.rules.calendar import Closure, HalfTerm, Term

POLLING = Closure(date(2027, 5, 6), "polling station")
YEAR_8 = {"year_group": 8, "form": "8A"}


def with_closures(scope, *closures):
    return replace(scope, calendar=replace(scope.calendar, closures=closures))


@pytest.mark.parametrize(
    ("closures", "details"),
    [
        ([], []),
        ([POLLING], []),
        (
            [POLLING, replace(POLLING, date=date(2027, 6, 10))],
            ["378 sessions in the calendar for Years 8, 9"],
        ),
        (
            [POLLING, Closure(date(2027, 6, 10), "boiler", (8,), "PM")],
            ["379 sessions in the calendar for Year 8"],
        ),
    ],
)
def test_a_year_group_with_fewer_than_380_sessions_is_found(make_scope, closures, details):
    # 191 school days of two sessions in the terms of the small registers.
    scope = with_closures(make_scope({}, YEAR_8), *closures)
    assert school_year_sessions(scope)["detail"].tolist() == details


@pytest.mark.parametrize(("days", "details"), [(3, []), (4, ["390 sessions in the calendar for Year 9"])])
def test_195_days_may_be_forgotten_inset_days(make_scope, days, details):
    scope = make_scope({})
    # 191 days and those from Monday 26 July 2027.
    more = HalfTerm(date(2027, 7, 26), date(2027, 7, 26) + timedelta(days - 1))
    terms = (*scope.calendar.terms, Term("202627", "late", (more,)))
    longer = replace(scope, calendar=replace(scope.calendar, terms=terms, closures=()))
    assert school_year_sessions(longer)["detail"].tolist() == details


def test_a_calendar_without_its_summer_cannot_be_counted(make_scope):
    scope = make_scope({})
    terms = [term for term in scope.calendar.terms if term.name != "summer"]
    part = replace(scope, calendar=replace(scope.calendar, terms=tuple(terms)))
    assert school_year_sessions(part).empty
    assert unchecked(part)["year_sessions"] == "the school file has not all terms of this school year"
