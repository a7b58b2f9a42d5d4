"""Every section on what is not working and on strategy: what is never claimed, and what is said where nothing is known."""

import re

import pytest

from attendance_lib.analysis.impact.paper import impact_so_far
from attendance_lib.display import Chart, Sentences
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.papers.impact import front_page, not_working, sequences, strategy, whole_school
from tests.papers.impact_parts import (
    paper_of,
)

FORBIDDEN = re.compile(r"\b(caus\w*|prov(e|es|ed|en|ing)\b|proof\w*|success\w*|fail\w*)", re.IGNORECASE)
SECTIONS = (
    not_working.not_working_lead,
    not_working.interventions_not_working,
    not_working.pupils_not_working,
    not_working.what_is_recorded,
    not_working.suggestions_lead,
    not_working.suggestions,
    sequences.sequences_lead,
    sequences.sequences,
    strategy.strategy_lead,
    strategy.pools_picture,
    strategy.pooled,
    strategy.rounds_table,
    strategy.lead_time_table,
    strategy.dose_warning,
    strategy.doses,
)


@pytest.fixture
def paper(make_pack):
    return paper_of(make_pack())


def texts_of(shown):
    """Everything a section says, apart from pupils' names and what staff wrote."""
    if isinstance(shown, Sentences):
        return list(shown.items)
    if isinstance(shown, Chart):
        return [shown.title, shown.alt, *texts_of(shown.table)]
    words = [part for column in shown.columns for part in (column.heading, column.meaning)]
    own = [column.name for column in shown.columns if column.kind.value == "text" and not column.personal]
    cells = [str(cell) for name in own for cell in shown.frame[name]]
    return [shown.title, shown.note, shown.empty_text, *words, *cells]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_nothing_says_that_anything_was_the_doing_of_an_intervention(section, paper):
    assert [text for text in texts_of(section(paper)) if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_column_has_a_meaning_and_pupils_are_personal(section, paper):
    shown = section(paper)
    if isinstance(shown, Sentences):
        return
    columns = (shown.table if isinstance(shown, Chart) else shown).columns
    assert [column.name for column in columns if not column.meaning] == []
    assert [
        column.name for column in columns if column.name in ("pupil_name", "pupil_id") and not column.personal
    ] == []


ELSEWHERE = (
    front_page.effects,
    front_page.impact_ranking,
    front_page.left_out_of_impact,
    whole_school.whole_school_schemes,
    whole_school.whole_school_weeks,
)


def test_a_log_that_is_not_exported_is_said_once_with_what_to_do(make_pack):
    """The first page says it; every other section has nothing to show, and no note on columns that are not there."""
    paper = impact_so_far(make_pack())
    (said,) = front_page.impact_lead(paper).items
    assert said.startswith("No log of interventions is exported. To add it, name its file under exports")
    for section in (*SECTIONS, *ELSEWHERE):
        shown = section(paper)
        told = shown.items if isinstance(shown, Sentences) else (shown.empty_text, shown.note)
        assert told == (() if isinstance(shown, Sentences) else ("Not known.", "")), section.__name__


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_a_log_of_which_nothing_can_be_evaluated_gives_no_figure(section, make_pack, make_log):
    row = {"pupil_id": "0001", "intervention": "Mentor", "tier": "2", "start_date": "2026-11-16"}
    log = make_log(row, columns=INTERVENTIONS.column_names)
    shown = section(impact_so_far(make_pack(interventions=log)))
    assert shown._repr_mimebundle_()["text/plain"]
