"""`attendance check`: each refusal and each caveat on a small school is on the terminal, in the HTML and in the xlsx."""

import csv
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from attendance_lib.errors import InputError
from attendance_lib.reports import gate
from attendance_lib.reports.project import Project
from tests.papers.checked_schools import MARKS, SCHOOL

PERSONAL = ("upn", "surname", "forename", "date_of_birth")


# Six weeks more to the end of the half term, so that a mark or two left out are below the limit: 180 marks.
LATER = "".join(
    f"{pupil},{day:%Y-%m-%d},{session},{code},\n"
    for pupil in ("001", "002", "003")
    for day in pd.bdate_range("2026-09-14", "2026-10-23")
    for session, code in (("AM", "/"), ("PM", "\\"))
)


def test_a_good_school_is_good(read):
    page = read()
    assert page.code == 0
    good = "Good: every report can be made, and nothing was found that would change a figure."
    assert page.says(good) == (True, True, True)
    assert page.err == ""


def test_what_somebody_wrote_into_the_workbook_is_kept_and_what_is_as_it_was_made_is_not(check):
    book = check().folder / "check.xlsx"
    workbook = load_workbook(book)
    workbook.active["A1"] = "Rang the office about 9B"
    workbook.save(book)
    written = book.read_bytes()
    page = check()
    kept = page.folder.parent / "kept" / "2026-09-11_1"
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == {"check.xlsx": written}
    assert f"check.xlsx had been filled in: it is kept as {kept / 'check.xlsx'}." in page.out
    assert "it is kept as" not in check().out


def test_a_note_of_what_was_made_that_cannot_be_read_keeps_both_files(check):
    folder = check().folder
    (folder / ".made.json").write_text("[]")
    check()
    kept = folder.parent / "kept" / "2026-09-11_1"
    assert sorted(path.name for path in kept.iterdir()) == ["check.html", "check.xlsx"]


def test_the_same_inputs_give_the_same_bytes(check):
    first = {path.name: path.read_bytes() for path in check().folder.iterdir()}
    assert {path.name: path.read_bytes() for path in check().folder.iterdir()} == first


def test_no_line_is_wider_than_the_terminal(read):
    page = read({"marks.csv": (",/,", ",H,"), "pupils.csv": ("M,", "Q,")})
    place = str(page.folder)
    assert [line for line in page.out.splitlines() if len(line) > 80 and line != place] == []


REFUSALS = [
    ({"marks.csv": "a,b\n1,2\n"}, "this is in none of the layouts we read", "Check that its headings are there"),
    ({"marks.csv": ""}, "the file is empty", "Export it again."),
    ({"marks.csv": "pupil_id,date,session,code\n"}, "there are no marks in the exports (marks.csv).", "Export them again."),
    ({"pupils.csv": (",7,7A", ",7x,7A")}, "'7x' is not a year group", "Correct the export."),
    ({"pupils.csv": ("2025-09-07,", "2025-09-07,2025-09-01")}, "leaving_date is before admission_date", "Correct one of the two"),
    ({"pupils.csv": ("003,Z", "002,Z")}, "the pupil_id stands in another row too", "Keep one row a pupil"),
    ({"marks.csv": ("003,", "009,")}, "6 of 18 marks would be left out (33.3%, limit 2%).", "Correct these and export again:"),
    ({"marks.csv": ("003,", "009,")}, "6 marks belong to 1 pupil who is not in the pupils file", "Export every pupil of the"),
    ({"marks.csv": (",/,", ",Q1,")}, "9 marks hold what is no register code ('Q1' 9 times)", 'as in codes: {Q1: "Q"}.'),
    ({"marks.csv": (",/,", ",A,")}, "9 marks hold what is no register code ('A' 9 times)", "Correct the register and export"),
    ({"marks.csv": ("2026-09", "2026-08")}, "none of the 18 marks (2026-08-07 to 2026-08-11)", "Add their terms under 'calendar'"),
    ({"marks.csv": (",PM,", ",noon,")}, "no session that can be read, the first 'noon'", "Export sessions as AM and PM."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "what", "remedy"), REFUSALS)
def test_each_refusal_is_told_with_its_remedy_on_all_three(read, changes, what, remedy):
    page = read(changes)
    assert page.code == InputError.exit_code
    assert page.says("Refused, so no report can be made: ") == (True, True, True)
    assert (page.says(what), page.says(remedy)) == ((True,) * 3, (True,) * 3)


