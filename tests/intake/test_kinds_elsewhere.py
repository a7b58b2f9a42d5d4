"""What was reported of one file, tried in every other layout and log that can show it."""

import json
import re
from datetime import date, timedelta

import pandas as pd
import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.census import read_census_counts
from attendance_lib.intake.files.export import Export
from tests.intake.writers import WRITERS, workbook

PUPILS = tuple(f"{number:03d}" for number in range(1, 9))
ROLL = "pupil_id,year_group,form,date_of_birth,admission_date\n" + "".join(
    f"{who},{7 + (number > 3)},{7 + (number > 3)}A,{2015 - (number > 3)}-02-03,2025-09-03\n"
    for number, who in enumerate(PUPILS)
)
TWO_YEARS = (
    "calendar:\n  terms:",
    "calendar:\n  terms:\n"
    '    - {school_year: "202526", name: autumn, half_terms: [{start: 2025-09-08, end: 2025-10-24}]}',
)
DAYS = [date(2026, 9, 14) + timedelta(days=number) for number in (0, 1, 2, 3, 4)]
TAKEN = {
    (who, day, half): code for who in PUPILS for day in DAYS for half, code in (("AM", "/"), ("PM", "\\"))
}
AHEAD = {
    ("002", date(2026, 11, 2) + timedelta(days=number), half): "C"
    for number in (0, 1)
    for half in ("AM", "PM")
}
EARLY = {("003", date(2025, 9, 16), "AM"): "/"}


@pytest.mark.parametrize("name", WRITERS)
def test_codes_entered_ahead_are_planned_in_every_layout(checked_changed, name):
    checked = checked_changed({"marks.csv": WRITERS[name](TAKEN | AHEAD), "pupils.csv": ROLL})
    assert checked.problems == ()
    assert checked.school.last_register_day == DAYS[-1]
    assert (len(checked.school.marks), len(checked.school.planned_marks)) == (len(TAKEN), len(AHEAD))
    assert checked.log.missing_marks == 0


@pytest.mark.parametrize("name", WRITERS)
def test_a_date_a_year_early_is_named_in_every_layout(checked_changed, name):
    checked = checked_changed({"marks.csv": WRITERS[name](EARLY | TAKEN), "pupils.csv": ROLL}, [TWO_YEARS])
    (found,) = [each for each in checked.log.findings if each.rule == "marked_long_before"]
    assert "it is of 2025-09-16" in found.message
    assert found.row
    assert checked.log.missing_marks == 0
    assert sorted({day.date() for day in checked.school.marks["date"]}) == DAYS


LOGS = {
    "interventions": ("pupil_id,intervention,tier,start_date,end_date,outcome", "{id},Mentor,2,{day},,{note}", "start_date"),
    "actions": ("action_id,pupil_id,raised_on,action,note", "{key},{id},{day},Ring,{note}", "raised_on"),
    "contacts": ("contact_id,pupil_id,date,mode,outcome", "{key},{id},{day},phone,{note}", "date"),
    "notices": ("notice_id,pupil_id,parent,kind,issued_on,status", "{key},{id},A. Byrne,penalty notice,{day},{note}", "issued_on"),
    "lessons": ("pupil_id,date,period,code,subject", "{id},{day},P{key},/,{note}", "date"),
}  # fmt: skip


def log_text(name, rows, note="spoke"):
    head, line, _ = LOGS[name]
    lines = [line.format(key=number, id=who, day=day, note=note) for number, (who, day) in enumerate(rows)]
    return head + "\n" + "\n".join(lines) + "\n"


def with_log(name, suffix="csv"):
    return [("calendar:", f'  {name}: {{path: "log.{suffix}"}}\ncalendar:')]


