"""Each paper is declared once; what else must know of it is derived, and what cannot be is asked for here."""

import inspect
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from attendance_lib.cli import attendance
from attendance_lib.reports.papers import (
    ASKED_FOR,
    PAPERS,
    MadeBy,
    every_occasion,
    papers_made_by,
    what_is_asked,
)
from attendance_lib.reports.parameters import declared_parameters
from attendance_lib.reports.project import Project
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.occasions import CannotCountError, Occasion, Occasions, Rhythm

PROJECT = Project(Path(__file__).parents[2])
MADE = [PAPERS[name] for name in (*papers_made_by(MadeBy.RUN), *papers_made_by(MadeBy.TRUST))]
# Two half terms of three school weeks.
AUTUMN = Term(
    "202627",
    "autumn",
    (HalfTerm(date(2026, 10, 5), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 11, 20))),
)


def occasions(first_meeting):
    return Occasions(SchoolCalendar((AUTUMN,)), Rhythm(first_meeting))


def test_a_report_is_a_paper_with_a_notebook_of_its_name():
    with_notebook = {*papers_made_by(MadeBy.RUN), *papers_made_by(MadeBy.HAND), *papers_made_by(MadeBy.TRUST)}
    assert set(PROJECT.reports()) == with_notebook


def test_a_paper_that_a_command_makes_has_that_command():
    assert {*papers_made_by(MadeBy.COMMAND), *papers_made_by(MadeBy.TRUST)} <= set(attendance.commands)


@pytest.mark.parametrize("paper", MADE, ids=lambda paper: paper.name)
def test_a_paper_that_is_made_says_who_reads_it_and_how_it_must_be_kept(paper):
    assert paper.title
    assert paper.reader
    assert paper.confidentiality.startswith("Confidential: ") != paper.is_published


@pytest.mark.parametrize("paper", MADE, ids=lambda paper: paper.name)
def test_a_paper_is_given_the_records_of_what_was_published_if_and_only_if_it_is_published(paper):
    assert ("previous_pack" in declared_parameters(PROJECT.notebook(paper.name))) == paper.is_published


def test_each_kind_of_occasion_asks_for_one_paper():
    kinds = [kind for paper in PAPERS.values() for kind in {each.kind for each in paper.occasions}]
    assert sorted(kinds) == sorted(ASKED_FOR)


def test_all_days_that_the_calendar_knows_ask_for_a_paper():
    known = {
        method
        for method in vars(Occasions).values()
        if inspect.isfunction(method) and inspect.signature(method).return_annotation == Iterator[Occasion]
    }
    asked = {asking.days for paper in PAPERS.values() for asking in paper.occasions}
    # What a school asks of its own papers, every_occasion adds to what is declared.
    assert {method.__name__ for method in known - asked} == {"_blocks", "_halves", "own"}


def test_all_are_in_order_of_the_day_they_are_due_and_those_of_one_day_in_the_order_of_papers():
    """The autumn ends on Friday 20 November, with the sixth school week: the impact paper, the raffle and the prize pot are due."""
    found = every_occasion(occasions(date(2026, 10, 6)))
    assert [each.due for each in found] == sorted(each.due for each in found)
    last = [each.kind for each in found if each.due == date(2026, 11, 21)]
    assert [kind for kind in last if kind in {"impact", "raffle", "prize_pot"}] == [
        "impact",
        "raffle",
        "prize_pot",
    ]


def test_without_a_countable_meeting_none_are_told():
    with pytest.raises(CannotCountError):
        every_occasion(occasions(date(2026, 10, 2)))


@pytest.mark.parametrize(
    ("kind", "meeting", "words"),
    [
        ("pastoral", date(2026, 10, 20), "pack for the pastoral meeting"),
        ("pastoral", None, "pack of the last weeks of the school year"),
        ("prize_pot", None, "prize pot"),
    ],
)
def test_an_occasion_is_told_in_the_words_of_its_paper(kind, meeting, words):
    day = date(2026, 10, 16)
    assert what_is_asked(Occasion(day, kind, day, day, day, meeting)) == words
