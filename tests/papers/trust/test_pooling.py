"""What the trust's paper says of one intervention in several schools, from what schools typed by hand sent."""

import random

import pytest

from attendance_lib.intake.school_counts import Effect
from attendance_lib.papers.trust import pooling, sections
from attendance_lib.papers.trust.opening import EFFECTS, publish
from tests.papers.trust.trusts import school, trust

URNS = tuple(f"30000{number}" for number in range(1, 8))


def effect(estimate, error=0.01, pupils=20, name="Mentoring", not_pooled=""):
    """An effect with its error (fractions); a range of two errors to either side."""
    return Effect(name, pupils, estimate, estimate - 2 * error, estimate + 2 * error, error**2, not_pooled)


def paper_of(*effects, level=5):
    """A paper of schools with these effects each, in the order of their names."""
    held = [
        school(urn, f"School {urn[-1]}", level=level, effects=tuple(own) if isinstance(own, list) else (own,))
        for urn, own in zip(URNS, effects, strict=False)
    ]
    return publish(trust(*held), held)


def words(paper):
    return pooling.pooled_lead(paper).payload()["items"]


# Estimates of 0, 2, 4, 6 and 8 points with errors of 1: worked by hand in tests/analysis/impact/test_schools.py.
FIVE = tuple(effect(each / 100) for each in (0.0, 2.0, 4.0, 6.0, 8.0))


def test_what_schools_say_together_is_told_in_plain_words():
    # Hartung and Knapp: 1.41421 times t of 4 degrees, 2.776445, is 3.92649; with 1.96 times 0.15 that schools share 3.93748.
    assert words(paper_of(*FIVE)) == [
        "Mentoring: likely helped. In 5 schools with 100 pupils attendance differed by +4.0 points from that expected of like "
        "pupils, "
        "likely +0.1 to +7.9. Schools differ by more than chance: in a further school it would lie within −6.6 to +14.6."
    ]
    assert (
        sections.what_to_know(paper_of(*FIVE)).payload()["items"][-1]
        == "Likely helped in the schools together: Mentoring."
    )


def test_schools_that_differ_no_more_than_chance_say_so_and_few_say_that_they_are_few():
    alike = [effect(0.02, 0.02) for _ in range(5)]
    assert "Schools differ no more than chance explains" in words(paper_of(*alike))[0]
    assert words(paper_of(*alike[:4]))[0].endswith("There are too few schools to say how much they differ.")


def test_two_schools_are_not_put_together():
    assert words(paper_of(effect(0.05), effect(0.04))) == [
        "Mentoring: too few to tell. It takes 3 schools whose figures can be put together, and there are 2 of 2."
    ]


def test_one_name_in_capitals_or_with_more_blanks_is_one_intervention():
    names = ("Mentoring", "MENTORING ", "mentoring", "Mentoring")
    paper = paper_of(*(effect(0.02, name=name) for name in names))
    assert pooling.together(paper).frame["schools"].tolist() == [4]
    assert pooling.together(paper_of(effect(0.02), effect(0.02, name="Breakfast club"))).frame.empty


def test_few_pupils_are_withheld_and_their_figures_are_in_no_pool():
    """Of fewer than ten no figure, of fewer than the level no count: here of a school that sends what it has."""
    paper = paper_of(*FIVE, effect(0.5, pupils=9), effect(0.5, pupils=3))
    rows = paper.tables[EFFECTS].set_index("school")
    assert rows.loc["School 6", ["pupils", "estimate", "variance"]].tolist() == [9, "c", "c"]
    assert rows.loc["School 7", ["pupils", "estimate", "low"]].tolist() == ["c", "c", "c"]
    found = pooling.together(paper)
    assert found.frame[["schools", "schools_in_all", "pupils"]].iloc[0].tolist() == [5, 7, 100]
    assert "Mentoring at School 6 and School 7 (withheld, fewer than 10 pupils)" in found.note
    assert "School 7: withheld." in pooling.forest(paper).alt


def test_a_school_that_gives_nothing_is_named_with_why():
    none = Effect("Mentoring", 12, None, None, None, None, "too few similar pupils")
    found = pooling.together(paper_of(*FIVE, none))
    assert found.note.startswith(
        "Not put together with the others: Mentoring at School 6 (too few similar pupils). "
    )
    assert found.frame["schools"].tolist() == [5]


def test_the_picture_has_schools_by_name_and_all_together_below_them():
    shown = pooling.forest(paper_of(*FIVE))
    assert shown.table.frame["school"].tolist() == [
        *(f"School {number}" for number in range(1, 6)),
        "All together",
    ]
    assert shown.alt.endswith("Mentoring, All together: likely helped, +4.0 points, range +0.1 to +7.9.")


def test_order_of_schools_changes_nothing():
    held = [school(urn, f"School {urn[-1]}", effects=(own,)) for urn, own in zip(URNS, FIVE, strict=False)]
    found = pooling.pooled(publish(trust(*held), held))
    for seed in range(3):
        random.Random(seed).shuffle(held)
        assert pooling.pooled(publish(trust(*held), held)).equals(found)


def test_a_trust_without_interventions_says_so():
    paper = paper_of(effect(0.02))
    assert pooling.pooled_lead(paper).items == (pooling.NOTHING,)
    assert pooling.together(paper).empty_text == pooling.NOTHING
    assert pooling.forest(paper).items == ()
    assert pooling.pooled_findings(paper) == ""


@pytest.mark.parametrize(("level", "shown"), [(5, 6), (10, "c")])
def test_what_is_few_is_as_the_strictest_school_has_it(level, shown):
    paper = paper_of(*FIVE, effect(0.02, pupils=6), level=level)
    assert paper.tables[EFFECTS]["pupils"].tolist()[-1] == shown
