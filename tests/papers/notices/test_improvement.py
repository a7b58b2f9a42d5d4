"""Drafts of notices to improve: what the law asks of one, and no decision."""

import pandas as pd
import pytest

from attendance_lib.intake.schema import NOTICES
from attendance_lib.papers.notices import improvement


def test_a_draft_holds_the_eight_things_and_decides_nothing(pack):
    shown = improvement.improvement_drafts(pack, "0001").shown
    (draft,) = (part for part in shown if getattr(part, "title", ""))
    assert [item.partition(". ")[0] for item in draft.items[:8]] == list("12345678")
    assert "10 sessions were missed without permission (10 of G)" in draft.items[0]
    assert "section 7" in draft.items[1]
    assert draft.title.startswith("Not asked for here: every session is leave in term time (G). To be read")
    assert "not a decision" in draft.title
    assert "The authority's own length is not in its profile." in draft.items[5]


def test_without_a_pupil_no_draft_is_made_and_the_way_to_one_is_told(pack):
    assert "--set pupil=" in improvement.improvement_drafts(pack, "").items[0]


@pytest.mark.parametrize(("left_on", "said"), [(None, "2 ended"), ("2026-11-13", "1 ended")])
def test_the_words_count_what_the_table_lists_which_is_of_those_on_roll(make_pack, make_log, left_on, said):
    notice = {
        "kind": "notice to improve",
        "issued_on": "2026-10-12",
        "ends_on": "2026-11-06",
        "status": "active",
    }
    rows = [notice | {"notice_id": pupil, "pupil_id": pupil, "parent": "A. B."} for pupil in ("0001", "0002")]
    pack = make_pack(
        {},
        notices=make_log(*rows, columns=NOTICES.column_names),
        people={"0002": {"leaving_date": pd.Timestamp(left_on)}} if left_on else None,
    )
    assert f", {said} without an outcome written down." in improvement.improvement_words(pack).items[0]
    assert f"{len(improvement.improvement_table(pack).frame)} ended" == said
