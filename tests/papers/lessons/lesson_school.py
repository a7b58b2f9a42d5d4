"""A school of two classes in which one pupil misses the same lessons again and again."""

from datetime import date
from types import SimpleNamespace

import pandas as pd

from attendance_lib.intake.ledger import no_doubt
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.school_file import Cohort, NoticeSettings
from attendance_lib.pack.pack import pack_of
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

CALENDAR = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 10, 16)),)),))
PERIOD = (date(2026, 9, 21), date(2026, 10, 2))
DAYS = [day.date() for day in pd.bdate_range("2026-09-21", "2026-10-02")]
PERIODS = ("P1", "P2", "P3", "P4", "P5")
SUBJECTS = ("English", "Science", "Art", "French", "Music")
PUPILS = [f"{number:02d}" for number in range(30)]
MORNING = ("P1", "P2", "P3")


def lesson_table(lessons, sessions, copied=()):
    rows = []
    for pupil in PUPILS:
        for place, day in enumerate(DAYS):
            for number, period in enumerate(PERIODS):
                session = sessions.get((pupil, day, "AM" if period in MORNING else "PM"), "/")
                away = session not in ("/", "L", "U")
                code = session if period in copied or away else "/"
                code = lessons.get((pupil, day, period), code)
                subject = SUBJECTS[(number + place) % 5]
                rows.append((pupil, day, period, subject, f"9/{subject[:2]}", f"T{subject[0]}", code))
    table = pd.DataFrame(rows, columns=["pupil_id", "date", "period", "subject", "class", "teacher", "code"])
    return table.assign(
        date=pd.to_datetime(table["date"]).astype("datetime64[s]"), code=table["code"].astype("str")
    )


def opened(lessons=None, sessions=None, copied=(), planned=None, said=(MORNING, ("P4", "P5")), findings=()):
    sessions = sessions or {}
    held = CALENDAR.sessions()[["date", "session"]].query("date <= '2026-10-02'")
    marks = held.merge(pd.DataFrame({"pupil_id": PUPILS}), how="cross")
    keys = zip(marks["pupil_id"], marks["date"].dt.date, marks["session"], strict=True)
    marks = marks.assign(code=[sessions.get(key, "/") for key in keys])
    roll = pd.DataFrame(
        {
            "pupil_id": PUPILS,
            "surname": [f"S{pupil}" for pupil in PUPILS],
            "forename": "F",
            "year_group": 9,
            "form": "9A",
            "date_of_birth": pd.Timestamp("2013-01-15"),
            "admission_date": pd.Timestamp("2025-09-03"),
            "leaving_date": pd.Series([pd.NaT] * len(PUPILS), dtype="datetime64[s]"),
        }
    )
    settings = SimpleNamespace(
        school=SimpleNamespace(phase="secondary", name="Tiny", urn="990003"),
        rules=SimpleNamespace(notices=NoticeSettings(), short_enrolment_sessions=20),
        benchmarks=SimpleNamespace(targets=Targets()),
        lessons=SimpleNamespace(morning=said[0], afternoon=said[1]),
    )
    school = SimpleNamespace(
        settings=settings, calendar=CALENDAR, pupils=roll, marks=marks, benchmarks=(), doubtful_marks=no_doubt(),
        interventions=None, actions=None, contacts=None, notices=None, planned_marks=pd.DataFrame(),
        log=SimpleNamespace(files=(), repairs=(), findings=findings), planned=planned,
        lessons=None if lessons is None else lesson_table(lessons, sessions, copied),
    )  # fmt: skip
    return pack_of(school, PERIOD, Cohort(name="all", title="Whole school"))
