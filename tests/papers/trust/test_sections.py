"""What the trust's paper says in words, by schools typed by hand."""

import pytest

from attendance_lib.intake.school_counts import NotThere, Practice
from attendance_lib.papers.trust import sections
from attendance_lib.papers.trust.opening import publish
from tests.papers.trust.trusts import school, standing, trust


def paper_of(*schools, missing=()):
    return publish(trust(*schools, missing=missing), schools)


def words(shown):
    return shown.payload()["items"]


def test_the_first_sentences_say_what_moved_what_is_beyond_chance_and_who_is_missing():
    steady = school("300001", "Ash", to_date=standing(absence=1000), year_before=standing(2024, absence=1000))
    worse = school(
        "300002", "Beech", to_date=standing(absence=2000), year_before=standing(2024, absence=1000)
    )
    paper = paper_of(steady, worse, missing=(NotThere("Cedar", "Its exports were refused"),))
    assert words(sections.what_to_know(paper)) == [
        "Together the schools' pupils missed 7.5% of possible sessions this year to date, 5.0% at the same point last year.",
        "More absence than a year ago at Beech; at 1 school the change is within what chance explains.",
        "More absence than expected of pupils like theirs at Beech; at 1 school it is within what chance explains.",
        "Not in this paper: Cedar. Why is said under Schools that are missing.",
    ]


def test_a_school_of_which_nothing_can_be_expected_is_counted_apart_from_those_within_chance():
    usual, worse = (
        school(f"30000{at}", name, to_date=standing(absence=1000 * at))
        for at, name in ((1, "Ash"), (2, "Beech"))
    )
    untold = school("300003", "Cedar", absence_mix=None)
    assert words(sections.what_to_know(paper_of(usual, worse, untold)))[-1] == (
        "More absence than expected of pupils like theirs at Beech; at 1 school it is within what chance explains; "
        "of 1 school it cannot be said."
    )


def test_a_paper_of_schools_within_chance_says_so():
    told = words(sections.what_to_know(paper_of(school(to_date=standing(absence=1000), year_before=None))))
    assert (
        told[-1]
        == "No school's absence is further from that of England's pupils like its own than chance explains."
    )


@pytest.mark.parametrize(
    ("supported", "severe", "rest"),
    [(6, 14, [8]), (14, 14, [0]), (12, 14, ["c"])],
    ids=["some", "all", "but two"],
)
def test_how_many_of_the_severely_absent_have_nothing_is_told_unless_they_are_few(supported, severe, rest):
    table = sections.severe_support(paper_of(school(supported=supported, to_date=standing(severe=severe))))
    assert table.frame["without"].tolist() == rest


def test_a_school_without_a_log_is_named_and_no_school_with_one_says_so():
    told = paper_of(
        school("300001", "Ash", supported=6, to_date=standing(severe=14)), school("300002", "Beech")
    )
    assert sections.severe_support(told).note.endswith("No log of it was exported by Beech.")
    assert sections.severe_support(paper_of(school())).empty_text == "No school exports a log of support."


def test_totals_say_of_how_many_schools_they_are():
    few = standing(severe="c")
    paper = paper_of(
        school("300001", to_date=standing(severe=9)),
        school("300002", to_date=few),
    )
    assert "Of severe absence 1 of 2 gave one; the others withheld theirs." in sections.phases(paper).note
    assert "withheld few pupils' counts before they sent them" in " ".join(words(sections.disclosure(paper)))


def test_a_rule_that_all_share_is_not_listed_and_one_that_differs_says_whose():
    later = {"Morning register closes": "09:30", "Counts withheld below": "5"}
    sooner = later | {"Morning register closes": "09:10"}
    paper = paper_of(
        school("300001", "Ash", definitions=sooner), school("300002", "Beech", definitions=later)
    )
    assert sections.definitions(paper).frame.to_dict("records") == [
        {"about": "Morning register closes", "rule_says": "09:10", "whose": "Ash"},
        {"about": "Morning register closes", "rule_says": "09:30", "whose": "Beech"},
    ]


def test_what_helped_few_pupils_is_withheld_with_by_how_much():
    helped = Practice("Mentoring", 4, 0.03, 0.01, 0.05)
    (row,) = sections.practice(paper_of(school(practice=(helped,)))).frame.to_dict("records")
    assert (row["pupils"], row["difference"], row["low"], row["high"]) == ("c", "c", "c", "c")


def test_a_funnel_names_schools_beyond_chance_and_draws_none_that_cannot_be_told():
    paper = paper_of(
        school("300001", "Ash", to_date=standing(absence=3000)), school("300002", "Beech", absence_mix="c"),
        school("300003", "Cedar", to_date=standing(absence=1000)),
    )  # fmt: skip
    chart = sections.funnel(paper)
    counted = "Chart of 2 schools by pupils and absence less expected."
    assert chart.alt.startswith(f"{counted} Beyond what chance explains: Ash +")
    assert chart.alt.endswith("The rest lie within.")
    assert chart.table.frame["school"].tolist() == ["Ash", "Cedar"]


def test_in_the_first_weeks_nothing_is_expected_of_persistent_absence():
    """DfE publishes none before January."""
    held = school()
    early = publish(type(trust(held))("A trust", "2025-11-14", [held.urn]), [held])
    assert "DfE has published no persistent absence at this point" in sections.flags(early).note
    assert sections.flags(early).frame["place"].tolist() == ["cannot be said"]
