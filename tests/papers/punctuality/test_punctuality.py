"""The punctuality paper on a small school whose late arrivals are written down here, and counted by hand."""

from datetime import date
from fractions import Fraction
from math import comb
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.intake.checked_school import no_doubt
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.school_file import Cohort, NoticeSettings
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.punctuality import front_page, pupils, together
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


@pytest.fixture(scope="module")
def late():
    return HERE_AND_THERE | HABIT | BUS | TOGETHER | APART | UNKNOWN


@pytest.fixture(scope="module")
def pack(late):
    return opened(late)


def tail(count, of, share):
    """The chance of so many or more, as an exact fraction."""
    return sum(comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(count, of + 1))


def test_the_pupil_with_a_habit_is_named_and_those_on_the_bus_are_not(pack):
    named = pupils.pupils_who_stand_out(pack).frame
    assert named["pupil_id"].tolist() == ["00"]
    assert named["stands_out"].iloc[0].startswith("5 of 10 mornings in the period (")
    assert named[["late_before_close_sessions", "late_minutes", "year_late_sessions"]].iloc[0].tolist() == [
        5,
        50,
        6,
    ]


def test_who_is_named_is_decided_as_exact_fractions_decide(pack, late):
    # Mornings of everybody: 20 days of 40 pupils, all of whom came; those of the bus count, but name nobody.
    mornings = [key for key in late if key[2] == "AM"]
    share = Fraction(len(mornings), 800)
    tests = 40 * (
        1 + 1 + 2
    ) + sum(  # the two halves of the day and two weeks, then the weekdays of those who were late
        5 for pupil in PUPILS if any(key[0] == pupil and key not in BUS for key in mornings)
    )
    counts = {
        pupil: sum(key[0] == pupil and key[1] >= PERIOD[0] for key in mornings if key not in BUS)
        for pupil in PUPILS
    }
    exact = {
        pupil
        for pupil, count in counts.items()
        if count >= 3 and tail(count, 10, share) < Fraction(1, 10 * tests)
    }
    assert exact == {"00"}
    assert f"{tests} questions were asked" in pupils.rule_in_words(pack)


def test_without_the_bus_as_the_cause_its_riders_lateness_is_theirs(late):
    # Three mornings on which the rider alone is late: nobody shares them.
    alone = opened(late | {("20", day, "AM"): ("L", 9) for day in DAYS[13:18]})
    assert pupils.pupils_who_stand_out(alone).frame["pupil_id"].tolist() == ["20", "00"]


def test_a_late_bus_is_told_once_with_who_came_by_it(pack):
    found = together.buses_and_forms(pack).frame
    assert found[["shared", "group", "late_pupils", "there_pupils"]].to_numpy().tolist() == [
        ["Way to school", "Bus 7", 10, 12]
    ]
    assert found["date"].dt.date.tolist() == [DAYS[12]]


def test_where_everybody_is_late_no_bus_is_blamed():
    snow = {(pupil, DAYS[12], "AM"): ("L", 20) for pupil in PUPILS[::2]}
    assert together.buses_and_forms(opened(snow)).frame["shared"].tolist() == ["Form"]
    everyone = {(pupil, DAYS[12], "AM"): ("L", 20) for pupil in PUPILS}
    assert together.buses_and_forms(opened(everyone)).frame.empty


def test_brothers_and_sisters_late_together_are_told_and_those_late_apart_are_not(pack):
    found = together.families_late_together(pack).frame
    assert found["pupils"].tolist() == ["S34, F; S35, F"]
    assert found[["together_sessions", "late_sessions", "there_sessions"]].iloc[0].tolist() == [4, 4, 20]
    # Each late on 4 of 20 mornings: 20 * (4/20)^2 together if each were late by himself.
    assert found["expected_mornings"].iloc[0] == pytest.approx(0.8)


def test_minutes_are_those_written_down_and_none_is_assumed(pack):
    frame = front_page.minutes_late(pack).frame.set_index("band")
    # In the period: five of 10 minutes, ten of 20, one L and one U without, one U of 45.
    assert frame["late_before_close_sessions"].tolist() == [0, 5, 10, 0, 1]
    assert frame["late_after_close_sessions"].tolist() == [0, 0, 0, 1, 1]
    hours = next(each for each in front_page.key_figures(pack).figures if each.name == "late_hours")
    assert hours.value == pytest.approx(250 / 60)
    assert (
        hours.detail
        == "250 minutes of 15 arrivals, or 0.8 of the school's days of 300 taught minutes; 1 without minutes"
    )


def test_l_and_u_stand_apart_by_weekday_half_year_and_form(pack):
    frame = front_page.where_and_when(pack).frame.set_index("group")
    counts = frame[["possible_sessions", "late_before_close_sessions", "late_after_close_sessions"]]
    # DAYS[10] is Monday 21 September: the habit is on days 10, 12, 14, 16, 18; the bus on 12; an afternoon on 15; U on 16 and 17.
    assert counts.loc["Monday"].tolist() == [160, 2, 0]
    assert counts.loc["Wednesday"].tolist() == [160, 11, 1]
    assert counts.loc["Afternoon"].tolist() == [400, 1, 0]
    assert counts.loc["Year 9"].tolist() == [800, 16, 2]
    forms = front_page.forms(pack).frame.set_index("group")["late_before_close_sessions"]
    assert forms.to_dict() == {"9A": 11, "9B": 5}


def test_the_paper_says_what_it_could_not_look_at(pack):
    (said,) = front_page.left_out_words(pack).items
    assert "postcode areas (pupils, postcode_area)" in said
    assert "first lessons (exports, lessons)" in said
    assert "buses" not in said


def test_a_fortnight_without_a_late_mark_says_so():
    quiet = opened({})
    assert front_page.what_to_know(quiet).items == ("Nobody was late in the period.",)
    assert pupils.late_pupils(quiet).frame.empty
