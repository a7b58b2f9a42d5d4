"""Codes counted with the pupils behind them, and notices by kind, on the tiny tables of the test."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.reasons import absence_codes, use_of_codes
from attendance_lib.papers.governors.casework_counts import (
    ALL_KINDS,
    count_notices,
    tried,
    with_rows_of_nobody,
)
from attendance_lib.register.grid import Register, cell_of
from attendance_lib.rules.codes import CODES, Category

SESSIONS = pd.DataFrame(
    {"date": pd.to_datetime(["2026-09-07", "2026-09-08", "2026-09-09"]).astype("datetime64[s]")}
)


def register(*rows):
    codes = np.array([[cell_of(letter) for letter in row.split()] for row in rows], dtype=np.uint8)
    return Register(codes, pd.DataFrame({"pupil_id": range(len(rows))}), SESSIONS)


def test_sessions_and_the_pupils_behind_them_are_counted_together():
    used = use_of_codes(register("E E /", "E U /", "/ D /"), {"Out": ("E",), "Late": ("L", "U")})
    assert used["sessions"].tolist() == [3, 1]
    assert used["pupils"].tolist() == [2, 1]
    # D is no possible session.
    assert used["possible_sessions"].tolist() == [8, 8]


def test_a_code_not_in_force_on_its_date_counts_for_nothing():
    # H, a family holiday agreed, was withdrawn on 19 August 2024.
    used = use_of_codes(register("H C /"), {"Leave granted": ("C1", "J1", "C", "H", "F")})
    assert used["sessions"].tolist() == [1]


def test_every_code_of_absence_is_in_one_group():
    letters = [letter for group in absence_codes().values() for letter in group]
    absent = (Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE)
    assert sorted(letters) == sorted({code.letter for code in CODES if code.category in absent})


NOTICES = pd.DataFrame(
    [
        ("a", "penalty notice", "2026-09-10"),
        ("a", "penalty notice", "2026-10-01"),
        ("b", "notice to improve", "2026-10-02"),
        ("z", "penalty notice", "2026-10-02"),
        ("b", "penalty notice", "2026-11-02"),
    ],
    columns=["pupil_id", "kind", "issued_on"],
).assign(issued_on=lambda table: pd.to_datetime(table["issued_on"]))
END = pd.Timestamp("2026-10-23")
AUTUMN = {"period": (pd.Timestamp("2026-10-01"), END), "year": (pd.Timestamp("2026-09-01"), END)}


def test_notices_are_counted_by_kind_and_day_for_the_pupils_asked_about():
    table = count_notices(NOTICES, pd.Series(["a", "b"]), AUTUMN).set_index("kind")
    assert table.loc["penalty notice"].to_dict() == {
        "period_notices": 1, "period_pupils": 1, "year_notices": 2, "year_pupils": 1,
    }  # fmt: skip
    assert table.loc[ALL_KINDS].to_dict() == {
        "period_notices": 2, "period_pupils": 2, "year_notices": 3, "year_pupils": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("draft", 1),
        ("Not yet issued", 1),
        ("Referred to the LA", 1),
        ("withdrawn 3 October", 2),
        ("paid", 2),
        (None, 2),
    ],
)
def test_what_was_never_issued_is_no_notice_of_the_board_s_whatever_became_of_those_that_were(status, count):
    table = count_notices(NOTICES.assign(status=[None, status, None, None, None]), pd.Series(["a"]), AUTUMN)
    assert table.set_index("kind").loc["penalty notice", "year_notices"] == count


def test_a_log_without_a_notice_has_no_row():
    assert count_notices(NOTICES.head(0), pd.Series(["a"]), AUTUMN).empty
    assert count_notices(NOTICES.assign(status="draft"), pd.Series(["a"]), AUTUMN).empty


def test_a_kind_of_notice_has_a_row_whoever_had_one():
    table = count_notices(NOTICES, pd.Series(["nobody"]), AUTUMN).set_index("kind")
    assert list(table.index) == ["notice to improve", "penalty notice", ALL_KINDS]
    assert not table.any(axis=None)


def test_cost_is_what_is_recorded_and_unknown_where_nothing_is():
    log = pd.DataFrame(
        {
            "intervention": ["Mentor", "Mentor", "Mentor", "Club", "Call", "Raffle"],
            "pupil_id": ["a", "b", "z", "a", "b", None],
            "tier": ["2", "2", "2", "3", "2", "1"],
            "cost": [10.0, None, 99.0, None, 0.0, 180.0],
            "is_own": [True, True, True, True, True, False],
        }
    )
    table = tried(log, pd.Series(["a", "b"])).set_index("intervention")
    assert table.loc["Mentor", ["pupils", "cost"]].tolist() == [2, 10.0]
    # Blank or nought, no cost is recorded.
    assert table.loc[["Club", "Call"], "cost"].isna().all()
    assert table["is_cost_in_part"].to_dict() == {
        "Call": False,
        "Club": False,
        "Mentor": True,
        "Raffle": False,
    }
    assert np.isnan(table.loc["Raffle", "pupils"])


def test_a_kind_of_notice_that_read_c_keeps_its_row():
    table = count_notices(NOTICES, pd.Series(["a"]), AUTUMN, ["warning"]).set_index("kind")
    assert list(table.index) == ["notice to improve", "penalty notice", "warning", ALL_KINDS]
    assert not table.loc["warning"].any()
    assert list(count_notices(NOTICES.head(0), pd.Series(["a"]), AUTUMN, ["warning"])["kind"]) == [
        "warning",
        ALL_KINDS,
    ]


def test_an_intervention_that_read_c_keeps_its_row():
    told = pd.DataFrame(
        {
            "intervention": ["Mentor", "Raffle"],
            "is_own": [True, False],
            "tier": ["2", "1"],
            "pupils": [1.0, np.nan],
        }
    )
    table = with_rows_of_nobody(told, ["Letter", "Mentor", "Raffle"])
    own = table[table["is_own"]].set_index("intervention")
    assert own["pupils"].to_dict() == {"Mentor": 1, "Letter": 0, "Raffle": 0}
    assert len(table) == 4
    assert with_rows_of_nobody(told, ["Mentor"]) is told
