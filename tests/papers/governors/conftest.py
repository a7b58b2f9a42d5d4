"""A school of sixty pupils in two year groups, present throughout but for what is planted, and its published report."""

import pickle
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.intake.checked_school import School
from attendance_lib.intake.settings.benchmarks import BenchmarkSettings
from attendance_lib.intake.settings.school_file import (
    Cohort,
    GovernanceSettings,
    NoticeSettings,
    SchoolDetails,
)
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.governors.opening import publish
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.groups import YES_OR_NO

TIMES = {"AM": {"opens": "08:40", "closes": "09:10"}, "PM": {"opens": "13:10", "closes": "13:40"}}
DETAILS = SchoolDetails(
    name="Sixty School", urn="990004", phase="secondary", year_groups=(9, 10), registers=TIMES
)
LOG = SimpleNamespace(files=(), findings=(), repairs=())
HALVES = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 11, 27)))
CALENDAR = SchoolCalendar((Term("202627", "autumn", HALVES),))
FIRST, SECOND = ((half.start, half.end) for half in HALVES)
PUPILS = [f"{number:04d}" for number in range(1, 61)]
# Year 9 are the first thirty. Ill throughout September: six of Year 9 and two of Year 10, ten of whom no one is severe.
PERSISTENT = [*PUPILS[:6], *PUPILS[30:32]]
SEVERE = PUPILS[6:9]
FLAGS = tuple(column for column in YES_OR_NO if column != "fsm")


def pupils_table():
    """FSM: ten of Year 9 (all who are often away among them) and two of Year 10; nothing else is exported."""
    return pd.DataFrame(
        {
            "pupil_id": PUPILS,
            "surname": [f"Surname{number}" for number in PUPILS],
            "forename": [f"Forename{number}" for number in PUPILS],
            "year_group": [9] * 30 + [10] * 30,
            "form": ["9A"] * 30 + ["10A"] * 30,
            "date_of_birth": pd.to_datetime(["2013-01-15"] * 30 + ["2012-01-15"] * 30).astype(
                "datetime64[s]"
            ),
            "admission_date": pd.Timestamp("2025-09-03"),
            "leaving_date": pd.Series([pd.NaT] * 60, dtype="datetime64[s]"),
            "key_adult": "P. Wren",
            "sex": ["F", "M"] * 30,
            "sen_status": None,
            "ethnicity": None,
            "fsm": pd.array([True] * 10 + [False] * 20 + [True] * 2 + [False] * 28, dtype="boolean"),
        }
    ).assign(**{name: pd.array([None] * 60, dtype="boolean") for name in FLAGS})


def with_sixth_form(pupils, older):
    """Put some pupils in Year 12, seventeen years old on 31 August."""
    held = pupils["pupil_id"].isin(older)
    born = pupils["date_of_birth"].mask(held, pd.Timestamp("2009-01-15"))
    return pupils.assign(
        year_group=pupils["year_group"].mask(held, 12),
        form=pupils["form"].mask(held, "12A"),
        date_of_birth=born,
    )


def marks_table(absences):
    """Present at every session, but for the code of ``absences`` (pupil to code and days, or half days: 2026-09-07 AM)."""
    sessions = CALENDAR.sessions()[["date", "session"]]
    marks = sessions.merge(pd.DataFrame({"pupil_id": PUPILS}), how="cross").assign(code="/")
    day = marks["date"].dt.strftime("%Y-%m-%d")
    half_day = day + " " + marks["session"].astype(str)
    for pupil, (code, days) in absences.items():
        held = (marks["pupil_id"] == pupil) & (day.isin(days) | half_day.isin(days))
        marks = marks.assign(code=marks["code"].mask(held, code))
    return marks


def school_days(first, last):
    return [
        str(day)
        for day in CALENDAR.school_days
        if date.fromisoformat(first) <= day <= date.fromisoformat(last)
    ]


PLANTED = {pupil: ("I", school_days("2026-09-07", "2026-09-16")) for pupil in PERSISTENT} | {
    pupil: ("O", school_days("2026-09-07", "2026-11-27")) for pupil in SEVERE
}


@pytest.fixture(scope="session")
def make_pack_of_sixty():
    """Opens the sixty: absences, cohort, needs, logs and benchmarks as given."""

    def make(
        absences=None,
        *,
        period=SECOND,
        where=None,
        level=5,
        benchmarks=None,
        older=(),
        sen=None,
        governance=None,
        codes=None,
        **logs,
    ):
        settings = SimpleNamespace(
            school=DETAILS,
            rules=SimpleNamespace(
                notices=NoticeSettings(), suppression_level=level, short_enrolment_sessions=20
            ),
            benchmarks=benchmarks or BenchmarkSettings(),
            governance=governance or GovernanceSettings(),
            exports=SimpleNamespace(marks=(SimpleNamespace(codes=codes or {}),)),
            staff=(),
        )
        known = dict.fromkeys(("interventions", "actions", "contacts", "notices", "lessons")) | logs
        marks = marks_table(PLANTED if absences is None else absences)
        school = School(
            settings=settings, calendar=CALENDAR, marks=marks, log=LOG, benchmarks=(),
            pupils=pupils_table().assign(sen_status=sen).pipe(with_sixth_form, older), **known,
        )  # fmt: skip
        name = "chosen" if where else "all"
        cohort = Cohort(name=name, title="Chosen", where=where or {})
        return pack_of(school, period, cohort, pd.DataFrame())

    return make


@pytest.fixture(scope="session")
def make_report(make_pack_of_sixty):
    """Publishes a report of the sixty, beside earlier records."""

    def make(*given, earlier=(), **asked):
        return publish(make_pack_of_sixty(*given, **asked), earlier)

    return make


@pytest.fixture(scope="session")
def report_of(make_report):
    """A published report of the sixty, to be read only: made once for all tests that ask for the same and replace nothing."""
    made = {}

    def found(absences=None, **asked):
        key = pickle.dumps((absences, sorted(asked.items())))
        if key not in made:
            made[key] = make_report(absences, **asked)
        return made[key]

    return found


@pytest.fixture(scope="session")
def report(report_of):
    """The second half term of the sixty: eight persistently absent for September's illness and three severely, all told.

    Sessions to 23 October are 70 for each, and 40 more by 27 November. Ill for eight days: 16 of 70, and 16 of 110
    in the end, persistent both times. The three are absent throughout.
    """
    return report_of()
