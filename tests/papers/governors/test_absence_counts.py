"""The use of codes as counts: a row whether a code was used or not, and no rate of what is never shown."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.papers.governors.absence_counts import code_columns, reason_groups
from attendance_lib.papers.governors.workings import Workings
from attendance_lib.register.grid import Register, cell_of
from tests.intruder.schools import invent
from tests.intruder.trial import pack_at
from tests.papers.governors.conftest import PUPILS

SESSIONS = pd.DataFrame(
    {"date": pd.to_datetime(["2026-09-07", "2026-09-08", "2026-09-09"]).astype("datetime64[s]")}
)


def register(*rows):
    codes = np.array([[cell_of(letter) for letter in row.split()] for row in rows], dtype=np.uint8)
    return Register(codes, pd.DataFrame({"pupil_id": range(len(rows))}), SESSIONS)


def test_sessions_pupils_enrolments_and_rate_of_each_group_of_codes():
    """E three times, of two pupils; of the nine sessions D is not possible; a code that nobody has is nought."""
    found = code_columns(register("E E /", "E U /", "/ D /"), {"Out": ("E",), "Ill": ("I",)}, "year")
    assert found.to_dict("list") == {
        "year_sessions": [3, 0],
        "year_pupils": [2, 0],
        "year_enrolments": [3, 3],
        "year_rate": [3 / 8, 0],
    }


def test_what_came_before_the_half_term_is_counted_without_a_rate():
    found = code_columns(register("E E /"), {"Out": ("E",)}, "earlier")
    assert list(found.columns) == ["earlier_sessions", "earlier_pupils", "earlier_enrolments"]


def test_a_reason_has_its_rate_in_the_half_term_and_in_the_year(report_of):
    """Twenty ill for a day: 40 of 2,400 sessions of the half term, 40 of 6,600 of the year; nobody is excluded."""
    report = report_of(dict.fromkeys(PUPILS[:20], ("I", ["2026-11-02"])))
    row = report.row("reasons", "group", "Illness")
    assert row["period_rate"] == pytest.approx(40 / 2400, abs=5e-4)
    assert row["year_rate"] == pytest.approx(40 / 6600, abs=5e-4)


@pytest.mark.parametrize(
    ("enrolments", "level", "cohort", "reasons"),
    [
        (49, 5, "all", 3),
        (50, 5, "all", 5),
        (99, 5, "all", 5),
        (100, 5, "all", 11),
        (99, 10, "all", 3),
        (100, 10, "all", 11),
        (100, 10, "send", 11),  # a cohort is shown as its school is
    ],
)
def test_a_small_school_is_shown_a_few_reasons(enrolments, level, cohort, reasons):
    workings = Workings(pack_at(invent(1, enrolments, level), 0, 0, cohort))
    groups = reason_groups(workings)
    assert len(groups) == reasons
    letters = [letter for codes in groups.values() for letter in codes]
    assert sorted(letters) == sorted("C1 J1 C H F M S C2 T R E I G N O U".split())
