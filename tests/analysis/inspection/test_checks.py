"""The checks as they are declared."""

import re

import pytest

from attendance_lib.analysis.inspection.inspect import CHECK_OF, CHECKS
from attendance_lib.analysis.inspection.scope import ARRANGEMENT_CODES, CHECKLIST, OURS, WHOLE_CLASS_CODES
from attendance_lib.errors import Severity
from attendance_lib.rules.codes import KNOWN_LETTERS


def test_every_rule_has_a_name_of_its_own():
    assert len(CHECK_OF) == len(CHECKS)
    assert len({each.check for each in CHECKS}) == len(CHECKS)


def test_musts_come_before_shoulds():
    assert [each.severity for each in CHECKS] == sorted(each.severity for each in CHECKS)
    assert {each.severity for each in CHECKS} == set(Severity)


@pytest.mark.parametrize("rule", CHECKS, ids=lambda rule: rule.rule)
def test_every_rule_says_what_to_do_and_where_it_comes_from(rule):
    assert rule.what_to_do.endswith(".")
    assert rule.source


def test_the_codes_named_are_register_codes():
    assert {*ARRANGEMENT_CODES, *WHOLE_CLASS_CODES} <= KNOWN_LETTERS


def test_a_missing_mark_is_never_advised_to_become_o():
    """A missing mark is not an absence (reg 10 of SI 2024/208 has O for an absence without a reason)."""
    advice = CHECK_OF["mark_missing"].what_to_do
    assert advice.startswith("Establish whether the pupil was there")
    assert "only an absence for which no reason" in advice


@pytest.mark.parametrize("rule", CHECKS, ids=lambda rule: rule.rule)
def test_each_rule_of_law_says_edition_paragraph_and_the_day_it_was_checked(rule):
    """Only what is ours, or the good practice of checklists, has no paragraph."""
    if rule.source not in (OURS, CHECKLIST):
        assert re.search(r"(regulation|section|paragraph)", rule.source)
        assert "last checked 2026-11-29" in rule.source
