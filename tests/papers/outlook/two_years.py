"""A small school of two years whose absences follow a rule that is written down here."""

from datetime import date
from types import SimpleNamespace

import pandas as pd

from attendance_lib.intake.checked_school import no_doubt
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.school_file import Cohort, NoticeSettings
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.outlook import pupils
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term

TODAY, PERIOD = date(2026, 11, 20), (date(2026, 11, 9), date(2026, 11, 20))


def year_of(first):
    """The three terms of a school year of 39 weeks or so."""
    second, name = first + 1, f"{first}{(first + 1) % 100:02d}"
    parts = {
        "autumn": ((date(first, 9, 7), date(first, 10, 23)), (date(first, 11, 2), date(first, 12, 18))),
        "spring": ((date(second, 1, 4), date(second, 2, 12)), (date(second, 2, 22), date(second, 3, 26))),
        "summer": ((date(second, 4, 12), date(second, 5, 28)), (date(second, 6, 7), date(second, 7, 20))),
    }
    return [Term(name, term, tuple(HalfTerm(*each) for each in halves)) for term, halves in parts.items()]


CALENDAR = SchoolCalendar(
    tuple(year_of(2025) + year_of(2026)), closures=(Closure(date(2027, 3, 1), year_groups=(9,)),)
)
LEFT = "2026-06-12"
# Twelve pupils of each of five year groups, and last year's Year 11.
NUMBERS = range(72)
YEARS = {number: 7 + number // 12 for number in NUMBERS}
CERTAIN, NEW, SUPPORTED, NEVER = 20, 11, 33, 30


def is_away(number, day):
    """Whether a pupil misses a school day (counted from 0): spells of days, the more often the higher the number in its year."""
    if number in (CERTAIN, NEVER):
        return number == CERTAIN
    return (day // 3 * 37 + number * 29 + day * number) % 400 < number % 12 * 8


def pupils_table():
    size = len(NUMBERS)
    missing = pd.array([None] * size, dtype="boolean")
    admitted = ["2026-09-07" if YEARS[number] == 7 else "2020-09-07" for number in NUMBERS]
    admitted[NEW] = "2026-11-02"
    return pd.DataFrame(
        {
            "pupil_id": [f"{number:03d}" for number in NUMBERS],
            "surname": [f"S{number:02d}" for number in NUMBERS],
            "forename": "F",
            "year_group": [min(YEARS[number], 11) for number in NUMBERS],
            "form": [f"{min(YEARS[number], 11)}A" for number in NUMBERS],
            "date_of_birth": pd.to_datetime(
                [f"{2019 - YEARS[number] + 3}-01-15" for number in NUMBERS]
            ).astype("datetime64[s]"),
            "admission_date": pd.to_datetime(admitted).astype("datetime64[s]"),
            "leaving_date": pd.to_datetime([LEFT if YEARS[n] == 12 else None for n in NUMBERS]).astype(
                "datetime64[s]"
            ),
            "sex": ["F" if number % 2 else "M" for number in NUMBERS],
            "ethnicity": "WBRI",
            "sen_status": "N",
            "key_adult": "P. Wren",
            **dict.fromkeys(FLAGS, missing),
        }
    )


FLAGS = (
    "fsm", "pupil_premium", "eal", "looked_after", "child_in_need", "child_protection", "young_carer",
)  # fmt: skip


def marks_table(roll, until):
    days = [day for day in CALENDAR.school_days if day <= until]
    admitted = list(roll["admission_date"].dt.date)
    rows = [
        (pupil, day, session, "O" if is_away(number, place) else "/")
        for number, pupil in enumerate(roll["pupil_id"])
        for place, day in enumerate(days)
        if admitted[number] <= day
        and not (YEARS[number] == 12 and day > date.fromisoformat(LEFT))
        and not (YEARS[number] == 7 and day < date(2026, 8, 1))
        for session in ("AM", "PM")
    ]
    marks = pd.DataFrame(rows, columns=["pupil_id", "date", "session", "code"])
    return marks.assign(date=pd.to_datetime(marks["date"]).astype("datetime64[s]"))


ROLL = pupils_table()
MARKS = marks_table(ROLL, date(2026, 12, 18))


def opened(roll=ROLL, marks=MARKS, calendar=CALENDAR, interventions=None):
    settings = SimpleNamespace(
        school=SimpleNamespace(phase="secondary", name="Tiny", urn="990003"),
        rules=SimpleNamespace(notices=NoticeSettings(), short_enrolment_sessions=20),
        benchmarks=SimpleNamespace(targets=Targets()),
    )
    school = SimpleNamespace(
        settings=settings, calendar=calendar, pupils=roll, marks=marks, benchmarks=(), doubtful_marks=no_doubt(),
        interventions=interventions, actions=None, contacts=None, notices=None, lessons=None, planned_marks=pd.DataFrame(),
        log=SimpleNamespace(files=(), repairs=()),
    )  # fmt: skip
    return pack_of(school, PERIOD, Cohort(name="all", title="Whole school"))


def sessions_of(number, first, last):
    """A pupil's missed and possible sessions between two days, counted from the marks themselves."""
    own = MARKS[MARKS["pupil_id"] == f"{number:03d}"]
    own = own[(own["date"] >= pd.Timestamp(first)) & (own["date"] <= pd.Timestamp(last))]
    return int((own["code"] == "O").sum()), len(own)


def to_come(year_group, last):
    sessions = CALENDAR.sessions()
    ahead = sessions[(sessions["date"] > pd.Timestamp(TODAY)) & (sessions["date"] <= pd.Timestamp(last))]
    return sum(year_group not in closed for closed in ahead["closed_year_groups"])


def said(pack):
    """All that is told of each pupil, by identifier."""
    people = pupils.people_of(pack).set_index("pupil_id")
    ends = [name for name in people if name.endswith(("_chance", "_back", "_severe"))]
    return people[[*ends, "percent", "needed", "could_be_saved", "facts"]]
