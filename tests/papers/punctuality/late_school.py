"""A school in which one pupil has a habit, a bus is late and brothers and sisters come together."""

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
DAYS = [day.date() for day in pd.bdate_range("2026-09-07", "2026-10-02")]
PUPILS = [f"{number:02d}" for number in range(40)]
RIDERS = PUPILS[20:32]
# One pupil each on one morning, before the period: what happens to anybody.
HERE_AND_THERE = {(PUPILS[place], DAYS[place % 10], "AM"): ("L", 4) for place in range(20)}
HABIT = {("00", day, "AM"): ("L", 10) for day in DAYS[10:20:2]}
BUS = {(pupil, DAYS[12], "AM"): ("L", 20) for pupil in RIDERS[:10]}
TOGETHER = {(pupil, day, "AM"): ("L", 7) for pupil in ("34", "35") for day in DAYS[3:7]}
APART = {("36", day, "AM"): ("L", 7) for day in DAYS[0:3]} | {
    ("37", day, "AM"): ("L", 7) for day in DAYS[4:7]
}
UNKNOWN = {
    ("38", DAYS[15], "PM"): ("L", None),
    ("39", DAYS[16], "AM"): ("U", 45),
    ("39", DAYS[17], "AM"): ("U", None),
}


def school_of(late):
    sessions = CALENDAR.sessions()[["date", "session"]].query("date <= '2026-10-02'")
    marks = sessions.merge(pd.DataFrame({"pupil_id": PUPILS}), how="cross").assign(code="/")
    keys = zip(marks["pupil_id"], marks["date"].dt.date, marks["session"], strict=True)
    said = [late.get(key, ("/", None)) for key in keys]
    marks = marks.assign(
        code=[code for code, _ in said],
        minutes_late=pd.array([minutes for _, minutes in said], dtype="Int64"),
    )
    roll = pd.DataFrame(
        {
            "pupil_id": PUPILS,
            "surname": [f"S{pupil}" for pupil in PUPILS],
            "forename": "F",
            "year_group": 9,
            "form": [f"9{'AB'[int(pupil) % 2]}" for pupil in PUPILS],
            "date_of_birth": pd.Timestamp("2013-01-15"),
            "admission_date": pd.Timestamp("2025-09-03"),
            "leaving_date": pd.Series([pd.NaT] * len(PUPILS), dtype="datetime64[s]"),
            "transport": ["Bus 7" if pupil in RIDERS else "walks" for pupil in PUPILS],
            "family_id": [{"35": "34", "37": "36"}.get(pupil, pupil) for pupil in PUPILS],
        }
    )
    settings = SimpleNamespace(
        school=SimpleNamespace(phase="secondary", name="Tiny", urn="990003", taught_minutes_a_day=300),
        rules=SimpleNamespace(notices=NoticeSettings(), short_enrolment_sessions=20),
        benchmarks=SimpleNamespace(targets=Targets()),
    )
    return SimpleNamespace(
        settings=settings, calendar=CALENDAR, pupils=roll, marks=marks, benchmarks=(), doubtful_marks=no_doubt(),
        interventions=None, actions=None, contacts=None, notices=None, lessons=None, planned_marks=pd.DataFrame(),
        log=SimpleNamespace(files=(), repairs=()),
    )  # fmt: skip


def opened(late):
    return pack_of(school_of(late), PERIOD, Cohort(name="all", title="Whole school"))
