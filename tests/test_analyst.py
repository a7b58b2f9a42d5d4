"""The analyst's object: counts worked by hand on four pupils over two years of seven days; nothing of a pupil in its words."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import attendance_lib
from attendance_lib.analyst import ByName, Counted, OpenSchool, PaperMade
from attendance_lib.errors import RequestError, SettingsError
from attendance_lib.pack.cohorts import Selection
from attendance_lib.register.build import build_register
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from tests.papers.conftest import NAMES, marks_table, pupils_table

SUMMER = Term(
    "202526",
    "summer",
    (HalfTerm(date(2026, 6, 1), date(2026, 6, 5)), HalfTerm(date(2026, 6, 15), date(2026, 6, 16))),
)
AUTUMN = Term(
    "202627",
    "autumn",
    (HalfTerm(date(2026, 9, 7), date(2026, 9, 11)), HalfTerm(date(2026, 11, 2), date(2026, 11, 3))),
)
CALENDAR = SchoolCalendar((SUMMER, AUTUMN))
# Four pupils, two in Year 9 and two in Year 10 of 2026/27. Seven days, fourteen sessions, in each year.
ABSENCES = {
    "0001": {"I": ["2026-06-01"], "O": ["2026-09-11"]},
    "0003": {"I": ["2026-09-07"]},
    "0004": {"": ["2026-09-08"]},
}


@pytest.fixture(scope="module")
def school():
    pupils = pupils_table()
    marks = marks_table(ABSENCES, (), CALENDAR)
    register = build_register(pupils, marks, CALENDAR).register
    named = SimpleNamespace(name="Tiny School", urn="990003", name_and_urn=("Tiny School", "990003"))
    read = SimpleNamespace(settings=SimpleNamespace(school=named, own_folder=None))
    return OpenSchool(Path("params/tiny.yml"), read, register, Selection())


def rows(frame, *columns):
    return pd.DataFrame(frame)[list(columns)].to_numpy().tolist()


def test_a_year_group_is_that_of_each_school_year_and_years_come_in_order(school):
    found = school.attendance(by="year_group", over="school_year")
    names = ("year_group", "school_year", "enrolments", "possible_sessions", "absence_sessions")
    assert rows(found, *names) == [
        [8, "2025/26", 2, 28, 2],
        [9, "2025/26", 2, 28, 0],
        [9, "2026/27", 2, 28, 2],
        [10, "2026/27", 2, 26, 2],
    ]
    assert found["absence_rate"].tolist() == [2 / 28, 0.0, 2 / 28, 2 / 26]


def test_all_together_counts_each_enrolment_once(school):
    assert rows(school.attendance(), "enrolments", "possible_sessions", "missing_sessions") == [[4, 110, 2]]


@pytest.mark.parametrize(
    ("where", "possible", "absent"),
    [
        ({"weekday": "Monday"}, 4 * 2 * 2 + 4 * 2 * 2, 2 + 2),
        ({"weekday": ["Monday", "Friday"], "school_year": "2026/27"}, 4 * 2 * 3, 2 + 2),
        ({"year_group": 9, "fsm": True}, 14, 2),
        ({"sex": "F", "session": "AM", "month": "2026-09"}, 2 * 5, 2),
        ({"half_term_of_year": "Autumn 2"}, 4 * 4, 0),
    ],
)
def test_where_keeps_what_has_one_of_the_values(school, where, possible, absent):
    assert rows(school.attendance(where=where), "possible_sessions", "absence_sessions") == [
        [possible, absent]
    ]


def test_times_come_in_their_own_order(school):
    weekdays = school.attendance(over="weekday", where={"school_year": "2026/27"})["weekday"].tolist()
    assert weekdays == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert school.attendance(over="half_term_of_year")["half_term_of_year"].tolist() == [
        "Autumn 1",
        "Autumn 2",
        "Summer 1",
        "Summer 2",
    ]


def test_a_group_that_nobody_recorded_is_named(school):
    assert school.attendance(by="sen_status")["sen_status"].tolist() == ["E", "K", "N", "Not recorded"]


def test_codes_say_how_they_count(school):
    found = school.codes(by="form", where={"month": "2026-09", "form": ["9A", "10A"]})
    assert rows(found, "form", "code", "counts_as", "sessions") == [
        ["10A", "/", "present", 8],
        ["10A", "I", "authorised absence", 2],
        ["9A", "/", "present", 8],
        ["9A", "O", "unauthorised absence", 2],
    ]


def test_compare_sets_the_most_below_the_others_first(school):
    found = school.compare(
        by="form",
        where={"school_year": "2026/27", "half_term_of_year": "Autumn 1", "weekday": "Monday"},
        against={"weekday": ["Tuesday", "Wednesday", "Thursday", "Friday"]},
    )
    assert rows(found, "form", "possible_sessions", "possible_sessions_against", "difference_rate") == [
        ["10A", 2, 8, -1.0],
        ["10B", 2, 6, 0.0],
        ["9B", 2, 8, 0.0],
        ["9A", 2, 8, 0.25],
    ]
    assert "Against: school year 2026/27" in found.about


def test_pupils_of_the_last_year_most_missed_first_with_their_flags(school):
    found = school.pupils(also="fsm")
    assert rows(found, "pupil_id", "absence_sessions", "possible_sessions", "is_persistently_absent") == [
        ["0001", 2, 14, True],
        ["0003", 2, 14, True],
        ["0002", 0, 14, False],
        ["0004", 0, 12, False],
    ]
    assert school.pupils({"school_year": "2025/26"})["year_group"].tolist() == [8, 8, 9, 9]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"by": "yeargroup"},
            "There is no column 'yeargroup' of pupils or sessions. Did you mean 'year_group'?",
        ),
        (
            {"where": {"weekdya": "Monday"}},
            "There is no column 'weekdya' of pupils or sessions. Did you mean 'weekday'?",
        ),
        ({"where": {"weekday": "Munday"}}, "No weekday is 'Munday'. Did you mean 'Monday'?"),
        ({"where": {"year_group": 14}}, "No year_group is 14. Use one of: 8, 9, 10."),
        ({"by": "form", "over": "sex"}, "over='sex' is a column of pupils. Name it in by"),
    ],
)
def test_what_is_not_known_is_said_with_what_was_meant(school, asked, said):
    with pytest.raises(SettingsError) as refused:
        school.attendance(**asked)
    assert said in str(refused.value)


def test_compare_without_others_and_a_plot_of_no_figure_are_refused(school):
    with pytest.raises(SettingsError, match="compare needs against"):
        school.compare(by="form")
    with pytest.raises(SettingsError, match="Did you mean 'attendance_rate'"):
        school.plot(by="form", figure="attendence_rate")
    with pytest.raises(SettingsError, match="14 lines cannot be told apart; at most 6 can"):
        school.plot(by="date", over="session")


def test_every_result_says_what_it_counts_and_what_is_made_of_it_does_not(school):
    found = school.attendance(by="form", where={"weekday": "Monday"})
    assert "Counts sessions of Tiny School, 1 June 2026 to 3 November 2026, weekday Monday." in repr(found)
    assert "weekday Monday" in found._repr_html_()
    assert not isinstance(found.head(1), Counted)


def test_the_school_in_a_cell_names_no_pupil(school):
    shown = repr(school) + school._repr_html_() + school.columns.to_string()
    assert (
        "Tiny School: 2 school years to 3 November 2026, 28 sessions; 4 enrolments in the last year." in shown
    )
    for pupil, names in NAMES.items():
        assert not [each for each in (pupil, *names) if each in shown]


def test_the_school_in_a_cell_names_its_columns(school):
    shown = school._repr_html_()
    assert "<li>pupils: pupil_id, " in shown
    assert ", year_group, " in shown
    assert "<li>sessions: school_year, term, half_term, " in shown


def test_a_column_that_a_result_has_not_is_named_with_what_was_meant(school):
    found = school.attendance(by="form")
    for asked in ("attendence_rate", ["form", "attendence_rate"]):
        with pytest.raises(
            KeyError, match="There is no column 'attendence_rate' here. Did you mean 'attendance_rate'"
        ):
            found[asked]
    assert found.get("attendence_rate") is None
    assert found[found["form"] == "9A"]["possible_sessions"].tolist() == [28]


def test_a_plot_is_in_the_house_style_with_its_words_and_table(school):
    lines = school.plot(by="year_group", over="weekday", where={"school_year": "2026/27"})
    assert (
        lines.alt == "10 values, from 50.0% (9, Friday) to 100.0% (9, Monday). The table below has them all."
    )
    assert lines.table.columns[-1].name == "attendance_rate"
    assert lines.svg.startswith("<svg")
    bars = school.plot(by="form", figure="absence_sessions")
    assert bars.alt == "4 values, from 0 (10B) to 4 (9A). The table below has them all."


def test_a_paper_that_was_never_made_is_asked_for_by_its_command(school, tmp_path):
    there = replace(school, school_file=tmp_path / "params" / "tiny.yml")
    with pytest.raises(RequestError, match="attendance run fortnightly --school"):
        there.paper("fortnightly")
    with pytest.raises(RequestError, match="no paper 'fortnightlyy'. Did you mean 'fortnightly'"):
        there.paper("fortnightlyy")


def test_what_a_pack_has_not_is_named_with_what_was_meant():
    held = ByName("table", {"groups": 1, "codes": 2})
    assert held["codes"] == 2
    with pytest.raises(RequestError, match="There is no table 'group'. Did you mean 'groups'"):
        held["group"]
    with pytest.raises(RequestError, match="There is no chart 'weeks'. It has none."):
        ByName("chart", {})["weeks"]


def test_the_house_gives_it_at_its_door():
    assert attendance_lib.open_school.__name__ == "open_school"
    assert PaperMade.__name__ == "PaperMade"
    with pytest.raises(AttributeError):
        _ = attendance_lib.nothing_of_the_kind
