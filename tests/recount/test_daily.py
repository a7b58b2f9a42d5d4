"""The demo school's daily paper, counted again from its export files by code that shares nothing with the library."""

import csv
import json
from collections import Counter, defaultdict
from copy import copy
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.daily import calls, lists, moment, registers
from tests.demo_exports import read_demo_school
from tests.recount.counting import CLASSES, MISSING, Recount, is_on_roll, is_persistent, mark
from tests.recount.school_files import read_sheet, read_unchanged

TODAY = date(2026, 11, 20)
AM, PM = "AM", "PM"
PRESENT = ("/", "\\", "L")
ATTENDED = (*PRESENT, "K", "V", "P", "W", "B")
ABSENT = ("C1", "M", "J1", "S", "C2", "C", "T", "R", "I", "E", "G", "N", "O", "U")


@pytest.fixture(scope="module")
def school_file(tmp_path_factory, worker_id):
    return read_demo_school(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def whole(school_file):
    return open_pack(str(school_file), str(TODAY), str(TODAY), cohorts_file="params/cohorts.yml")


@pytest.fixture(scope="module")
def morning(whole):
    return moment.at_session(whole, AM)


@pytest.fixture(scope="module")
def exported(school_file):
    """The school, its pupils on roll today by identifier, and its open sessions of this school year in order."""
    school = read_unchanged(school_file)
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
        row["pupil_id"]: f"{int(float(row['minutes_late']))} minutes"
        for row in rows(school_file, "late_arrivals.csv")
        if (row["date"], row["session"]) == (str(TODAY), AM) and row["minutes_late"]
    }
    late = lists.on_site_late(morning)
    assert dict(zip(late["pupil_id"], late["detail"], strict=True)) == {
        pupil: minutes.get(pupil, "minutes not known")
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
    frame = table.frame.set_index("group")
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


# What crosses a line, what ends, and what was planted: on this day and on others


@pytest.fixture(scope="module")
def opened(school_file):
    """Open the school as it stood after a register of any day."""

    @cache
    def at(day, session=AM):
        pack = open_pack(str(school_file), str(day), str(day), cohorts_file="params/cohorts.yml")
        return moment.at_session(pack, session)

    return at


@pytest.fixture(scope="module")
def truth(school_file):
    return json.loads((school_file.parent / "exports" / "truth.json").read_text(encoding="utf-8"))


def known_at(school, key):
    """The school as far as it was known after the register of a day and half."""
    known = copy(school)
    known.sessions = [each for each in school.sessions if each.key <= key]
    return Recount(known, key[0], key[0])


def evening_before(school, day):
    return max(each.day for each in school.sessions if each.day < day), PM


WINDOWS = {
    "National framework": (10, 10, "week"),
    "10 sessions in a term": (10, 1, "term"),
    "14 sessions over two consecutive terms": (14, 2, "term"),
}


@pytest.mark.parametrize("day", [TODAY, date(2026, 11, 9)])
def test_who_comes_within_two_of_a_notice_window_or_reaches_it(opened, exported, day):
    school, _, _ = exported
    now, then = known_at(school, (day, AM)), known_at(school, evening_before(school, day))
    expected = set()
    for name, (needed, length, period) in WINDOWS.items():
        before = then.windows(needed, length, period)
        for key, window in now.windows(needed, length, period).items():
            was, counted = (
                before.get(key, {"counted_sessions": 0})["counted_sessions"],
                window["counted_sessions"],
            )
            if was < counted >= needed - 2 and was < needed:
                expected.add((key[0], f"{min(counted, needed)} of {needed}, {name}"))
    found = lists.crossing_today(opened(day))
    is_window = found["detail"].str.contains(" of ")
    assert set(found[is_window].itertuples(index=False, name=None)) == expected
    assert {text.rpartition(", ")[2] for _, text in expected} == set(WINDOWS)


@pytest.mark.parametrize(
    ("day", "places"), [(TODAY, {4}), (date(2026, 11, 17), {1, 4}), (date(2026, 10, 22), {1})]
)
def test_the_places_of_the_flags_in_the_order_of_calls(opened, exported, day, places):
    school, _, _ = exported
    on_roll = {pupil["pupil_id"]: pupil for pupil in school.pupils if is_on_roll(pupil, day)}
    found = calls.calls_of(opened(day)).set_index("pupil_id")["order"]
    first = ("child_protection", "looked_after", "child_in_need", "youth_justice")
    flags = {1: first, 2: ("missing_history",), 3: ("medical_risk",), 4: ("travels_alone",)}
    own = {
        pupil: min(
            (place for place, names in flags.items() if any(on_roll[pupil][name] == "1" for name in names)),
            default=5,
        )
        for pupil in found.index
    }
    assert found.clip(upper=5).to_dict() == own
    assert set(own.values()) - {5} == places


def is_over_a_line_or_has_a_plan(known, pupil, school_file, day):
    """A tenth missed of the year so far, or an intervention, a contract, a notice to improve or a plan that runs."""
    book = school_file.parent / "exports" / "logs.xlsx"
    own = {
        name: [row for row in read_sheet(book, name) if row["pupil_id"] == pupil["pupil_id"]]
        for name in ("Interventions", "Notices")
    }
    plans = [row for row in rows(school_file, "plans.csv") if row["pupil_id"] == pupil["pupil_id"]]
    return (
        is_persistent(known.of_person(pupil))
        or any(row["start_date"] <= day <= (row["end_date"] or day) for row in own["Interventions"])
        or any(
            row["kind"] != "penalty notice" and row["status"] == "active" and row["issued_on"] <= day
            for row in own["Notices"]
        )
        or any(row["opened_on"] <= str(day) and not row["closed_on"] for row in plans)
    )


def spell_began(marks, today):
    """The first of the whole school days in a row that a pupil has been away, by walking back; today if there is none."""
    came, began = ("/", "\\", "L", "U", *ATTENDED), today
    for day in sorted({day for day, _ in marks if day < today}, reverse=True):
        asked = [
            code
            for half in (AM, PM)
            if (code := marks.get((day, half))) and CLASSES.get(code, "not_possible") != "not_possible"
        ]
        if asked and set(asked) & set(came):
            break
        began = day if asked else began
    return began


@pytest.mark.parametrize(
    ("day", "places"),
    [(TODAY, {6, 7}), (date(2026, 11, 16), {6}), (date(2026, 10, 16), {5, 7}), (date(2026, 10, 5), {5})],
)
def test_the_places_after_the_flags_in_the_order_of_calls(opened, exported, school_file, day, places):
    """5: away since an earlier day and nobody reached since; 6: over a line, or a plan; 7: others."""
    known = known_at(exported[0], (day, AM))
    reached = defaultdict(lambda: date.min)
    for row in read_sheet(school_file.parent / "exports" / "logs.xlsx", "Contacts"):
        if row["date"] <= day and row["outcome"] not in ("no answer", "message left"):
            reached[row["pupil_id"]] = max(reached[row["pupil_id"]], row["date"])
    on_roll = {pupil["pupil_id"]: pupil for pupil in known.enrolments("roll")}
    found = calls.calls_of(opened(day)).set_index("pupil_id")["order"]
    expected = {}
    for pupil, order in found.items():
        marks = {
            session.key: mark(known.school, on_roll[pupil], session).replace(MISSING, "")
            for session in known.year_sessions
        }
        began = spell_began(marks, day)
        if order > 4:
            expected[pupil] = (
                5 if began < day and reached[pupil] < began
                else 6 if is_over_a_line_or_has_a_plan(known, on_roll[pupil], school_file, day)
                else 7
            )  # fmt: skip
    assert found[found > 4].to_dict() == expected
    assert set(expected.values()) == places


def codes_by_day(known, pupil):
    """The codes of each day that was school for a pupil, whichever enrolment was on roll, a missing mark as "missing"."""
    rows = [row for row in known.school.pupils if row["pupil_id"] == pupil["pupil_id"]]
    found = defaultdict(list)
    for session, code in zip(known.upto, known.codes_of(pupil["pupil_id"], rows), strict=True):
        if code not in ("off roll", "closed", "#", "Z", "Y3", "Y4"):
            found[session.day].append(code)
    return found


def run_up_to(known, pupil, letters):
    """How many school days in a row up to the last one a pupil's codes are all of some letters, by walking back."""
    count = 0
    days = codes_by_day(known, pupil)
    for day in sorted(days, reverse=True):
        if not set(days[day]) <= set(letters):
            break
        count += 1
    return count if max(days, default=None) == known.date_to else 0


@pytest.mark.parametrize("day", [date(2026, 11, 17), TODAY])
def test_who_is_unauthorised_for_the_tenth_school_day_in_a_row(opened, exported, day):
    known = known_at(exported[0], (day, AM))
    tenth = [pupil for pupil in known.enrolments("roll") if run_up_to(known, pupil, "GNOU") == 10]
    expected = sorted(each["pupil_id"] for each in tenth if known.is_of_age(each, known.upto[-1]))
    found = lists.crossing_today(opened(day))
    ten_days = found["detail"].str.startswith("10 school days")
    assert found.loc[ten_days, "pupil_id"].tolist() == expected
    assert bool(expected) is (day != TODAY)


@pytest.mark.parametrize("day", [date(2026, 10, 5), TODAY])
def test_who_is_suspended_for_the_fifth_or_sixth_day(opened, exported, day):
    known = known_at(exported[0], (day, AM))
    expected = {
        pupil["pupil_id"]: f"day {run}"
        for pupil in known.enrolments("roll")
        if (run := run_up_to(known, pupil, "E")) in (5, 6) and known.is_of_age(pupil, known.upto[-1])
    }
    found = lists.suspended(opened(day))
    told = [(pupil, words.partition(":")[0]) for pupil, words in found.itertuples(index=False, name=None)]
    assert dict(told) == expected
    assert bool(expected) is (day != TODAY)


def test_who_reaches_the_fifteenth_day_of_illness(opened, exported):
    """On the last day on which anybody reached it, in the morning, and not on the day after."""
    school, _, _ = exported
    reached = defaultdict(set)
    for pupil_id in {pupil["pupil_id"] for pupil in school.pupils}:
        rows = [pupil for pupil in school.pupils if pupil["pupil_id"] == pupil_id]
        by_year = defaultdict(list)
        for session in school.sessions:
            if "I" in [mark(school, row, session) for row in rows]:
                by_year[session.school_year].append(session)
        for ill in by_year.values():
            if len(ill) >= 30 and is_on_roll(rows[-1], ill[29].day):
                reached[ill[29].key].add(pupil_id)
    day, half = max(key for key in reached if key[1] == AM)
    known = known_at(school, (day, half))
    of_age = {
        pupil["pupil_id"] for pupil in known.enrolments("roll") if known.is_of_age(pupil, known.upto[-1])
    }
    found = lists.crossing_today(opened(day))
    told = found.loc[found["detail"].str.startswith("15 school days"), "pupil_id"]
    assert set(told) == reached[day, half] & of_age
    assert len(told) > 0
    found = lists.crossing_today(opened(TODAY))
    assert found["detail"].str.startswith("15 school days").sum() == len(reached.get((TODAY, AM), ()))


def plan_reviews_on(school_file, day):
    """The support plans to be reviewed on a day and neither reviewed nor closed."""
    with (school_file.parent / "exports" / "plans.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["pupil_id"], f"review of plan {row['plan_id']}")
            for row in csv.DictReader(file)
            if row["review_on"] == str(day) and not row["reviewed_on"] and not row["closed_on"]
        }


@pytest.mark.parametrize("day", [TODAY, date(2026, 11, 13), date(2026, 11, 18)])
def test_what_ends_is_reviewed_or_is_due(opened, exported, school_file, day):
    school, _, _ = exported
    book = school_file.parent / "exports" / "logs.xlsx"
    on_roll = {pupil["pupil_id"] for pupil in school.pupils if is_on_roll(pupil, day)}
    expected = set()
    for row in read_sheet(book, "Interventions"):
        if row["end_date"] == day:
            expected.add((row["pupil_id"], f"{row['intervention']} ends"))
        if row["review_date"] == day and row["start_date"] <= day <= (row["end_date"] or day):
            expected.add((row["pupil_id"], f"review of {row['intervention']}"))
    for row in read_sheet(book, "Notices"):
        if row.get("ends_on") == day and str(row["status"]).lower() == "active":
            expected.add((row["pupil_id"], f"{row['kind'].lower()} ends"))
    for row in read_sheet(book, "Actions"):
        if row["due_date"] == day and row["status"] in ("open", "in progress"):
            expected.add((row["pupil_id"], f"action due, {row['owner']}"))
    expected |= plan_reviews_on(school_file, day)
    expected = {(pupil, words) for pupil, words in expected if pupil in on_roll}
    assert set(lists.ends_today(opened(day)).itertuples(index=False, name=None)) == expected
    assert bool(expected) is (day != date(2026, 11, 18))


def test_the_register_that_was_not_taken_is_named_and_no_other(opened, truth):
    form, day = truth["missing_register"]
    then = opened(date.fromisoformat(day))
    assert registers.forms_not_taken(then)["form"].tolist() == [form]
    pupils = then.roll.current.pupils
    unknown = set(pupils.loc[pupils["form"] == form, "pupil_id"].astype(str))
    assert registers.not_registered(then) == unknown
    assert not unknown & set(calls.calls_of(then)["pupil_id"])
    assert registers.forms_not_taken(opened(TODAY)).empty


def test_the_n_that_turns_five_school_days_old_is_due_on_its_day_and_on_no_other(opened, truth):
    (planted,) = truth["n_five_days_old"]
    assert on_list(opened(TODAY), lists.n_due) == [planted["pupil_id"]]
    assert planted["pupil_id"] not in on_list(opened(TODAY), lists.n_overdue)
    yesterday = opened(TODAY - timedelta(1))
    assert planted["pupil_id"] not in on_list(yesterday, lists.n_due) + on_list(yesterday, lists.n_overdue)
