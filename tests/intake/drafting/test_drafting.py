"""A school file drafted from exports: read back, beside the truth, and with nothing in it that nobody said."""

import json
import shutil
from datetime import date
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
import yaml

from attendance_lib.errors import InputError
from attendance_lib.intake.drafting.files import look_into
from attendance_lib.intake.drafting.school import HEADING, draft_school
from attendance_lib.intake.school import read_school
from attendance_lib.intake.school_store import STORE_FOLDER, SchoolStore, open_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.intake.settings.template import schema_text
from attendance_lib.pack.opening import PACKS
from tests.demo_exports import demo_exports, read_demo_school
from tests.sample_school import SAMPLES, WHY_SKIPPED, write_school

ROOT = Path(__file__).parents[3]
ODD_SCHOOLS = ROOT.parent / "shared" / "odd-schools"
DEMO = ROOT / "params" / "demo.yml"
TODAY = date(2026, 11, 30)
KNOWN = {"name": "Elm School", "urn": "123456"}
HOURS = {'AM: {opens: "<HH:MM>", closes: "<HH:MM>"}': 'AM: {opens: "08:40", closes: "09:10"}',
         'PM: {opens: "<HH:MM>", closes: "<HH:MM>"}': 'PM: {opens: "13:10", closes: "13:40"}'}  # fmt: skip


def draft_of(folder, path):
    """The settings of a drafted file, once a person has filled in when registers open and close."""
    text = draft_school(folder, path, TODAY, KNOWN).text(HEADING.format(school="Elm School", folder=folder))
    for blank, hours in HOURS.items():
        text = text.replace(blank, hours)
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def sessions(calendar, last):
    rows = calendar.open_sessions
    rows = rows[rows["date"].dt.date <= last]
    return list(zip(rows["date"].dt.date, rows["session"], rows["closed_year_groups"], strict=True))


@pytest.fixture(scope="module")
def exports(tmp_path_factory, worker_id):
    return demo_exports(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def of_demo(exports, tmp_path_factory):
    return draft_of(exports, tmp_path_factory.mktemp("demo") / "school.yml")


def test_the_demo_s_calendar_is_drawn_from_its_marks(of_demo):
    last = date(2026, 11, 20)
    assert sessions(of_demo.build_calendar(), last) == sessions(load_settings(DEMO).build_calendar(), last)


def test_what_else_the_demo_s_exports_show_is_that_of_its_school_file(of_demo):
    truth = load_settings(DEMO)
    assert of_demo.school.phase == truth.school.phase
    assert of_demo.school.year_groups == truth.school.year_groups
    assert of_demo.school.registers == truth.school.registers
    assert of_demo.lessons == truth.lessons
    for kind in type(truth.exports).model_fields:
        drafted, written = (getattr(each.exports, kind) for each in (of_demo, truth))
        assert [Path(each.path).name for each in drafted] == [Path(each.path).name for each in written]


def test_the_drafted_file_reads_the_same_school(of_demo, tmp_path_factory, worker_id):
    true_file = read_demo_school(tmp_path_factory, worker_id)
    kept = SchoolStore(true_file.parent / PACKS / STORE_FOLDER)
    drafted, truth = read_school(of_demo), open_school(load_settings(true_file), kept)
    for table in ("pupils", "marks", "lessons", "interventions", "sign_ins"):
        pd.testing.assert_frame_equal(getattr(drafted, table), getattr(truth, table))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=WHY_SKIPPED)
@pytest.mark.parametrize(
    "marks",
    [
        "tidy_marks.csv", "bromcom_weekly.csv", "register_grid.xlsx", "arbor_roll_call.csv", "go4schools_sessions.csv",
        "sims_session_attendances.xml", "xporter_marks.json",
    ],
)  # fmt: skip
@pytest.mark.parametrize("pupils", ["pupils.csv", "sims_pupils.xml"])
def test_every_sample_layout_leads_to_the_sample_s_calendar(tmp_path, marks, pupils):
    exports = tmp_path / "exports"
    exports.mkdir()
    for name in (marks, pupils):
        shutil.copy(SAMPLES / name, exports)
    drafted = draft_of(exports, tmp_path / "school.yml")
    (tmp_path / "true").mkdir()
    truth = load_settings(write_school(tmp_path / "true"))
    last = date(2026, 2, 13)
    assert sessions(drafted.build_calendar(), last) == sessions(truth.build_calendar(), last)
    assert [each.path for each in (*drafted.exports.pupils, *drafted.exports.marks)] == [
        f"exports/{pupils}",
        f"exports/{marks}",
    ]
    assert read_school(drafted).log.rows_dropped == 0


@pytest.mark.skipif(
    not ODD_SCHOOLS.is_dir(), reason="the odd schools lie outside the project and are not here"
)
@pytest.mark.parametrize("name", ["primary", "sixth", "sixterm"])
def test_odd_schools_have_their_half_terms_phase_and_year_groups(tmp_path, name):
    drafted = draft_of(ODD_SCHOOLS / name, tmp_path / "school.yml")
    truth = load_settings(ODD_SCHOOLS / name / "school.yml")
    last = date(2026, 11, 20)
    assert sessions(drafted.build_calendar(), last) == sessions(truth.build_calendar(), last)
    assert drafted.school.phase == truth.school.phase
    assert drafted.school.year_groups == truth.school.year_groups


