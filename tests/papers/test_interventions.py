"""Interventions in progress as a reader sees them: dates and counts, and no claim that anything helped."""

import re

import pytest

from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.papers.fortnightly.interventions import (
    intervention_counts,
    intervention_groups,
    interventions_to_discuss,
)

ROWS = (
    {
        "pupil_id": "0001",
        "intervention": "Mentor",
        "tier": "2",
        "lead": "SENCo",
        "start_date": "2026-11-09",
        "review_date": "2026-11-27",
    },
    {
        "pupil_id": "0002",
        "intervention": "Mentor",
        "tier": "2",
        "lead": "SENCo",
        "start_date": "2026-09-07",
        "review_date": "2026-10-05",
    },
    {
        "pupil_id": "0003",
        "intervention": "Home visit",
        "tier": "2",
        "start_date": "2026-10-05",
        "end_date": "2026-11-13",
        "outcome": "met",
    },
    {"pupil_id": None, "intervention": "Raffle", "tier": "1", "start_date": "2026-09-07"},
    {"pupil_id": "9999", "intervention": "Mentor", "tier": "2", "start_date": "2026-11-09"},
)
CLAIMS = re.compile(
    r"\b(effect\w*|work(ed|s|ing)\b|impact\w*|success\w*|improv\w*|help(ed|s)\b)", re.IGNORECASE
)


@pytest.fixture
def pack(make_pack, make_log):
    return make_pack(
        {"0002": {"I": ["2026-09-14"]}}, interventions=make_log(*ROWS, columns=INTERVENTIONS.column_names)
    )


def test_what_is_due_is_listed_overdue_reviews_first_and_for_pupils_on_roll_only(pack):
    frame = interventions_to_discuss(pack).frame
    assert frame[["pupil_name", "why"]].to_numpy().tolist() == [
        ["Byrne, Bo", "Review overdue; No change recorded"],
        ["Abara, Ada", "Started; Review due"],
        ["Cole, Cy", "Ending"],
    ]
    assert frame["weeks_so_far"].tolist() == [10, 2, 5]


def test_the_schemes_for_the_whole_school_whose_review_is_overdue_are_named_for_the_list_is_of_pupils(
    make_pack, make_log
):
    raffle = {
        "pupil_id": None,
        "intervention": "Raffle",
        "tier": "1",
        "start_date": "2026-09-07",
        "review_date": "2026-10-19",
    }
    calls = {
        "pupil_id": None,
        "intervention": "Calls",
        "tier": "1",
        "start_date": "2026-09-07",
        "review_date": "2026-12-14",
    }
    log = make_log(raffle, calls, columns=INTERVENTIONS.column_names)
    pack = make_pack({"0002": {"I": ["2026-09-14"]}}, interventions=log)
    assert intervention_counts(pack).items[-1] == (
        "Of the schemes for the whole school the review is overdue of Raffle (due 19 October 2026)."
    )


def test_the_sentences_count_what_runs_and_what_is_due(pack):
    assert intervention_counts(pack).items == (
        "2 interventions are in progress for 2 pupils, and 1 scheme for the whole school.",
        "1 started and 1 ended in the period; 0 more end by 4 December 2026. "
        "1 review is overdue and 1 more is due by 4 December 2026.",
        "1 has run longer than 6 school weeks with no outcome and no next step recorded.",
    )


def test_counts_stand_by_tier_type_and_lead(pack):
    frame = intervention_groups(pack).frame.set_index(["group", "value"])
    assert frame.loc[("Tier", "2"), ["pupils", "running", "started", "ending"]].tolist() == [3, 2, 1, 1]
    assert frame.loc[("Lead", "SENCo"), "pupils"] == 2


def test_nothing_claims_that_an_intervention_did_anything(pack):
    tables = [interventions_to_discuss(pack), intervention_groups(pack)]
    told = [
        *intervention_counts(pack).items,
        *(part for table in tables for part in (table.title, table.note, table.empty_text)),
    ]
    told += [
        text for table in tables for column in table.columns for text in (column.heading, column.meaning)
    ]
    assert [text for text in told if CLAIMS.search(text)] == []


def test_a_log_that_is_not_exported_is_said_once_with_what_to_do(make_pack):
    pack = make_pack()
    expected = "No log of interventions is exported. To add it, name its file under exports, interventions in the school file."
    assert intervention_counts(pack).items == (expected,)
    for table in (interventions_to_discuss(pack), intervention_groups(pack)):
        assert table.payload()["rows"] == []
        assert table.empty_text == "Not known."


def test_an_empty_log_is_no_missing_log(make_pack, make_log):
    pack = make_pack(interventions=make_log(columns=INTERVENTIONS.column_names))
    assert (
        intervention_counts(pack).items[0]
        == "0 interventions are in progress for 0 pupils, and 0 schemes for the whole school."
    )
    assert interventions_to_discuss(pack).empty_text.startswith("No intervention started")


@pytest.mark.parametrize("section", [interventions_to_discuss])
def test_names_and_identifiers_are_personal_and_every_column_has_a_meaning(pack, section):
    columns = {column.name: column for column in section(pack).columns}
    assert columns["pupil_name"].personal
    assert columns["pupil_id"].personal
    assert all(column.meaning for column in columns.values())
