"""Plans in the other papers: the fortnightly pack's list of reviews, its priority list, and who has nothing agreed."""

import pytest

from attendance_lib.papers.fortnightly import actions, interventions, priority

# Severe absence of 0001 and 0002: 60 of 100 sessions each.
MISSED = [f"2026-09-{day:02d}" for day in (*range(7, 12), *range(14, 19), *range(21, 26), *range(28, 31))] + [
    f"2026-10-{day:02d}" for day in (1, 2, *range(5, 10), *range(12, 17))
]
PLAN = {"plan_id": "SP1", "pupil_id": "0001", "opened_on": "2026-10-22", "lead": "SENCo"}


@pytest.fixture
def pack(make_pack, plan_log):
    def make(*rows):
        return make_pack(
            {"0001": {"O": MISSED}, "0002": {"O": MISSED}}, plans=plan_log(*rows) if rows else None
        )

    return make


@pytest.mark.parametrize(
    ("review", "standing"),
    [
        ("2026-11-19", ["Review overdue"]),
        ("2026-11-20", ["Review due"]),
        ("2026-12-04", ["Review due"]),
        ("2026-12-07", []),
    ],
)
def test_the_pack_lists_reviews_that_are_overdue_or_due_within_two_school_weeks(pack, review, standing):
    assert (
        interventions.plan_reviews(pack(PLAN | {"review_on": review})).frame["standing"].tolist() == standing
    )


def test_the_list_says_how_the_target_stands(pack):
    days = {"target_from": "2026-10-12", "target_to": "2026-10-16"}
    row = PLAN | {"review_on": "2026-11-20", "target_sessions": 4} | days
    (found,) = interventions.plan_reviews(pack(row)).frame.to_dict("records")
    assert (found["pupil_name"], found["finding"]) == ("Abara, Ada", "not met")
    assert (found["missed"], found["possible"]) == (10, 10)


def test_without_a_log_the_list_says_so(pack):
    assert interventions.plan_reviews(pack()).empty_text == interventions.NO_LOG_OF_PLANS
    assert interventions.plan_reviews(pack(PLAN)).empty_text.startswith("No review")


def test_the_priority_list_leads_to_the_plan_and_to_the_gate(pack):
    rows = priority.priority_pupils(pack(PLAN | {"review_on": "2026-12-11"})).frame.set_index("pupil_id")
    # In the way: no log of notices, no parent listed, no notice to improve known, nobody considered it. Of the other pupil also:
    # no support known, and whether the absence arises from the special need that is on file.
    found = ["SP1", "Plan SP1, version 1, review 11 Dec; gate: 4 to do"]
    assert rows.loc["0001", ["plan_id", "support_text"]].tolist() == found
    assert rows.loc["0002", "support_text"] == "gate: 6 to do"


def test_a_pupil_with_a_plan_that_runs_is_not_without_a_plan(pack):
    assert actions.pupils_without_plan(pack()).frame["pupil_id"].tolist() == ["0001", "0002"]
    assert actions.pupils_without_plan(pack(PLAN)).frame["pupil_id"].tolist() == ["0002"]
    assert len(actions.pupils_without_plan(pack(PLAN | {"closed_on": "2026-11-13"})).frame) == 2
