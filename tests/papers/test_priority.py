"""The priority list as a reader sees it."""

import pandas as pd
import pytest

from attendance_lib.intake.schema import ACTIONS
from attendance_lib.papers.fortnightly.priority import (
    COLUMNS,
    distances,
    facts_apart,
    priority_counts,
    priority_pupils,
)


def rows(pack, *names):
    return priority_pupils(pack).frame[list(names)].to_numpy().tolist()


def test_pupils_stand_in_the_order_of_their_points(worked_pack):
    # 0001: new 3, falling from 100% to 80% 2, persistent 1; 0003: (100 - 80) / 9 is 3 sessions from it; 0002: persistent 1.
    assert rows(worked_pack, "pupil_name", "points", "why") == [
        ["Abara, Ada", 3 + 2 + 1, "6: now persistently absent +4; falling +2"],
        ["Cole, Cy", 3, "3: close to the line +3"],
        ["Byrne, Bo", 1, "1: persistently absent +1"],
    ]


def test_each_row_says_how_far_it_is_to_the_line(worked_pack):
    # At exactly 10 of 100 one more session attended, 10 of 101, ends it.
    assert rows(worked_pack, "distance") == [["1 to leave"], ["3 to reach"], ["1 to leave"]]


def test_short_enrolments_are_flagged_as_the_school_file_says(make_pack):
    ill = [f"2026-09-{day:02d}" for day in (7, 8, 9, 10, 11)]
    away = {"0001": {"I": ill}, "0002": {"I": ill, "": ["2026-11-13"]}}
    pack = make_pack(away, short_enrolment_sessions=99)
    table = priority_pupils(pack)
    assert rows(pack, "pupil_id", "possible_sessions", "is_short_enrolment") == [
        ["0001", 100, False],
        ["0002", 98, True],
    ]
    assert table.columns[-1].meaning == "Fewer than 99 possible sessions: read the rate with care"


def test_each_row_says_its_reasons_and_six_weeks(worked_pack):
    assert rows(worked_pack, "reasons_and_pattern", "recent_weeks")[0] == [
        "Illness 10",
        (1, 1, 1, 1, (10 - 4) / 10, 1),
    ]


def test_flags_stand_in_few_words(worked_pack):
    assert rows(worked_pack, "flags") == [["FSM"], ["SEN E"], ["SEN K"]]


def test_the_sentence_counts_the_rows_of_each_category(worked_pack):
    assert priority_counts(worked_pack).items[0] == (
        "3 pupils to consider: new persistent absence 1, about to become persistently absent 1, persistent absence 1. "
        "Each stands in the first category that fits."
    )
    assert (
        priority_counts(worked_pack)
        .items[1]
        .startswith("Order: the points of every reason that holds are added up")
    )


def test_one_pupil_is_told_in_the_singular(first_pack):
    assert (
        priority_counts(first_pack)
        .items[0]
        .startswith("1 pupil to consider: a tenth or more missed so far 1.")
    )


@pytest.mark.parametrize("name", ["nobody_pack", "well"])
def test_an_empty_list_is_said_and_not_left_out(request, make_pack, name):
    pack = make_pack() if name == "well" else request.getfixturevalue(name)
    table = priority_pupils(pack)
    assert (table.payload()["rows"], table.empty_text) == (
        [],
        "Nobody is over a line, near one or falling fast.",
    )
    assert priority_counts(pack).items[0] == "No pupil to consider."


@pytest.mark.parametrize(
    ("until", "leave", "text"),
    [(1, None, "1 to reach"), (None, 1, "1 to leave"), (None, 80, "80 to leave"), (None, 81, "over 80")],
)
def test_distances_beyond_half_a_term_are_not_counted_out(until, leave, text):
    assert distances(pd.Series([until], dtype="Int64"), pd.Series([leave], dtype="Int64")) == [text]


def test_what_tells_of_one_pupil_is_personal():
    told = {"pupil_name", "pupil_id", "key_adult", "category", "flags"}
    told |= {"why", "reasons_and_pattern", "support_text"}
    assert told <= {column.name for column in COLUMNS if column.personal}


def facts(pack):
    listed = priority_pupils(pack).frame
    return dict(zip(listed["pupil_id"], facts_apart(pack, listed), strict=True))


def test_what_was_agreed_last_comes_first_with_what_became_of_it(make_pack, make_log):
    ill = [f"2026-11-{day:02}" for day in range(9, 21) if day not in (14, 15)]
    log = make_log(
        {"action_id": "A1", "pupil_id": "0001", "raised_on": "2026-10-06", "action": "Home visit", "status": "done",
         "completed_on": "2026-10-13"},
        {"action_id": "A2", "pupil_id": "0001", "raised_on": "2026-11-03", "action": "Ring the parent", "status": "open",
         "due_date": "2026-11-10"},
        {"action_id": "A3", "pupil_id": "0002", "raised_on": "2026-11-03", "action": "Mentor", "status": "open",
         "due_date": "2026-11-27"},
        columns=ACTIONS.column_names,
    )  # fmt: skip
    told = facts(make_pack({key: {"I": ill} for key in ("0001", "0002", "0003")}, actions=log))
    assert told["0001"] == "Agreed 3 Nov: Ring the parent; not done, due 10 Nov"
    assert told["0002"] == "Agreed 3 Nov: Mentor; due 27 Nov"
    # Nothing is agreed for 0003, who has missed both halves of the ten school days from 9 November.
    assert told["0003"] == "Not in since 9 Nov: 20 sessions"


def test_else_what_most_of_the_absence_was_sets_a_pupil_apart(make_pack):
    five, six = (
        [f"2026-09-{day:02}" for day in range(7, 12)],
        [f"2026-09-{day:02}" for day in (14, 15, 16, 17, 18, 21)],
    )
    told = facts(
        make_pack(
            {
                "0001": {"I": five, "O": six},
                "0002": {"I": six, "O": five[:2]},
                "0003": {"I": five, "G": six[:4]},
            }
        )
    )
    # 12 of 22 unauthorised are more than half; of 16 missed 12 were ill, two thirds and more; of 18, 10 ill and 8 not are neither.
    assert told["0001"] == "12 of 22 missed are unauthorised"
    assert told["0002"] == "Illness 12 of 16"
    assert told["0003"] == "Illness 10, Unauthorised holiday 8"