@pytest.mark.parametrize("changes", [changes for changes, _, _ in REFUSALS])
def test_a_report_is_refused_with_the_same_messages(checked, changes):
    from attendance_lib.intake.settings.loading import load_settings

    folder, page = checked(changes)
    said = re.sub(r"\s", "", page.out)
    with pytest.raises(InputError) as refused:
        gate.read_exported(load_settings(folder / "params" / "demo.yml"))
    place = str(folder / "params" / "demo.yml")
    for problem in refused.value.problems:
        assert re.sub(r"\s", "", problem.replace(place, "params/demo.yml")) in said


def test_a_refusal_has_its_place_in_the_workbook(read):
    (row,) = read({"pupils.csv": (",7,7A", ",7x,7A")}).sheets["refusals"][-1:]
    assert row[2:5] == ("pupils.csv", 2, "year_group")


def test_more_than_twenty_refusals_are_all_in_the_workbook_and_counted_on_the_terminal(check, folder):
    for number in range(23):
        (folder / "params" / f"marks_{number:02d}.csv").write_text("a,b\n1,2\n")
    page = check({"demo.yml": ("marks.csv", "marks_*.csv")})
    rows = [row for row in page.sheets["refusals"] if row[0] and "none of the layouts" in row[0]]
    assert len(rows) == 23
    assert "First 20 of 23; the rest is in the workbook, sheet Each refusal, in the order read." in page.said
    assert "marks_19.csv" in page.said
    assert "marks_20.csv" not in page.said.partition("WHAT TO PUT RIGHT")[0]


@pytest.mark.parametrize(
    ("changes", "caveat"),
    [
        ({"marks.csv": (",2026-09-08,AM,/", ",2026-09-08,AM,H")}, "3 marks hold the code 'H' on dates when it was not in force"),
        ({"marks.csv": (MARKS + LATER).replace("001,2026-09-11", "001,2026-09-09")},
         "2 marks were made when the calendar has the session closed and are left out"),
        ({"pupils.csv": ("2025-09-07", "2026-09-08"), "marks.csv": MARKS + LATER},
         "2 marks were made before admission or after leaving and are left out"),
        ({"marks.csv": (",/,", ",#,")}, "9 marks say closed (#, Z) when the calendar has the session open"),
        ({"pupils.csv": ("2015-01-02", "2011-01-02")}, "1 pupil is more than a year out of step with the year group."),
        ({"pupils.csv": ("001,Z", "004,Z4,X,Y,7,7B,2015-01-03,F,2025-09-07,\n001,Z")}, "1 enrolment has no mark at all."),
        ({"marks.csv": "".join(line for line in MARKS.splitlines(True) if "09-08" not in line)},
         "1 school day between the first and the last mark has no mark at all (the first 2026-09-08)."),
        ({"marks.csv": "".join(line for line in MARKS.splitlines(True) if "09-08,PM" not in line)},
         "1 session of days with marks has no mark at all (the first 2026-09-08 PM)."),
        ({"marks.csv": ("001,2026-09-08,PM,\\", "001,2026-09-08,PM,-")}, "1 of 18 marks due is missing (5.6%, limit 2%)"),
        ({"marks.csv": "".join(line for line in MARKS.splitlines(True) if "09-07" not in line)},
         "the school year begins on 2026-09-07, the marks on 2026-09-08"),
        ({"marks.csv": ("001,2026-09-08,AM,/,", "001,2026-09-08,AM,/,\n001,2026-09-08,AM,N,")},
         "1 pupil session has several codes in one source and nothing tells which is right"),
    ],
)  # fmt: skip
def test_each_caveat_is_told_on_all_three(read, changes, caveat):
    page = read(changes)
    assert page.code == 0
    assert page.says("Usable with these caveats: ") == (True, True, True)
    assert page.says(caveat) == (True, True, True)


def test_what_is_only_worth_putting_right_is_no_caveat(read):
    page = read({"pupils.csv": ("8A,2014-02-03,M", "8A,2014-02-03,Q")})
    assert (
        page.says("Good: every report can be made; 1 finding is worth putting right (below).") == (True,) * 3
    )
    assert "Should: pupils.csv, row 3, column 'sex': 'Q' is not one of F, M" in page.said


