"""The roll's school year is told by evidence: a roll promoted in the summer, and one that is still last year's.

The school has Years 7 to 9, three pupils each and more where a case needs them. On 31 August 2025 a pupil of Year 7 is 11:
born from 1 September 2013 to 31 August 2014.
"""

from pathlib import Path

import pytest

from attendance_lib.intake.school import read_school_checked
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.register.build import build_register
from tests.school_file import details

MAY, JULY, SEPTEMBER = (
    ("2026-05-20", "2026-05-21"),
    ("2026-07-15", "2026-07-16"),
    ("2026-09-03", "2026-09-04"),
)
CALENDAR = """\
calendar:
  terms:
    - {school_year: "202526", name: summer, half_terms: [{start: 2026-05-18, end: 2026-07-17}]}
    - {school_year: "202627", name: autumn, half_terms: [{start: 2026-09-01, end: 2026-10-23}]}
"""
HEAD = "pupil_id,year_group,date_of_birth,admission_date,leaving_date\n"


@pytest.fixture
def checked(tmp_path: Path):
    """Check a school of rows of pupils and of marks: pupils and days, at both sessions."""

    def check(pupils, marks, more=""):
        school = details().replace("[7, 8]", "[7, 8, 9]") + CALENDAR + more
        (tmp_path / "school.yml").write_text(school, encoding="utf-8")
        (tmp_path / "pupils.csv").write_text(HEAD + "\n".join(pupils) + "\n", encoding="utf-8")
        rows = [
            f"{pupil},{day},{session},/"
            for some, days in marks
            for pupil in some
            for day in days
            for session in ("AM", "PM")
        ]
        text = "pupil_id,date,session,code\n" + "\n".join(rows) + "\n"
        (tmp_path / "marks.csv").write_text(text, encoding="utf-8")
        return read_school_checked(load_settings(tmp_path / "school.yml"))

    return check


def roll(*cohorts, since="2020-09-01", left="", born=True):
    """Rows of four pupils of each cohort: the year group they are in in 2025/26, and the one that the file gives."""
    return [
        f"{cohort}{number},{given},{f'{2020 - cohort}-10-0{number}' if born else ''},{since},{left}"
        for cohort, given in cohorts
        for number in (1, 2, 3, 4)
    ]


def pupils_of(*cohorts):
    return [f"{cohort}{number}" for cohort in cohorts for number in (1, 2, 3, 4)]


def years_of(school):
    return {
        int(pupil[:-1]): int(year)
        for pupil, year in zip(school.pupils["pupil_id"], school.pupils["year_group"], strict=True)
    }


def told(checked_school):
    return [each.message for each in checked_school.log.findings if each.rule == "roll_of_another_year"]


# Promoted in August: cohort 9 left in July and keeps its year group, cohort 6 comes in September.
PROMOTED = [*roll((7, 8), (8, 9)), *roll((9, 9), left="2026-07-16")]
NEW = roll((6, 7), since="2026-09-01")


def test_a_promoted_roll_is_taken_back_by_a_year_and_it_is_said(checked):
    found = checked([*PROMOTED, *NEW], [(pupils_of(7, 8, 9), JULY)])
    assert years_of(found.accepted()) == {6: 7, 7: 7, 8: 8, 9: 9}
    (said,) = told(found)
    taken = "so the year groups of 8 enrolments were taken"
    assert f"The pupils file is of 2026/27, the marks end in 2025/26, {taken}" in said
    school = found.accepted()
    of_july = build_register(school.pupils, school.marks, school.calendar).register
    assert len(of_july.pupils.query("year_group == 9")) == 4


def test_who_left_is_taken_back_too_where_the_file_promoted_them(checked):
    promoted = [*roll((7, 8), (8, 9)), *roll((9, 10), left="2026-08-31")]
    assert years_of(checked(promoted, [(pupils_of(7, 8, 9), JULY)]).accepted()) == {7: 7, 8: 8, 9: 9}


def test_with_the_first_marks_of_the_new_year_the_promoted_roll_is_right(checked):
    found = checked([*PROMOTED, *NEW], [(pupils_of(7, 8, 9), JULY), (pupils_of(6, 7, 8), SEPTEMBER)])
    assert years_of(found.accepted()) == {6: 7, 7: 8, 8: 9, 9: 9}
    assert told(found) == []


def test_marks_after_the_end_of_the_calendar_do_not_make_july_s_year_groups_wrong(checked):
    """Next year's terms are not typed in: the last register that counts is July's, and so are the year groups."""
    found = checked([*PROMOTED, *NEW], [(pupils_of(7, 8, 9), JULY * 30), (pupils_of(8), ("2026-11-02",))])
    assert years_of(found.school) == {6: 7, 7: 7, 8: 8, 9: 9}


def test_last_year_s_roll_in_september_is_refused(checked):
    """Cohort 9 left, and the file does not know it; cohort 6, which came, is not in it."""
    stale = roll((7, 7), (8, 8), (9, 9))
    marks = [(pupils_of(7, 8, 9), JULY), (pupils_of(7, 8), SEPTEMBER)]
    (problem,) = checked(stale, marks).problems
    assert (
        "the pupils file is of 2025/26, the marks end in 2026/27: nobody of its highest year group has a mark"
        in problem
    )
    assert "Export the pupils as they were on 2026-09-04" in problem


@pytest.mark.parametrize("strangers", [3, 4])
def test_without_dates_of_birth_new_pupils_give_last_year_s_roll_away(checked, strangers):
    stale = roll((7, 7), (8, 8), (9, 9), born=False)
    marks = [
        (pupils_of(7, 8, 9), JULY * 10),
        (pupils_of(7, 8), SEPTEMBER),
        (pupils_of(6)[:strangers], SEPTEMBER[:1]),
    ]
    problems = " ".join(checked(stale, marks).problems)
    assert ("the pupils file is of 2025/26, the marks end in 2026/27" in problems) == (strangers == 4)


@pytest.mark.parametrize(("days", "new", "is_told"), [(MAY, 3, False), (MAY, 4, True), (JULY, 0, True)])
def test_without_dates_of_birth_an_empty_lowest_year_group_gives_a_promoted_roll_away(
    checked, days, new, is_told
):
    """By those to come, or because the marks end in July; in May a school may have nobody in it."""
    rows = [*roll((7, 8), (8, 9), born=False), *roll((9, 9), left="2026-07-16", born=False)]
    to_come = roll((6, 7), since="2026-09-01", born=False)[:new]
    problems = " ".join(checked([*rows, *to_come], [(pupils_of(7, 8, 9), days)]).problems)
    assert ("the pupils file is of 2026/27, the marks end in 2025/26" in problems) == is_told


def test_a_year_group_that_is_away_on_the_first_day_makes_no_roll_last_year_s(checked):
    """On the first day only new pupils come: their elders have no mark of this year yet, and the roll is right."""
    rows = [*roll((7, 8), (8, 9)), *NEW]
    first_day = "  closures: [{date: 2026-09-03, reason: first day, year_groups: [8, 9]}]\n"
    found = checked(rows, [(pupils_of(7, 8), JULY), (pupils_of(6), SEPTEMBER[:1])], first_day)
    assert years_of(found.accepted()) == {6: 7, 7: 8, 8: 9}
    assert told(found) == []
