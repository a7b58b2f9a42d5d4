"""The three questions of an analyst at the demo school, counted again from its export files by code that shares nothing with it."""

from collections import Counter, defaultdict

import pytest

from attendance_lib.analyst import open_school
from tests.demo_exports import read_demo_school
from tests.recount.counting import CLASSES, count, mark, year_group_in
from tests.recount.school_files import read_unchanged


@pytest.fixture(scope="module")
def school_file(tmp_path_factory, worker_id):
    return read_demo_school(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def asked(school_file):
    return open_school(str(school_file))


@pytest.fixture(scope="module")
def files(school_file):
    return read_unchanged(school_file)


def test_year_9_pupil_premium_girls_on_fridays_by_half_term_of_both_years(asked, files):
    found = asked.attendance(
        ["half_term_of_year", "school_year"],
        {"year_group": 9, "pupil_premium": True, "sex": "F", "weekday": "Friday"},
    )
    expected = Counter()
    for year, words in (("202526", "2025/26"), ("202627", "2026/27")):
        girls = [
            pupil
            for pupil in files.pupils
            if year_group_in(pupil, year) == 9 and pupil["pupil_premium"] == "1" and pupil["sex"] == "F"
        ]
        for session in files.sessions:
            if session.half_term[0] == year and session.day.isoweekday() == 5:
                term = f"{session.half_term[1].capitalize()} {session.half_term[2]}"
                counted = count(files, girls, [session])
                expected[term, words, "possible"] += counted["possible"]
                expected[term, words, "absent"] += counted["absent"]
    assert len(found) == 8
    for row in found.itertuples():
        assert row.possible_sessions == expected[row.half_term_of_year, row.school_year, "possible"]
        assert row.absence_sessions == expected[row.half_term_of_year, row.school_year, "absent"]


def test_the_form_with_the_largest_monday_effect(asked, files):
    found = asked.compare(
        "form",
        {"school_year": "2026/27", "weekday": "Monday"},
        against={"weekday": ["Tuesday", "Wednesday", "Thursday", "Friday"]},
    )
    forms = defaultdict(list)
    for pupil in files.pupils:
        forms[pupil["form"]].append(pupil)
    this_year = [session for session in files.sessions if session.half_term[0] == "202627"]
    effects = {}
    for form, pupils in forms.items():
        monday = count(files, pupils, [each for each in this_year if each.day.isoweekday() == 1])
        others = count(files, pupils, [each for each in this_year if each.day.isoweekday() != 1])
        if monday["possible"] and others["possible"]:
            rates = [1 - each["absent"] / each["possible"] for each in (monday, others)]
            effects[form] = rates[0] - rates[1]
    assert found["difference_rate"].tolist() == pytest.approx([effects[form] for form in found["form"]])
    assert found["form"].iloc[0] == min(effects, key=effects.get)


def test_codes_of_pupils_with_an_ehc_plan_by_month(asked, files):
    found = asked.codes("month", {"sen_status": "E"})
    expected = Counter(
        (f"{session.day:%Y-%m}", code)
        for pupil in files.pupils
        if pupil["sen_status"] == "E"
        for session in files.sessions
        if (code := mark(files, pupil, session)) in CLASSES
    )
    assert {(row.month, row.code): row.sessions for row in found.itertuples()} == dict(expected)
