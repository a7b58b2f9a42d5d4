"""The demo school's lessons paper, counted again from its export files by code that shares nothing with the library."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from statistics import NormalDist

import pytest

from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.lessons import pupils, subjects
from tests.demo_exports import read_demo_school
from tests.recount.counting import is_on_roll, mark
from tests.recount.school_files import read_unchanged

PERIOD = (date(2026, 11, 9), date(2026, 11, 20))
HALVES = {"P1": "AM", "P2": "AM", "P3": "AM", "P4": "PM", "P5": "PM"}
ABSENT = "G N O".split()


@pytest.fixture(scope="module")
def school_file(tmp_path_factory, worker_id):
    return read_demo_school(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def pack(school_file):
    return open_pack(str(school_file), *map(str, PERIOD), cohorts_file="params/cohorts.yml")


@pytest.fixture(scope="module")
def lessons(school_file):
    """The lessons of the period of pupils on roll at its end."""
    school = read_unchanged(school_file)
    on_roll = {pupil["pupil_id"]: pupil for pupil in school.pupils if is_on_roll(pupil, PERIOD[1])}
    sessions = {session.key: session for session in school.sessions}
    with (school_file.parent / "exports" / "lessons.csv").open(encoding="utf-8", newline="") as file:
        rows = [row | {"day": date.fromisoformat(row["date"])} for row in csv.DictReader(file)]
    kept = [row for row in rows if PERIOD[0] <= row["day"] <= PERIOD[1] and row["pupil_id"] in on_roll]
    for row in kept:
        session = sessions[row["day"], HALVES[row["period"]]]
        row["session"] = mark(school, on_roll[row["pupil_id"]], session)
    return kept


@pytest.fixture(scope="module")
def planned(school_file):
    spells = defaultdict(list)
    with (school_file.parent / "exports" / "planned.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spells[row["pupil_id"]].append(row)
    return spells


def is_asked(row):
    # P4 is the afternoon's own register; who came after the register closed was not in the first lesson.
    there = row["session"] in ("/", "\\", "L", "U") and not (row["session"] == "U" and row["period"] == "P1")
    return bool(row["code"]) and there and row["period"] != "P4"


def is_missed(row, planned):
    known = any(
        spell["date_from"] <= row["date"] <= spell["date_to"]
        and spell["session"] in ("", HALVES[row["period"]])
        for spell in planned[row["pupil_id"]]
    )
    return is_asked(row) and row["code"] in ABSENT and not known


def test_lessons_missed_while_in_school(pack, lessons, planned):
    asked = Counter(row["pupil_id"] for row in lessons if is_asked(row))
    missed = Counter(row["pupil_id"] for row in lessons if is_missed(row, planned))
    said = subjects.what_was_found(pack).items[0]
    assert f"missed {sum(missed.values())} of {sum(asked.values()):,} lessons" in said
    frame = pupils.truants_of(pack).set_index("pupil_id")
    assert frame["missed_lessons"].to_dict() == dict(missed)
    assert frame["asked_lessons"].to_dict() == {pupil: asked[pupil] for pupil in missed}


def test_the_planted_truants_are_named_and_nobody_else(pack, school_file):
    truth = json.loads((school_file.parent / "exports" / "truth.json").read_text(encoding="utf-8"))
    frame = pupils.truants(pack).frame.set_index("pupil_id")
    assert sorted(frame.index) == truth["truants"]
    assert {part.split()[0] for part in frame.loc[truth["third_and_fifth"], "mostly"].split(", ")} == {
        "P3",
        "P5",
    }


def test_who_is_missing_on_the_last_day_and_where_last_seen(pack, lessons, planned):
    days = defaultdict(dict)
    for row in lessons:
        if row["day"] == PERIOD[1]:
            days[row["pupil_id"]][row["period"]] = row
    expected = {}
    for pupil, periods in days.items():
        missed = [name for name in sorted(periods) if is_missed(periods[name], planned)]
        if missed:
            said = "; ".join(f"{name} {periods[name]['subject']}" for name in missed)
            seen = [name for name in sorted(periods) if periods[name]["code"] in ("/", "\\", "L", "U")]
            before = [name for name in seen if name < missed[-1]]
            after = [name for name in seen if name > missed[-1]]
            expected[pupil] = (said, before[-1] if before else "registered", after[0] if after else "not")
    frame = pupils.missing_today(pack).frame.set_index("pupil_id")
    assert frame["missed"].to_dict() == {pupil: said for pupil, (said, _, _) in expected.items()}
    counts = Counter(row["pupil_id"] for row in lessons if is_missed(row, planned))
    assert frame["period_missed_sessions"].to_dict() == {pupil: counts[pupil] for pupil in expected}
    single = {pupil: words for pupil, words in expected.items() if ";" not in words[0]}
    assert single
    for pupil, (_, seen, back) in single.items():
        assert frame["last_seen"][pupil].split()[0] == seen
        assert frame["back"][pupil].split()[0] == back


def test_how_independent_the_afternoon_s_lesson_is(pack, lessons):
    """Marks late or unexplained in either register, and those of them that are the same in both."""
    rows = [row for row in lessons if row["period"] == "P4" and row["code"]]
    told = ("L", "U", "N")
    events = [row for row in rows if row["code"] in told or row["session"] in told]
    agree = [row for row in events if row["code"] == row["session"]]
    said = subjects.how_independent(pack).items[0]
    assert said.startswith("P4 is the afternoon's own register: ")
    assert f"{len(agree)} of {len(events)} late or unexplained marks agree" in said


def test_registers_not_taken_by_subject_and_weekday(pack, lessons):
    marked, about = defaultdict(bool), {}
    for row in lessons:
        key = row["date"], row["period"], row["class"]
        marked[key] |= bool(row["code"])
        about[key] = (row["subject"], f"{row['day']:%A}")
    frame = subjects.registers_not_taken(pack).frame
    for place, what in enumerate(("Subject", "Weekday")):
        due = Counter(about[key][place] for key in marked)
        gone = Counter(about[key][place] for key, is_taken in marked.items() if not is_taken)
        rows = frame[frame["what"] == what].set_index("name")
        assert rows["due_registers"].to_dict() == dict(due)
        assert rows["missing_registers"].to_dict() == {name: gone[name] for name in due}


def test_registers_not_taken(pack, lessons):
    marked = defaultdict(bool)
    for row in lessons:
        marked[row["date"], row["period"], row["class"]] |= bool(row["code"])
    by_period = Counter(period for (_, period, _), is_taken in marked.items() if not is_taken)
    frame = (
        subjects.registers_not_taken(pack)
        .frame.query("what == 'Period'")
        .set_index("name")["missing_registers"]
    )
    assert frame.to_dict() == {period: by_period[period] for period in HALVES}
    (table,) = subjects.whose_registers(pack).tables
    assert len(table.frame) == sum(by_period.values()) > 0


def test_subjects_are_counted_among_lessons_with_another_on_the_same_day(pack, lessons, planned):
    days = defaultdict(list)
    for row in lessons:
        if is_asked(row):
            days[row["pupil_id"], row["date"]].append(row)
    counts, missed = Counter(), Counter()
    for rows in days.values():
        for row in rows:
            if any(other["subject"] != row["subject"] for other in rows):
                counts[row["subject"]] += 1
                missed[row["subject"]] += is_missed(row, planned)
    frame = subjects.subjects_and_periods(pack).frame.query("what == 'Subject'").set_index("name")
    assert frame["lessons"].to_dict() == dict(counts)
    assert {name: count for name, count in frame["missed_lessons"].items() if count} == dict(+missed)


def pairs_of_gaps(lessons, planned, column):
    """For each value of a column and pupil: each lesson's gap to the pupil's lessons of that day under other values."""
    days = defaultdict(list)
    for row in lessons:
        if is_asked(row) and row[column]:
            days[row["pupil_id"], row["day"]].append((row[column], int(is_missed(row, planned))))
    found = defaultdict(lambda: defaultdict(list))
    for (pupil, _), rows in days.items():
        for value, was in rows:
            others = [each for other, each in rows if other != value]
            if others:
                found[value][pupil].append(was - Fraction(sum(others), len(others)))
    return found


def mean_and_variance(people):
    """The mean gap over all lessons, and the variance of it where each pupil is one case; never less than half a lesson's."""
    count = sum(map(len, people.values()))
    mean = sum(map(sum, people.values())) / count
    squares = sum((sum(gaps) - len(gaps) * mean) ** 2 for gaps in people.values())
    return mean, max(squares / count**2, Fraction(1, 2 * count) ** 2)


