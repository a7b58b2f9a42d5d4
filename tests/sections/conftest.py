"""Small packs: four pupils who attend every session of a term but for what a test says."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.intake.settings import Cohort, LocalNotice, NationalFramework, NoticeSettings
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.sections.pack import pack_of

AUTUMN = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
CALENDAR = SchoolCalendar((Term("202627", "autumn", AUTUMN),))
PERIOD = (date(2026, 11, 9), date(2026, 11, 20))
NATIONAL = NationalFramework(**{"from": date(2024, 8, 19)})
LOCAL = LocalNotice(**{"name": "10 sessions in a term", "sessions": 10, "terms": 1, "from": date(2025, 9, 1)})
RULES = NoticeSettings(national_framework=NATIONAL, local=(LOCAL,))
NAMES = {
    "0001": ("Abara", "Ada"),
    "0002": ("Byrne", "Bo"),
    "0003": ("Cole", "Cy"),
    "0004": ("<script>", "=1+1"),
}


def pupils_table():
    pupils = pd.DataFrame({"pupil_id": list(NAMES)})
    return pupils.assign(
        surname=[surname for surname, _ in NAMES.values()],
        forename=[forename for _, forename in NAMES.values()],
        year_group=[9, 9, 10, 10],
        form=["9A", "9B", "10A", "10B"],
        date_of_birth=pd.to_datetime(["2013-01-15"] * 2 + ["2012-01-15"] * 2).astype("datetime64[s]"),
        admission_date=pd.Timestamp("2025-09-03"),
        leaving_date=pd.Series([pd.NaT] * 4, dtype="datetime64[s]"),
        key_adult=["P. Wren"] * 4,
    )


def marks_table(absences):
    """Present at every session, but for the codes of ``absences`` (pupil to code to whole days)."""
    sessions = CALENDAR.sessions()[["date", "session"]].query("date <= '2026-11-20'")
    marks = sessions.merge(pd.DataFrame({"pupil_id": list(NAMES)}), how="cross").assign(code="/")
    for pupil, codes in absences.items():
        for code, days in codes.items():
            held = (marks["pupil_id"] == pupil) & marks["date"].isin(pd.to_datetime(days))
            marks = marks.assign(code=marks["code"].mask(held, code))
    return marks


@pytest.fixture(scope="session")
def make_pack():
    """A pack of four pupils: their absences, the logs and staff's entries as given, nothing else."""

    def make(absences=None, staff_entries=None, where=None, rules=RULES, **logs):
        known = {
            "interventions": None,
            "actions": None,
            "contacts": None,
            "notices": None,
            "lessons": None,
        } | logs
        settings = SimpleNamespace(
            school=SimpleNamespace(phase="secondary"), rules=SimpleNamespace(notices=rules)
        )
        school = SimpleNamespace(
            settings=settings,
            calendar=CALENDAR,
            pupils=pupils_table(),
            marks=marks_table(absences or {}),
            log=None,
            **known,
        )
        cohort = Cohort(name="chosen", title="Chosen", where=where or {})
        return pack_of(school, PERIOD, cohort, pd.DataFrame() if staff_entries is None else staff_entries)

    return make


@pytest.fixture(scope="session")
def make_log():
    """A log from rows of a few cells: columns ending in ``_date`` or ``_on`` become dates."""

    def make(*rows, columns):
        log = pd.DataFrame(list(rows)).reindex(columns=list(columns))
        dated = [name for name in columns if name.endswith(("_date", "_on")) or name == "date"]
        return log.assign(**{name: pd.to_datetime(log[name]).astype("datetime64[s]") for name in dated})

    return make
