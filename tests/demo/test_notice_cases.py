"""The demo school's cases at a notice threshold: each one that was planted has the answer that it was planted for."""

import pytest

from attendance_lib.analysis.notice_cases import cases_of
from attendance_lib.pack.opening import open_pack
from attendance_lib.rules.notice_gate import Answer
from tests.demo_exports import read_demo_school


@pytest.fixture(scope="module")
def first_parents(tmp_path_factory, worker_id):
    """The case under the national framework of the first parent of each pupil."""
    school_file = read_demo_school(tmp_path_factory, worker_id)
    cases = cases_of(open_pack(str(school_file), "2026-11-09", "2026-11-20"))
    return {each.pupil_id: each for each in reversed(cases) if each.rule.is_national}


@pytest.mark.parametrize(
    ("planted", "answer", "about"),
    [
        ("holiday_could_go", Answer.COULD_GO, ""),
        ("not_met", Answer.MISSING, "evidence"),
        ("running", Answer.WAIT, "notice to improve"),
        ("third", Answer.NO_NOTICE, "notices in three years"),
        ("two_addresses", None, "parent"),
        ("no_parent", Answer.MISSING, "parent"),
        ("rows_differ", None, "parent"),
        ("loose_notice", None, "notices in three years"),
        ("disability", Answer.NO_NOTICE, "disability"),
        ("not_appropriate", Answer.MISSING, "evidence"),
    ],
)
def test_a_planted_case_has_the_answer_it_was_planted_for(demo, first_parents, planted, answer, about):
    found = first_parents[demo.truth["notice_cases"][planted]].gate
    assert answer in (None, found.answer)
    assert about in {"", *(each.name for each in found.to_do)}


def test_a_notice_from_before_the_framework_does_not_count(demo, first_parents):
    """Three are in the log: of June 2024, November 2025 and May 2026."""
    assert first_parents[demo.truth["notice_cases"]["third"]].case.notices == 2
