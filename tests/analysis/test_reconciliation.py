"""Persistent absence under each definition: worked by hand, and recounted from the export files of a whole school."""

import csv
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from attendance_lib.analysis.reconciliation import COUNTS, DEFINITIONS, reconcile_persistent_absence
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.pack.cohorts import CURRENT_ROLL, Selection
from attendance_lib.pack.periods import Periods
from attendance_lib.register.build import build_register
from tests.demo_exports import copy_demo_school, demo_exports
from tests.made_once import made_once
from tests.recount import school_files
from tests.recount.counting import Recount

ROOT = Path(__file__).parents[2]
LAST = date(2026, 9, 18)
TEN_DAYS = [(date(2026, 9, 7) + timedelta(day)).isoformat() for day in range(12) if day % 7 < 5]


def missing(sessions):
    """Marks of the first ten days with so many of their 20 sessions missed, from the first on."""
    codes = ["I"] * sessions + [("/", "\\")[place % 2] for place in range(sessions, 20)]
    return {day: " ".join(codes[2 * place : 2 * place + 2]) for place, day in enumerate(TEN_DAYS)}


@pytest.fixture(scope="module")
def table(make_register):
    """Ten enrolments whose standing under each definition is told beside them; 20 sessions were possible."""
    register = make_register(
        {"marks": missing(2)},  # exactly 90.0%: persistent absence, though not "below 90%"
        {"marks": missing(3)},  # 85%
        {"marks": missing(1)},  # 95%
        {"marks": missing(10)},  # exactly 50.0%: severe absence, though not "below 50%"
        {"marks": missing(11)},  # 45%
        {"marks": missing(3), "leaving_date": "2026-09-17"},  # left: 18 possible
        {"marks": missing(0), "leaving_date": "2026-09-10"},  # left: 8 possible, none missed
        {"marks": missing(4), "date_of_birth": "2010-08-31", "year_group": 12},  # 16 on 31 August: sixth form
        {"marks": missing(4), "date_of_birth": "2021-10-01", "year_group": 0},  # not yet 5: Reception
        {"marks": missing(0), "leaving_date": "2026-07-17"},  # left before the year: nothing possible
        last="2026-09-18",
    )  # fmt: skip
    made = reconcile_persistent_absence(Periods(register, LAST, LAST, Selection()), 20)
    return made.set_index("definition")


def counts(table, definition, prefix=""):
    return tuple(table.loc[definition, [f"{prefix}{name}" for name in COUNTS]])


@pytest.mark.parametrize(
    ("definition", "counted", "added", "removed"),
    [
        # Seven are aged 5 to 15 and had a session; 90.0, 85, 50, 45 and the leaver with 3 of 18 missed are persistent.
        ("dfe_comparable", (7, 5, 2), (0, 0, 0), (0, 0, 0)),
        # The two leavers go; the pupils of 16 and of 4 come, both at 80%.
        ("current_roll", (7, 6, 2), (2, 2, 0), (2, 1, 0)),
        # 16 on 31 August: school age ended in June. Not yet 5: not begun.
        ("statutory_age", (7, 5, 2), (0, 0, 0), (0, 0, 0)),
        # The leavers had 18 and 8 possible sessions.
        ("long_enough", (5, 4, 2), (0, 0, 0), (2, 1, 0)),
        ("below_the_line", (7, 4, 1), (0, 0, 0), (0, 1, 1)),
    ],
)
def test_each_definition_by_hand(table, definition, counted, added, removed):
    assert counts(table, definition) == counted
    assert counts(table, definition, "added_") == added
    assert counts(table, definition, "removed_") == removed


def test_the_headline_comes_first_and_the_rates_are_of_enrolments(table):
    assert list(table.index) == [each.name for each in DEFINITIONS]
    assert table.index[0] == "dfe_comparable"
    assert table.loc["current_roll", "persistent_absence_rate"] == 6 / 7
    assert table.loc["long_enough", "severe_absence_rate"] == 2 / 5


def test_the_school_s_own_fewest_sessions_are_named_and_applied(make_register):
    register = make_register({"marks": missing(3)}, {"leaving_date": "2026-09-11"}, last="2026-09-18")
    periods = Periods(register, LAST, LAST)
    ten, eleven = (reconcile_persistent_absence(periods, fewest).iloc[3] for fewest in (10, 11))
    assert (ten["enrolments"], eleven["enrolments"]) == (2, 1)
    assert eleven["label"] == "At least 11 possible sessions"
    assert "fewer than 11 possible sessions" in eleven["meaning"]