# Files


ROLL = "pupil_id,surname,forename,year_group,admission_date\n" + "".join(
    f"{n},A,B,7,{{day}}\n" for n in range(12)
)
DAYS = ("2026-09-07", "2026-09-08", "2026-09-09")


def marks_text(days=DAYS, code="/"):
    return "pupil_id,date,session,code\n" + "".join(
        f"{n},{day},{session},{code}\n" for day in days for n in range(12) for session in ("AM", "PM")
    )


@pytest.fixture
def tiny(tmp_path):
    """A folder with a roll of twelve and three days of marks."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "roll.csv").write_text(ROLL.format(day="2025-09-03"), encoding="utf-8")
    (folder / "marks.csv").write_text(marks_text(), encoding="utf-8")
    return folder


def test_files_of_one_kind_and_layout_become_one_pattern_that_next_year_s_file_fits(tiny):
    (tiny / "marks.csv").unlink()
    for year in ("2025-26", "2026-27"):
        (tiny / f"marks_{year}.csv").write_text(marks_text(), encoding="utf-8")
    assert [each.path for each in look_into(tiny).entries()["marks"]] == ["marks_*.csv"]


def test_a_pattern_that_would_fit_another_file_is_none(tiny):
    for name in ("marks_2025.csv", "marks_2026.csv"):
        (tiny / name).write_text(marks_text(), encoding="utf-8")
    (tiny / "marks_notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert len(look_into(tiny).entries()["marks"]) == 3


def test_marks_of_wonde_stand_in_one_entry_with_the_list_that_says_what_their_codes_are(tiny, tmp_path):
    (tiny / "marks.csv").unlink()
    marks = [
        {"student_id": str(n), "date": day, "session": half, "attendance_code_id": "A1"}
        for n in range(12) for day in DAYS for half in ("AM", "PM")
    ]  # fmt: skip
    (tiny / "session-marks.json").write_text(json.dumps({"data": marks}), encoding="utf-8")
    (tiny / "attendance-codes.json").write_text(
        json.dumps({"data": [{"id": "A1", "code": "/"}]}), encoding="utf-8"
    )
    drafted = draft_of(tiny, tmp_path / "school.yml")
    assert [each.path for each in drafted.exports.marks] == ["exports/*.json"]
    assert len(read_school(drafted).marks) == 72


def test_a_file_that_is_no_export_is_named_with_why(tiny):
    (tiny / "marks.xls").write_text("<html><body><table></table></body></html>", encoding="utf-8")
    (path, why), *_ = look_into(tiny).others
    assert (path.name, why) == (
        "marks.xls",
        "this is a web page (HTML) named .xls. Open it in Excel and save it as .xlsx, or export CSV.",
    )


def test_without_marks_there_is_nothing_to_draft_and_each_file_s_reason_is_told(tiny, tmp_path):
    (tiny / "marks.csv").write_text("name,when\nx,y\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"no file of marks was recognised \(found pupils: roll.csv\)"
    ) as refused:
        draft_school(tiny, tmp_path / "school.yml", TODAY, KNOWN)
    assert "marks.csv: neither its layout nor its headings are those of an export" in str(refused.value)


def test_an_open_order_of_dates_is_taken_as_england_writes_it_and_said(tiny, tmp_path):
    (tiny / "marks.csv").write_text(marks_text(("07/09/2026", "08/09/2026")), encoding="utf-8")
    drafted = draft_of(tiny, tmp_path / "school.yml")
    assert drafted.exports.marks[0].date_order == "day_first"
    assert drafted.calendar.terms[0].half_terms[0].start == date(2026, 9, 7)
    assert "taken to have the day first" in drafted.file.read_text(encoding="utf-8")


def test_codes_of_the_system_s_own_are_mapped_by_their_letter_and_said(tiny, tmp_path):
    (tiny / "marks.csv").write_text(marks_text(code="I01") + "0,2026-09-10,AM,/\n", encoding="utf-8")
    drafted = draft_of(tiny, tmp_path / "school.yml")
    assert drafted.exports.marks[0].codes == {"I01": "I"}
    assert "see that each is right" in drafted.file.read_text(encoding="utf-8")


def test_what_the_calendar_was_seen_from_stands_right_above_it(tiny, tmp_path):
    lines = draft_of(tiny, tmp_path / "school.yml").file.read_text(encoding="utf-8").splitlines()
    at = lines.index("calendar:")
    assert lines[at - 3 : at] == [
        "",
        "# From the days that have marks; bank holidays are known. Rename terms as the school calls them: six terms are six",
        "# entries",
    ]


def test_a_draft_fits_the_schema(of_demo):
    # As an editor reads it: dates are text.
    said = json.loads(json.dumps(yaml.safe_load(of_demo.file.read_text(encoding="utf-8")), default=str))
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    assert [error.message for error in validator.iter_errors(said)] == []
