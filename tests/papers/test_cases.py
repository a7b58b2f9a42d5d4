"""All that a sheet could tell of a pupil, worked out by hand on the four pupils of the papers."""

import pandas as pd
import pytest

from attendance_lib.intake.schema import INTERVENTIONS, NOTICES
from attendance_lib.intake.support_tables import PLANS
from attendance_lib.papers.cases import (
    ACTION_OPEN,
    NOTHING_AGREED,
    absence_lines,
    line_in_words,
    listed_actions,
    over_a_line,
    pupils_known,
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


# Who is known, and what is on file of each


# Ten of the 50 days, a fifth of the sessions.
AWAY = {"O": [f"2026-09-{day:02d}" for day in (*range(7, 12), *range(14, 19))]}


def known_of(pack, pupil="0001"):
    return pupils_known(pack).set_index("pupil_id").loc[pupil]


@pytest.fixture
def courses(make_log):
    return lambda *rows: make_log(
        *({"pupil_id": "0001", "intervention": "Mentor"} | row for row in rows),
        columns=INTERVENTIONS.column_names,
    )


def test_who_is_over_a_line_with_nothing_agreed_says_so(make_pack):
    row = known_of(make_pack({"0001": AWAY}))
    assert row[
        ["absence_sessions", "possible_sessions", "is_over", "is_bare", "is_concern", "plan"]
    ].tolist() == [
        *(20, 100, True, True, True, NOTHING_AGREED),
    ]


def test_who_is_over_no_line_has_no_plan_and_is_no_concern(make_pack):
    row = known_of(make_pack({"0001": AWAY}), "0002")
    assert row[["is_over", "is_bare", "is_concern", "plan"]].tolist() == [False, False, False, ""]


def test_what_runs_is_the_plan_with_its_next_review(make_pack, courses):
    log = courses(
        {"start_date": "2026-10-05", "review_date": "2026-12-04"},
        {"intervention": "Club", "start_date": "2026-09-21", "end_date": "2026-10-02"},
    )
    row = known_of(make_pack({"0001": AWAY}, interventions=log))
    assert row["plan"] == "Mentor since 5 Oct, review 4 Dec"
    assert row["next_review_date"] == pd.Timestamp("2026-12-04")


def test_a_review_that_is_past_is_not_the_next_one(make_pack, courses):
    log = courses({"start_date": "2026-10-05", "review_date": "2026-11-06"})
    assert pd.isna(known_of(make_pack({"0001": AWAY}, interventions=log))["next_review_date"])


def test_an_open_contract_is_something_agreed_though_nothing_runs(make_pack, make_log):
    row = {"notice_id": "1", "pupil_id": "0001", "parent": "a", "kind": "attendance contract", "issued_on": "2026-10-05",
           "status": "active"}  # fmt: skip
    pack = make_pack({"0001": AWAY}, notices=make_log(row, columns=NOTICES.column_names))
    assert known_of(pack)[["plan", "notices"]].tolist() == [ACTION_OPEN, "attendance contract 5 Oct"]


@pytest.mark.parametrize(
    ("status", "issued", "said"),
    [
        ("active", "2026-10-05", "notice to improve 5 Oct"),
        ("withdrawn", "2026-10-05", ""),
        ("active", "2026-07-06", ""),  # of last year
    ],
)
def test_notices_are_those_of_this_year_that_are_open_and_never_say_to_whom(
    make_pack, make_log, status, issued, said
):
    row = {"notice_id": "1", "pupil_id": "0001", "parent": "Mrs Secret", "kind": "notice to improve", "issued_on": issued,
           "status": status}  # fmt: skip
    pack = make_pack({"0001": AWAY}, notices=make_log(row, columns=NOTICES.column_names))
    assert known_of(pack)["notices"] == said


@pytest.mark.parametrize(
    ("need", "status", "said"),
    [
        ("autism", "E", "EHC plan (autism)"),
        (" ", "E", "EHC plan"),
        (None, "K", "SEN support"),
        ("autism", "N", ""),
        ("autism", None, ""),
    ],
)
def test_a_need_is_said_with_its_kind_where_there_is_one(make_pack, need, status, said):
    pack = make_pack(people={"0001": {"sen_status": status, "sen_need": need}})
    assert known_of(pack)["needs"] == said


def test_social_care_is_every_flag_that_is_so_in_words(make_pack):
    flags = {"child_in_need": True, "young_carer": True, "looked_after": False}
    assert known_of(make_pack(people={"0001": flags}))["social_care"] == "child in need, young carer"
