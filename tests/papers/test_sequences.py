"""Sequences, as a reader sees them: one after the other, and what cannot be told apart."""

import pandas as pd
import pytest

from attendance_lib.analysis.impact.courses import TOO_EARLY
from attendance_lib.papers.impact import sequences
from tests.papers.impact_parts import COURSES, course, paper_of, table_of


@pytest.fixture
def paper(make_pack):
    return paper_of(make_pack())


def test_a_sequence_shows_sessions_expected_and_attended_and_why_there_is_no_expectation(paper):
    frame = sequences.sequences(paper).frame
    assert frame[["pupil_name", "order", "intervention", "attended_sessions"]].to_numpy().tolist() == [
        ["Byrne, Bo", "1 of 2", "Mentor", 80],
        ["Byrne, Bo", "2 of 2", "Card", 80],
    ]
    assert frame["expected_sessions"].fillna(-1).tolist() == [78.0, -1.0]
    assert frame["as_like_pupils"].tolist() == ["as pupils like them", TOO_EARLY]


def test_pupils_with_most_interventions_come_first_and_none_is_cut_in_two(make_pack):
    many = [course("0003", name, f"2026-09-{day}") for name, day in (("A", 14), ("B", 21), ("C", 28))]
    paper = paper_of(make_pack(), table_of(*COURSES.to_dict("records"), *many))
    frame = sequences.sequences(paper).frame
    assert frame["pupil_name"].tolist() == ["Cole, Cy"] * 4 + ["Byrne, Bo"] * 2
    # Of twelve rows at most the third pupil's five would be cut.
    steps = pd.DataFrame({"step": [1, 2, 3, 4, 5] * 4, "steps": [5] * 20})
    assert sequences.whole_pupils(steps) == 10


def test_two_interventions_of_one_day_are_said_to_be_that(make_pack):
    both = table_of(
        course("0003", "A", "2026-09-14"),
        course("0003", "B", "2026-09-14"),
        course("0003", "C", "2026-09-21"),
    )
    assert sequences.sequences(paper_of(make_pack(), both)).frame["order"].tolist() == [
        "1 of 3", "2 of 3, same day", "3 of 3",
    ]  # fmt: skip


def test_the_sentences_say_which_changes_cannot_be_told_apart(paper):
    assert sequences.sequences_lead(paper).items == (
        "1 pupil on roll has had more than one intervention, the most 2.",
        "In 1 of 1 change the next began while the weeks of the one before were still being counted: what came of the two cannot "
        "be told apart for that pupil.",
    )
