"""A school whose raffle and prize pot can be counted by hand."""

from datetime import date
from types import SimpleNamespace

import pandas as pd

from attendance_lib.intake.ledger import no_doubt
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.incentives import IncentiveSettings
from attendance_lib.intake.settings.school_file import Cohort, NoticeSettings
from attendance_lib.pack.pack import pack_of
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.occasions import Occasions, Rhythm

CALENDAR = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 12, 18)),)),))
DAYS = [day.date() for day in pd.bdate_range("2026-09-07", "2026-11-27")]
# Twelve school weeks: six before the prize pot's second block, and that block; the raffle's week is the last of them.
WEEK, BLOCK = DAYS[55:60], DAYS[30:60]
PUPILS = [f"{number:02d}" for number in range(24)]
RULES = IncentiveSettings.model_validate(
    {
        "public_value": "the lottery",
        "raffle": [
            {"from": date(2026, 9, 1), "prizes": 2, "reserves": 2, "most_tickets": 10},
            {"from": date(2026, 12, 1), "prizes": 9, "reserves": 2, "most_tickets": 10},
        ],
        "prize_pot": [{"from": date(2026, 9, 1), "prizes": 2, "reserves": 1, "missed": 1, "out_of": 10}],
    }
)
OVERRIDES = pd.DataFrame(
    {
        "pupil_id": ["05", "06", "15"],
        "date_from": pd.to_datetime([WEEK[0], WEEK[0], BLOCK[0]]),
        "date_to": pd.to_datetime([None, WEEK[1], BLOCK[2]]),
        "excuse": ["young carer", "transport", "medical"],
    }
)


def held(pupil, days, am, pm=None):
    """The codes of some days of a pupil."""
    return {(pupil, day, half): code for day in days for half, code in (("AM", am), ("PM", pm or am))}


RAFFLE_MARKS = (
    held("01", WEEK[:1], "L", "\\")  # late once of ten
    | held("02", WEEK, "I") | held("02", DAYS[25:26], "L", "\\")  # ill all week; late once in the six weeks before
    | held("03", WEEK[:4], "G") | held("03", WEEK[4:], "L", "\\")  # away four days, late one of two sessions
    | held("05", WEEK, "L", "\\")  # excused all week
    | held("06", WEEK[:3], "L", "\\")  # excused on two of three
    | held("07", DAYS, "I")  # never there
    | held("08", WEEK[:2], "R")  # a religious festival
    | held("09", WEEK[:1], "U", "\\")  # after the register closed
)  # fmt: skip


def school_of(marked, joined=None, overrides=OVERRIDES, redraws=None, **columns):
    sessions = CALENDAR.sessions()[["date", "session"]].query("date <= '2026-11-27'")
    marks = sessions.merge(pd.DataFrame({"pupil_id": PUPILS}), how="cross")
    keys = zip(marks["pupil_id"], marks["date"].dt.date, marks["session"], strict=True)
    marks = marks.assign(code=[marked.get(key, "/" if key[2] == "AM" else "\\") for key in keys])
    first = {pupil: (joined or {}).get(pupil, date(2025, 9, 3)) for pupil in PUPILS}
    marks = marks[marks["date"].dt.date >= marks["pupil_id"].map(first)].reset_index(drop=True)
    roll = pd.DataFrame(
        {
            "pupil_id": PUPILS,
            "surname": [f"Sur{pupil}" for pupil in PUPILS],
            "forename": [f"Fore{pupil}" for pupil in PUPILS],
            "year_group": 9,
            "form": ["9A"] * 20 + ["9S"] * 4,
            "date_of_birth": pd.Timestamp("2013-01-15"),
            "admission_date": pd.to_datetime([first[pupil] for pupil in PUPILS]),
            "leaving_date": pd.Series([pd.NaT] * 24, dtype="datetime64[s]"),
            "sex": ["F", "M"] * 12,
            "sen_status": ["K"] * 6 + ["E"] * 3 + ["N"] * 15,
            "no_publicity": pd.array([False] * 24, dtype="boolean"),
        }
    ).assign(**columns)
    settings = SimpleNamespace(
        file="school.yml",
        school=SimpleNamespace(phase="secondary", name="Tiny School", urn="990003"),
        rules=SimpleNamespace(notices=NoticeSettings(), short_enrolment_sessions=20, suppression_level=5),
        benchmarks=SimpleNamespace(targets=Targets()),
        incentives=RULES,
        occasions=lambda: Occasions(CALENDAR, Rhythm()),
    )
    return SimpleNamespace(
        settings=settings, calendar=CALENDAR, pupils=roll, marks=marks, benchmarks=(), doubtful_marks=no_doubt(),
        interventions=None, actions=None, contacts=None, notices=None, lessons=None, planned_marks=pd.DataFrame(),
        log=SimpleNamespace(files=(), repairs=()), overrides=overrides, redraws=redraws, last_register_day=DAYS[-1],
    )  # fmt: skip


def opened(marked, days=WEEK, cohort="all", **more):
    return pack_of(school_of(marked, **more), (days[0], days[-1]), Cohort(name=cohort, title="Whole school"))


POT_MARKS = (
    held("10", BLOCK[:3], "G")  # 6 of 60: exactly one in ten
    | held("11", BLOCK[:3], "G") | held("11", BLOCK[3:4], "O", "\\")  # 7 of 60
    | held("12", BLOCK, "I")  # ill all the time
    | held("13", BLOCK[:4], "R") | held("13", BLOCK[4:5], "M")  # festival and hospital
    | held("14", BLOCK[:4], "G") | held("14", DAYS[:5], "G")  # 8 of 60, after 10 of 60
    | held("15", BLOCK[:4], "G")  # 8 of 60, of which 6 excused
    | held("16", BLOCK[:10], "C2")  # a part-time timetable
)  # fmt: skip
