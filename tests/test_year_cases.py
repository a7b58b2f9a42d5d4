"""A school of 200 at three moments of a year: the roll promoted in August, an export that breaks off, last year's terms gone.

What is right stands in the cases' own README; they lie beside the project.
"""

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.analysis.headline import headline_of
from attendance_lib.analysis.penalty_notices import rules_of, windows_of
from attendance_lib.errors import InputError
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.check.check import CheckRequest, check_exports
from attendance_lib.papers.fortnightly.front_page import by_group, key_figures
from attendance_lib.papers.fortnightly.groups import groups
from attendance_lib.register.build import build_register
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.gate import pass_gate
from attendance_lib.reports.project import Project
from attendance_lib.reports.request import RunRequest
from tests.notebook_in_process import ROOT

CASES = Path(__file__).parents[2] / "shared" / "year-cases"
HALF_TERM = (date(2025, 9, 3), date(2025, 10, 24))
FORTNIGHT = (date(2025, 11, 10), date(2025, 11, 21))

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the year cases are not beside the project")


@pytest.fixture
def case(tmp_path):
    """Copy a case and return its school file."""

    def copied(name):
        return shutil.copytree(CASES / name, tmp_path / name) / "school.yml"

    return copied


def check(school):
    request = CheckRequest(Project(ROOT), school, school.parent / "outputs")
    done = check_exports(request, Progress())
    return done.exit_code, " ".join(done.text.split())


def gate(school, report, days, marks_to=None):
    """Pass the gate for a paper over some days, as far as a kernel would be started."""
    request = RunRequest(report, Project(ROOT), school, school.parent / "outputs", *days, marks_to=marks_to)
    return pass_gate(request, Progress(), lambda _: None)


def test_after_the_roll_was_promoted_july_s_year_groups_are_those_of_july(case):
    school = read_school(load_settings(case("aug")))
    register = build_register(school.pupils, school.marks, school.calendar).register.in_school_year("202526")
    has_session = ((register.codes >= 3) & (register.sessions["date"] >= "2025-09-03").to_numpy()).any(axis=1)
    counts = register.pupils[has_session]["year_group"].value_counts().to_dict()
    assert {year: counts[year] for year in sorted(counts)} == {7: 35, 8: 35, 9: 37, 10: 35, 11: 34}


@pytest.mark.parametrize(
    ("report", "days", "marks_to"),
    [
        ("fortnightly", FORTNIGHT, None),
        ("fortnightly", FORTNIGHT, FORTNIGHT[1]),
        ("governors", HALF_TERM, None),
        ("impact", (None, HALF_TERM[1]), HALF_TERM[1]),
    ],
)
@pytest.mark.parametrize("is_line_whole", [False, True])
def test_an_export_that_breaks_off_makes_no_paper_for_its_end_nor_one_for_others(
    case, report, days, marks_to, is_line_whole
):
    """Whether its last line is cut off or not."""
    school = broken(case, is_line_whole=is_line_whole)
    with pytest.raises(
        InputError, match="the file breaks off here" if not is_line_whole else "the export seems to break off"
    ):
        gate(school, report, days, marks_to)
    code, text = check(school)
    assert code == 11
    assert "Refused, so no report can be made" in text


def test_last_year_s_marks_without_last_year_s_terms_are_refused_by_the_year(case):
    code, text = check(case("newonly"))
    assert code == 11
    assert "57,691 of 65,914 marks would be left out" in text
    assert (
        "57,691 marks are of 2025/26, before the calendar's first day (2026-09-03), and are left out" in text
    )
    assert "Marks left out: 87.5%; 57,691 of 65,914 read" in text


def test_with_both_years_terms_the_notice_window_reaches_back_over_the_summer(case):
    """Ten school weeks up to 11 September 2026 begin on 18 May: unauthorised marks since are counted here one by one.

    The case's own README says 34, which is what a window from Tuesday 19 May gives: one pupil has eleven sessions, of which ten
    are on the five days of that week. A window is of whole school weeks, so Monday is in it.
    """
    school = case("newonly")
    shutil.copy(CASES / "aug" / "school.yml", school)
    pack = opened(school, "2026-08-31", "2026-09-11")
    national = [rule.name for rule in rules_of(pack) if rule.is_national]
    met = windows_of(pack)[windows_of(pack)["rule"].isin(national) & windows_of(pack)["is_met_now"]]
    marks, pupils = pack.school.marks, pack.school.pupils
    unauthorised = marks[
        marks["code"].astype(str).isin(["G", "N", "O", "U"]) & (marks["date"] >= "2026-05-18")
    ]
    here = set(pupils[pupils["leaving_date"].isna()]["pupil_id"])
    counts = unauthorised[unauthorised["pupil_id"].isin(here)].groupby("pupil_id").size()
    assert set(met["pupil_id"]) == set(counts[counts >= 10].index)
    assert len(set(met["pupil_id"])) == 35


def opened(school, *days):
    return open_pack(str(school), *days, "all", cohorts_file=str(ROOT / "params" / "cohorts.yml"))


def test_in_the_first_weeks_last_year_s_final_rates_stand_in_the_largest_type(case):
    """They are July's own, from July's exports; this year's are told with the few sessions behind them."""
    july = headline_of(opened(case("aug"), "2026-06-01", "2026-07-17"))["year_to_date"]
    school = case("newonly")
    shutil.copy(CASES / "aug" / "school.yml", school)
    pack = opened(school, "2026-09-03", "2026-09-11")
    for measure, words in (
        ("persistent_absence", "Persistent absence"),
        ("severe_absence", "Severe absence"),
    ):
        figure = {each.name: each for each in key_figures(pack).figures}[f"{measure}_rate"]
        assert figure.label == f"{words} in all of 2025/26"
        assert figure.value == july[f"{measure}_rate"]
        assert figure.detail.endswith("from no more than 14 sessions each")
        assert figure.comparisons == ()


def test_across_the_summer_nothing_is_compared_with_other_children(case):
    school = case("newonly")
    shutil.copy(CASES / "aug" / "school.yml", school)
    pack = opened(school, "2026-09-03", "2026-09-11")
    assert groups(pack).frame["change_rate"].isna().all()
    assert pd.isna(headline_of(pack).loc["attendance_rate", "previous"])
    assert by_group(pack) == ""


def broken(case, *, is_line_whole):
    school = case("cut")
    marks = school.parent / "live" / "marks aut2.csv"
    if is_line_whole:
        whole = marks.read_text(encoding="utf-8-sig").rpartition("\n")[0]
        marks.write_text(whole + "\n", encoding="utf-8")
    return school


def test_of_such_an_export_the_inspection_is_made_and_by_hand_what_lies_before(case):
    school = broken(case, is_line_whole=True)
    assert gate(school, "inspection", FORTNIGHT).period.date_to == FORTNIGHT[1]
    assert gate(school, "fortnightly", (date(2025, 10, 13), HALF_TERM[1])).period.date_to == HALF_TERM[1]
