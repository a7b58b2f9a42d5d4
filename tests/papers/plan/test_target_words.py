"""A plan's target and pace as sentences of the copies, from figures written down."""

from datetime import date

import pytest

from attendance_lib.analysis.plan_progress import Progress
from attendance_lib.papers.plan.target_words import pace_words, span_words, target_words

FIRST, LAST = date(2026, 11, 2), date(2026, 12, 11)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (FIRST, LAST, "from 2 November to 11 December 2026"),
        (date(2026, 12, 1), date(2027, 1, 8), "from 1 December 2026 to 8 January 2027"),
        (FIRST, FIRST, "from 2 November to 2 November 2026"),
    ],
)
def test_the_year_is_said_once_where_it_is_the_same(first, last, words):
    assert span_words(first, last) == words


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (
            Progress(4, FIRST, LAST, of=60),
            "Miss no more than 4 of the 60 sessions from 2 November to 11 December 2026.",
        ),
        (
            Progress(0, FIRST, FIRST, of=1),
            "Miss no more than 0 of the 1 session from 2 November to 2 November 2026.",
        ),
        (Progress(None, FIRST, LAST, of=60), ""),
        (Progress(4, FIRST, LAST, of=0), ""),
    ],
)
def test_a_target_is_a_sentence_only_where_it_can_be_counted(progress, words):
    assert target_words(progress) == words


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (
            {"missed": 3, "possible": 28, "to_come": 32, "at_pace": 9},
            "So far it is 3 of 28. At the present pace it would be 9 in all.",
        ),
        ({"missed": 3, "possible": 28, "to_come": 32}, "So far it is 3 of 28."),
        ({"to_come": 60, "at_pace": 9}, "At the present pace it would be 9."),
        ({"missed": 3, "possible": 60}, "It came to 3 of 60."),
        ({"missed": 0, "possible": 60}, "It came to 0 of 60."),
        ({}, ""),
    ],
)
def test_the_pace_is_said_of_what_is_to_come_alone(figures, words):
    assert pace_words(Progress(4, FIRST, LAST, of=60, **figures)) == words


def test_of_no_session_nothing_is_said():
    assert pace_words(Progress(4, FIRST, LAST, missed=3, possible=28)) == ""
