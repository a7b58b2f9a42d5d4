"""The fortnightly pack of the demo school, made as a user makes it: its numbers, its pages and its bytes.

The numbers are compared with a recount from the export files (``tests/recount``) that shares no line with the library.
"""

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import partial
from io import StringIO
from itertools import pairwise
from pathlib import Path

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from attendance_lib.intake.school_store import STORE_FOLDER, SchoolStore, open_school
from attendance_lib.intake.settings.loading import load_settings
from tests.demo_exports import copy_demo_school, demo_exports
from tests.made_once import made_once
from tests.recount.counting import NOT_POSSIBLE, Recount, count, is_persistent, is_severe, mark
from tests.recount.school_files import read_school
from tests.workbook_tabs import tabs_of

ROOT = Path(__file__).resolve().parents[1]
PERIOD = "2026-11-09", "2026-11-20"
PARTS = (
    "At a glance",
    "Agenda of the meeting",
    "Heads of year",
    "Actions",
    "Notice thresholds",
    "Interventions in progress",
    "What changed since last time",
    "Groups and cohorts",
    "Reasons and missing marks",
    "Data notes",
)


def attendance(*arguments, **environment):
    """Start the command line as a user does, in the project's folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "attendance_lib", *map(str, arguments)],
        cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def make_packs(exports, folder):
    """Make the demo school's pack twice at a time, with another hash seed and clock; for the second its exports are read."""
    school_file = copy_demo_school(exports, folder)
    store = SchoolStore(folder / "second" / STORE_FOLDER)
    open_school(load_settings(school_file), store, keeps=True)
    (kept,) = store.folder.iterdir()
    before = kept.stat()
    runs = [
        attendance(
            "run",
            "fortnightly",
            "--school",
            school_file,
            "--from",
            PERIOD[0],
            "--to",
            PERIOD[1],
            "--out",
            folder / name,
            **environment,
        )
        for name, environment in (
            ("first", {"PYTHONHASHSEED": "1", "TZ": "UTC"}),
            ("second", {"PYTHONHASHSEED": "2", "TZ": far_away()}),
        )
    ]
    for run in runs:
        printed, told = run.communicate()
        assert (run.returncode, told) == (0, ""), told
        assert Path(printed.strip()).is_dir()
    # Not written again, so it was opened.
    after = kept.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def far_away():
    """A zone many hours from UTC where it is the same day now: the list of papers says the day on which it was made."""
    return "Pacific/Auckland" if datetime.now(UTC).hour < 11 else "Pacific/Honolulu"


@pytest.fixture(scope="session")
def made(tmp_path_factory, worker_id):
    """The folder of exports, school file and two runs of the same pack."""
    exports = demo_exports(tmp_path_factory, worker_id)
    return made_once("fortnightly_pack", tmp_path_factory, worker_id, partial(make_packs, exports))


@pytest.fixture(scope="session")
def pack(made):
    return made / "first" / "larkmoor-academy-990001" / "fortnightly" / "_".join(PERIOD)


@pytest.fixture(scope="session")
def recount(made):
    return Recount(read_school(made / "school.yml"), *map(date.fromisoformat, PERIOD))


@pytest.fixture(scope="session")
def table(pack):
    """Reads one of the pack's tables as dictionaries of text."""

    def read(name):
        text = (pack / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(StringIO(text)))

    return read