@pytest.fixture
def read_log_of(checked_changed, school_folder):
    """The school with one of the logs, as checked."""

    def read(name, content, suffix="csv"):
        content = content.encode("utf-8") if isinstance(content, str) else content
        (school_folder / f"log.{suffix}").write_bytes(content)
        return checked_changed(settings=with_log(name, suffix))

    return read


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize(
    "written",
    [
        "2026-09-14T23:00:00Z",
        "15/09/26",
        "15-Sep-26",
        "15/09/2026",
        "2026-09-15\u200b",
        "15.09.26",
        "Tue 15 Sep 2026",
    ],
)
def test_a_date_in_another_dress_is_read_in_every_log(read_log_of, name, written):
    checked = read_log_of(name, log_text(name, [("001", written)]))
    assert checked.problems == ()
    (day,) = getattr(checked.school, name)[LOGS[name][2]]
    assert str(day.date()) == "2026-09-15"


@pytest.mark.parametrize("name", LOGS)
def test_a_column_of_dates_that_cannot_be_read_is_refused_in_every_log(read_log_of, name):
    checked = read_log_of(name, log_text(name, [("001", "next week"), ("002", "soon")]))
    assert any(f"log.csv, row 2, column '{LOGS[name][2]}'" in line for line in checked.problems)


@pytest.mark.parametrize("name", LOGS)
def test_rows_swallowed_by_a_quotation_mark_are_refused_in_every_log(read_log_of, name):
    rows = [(PUPILS[number % 3], f"2026-09-{14 + number % 5}") for number in range(40)]
    lines = log_text(name, rows).splitlines()
    lines[5] = lines[5].replace("spoke", '"spoke')
    lines[25] = lines[25] + '"'
    checked = read_log_of(name, "\n".join(lines) + "\n")
    (problem,) = checked.problems
    assert problem.startswith("log.csv, row 6: a cell holds 21 lines that are rows themselves")


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("spelled", ["001\u200b", "\ufeff001", "00\u00ad1", "001\u00a0"])
def test_what_nobody_can_see_makes_no_other_pupil_in_any_log(read_log_of, name, spelled):
    checked = read_log_of(name, log_text(name, [(spelled, "2026-09-15")]))
    assert getattr(checked.school, name)["pupil_id"].tolist() == ["001"]
    assert not [each for each in checked.log.findings if each.rule == "unknown_pupil"]


PAGE = "<html><body><table><tr><td>pupil_id</td></tr><tr><td>001</td></tr></table></body></html>"
XML_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>pupil_id</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
)


@pytest.mark.parametrize("name", ["pupils", *LOGS])
@pytest.mark.parametrize(
    "page", [(PAGE, "this is a web page (HTML)"), (XML_2003, "this is an XML spreadsheet of 2003")]
)
@pytest.mark.parametrize("suffix", ["xls", "csv", "xlsx"])
def test_what_is_only_named_a_table_is_refused_for_the_roll_and_every_log(
    checked_changed, school_folder, name, page, suffix
):
    content, words = page
    (school_folder / f"log.{suffix}").write_text(content, encoding="utf-8")
    named = [("pupils.csv", f"log.{suffix}")] if name == "pupils" else with_log(name, suffix)
    assert any(words in line for line in checked_changed(settings=named).problems)


@pytest.mark.parametrize("layout", ["csv", "xlsx", "xml"])
def test_forms_that_became_dates_are_noticed_in_every_layout_of_the_roll(
    checked_changed, school_folder, layout
):
    rows = [
        ["pupil_id", "year_group", "form"],
        *([who, 7, f"{1 + number:02d}-Jan"] for number, who in enumerate(PUPILS)),
    ]
    content = {
        "csv": "\n".join(",".join(map(str, row)) for row in rows).encode(),
        "xlsx": workbook(rows),
        "xml": (
            "<SuperStarReport>"
            + "".join(
                f"<Record><Adno>{who}</Adno><Year>7</Year><Reg>{form}</Reg></Record>"
                for who, _, form in rows[1:]
            )
            + "</SuperStarReport>"
        ).encode(),
    }[layout]
    (school_folder / f"roll.{layout}").write_bytes(content)
    checked = checked_changed(settings=[("pupils.csv", f"roll.{layout}")])
    assert any(
        "looks like a date" in each.message or "look like" in each.message for each in checked.log.findings
    ), [each.message for each in checked.log.findings]


