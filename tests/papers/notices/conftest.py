"""A pupil who could be asked for a notice, one who lacks a mark, and what is on file about them."""

import pytest

from attendance_lib.intake.schema import CONSIDERED, CONTACTS, INTERVENTIONS, NOTICES, PARENTS

WEEK = [f"2026-10-{day:02d}" for day in range(5, 10)]


ABSENT = {"0001": {"G": WEEK, "": ["2026-11-16 AM"]}, "0003": {"G": WEEK, "L": ["2026-09-08"]}}


@pytest.fixture
def pack(make_pack, make_log):
    """0001 has ten G and a morning without a mark; 0003 ten G, two parents, and a notice to the father."""
    people = [
        ("P1", "0001", "A. Abara", "mother", 1),
        ("P3", "0003", "C. Cole", "mother", 1),
        ("P4", "0003", "D. Cole", "father", 1),
    ]
    parents = [
        dict(zip(("parent_id", "pupil_id", "name", "relation", "addresses"), row, strict=True))
        for row in people
    ]
    notice = {
        "notice_id": "N1", "pupil_id": "0003", "parent": "D. Cole", "kind": "penalty notice", "issued_on": "2025-11-10",
        "received_on": "2025-11-12", "status": "paid", "acted_on_through_date": "2025-10-31",
    }  # fmt: skip
    decided = {"considered_on": "2026-11-16", "support_appropriate": False, "disability_related": False}
    return make_pack(
        ABSENT,
        parents=make_log(*parents, columns=PARENTS.column_names),
        notices=make_log(notice, columns=NOTICES.column_names),
        considered=make_log({"pupil_id": "0003"} | decided, columns=CONSIDERED.column_names),
        interventions=make_log(columns=INTERVENTIONS.column_names),
        contacts=make_log(
            {"pupil_id": "0003", "date": "2026-10-12", "mode": "letter"}, columns=CONTACTS.column_names
        ),
        people={"0003": {"sen_status": "N"}},
    )
