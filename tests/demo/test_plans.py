"""The demo school's support plans: who has one and what is amiss, counted again from the files alone."""

import pytest

from attendance_lib.analysis.plans import plans_of
from attendance_lib.pack.opening import open_pack
from tests.demo_exports import read_demo_school


@pytest.fixture(scope="module")
def found(tmp_path_factory, worker_id):
    school_file = read_demo_school(tmp_path_factory, worker_id)
    return plans_of(open_pack(str(school_file), "2026-11-09", "2026-11-20"))


def test_the_plans_that_run_are_those_of_the_truth(demo, found):
    running = found[found["is_running"]]
    assert dict(zip(running["pupil_id"], running["plan_id"], strict=True)) == demo.truth["plans"]["running"]
    assert len(running) == 12


@pytest.mark.parametrize(
    ("name", "column"),
    [("overdue", "is_review_overdue"), ("due", "is_review_due"), ("review_in_holiday", "is_review_moved")],
)
def test_reviews_stand_as_the_truth_has_them(demo, found, name, column):
    assert set(found.loc[found[column], "plan_id"]) == set(demo.truth["plans"][name])
    assert demo.truth["plans"][name]


def test_the_plan_of_a_leaver_is_told(demo, found):
    left = found[found["left_on"].notna()]
    assert left["plan_id"].tolist() == demo.truth["plans"]["of_leaver"]
    assert not left["is_running"].any()


def test_the_review_of_an_earlier_plan_found_what_the_register_holds(demo):
    """Sessions missed from 14 September to 23 October against the target, from the weekly files."""
    absent = set("I M C C1 C2 E R S T J1 G N O U".split())
    rows = [row for row in demo.rows("plans.csv") if row["outcome"]]
    assert len(rows) == 5
    for row in rows:
        missed = sum(code in absent for code in demo.of(row["pupil_id"], "2026-09-14", "2026-10-23").values())
        target = int(row["target_sessions"])
        assert row["outcome"] == (
            "met" if missed <= target else "partly met" if missed <= 2 * target else "not met"
        )


def test_every_run_of_c2_but_one_has_a_row_and_some_lack_what_guidance_asks_for(demo):
    held = {pupil for (pupil, day, _), code in demo.marks.items() if code == "C2" and day >= "2026-09-01"}
    rows = {row["pupil_id"]: row for row in demo.rows("part_time.csv")}
    told = {pupil: ["row"] for pupil in held - rows.keys()}
    for pupil, row in rows.items():
        if lacks := [name for name, cell in row.items() if not cell and name != "note"]:
            told[pupil] = lacks
    assert told == demo.truth["part_time"]
    assert len(told) == 4