def test_a_repair_is_told_with_its_count(read):
    page = read({"marks.csv": (",/,", ",' /,")})
    assert "codes read by their plain meaning" in page.said
    repairs = page.sheets["repairs"][-1]
    assert repairs[1:3] == (9, "marks.csv")


def test_a_file_is_told_with_its_layout_rows_pupils_sessions_dates_and_digest(read):
    files = read().sheets["files"]
    assert files[-1][:6] == ("params/marks.csv", "marks", "tidy", 18, 3, 6)
    assert [value.date() for value in files[-1][6:8]] == [date(2026, 9, 7), date(2026, 9, 11)]
    assert re.fullmatch("[0-9a-f]{12}", files[-1][8])


def test_the_loss_budget_tells_what_was_left_out_and_the_limit(read):
    page = read({"marks.csv": MARKS + LATER + "001,2026-09-08,PM,Q1,\n"})
    loss = {row[0]: row[1:3] for row in page.sheets["loss"]}
    assert page.code == 0
    assert loss["Marks left out in all"] == (1, pytest.approx(1 / 199))
    assert loss["Limit, above which the exports are refused"] == (3, 0.02)
    no_code = loss["1 mark holds what is no register code ('Q1' 1 time) and is left out."]
    assert no_code == (1, pytest.approx(1 / 199))
    assert "Marks left out: 0.5%; 1 of 199 read" in page.said


def test_marks_on_an_inset_day_and_on_a_closure_are_counted_by_date(read):
    moved = (MARKS + LATER).replace("001,2026-09-11", "001,2026-09-09")
    moved = moved.replace("002,2026-09-11,PM", "002,2026-09-10,PM")
    closed = read({"marks.csv": moved}).sheets["closed_sessions"][-3:]
    assert [(row[0].day, *row[1:4]) for row in closed] == [
        (9, "AM", "INSET day", 1),
        (9, "PM", "INSET day", 1),
        (10, "PM", "closure: boiler", 1),
    ]


def test_the_roll_and_the_marks_are_set_against_each_other_by_form(read):
    added = ("001,Z", "004,Z4,X,Y,7,7B,2015-01-03,F,2025-09-07,\n001,Z")
    forms = {row[0]: row[1:6] for row in read({"pupils.csv": added}).sheets["forms"]}
    # Year, on roll, expected, marked, unmarked; the form without marks stands first.
    assert forms["7B"] == ("Year 7", 1, 1, 0, 1)
    assert forms["8A"] == ("Year 8", 2, 2, 2, 0)
    assert list(forms)[-3:] == ["7B", "7A", "8A"]


def test_half_terms_and_year_groups_are_called_what_people_call_them(read):
    reception = ("7,7A,2015-01-02", "0,R,2022-01-02")
    page = read({"demo.yml": ("year_groups: [7, 8]", "year_groups: [0, 8]"), "pupils.csv": reception})
    assert page.code == 0
    assert "Autumn term 2026/27" in {row[0] for row in page.sheets["half_terms"]}
    assert {row[0]: row[1] for row in page.sheets["forms"]}["R"] == "Reception"
    assert "202627-autumn" not in page.said


