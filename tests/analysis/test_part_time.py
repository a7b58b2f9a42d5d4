"""Part-time timetables on file: what each lacks, worked out by hand."""

import pandas as pd
import pytest

from attendance_lib.analysis.part_time import part_time_on
from attendance_lib.intake.support_tables import PART_TIME

WHOLE = {
    "pupil_id": "0001", "date_from": "2026-11-02", "date_to": "2026-12-04", "hours": 12.5, "ambition": "full time again",
    "review_date": "2026-11-20", "agreed_by": "mother", "agreed_on": "2026-10-30", "authority_told_on": "2026-11-02",
}  # fmt: skip
FRIDAY = pd.Timestamp("2026-11-20")


def found(day=FRIDAY, **changed):
    table = pd.DataFrame([WHOLE | changed], columns=list(PART_TIME.column_names))
    days = ["date_from", "date_to", "review_date", "agreed_on", "authority_told_on"]
    rows = part_time_on(table.assign(**{name: pd.to_datetime(table[name]) for name in days}), day)
    return rows.iloc[0] if len(rows) else None


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({}, ""),
        ({"date_to": None}, "an end"),
        ({"hours": None, "ambition": " "}, "hours; what it is meant to reach"),
        ({"review_date": None}, "a review date"),
        ({"agreed_by": "", "agreed_on": None}, "the parent's agreement; the day of the agreement"),
        ({"authority_told_on": None}, "the day the local authority was told"),
    ],
)
def test_what_an_arrangement_does_not_say_is_told(changed, lacks):
    assert found(**changed)["lacks"] == lacks


@pytest.mark.parametrize(("end", "runs"), [("2026-11-19", False), ("2026-11-20", True), (None, True)])
def test_an_arrangement_runs_to_its_last_day(end, runs):
    assert found(date_to=end)["is_running"] == runs


@pytest.mark.parametrize(
    ("review", "end", "overdue"),
    [("2026-11-19", None, True), ("2026-11-20", None, False), ("2026-11-10", "2026-11-13", False)],
)
def test_a_review_is_overdue_while_the_arrangement_runs(review, end, overdue):
    assert found(review_date=review, date_to=end)["is_review_overdue"] == overdue


def test_an_arrangement_that_has_not_begun_is_left_out_and_no_log_has_none():
    assert found(pd.Timestamp("2026-11-01")) is None
    assert part_time_on(None, FRIDAY).empty
