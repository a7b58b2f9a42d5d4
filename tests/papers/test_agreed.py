"""What was agreed, for whom, and who is over a line with nothing agreed."""

import pandas as pd
import pytest

from attendance_lib.intake.support_tables import PLANS
from attendance_lib.papers.agreed import (
    absence_lines,
    line_in_words,
    listed_actions,
    over_a_line,
    with_nothing_agreed,
)

ACTION_COLUMNS = (
    "action_id",
    "pupil_id",
    "raised_on",
    "action",
    "owner",
    "due_date",
    "status",
    "completed_on",
    "note",
)


@pytest.mark.parametrize("where", [None, {"year_group": (12,)}])
def test_actions_about_a_sixth_former_are_in_the_paper(make_pack, make_log, all_through, where):
    action = {
        "action_id": "A1",
        "pupil_id": "0004",
        "raised_on": "2026-10-01",
        "action": "Ring home",
        "status": "open",
    }
    pack = make_pack(people=all_through, where=where, actions=make_log(action, columns=ACTION_COLUMNS))
    assert listed_actions(pack)["pupil_id"].tolist() == ["0004"]


@pytest.fixture
def totals():
    """Four pupils of the year to date: below every line, over one tenth, over half, and over one tenth in all of last year."""
    return pd.DataFrame(
        {
            "is_persistently_absent": [False, True, True, False],
            "is_severely_absent": [False, False, True, False],
            "was_persistently_absent": [False, False, True, True],
            "was_severely_absent": [False, False, False, False],
        }
    )


def test_a_pupil_over_half_is_over_that_line_alone(totals):
    assert absence_lines(totals, of_last_year=False).tolist() == [
        "",
        "Persistent absence",
        "Severe absence",
        "",
    ]


def test_in_the_first_weeks_last_year_s_line_goes_before_half_of_a_few_sessions(totals):
    """So early a tenth is one day: it is no line then; half or more is."""
    assert absence_lines(totals, of_last_year=True).tolist() == [
        *("", "", "Persistent absence last year", "Persistent absence last year"),
    ]
    alone = totals.assign(was_persistently_absent=False)
    assert absence_lines(alone, of_last_year=True).tolist() == ["", "", "Half or more missed so far", ""]


def test_severe_absence_of_last_year_goes_before_every_other_line(totals):
    worst = totals.assign(was_severely_absent=[False, False, False, True])
    assert absence_lines(worst, of_last_year=True).tolist()[3] == "Severe absence last year"


@pytest.mark.parametrize(
    ("line", "rules", "words"),
    [
        ("", [], ""),
        ("", ["National"], "Notice threshold"),
        ("", ["National", "Local"], "Notice threshold, local referral trigger"),
        ("Persistent absence", ["Local"], "Persistent absence, local referral trigger"),
    ],
)
def test_a_local_rule_is_called_a_trigger_and_the_law_s_a_threshold(line, rules, words):
    assert line_in_words(line, rules, {"National"}) == words


def test_a_pupil_with_a_plan_is_not_among_those_with_nothing_agreed(make_pack, make_log):
    """0001 and 0002 miss ten of 50 days, a fifth; a plan of 0001 runs."""
    away = {"O": [f"2026-09-{day:02d}" for day in (*range(7, 12), *range(14, 19))]}
    row = {"plan_id": "SP1", "pupil_id": "0001", "opened_on": "2026-10-05"}
    plans = make_log(row, columns=PLANS.column_names)
    bare = with_nothing_agreed(make_pack({"0001": away, "0002": away}, plans=plans))
    assert bare["pupil_id"].tolist() == ["0002"]
    assert over_a_line(make_pack({"0001": away, "0002": away}, plans=plans))["pupil_id"].tolist() == [
        "0001",
        "0002",
    ]