@pytest.fixture(scope="session")
def page(pack):
    return BeautifulSoup((pack / "fortnightly.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="session")
def paper(pack):
    return PdfReader(pack / "fortnightly.pdf")


@pytest.fixture(scope="session")
def printed_pages(paper):
    """The text of each page of the PDF."""
    return [each.extract_text() for each in paper.pages]


@pytest.fixture(scope="session")
def book(pack):
    return openpyxl.load_workbook(pack / "fortnightly.xlsx")


@pytest.fixture(scope="session")
def notebook(pack):
    return nbformat.read(pack / "fortnightly.ipynb", as_version=4)


def near(fraction):
    """A rate as a float, to the last digits that adding up in another order may change."""
    return pytest.approx(float(fraction), abs=1e-12)


# --- Numbers ---


@pytest.mark.parametrize(("row", "basis"), [(0, "dfe"), (1, "roll")])
def test_the_year_to_date_on_each_basis_is_what_the_files_say(table, recount, row, basis):
    expected, found = recount.headline(basis), table("two_bases")[row]
    assert {name: int(found[name]) for name in expected if name in found} == {
        name: value for name, value in expected.items() if name in found
    }
    for measure in ("persistent", "severe"):
        rate = Fraction(expected[f"{measure}ly_absent_enrolments"], expected["enrolments"])
        assert float(found[f"{measure}_absence_rate"]) == near(rate)


HEADLINE_CLASSES = {
    "Attendance": "attended",
    "Authorised absence": "authorised",
    "Unauthorised absence": "unauthorised",
    "Late before the register closed (L)": ("code", "L"),
    "Late after the register closed (U)": ("code", "U"),
}


@pytest.mark.parametrize("measure", HEADLINE_CLASSES)
def test_headline_rates_and_changes_are_what_the_files_say(table, recount, measure):
    found = next(row for row in table("headline") if row["measure"] == measure)
    last_year = recount.last_year
    until = last_year[-1]
    before = [
        session
        for session in recount.school.sessions
        if session.school_year == until.school_year and session.day <= until.day
    ]
    people, earlier_people = recount.enrolments("dfe"), recount.enrolments("dfe", until.school_year)
    spans = {
        "now": (people, recount.current), "previous": (people, recount.previous), "last": (earlier_people, last_year),
        "year": (people, recount.year_sessions), "last_year": (earlier_people, before),
    }  # fmt: skip
    counted = {name: count(recount.school, *span) for name, span in spans.items()}
    rates = {
        name: Fraction(each[HEADLINE_CLASSES[measure]], each["possible"]) for name, each in counted.items()
    }
    assert float(found["period_rate"]) == near(rates["now"])
    assert float(found["change_rate"]) == near(rates["now"] - rates["previous"])
    assert float(found["change_on_last_year_rate"]) == near(rates["now"] - rates["last"])
    assert float(found["year_to_date_rate"]) == near(rates["year"])
    assert float(found["year_change_rate"]) == near(rates["year"] - rates["last_year"])


def test_the_same_weeks_last_year_are_the_second_and_third_of_the_half_term(recount):
    days = [session.day for session in recount.last_year]
    assert (days[0], days[-1], len(days)) == (date(2025, 11, 10), date(2025, 11, 21), 20)


def test_the_period_before_reaches_over_the_half_term_holiday(recount):
    days = sorted({session.day for session in recount.previous})
    assert (days[0], days[-1], len(days)) == (date(2026, 10, 19), date(2026, 11, 6), 9)  # 2 November is INSET


def test_no_persistent_absence_is_shown_for_a_fortnight(table):
    for row in table("headline")[-2:]:
        assert (row["period_rate"], row["change_rate"], row["change_on_last_year_rate"]) == ("", "", "")


def test_key_figures_say_the_counts_of_the_files(table, recount):
    people = recount.enrolments("dfe")
    now, before = (
        count(recount.school, people, recount.current),
        count(recount.school, people, recount.previous),
    )
    earlier = [recount.total(pupil, "earlier") for pupil in people]
    own = {row["figure"]: row for row in table("key_figures") if row["comparison"] == "itself"}
    compared = {(row["figure"], row["comparison"]): row["value"] for row in table("key_figures")}
    assert own["period_attendance_rate"]["detail"] == f"{now['attended']:,} of {now['possible']:,} sessions"
    for found, there in (
        (own["late_rate"]["value"], now),
        (compared["late_rate", "in the period before"], before),
    ):
        assert float(found) == pytest.approx((there["code", "L"] + there["code", "U"]) / there["possible"])
    assert float(compared["persistent_absence_rate", "enrolments before the period"]) == sum(
        map(is_persistent, earlier)
    )
    assert float(compared["severe_absence_rate", "enrolments before the period"]) == sum(
        map(is_severe, earlier)
    )


GROUPS = (
    *(("year_group", "Year group", f"Year {year}", year) for year in (7, 8, 9, 10, 11)),
    ("sex", "Sex", "Female", "F"),
    ("sex", "Sex", "Male", "M"),
    ("fsm", "Free school meals", "Eligible", "1"),
    ("fsm", "Free school meals", "Not eligible", "0"),
    ("pupil_premium", "Pupil premium", "Yes", "1"),
    ("sen_status", "Special educational needs", "EHC plan", "E"),
    ("sen_status", "Special educational needs", "SEN support", "K"),
    ("sen_status", "Special educational needs", "No SEN", "N"),
    ("eal", "English as an additional language", "Yes", "1"),
    ("looked_after", "Looked after", "Yes", "1"),
    ("looked_after", "Looked after", "No", "0"),
)


@pytest.mark.parametrize(("column", "characteristic", "group", "value"), GROUPS)
def test_a_group_is_what_the_files_say(table, recount, column, characteristic, group, value):
    (found,) = [
        row for row in table("groups") if (row["characteristic"], row["group"]) == (characteristic, group)
    ]
    expected = recount.group(column, value)
    counts = ("enrolments", "possible_sessions", "absence_sessions", "persistently_absent_enrolments")
    assert {name: int(found[name]) for name in counts} == {name: expected[name] for name in counts}
    rates = ("attendance_rate", "gap_rate", "period_attendance_rate", "change_rate")
    assert {name: float(found[name]) for name in rates} == {name: near(expected[name]) for name in rates}


def test_every_characteristic_that_the_groups_are_of_is_counted_again_from_the_files(table):
    assert {row["characteristic"] for row in table("groups")} == {heading for _, heading, *_ in GROUPS}


def test_the_groups_of_each_characteristic_add_up_to_the_school(table, recount):
    whole, sums = recount.headline("dfe"), {}
    for row in [*table("groups"), *table("forms")]:
        sums.setdefault(row["characteristic"], Counter()).update(
            {name: int(row[name]) for name in ("enrolments", "possible_sessions", "absence_sessions")}
        )
    for characteristic, found in sums.items():
        assert dict(found) == {name: whole[name] for name in found}, characteristic


def test_year_groups_by_week_are_what_the_files_say(table, recount):
    found = {
        (int(row["year_group"]), row["week_beginning"]): float(row["attendance_rate"])
        for row in table("year_by_week")
    }
    expected = {}
    for year in (7, 8, 9, 10, 11):
        people = [pupil for pupil in recount.enrolments("dfe") if recount.value(pupil, "year_group") == year]
        for week in sorted({session.week for session in recount.year_sessions}):
            counted = count(
                recount.school, people, [session for session in recount.year_sessions if session.week == week]
            )
            expected[year, week.isoformat()] = near(Fraction(counted["attended"], counted["possible"]))
    assert found == expected


REASON_CODES = {
    "Illness": "I", "Medical appointment": "M", "Leave granted": "C C1 J1", "Study leave": "S", "Part-time timetable": "C2",
    "Other authorised": "R T", "Suspended or excluded": "E", "Unauthorised holiday": "G", "No reason yet": "N",
    "Other unauthorised": "O", "Late after the register closed": "U",
}  # fmt: skip


def test_reasons_are_what_the_files_say_and_make_up_all_absence(table, recount):
    people = recount.enrolments("dfe")
    now, before, year = (
        count(recount.school, people, span)
        for span in (recount.current, recount.previous, recount.year_sessions)
    )
    assert sum(int(row["sessions"]) for row in table("reasons")) == now["absent"]
    for row in table("reasons"):
        letters = REASON_CODES[row["reason"]].split()
        assert set(row["codes"].split(", ")) <= set(letters)
        assert int(row["sessions"]) == sum(now["code", letter] for letter in letters)
        for name, counted in (("reason_rate", now), ("previous_rate", before), ("year_to_date_rate", year)):
            assert float(row[name]) == near(
                Fraction(sum(counted["code", letter] for letter in letters), counted["possible"])
            )


def test_uncommon_codes_are_what_the_files_say(table, recount):
    people = recount.enrolments("dfe")
    year = count(recount.school, people, recount.year_sessions)
    used = [letter for letter in ("K", "B", "D", "X", "C2", "E", "Y7") if year["code", letter]]
    assert [row["code"] for row in table("uncommon_codes")] == used
    for row in table("uncommon_codes"):
        each = [recount.total(pupil, "current")["code", row["code"]] for pupil in people]
        assert int(row["sessions"]) == sum(each)
        assert int(row["enrolments"]) == sum(number > 0 for number in each)
        assert int(row["year_to_date_sessions"]) == year["code", row["code"]]


def test_crossings_and_late_edits_are_what_the_files_say(table, recount):
    names = {
        1: "Above 95%",
        2: "At risk (above 90% to 95%)",
        3: "Persistent absence (90% or below)",
        4: "Severe absence (50% or below)",
    }
    expected = sorted(
        (pupil, cause, names[was], names[now]) for pupil, cause, was, now in recount.crossings()
    )
    assert (
        sorted((row["pupil_id"], row["cause"], row["was"], row["now"]) for row in table("crossed_pupils"))
        == expected
    )
    assert {
        row["edit"]: (int(row["marks"]), int(row["enrolments"])) for row in table("late_edits")
    } == recount.late_edits()


@pytest.mark.parametrize(("place", "line"), [(0, 4), (1, 3), (2, 2)])
def test_counts_of_crossings_are_what_the_files_say(table, recount, place, line):
    def is_over(standing):
        return standing == line if line == 2 else standing >= line

    row, found = table("crossing_counts")[place], recount.crossings()
    for cause, ending in (("sessions since", ""), ("edits to earlier marks", "_by_edit")):
        moves = [(was, now) for _, why, was, now in found if why == cause]
        assert int(row[f"joined{ending}"]) == sum(is_over(now) and not is_over(was) for was, now in moves)
        assert int(row[f"left{ending}"]) == sum(is_over(was) and not is_over(now) for was, now in moves)


RULES = {
    "National framework": (10, 10, "week"),
    "10 sessions in a term": (10, 1, "term"),
    "14 sessions over two consecutive terms": (14, 2, "term"),
}


@pytest.fixture(scope="session")
def windows(table):
    """The rows of the national table and of the local ones."""
    return [*table("notice_windows"), *table("local_notice_windows")]


def test_local_rules_stand_apart_from_the_national_one(table):
    assert {row["rule"] for row in table("notice_windows")} == {"National framework"}
    assert {row["rule"] for row in table("local_notice_windows")} == set(RULES) - {"National framework"}


@pytest.mark.parametrize("rule", RULES)
def test_notice_windows_are_what_the_files_say(windows, recount, rule):
    """By pupil and parent; parents whose windows count the same share a row, which tells the earliest day met."""
    counted = recount.windows(*RULES[rule])
    expected = {
        key: window for key, window in counted.items() if window["first_met_date"] or window["is_near"]
    }
    rows = [row for row in windows if row["rule"] == rule and row["standing"] != "Notice to improve"]
    found = {(row["pupil_id"], parent): row for row in rows for parent in row["parents_text"].split("; ")}
    assert found.keys() == expected.keys()
    for key, window in expected.items():
        row = found[key]
        assert (int(row["counted_sessions"]), int(row["n_sessions"])) == (
            window["counted_sessions"],
            window["n_sessions"],
        )
        shared = [expected[other]["first_met_date"] for other in expected if found[other] is row]
        assert row["first_met_date"] == str(min((day for day in shared if day), default=""))
        assert row["is_met_now"] == str(window["is_met_now"]).lower()


def test_those_under_a_notice_to_improve_are_in_the_national_table(table, recount):
    rows = table("notice_windows")
    on_roll = {pupil["pupil_id"] for pupil in recount.enrolments("roll")}
    warned = recount.under_notice_to_improve() & on_roll
    assert {row["pupil_id"] for row in rows if row["standing"] == "Notice to improve"} <= warned
    assert warned
    assert warned <= {row["pupil_id"] for row in rows}


def test_the_evidence_lists_every_session_counted_once(table, windows):
    """A session that counts for one parent and not for another is told once: a pupil's fullest window has them all."""
    rows = table("notice_sessions")
    listed = Counter((rule, row["pupil_id"]) for row in rows for rule in row["rule"].split("; "))
    fullest: Counter = Counter()
    for row in windows:
        fullest |= Counter({(row["rule"], row["pupil_id"]): int(row["counted_sessions"])})
    assert listed == fullest
    assert len({(row["pupil_id"], row["date"], row["session"]) for row in rows}) == len(rows)
    assert {row["code"] for row in rows} <= {"G", "N", "O", "U"}


def test_sessions_to_explain_are_what_the_files_say(table, recount):
    words = {"No reason yet (N)": "N", "Missing mark": "missing"}
    found = []
    for row in table("unexplained_sessions"):
        place = row["pupil_id"], date.fromisoformat(row["date"]), row["session"]
        found.append((*place, words[row["what"]], row["is_overdue"] == "true"))
    assert sorted(found) == sorted(recount.unexplained())


def test_what_was_left_out_is_what_the_files_say(table, recount):
    year = count(recount.school, recount.enrolments("dfe"), recount.year_sessions)
    short = sum(0 < recount.total(pupil)["possible"] < 20 for pupil in recount.enrolments("dfe"))
    expected = [year["missing"], year["unclassified"], year["not_possible"], short]
    assert [int(row["count"]) for row in table("left_out")[:4]] == expected
    assert year["not_possible"] == sum(year["code", letter] for letter in NOT_POSSIBLE)


def test_the_priority_list_is_in_the_order_that_its_rule_gives(table, recount):
    held = recount.points()
    expected = sorted(
        held,
        key=lambda pupil: (
            -held[pupil]["points"],
            -held[pupil]["absent_in_period"],
            -held[pupil]["absent"],
            pupil,
        ),
    )
    assert [row["pupil_id"] for row in table("priority_pupils")] == expected
    assert [int(row["points"]) for row in table("priority_pupils")] == [
        held[pupil]["points"] for pupil in expected
    ]


def test_the_first_ten_head_the_priority_list(table):
    assert [row["pupil_name"] for row in table("first_ten")] == [
        row["pupil_name"] for row in table("priority_pupils")[:10]
    ]


@pytest.fixture(scope="session")
def truth(made):
    """What the demo school wrote down of itself when it was invented."""
    return json.loads((made / "exports" / "truth.json").read_text(encoding="utf-8"))


def test_the_files_hold_what_was_invented(truth, recount):
    """The recount and the demo school agree, and neither knows of the other."""
    year = count(recount.school, recount.school.pupils, recount.year_sessions)
    invented = truth["totals"]["202627"]
    assert year["possible"] == invented["possible_sessions"]
    for kind in ("authorised", "unauthorised"):
        assert year[kind] == invented[f"{kind}_absence_sessions"]
    letters = {"L": "late_before_close", "U": "late_after_close", "N": "n"}
    for letter, kind in letters.items():
        assert year["code", letter] == invented[f"{kind}_sessions"]


def test_the_pupil_on_exactly_ninety_percent_is_persistently_absent(truth, recount, table):
    (planted,) = [each for each in truth["planted"] if each["fact"] == "exactly_ninety_percent"]
    assert (planted["absence_sessions"], planted["possible_sessions"]) == (10, 100)
    (row,) = [row for row in table("priority_pupils") if row["pupil_id"] == planted["pupil_id"]]
    assert "ersistent" in row["why"]
    assert (row["absence_sessions"], row["possible_sessions"], row["sessions_until_persistent"]) == (
        "10",
        "100",
        "",
    )


def test_pupils_planted_close_to_the_line_are_told_how_close(truth, table):
    rows = {row["pupil_id"]: row for row in table("priority_pupils")}
    name = "sessions_to_persistent_absence"
    until = {each["pupil_id"]: each[name] for each in truth["planted"] if name in each}
    close = {pupil: sessions for pupil, sessions in until.items() if sessions <= 4}
    assert sorted(close.values()) == [1, 2, 3]
    assert {pupil: int(rows[pupil]["sessions_until_persistent"]) for pupil in close} == close
    assert not rows.keys() & (until.keys() - close.keys())


@pytest.mark.parametrize(
    ("fact", "rule", "standing", "sessions"),
    [
        ("ten_unauthorised_in_ten_school_weeks", "National framework", "Met", "10"),
        ("nine_unauthorised_in_ten_school_weeks", "National framework", "Near", "9"),
        (
            "ten_unauthorised_with_four_n",
            "National framework",
            "Met only if N count",
            "10, of which 4 are still N",
        ),
        ("ten_unauthorised_but_over_eleven_school_weeks", "National framework", "Near", "9"),
        ("fourteen_over_two_terms", "14 sessions over two consecutive terms", "Met", "14"),
    ],
)
def test_pupils_planted_about_a_notice_threshold_stand_where_they_should(
    truth, windows, fact, rule, standing, sessions
):
    (planted,) = [each for each in truth["planted"] if each["fact"] == fact]
    (row,) = [row for row in windows if (row["pupil_id"], row["rule"]) == (planted["pupil_id"], rule)]
    assert (row["standing"], row["counted_text"]) == (standing, sessions)


def test_a_mark_is_never_counted_twice(recount):
    counted = count(recount.school, recount.enrolments("dfe"), recount.year_sessions)
    classes = (
        "present",
        "activity",
        "authorised",
        "unauthorised",
        "not_possible",
        "missing",
        "unclassified",
        "closed",
        "off roll",
    )
    assert sum(counted[each] for each in classes) == len(recount.enrolments("dfe")) * len(
        recount.year_sessions
    )
    assert mark(recount.school, recount.school.pupils[0], recount.current[0])


# --- Files ---


def test_the_pack_holds_every_file_of_the_contract(pack):
    assert sorted(path.name for path in pack.iterdir()) == [
        "fortnightly.html", "fortnightly.ipynb", "fortnightly.pdf", "fortnightly.xlsx", "receipt.json", "tables",
    ]  # fmt: skip
    assert all(path.stat().st_size for path in pack.rglob("*") if path.is_file())


def test_the_index_is_true_to_the_tables(pack):
    index = json.loads((pack / "tables" / "index.json").read_text(encoding="utf-8"))
    assert sorted(entry["file"] for entry in index) == sorted(
        path.name for path in (pack / "tables").glob("*.csv")
    )
    for entry in index:
        heads, *rows = csv.reader(StringIO((pack / "tables" / entry["file"]).read_text(encoding="utf-8-sig")))
        assert heads == [column["name"] for column in entry["columns"]], entry["name"]
        assert len(rows) == entry["rows"], entry["name"]
        assert entry["personal"] == any(column["personal"] for column in entry["columns"])
        assert all(column["meaning"] and column["heading"].strip() for column in entry["columns"]), entry[
            "name"
        ]


def test_every_table_that_names_pupils_is_marked_personal(pack):
    index = json.loads((pack / "tables" / "index.json").read_text(encoding="utf-8"))
    naming = [
        entry
        for entry in index
        if {"pupil_id", "pupil_name"} & {column["name"] for column in entry["columns"]}
    ]
    assert len(naming) >= 8
    assert all(entry["personal"] for entry in naming)


def test_rates_are_fractions_and_nothing_missing_is_written_as_a_word(pack):
    index = json.loads((pack / "tables" / "index.json").read_text(encoding="utf-8"))
    for entry in index:
        rows = list(
            csv.DictReader(StringIO((pack / "tables" / entry["file"]).read_text(encoding="utf-8-sig")))
        )
        rates = [
            column["name"]
            for column in entry["columns"]
            if column["name"].endswith("_rate") and column["unit"].startswith("fraction")
        ]
        assert all(-1 <= float(row[name]) <= 1 for row in rows for name in rates if row[name])
        assert not {value.lower() for row in rows for value in row.values()} & {
            "nan",
            "nat",
            "none",
            "<na>",
        }, entry["name"]


def test_two_runs_give_the_same_bytes(made):
    first, second = (
        {
            path.relative_to(made / run): without_the_minute(path)
            for path in (made / run).rglob("*")
            if path.is_file() and path.name != "receipt.json" and not path.name.startswith("casebook-")
        }
        for run in ("first", "second")
    )
    assert len(first) > 25
    assert first.keys() == second.keys()
    assert [str(path) for path in first if first[path] != second[path]] == []


def without_the_minute(path):
    """Return the bytes of a file; of the list of papers without the minute at which each was made, the one thing that differs."""
    content = path.read_bytes()
    if path.name != "index.html":
        return content
    content, minutes = re.subn(rb"<td>\d{4}-\d\d-\d\d \d\d:\d\d</td>", b"<td></td>", content)
    assert minutes, path
    return content


def test_verify_passes_and_finds_a_changed_number(pack, tmp_path):
    found = attendance("verify", pack)
    printed, told = found.communicate()
    assert (found.returncode, printed.strip().endswith("as it was made")) == (0, True), told


# --- HTML ---


def test_the_page_asks_the_network_for_nothing_and_runs_nothing(pack, page):
    text = (pack / "fortnightly.html").read_text(encoding="utf-8")
    assert page.select("script, link, iframe, object, embed, form, base, audio, video") == []
    assert [tag.name for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)] == []
    addresses = [
        tag[name]
        for tag in page.find_all()
        for name in ("src", "href", "xlink:href", "action", "data", "poster")
        if tag.get(name)
    ]
    assert {address[:5] for address in addresses if not address.startswith("#")} <= {
        "data:",
        "../..",
    }  # other packs beside it
    assert re.findall(r"url\((?!['\"]?(?:data:|#))[^)]*\)|@import", text) == []
    assert set(re.findall(r"https?://[^\s\"'<>)]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_the_page_forbids_what_it_does_not_need(page):
    (policy,) = page.select('meta[http-equiv="Content-Security-Policy"]')
    assert policy["content"].startswith("default-src 'none'")
    assert "script-src" not in policy["content"]


def test_the_parts_stand_in_order(page):
    headings = [each.get_text(strip=True) for each in page.select("h2")]
    assert tuple(heading for heading in headings if heading in PARTS) == PARTS
    assert headings[0] == PARTS[0]
    assert headings[-1] == PARTS[-1]
    levels = [int(each.name[1]) for each in page.select("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_no_part_is_empty(page):
    for heading in page.select("h2"):
        following = heading.find_all_next(["h2", "table", "li", "p", "figure"], limit=4)
        assert following[0].name != "h2", heading.get_text()
        assert any(each.name != "h2" and each.get_text(strip=True) for each in following)


def test_no_error_and_no_leftover_shows_on_the_page(page):
    text = page.get_text(" ")
    shown = re.findall(
        r"Traceback|Warning:|\bnan\b|\bNaN\b|\bNaT\b|<NA>|\bNone\b(?! recorded)|\{[a-z_]+\}|0x[0-9a-f]{6}|In \[\d|ipykernel",
        text,
    )
    assert shown == []


def test_code_is_hidden_from_the_page_and_kept_in_the_notebook(page, notebook):
    assert "open_pack(" not in page.get_text()
    assert any("open_pack(" in cell.source for cell in notebook.cells)


def test_every_picture_has_words(page):
    pictures = page.select("img, figure svg, svg[role=img]")
    assert pictures
    for each in pictures:
        named = any(each.get(name) for name in ("alt", "aria-label", "aria-labelledby"))
        assert named or each.find("title") or each.get("aria-hidden") == "true", str(each)[:200]


def test_every_table_has_a_caption_and_headed_rows_and_columns(page):
    for each in page.select("table"):
        assert each.caption.get_text(strip=True)
        assert each.select("thead th[scope=col]"), each.caption
        assert all(row.select("th[scope=row]") for row in each.select("tbody tr:not(.att-group)")), (
            each.caption
        )


def test_every_page_says_whose_it_is_and_how_to_keep_it(page, printed_pages):
    for text in (page.get_text(), *printed_pages):
        assert "Confidential" in text or "CONFIDENTIAL" in text
        assert "Larkmoor Academy" in text


# --- PDF ---


def test_the_paper_is_tagged_and_says_language_and_title(paper):
    root = paper.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"].lower().startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Fortnightly pastoral pack" in paper.metadata.title
    assert paper.metadata.author == "Larkmoor Academy"


def test_the_paper_claims_pdf_ua_and_is_a4(paper):
    assert b"pdfuaid:part" in paper.root_object["/Metadata"].get_object().get_data()
    sides = {tuple(sorted(round(float(side)) for side in each.mediabox[2:])) for each in paper.pages}
    assert sides == {(595, 842)}


def titles(outline):
    """The outline, nested headings in their order."""
    return [title for each in outline for title in (titles(each) if isinstance(each, list) else [each.title])]


def test_the_outline_leads_to_the_parts(paper):
    found = [title for title in titles(paper.outline) if title in PARTS]
    assert tuple(found) == PARTS


def test_the_paper_counts_its_pages(printed_pages):
    for number, text in enumerate(printed_pages, start=1):
        assert re.search(rf"\b{number} of {len(printed_pages)}\b", text), number


def test_the_paper_starts_no_action(paper):
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(paper.root_object)
    assert "/JavaScript" not in paper.root_object.get("/Names", {})


# --- Workbook ---


def header_row(sheet, headings):
    """The number of the row that holds a table's headings."""
    return next(row[0].row for row in sheet.iter_rows(max_row=12) if headings <= {cell.value for cell in row})


def column(sheet, heading):
    """The cells below a heading."""
    row = header_row(sheet, {heading})
    place = next(cell.column for cell in sheet[row] if cell.value == heading)
    return [sheet.cell(number, place) for number in range(row + 1, sheet.max_row + 1)]


def test_the_workbook_has_a_sheet_for_each_table(pack, book):
    index = json.loads((pack / "tables" / "index.json").read_text(encoding="utf-8"))
    wanted = {entry["name"] for entry in index} - {"key_figures"}
    tabs = tabs_of(book)
    assert wanted <= tabs.keys()
    assert {tabs[name] for name in wanted} <= set(book.sheetnames)
    assert book["columns"].sheet_state in ("hidden", "veryHidden")


def test_values_in_the_workbook_keep_their_types(book):
    dates = [cell.value for cell in column(book["Sessions towards a notice"], "Date")]
    assert {type(value) for value in dates} <= {date, datetime}
    rates = [cell for cell in column(book["Groups"], "Year to date") if cell.value is not None]
    assert all(
        isinstance(cell.value, float) and 0 <= cell.value <= 1 and "%" in cell.number_format for cell in rates
    )
    ids = [cell.value for cell in column(book["Priority pupils"], "Pupil ID") if cell.value is not None]
    assert ids
    assert all(isinstance(value, str) and re.fullmatch(r"\d{6}", value) for value in ids)
    assert all(
        isinstance(cell.value, int) for cell in column(book["Groups"], "Enrolments") if cell.value is not None
    )


def test_no_cell_of_the_workbook_is_a_formula_or_a_link_outside(book):
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    links = [
        cell.hyperlink.target for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink
    ]
    assert [link for link in links if link] == []


def test_staff_choose_a_status_from_a_list(book):
    sheet = book["Actions"]
    status = column(sheet, "Status")
    rules = [
        rule
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list" and status[0].coordinate in rule.sqref
    ]
    assert len(rules) == 1
    assert status[-1].coordinate in rules[0].sqref


def test_the_sheets_of_lists_can_be_filtered_and_keep_their_heads_in_view(book):
    for name in ("Priority pupils", "Actions", "National notice threshold"):
        assert book[name].auto_filter.ref or book[name].tables, name
        assert book[name].freeze_panes, name


# --- Notebook and receipt ---


def test_the_executed_notebook_keeps_its_parameters_and_ran_in_order(notebook):
    parameters = notebook.metadata.papermill.parameters
    assert (parameters["date_from"], parameters["date_to"], parameters["cohort"]) == (*PERIOD, "all")
    injected = [cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", ())]
    assert len(injected) == 1
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


def test_no_cell_failed_or_printed_anything(notebook):
    kinds = Counter(output.output_type for cell in notebook.cells for output in cell.get("outputs", ()))
    assert set(kinds) == {"execute_result"}


def test_the_receipt_knows_every_input_and_has_no_warning(pack):
    receipt = json.loads((pack / "receipt.json").read_text(encoding="utf-8"))
    names = {Path(name).name for name in receipt["inputs"]}
    assert {
        "school.yml",
        "pupils.csv",
        "marks_2025-26.csv",
        "marks_2026-27.csv",
        "late_arrivals.csv",
        "amended_marks.csv",
        "logs.xlsx",
    } <= names
    assert receipt["warnings"] == []
    assert {rule for rule in RULES if any(rule in each["name"] for each in receipt["rules"])} == set(RULES)
