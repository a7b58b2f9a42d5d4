"""A plan with everything on it, and its copies as text."""

import json

from attendance_lib.papers.plan.copies import copies

SECRET = {
    "barrier": "worries about a court case", "note": "mother drinks", "adjustment": "late start",
    "next_step": "ask the panel",
}  # fmt: skip


PLAN = {
    "plan_id": "SP1", "pupil_id": "0001", "opened_on": "2026-10-22", "lead": "SENCo", "agencies": "Young carers service",
    "going_well": "Likes art.", "target_sessions": 4, "target_from": "2026-11-02", "target_to": "2026-12-11",
    "pupil_does": "Packs a bag", "pupil_by": "2026-11-02", "parent_does": "Rings by 8.30", "school_does": "Meets Ada at the gate",
    "review_on": "2026-12-11",
} | SECRET  # fmt: skip


AWAY = {"0001": {"I": ["2026-11-09"], "O": ["2026-11-10"]}, "0002": {"O": ["2026-11-09"]}}


def copies_in(opened):
    """The copies recorded, by name."""
    return {copy["name"]: copy for copy in copies(opened).record["documents"]}


def said_in(copy):
    return json.dumps(copy["payloads"], ensure_ascii=False)