def test_the_cohort_s_conditions_hold_under_every_definition_and_its_basis_does_not_matter(make_register):
    register = make_register({"marks": missing(3), "fsm": True}, {"marks": missing(3)}, last="2026-09-18")
    for selection in (Selection(where={"fsm": [True]}), Selection(CURRENT_ROLL, {"fsm": [True]})):
        made = reconcile_persistent_absence(Periods(register, LAST, LAST, selection))
        assert made["enrolments"].tolist() == [1] * 5


def test_a_pupil_counts_from_and_to_school_age(make_register):
    """Born on 10 September 2021, five in the autumn, of school age from 31 December; so nothing of this autumn counts."""
    register = make_register(
        {"date_of_birth": "2021-08-31", "year_group": 1}, {"date_of_birth": "2021-09-10", "year_group": 0}
    )
    made = reconcile_persistent_absence(Periods(register, LAST, date(2026, 11, 13))).set_index("definition")
    assert made.loc[["dfe_comparable", "current_roll", "statutory_age"], "enrolments"].tolist() == [1, 2, 1]


def test_without_enrolments_there_are_no_rates(make_register):
    register = make_register({"date_of_birth": "2005-01-01", "year_group": 14}, last="2026-09-18")
    made = reconcile_persistent_absence(Periods(register, LAST, LAST)).set_index("definition")
    assert made.loc["dfe_comparable", "enrolments"] == 0
    assert made["persistent_absence_rate"].isna().tolist() == [True, False, True, True, True]


# The demo school, some of its pupils made older, younger or of unknown age, recounted from its files


def change_ages(demo, folder):
    """Write the demo school's exports and file, with ages for which the definitions differ."""
    copy_demo_school(demo, folder)
    pupils = folder / "exports" / "pupils.csv"
    with pupils.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for place, row in enumerate(rows):
        years = {3: -3, 5: 8, 7: 4}.get(place % 23, 0)  # three years older, eight and four years younger
        born = row["date_of_birth"]
        row["date_of_birth"] = "" if place % 23 == 11 else f"{int(born[:4]) + years}{born[4:]}"
    with pupils.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def exports(tmp_path_factory, worker_id):
    demo = demo_exports(tmp_path_factory, worker_id)
    return made_once("reconciliation_exports", tmp_path_factory, worker_id, partial(change_ages, demo))


@pytest.fixture(scope="module")
def files(exports):
    return school_files.read_school(exports / "school.yml")


@pytest.fixture(scope="module")
def register(exports):
    school = read_school(load_settings(exports / "school.yml"))
    return build_register(school.pupils, school.marks, school.calendar).register


# The end of a school year, of a half term and of a fortnight, each with the fewest sessions that the school asks for.
PERIOD_ENDS = {date(2026, 7, 17): 20, date(2026, 10, 23): 60, date(2026, 11, 20): 40}


@pytest.fixture(scope="module")
def recounted(files):
    """What the files say at each end: definition, count and who is in it."""
    return {last: Recount(files, last, last).reconciliation(fewest) for last, fewest in PERIOD_ENDS.items()}


@pytest.mark.parametrize(("last", "fewest"), PERIOD_ENDS.items())
def test_the_demo_school_s_reconciliation_is_what_its_files_say(register, recounted, last, fewest):
    found = recounted[last]
    made = reconcile_persistent_absence(Periods(register, last, last), fewest).set_index("definition")
    for definition, sets in found.items():
        headline = found["dfe_comparable"]
        assert counts(made, definition) == tuple(len(sets[name]) for name in COUNTS)
        added = tuple(len(sets[name] - headline[name]) for name in COUNTS)
        removed = tuple(len(headline[name] - sets[name]) for name in COUNTS)
        assert counts(made, definition, "added_") == added
        assert counts(made, definition, "removed_") == removed


def test_the_recount_tells_every_definition_from_the_headline(recounted):
    """Were a definition like the headline on all of these dates, the comparison above would not notice it left out."""
    differ = set()
    for found in recounted.values():
        headline = found["dfe_comparable"]["persistently_absent_enrolments"]
        differ |= {name for name, sets in found.items() if sets["persistently_absent_enrolments"] != headline}
    assert differ == {each.name for each in DEFINITIONS[1:]}
