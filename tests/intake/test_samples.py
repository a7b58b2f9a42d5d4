"""The sample school in its layouts: every one of them must lead to the marks of the tidy file."""

import pandas as pd
import pytest

from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from tests.sample_school import SAMPLES, WHY_SKIPPED, write_school

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=WHY_SKIPPED)


def read_sample(tmp_path, marks, pupils="pupils.csv"):
    return read_school(load_settings(write_school(tmp_path, marks, pupils)))


@pytest.fixture
def truth():
    """The marks of the tidy file, straight from its text, blank ones left out."""
    rows = pd.read_csv(SAMPLES / "tidy_marks.csv", dtype=str, keep_default_na=False)
    made = rows[rows["code"] != ""]
    return sorted(zip(made["pupil_id"], made["date"], made["session"], made["code"], strict=True))


LAYOUTS = [
    ("tidy_marks.csv", "tidy"),
    ("bromcom_weekly.csv", "weekly_wide"),
    ("register_grid.xlsx", "grid_xlsx"),
    ("arbor_roll_call.csv", "tidy"),
    ("go4schools_sessions.csv", "tidy"),
    ("sims_session_attendances.xml", "sims_xml"),
    ("xporter_marks.json", "xporter"),
]
WITH_MINUTES = [
    "tidy_marks.csv",
    "arbor_roll_call.csv",
    "go4schools_sessions.csv",
    "sims_session_attendances.xml",
]


@pytest.mark.parametrize(("marks", "layout"), LAYOUTS)
def test_every_layout_leads_to_the_same_marks(tmp_path, truth, marks, layout):
    school = read_sample(tmp_path, marks)
    found = school.marks
    days = found["date"].dt.strftime("%Y-%m-%d")
    assert school.log.files[-1].layout == layout
    assert list(zip(found["pupil_id"], days, found["session"], found["code"], strict=True)) == truth


def test_the_register_is_the_same_by_layout(tmp_path):
    """Not only the marks: the grid of codes and the minutes late, in the layouts that have them."""
    whole = [read_sample(tmp_path, name).marks for name in WITH_MINUTES]
    for other in whole[1:]:
        pd.testing.assert_frame_equal(other, whole[0], check_categorical=False)


def test_the_roll_of_sims_is_that_of_the_tidy_file(tmp_path):
    schools = [
        read_sample(tmp_path, "tidy_marks.csv", name).pupils for name in ("pupils.csv", "sims_pupils.xml")
    ]
    told = [
        "pupil_id",
        "upn",
        "surname",
        "forename",
        "year_group",
        "form",
        "date_of_birth",
        "sex",
        "admission_date",
        "leaving_date",
    ]
    pd.testing.assert_frame_equal(schools[1][told], schools[0][told])


@pytest.mark.parametrize("marks", sorted({name for name, _ in LAYOUTS}))
def test_the_clean_samples_raise_no_finding_but_that_of_their_roll(tmp_path, marks):
    school = read_sample(tmp_path, marks)
    # In 2025/26 Year 7 was born from 1 September 2013 to 31 August 2014; the sample's is a year older, as every other year is.
    found = [(each.rule, each.count) for each in school.log.findings]
    assert (found, school.log.rows_dropped) == ([("roll_of_another_year", 57)], 0)


def test_names_that_look_like_nothing_stay_text(tmp_path):
    surnames = read_sample(tmp_path, "tidy_marks.csv").pupils["surname"]
    assert {"Null", "True"} <= set(surnames)