def test_the_logs_say_what_they_hold(check, folder):
    log = "pupil_id,intervention,tier,start_date\n001,Mentor,2,2026-09-08\n003,Mentor,2,2026-09-11\n"
    (folder / "params" / "interventions.csv").write_text(log)
    page = check({"demo.yml": ("calendar:", '  interventions: {path: "interventions.csv"}\ncalendar:')})
    logs = {row[0]: row[1:] for row in page.sheets["logs"]}
    assert logs["interventions"][:3] == ("read", 2, 2)
    assert [day.date() for day in logs["interventions"][3:5]] == [date(2026, 9, 8), date(2026, 9, 11)]
    assert "lessons not named in the school file" in page.said


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pupils.csv": ("2015-01-02", "2011-01-02")},
        {"pupils.csv": ("2015-01-02", "02/30/2015")},
        {"pupils.csv": ("M,", "Q,")},
        {"pupils.csv": ("003,Z", "002,Z")},
        {"pupils.csv": (",7,7A", ",7x,7A")},
        # A stray comma: a name where a year group should be.
        {"pupils.csv": (",7,7A", ",Zoë,7A")},
        {"pupils.csv": (",7,7A", ",Truelove,7A")},
        {"pupils.csv": ("2025-09-07,", "2025-09-07,2025-09-01")},
        {"pupils.csv": ("001,Z", "004,Z4,Xavier,Yvonne,7,7B,2015-01-03,F,2025-09-07,\n001,Z")},
        {"marks.csv": ("003,", "009,")},
        {"marks.csv": ("003,", "Z990003000003,")},
        {"marks.csv": (",/,", ",O'Neill,")},
        {"marks.csv": (",/,", ",2014-05-06,")},
        {"marks.csv": ("001,2026-09-08,AM,/", "001,2026-09-08,AM,Zoë")},
        {"marks.csv": (",AM,", ",Nullina,")},
        {"marks.csv": (",2026-09-08,", ",Truelove,")},
        {"marks.csv": (",\n", ",Nullina\n")},
        {"pupils.csv": (",8,8A,2014-05-06", ",8,Truelove 李,2014-05-06")},
        {"marks.csv": ("003,2026-09-11", "Truelove,2026-09-11")},
    ],
)
def test_no_personal_value_is_in_any_artefact(checked, changes):
    folder, page = checked(changes)
    shown = [page.out, page.err, page.html, *(path.name for path in folder.rglob("*"))]
    shown += [str(cell) for rows in page.sheets.values() for row in rows for cell in row if cell is not None]
    shown.append(page.page)
    rows = csv.DictReader((folder / "params" / "pupils.csv").read_text(encoding="utf-8").splitlines())
    secrets = {row[column] for row in rows for column in PERSONAL}
    found = {
        secret
        for secret in secrets
        for text in shown
        if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", text)
    }
    assert found == set()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (("pupils.csv", "nowhere.csv"), "exports.pupils: there is no file 'nowhere.csv'"),
        (("marks.csv", "marks*.zip"), "exports.marks: there is no file 'marks*.zip'"),
        (("phase: secondary", "phaze: secondary"), "there is no such setting. Did you mean 'phase'?"),
        (("school:", "school: ["), "this cannot be read"),
        ((SCHOOL, ""), "the file holds no settings"),
    ],
)
def test_an_error_in_the_settings_is_exit_code_10_and_on_the_page(check, folder, settings, message):
    page = check({"demo.yml": settings})
    assert page.code == 10
    assert message in page.err
    what = message.partition(": ")[2] or message
    assert page.says(what.partition(". Did")[0]) == (True, True, True)
    assert page.says("must be put right in the school file") == (True, True, True)
    named = "tiny-school-990003" if "no file" in message else "demo"
    assert page.folder == folder / "outputs" / named / "check" / "no-marks"
    assert sorted(path.name for path in page.folder.glob("[!.]*")) == ["check.html", "check.xlsx"]


def test_a_folder_that_cannot_be_written_to_is_told(check, folder):
    (folder / "outputs").write_text("a file")
    page = check()
    assert (page.code, page.out) == (2, "")
    assert "cannot be written to" in page.err


def test_nothing_is_refused_that_a_report_takes(checked):
    from attendance_lib.intake.settings.loading import load_settings

    folder, page = checked({})
    assert page.code == 0
    assert gate.read_exported(load_settings(folder / "params" / "demo.yml")).last_register_day == date(
        2026, 9, 11
    )


DEMO = Path(__file__).parents[2]


@pytest.mark.skipif(
    not (DEMO / "outputs" / "demo_exports" / "pupils.csv").is_file(),
    reason="the demo school has not been written",
)
def test_the_demo_school_is_usable_with_the_caveats_that_were_planted(tmp_path):
    from attendance_lib.papers.check.check import CheckRequest, check_exports
    from attendance_lib.reports.execute import Progress

    request = CheckRequest(Project(DEMO), DEMO / "params" / "demo.yml", tmp_path)
    done = check_exports(request, Progress())
    # By hand: 4 H and 3 J of after 18 August 2024 are planted; a week of a pupil whom the roll does not have and one A
    # are left out, and so are a mark on an INSET day and one after a pupil left; every school day has marks.
    text = " ".join(done.text.split())
    assert done.exit_code == 0
    assert "Usable with these caveats: 1 enrolment has no mark at all; 10 marks belong to 1 pupil" in text
    for caveat in (
        "4 marks hold the code 'H'",
        "3 marks hold the code 'J'",
        "no register code ('A' 1 time)",
    ):
        assert caveat in text
    assert "Marks left out: 0.0%; 13 of" in text
    assert "2 Nov 26 AM INSET day 1" in text
    assert "School days with marks: 240; of 240" in done.text


