"""The demo school's daily paper, counted again from its export files by code that shares nothing with the library."""

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest

from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.daily import calls, lists, moment, registers
from tests.demo_exports import copy_demo_school, demo_exports
from tests.recount.counting import MISSING, is_on_roll, mark
from tests.recount.school_files import read_school

TODAY = date(2026, 11, 20)
AM, PM = "AM", "PM"
PRESENT = ("/", "\\", "L")
ATTENDED = (*PRESENT, "K", "V", "P", "W", "B")
ABSENT = ("C1", "M", "J1", "S", "C2", "C", "T", "R", "I", "E", "G", "N", "O", "U")


@pytest.fixture(scope="module")
def school_file(tmp_path_factory, worker_id):
    return copy_demo_school(demo_exports(tmp_path_factory, worker_id), tmp_path_factory.mktemp("daily"))


@pytest.fixture(scope="module")
def whole(school_file):
    return open_pack(str(school_file), str(TODAY), str(TODAY), cohorts_file="params/cohorts.yml")


@pytest.fixture(scope="module")
def morning(whole):
    return moment.at_session(whole, AM)


@pytest.fixture(scope="module")
def exported(school_file):
    """The school, its pupils on roll today by identifier, and its open sessions of this school year in order."""
    school = read_school(school_file)
    on_roll = {pupil["pupil_id"]: pupil for pupil in school.pupils if is_on_roll(pupil, TODAY)}
    year = [each for each in school.sessions if each.school_year == "202627" and each.day <= TODAY]
    return school, on_roll, year


@pytest.fixture(scope="module")
def codes(exported):
    """Each mark of this school year of those on roll: by pupil, by day and half ("" where there is none)."""
    school, on_roll, year = exported
    return {
        pupil_id: {
            each.key: "" if (code := mark(school, pupil, each)) == MISSING else code
            for each in year
            if is_on_roll(pupil, each.day) and pupil["year_group"] not in each.closed_for
        }
        for pupil_id, pupil in on_roll.items()
    }


