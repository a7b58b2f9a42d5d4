"""The demo school's own settings are ones the strict loaders take."""

from pathlib import Path

from attendance_lib.demo.school import SCHOOL_FILE
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.intake.settings.school_file import load_cohorts


def test_the_school_file_is_taken_without_a_caveat():
    assert load_settings(SCHOOL_FILE).caveats() == ()


def test_the_school_has_190_pupil_days_a_year_less_its_closures():
    sessions = load_settings(SCHOOL_FILE).build_calendar().sessions()
    # 190 days less one polling day; the afternoon of the last day before Christmas is closed as well.
    assert sessions.groupby("school_year").size().to_dict() == {"202526": 2 * 189 - 1, "202627": 2 * 189 - 1}


def test_weeks_are_labelled_a_and_b_in_turn():
    sessions = load_settings(SCHOOL_FILE).build_calendar().sessions()
    labels = sessions.drop_duplicates("week_beginning")["week_label"].tolist()
    assert labels == (["A", "B"] * len(labels))[: len(labels)]


def test_the_cohorts_are_taken_and_everyone_is_the_first():
    cohorts = load_cohorts(SCHOOL_FILE.parent / "cohorts.yml")
    assert next(iter(cohorts)) == "all"
    assert cohorts["send"].where == {"sen_status": ("K", "E")}


def test_the_exports_of_the_school_file_are_those_that_the_demo_writes(demo):
    exports = load_settings(SCHOOL_FILE).exports
    paths = [source.path for kind in ("pupils", "marks", "interventions", "actions", "contacts", "notices")
             for source in getattr(exports, kind)]  # fmt: skip
    for path in paths:
        assert list(demo.folder.glob(Path(path).name)), path
