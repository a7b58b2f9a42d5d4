"""Whom a name in a log means, who leads what, and about whom each role is told."""

import pandas as pd
import pytest

from attendance_lib.analysis.staff import (
    Staff,
    case_leads,
    courses_led,
    courses_of,
    members_of,
    pupils_of,
    staff_of,
)
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.intake.settings.school_file import StaffMember
from attendance_lib.intake.support_tables import PLANS

ROLES = (
    {"role": "Head of Year 9", "name": "A. Nine", "year_groups": (9,)},
    {"role": "Tutor", "name": "B. Form", "forms": ("9A",)},
    {"role": "Tutor", "name": "C. Form", "forms": ("9B",)},
    {"role": "Tutor", "name": "D. Spare"},
    {"role": "ELSA", "name": "E. One"},
    {"role": "ELSA", "name": "F. Two"},
    {"role": "SENCo", "name": "B.  form"},
)
STAFF = Staff(
    members_of(StaffMember(**role) for role in ROLES),
    {"1": 9, "2": 9, "3": 10},
    {"1": "9A", "2": "9b", "3": "10A"},
)


@pytest.mark.parametrize(
    ("words", "pupil", "meant"),
    [
        ("A. Nine", "3", ["A. Nine"]),  # by name, whatever the pupil's year
        ("head of year 9 ", "3", ["A. Nine"]),  # the only one of the role
        ("Tutor", "1", ["B. Form"]),
        ("tutor", "2", ["C. Form"]),
        ("Tutor", "3", ["D. Spare"]),  # in nobody's form: whoever is tutor of everybody
        ("ELSA", "1", ["E. One", "F. Two"]),
        ("SENCo", "1", ["B. Form"]),  # two rows of one name are one person
        ("G. Gone", "1", []),
        ("", "1", []),
        (None, None, []),
        (float("nan"), "1", []),
    ],
)
def test_a_name_or_a_role_beside_a_pupil_means_who_holds_it_for_that_pupil(words, pupil, meant):
    assert [member.name for member in STAFF.meant_by(words, pupil)] == meant


def test_rows_of_one_name_are_one_person_with_all_roles():
    assert [member.role_names for member in STAFF.members] == [
        "Head of Year 9",
        "Tutor, SENCo",
        "Tutor",
        "Tutor",
        "ELSA",
        "ELSA",
    ]


@pytest.fixture
def led_pack(make_pack, make_log):
    """0001 has a mentor and a plan, 0002 two interventions, 0003 one that has ended, 0004 a key adult alone."""
    return make_pack(
        staff=ROLES,
        people={"0003": {"key_adult": " "}},
        interventions=make_log(
            {"pupil_id": "0001", "intervention": "Mentor", "tier": "3", "start_date": "2026-10-05", "lead": "ELSA"},
            {"pupil_id": "0002", "intervention": "Club", "tier": "2", "start_date": "2026-11-02", "lead": "E. One"},
            {"pupil_id": "0002", "intervention": "Visits", "tier": "3", "start_date": "2026-09-14", "lead": "Head of Year 9",
             "review_date": "2026-11-19"},
            {"pupil_id": "0003", "intervention": "Club", "tier": "2", "start_date": "2026-09-14", "end_date": "2026-10-16",
             "lead": "E. One", "review_date": "2026-10-12", "outcome": "met"},
            {"pupil_id": None, "intervention": "Letters", "tier": "1", "start_date": "2026-09-14", "lead": "E. One"},
            {"pupil_id": "0004", "intervention": "Later", "tier": "2", "start_date": "2026-11-23", "lead": "E. One"},
            columns=INTERVENTIONS.column_names,
        ),
        plans=make_log(
            {"plan_id": "SP1", "pupil_id": "0001", "opened_on": "2026-11-04", "lead": "B. Form", "review_on": "2026-11-28"},
            columns=PLANS.column_names,
        ),
    )  # fmt: skip


def test_plans_and_interventions_are_led_alike_and_a_plan_counts_as_tier_3(led_pack):
    found = courses_of(led_pack)
    assert found[["pupil_id", "what", "tier", "is_running", "is_written"]].to_numpy().tolist() == [
        ["0001", "Mentor", 3, True, False], ["0002", "Club", 2, True, False], ["0002", "Visits", 3, True, False],
        ["0003", "Club", 2, False, True], ["0001", "Support plan", 3, True, False],
    ]  # fmt: skip
    # 28 November is a Saturday: the review is held on the Monday, within two school weeks.
    assert found.loc[found["is_review_due"], ["what", "review_date"]].to_numpy().tolist() == [
        ["Support plan", pd.Timestamp("2026-11-30")]
    ]
    assert found.loc[found["is_review_overdue"], "what"].tolist() == ["Visits"]


def test_each_is_told_what_he_or_she_leads(led_pack):
    led = {
        member.name: courses_led(member, led_pack)["what"].tolist() for member in staff_of(led_pack).members
    }
    assert led == {
        "A. Nine": ["Visits"], "B. Form": ["Support plan"], "C. Form": [], "D. Spare": [], "E. One": ["Mentor", "Club", "Club"],
        "F. Two": ["Mentor"],
    }  # fmt: skip


def test_the_lead_of_a_case_is_the_plans_then_the_highest_tiers_then_the_key_adult(led_pack):
    assert case_leads(["0001", "0002", "0003", "0004"], led_pack) == [
        "B. Form",
        "Head of Year 9",
        "",
        "P. Wren",
    ]


@pytest.mark.parametrize(
    ("role", "about"),
    [
        ({"role": "Tutor", "forms": ("9a",)}, {"0001"}),
        ({"role": "Tutor"}, set()),
        ({"role": "Head of Year 10", "year_groups": (10,)}, {"0003", "0004"}),
        ({"role": "Head of Year 10"}, set()),
        ({"role": "Pastoral team"}, {"0001", "0002", "0003", "0004"}),
        ({"role": "Attendance officer", "year_groups": (9,)}, {"0001", "0002"}),
        ({"role": "SENCo"}, {"0002", "0003"}),
        ({"role": "SENCo", "year_groups": (10,)}, {"0003"}),
        ({"role": "Senior Leadership Team"}, {"0002"}),
        ({"role": "Senior Leadership Team", "year_groups": (10,)}, set()),
        ({"role": "ELSA"}, set()),
        ({"role": "Caretaker", "year_groups": (9,)}, set()),
    ],
)
def test_each_role_is_told_of_its_pupils_and_years_or_forms_narrow_it(make_pack, role, about):
    # 0002 has SEN support, 0003 an EHC plan; 0002 misses 60 of 100 sessions.
    away = [day.strftime("%Y-%m-%d") for day in pd.bdate_range("2026-09-07", "2026-10-16")]
    pack = make_pack({"0002": {"I": away}})
    assert pupils_of(StaffMember(name="x", **role), pack) == about
