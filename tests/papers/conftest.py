"""Small packs: four pupils who attend every session of a term but for what a test says."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.impact.paper import impact_paper
from attendance_lib.intake.ledger import no_doubt
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.intake.settings.authority_file import NOT_NAMED
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.school_file import (
    Cohort,
    LocalNotice,
    NationalFramework,
    NoticeSettings,
    Registers,
    StaffMember,
)
from attendance_lib.pack.pack import pack_of
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.groups import YES_OR_NO
from tests.papers.checked_schools import check_in, write_school
from tests.papers.impact_papers import EVERYTHING, ROWS, WHOLE

AUTUMN = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
CALENDAR = SchoolCalendar((Term("202627", "autumn", AUTUMN),))
PERIOD = (date(2026, 11, 9), date(2026, 11, 20))
NATIONAL = NationalFramework(**{"from": date(2024, 8, 19)})
LOCAL = LocalNotice(**{"name": "10 sessions in a term", "sessions": 10, "terms": 1, "from": date(2025, 9, 1)})
MARKS_FILE = SimpleNamespace(
    path="exports/marks.csv",
    kind="marks",
    layout="tidy",
    rows=400,
    first_date=date(2026, 9, 7),
    last_date=PERIOD[1],
)
REGISTERS = Registers(AM={"opens": "08:40", "closes": "09:10"}, PM={"opens": "13:10", "closes": "13:40"})
RULES = NoticeSettings(national_framework=NATIONAL, local=(LOCAL,))
NOT_KNOWN = tuple(column for column in YES_OR_NO if column != "fsm")
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
        sex=["F", "M", "F", "M"],
        fsm=pd.array([True, False, False, None], dtype="boolean"),
        sen_status=["N", "K", "E", None],
        **{name: pd.array([None] * 4, dtype="boolean") for name in NOT_KNOWN},
    )


def with_own(pupils, people):
    """Give some pupils what they have of their own (pupil to columns and values)."""
    for pupil, own in people.items():
        for column, value in own.items():
            held = pupils["pupil_id"] == pupil
            known = pupils[column] if column in pupils else pd.Series([None] * len(pupils), dtype=object)
            pupils = pupils.assign(**{column: known.mask(held, value)})
    return pupils


def marks_table(absences, edits, calendar=CALENDAR):
    """Present at every session, but for the codes of ``absences`` (pupil to code to days, or "<day> AM"; "" is no mark).

    ``edits`` are (pupil, day, code before, day of the edit), for both halves of the day.
    """
    sessions = calendar.sessions()[["date", "session"]].query("date <= '2026-11-20'")
    marks = sessions.merge(pd.DataFrame({"pupil_id": list(NAMES)}), how="cross").assign(code="/")
    for pupil, codes in absences.items():
        for code, days in codes.items():
            day = marks["date"].dt.strftime("%Y-%m-%d")
            held = (marks["pupil_id"] == pupil) & (day.isin(days) | (day + " " + marks["session"]).isin(days))
            marks = marks.assign(code=marks["code"].mask(held, code))
    marks = marks[marks["code"] != ""].reset_index(drop=True)
    return marks.pipe(with_history, edits) if edits else marks


def with_history(marks, edits):
    """Add what the marks of some days were before."""
    changed = pd.DataFrame(edits, columns=["pupil_id", "date", "amended_from", "amended_on"])
    dated = {name: pd.to_datetime(changed[name]).astype("datetime64[s]") for name in ("date", "amended_on")}
    return marks.merge(changed.assign(**dated), how="left", on=["pupil_id", "date"])


@pytest.fixture(scope="session")
def make_pack():
    """A pack of four pupils: their absences, the logs and the casebook as given, nothing else."""

    def make(
        absences=None,
        casebook=None,
        where=None,
        rules=RULES,
        period=PERIOD,
        edits=(),
        *,
        short_enrolment_sessions=20,
        people=None,
        calendar=CALENDAR,
        authority=NOT_NAMED,
        staff=(),
        **logs,
    ):
        known = {
            "interventions": None,
            "actions": None,
            "contacts": None,
            "notices": None,
            "lessons": None,
            "plans": None,
            "part_time": None,
            "parents": None,
            "considered": None,
            "planned_marks": pd.DataFrame(),
            "log": SimpleNamespace(files=(MARKS_FILE,), repairs=()),
        } | logs
        settings = SimpleNamespace(
            school=SimpleNamespace(phase="secondary", name="Tiny School", urn="990003", registers=REGISTERS),
            rules=SimpleNamespace(notices=rules, short_enrolment_sessions=short_enrolment_sessions),
            benchmarks=SimpleNamespace(targets=Targets()),
            authority=authority,
            staff=tuple(StaffMember(**each) for each in staff),
        )
        school = SimpleNamespace(
            settings=settings,
            calendar=calendar,
            pupils=pupils_table().pipe(with_own, people or {}),
            marks=marks_table(absences or {}, edits, calendar),
            benchmarks=(),
            doubtful_marks=no_doubt(),
            **known,
        )
        cohort = Cohort(name="chosen" if where else "all", title="Chosen", where=where or {})
        return pack_of(school, period, cohort, casebook)

    return make


@pytest.fixture(scope="session")
def make_log():
    """A log from rows of a few cells: columns ending in ``_date`` or ``_on`` become dates."""

    def make(*rows, columns):
        log = pd.DataFrame(list(rows)).reindex(columns=list(columns))
        dated = [name for name in columns if name.endswith(("_date", "_on")) or name == "date"]
        return log.assign(**{name: pd.to_datetime(log[name]).astype("datetime64[s]") for name in dated})

    return make


@pytest.fixture(scope="session")
def worked_pack(make_pack):
    """A pack worked out by hand; 80 sessions of each pupil before the period and 20 in it.

    ==== ============================= ==================== ======= ======= ===========================
    id   before the period             in the period        before  now     stands
    ==== ============================= ==================== ======= ======= ===========================
    0001 14 to 16 Sep I                9 and 10 Nov I       6 / 80  10 /100 at risk, now exactly 10%
    0002 7 to 11 Sep O                                      10 / 80 10 /100 persistent, still exactly 10%
    0003 7 to 10 Sep I                                      8 / 80  8 /100  persistent, now at risk
    0004                               11 L, 12 N, 13 none  0 / 80  2 / 98  above 95%
    ==== ============================= ==================== ======= ======= ===========================
    """
    return make_pack(
        {
            "0001": {"I": ["2026-09-14", "2026-09-15", "2026-09-16", "2026-11-09", "2026-11-10"]},
            "0002": {"O": [f"2026-09-{day:02d}" for day in range(7, 12)]},
            "0003": {"I": [f"2026-09-{day:02d}" for day in range(7, 11)]},
            "0004": {"L": ["2026-11-11"], "N": ["2026-11-12"], "": ["2026-11-13"]},
        }
    )


# 0003 in Reception, four years old on 31 August 2026, and 0004 in Year 12, seventeen.
ALL_THROUGH = {
    "0003": {"year_group": 0, "form": "RA", "date_of_birth": pd.Timestamp("2022-01-15")},
    "0004": {"year_group": 12, "form": "12A", "date_of_birth": pd.Timestamp("2009-01-15")},
}


@pytest.fixture(scope="session")
def all_through():
    """Who is in Reception and in Year 12."""
    return ALL_THROUGH


@pytest.fixture(scope="session")
def all_through_pack(make_pack):
    """Two pupils of Year 9, one of Reception and one of Year 12, who misses four days of the fortnight (see ALL_THROUGH)."""
    missed = {"0004": {"I": ["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12"], "": ["2026-11-13"]}}
    return make_pack(missed, people=ALL_THROUGH)


@pytest.fixture(scope="session")
def year_12_pack(make_pack):
    """The cohort of Year 12 in the same school."""
    missed = {"0004": {"I": ["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12"], "": ["2026-11-13"]}}
    return make_pack(missed, people=ALL_THROUGH, where={"year_group": (12,)})


@pytest.fixture(scope="session")
def first_pack(make_pack):
    """The first fortnight of the school year: nothing before it and no last year. One pupil is ill for a day."""
    return make_pack({"0001": {"I": ["2026-09-14"]}}, period=(date(2026, 9, 7), date(2026, 9, 18)))


@pytest.fixture(scope="session")
def nobody_pack(make_pack):
    """A cohort without a pupil."""
    return make_pack(where={"year_group": (13,)})


@pytest.fixture
def open_paper(make_pack, make_log):
    """Opens the paper of the four pupils, with a log of ROWS unless told otherwise."""

    def opened(rows=ROWS, criteria=EVERYTHING, where=None):
        log = None if rows is None else make_log(*rows, columns=INTERVENTIONS.column_names)
        return impact_paper(make_pack(interventions=log, period=WHOLE, where=where), criteria)

    return opened


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project that holds the small school, and is the working directory."""
    monkeypatch.chdir(tmp_path)
    return write_school(tmp_path)


@pytest.fixture
def check(folder):
    """Check the small school after changes: file name to (old, new) or new text."""

    def run(changes=None, argv=()):
        return check_in(folder, changes, argv)

    return run


@pytest.fixture(scope="session")
def checked(tmp_path_factory):
    """The project and the page of the small school after changes, made once for all tests that only read them."""
    made = {}

    def found(changes):
        key = tuple(sorted((changes or {}).items()))
        if key not in made:
            project = write_school(tmp_path_factory.mktemp("checked"))
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(project)
                made[key] = project, check_in(project, changes)
        return made[key]

    return found


@pytest.fixture
def read(checked):
    """The page of the small school after changes, to be read only."""
    return lambda changes=None: checked(changes)[1]
