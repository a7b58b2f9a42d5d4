"""Reasons, unexplained sessions and uncommon codes, worked out by hand."""

import pytest

from attendance_lib.papers.fortnightly.codes import (
    reasons,
    uncommon,
    unexplained_sessions,
    unexplained_summary,
)


def test_reasons_are_shares_of_possible_sessions(worked_pack):
    frame = reasons(worked_pack).frame.set_index("reason")
    assert frame["sessions"].to_dict() == {"Illness": 4, "No reason yet": 2, "Other unauthorised": 0}
    assert frame["reason_rate"].tolist() == [4 / 78, 2 / 78, 0]
    assert frame["year_to_date_rate"].tolist() == [18 / 398, 2 / 398, 10 / 398]


def test_a_period_before_without_absence_is_nought_and_not_unknown(worked_pack):
    frame = reasons(worked_pack).frame
    assert frame["previous_rate"].tolist() == [0, 0, 0]
    assert frame["change_rate"].tolist() == [4 / 78, 2 / 78, 0]


def test_no_period_before_is_unknown_and_not_nought(first_pack):
    frame = reasons(first_pack).frame
    assert frame[["previous_rate", "change_rate"]].isna().all(axis=None)
    assert frame["reason_rate"].tolist() == [2 / 80]


def test_no_absence_is_said(make_pack):
    table = reasons(make_pack())
    assert (table.payload()["rows"], table.empty_text) == ([], "No absence this year.")


def test_n_and_missing_marks_are_told_with_those_past_five_school_days(worked_pack):
    # Thursday 12th: by Thursday 19th, past on the 20th. Friday 13th: by Friday 20th, not past.
    assert unexplained_summary(worked_pack).items == (
        "2 N marks in the year to date, 2 more than five school days old; the oldest is of 12 November 2026. "
        "A reason is due by the fifth school day after the session; where none can be established, N becomes O.",
        "2 missing marks in the year to date, 0 more than five school days old; the oldest is of 13 November 2026. "
        "Establish whether the pupil was there: a missing mark is no absence, and only an absence for which no reason can be "
        "established is O.",
    )


def test_a_cohort_s_marks_alone_are_told(make_pack):
    pack = make_pack({"0001": {"N": ["2026-11-20"]}}, where={"year_group": (9,)})
    assert unexplained_summary(pack).items[0].startswith("2 N marks in the year to date, 0 more than")


def test_none_is_said(make_pack):
    assert unexplained_summary(make_pack()).items == (
        "No N mark in the year to date.",
        "No missing mark in the year to date.",
    )
    assert unexplained_sessions(make_pack()).empty_text == "Every session has a mark and a reason."


def test_sessions_to_explain_stand_with_their_day_and_whether_it_is_past(worked_pack):
    table = unexplained_sessions(worked_pack)
    found = [
        [str(value)[:10] for value in row]
        for row in table.frame[
            ["pupil_id", "date", "session", "what", "deadline_date", "is_overdue"]
        ].to_numpy()
    ]
    assert found == [
        ["0004", "2026-11-12", "AM", "No reason ", "2026-11-19", "True"],
        ["0004", "2026-11-12", "PM", "No reason ", "2026-11-19", "True"],
        ["0004", "2026-11-13", "AM", "Missing ma", "2026-11-20", "False"],
        ["0004", "2026-11-13", "PM", "Missing ma", "2026-11-20", "False"],
    ]


def test_uncommon_codes_are_counted_in_sessions_and_pupils(make_pack):
    pack = make_pack(
        {"0001": {"B": ["2026-11-09"], "D": ["2026-09-14"]}, "0002": {"B": ["2026-11-09", "2026-09-15"]}}
    )
    frame = uncommon(pack).frame.set_index("code").drop(columns="meaning")
    # Columns: sessions and pupils in the period, sessions and pupils in the year.
    assert frame.loc["B"].tolist() == [2 + 2, 2, 2 + 4, 2]
    assert frame.loc["D"].tolist() == [0, 0, 2, 1]


def test_no_uncommon_code_is_said(worked_pack):
    table = uncommon(worked_pack)
    assert table.payload()["rows"] == []
    assert table.empty_text == "None of B, C2, D, E, K, X and Y7 was used this year."


@pytest.mark.parametrize("name", ["pupil_name", "date", "what", "pupil_id"])
def test_what_tells_of_one_pupil_is_personal(worked_pack, name):
    assert next(
        column for column in unexplained_sessions(worked_pack).columns if column.name == name
    ).personal
