"""What is said of the work for pupils: every figure counted by hand on the small packs of the papers."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.action_log import merge_actions
from attendance_lib.analysis.caseloads import (
    OutOf,
    contacts_owed,
    load_of,
    reasons_found,
    reviews_held,
    school_days_since,
    untouched_days,
)
from attendance_lib.intake.schema import ACTIONS, CONTACTS, INTERVENTIONS, NOTICES

# School days of the small packs' autumn: 35 from 7 September to 23 October, 15 from 2 to 20 November.


def days(*texts):
    return pd.Series(pd.to_datetime(list(texts))).astype("datetime64[s]")


@pytest.mark.parametrize(
    ("day", "since"),
    [
        ("2026-11-20", 0),
        ("2026-11-19", 1),
        ("2026-11-13", 5),
        ("2026-11-15", 5),  # a Sunday: Monday to Friday
        ("2026-10-23", 15),  # the last before half term
        ("2026-10-28", 15),  # in half term
        ("2026-10-07", 27),  # 2 + 5 + 5 before half term, and 15
        ("2026-09-07", 49),
        ("2026-03-02", 49),  # of another school year: all of this one
        (None, 49),
    ],
)
def test_school_days_are_counted_over_holidays_and_no_further_than_the_year(make_pack, day, since):
    assert school_days_since(days(day), make_pack()).tolist() == [since]


def test_a_pupil_is_quiet_since_the_last_that_anybody_did_or_agreed(make_pack, make_log):
    pack = make_pack(
        contacts=make_log(
            {"contact_id": "1", "pupil_id": "0001", "date": "2026-10-07", "outcome": "no answer"}, columns=CONTACTS.column_names
        ),
        interventions=make_log(
            {"pupil_id": "0001", "intervention": "Mentor", "start_date": "2026-09-14"},
            {"pupil_id": "0002", "intervention": "Mentor", "start_date": "2026-11-13"},
            columns=INTERVENTIONS.column_names,
        ),
        notices=make_log(
            {"notice_id": "1", "pupil_id": "0003", "parent": "a", "kind": "attendance contract", "issued_on": "2026-10-23"},
            columns=NOTICES.column_names,
        ),
        actions=make_log(
            {"action_id": "1", "pupil_id": "0003", "raised_on": "2026-10-06", "action": "x", "status": "open"},
            {"action_id": "2", "pupil_id": "0002", "raised_on": "2026-10-06", "action": "x", "status": "done",
             "completed_on": "2026-11-19"},
            {"action_id": "3", "pupil_id": "0004", "raised_on": "2026-11-27", "action": "x", "status": "open"},
            columns=ACTIONS.column_names,
        ),
    )  # fmt: skip
    ids = pd.Series(["0001", "0002", "0003", "0004"])
    actions = merge_actions(pack.school.actions, None)
    # A try is something done; an action dated after the period is not yet.
    assert untouched_days(ids, actions, pack).tolist() == [27, 1, 15, 49]


def test_a_home_is_owed_a_word_after_ten_school_days_on_which_nobody_answered(make_pack, make_log):
    log = [
        {
            "contact_id": "1",
            "pupil_id": "0001",
            "date": "2026-11-06",
            "outcome": "reason given",
        },  # 10 school days ago
        {"contact_id": "2", "pupil_id": "0002", "date": "2026-11-09", "outcome": "reason given"},  # 9
        {"contact_id": "3", "pupil_id": "0003", "date": "2026-10-23", "outcome": "reason given"},  # 15
        {"contact_id": "4", "pupil_id": "0003", "date": "2026-11-19", "outcome": "Left a message"},
    ]
    pack = make_pack(contacts=make_log(*log, columns=CONTACTS.column_names))
    owed = contacts_owed(pd.Series(["0001", "0002", "0003", "0004"]), pack)
    assert owed[["pupil_id", "since_days"]].to_numpy().tolist() == [["0004", 49], ["0003", 15], ["0001", 10]]
    assert owed["last_reached_date"].dt.date.tolist()[1:] == [date(2026, 10, 23), date(2026, 11, 6)]


def test_without_a_log_of_contacts_nobody_is_said_to_be_owed_one(make_pack):
    assert contacts_owed(pd.Series(["0001"]), make_pack()).empty


def test_an_n_is_cleared_in_time_by_its_fifth_school_day(make_pack):
    # Two sessions a day. In time: 9 Nov on the 13th, 5 Nov on the fifth day, the 12th. Late: 2 Nov on the 10th, the sixth day.
    # Still N: 3 Nov. Not yet due: 13 Nov (its fifth day is the last of the period) and 17 Nov.
    pack = make_pack(
        {"0003": {"N": ["2026-11-03", "2026-11-17"]}},
        edits=[
            ("0001", "2026-11-09", "N", "2026-11-13"),
            ("0001", "2026-11-05", "N", "2026-11-12"),
            ("0002", "2026-11-02", "N", "2026-11-10"),
            ("0002", "2026-11-13", "N", "2026-11-16"),
            ("0004", "2026-11-04", "O", "2026-11-05"),
        ],
    )
    assert reasons_found(pack.enrolled.year_to_date, pack) == OutOf(4, 8)


def test_without_a_history_of_marks_only_those_still_n_count(make_pack):
    pack = make_pack({"0003": {"N": ["2026-11-03"]}})
    assert reasons_found(pack.enrolled.year_to_date, pack) == OutOf(0, 2)


def courses(*rows):
    names = ("tier", "start_date", "end_date", "review_date", "is_written")
    table = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
    return table.assign(
        tier=table["tier"].astype("Int64"),
        **{name: days(*table[name]) for name in names if name.endswith("date")},
    )


def test_load_is_the_tier_weights_of_the_weeks_in_which_support_was_open(make_pack):
    led = courses(
        (3, "2026-10-05", None, None, False),  # both weeks: 6
        (2, "2026-09-07", "2026-11-11", None, False),  # the first: 2
        (3, "2026-11-16", None, None, False),  # the second: 3
        (1, "2026-11-10", "2026-11-18", None, False),  # both: 2
        (3, "2026-09-07", "2026-11-06", None, False),  # ended before
        (3, "2026-11-23", None, None, False),  # not begun
        (None, "2026-11-16", None, None, False),  # of no tier, as of tier 1: 1
    )
    assert load_of(led, make_pack()) == 14


def test_reviews_are_those_that_fell_due_in_the_school_year_before_the_last_day(make_pack):
    led = courses(
        (2, "2026-09-07", None, "2026-10-05", True),
        (2, "2026-09-07", None, "2026-11-19", False),
        (2, "2026-09-07", None, "2026-11-20", False),  # due today
        (2, "2026-06-01", None, "2026-07-13", True),  # of last year
        (2, "2026-09-07", None, None, False),
    )
    assert reviews_held(led, make_pack()) == OutOf(1, 2)
