"""What the board must know besides figures: as the school file has it, gaps beyond chance only, the ABIE not for a website."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.groups import BEYOND_CHANCE, WITHIN_CHANCE, Estimate, gap_standing
from attendance_lib.intake.settings.benchmarks import BenchmarkSettings
from attendance_lib.intake.settings.school_file import GovernanceSettings
from attendance_lib.papers.governors.compliance import board_facts, pupils_who_left
from attendance_lib.papers.governors.headline import beside_words, headline
from attendance_lib.papers.governors.words import what_changed

BOARD = GovernanceSettings(
    attendance_champion="A. Deputy",
    policy_reviewed=date(2026, 7, 6),
    training=[{"date": date(2026, 9, 2), "about": "all staff: codes and first-day calls"}],
    data_shared_since=date(2024, 9, 2),
    authority_meetings=[date(2026, 11, 9), date(2026, 6, 15)],
    pupils_who_left=[
        {"destination": "Another school", "pupils": 12},
        {"destination": "Not known", "pupils": 2},
    ],
)


@pytest.fixture(scope="module")
def told(make_report):
    return make_report(governance=BOARD)


def test_what_the_school_file_says_stands_in_the_report(told):
    rows = board_facts(told).frame.set_index("what")["told"]
    assert rows["Senior leader for attendance (attendance champion)"] == "A. Deputy"
    assert rows["Attendance policy last reviewed"] == "6 July 2026"
    assert (
        rows["Training of staff about attendance"] == "2 September 2026: all staff: codes and first-day calls"
    )
    assert rows["Meetings with the local authority"] == "15 June 2026 and 9 November 2026"


def test_what_is_not_entered_is_said_with_where_to_enter_it(told, report):
    rows = board_facts(told).frame.set_index("what")["told"]
    assert rows["Attendance policy to be reviewed by"] == (
        "Not entered: add policy_next_review under governance in the school file"
    )
    assert board_facts(report).frame["told"].str.startswith("Not entered").all()
    assert "add pupils_who_left" in pupils_who_left(report).empty_text


def test_few_who_left_for_one_place_are_withheld(told):
    """Two of them: c, as every count from 1 to 4."""
    assert pupils_who_left(told).frame.to_numpy().tolist() == [["Another school", 12], ["Not known", "c"]]


def test_a_gap_is_beyond_chance_only_if_it_is_so_among_all_groups_looked_at():
    """Twenty pupils pulling 0.01 each: half a range is 2.09 times 0.0447 alone and 3.49 times among twenty (t, 19)."""
    gap = Estimate(-0.12, pd.Series(np.full(20, 0.01)), 20)
    assert gap_standing(gap, 1) == BEYOND_CHANCE
    assert gap_standing(gap, 20) == WITHIN_CHANCE
    assert gap_standing(Estimate(-0.12, pd.Series([0.01]), 1), 1) is None


def test_no_gap_within_chance_is_called_the_widest(make_report):
    """Six of Year 9 and five of Year 10 miss one day, four of the twelve on free school meals among them: chance may bring that."""
    away = [f"{number:04d}" for number in (*range(9, 15), *range(31, 36))]
    said = " ".join(what_changed(make_report(dict.fromkeys(away, ("I", ["2026-11-02"])))).items)
    assert "The widest gap" not in said
    assert "No group's attendance is below everyone else's by more than chance would bring" in said
    assert "What is being done for" not in said


def test_the_abie_is_marked_as_not_for_a_website(make_report):
    abie = {"percent": 92.4, "source": "DfE"}
    report = make_report(benchmarks=BenchmarkSettings(targets={"abie": abie}))
    assert "Target (ABIE: not for a website)" in [column.heading for column in headline(report).columns]
    assert any(
        "leave this line and the figure out of a copy for a website" in item
        for item in beside_words(report).items
    )
    both = make_report(
        benchmarks=BenchmarkSettings(
            targets={"abie": abie, "attendance": {"percent": 95.0, "source": "Plan"}}
        )
    )
    assert "Target" in [column.heading for column in headline(both).columns]


def test_a_destination_that_read_c_keeps_its_row_when_the_school_file_names_it_no_more(make_report, told):
    some = BOARD.model_copy(update={"pupils_who_left": BOARD.pupils_who_left[:1]})
    again = make_report(governance=some, earlier=[told.record])
    assert pupils_who_left(again).frame.to_numpy().tolist() == [["Another school", 12], ["Not known", "c"]]
