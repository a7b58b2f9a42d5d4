"""The impact paper of a school of four, where hardly anything can be told, and what it is asked about."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.display import MIME
from attendance_lib.papers import impact_ranking
from attendance_lib.papers.impact import front_page, whole_school
from tests.papers.impact_papers import EVERYTHING, ROWS, SECTIONS


@pytest.mark.parametrize(
    "rows", [None, (), ROWS, ROWS[-1:], ROWS[:3]], ids=["no log", "empty", "some", "tier 1", "tier 2"]
)
def test_every_section_says_something_of_a_school_where_little_can_be_told(open_paper, rows):
    paper = open_paper(rows)
    for section in SECTIONS:
        shown = section(paper)._repr_mimebundle_()
        # Without a log the first page alone says so, and what to do.
        assert shown["text/plain"].strip() or rows is None, section.__name__
        assert shown[MIME]["type"], section.__name__


def test_two_pupils_are_too_few_and_those_left_out_are_counted_with_the_reason(open_paper):
    paper = open_paper()
    table = impact_ranking.ranking_frame(paper).set_index("intervention")
    assert set(table["verdict"]) == {"too few to tell"}
    assert table.loc["Mentor", "left_out"] == 2
    left = front_page.left_out_counts(paper).set_index("reason")["rows"].to_dict()
    assert left == {
        "pupil not in the register": 1,
        "too few sessions after the start so far, or left": 2,
    }


def test_a_scheme_for_everyone_cannot_be_told_from_one_school(open_paper):
    told = whole_school.whole_school_schemes(open_paper()).frame
    assert told["intervention"].tolist() == ["Raffle"]
    assert told["said"].str.startswith("cannot be said from one school").all()
    assert (
        "nothing can be said of 1 scheme for everyone"
        in front_page.impact_lead(open_paper()).items[0].lower()
    )


def test_a_paper_in_which_nothing_can_be_told_shows_one_part_and_the_data_notes(open_paper):
    assert front_page.impact_masthead(open_paper()).shows == ("What is known", "Data notes")


def test_it_says_what_changed_since_the_half_term_before_and_what_is_wanting(open_paper):
    """To 23 October a mentor alone had begun, for 0001; 0002's of November has too few sessions, so that it is one pupil still."""
    items = front_page.impact_lead(open_paper()).items
    assert items[0].endswith("nothing can be said of 1 scheme for everyone (Raffle).")
    assert (
        "Since the evaluation to 23 October 2026 1 intervention began (Home visit), and none that had begun has more pupils "
        "evaluated; nothing could be said then either."
    ) in items
    assert items[-1].startswith("Nothing else is printed")


def test_the_first_evaluation_says_that_it_is_the_first(open_paper):
    paper = open_paper()
    first = ImpactPaper(paper.pack, EVERYTHING, date(2026, 11, 2))
    assert front_page.changed_in_words(first) == "This is the first evaluation of these days."


def test_the_one_table_shows_how_many_pupils_are_wanting_and_keeps_the_rest_for_the_workbook(open_paper):
    table = front_page.impact_ranking(open_paper())
    assert [column.name for column in table.columns if column.shown] == [
        *("intervention", "tiers", "said", "pupils", "pupils_needed", "pupils_before"),
    ]
    assert {column.name for column in impact_ranking.RANKING_COLUMNS} < {
        column.name for column in table.columns
    }


def test_those_that_lack_the_fewest_pupils_stand_first(open_paper, monkeypatch):
    ranking = pd.DataFrame(
        {
            "intervention": ["Home visit", "Mentor", "Choir"],
            "pupils": [2, 30, 4],
            "pupils_needed": [np.nan, 40, 20],
        }
    )
    table = front_page.pupils_wanting(open_paper(), ranking)
    assert table.frame["intervention"].tolist() == ["Mentor", "Choir", "Home visit"]