def rows(school_file, name):
    with (school_file.parent / "exports" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def at_the_desk(school_file, before):
    """Who is in by the desk, and who has left, by the last signature of the day before a time."""
    last = {}
    for row in sorted(rows(school_file, "sign_ins.csv"), key=lambda each: each["time"]):
        when = datetime.fromisoformat(row["time"])
        if when.date() == TODAY and f"{when:%H:%M}" < before:
            last[row["pupil_id"]] = row["direction"]
    return last


def on_list(pack, find):
    return sorted(find(pack)["pupil_id"])


def test_attendance_as_far_as_it_is_known(morning, codes):
    counts = Counter(marks[TODAY, AM] for marks in codes.values())
    attended, absent = (sum(counts[code] for code in group) for group in (ATTENDED, ABSENT))
    bounds = registers.bounds_of(morning)
    assert (bounds.attended, bounds.possible, bounds.missing) == (attended, attended + absent, counts[""])
    assert bounds.missing > 0


@pytest.mark.parametrize(("session", "before"), [(AM, "13:10"), (PM, "24:00")])
def test_whom_to_call(whole, school_file, codes, session, before):
    found = calls.calls_of(moment.at_session(whole, session))
    desk = at_the_desk(school_file, before)
    # No form's register is missing on this day: whoever has no mark has none in a register that was taken.
    expected = {
        pupil
        for pupil, marks in codes.items()
        if marks[TODAY, session] in ("N", "") and desk.get(pupil) != "in"
    }
    assert set(found["pupil_id"]) == expected
    if session == PM:
        desk = at_the_desk(school_file, "13:10")
        earlier = {
            pupil
            for pupil, marks in codes.items()
            if marks[TODAY, AM] in ("N", "") and desk.get(pupil) != "in"
        }
        assert set(found.loc[found["is_new"], "pupil_id"]) == expected - earlier


def days_away(marks):
    """How many whole school days in a row a pupil was away up to the day before, by walking back."""
    by_day = defaultdict(list)
    for (day, _), code in marks.items():
        by_day[day].append(code)
    count = 0
    for day in sorted((each for each in by_day if each < TODAY), reverse=True):
        known = [code for code in by_day[day] if code]
        asked = [code for code in known if code not in ("#", "Z", "Y3", "Y4")]
        if not asked:
            continue
        if not all(code in ABSENT and code != "U" for code in asked):
            break
        count += 1
    return count


def test_the_day_of_each_spell_and_who_is_in_after_five_days(morning, codes):
    found = calls.calls_of(morning).set_index("pupil_id")["day"]
    assert found.to_dict() == {pupil: days_away(codes[pupil]) + 1 for pupil in found.index}
    back = {
        pupil
        for pupil, marks in codes.items()
        if marks[TODAY, AM] in (*PRESENT, "U") and days_away(marks) >= 5
    }
    assert on_list(morning, lists.returners) == sorted(back)
    assert back


def test_the_order_of_calls(morning, exported):
    _, on_roll, _ = exported
    found = calls.calls_of(morning).set_index("pupil_id")["order"]
    first = ("child_protection", "looked_after", "child_in_need", "youth_justice")
    flags = {1: first, 2: ("missing_history",), 3: ("medical_risk",), 4: ("travels_alone",)}
    for pupil, order in found.items():
        own = [
            place
            for place, names in flags.items()
            if any(str(on_roll[pupil][name]) in ("1", "True") for name in names)
        ]
        assert order == min(own) if own else order > max(flags)


def test_what_is_open_from_yesterday(morning, codes):
    yesterday = TODAY - timedelta(1)
    expected = {
        pupil
        for pupil, marks in codes.items()
        if "N" in (marks.get((yesterday, AM)), marks.get((yesterday, PM)))
        and marks[TODAY, AM] not in ("N", "")
    }
    assert set(calls.still_open(morning)["pupil_id"]) == expected
    assert expected


def test_n_by_age_in_school_days(morning, exported, codes):
    school, _, _ = exported
    days = [day for day in school.school_days if day <= TODAY]
    ages = Counter(
        len(days) - 1 - days.index(day)
        for marks in codes.values()
        for (day, half), code in marks.items()
        if code == "N" and (day, half) != (TODAY, PM)
    )
    found = lists.reasons_due(morning)
    on_roll = set(codes)
    ids = morning.enrolled.year_to_date.pupils["pupil_id"].astype(str).to_numpy()[found["row"]]
    found = found[[pupil in on_roll for pupil in ids]]
    assert Counter(found["age"]) == ages
    assert found["is_due"].sum() == ages[5]
    assert found["is_overdue"].sum() == sum(count for age, count in ages.items() if age > 5) > 0


def test_who_is_on_site_late_and_who_signed_in_with_n(morning, school_file, codes):
    minutes = {
        row["pupil_id"]: f"AM, {int(float(row['minutes_late']))} minutes"
        for row in rows(school_file, "late_arrivals.csv")
        if (row["date"], row["session"]) == (str(TODAY), AM) and row["minutes_late"]
    }
    late = lists.on_site_late(morning)
    assert dict(zip(late["pupil_id"], late["detail"], strict=True)) == {
        pupil: minutes.get(pupil, "AM, no minutes written down")
        for pupil, marks in codes.items()
        if marks[TODAY, AM] == "U"
    }
    desk = at_the_desk(school_file, "13:10")
    here = {
        pupil for pupil, marks in codes.items() if marks[TODAY, AM] in ("N", "") and desk.get(pupil) == "in"
    }
    assert on_list(morning, lists.signed_in_with_n) == sorted(here)
    assert here


def test_planned_out_expected_back_and_marked_otherwise(morning, school_file, codes):
    spells = [row for row in rows(school_file, "planned.csv") if row["pupil_id"] in codes]
    today = [row for row in spells if row["date_from"] <= str(TODAY) <= (row["date_to"] or row["date_from"])]
    assert on_list(morning, lists.planned_out) == sorted(row["pupil_id"] for row in today)
    out_now = {row["pupil_id"] for row in today if row["session"] in ("", AM)}
    back = {row["pupil_id"] for row in spells if row["expected_back"] == str(TODAY)} - out_now
    assert on_list(morning, lists.expected_back) == sorted(back)
    assert back
    otherwise = {
        row["pupil_id"]
        for row in today
        if row["session"] in ("", AM)
        and (code := codes[row["pupil_id"]][TODAY, AM])
        and code != row["code"]
        and not (row["code"] == "I" and code in (*PRESENT, "U"))
    }
    assert on_list(morning, lists.contradictions) == sorted(otherwise)


def counted(marks, until):
    """Sessions missed and possible up to a day and half (inclusive)."""
    known = [code for key, code in marks.items() if key <= until]
    return sum(code in ABSENT for code in known), sum(code in (*ABSENT, *ATTENDED) for code in known)


def test_who_crosses_ten_and_fifty_per_cent_with_the_morning_s_mark(morning, codes):
    found = lists.crossing_today(morning)
    for words, share in (("persistent absence", 10), ("severe absence", 2)):
        expected = set()
        for pupil, marks in codes.items():
            missed, possible = counted(marks, (TODAY, AM))
            before, of = counted(marks, (TODAY - timedelta(1), PM))
            now_met, then_met = missed * share >= possible > 0, before * share >= of > 0
            is_severe = missed * 2 >= possible > 0
            if now_met and not then_met and of and not (share == 10 and is_severe):
                expected.add(pupil)
        assert set(found.loc[found["detail"] == words, "pupil_id"]) == expected, words


def test_the_headcount(morning, exported, codes):
    school, on_roll, year = exported
    (table,) = registers.headcount(morning).tables
    frame = table.frame.set_index("year_group")
    here = Counter(
        on_roll[pupil]["year_group"] for pupil, marks in codes.items() if marks[TODAY, AM] in (*PRESENT, "U")
    )
    assert {name: frame.loc[name, "here"] for name in frame.index if name != "All"} == {
        f"Year {group}": count for group, count in sorted(here.items())
    }
    fridays = [each for each in year if each.half == AM and each.day.weekday() == 4 and each.day < TODAY][-6:]
    totals = sorted(
        sum(
            mark(school, pupil, each) in (*PRESENT, "U")
            for pupil in school.pupils
            if is_on_roll(pupil, each.day) and pupil["year_group"] not in each.closed_for
        )
        for each in fridays
    )
    assert frame.loc["All", "usual"] == (totals[2] + totals[3]) / 2
