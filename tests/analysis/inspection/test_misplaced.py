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


@pytest.mark.parametrize(
    ("rule", "file", "expected"),
    [
        ("repeated_rows", "", ["1,200 were repaired"]),
        ("code_spelling", "marks.csv", ["marks.csv: 1,200 were repaired"]),
        ("overlapping_rows", "", []),
        ("closed_sessions", "", []),
    ],
)
def test_rows_repeated_and_codes_misspelt_are_a_thing_to_fix_and_overlapping_sources_are_none(
    inspect, rule, file, expected
):
    things = inspect({}, {}, log=log_of(repairs=(Repair(rule, file, 1200, "were repaired"),)))
    assert things["detail"].tolist() == expected


NO_CODE = "no register code: 'A'"


def odd(count=1, rule="unknown_code", pupil="0000", day="2026-09-16"):
    return [(pupil, day, "AM", rule, NO_CODE)] * count


@pytest.mark.parametrize(
    ("rule", "check"),
    [
        ("unknown_code", "unknown_code"),
        ("conflicting_marks", "conflicting_rows"),
        ("undecided_marks", "conflicting_rows"),
        ("overruled_marks", "sources_differ"),
        ("marks_without_pupil", "pupil_not_listed"),
    ],
)
def test_a_doubtful_mark_is_a_row_in_place_of_its_finding(inspect, rule, check):
    finding = Finding(rule, Severity.MUST, "1 mark is in doubt.", count=1)
    things = inspect({}, {}, log=log_of(finding), doubtful=odd(rule=rule))
    assert things[["rule", "pupil_id", "form", "session", "detail"]].to_numpy().tolist() == [
        [check, "0000", "9A", "AM", NO_CODE]
    ]
    assert things["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-09-16"]


def test_of_very_many_doubtful_marks_the_finding_speaks(inspect):
    finding = Finding("unknown_code", Severity.MUST, "Too many.", "marks.csv", count=1001)
    assert len(inspect({}, {}, log=log_of(finding), doubtful=odd(1000))) == 1000
    assert inspect({}, {}, log=log_of(finding), doubtful=odd(1001))["detail"].tolist() == [
        "marks.csv: Too many."
    ]


def test_a_doubtful_mark_of_last_year_is_not_this_years(inspect):
    assert inspect({}, {}, doubtful=odd(day="2026-06-10")).empty


def test_a_pupil_whom_the_roll_does_not_have_has_no_form(inspect):
    things = inspect({}, {}, doubtful=odd(rule="marks_without_pupil", pupil="99"))
    assert things[["rule", "pupil_id", "form"]].to_numpy().tolist() == [["pupil_not_listed", "99", ""]]
