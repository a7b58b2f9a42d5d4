"""The verdict on exports and the order of its reasons."""

from types import SimpleNamespace

import pytest

from attendance_lib.intake.gate import Problem, problem_of
from attendance_lib.intake.ledger import FileRead, Finding, IntakeLog, Severity
from attendance_lib.papers.check.verdict import Verdict, judge, share

MUST, SHOULD = Severity.MUST, Severity.SHOULD


def file_of(kind, name, rows):
    return FileRead(kind, f"exports/{name}", "", "tidy", rows, rows, None, None, "0" * 64)


FILES = (
    file_of("pupils", "pupils.csv", 10),
    file_of("marks", "marks.csv", 1000),
    file_of("actions", "logs.xlsx", 4),
)


def judged(*findings, problems=(), school="a school", further=()):
    log = IntakeLog(FILES, (), findings, rows_read=1000, rows_dropped=0, missing_marks=0)
    return judge(SimpleNamespace(log=log, problems=problems, school=school), further)


@pytest.mark.parametrize(
    ("findings", "problems", "verdict", "code"),
    [
        ((), (), Verdict.GOOD, 0),
        ((Finding("a", SHOULD, "x."),), (), Verdict.GOOD, 0),
        ((Finding("a", MUST, "x."),), (), Verdict.USABLE, 0),
        ((), ("marks.csv: x. Y.",), Verdict.REFUSED, 11),
        ((Finding("a", MUST, "x."),), ("marks.csv: x. Y.",), Verdict.REFUSED, 11),
    ],
)
def test_a_problem_refuses_and_a_must_is_a_caveat(findings, problems, verdict, code):
    judgement = judged(*findings, problems=problems)
    assert (judgement.verdict, judgement.verdict.exit_code) == (verdict, code)


def test_a_finding_of_the_calendar_is_a_caveat_like_one_of_the_files():
    assert judged(further=(Finding("unmarked_days", MUST, "x."),)).verdict is Verdict.USABLE


def test_the_sentence_tells_the_three_weightiest_reasons_and_counts_the_rest():
    findings = [
        Finding("a", MUST, f"{count} marks are odd; they stay. Look.", count=count)
        for count in (5, 900, 40, 3)
    ]
    sentence = judged(*findings).sentence
    assert (
        sentence
        == "Usable with these caveats: 900 marks are odd; 40 marks are odd; 5 marks are odd; and 1 more."
    )


def test_a_finding_is_weighed_against_the_table_it_is_about():
    half_the_pupils = Finding("b", MUST, "5 pupils.", "pupils.csv", count=5)
    fewer_marks = Finding("a", MUST, "100 marks.", count=100)
    should = Finding("c", SHOULD, "all.", count=1000)
    assert judged(should, fewer_marks, half_the_pupils).findings == (half_the_pupils, fewer_marks, should)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (Finding("a", MUST, "", "pupils.csv", count=5), 5 / 10),
        (Finding("a", MUST, "", "marks.csv", count=5), 5 / 5000),
        (Finding("a", MUST, "", "logs.xlsx, sheet 'Actions'", count=1), 1 / 4),
        (Finding("a", MUST, "", "", count=5), 5 / 5000),
        (Finding("a", MUST, "", "pupils.csv", count=50), 1),
    ],
)
def test_a_share_is_of_the_rows_of_the_table(finding, expected):
    # A row of a sheet of marks holds a week or a term: marks are weighed against marks, not rows.
    log = IntakeLog(FILES, (), (), rows_read=5000, rows_dropped=0, missing_marks=0)
    assert share(finding, log) == expected


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a.csv: It is empty. Export it again.", Problem("It is empty.", "Export it again.", "a.csv")),
        (
            "a.xlsx, sheet 'Marks', row 2: It is odd. Look.",
            Problem("It is odd.", "Look.", "a.xlsx, sheet 'Marks'", 2),
        ),
        ("a.csv, row 3, column 'x': b: c. Look.", Problem("b: c.", "Look.", "a.csv", 3, "x")),
        ("column 'code': It is odd. Look.", Problem("It is odd.", "Look.", column="code")),
        (r"C:\exports\a.yml: It is odd. Look.", Problem("It is odd.", "Look.", r"C:\exports\a.yml")),
        ("3 of 9 are lost (33.3%, limit 2%). Correct these:", Problem("3 of 9 are lost (33.3%, limit 2%).", "Correct these:")),
        ("It is odd.", Problem("It is odd.")),
    ],
)  # fmt: skip
def test_a_message_is_taken_apart_into_place_what_and_remedy(line, problem):
    assert problem_of(line) == problem
