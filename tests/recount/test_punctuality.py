"""The demo school's punctuality paper, counted again from its export files by code that shares nothing with the library."""

import csv
import json
import re
from collections import Counter
from datetime import date
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest

from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.punctuality import front_page, pupils, together
from tests.demo_exports import read_demo_school
from tests.recount.counting import Recount, count, is_on_roll, mark
from tests.recount.school_files import read_unchanged

PERIOD = (date(2026, 11, 9), date(2026, 11, 20))
BANDS = ((1, 5), (6, 15), (16, 30), (31, 999))


@pytest.fixture(scope="module")
def school_file(tmp_path_factory, worker_id):
    return read_demo_school(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def pack(school_file):
    return open_pack(str(school_file), *map(str, PERIOD), cohorts_file="params/cohorts.yml")


@pytest.fixture(scope="module")
def late(school_file):
    """Each late mark of the period of those whom DfE counts: pupil, form, day, half of the day, code and minutes."""
    with (school_file.parent / "exports" / "late_arrivals.csv").open(encoding="utf-8", newline="") as file:
        minutes = {
            (row["pupil_id"], row["date"], row["session"]): row["minutes_late"]
            for row in csv.DictReader(file)
        }
    school = read_unchanged(school_file)
    counted = Recount(school, *PERIOD)
    return [
        (
            pupil["pupil_id"],
            pupil["form"],
            day,
            half,
            code,
            minutes.get((pupil["pupil_id"], str(day), half), ""),
        )
        for pupil in counted.enrolments("dfe")
        for session in school.sessions
        if PERIOD[0] <= (day := session.day) <= PERIOD[1]
        and (code := mark(school, pupil, session)) in ("L", "U")
        for half in [session.key[1]]
    ]


def test_minutes_by_band(pack, late):
    frame = front_page.minutes_late(pack).frame
    for column, code in (("late_before_close_sessions", "L"), ("late_after_close_sessions", "U")):
        known = [int(float(row[5])) for row in late if row[4] == code and row[5]]
        without = sum(row[4] == code and not row[5] for row in late)
        assert frame[column].tolist() == [
            *(sum(low <= each <= high for each in known) for low, high in BANDS),
            without,
        ]
    assert len(late) > 300


def test_by_weekday_half_and_form(pack, late):
    frame = front_page.where_and_when(pack).frame.set_index("group")["late_before_close_sessions"]
    days = Counter(row[2].strftime("%A") for row in late if row[4] == "L")
    assert {day: frame[day] for day in days} == dict(days)
    assert frame["Morning"] == sum(row[3] == "AM" and row[4] == "L" for row in late)
    forms = front_page.forms(pack).frame.set_index("group")["late_after_close_sessions"]
    expected = Counter(row[1] for row in late if row[4] == "U")
    assert {form: count for form, count in forms.items() if count} == dict(expected)


def test_by_year_and_in_hours(pack, late, school_file):
    year_of = {pupil["pupil_id"]: pupil["year_group"] for pupil in read_unchanged(school_file).pupils}
    frame = front_page.where_and_when(pack).frame.set_index("group")
    for code, column in (("L", "late_before_close_sessions"), ("U", "late_after_close_sessions")):
        by_year = Counter(f"Year {year_of[row[0]]}" for row in late if row[4] == code)
        assert {name: count for name, count in frame[column].items() if name.startswith("Year")} == dict(
            by_year
        )
    figures = {each.name: each for each in front_page.key_figures(pack).figures}
    minutes = [int(float(row[5])) for row in late if row[4] == "L" and row[5]]
    assert figures["late_hours"].value == pytest.approx(sum(minutes) / 60)
    days = f"{sum(minutes) / 300:.1f} of the school's days of 300 taught minutes"
    assert figures["late_hours"].detail.startswith(
        f"{sum(minutes):,} minutes of {len(minutes)} arrivals, or {days}"
    )


def test_mornings_by_the_subject_that_came_first(pack, school_file):
    """Of those whom DfE counts, on mornings of the period to which they came and which began with a lesson of the subject."""
    school = read_unchanged(school_file)
    with (school_file.parent / "exports" / "lessons.csv").open(encoding="utf-8", newline="") as file:
        first = {
            (row["pupil_id"], row["date"]): row["subject"]
            for row in csv.DictReader(file)
            if row["period"] == "P1"
        }
    mornings, were_late, people = Counter(), Counter(), {}
    for session in school.sessions:
        if session.half == "AM" and PERIOD[0] <= session.day <= PERIOD[1]:
            for pupil in Recount(school, *PERIOD).enrolments("dfe"):
                code, subject = mark(school, pupil, session), first.get((pupil["pupil_id"], str(session.day)))
                if subject and code in ("/", "L", "U"):
                    mornings[subject] += 1
                    were_late[subject] += code in ("L", "U")
                    people.setdefault(subject, set()).add(pupil["pupil_id"])
    frame = front_page.first_lessons(pack).frame.set_index("subject")
    shown = {subject for subject in mornings if len(people[subject]) >= 10 and mornings[subject] >= 30}
    assert set(frame.index) == shown
    for subject in shown:
        counts = frame.loc[subject, ["pupils", "there_sessions", "late_sessions"]].tolist()
        assert counts == [len(people[subject]), mornings[subject], were_late[subject]]


def test_the_share_late_of_each_morning_of_the_year(pack, school_file):
    school = read_unchanged(school_file)
    pupils_counted = Recount(school, *PERIOD).enrolments("dfe")
    frame = front_page.by_weekday_and_week(pack).table.frame
    told = {
        (row.weekday, str(row.week_beginning)[:10]): row.late_rate for row in frame.itertuples(index=False)
    }
    for session in school.sessions:
        if (
            session.half == "AM"
            and session.school_year == "202627"
            and session.day in (date(2026, 9, 8), PERIOD[1])
        ):
            codes = [mark(school, pupil, session) for pupil in pupils_counted]
            came, were_late = (
                sum(code in ("/", "L", "U") for code in codes),
                sum(code in ("L", "U") for code in codes),
            )
            assert told[f"{session.day:%A}", str(session.week)] == pytest.approx(were_late / came)


def test_each_pupil(pack, late):
    found = pupils.late_pupils(pack).frame.set_index("pupil_id")
    expected = Counter(row[0] for row in late)
    assert found["late_sessions"].to_dict() == dict(expected)
    minutes = Counter()
    for row in late:
        minutes[row[0]] += int(float(row[5] or 0))
    assert found["late_minutes"].to_dict() == dict(minutes)


def test_the_pack_s_front_page_has_the_same_late_figure(pack):
    from attendance_lib.papers.fortnightly.front_page import key_figures

    late_rate = next(each for each in key_figures(pack).figures if each.name == "late_rate").value
    figures = {each.name: each.value for each in front_page.key_figures(pack).figures}
    assert late_rate == pytest.approx(figures["late_before_close"] + figures["late_after_close"], abs=1e-15)


DFE_YEARS = Path("attendance_lib/rules/england_year_to_date.csv")
DFE_COUNTS = Path("tests/rules/data/dfe_national_2025_26.csv")


def shares(school, sessions, of, code):
    """A code's share of the possible sessions of those whom DfE counts in a school year."""
    found = count(school, of, sessions)
    return found["code", code] / found["possible"]


@pytest.mark.parametrize(("code", "when"), [("L", "before"), ("U", "after")])
def test_lateness_beside_other_weeks_and_beside_england(pack, school_file, code, when):
    """England's is DfE's secondary series as it stood at the same point of the year before: the release nearest to it."""
    school = read_unchanged(school_file)
    now = Recount(school, *PERIOD)
    before = Recount(school, now.last_year[0].day, now.last_year[-1].day)
    expected = {
        "in the period before": shares(school, now.previous, now.enrolments("dfe"), code),
        "in the same weeks last year": shares(school, now.last_year, before.enrolments("dfe"), code),
        "year to date": shares(school, now.year_sessions, now.enrolments("dfe"), code),
    }
    with DFE_YEARS.open(encoding="utf-8", newline="") as file:
        released = [
            row
            for row in csv.DictReader(file)
            if row["phase"] == "secondary" and row["school_year"] == "202526"
        ]
    nearest = min(released, key=lambda row: abs(date.fromisoformat(row["last_date"]) - date(2025, 11, 20)))
    expected["England, daily, to 21 Nov 2025"] = float(nearest[f"late_{when}_close_rate"]) / 100
    figures = {each.name: each for each in front_page.key_figures(pack).figures}
    card = figures[f"late_{when}_close"]
    assert {each.label: each.value for each in card.comparisons} == pytest.approx(expected)
    assert card.value == pytest.approx(shares(school, now.current, now.enrolments("dfe"), code))


@pytest.mark.parametrize(("when", "row"), [("before", "reason_l_"), ("after", "reason_u_")])
def test_england_s_lateness_of_a_whole_year_is_dfe_s_own_count(school_file, when, row):
    with DFE_COUNTS.open(encoding="utf-8", newline="") as file:
        counts = {each["figure"]: each["Secondary"] for each in csv.DictReader(file)}
    (late,) = [int(counts[name]) for name in counts if name.startswith(row)]
    july = open_pack(str(school_file), "2026-07-06", "2026-07-10", cohorts_file="params/cohorts.yml")
    figures = {each.name: each for each in front_page.key_figures(july).figures}
    beside = {each.label: each.value for each in figures[f"late_{when}_close"].comparisons}
    england = beside["England, daily, to 10 Jul 2026"]
    # As published, to four decimals of a percentage.
    assert england == pytest.approx(late / int(counts["possible_sessions"]), abs=5.1e-7)


# Who is late more than chance explains


def at_least(count, of, share):
    """The chance of so many of so many independent tries or more, term by term in exact fractions."""
    return sum(comb(of, each) * share**each * (1 - share) ** (of - each) for each in range(count, of + 1))


def by_half(school, pupil, sessions, half, shared=()):
    """The sessions of one half of the day to which a pupil came (without those of a shared morning), each with whether late."""
    rows = [row for row in school.pupils if row["pupil_id"] == pupil]
    found = []
    for session in sessions:
        codes = {mark(school, row, session) for row in rows} & {"/", "\\", "L", "U"}
        if session.half == half and codes and (pupil, session.day) not in shared:
            found.append((session, bool(codes & {"L", "U"})))
    return found


def times(pairs):
    return sum(was for _, was in pairs), len(pairs)


def in_two_digits(chance):
    """One in how many, to two digits; a million for whatever is rarer."""
    if chance < Fraction(1, 1_000_000):
        return 1_000_000
    scale = 10 ** max(len(str(int(1 / chance))) - 2, 0)
    return round(1 / chance / scale) * scale


@pytest.fixture(scope="module")
def asked(school_file, truth):
    """Every question of every pupil on roll: how often late, of how often, and the school's own share (an exact fraction)."""
    school = read_unchanged(school_file)
    now = Recount(school, *PERIOD)
    on_roll = {pupil["pupil_id"]: pupil for pupil in now.enrolments("roll")}
    everybody = {pupil["pupil_id"] for pupil in school.pupils}
    late_bus = {date.fromisoformat(day) for day in truth["late_bus"]["dates"]}
    shared = {
        (pupil, session.day)
        for pupil, row in on_roll.items()
        if row["transport"] == truth["late_bus"]["transport"]
        for session in now.current
        if session.key[1] == "AM" and session.day in late_bus and mark(school, row, session) in ("L", "U")
    }
    year = {
        half: [by_half(school, pupil, now.year_sessions, half) for pupil in everybody]
        for half in ("AM", "PM")
    }
    rate = {half: Fraction(*times([each for pairs in year[half] for each in pairs])) for half in year}
    by_day = {
        day: Fraction(
            *times([each for pairs in year["AM"] for each in pairs if each[0].day.weekday() == day])
        )
        for day in range(5)
    }
    found = {}
    for pupil in on_roll:
        own = {half: by_half(school, pupil, now.current, half, shared) for half in ("AM", "PM")}
        mornings = by_half(school, pupil, now.year_sessions, "AM", shared)
        weeks = sorted({session.week for session in now.current})
        questions = [(*times(own[half]), rate[half]) for half in own]
        questions += [
            (*times([each for each in own["AM"] if each[0].week == week]), rate["AM"]) for week in weeks
        ]
        weight = [sum(each[0].day.weekday() == day for each in mornings) * by_day[day] for day in range(5)]
        late = [each for each in mornings if each[1]]
        questions += [
            (sum(each[0].day.weekday() == day for each in late), len(late), weight[day] / sum(weight))
            for day in range(5)
            if late
        ]
        found[pupil] = [each for each in questions if each[1]]
    return found


def test_who_is_named_is_late_too_often_for_chance_and_nobody_else_is(pack, asked):
    """One paper in ten may name one pupil by chance: each of the questions has its part of that tenth."""
    budget = Fraction(1, 10) / sum(map(len, asked.values()))
    expected = {
        pupil: sorted(
            (count, of, in_two_digits(at_least(count, of, share)))
            for count, of, share in questions
            if count >= 3 and at_least(count, of, share) < budget
        )
        for pupil, questions in asked.items()
    }
    frame = pupils.pupils_who_stand_out(pack).frame.set_index("pupil_id")["stands_out"]
    told = {
        pupil: sorted(
            tuple(
                int(each.replace(",", "")) for each in re.findall(r"^(\d+) of (\d+) .* ([\d,]+)\)$", words)[0]
            )
            for words in text.split("; ")
        )
        for pupil, text in frame.items()
    }
    assert told == {pupil: found for pupil, found in expected.items() if found}
    assert pupils.times_asked(pack) == sum(map(len, asked.values()))
    assert told


# What was planted: a bus that was late twice, and brothers and sisters who come late together


@pytest.fixture(scope="module")
def truth(school_file):
    return json.loads((school_file.parent / "exports" / "truth.json").read_text(encoding="utf-8"))


def came_and_late(school, pupil_ids, day):
    """Of some pupils, who came on a morning, and of those who came late."""
    (session,) = [each for each in school.sessions if each.key == (day, "AM")]
    codes = [mark(school, pupil, session) for pupil in school.pupils if pupil["pupil_id"] in pupil_ids]
    return sum(code in ("/", "L", "U") for code in codes), sum(code in ("L", "U") for code in codes)


def test_the_bus_that_was_late_twice_is_told_on_both_mornings_and_no_other_bus_form_or_morning(
    pack, school_file, truth
):
    school, planted = read_unchanged(school_file), truth["late_bus"]
    on_roll = {pupil["pupil_id"]: pupil for pupil in school.pupils if is_on_roll(pupil, PERIOD[1])}
    riders = {key for key, pupil in on_roll.items() if pupil["transport"] == planted["transport"]}
    expected = []
    for text in planted["dates"]:
        day = date.fromisoformat(text)
        came, were_late = came_and_late(school, riders, day)
        others, others_late = came_and_late(school, set(on_roll) - riders, day)
        expected.append(
            (day, planted["transport"], were_late, came, pytest.approx(came * others_late / others))
        )
    frame = together.buses_and_forms(pack).frame
    names = ["group", "late_pupils", "there_pupils", "expected_pupils"]
    found = [(day.date(), *rest) for day, *rest in frame[["date", *names]].itertuples(index=False, name=None)]
    assert sorted(found, key=lambda row: row[0]) == expected
    assert len(expected) == 2


def test_those_who_came_by_the_late_bus_are_not_named_for_it(pack, truth):
    days = {date.fromisoformat(text) for text in truth["late_bus"]["dates"]}
    shared = together.shared_causes(pack)
    assert set(shared["date"].dt.date) == days
    named = set(pupils.pupils_who_stand_out(pack).frame["pupil_id"].astype(str))
    late = late_days(pack)
    only_then = {pupil for pupil in shared["pupil_id"] if late[pupil] <= days}
    assert only_then
    assert not only_then & named


def late_days(pack):
    """The mornings of the period on which each pupil was late, as the paper's own table of marks has them."""
    from attendance_lib.analysis.lateness import late_marks

    found = late_marks(pack.roll.current, pack.school)
    found = found[found["session"] == "AM"]
    return {pupil: set(rows.dt.date) for pupil, rows in found.groupby(found["pupil_id"].astype(str))["date"]}


def test_the_family_late_together_is_named_and_no_other(pack, school_file, truth):
    school = read_unchanged(school_file)
    one, other = (
        next(pupil for pupil in school.pupils if pupil["pupil_id"] == each) for each in truth["late_family"]
    )
    year = [each for each in school.sessions if each.school_year == "202627" and each.half == "AM"]
    both = [
        marks
        for each in year
        if each.day <= PERIOD[1]
        for marks in [(mark(school, one, each), mark(school, other, each))]
        if set(marks) <= {"/", "L", "U"}
    ]
    late = [[code in ("L", "U") for code in marks] for marks in both]
    (row,) = together.families_late_together(pack).frame.to_dict("records")
    assert set(row["pupils"].split("; ")) == {
        f"{each['surname']}, {each['forename']}" for each in (one, other)
    }
    assert row["together_sessions"] == sum(map(all, late))
    assert row["late_sessions"] == sum(map(any, late))
    assert row["there_sessions"] == len(both)