CENSUS_ROLL = "pupilonrolltableid,upn,ncyearactual,termlysessionspossible\np1,A1,{},55\np2,A2,R,55\n"
CENSUS = "pupilonrolltableid,sessions,attendancereason\np1,48,{}\np1,7,I\np2,3,O\n"


def census(folder, year="7", code="/", sessions=CENSUS):
    (folder / "census_roll.csv").write_text(CENSUS_ROLL.format(year), encoding="utf-8")
    (folder / "census.csv").write_text(sessions.format(code), encoding="utf-8")
    return read_census_counts(
        Export(folder / "census_roll.csv"), Export(folder / "census.csv"), date(2026, 9, 14)
    )


@pytest.mark.parametrize(
    ("year", "expected"), [("E1", -4), ("N2", -1), ("X", None), ("R", 0), ("14", 14), ("7\u200b", 7)]
)
def test_year_groups_of_the_census_are_known_in_its_own_tables(tmp_path, year, expected):
    found = census(tmp_path, year=year).rows["year_group"].iloc[0]
    assert (None if pd.isna(found) else int(found)) == expected


@pytest.mark.parametrize("code", ["/\u200b", "\ufeff/", "/\u2060"])
def test_what_nobody_can_see_is_taken_out_of_the_census_s_reasons(tmp_path, code):
    row = census(tmp_path, code=code).rows.iloc[0]
    assert (row["present_sessions"], row["authorised_absence_sessions"]) == (48, 7)


def test_rows_swallowed_by_a_quotation_mark_are_refused_in_the_census_s_tables(tmp_path):
    lines = [f"p1,{number},I" for number in range(1, 31)]
    lines[3], lines[20] = lines[3].replace(",I", ',"I'), lines[20] + '"'
    text = "pupilonrolltableid,sessions,attendancereason\n" + "\n".join(lines) + "\n"
    with pytest.raises(InputError, match="row 5: a cell holds 18 lines that are rows themselves"):
        census(tmp_path, sessions=text)


@pytest.mark.parametrize("entity", ["&#8203;", "&#xFEFF;", "&#173;"])
def test_what_nobody_can_see_is_taken_out_of_sims_marks_and_pupils(checked_changed, entity):
    text = WRITERS["sims_xml"](TAKEN).decode("iso-8859-1")
    spoilt = re.sub("<AttendanceMark>", f"<AttendanceMark>{entity}", text)
    spoilt = spoilt.replace("<PersonID>001", f"<PersonID>001{entity}")
    checked = checked_changed({"marks.csv": spoilt.encode("iso-8859-1"), "pupils.csv": ROLL})
    assert (len(checked.school.marks), checked.log.rows_dropped) == (len(TAKEN), 0)


def test_what_nobody_can_see_is_taken_out_of_xporter_s_strings(checked_changed):
    content = json.loads(WRITERS["xporter"](TAKEN))
    for record in content["StudentAttendance"]:
        record["MarksCSV"] = record["MarksCSV"].replace("/", "\u200b/")
        record["Id"] += "\ufeff"
    text = json.dumps(content).encode()
    checked = checked_changed({"marks.csv": text, "pupils.csv": ROLL})
    assert (len(checked.school.marks), checked.log.rows_dropped) == (len(TAKEN), 0)


@pytest.mark.parametrize("name", WRITERS)
def test_marks_of_a_pupil_admitted_after_them_count_as_left_out_in_every_layout(checked_changed, name):
    late = ROLL.replace("004,7,7A,2015-02-03,2025-09-03", "004,7,7A,2015-02-03,2027-09-03")
    checked = checked_changed({"marks.csv": WRITERS[name](TAKEN), "pupils.csv": late})
    assert checked.log.rows_dropped == 10
    (found,) = [each for each in checked.log.findings if each.rule == "never_on_roll"]
    assert (found.file, found.row) == ("pupils.csv", 5)
    assert checked.problems
