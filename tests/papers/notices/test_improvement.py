"""Drafts of notices to improve: what the law asks of one, and no decision."""

from attendance_lib.papers.notices import improvement


def test_a_draft_holds_the_eight_things_and_decides_nothing(pack):
    shown = improvement.improvement_drafts(pack, "0001").shown
    (draft,) = (part for part in shown if getattr(part, "title", ""))
    assert [item.partition(". ")[0] for item in draft.items[:8]] == list("12345678")
    assert "10 sessions were missed without permission (10 of G)" in draft.items[0]
    assert "section 7" in draft.items[1]
    assert "not a decision" in draft.title
    assert "The authority's own length is not in its profile." in draft.items[5]


def test_without_a_pupil_no_draft_is_made_and_the_way_to_one_is_told(pack):
    assert "--set pupil=" in improvement.improvement_drafts(pack, "").items[0]
