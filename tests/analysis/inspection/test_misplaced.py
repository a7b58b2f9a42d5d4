"""Marks without a place in the register, and what the intake log says."""

from types import SimpleNamespace

import pytest

from attendance_lib.intake.ledger import Finding, Repair, Severity

JOINER, LEAVER = {"admission_date": "2026-09-16"}, {"leaving_date": "2026-09-16"}


@pytest.mark.parametrize(
    ("pupil", "extra", "expected"),
    [
        (JOINER, [("2026-09-15", "PM", "\\")], [("mark_off_roll", "0000", "2026-09-15", "2026-09-15", "")]),
        (
            LEAVER,
            [("2026-09-17", "AM", "I"), ("2026-09-18", "AM", "I")],
            [("mark_off_roll", "0000", "2026-09-17", "2026-09-18", "")],
        ),
        (JOINER, [("2026-09-15", "PM", "Z")], []),
        ({}, [("2026-11-02", "AM", "/")], [("mark_when_closed", "0000", "2026-11-02", "2026-11-02", "AM")]),
        ({}, [("2026-10-31", "PM", "O")], [("mark_when_closed", "0000", "2026-10-31", "2026-10-31", "PM")]),
        ({}, [("2026-11-02", "AM", "#")], []),
        (
            {"year_group": 8},
            [("2026-09-09", "PM", "\\")],
            [("mark_when_closed", "0000", "2026-09-09", "2026-09-09", "PM")],
        ),
        ({}, [("2026-08-25", "AM", "/")], []),
    ],
)
def test_a_mark_without_a_place_is_found_unless_it_says_so_itself(found, pupil, extra, expected):
    assert found(pupil, {}, extra=[("0000", *mark) for mark in extra]) == expected


def test_marks_of_a_closed_session_are_one_thing(inspect):
    extra = [("0000", "2026-11-02", "AM", "/"), ("0001", "2026-11-02", "AM", "L")]
    things = inspect({}, {}, extra=extra)
    assert things[["pupil_id", "form", "detail"]].to_numpy().tolist() == [
        ["", "9A", "2 marks (/, L) of 2 pupils"]
    ]


def test_marks_off_roll_are_counted_with_their_codes(inspect):
    extra = [("0000", "2026-09-17", "AM", "I"), ("0000", "2026-09-18", "PM", "\\")]
    assert inspect(LEAVER, {}, extra=extra)["detail"].tolist() == ["2 marks (I, \\)"]


def log_of(*findings, repairs=()):
    return SimpleNamespace(findings=findings, repairs=repairs)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("unknown_code", ["unknown_code"]),
        ("conflicting_marks", ["conflicting_rows"]),
        ("undecided_marks", ["conflicting_rows"]),
        ("overruled_marks", ["sources_differ"]),
        ("ages", []),
    ],
)
def test_what_the_intake_found_of_codes_and_rows_is_a_thing_to_fix(inspect, rule, expected):
    things = inspect(
        {},
        {},
        log=log_of(Finding(rule, Severity.MUST, "3 marks hold what is no code.", "marks.csv", "code", 3)),
    )
    assert things["rule"].tolist() == expected
    assert things["detail"].tolist() == ["marks.csv, column 'code': 3 marks hold what is no code."] * len(
        expected
    )


@pytest.mark.parametrize(("sources", "count"), [(1, 1), (2, 0)])
def test_repeated_rows_are_a_thing_to_fix_unless_sources_may_overlap(inspect, sources, count):
    repeated = Repair("repeated_rows", "", 1200, "rows that repeat a mark were merged with it")
    things = inspect({}, {}, log=log_of(repairs=(repeated,)), sources=sources)
    assert things["detail"].tolist() == ["1,200 rows that repeat a mark were merged with it"] * count
