"""Contacts with home: whose they are, and when somebody was last reached."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.contact_log import last_reached
from attendance_lib.analysis.logs import match_pupils


def test_leading_zeros_that_a_workbook_dropped_are_put_back_where_one_pupil_fits():
    roll = pd.Series(["002103", "002104", "07", "7"])
    written = pd.DataFrame({"pupil_id": ["2103", "002104", "7", "07", "999", None]})
    found = match_pupils(written, roll)
    assert found["pupil_id"].tolist() == ["002103", "002104", "7", "07", "999", None]


@pytest.mark.parametrize(
    ("outcome", "is_reached"),
    [
        ("reason given", True),
        ("spoken to; mother, back tomorrow", True),
        ("no answer", False),
        ("No answer; left it", False),
        ("Left a message", False),
        ("voicemail again", False),
        ("", True),
        (None, True),  # a log without words says that there was a contact
    ],
)
def test_a_try_that_reached_nobody_is_not_a_contact_with_home(outcome, is_reached):
    log = pd.DataFrame({"pupil_id": ["1"], "date": [pd.Timestamp("2026-11-10")], "outcome": [outcome]})
    found = last_reached(log, SimpleNamespace(date_to=date(2026, 11, 20)))
    assert found.to_dict() == ({"1": pd.Timestamp("2026-11-10")} if is_reached else {})


def test_somebody_was_last_reached_on_the_newest_day_up_to_the_paper_s_own():
    log = pd.DataFrame(
        {
            "pupil_id": ["1", "1", "1", "2"],
            "date": pd.to_datetime(["2026-11-10", "2026-11-20", "2026-11-21", "2026-11-21"]),
            "outcome": "spoken to",
        }
    )
    found = last_reached(log, SimpleNamespace(date_to=date(2026, 11, 20)))
    assert found.to_dict() == {"1": pd.Timestamp("2026-11-20")}


def test_without_a_log_nobody_was_reached_that_anybody_knows_of():
    assert last_reached(None, SimpleNamespace(date_to=date(2026, 11, 20))).empty
