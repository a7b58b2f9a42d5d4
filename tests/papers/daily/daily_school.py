"""A school of a few forms on one morning, with what is planted in its register, and its lists read back."""

from datetime import date, time
from types import SimpleNamespace

import pandas as pd

from attendance_lib.intake.checked_school import School
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.school_file import Cohort, NationalFramework, NoticeSettings
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.daily import moment
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

HALVES = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
CALENDAR = SchoolCalendar((Term("202627", "autumn", HALVES),))
# A Wednesday: before it, in school days, are 3 and 2 November and then, over a week of holiday, 23 to 19 October.
TODAY = date(2026, 11, 4)
DAYS = [day for day in CALENDAR.school_days if day <= TODAY]
PUPILS = [f"{number:02d}" for number in range(1, 29)]
FORMS = {pupil: "7A" if pupil <= "08" else "7B" if pupil <= "16" else "8A" for pupil in PUPILS}
RULES = NoticeSettings(national_framework=NationalFramework(**{"from": date(2024, 8, 19)}))


def last(count, *, without=0):
    """The last so many school days up to today, without the last few of them."""
    return DAYS[len(DAYS) - count : len(DAYS) - without]


def whole(pupil, days, code):
    return {(pupil, day, half): code for day in days for half in ("AM", "PM")}


def planted():
    """Codes of pupil, day and half; "" is no mark. Everything else is present, this afternoon too."""
    marks = {(pupil, TODAY, "AM"): "" for pupil in PUPILS[8:15]}  # 7B: nobody took the register;
    marks[("16", TODAY, "AM")] = "C"  # one code of it was entered ahead
    marks |= whole("01", last(5, without=3), "I") | whole("01", last(3), "N")
    marks |= {("02", TODAY, "AM"): "N", ("03", TODAY, "AM"): "", ("04", TODAY, "AM"): "N"}
    marks |= {("05", last(6)[0], "AM"): "N", ("06", last(7)[0], "AM"): "N", ("07", last(2)[0], "PM"): "N"}
    marks |= {("08", TODAY, "AM"): "U", ("17", TODAY, "PM"): "N"}
    marks |= whole("18", last(6, without=1), "I")
    marks |= whole("19", last(5), "E") | whole("20", last(6), "E")
    marks |= whole("21", [TODAY], "C") | whole("22", last(3, without=1), "C")
    marks |= whole("24", last(10), "O")
    marks |= whole("25", DAYS[5:8], "O") | {("25", DAYS[8], "AM"): "O", ("25", TODAY, "AM"): "O"}
    marks |= whole("26", DAYS[2:16], "I") | {("26", DAYS[16], "AM"): "I", ("26", TODAY, "AM"): "I"}
    return marks


def marks_table(codes, upto="PM"):
    sessions = CALENDAR.sessions()[["date", "session"]].query("date <= @TODAY")
    marks = sessions.merge(pd.DataFrame({"pupil_id": PUPILS}), how="cross")
    keys = zip(marks["pupil_id"], marks["date"].dt.date, marks["session"], strict=True)
    marks = marks.assign(code=[codes.get(key, "/") for key in keys])
    is_late = (marks["code"] == "U") & (marks["pupil_id"] == "08")
    marks = marks.assign(minutes_late=pd.array([42 if each else None for each in is_late], dtype="Int64"))
    kept = marks["code"] != ""
    if upto == "AM":
        kept &= (marks["date"].dt.date < TODAY) | (marks["session"] == "AM")
    return marks[kept].reset_index(drop=True)


def roll(**flags):
    unknown = pd.array([None] * len(PUPILS), dtype="boolean")
    held = {"looked_after": ["01"], "travels_alone": ["02"]} | flags
    return pd.DataFrame(
        {
            "pupil_id": PUPILS,
            "surname": [f"S{pupil}" for pupil in PUPILS],
            "forename": "F",
            "year_group": [7 if pupil <= "16" else 8 for pupil in PUPILS],
            "form": [FORMS[pupil] for pupil in PUPILS],
            "date_of_birth": pd.Timestamp("2014-01-15"),
            "admission_date": pd.Timestamp("2025-09-03"),
            "leaving_date": pd.Series([pd.NaT] * len(PUPILS), dtype="datetime64[s]"),
            "key_adult": ["P. Wren" if pupil == "07" else None for pupil in PUPILS],
            "medical_risk": unknown,
        }
        | {
            name: pd.array([pupil in who for pupil in PUPILS], dtype="boolean")
            for name, who in held.items()
            if who is not None
        }
    )


def table(*rows, columns):
    dated = [
        name
        for name in columns
        if name.endswith(("_date", "_on", "_back", "_from", "_to")) or name in ("date", "time")
    ]
    found = pd.DataFrame(list(rows), columns=list(columns))
    return found.assign(**{name: pd.to_datetime(found[name]).astype("datetime64[s]") for name in dated})


PLANNED = table(
    ("21", TODAY, TODAY, None, "C", "2026-11-05", None),
    ("22", "2026-11-02", "2026-11-03", None, "C", TODAY, None),
    ("23", TODAY, TODAY, "AM", "M", None, None),
    ("27", TODAY, TODAY, "PM", "M", None, None),
    columns=("pupil_id", "date_from", "date_to", "session", "code", "expected_back", "note"),
)
SIGN_INS = table(
    ("04", "2026-11-04 09:20", "in"), ("28", "2026-11-04 09:30", "out"), ("02", "2026-11-04 14:00", "in"),
    columns=("pupil_id", "time", "direction"),
)  # fmt: skip


def settings(phase="secondary"):
    times = SimpleNamespace(
        AM=SimpleNamespace(opens=time(8, 40), closes=time(9, 10)),
        PM=SimpleNamespace(opens=time(13, 10), closes=time(13, 40)),
    )
    return SimpleNamespace(
        school=SimpleNamespace(phase=phase, name="Tiny", urn="990003", registers=times, taught_minutes_a_day=300),
        rules=SimpleNamespace(notices=RULES, short_enrolment_sessions=20), benchmarks=SimpleNamespace(targets=Targets()),
        staff=(SimpleNamespace(name="T. Head", role="Head of Year 7", year_groups=(7,), forms=()),),
    )  # fmt: skip


def school_of(codes=None, upto="PM", phase="secondary", pupils=None, **more):
    nothing = dict.fromkeys(("lessons", "interventions", "actions", "contacts", "notices"))
    known = nothing | {"planned": PLANNED, "sign_ins": SIGN_INS} | more
    return School(
        settings=settings(phase), calendar=CALENDAR, pupils=roll() if pupils is None else pupils,
        marks=marks_table(planted() if codes is None else codes, upto),
        **{"log": SimpleNamespace(files=(), repairs=(), findings=())} | known,
    )  # fmt: skip


def opened(session="AM", casebook=None, **school):
    whole_school = Cohort(name="all", title="Whole school")
    return moment.at_session(pack_of(school_of(**school), (TODAY, TODAY), whole_school, casebook), session)


def on_list(pack, find):
    found = find(pack)
    return dict(zip(found["pupil_id"], found["detail"], strict=True))
