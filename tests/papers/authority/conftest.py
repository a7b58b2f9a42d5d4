"""Four pupils and what is on file about them, for the meeting with the authority."""

import pandas as pd
import pytest

from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.intake.support_tables import PART_TIME, PLANS

SEPTEMBER = [
    day.strftime("%Y-%m-%d") for day in pd.bdate_range("2026-09-07", "2026-10-09")
]  # 25 days, 50 of 100 sessions


TWO_WEEKS = [
    day.strftime("%Y-%m-%d") for day in pd.bdate_range("2026-11-09", "2026-11-20")
]  # 10 school days, to the last


@pytest.fixture(scope="module")
def pack(make_pack, make_log):
    """0001 misses half (I) and has a plan; 0002 half (O) and none; 0003 ten days up to the last (O), two agencies; 0004 none."""
    return make_pack(
        {"0001": {"I": SEPTEMBER}, "0002": {"O": SEPTEMBER}, "0003": {"O": TWO_WEEKS}},
        plans=make_log(
            {"plan_id": "SP1", "pupil_id": "0001", "opened_on": "2026-09-21", "lead": "SENCo", "review_on": "2026-10-19",
             "reviewed_on": "2026-10-19", "outcome": "not met", "closed_on": "2026-10-19"},
            {"plan_id": "SP2", "pupil_id": "0001", "opened_on": "2026-10-20", "lead": " ", "review_on": "2026-11-17",
             "early_help_offered_on": "2026-10-20", "early_help_answer": "no answer yet", "barrier": "sleep"},
            {"plan_id": "SP3", "pupil_id": "0003", "opened_on": "2026-11-10", "lead": "ELSA", "review_on": "2026-12-08",
             "agencies": "Family hub and  CAMHS"},
            columns=PLANS.column_names,
        ),
        interventions=make_log(
            {"pupil_id": "0003", "intervention": "Lift", "start_date": "2026-11-02", "agency": "camhs", "barrier": "transport"},
            {"pupil_id": "0002", "intervention": "Club", "start_date": "2026-09-14", "end_date": "2026-10-02",
             "agency": "Youth service", "barrier": "friendships"},
            columns=INTERVENTIONS.column_names,
        ),
        part_time=make_log(
            {"pupil_id": "0004", "date_from": "2026-11-02", "date_to": "2026-11-27", "hours": 12.5, "ambition": "full time",
             "review_date": "2026-11-13", "agreed_by": "mother", "agreed_on": "2026-10-30", "authority_told_on": "2026-11-02"},
            {"pupil_id": "0002", "date_from": "2026-10-12", "hours": 15},
            {"pupil_id": "0003", "date_from": "2026-09-07", "date_to": "2026-10-02", "hours": 15},
            columns=(*PART_TIME.column_names, "date"),
        ).drop(columns="date").pipe(dated),
    )  # fmt: skip


def dated(part_time):
    days = {
        name: pd.to_datetime(part_time[name]).astype("datetime64[s]") for name in ("date_from", "date_to")
    }
    return part_time.assign(**days)
