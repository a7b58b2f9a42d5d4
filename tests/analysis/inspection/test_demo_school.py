"""What was planted in the demo school is found, and recounted from its truth the slow way."""

import csv
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.analysis.inspection.inspect import CHECKS, inspect_register
from attendance_lib.analysis.inspection.scope import Order, scope_of
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.register import build_register
from attendance_lib.rules.notices import national_framework
from tests.recount.counting import CLOSED, OFF_ROLL, mark
from tests.recount.school_files import read_school as read_files

ROOT = Path(__file__).resolve().parents[3]
EXPORTS = ROOT / "outputs" / "demo_exports"
LAST_DAYS = {"202526": date(2026, 7, 17), "202627": date(2026, 11, 20)}
NEAR, WEEKS = 7, 10

pytestmark = [
    pytest.mark.skipif(
        not (EXPORTS / "truth.json").is_file(), reason="the demo school is not written; `make demo` writes it"
    ),
    pytest.mark.xdist_group("demo_inspection"),
]


@pytest.fixture(scope="module")
def truth():
    return json.loads((EXPORTS / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def school():
    return read_school(load_settings(ROOT / "params" / "demo.yml"))


@pytest.fixture(scope="module")
def things(school):
    """What is found in both school years, each judged on its last day with marks."""
    placed = build_register(school.pupils, school.marks, school.calendar)
    rules = (national_framework(),)
    scopes = [
        scope_of(school, placed.register, placed.left_out_marks, Order(day, notice_rules=rules))
        for day in LAST_DAYS.values()
    ]
    return pd.concat([inspect_register(scope) for scope in scopes])


def places(things, *rules):
    rows = things[things["rule"].isin(rules)]
    return sorted(zip(rows["pupil_id"], rows["date"].dt.strftime("%Y-%m-%d"), rows["session"], strict=True))


def planted(marks):
    return sorted((mark["pupil_id"], mark["date"], mark["session"]) for mark in marks)


def test_the_register_that_was_not_taken_is_found(things, truth):
    gone = things[things["rule"] == "register_missing"]
    form, day = truth["missing_register"]
    assert set(gone["form"]) == {form}
    assert gone["date"].dt.strftime("%Y-%m-%d").tolist() == [day, day]
    assert gone["session"].tolist() == ["AM", "PM"]


def test_the_missing_marks_are_found_and_no_other(things, truth, school):
    form, day = truth["missing_register"]
    of_form = set(school.pupils.loc[school.pupils["form"] == form, "pupil_id"])
    single = [
        mark for mark in truth["missing_marks"] if mark["date"] != day or mark["pupil_id"] not in of_form
    ]
    assert len(single) < len(truth["missing_marks"])
    # What is no register code leaves its session without a mark.
    assert places(things, "mark_missing") == planted(single + truth["defects"]["unknown_code"])


def test_the_obsolete_codes_are_found_and_no_other(things, truth):
    assert places(things, "obsolete_code") == planted(
        [mark for marks in truth["obsolete_codes"].values() for mark in marks]
    )


def test_every_n_that_nobody_followed_up_is_found_and_no_other_older_than_five_days(things, school):
    due = []
    for year, last in LAST_DAYS.items():
        days = [day for day in school.calendar.school_days if day <= last]
        first = min(day for day in days if day >= date(int(year[:4]), 8, 1))
        held = school.marks[
            (school.marks["code"] == "N") & school.marks["date"].between(str(first), str(days[-7]))
        ]
        due += [
            tuple(row)
            for row in held.assign(date=held["date"].dt.strftime("%Y-%m-%d"))[
                ["pupil_id", "date", "session"]
            ].to_numpy()
        ]
    assert places(things, "n_overdue") == sorted(due)


def test_the_forgotten_n_are_among_them(things, truth):
    settled = [
        mark
        for mark in truth["forgotten_n"]
        if not "2026-07-09" < mark["date"] <= "2026-07-17" and mark["date"] < "2026-11-12"
    ]
    assert set(planted(settled)) <= set(places(things, "n_overdue"))


def test_l_after_the_close_is_found_where_u_was_edited_into_l(things, truth):
    late = places(things, "late_after_close")
    assert len(late) == 4
    assert set(late) <= set(planted(truth["late_edits"]))


def amendments():
    with (EXPORTS / "amended_marks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_late_edits_near_a_threshold_are_found_and_no_other_of_them(things, truth, school):
    edits = {(row["pupil_id"], row["date"], row["session"]): row for row in amendments()}
    late = planted(truth["late_edits"])
    found = set(places(things, "edit_near_threshold"))
    assert {place for place in late if fullest(school, place, edits) >= NEAR} == found & set(late)
    assert {edits[place]["amended_from"] for place in found - set(late)} == {"N"}


def fullest(school, place, edits):
    """Count by hand: unauthorised marks as they stood before the edit, in each run of ten school weeks that holds the session."""
    pupil_id, day, _ = place
    made = edits[place]["amended_on"]
    weeks = {
        row.date.strftime("%Y-%m-%d"): row.school_week
        for row in school.calendar.open_sessions.itertuples()
        if str(row.date)[:10] <= made
    }
    counts = dict.fromkeys(range(1, max(weeks.values()) + 1), 0)
    for row in school.marks[school.marks["pupil_id"] == pupil_id].itertuples():
        held = (pupil_id, row.date.strftime("%Y-%m-%d"), row.session)
        edit = edits.get(held)
        code = edit["amended_from"] if edit and edit["amended_on"] >= made else row.code
        if held[1] in weeks and code in ("G", "N", "O", "U"):
            counts[weeks[held[1]]] += 1
    starts = range(max(weeks[day] - WEEKS + 1, 1), weeks[day] + 1)
    return max(sum(counts.get(week, 0) for week in range(start, start + WEEKS)) for start in starts)


# Every rule: what the truth says is found, and of what must be put right nothing that is not there

IN_WORDS = ("date", "end_date")
AT_LEAST_ONE = {"edit_near_threshold"}  # not every late edit was of a pupil near a threshold; counted above
SINGLE_MARKS = (
    "unknown_code", "wrong_half_day", "closure_code_open", "mark_off_roll", "pupil_not_listed", "mark_when_closed",
    "conflicting_rows", "x_of_school_age", "c2_not_of_school_age", "work_experience_year", "pupil_unmarked",
    "marks_stop", "late_after_close", "late_before_close",
)  # fmt: skip
OF_FORMS = ("n_often", "whole_site_closed", "minutes_rounded", "amended_together")
COUNTED_SLOWLY = ("suspension_sixth_day", "suspension_year", "illness_return", "unauthorised_return")
COUNTED_ABOVE = ("register_missing", "mark_missing", "n_overdue", "obsolete_code")
OF_NO_PLACE = {"repeated_rows": "1 row ", "code_spelling": "1 code ", "year_sessions": "375 sessions"}


@pytest.fixture(scope="module")
def spoken(things):
    """The things found with their dates as text."""
    return things.assign(**{name: things[name].dt.strftime("%Y-%m-%d").fillna("") for name in IN_WORDS})


def at(spoken, rule, place):
    """The things of a rule at a place, by all that is said of the place; what was planted may lengthen what was there."""
    rows = spoken[spoken["rule"] == rule]
    for name, value in place.items():
        if "end_date" in place and name in IN_WORDS:
            rows = rows[rows[name] <= value] if name == "date" else rows[rows[name] >= value]
        else:
            rows = rows[rows[name] == value]
    return rows


@pytest.mark.parametrize("rule", [each.rule for each in CHECKS])
def test_what_was_planted_for_each_rule_is_found_where_the_truth_says(spoken, truth, rule):
    if rule in OF_NO_PLACE:
        details = spoken.loc[spoken["rule"] == rule, "detail"]
        assert any(OF_NO_PLACE[rule] in detail for detail in details)
        return
    places = truth["defects"][rule]
    found = [len(at(spoken, rule, place)) > 0 for place in places]
    assert places
    assert any(found) if rule in AT_LEAST_ONE else all(found)


@pytest.mark.parametrize("rule", SINGLE_MARKS + OF_FORMS)
def test_of_single_marks_and_habits_nothing_is_found_but_what_was_planted(spoken, truth, rule):
    assert len(spoken[spoken["rule"] == rule]) == len(truth["defects"][rule])


def test_of_this_year_s_part_time_timetables_just_those_that_lack_something_are_found(spoken, truth):
    rows = spoken[(spoken["rule"] == "part_time_incomplete") & (spoken["end_date"] >= "2026-09-01")]
    assert set(rows["pupil_id"]) == truth["part_time"].keys()
    assert rows["detail"].str.contains("no part-time timetable of these days is on file").sum() == 1


def test_every_must_is_compared_with_the_truth_or_a_slower_count():
    musts = {each.rule for each in CHECKS if each.severity == "must"}
    assert musts == {*SINGLE_MARKS, *COUNTED_SLOWLY, *COUNTED_ABOVE}


@pytest.fixture(scope="module")
def slowly():
    """What lasts too long in both school years, counted day by day from the files: rule, pupil, first and last day."""
    whole = read_files(ROOT / "params" / "demo.yml")
    return {
        found
        for year, last in LAST_DAYS.items()
        for pupil in whole.pupils
        for found in lasting(whole, pupil, year, last)
    }


def lasting(whole, pupil, year, last):
    days = days_of(whole, pupil, last)
    of_year = [(day, codes) for day, codes, in_year in days if in_year == year]
    yield from (
        (rule, pupil["pupil_id"], *span)
        for rule, code, least in (("suspension_year", "E", 91), ("illness_return", "I", 30))
        if (span := often(of_year, code, least))
    )
    for rule, wanted, least in (("suspension_sixth_day", {"E"}, 6), ("unauthorised_return", set("GNOU"), 10)):
        yield from (
            (rule, pupil["pupil_id"], first, end)
            for first, end, reached in runs(days, wanted, least)
            if reached == year
        )


def days_of(whole, pupil, last):
    """The days that were school for a pupil up to a day: the day, its codes and its school year."""
    days = {}
    for session in whole.sessions:
        code = mark(whole, pupil, session)
        if session.day <= last and code not in (OFF_ROLL, CLOSED, "#", "Z", "Y3", "Y4"):
            days.setdefault((session.day, session.school_year), []).append(code)
    return [(day, codes, year) for (day, year), codes in days.items()]


def often(days, code, least):
    held = [day for day, codes in days for each in codes if each == code]
    return (held[0], held[-1]) if len(held) >= least else None


def runs(days, wanted, least):
    """First and last day of each run of whole days with these codes, and the school year it reaches into."""
    run = []
    for day, codes, year in [*days, (None, ["/"], "")]:
        if set(codes) <= wanted:
            run.append((day, year))
            continue
        if len(run) >= least:
            yield run[0][0], run[-1][0], run[-1][1]
        run = []


@pytest.mark.parametrize("rule", COUNTED_SLOWLY)
def test_what_lasts_too_long_is_what_a_slower_count_finds(spoken, slowly, rule):
    rows = spoken[spoken["rule"] == rule]
    found = sorted(zip(rows["pupil_id"], rows["date"], rows["end_date"], strict=True))
    expected = sorted((pupil, str(first), str(last)) for each, pupil, first, last in slowly if each == rule)
    assert found == expected != []
