"""What earlier reports left out is counted anew: which of it, over which days, and how often."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.disclosure.tables import AFTER, TO
from attendance_lib.papers.governors.past import (
    between,
    counted_again,
    is_counted,
    left_out,
    notices_again,
    within,
)
from attendance_lib.papers.governors.workings import Workings
from attendance_lib.register.grid import Register

SPAN = {AFTER: "2026-09-06", TO: "2026-10-23"}


def test_a_span_begins_after_its_first_day_and_holds_its_last():
    days = pd.Series(pd.to_datetime(["2026-09-06", "2026-09-07", "2026-10-23", "2026-10-24", None]))
    assert within(days, date(2026, 9, 6), date(2026, 10, 23)).tolist() == [False, True, True, False, False]


def test_the_sessions_of_a_span_are_those_of_its_days():
    days = pd.to_datetime(["2026-09-07", "2026-09-07", "2026-09-08", "2026-09-09"]).astype("datetime64[s]")
    register = Register(
        np.zeros((1, 4), dtype=np.uint8), pd.DataFrame({"pupil_id": ["1"]}), pd.DataFrame({"date": days})
    )
    assert between(register, date(2026, 9, 7), date(2026, 9, 8)).sessions["date"].tolist() == [days[2]]


@pytest.mark.parametrize(
    ("where", "is_one"),
    [
        ({"codes": "L+U", "measure": "sessions_with_codes"} | SPAN, True),
        ({"kind": "penalty notice", "measure": "notices_issued"} | SPAN, True),
        ({"codes": "L+U", "measure": "pupils_with_codes"} | SPAN, False),  # pupils do not add up over time
        ({"codes": "L+U", "measure": "sessions_with_codes", TO: "2026-10-23"}, False),  # no span
        ({"measure": "absence_sessions"} | SPAN, False),
    ],
)
def test_only_what_adds_up_over_time_is_counted_anew(where, is_one):
    assert is_counted(where) is is_one


def test_notices_of_a_kind_are_those_of_the_report_s_pupils_in_the_span():
    """Of pupil a two in the span and one before it; b's is of another kind; z is not in the report."""
    log = pd.DataFrame(
        [
            ("a", "penalty notice", "2026-09-06"),
            ("a", "penalty notice", "2026-09-07"),
            ("a", "penalty notice", "2026-10-23"),
            ("b", "notice to improve", "2026-10-01"),
            ("z", "penalty notice", "2026-10-01"),
        ],
        columns=["pupil_id", "kind", "issued_on"],
    ).assign(issued_on=lambda table: pd.to_datetime(table["issued_on"]))
    pack = SimpleNamespace(
        school=SimpleNamespace(notices=log),
        register=SimpleNamespace(pupils=pd.DataFrame({"pupil_id": ["a", "b", "z"]})),
    )
    workings = SimpleNamespace(pack=pack, members=np.array([True, True, False]))
    days = (date(2026, 9, 6), date(2026, 10, 23))
    assert notices_again(workings, "penalty notice", days) == (2, 1)
    assert notices_again(workings, "notice to improve", days) == (1, 1)


def test_a_cohort_s_sessions_are_counted_anew_in_the_whole_school_s_report(make_pack_of_sixty):
    """Free meals: ten of Year 9, two of whom are away without leave, and two of Year 10, one of whom was late."""
    absences = {"0001": ("O", ["2026-11-03 AM"]), "0002": ("O", ["2026-11-03", "2026-11-04 PM"])}
    absences |= {"0031": ("U", ["2026-11-05 AM"]), "0060": ("O", ["2026-11-03"])}
    whole = Workings(make_pack_of_sixty(absences))
    span = {AFTER: "2026-10-25", TO: "2026-11-27"}
    of_meals = {"fsm": "yes", "codes": "N+O+U", "measure": "sessions_with_codes"} | span
    of_year = {"year_group": "9", "codes": "N+O+U", "measure": "sessions_with_codes"} | span
    of_needs = {"never": "yes", "codes": "N+O+U", "measure": "sessions_with_codes"} | span
    left = [SimpleNamespace(is_left_out=True, coordinates=each) for each in (of_meals, of_year, of_needs)]
    found = list(left_out(whole, [SimpleNamespace(counts=left)]))
    assert [where for _, where in found] == [of_meals, of_year]
    assert [counted_again(*each) for each in found] == [(5, 3), (4, 2)]