def test_the_inspection_is_on_the_page_of_exports_that_can_be_used_and_only_there(read):
    assert "Register inspection" in read().html
    refused = read({"pupils.csv": (",7,7A", ",7x,7A")})
    assert (refused.code, "Register inspection" in refused.html) == (11, False)


def test_codes_entered_ahead_are_a_table_of_their_own_and_nothing_is_missing(read):
    ahead = "".join(f"001,2026-10-{day},{session},C,\n" for day in (12, 13) for session in ("AM", "PM"))
    page = read({"marks.csv": MARKS + ahead})
    assert page.says("Good: every report can be made") == (True, True, True)
    assert page.says("The last register day is 11 September 2026") == (True, True, True)
    assert page.folder.name == "2026-09-11"
    (row,) = [row for row in page.sheets["planned"] if row[0] == "C"]
    assert (row[2:4], [day.day for day in row[4:6]]) == ((4, 1), [12, 13])
    assert "Missing marks: 0.0%; 0 marks" in page.said


@pytest.mark.parametrize("stray", ["2062-09-07", "1999-09-07", "2026-12-29", "2026-09-12"])
def test_a_mistyped_date_is_named_and_the_page_is_written(read, stray):
    page = read({"marks.csv": MARKS + LATER + f"002,{stray},AM,/,\n"})
    assert page.code == 0
    where, what = (
        "marks.csv, row 200, column 'date'",
        "1 mark was made when the calendar has the session closed",
    )
    assert f"{where}: {what} and is left out; it is of {stray}." in page.said
    assert page.folder.name == "2026-10-23"


LAST_YEAR = (
    '- {school_year: "202627"',
    '- {school_year: "202526", name: autumn, half_terms: [{start: 2025-09-08, end: 2025-10-24}]}\n'
    '    - {school_year: "202627"',
)


def test_a_date_mistyped_a_year_early_is_named_and_opens_no_gap(read):
    """8 September 2025 for 2026, on a day on which the school was open: no half term of missing marks comes of it."""
    early = (MARKS + LATER).replace("002,2026-09-08,AM,/", "002,2025-09-08,AM,/")
    page = read({"demo.yml": LAST_YEAR, "marks.csv": early})
    assert page.code == 0
    stands = "1 mark stands more than 10 school days before all others, so that the date may be mistyped"
    assert f"marks.csv, row 10, column 'date': {stands}, and is left out; it is of 2025-09-08." in page.said
    assert "marks of 7 September 2026 to 23 October 2026" in page.said
    # One mark is missing: that of the day on which it should stand.
    assert "Missing marks: 0.5%; 1 mark" in page.said
    assert "Marks left out: 0.5%; 1 of 198 read" in page.said


def test_codes_entered_ahead_for_the_afternoon_of_the_export_are_planned_and_nothing_is_missing(read):
    """Exported at midday of 12 October: the morning's register is taken, and one of three has a code for the afternoon."""
    midday = MARKS + "".join(
        line + "\n" for line in LATER.splitlines()
        if line[4:14] < "2026-10-12" or (line[4:14] == "2026-10-12" and ",AM," in line)
    )  # fmt: skip
    page = read({"marks.csv": midday + "001,2026-10-12,PM,M,\n"})
    assert page.code == 0
    assert "The last register day is 12 October 2026" in page.said
    assert "Missing marks: 0.0%; 0 marks" in page.said
    (row,) = [row for row in page.sheets["planned"] if row[0] == "M"]
    assert (row[2:4], [day.date() for day in row[4:6]]) == ((1, 1), [date(2026, 10, 12)] * 2)


def test_nothing_is_never_said_alone_below_a_refusal(read):
    assert "Nothing beside the reasons to refuse above." in read({"marks.csv": "a,b\n1,2\n"}).said


def test_nothing_to_put_right_is_never_said_above_what_must_be(read):
    # An N of more than five school days ago has no reason yet: the register must be put right, the exports are good.
    page = read({"marks.csv": (MARKS + LATER).replace("002,2026-09-08,AM,/", "002,2026-09-08,AM,N")})
    assert (
        page.says("Good: every report can be made; 1 entry must be put right in the registers (below).")
        == (True,) * 3
    )
    assert "what must be put right in the registers is below" in page.said
    assert "1 entry must be put right" in page.said.partition("REGISTER INSPECTION")[2]
