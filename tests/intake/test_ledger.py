"""What is found once is told in the singular, what is found twice in the plural."""

import openpyxl
import pytest

from attendance_lib.intake.school import read_school_checked
from attendance_lib.intake.settings.loading import load_settings

ACTIONS = "action_id,pupil_id,raised_on,action\n"
PLANS = "pupil_id,intervention,tier,start_date\n"
UNREAD = "another layout than the others or none and was not read. Correct its headings, or put it in a file of its own"


@pytest.fixture
def said(school_folder):
    """All that is said of the school after changes of its files: new text, or pairs of old and new."""

    def say(changes):
        for name, change in changes.items():
            path = school_folder / name
            text = change if isinstance(change, str) else path.read_text(encoding="utf-8")
            for old, new in () if isinstance(change, str) else change:
                assert old in text
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
        checked = read_school_checked(load_settings(school_folder / "school.yml"))
        told = [*map(str, checked.log.findings), *(each.message for each in checked.log.repairs)]
        return "\n".join([*checked.problems, *told])

    return say


@pytest.mark.parametrize(
    ("old", "new", "one", "two"),
    [
        ("001,2026-09-14,{}", "001,soon,{}", "1 mark has no date that can be read, the first 'soon', and is left out.",
         "2 marks have no date that can be read, the first 'soon', and are left out."),
        ("001,2026-09-14,{}", "001;2026-09-14;{};/;\n001,2026-09-14,{}",
         "1 line is cut up by another delimiter than the lines before and is left out.",
         "2 lines are cut up by another delimiter than the lines before and are left out."),
        ("001,2026-09-14,{}", "Printed,,,,\n001,2026-09-14,{}",
         "1 row holds no mark, and not all of pupil, date and session, as titles and totals do; it is passed over.",
         "2 rows hold no mark, and not all of pupil, date and session, as titles and totals do; they are passed over."),
        ("001,2026-09-14,{},/", "001,2026-09-14,{},Q9", "1 mark holds what is no register code ('Q9' 1 time) and is left out.",
         "2 marks hold what is no register code ('Q9' 2 times) and are left out."),
        ("001,2026-09-14,{}", "001,2026-09-19,{}",
         "1 mark was made when the calendar has the session closed and is left out; it is of 2026-09-19",
         "2 marks were made when the calendar has the session closed and are left out; the first is of"),
        ("001,2026-09-14,{},/", "001,2026-09-14,{},#", "1 mark says closed (#, Z) when", "2 marks say closed (#, Z) when"),
        ("001,2026-09-14,{},/", "001,2026-09-14,{},H",
         "1 mark holds the code 'H' on a date when it was not in force; it is shown as unclassified.",
         "2 marks hold the code 'H' on dates when it was not in force; they are shown as unclassified."),
        ("001,2026-09-14,{},/,", "001,2026-09-14,{},/,\n001,2026-09-14,{},N,",
         "1 pupil session has several codes in one source", "2 pupil sessions have several codes in one source"),
        ("001,2026-09-14,{},/,", "001,2026-09-14,{},/,\n001,2026-09-14,{},/,",
         "row that repeats a mark of its own source was merged with it",
         "rows that repeat a mark of their own source were merged with it"),
        ("001,2026-09-14,{},/,", "001,2026-09-14,{},i,", "code read by its plain meaning: 'i' as 'I' 1 time",
         "codes read by their plain meaning: 'i' as 'I' 2 times"),
        ("001,2026-09-14,{},/,", "001,2026-09-14,{},/,long", "1 value cannot be read and is taken as missing.",
         "2 values cannot be read and are taken as missing."),
    ],
)  # fmt: skip
def test_marks_are_told_in_their_number(said, old, new, one, two):
    """The pupil's morning is changed first, then the afternoon too."""
    morning, afternoon = ((old.format(session), new.replace("{}", session)) for session in ("AM", "PM"))
    assert one in said({"marks.csv": [("PM,\\", "PM,/"), morning]})
    assert two in said({"marks.csv": [afternoon]})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("7A,2015-01-02", "7A,1950-01-02"), "1 pupil would be younger than"),
        (("8A,2014-01-02", "8A,2009-01-02"), "1 pupil is more than a year out of step with the year group."),
        (("8A,2014", "8A,2009"), "2 pupils are more than a year out of step with the year group."),
        (("7,7A", "9,9A"), "1 pupil is in a year group that the school file does not name."),
        (("8,8A", "9,9A"), "2 pupils are in a year group that the school file does not name."),
        (("M,0", "Q,0"), "'Q' is not one of F, M (1 row)."),
        (("F,", "Q,"), "'Q' is not one of F, M (2 rows)."),
    ],
)
def test_pupils_are_told_in_their_number(said, change, words):
    assert words in said({"pupils.csv": [change]})


@pytest.mark.parametrize(
    ("log", "rows", "words"),
    [
        ("actions", ACTIONS + "A1,999,2026-09-14,Call\n", "1 row of actions names a pupil_id that is not"),
        ("actions", ACTIONS + "A1,999,2026-09-14,Call\nA2,999,2026-09-14,Call\n", "2 rows of actions name a pupil_id that is not"),
        ("interventions", PLANS + ",Mentor,2,2026-09-14\n", "1 intervention of Tier 2 or 3 names no pupil."),
        ("interventions", PLANS + ",Mentor,2,2026-09-14\n,Walk,3,2026-09-14\n", "2 interventions of Tier 2 or 3 name no pupil."),
    ],
)  # fmt: skip
def test_rows_of_a_log_are_told_in_their_number(said, log, rows, words):
    named = ("calendar:", f'  {log}: {{path: "{log}.csv"}}\ncalendar:')
    assert words in said({f"{log}.csv": rows, "school.yml": [named]})


@pytest.mark.parametrize(
    ("others", "code", "words"),
    [
        (1, "/", [f"sheet 2 of the file has {UNREAD}"]),
        (
            2,
            "/",
            ["sheets 2, 3 of the file have another layout or none and were not read. Correct their headings"],
        ),
        (
            0,
            "=1+1",
            ["1 cell holds a formula and no value (the first is ", " and is read as blank, for no formula"],
        ),
        (
            0,
            "#N/A",
            ["1 cell holds an error such as #N/A or #NAME? (the first is ", " and is read as blank. Format"],
        ),
    ],
)
def test_sheets_and_cells_are_told_in_their_number(said, school_folder, others, code, words):
    book = openpyxl.Workbook()
    for row in (["pupil_id", "date", "session", "code"], ["001", "2026-09-14", "AM", "/"]):
        book.active.append(row)
    book.active.append(["001", "2026-09-14", "PM", code])
    for number in range(others):
        book.create_sheet(f"Notes {number}").append(["Printed"])
    book.save(school_folder / "marks.xlsx")
    told = said({"school.yml": [("marks*.csv", "marks.xlsx")]})
    assert [each for each in words if each not in told] == []
