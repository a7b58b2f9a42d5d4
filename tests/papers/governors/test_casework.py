"""Interventions in the governors' report: what they cost, and what is said where there is no log."""

import pandas as pd
import pytest

from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.papers.governors import casework, headline


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ([None] * 12, "none recorded"),
        ([0.0] * 12, "none recorded"),
        # Five of twelve cost 30 pounds each: 150, and the others nobody knows.
        ([30.0] * 5 + [None] * 7, "£150 (not all recorded)"),
        ([30.0] * 12, "£360"),
    ],
)
def test_a_cost_that_nobody_recorded_is_never_no_pounds(make_report, costs, said):
    pupils = [f"{number:04d}" for number in range(1, 13)]
    log = pd.DataFrame({"pupil_id": pupils, "intervention": "Mentor", "tier": "2", "cost": costs}).assign(
        start_date=pd.Timestamp("2026-09-14"), end_date=pd.NaT
    )
    report = make_report({}, interventions=log.reindex(columns=list(INTERVENTIONS.column_names)))
    assert casework.interventions(report).frame["cost_text"].tolist() == [said]


def test_a_missing_log_is_named_once_with_what_to_do(report):
    (text,) = casework.intervention_words(report).items
    assert text.startswith("No log of interventions is exported. To add it")
    assert casework.interventions(report).empty_text == "Not known."
    assert any("interventions" in item for item in headline.data_notes(report).items)
