"""The rules that a receipt names are those in force on the report's last day."""

from datetime import date

import pytest

from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.reports.receipt import codes, rules_in_force, thresholds

RULES = """
rules:
  notices:
    national_framework: {from: 2024-08-19, count_n: true}
    local:
      - {name: "10 sessions in a term", sessions: 10, terms: 1, from: 2026-09-01}
      - {name: "6 sessions in a term", sessions: 6, terms: 1, from: 2025-09-01, to: 2026-11-20}
"""


@pytest.fixture
def settings(project):
    """The tiny school with a national and two local notice rules."""
    path = project.params / "demo.yml"
    path.write_text(path.read_text(encoding="utf-8") + RULES, encoding="utf-8")
    return load_settings(path)


NATIONAL = "National framework: 10 sessions in 10 school weeks"


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2024, 8, 18), []),
        (date(2024, 8, 19), [NATIONAL]),
        (date(2026, 9, 1), [NATIONAL, "Local: 10 sessions in a term", "Local: 6 sessions in a term"]),
        (date(2026, 11, 20), [NATIONAL, "Local: 10 sessions in a term", "Local: 6 sessions in a term"]),
        (date(2026, 11, 21), [NATIONAL, "Local: 10 sessions in a term"]),
    ],
)
def test_notice_rules_are_those_that_the_school_switches_on_in_force_that_day(settings, day, names):
    found = [rule["name"] for rule in rules_in_force(settings, day)]
    assert [name for name in found if "session" in name and "possible" not in name] == names


def test_a_school_without_notice_rules_has_none(project):
    found = rules_in_force(load_settings(project.params / "demo.yml"), date(2026, 11, 20))
    assert [rule["name"].partition(":")[0] for rule in found] == [
        "At risk of persistent absence",
        "Persistent absence",
        "Severe absence",
        "Register codes",
    ]


def test_the_codes_are_the_set_of_that_day_with_its_date():
    old, new = codes(date(2024, 8, 18)), codes(date(2024, 8, 19))
    assert (" H," in old["name"], " H," in new["name"], " Q," in new["name"]) == (True, False, True)
    assert new["from_date"] == "2024-08-19"


def test_the_codes_name_the_regulations_of_their_own_time():
    old, new = codes(date(2024, 8, 18)), codes(date(2024, 8, 19))
    assert "Regulations 2006" in old["source"]
    assert "Regulations 2024" in new["source"]


def test_a_threshold_is_told_with_its_limit_date_and_source():
    found = {rule["name"]: rule for rule in thresholds(date(2026, 11, 20))}
    persistent = found["Persistent absence: 1 in 10 possible sessions or more"]
    assert persistent["from_date"] == "2015-09-01"
    assert persistent["source"].startswith("DfE")


def test_a_threshold_of_a_later_day_is_not_told():
    assert [rule["name"].partition(":")[0] for rule in thresholds(date(2022, 8, 31))] == [
        "Persistent absence",
        "Severe absence",
    ]
