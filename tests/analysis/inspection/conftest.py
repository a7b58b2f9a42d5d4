"""Small registers to inspect: a pupil a dictionary, present in every session that is not given."""

from datetime import date, time
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.inspection.inspect import inspect_register
from attendance_lib.analysis.inspection.scope import Scope, minutes_late, recorded_at
from attendance_lib.intake.ledger import DOUBTFUL
from attendance_lib.register.build import build_register
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.notices import national_framework

# 26 to 30 October 2026 is a holiday and Monday 2 November an INSET day; last year's summer term ends on 17 July.
# The school year 2026/27 has 191 school days, of which Year 8 misses one afternoon: 382 and 381 sessions.
SUMMER = Term(
    "202526",
    "summer",
    (HalfTerm(date(2026, 4, 13), date(2026, 5, 22)), HalfTerm(date(2026, 6, 1), date(2026, 7, 17))),
)
AUTUMN = Term(
    "202627",
    "autumn",
    (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18))),
)
SPRING = Term(
    "202627",
    "spring",
    (HalfTerm(date(2027, 1, 4), date(2027, 2, 12)), HalfTerm(date(2027, 2, 22), date(2027, 3, 25))),
)
LATE = Term(
    "202627",
    "summer",
    (HalfTerm(date(2027, 4, 12), date(2027, 5, 28)), HalfTerm(date(2027, 6, 7), date(2027, 7, 22))),
)
SENT_HOME = Closure(date(2026, 9, 9), "no heating", year_groups=(8,), session="PM")
CALENDAR = SchoolCalendar((SUMMER, AUTUMN, SPRING, LATE), inset=(date(2026, 11, 2),), closures=(SENT_HOME,))
PUPIL = {
    "year_group": 9,
    "form": "9A",
    "date_of_birth": "2013-01-15",
    "admission_date": "2024-09-02",
    "leaving_date": None,
}
DATES = ("date_of_birth", "admission_date", "leaving_date")
LOG = SimpleNamespace(findings=(), repairs=())


SESSIONS = [
    (row.date, row.date.date().isoformat(), row.session, row.closed_year_groups)
    for row in CALENDAR.open_sessions.itertuples()
]


def marks_of(pupil_id, pupil, span):
    """Present in every session of the span, but for ``marks``: {day: "AM PM" codes, - for no mark}."""
    start = max(span[0], pupil.get("admission_date", span[0]))
    end = min(span[1], pupil.get("leaving_date", span[1]))
    for day, named, session, closed in SESSIONS:
        code = pupil.get("marks", {}).get(named, "/ \\").split()[session == "PM"]
        if start <= named <= end and code != "-" and pupil.get("year_group", 9) not in closed:
            yield pupil_id, day, session, code


def table_of(pupils):
    rows = [{"pupil_id": f"{number:04d}"} | PUPIL | pupil for number, pupil in enumerate(pupils)]
    table = pd.DataFrame(rows).drop(columns="marks", errors="ignore")
    return table.assign(**{name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in DATES})


def dated(rows, columns, *dates):
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(**{name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in dates})


@pytest.fixture(scope="session")
def make_scope():
    """Builds what is inspected.

    ``extra`` are marks beside the regular ones, ``minutes`` {(pupil, day, session): minutes}, ``edits`` rows of
    pupil, date, session, code before and day of the edit; ``made`` {(pupil, day, session): moment}, and ``doubtful``
    rows of pupil, date, session, finding of the intake and what was found.
    """

    def build(
        *pupils,
        first="2026-09-07",
        last="2026-11-13",
        extra=(),
        minutes=None,
        edits=(),
        made=None,
        doubtful=(),
        **more,
    ):
        rows = [
            mark
            for number, pupil in enumerate(pupils)
            for mark in marks_of(pupil.get("pupil_id", f"{number:04d}"), pupil, (first, last))
        ]
        key = ["pupil_id", "date", "session"]
        marks = dated([*rows, *extra], [*key, "code"], "date")
        late = dated(
            [(*place, count) for place, count in (minutes or {}).items()], [*key, "minutes_late"], "date"
        )
        marks = marks.merge(late.astype({"minutes_late": "Int16"}), how="left", on=key)
        if made:
            moments = dated(
                [(*place, at) for place, at in made.items()], [*key, "recorded_at"], "date", "recorded_at"
            )
            marks = marks.merge(moments, how="left", on=key)
        if edits:
            changed = dated(edits, [*key, "amended_from", "amended_on"], "date", "amended_on")
            marks = marks.merge(changed, how="left", on=key)
        placed = build_register(table_of(pupils), marks, CALENDAR)
        known = {"on": date.fromisoformat(last), "log": LOG, "notice_rules": (national_framework(),)} | more
        is_known = placed.register.sessions["date"] <= pd.Timestamp(known["on"])
        register = placed.register.where_sessions(is_known)
        return Scope(
            register=register,
            calendar=CALENDAR,
            minutes=minutes_late(register, marks),
            close_minutes={"AM": 30.0, "PM": 20.0},
            closes_at={"AM": time(9, 10), "PM": time(13, 30)},
            recorded_at=recorded_at(register, marks),
            doubtful_marks=dated(list(doubtful), list(DOUBTFUL), "date"),
            left_out_marks=placed.left_out_marks,
            **known,
        )

    return build


@pytest.fixture(scope="session")
def inspect(make_scope):
    """Inspects a small register (see ``make_scope``): everything that every check finds."""
    return lambda *pupils, **more: inspect_register(make_scope(*pupils, **more))


@pytest.fixture(scope="session")
def found(inspect):
    """Everything found, as (rule, pupil, first day, last day, session)."""

    def find(*pupils, **more):
        things = inspect(*pupils, **more)
        days = [things[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("date", "end_date")]
        return list(zip(things["rule"], things["pupil_id"], *days, things["session"], strict=True))

    return find


@pytest.fixture(scope="session")
def on_days():
    """The same codes ("G G") on so many school days from a day on: {day: codes}."""

    def spread(start, count, codes, step=1):
        later = [day for day in CALENDAR.school_days if day >= date.fromisoformat(start)]
        return {day.isoformat(): codes for day in later[: count * step : step]}

    return spread
