"""The lessons paper on a small school of five periods, with what was planted and what must raise nothing."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.intake.checked_school import no_doubt
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.school_file import Cohort, NoticeSettings
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.lessons import pupils, subjects
from attendance_lib.papers.lessons.workings import lessons_of
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

CALENDAR = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 10, 16)),)),))
PERIOD = (date(2026, 9, 21), date(2026, 10, 2))
DAYS = [day.date() for day in pd.bdate_range("2026-09-21", "2026-10-02")]
PERIODS = ("P1", "P2", "P3", "P4", "P5")
SUBJECTS = ("English", "Science", "Art", "French", "Music")
PUPILS = [f"{number:02d}" for number in range(30)]
MORNING = ("P1", "P2", "P3")
# Of ten days: missing from P3 on six and from P5 on five, and there in every other lesson.
TRUANT = {("07", day, "P3"): "N" for day in DAYS[:6]} | {("07", day, "P5"): "N" for day in DAYS[5:]}
ONCE = {("11", DAYS[3], "P2"): "N", ("12", DAYS[9], "P1"): "N"}
NOT_TAKEN = {(pupil, DAYS[8], "P2"): None for pupil in PUPILS}


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


def opened(lessons=None, sessions=None, copied=(), planned=None, said=(MORNING, ("P4", "P5"))):
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
        log=SimpleNamespace(files=(), repairs=()), planned=planned,
        lessons=None if lessons is None else lesson_table(lessons, sessions, copied),
    )  # fmt: skip
    return pack_of(school, PERIOD, Cohort(name="all", title="Whole school"))


@pytest.fixture(scope="module")
def pack():
    return opened(TRUANT | ONCE | NOT_TAKEN)


def test_the_truant_of_periods_three_and_five_is_named_and_those_who_missed_once_are_not(pack):
    frame = pupils.truants(pack).frame
    assert frame[["pupil_id", "missed_lessons", "asked_lessons", "mostly"]].to_numpy().tolist() == [
        ["07", 11, 49, "P3 6 of 10, P5 5 of 10"]
    ]
    assert pupils.all_missed(pack).frame["pupil_id"].tolist() == ["11", "12"]


def test_the_page_opens_with_who_is_missing_today_and_where_last_seen(pack):
    # DAYS[9] is the last day: 07 missed P5 and was last seen in P4; 12 missed P1 and came back in P2.
    frame = pupils.missing_today(pack).frame.set_index("pupil_id")
    assert frame["missed"].to_dict() == {"07": "P5 French", "12": "P1 Music"}
    assert frame["last_seen"].to_dict() == {"07": "P4 Art", "12": "registered AM"}
    assert frame["back"].to_dict() == {"07": "not seen again", "12": "P2 English"}
    assert frame["period_missed_sessions"].to_dict() == {"07": 11, "12": 1}


def test_a_register_that_was_not_taken_is_told_with_whose_it_is_and_tells_of_nobody(pack):
    frame = subjects.registers_not_taken(pack).frame.set_index("name")
    assert frame.loc["P2", ["due_registers", "missing_registers"]].tolist() == [10, 1]
    assert frame["missing_registers"].sum() == 3  # once by period, once by weekday, once by subject
    (table,) = subjects.whose_registers(pack).tables
    assert table.frame[["teacher", "period", "class", "pupils"]].to_numpy().tolist() == [
        ["TF", "P2", "9/Fr", 30]
    ] or (table.frame["period"].tolist() == ["P2"] and table.frame["pupils"].tolist() == [30])
    # 30 pupils of 50 lessons each, less the 30 of the register that was not taken.
    assert len(lessons_of(pack).asked) == 30 * 50 - 30


def test_a_school_where_everybody_is_in_every_lesson_raises_nothing():
    clean = opened({})
    assert pupils.truants(clean).frame.empty
    assert pupils.missing_today(clean).frame.empty
    assert set(subjects.subjects_and_periods(clean).frame["verdict"]) == {"chance"}


def test_absence_of_the_whole_half_day_is_no_missed_lesson():
    away = opened({}, {("03", day, half): "I" for day in DAYS[:4] for half in ("AM", "PM")})
    assert lessons_of(away).missed.empty
    assert (
        subjects.how_independent(away).items[-1]
        == "On 4 pupil days one code of absence fills every lesson: one fact, not several."
    )


def test_who_came_after_the_register_closed_is_not_missing_from_the_first_lesson():
    late = opened({("04", DAYS[0], "P1"): "N", ("04", DAYS[0], "P2"): "N"}, {("04", DAYS[0], "AM"): "U"})
    assert lessons_of(late).missed["period"].tolist() == ["P2"]


@pytest.mark.parametrize(("session", "missed"), [("AM", 0), ("PM", 1), (None, 0)])
def test_a_lesson_in_an_absence_planned_for_its_half_of_the_day_is_not_missed(session, missed):
    planned = pd.DataFrame(
        {"pupil_id": ["05"], "date_from": pd.to_datetime(["2026-09-22"]), "date_to": pd.to_datetime([None]), "session": [session],
         "code": ["M"]}
    )  # fmt: skip
    assert len(lessons_of(opened({("05", DAYS[1], "P2"): "N"}, planned=planned)).missed) == missed


def test_a_period_whose_register_is_the_sessions_own_contradicts_nothing():
    late = {(pupil, DAYS[int(pupil) % 10], "PM"): "L" for pupil in PUPILS}
    copied = opened({("06", DAYS[2], "P4"): "N"}, late, copied=("P4",))
    said = subjects.how_independent(copied).items[0]
    # 30 late afternoons that agree, and one lesson that was put right since.
    assert said.startswith("P4 is the afternoon's own register: 30 of 31 late or unexplained marks agree.")
    assert lessons_of(copied).missed.empty


def test_in_which_half_a_period_lies_is_told_by_days_on_which_the_halves_differ_or_not_at_all():
    away = {(pupil, day, "PM"): "I" for pupil in PUPILS[:3] for day in DAYS}
    found = lessons_of(opened({}, away, said=((), ())))
    assert found.periods.set_index("period")["half"].to_dict() == dict.fromkeys(MORNING, "AM") | {
        "P4": "PM",
        "P5": "PM",
    }
    unclear = opened({("07", DAYS[0], "P2"): "N"}, said=((), ()))
    assert lessons_of(unclear).missed.empty
    assert "cannot be told, so that nothing is asked of it" in subjects.how_independent(unclear).items[1]


def test_a_subject_that_the_same_pupils_miss_more_is_found_and_drawn_towards_nothing():
    # Every second pupil misses every French lesson, and no other: 15 pupils of 10 lessons.
    french = {
        (pupil, day, PERIODS[number]): "N"
        for pupil in PUPILS[::2]
        for place, day in enumerate(DAYS)
        for number in range(5)
        if SUBJECTS[(number + place) % 5] == "French"
    }
    frame = subjects.subjects_and_periods(opened(french)).frame
    french_row = frame[frame["name"] == "French"].iloc[0]
    assert french_row["verdict"] == "missed more"
    assert (french_row["pupils"], french_row["lessons"], french_row["missed_lessons"]) == (30, 300, 150)
    # Half of the pupils at 1 above their other lessons, half at 0: one half before it is drawn in.
    assert 0.3 < french_row["difference_rate"] < 0.5
    assert set(frame.loc[frame["what"] == "Period", "verdict"]) == {"chance"}


def test_the_contrast_is_the_mean_within_pupils_and_days_counted_one_by_one():
    rng = np.random.default_rng(3)
    missed = {
        (pupil, day, period): "N"
        for pupil in PUPILS
        for day in DAYS
        for period in PERIODS
        if rng.random() < 0.2
    }
    found = lessons_of(opened(missed))
    table = subjects.contrasts(found.asked, "subject").set_index("name")
    raw = {}
    for subject in SUBJECTS:
        gaps = []
        for pupil in PUPILS:
            for place, day in enumerate(DAYS):
                names = [SUBJECTS[(number + place) % 5] for number in range(5)]
                out = [(pupil, day, period) in missed for period in PERIODS]
                others = [was for name, was in zip(names, out, strict=True) if name != subject]
                gaps += [
                    was - sum(others) / len(others)
                    for name, was in zip(names, out, strict=True)
                    if name == subject
                ]
        raw[subject] = sum(gaps) / len(gaps)
    # What is shown is drawn towards nothing, never past it and never further out.
    for subject, gap in raw.items():
        shown = table.loc[subject, "difference_rate"]
        assert abs(shown) <= abs(gap) + 1e-12
        assert shown * gap >= 0


def test_without_lessons_the_paper_says_how_to_add_them():
    none = opened(None)
    for table in (pupils.missing_today(none), pupils.truants(none), subjects.subjects_and_periods(none)):
        assert table.frame.empty
        assert "exports, lessons" in table.empty_text
    assert "exports, lessons" in subjects.what_was_found(none).items[0]
