"""What is not working, as a reader sees it: the words, and what to do."""

import pytest

from attendance_lib.analysis.impact.courses import FAIR_NO_EFFECT
from attendance_lib.analysis.impact.rounds import OTHER, SAME, Suggestions
from attendance_lib.analysis.intervention_log import NO_CHANGE
from attendance_lib.papers.impact import not_working
from tests.papers.impact_parts import POOLS, SUGGESTED, course, paper_of, table_of


@pytest.fixture
def paper(make_pack):
    return paper_of(make_pack())


def test_each_intervention_that_did_not_help_says_what_to_do(paper):
    frame = not_working.interventions_not_working(paper).frame.set_index("intervention")
    assert frame["said"].to_dict() == {
        # Of its four courses, three had a fair trial, and eight are needed.
        "Mentor": "no clear effect, but too few had a fair trial",
        "Card": "likely worse, but may be the luck of looking at many",
        "Return": "too few to tell: too few similar pupils",
    }
    assert frame["fair_trials"].to_dict() == {"Mentor": 3, "Card": 1, "Return": 0}
    assert frame.loc["Card", "what_to_do"].startswith("Stop or change it")
    assert "waiting list" in frame.loc["Return", "what_to_do"]


def test_after_eight_fair_trials_the_gain_that_is_not_ruled_out_is_said(make_pack):
    eight = table_of(*(course(f"{number:04d}", "Mentor", "2026-09-14") for number in range(8)))
    frame = not_working.interventions_not_working(paper_of(make_pack(), eight)).frame.set_index(
        "intervention"
    )
    assert frame.loc["Mentor", "said"] == FAIR_NO_EFFECT
    assert frame.loc["Mentor", "what_to_do"].endswith("a gain of up to 5.6 points is not ruled out")


def test_pupils_are_listed_with_what_is_recorded_and_what_has_begun(paper):
    frame = not_working.pupils_not_working(paper).frame
    said = frame[["pupil_name", "intervention", "as_like_pupils", "recorded", "what_next"]]
    assert said.to_numpy().tolist() == [
        ["Abara, Ada", "Mentor", "lower than pupils like them", "", NO_CHANGE],
        ["Byrne, Bo", "Mentor", "as pupils like them", "met", "close; Card from 12 Oct 26"],
        ["Cole, Cy", "Card", "as pupils like them", "not met: too late", "escalate; nothing begun since"],
    ]
    assert frame["window_attendance_rate"].tolist() == [0.8, 0.8, 0.8]
    assert frame["expected_attendance_rate"].tolist() == pytest.approx([0.78, 0.78, 0.78])


def test_a_suggestion_carries_the_strength_of_its_evidence(paper):
    found = not_working.pupils_not_working(paper).frame["suggestion"].unique().tolist()
    assert found == [
        "Club: likely helped pupils with this barrier (+4.0 points, range +1.0 to +7.0; 40 pupils in 3 rounds)"
    ]


def test_without_anything_that_helped_there_is_no_suggestion_and_no_column(make_pack):
    unsure = Suggestions(SUGGESTED.table.iloc[[1]])
    table = not_working.pupils_not_working(paper_of(make_pack(), suggestions=unsure))
    assert table.frame["suggestion"].unique().tolist() == [""]
    assert [column.shown for column in table.columns if column.name == "suggestion"] == [False]


def test_the_sentences_count_pupils_changes_and_outcomes(paper):
    items = not_working.not_working_lead(paper).items
    assert items[0] == (
        "No clear effect, but too few had a fair trial: Mentor; likely worse: Card. Of 1 there are too few to tell, which is no "
        "sign that they do not work."
    )
    assert items[1].startswith("3 pupils on roll had a fair trial")
    assert items[2].startswith("1 of these has no change recorded")
    assert items[3] == "For 1 a next step is written, but nothing has begun since."
    assert items[4].startswith("For 1 the outcome is written down as met")


def test_what_is_recorded_is_counted(paper):
    frame = not_working.what_is_recorded(paper).frame
    assert frame[frame["recorded"] == "Next step"].to_numpy().tolist() == [
        ["Next step", NO_CHANGE, 1, 1],
        ["Next step", "close", 1, 1],
        ["Next step", "escalate", 1, 1],
    ]


# Suggestions


def test_evidence_without_an_estimate_says_how_many_had_nobody_like_them():
    row = POOLS.iloc[2].to_dict()
    assert not_working.evidence_words(row) == "no estimate; 5 pupils without enough pupils like them"


def test_the_suggestions_name_what_helped_and_how_many_are_not_known(paper):
    assert not_working.suggestions_lead(paper).items == (
        "Likely to have helped pupils with the same barrier: sleep: Club.",
        "Of 1 of the 2 pairs of barrier and intervention that were tried, there are too few to tell: they are neither suggested "
        "nor advised against.",
    )


def test_what_helped_with_other_barriers_is_said_to_be_that(make_pack):
    elsewhere = Suggestions(SUGGESTED.table.assign(basis=[OTHER, SAME]))
    items = not_working.suggestions_lead(paper_of(make_pack(), suggestions=elsewhere)).items
    assert items[0].startswith("As yet nothing in the log is likely to have helped pupils with the barrier")
    assert (
        items[1] == "For barriers with nothing of their own, Club likely helped pupils with other barriers."
    )