def between_them(means, variances):
    """DerSimonian and Laird's variance between values whose true gaps lie around nothing."""
    excess = sum(mean**2 / variance for mean, variance in zip(means, variances, strict=True)) - len(means)
    return max(excess, 0) / sum(1 / variance for variance in variances)


@pytest.mark.parametrize(("column", "what"), [("subject", "Subject"), ("period", "Period")])
def test_what_is_missed_more_than_the_same_pupils_other_lessons_and_how_sure_that_is(
    pack, lessons, planned, column, what
):
    """DerSimonian and Laird around nothing, in exact fractions up to the last square root."""
    found = {
        value: people
        for value, people in pairs_of_gaps(lessons, planned, column).items()
        if len(people) >= 10 and sum(map(len, people.values())) >= 30
    }
    means, variances = zip(*map(mean_and_variance, found.values()), strict=True)
    between = between_them(means, variances)
    frame = subjects.subjects_and_periods(pack).frame.query("what == @what").set_index("name")
    assert set(frame.index) == set(found)
    assert between > 0 or what == "Subject"
    for value, mean, variance in zip(found, means, variances, strict=True):
        pull = between / (between + variance)
        shrunk, half = float(pull * mean), NormalDist().inv_cdf(0.975) * float(pull * variance) ** 0.5
        shown = frame.loc[value]
        assert shown["pupils"] == len(found[value])
        of_range = [float(shown[name]) for name in ("low_rate", "difference_rate", "high_rate")]
        assert of_range == pytest.approx([shrunk - half, shrunk, shrunk + half], abs=1e-9)
        says = "missed more" if shrunk > half else "missed less" if shrunk < -half else "chance"
        assert shown["verdict"] == says


def test_what_is_missed_on_each_weekday(pack, lessons, planned):
    asked = [row for row in lessons if is_asked(row)]
    frame = subjects.subjects_and_periods(pack).frame.query("what == 'Weekday'").set_index("name")
    counts = Counter(f"{row['day']:%A}" for row in asked)
    missed = Counter(f"{row['day']:%A}" for row in asked if is_missed(row, planned))
    assert frame["lessons"].to_dict() == dict(counts)
    assert frame["missed_lessons"].to_dict() == {day: missed[day] for day in counts}
    pupils = {day: {row["pupil_id"] for row in asked if f"{row['day']:%A}" == day} for day in counts}
    assert frame["pupils"].to_dict() == {day: len(each) for day, each in pupils.items()}
    assert frame["difference_rate"].isna().all()
