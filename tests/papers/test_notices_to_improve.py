"""Notices to improve in counts, worked by hand on a pack whose last day is Friday 20 November 2026."""

from datetime import date

import pytest

from attendance_lib.analysis.notices_to_improve import Progress, Standing, notices_to_improve, standing
from attendance_lib.intake.schema import NOTICES
from attendance_lib.intake.settings.authority_file import Authority
from attendance_lib.papers.notices.improvement import improvement_table

BUCKS = Authority(
    name="A",
    notice_to_improve={
        "unauthorised_allowed": {"sessions": 2, "source": "s"},
        "early": {"after_sessions": 30, "how": "halfway", "source": "s"},
    },
)


def notice(issued, ends, status="active", parent="A. Abara"):
    told = {"issued_on": issued, "ends_on": ends, "status": status}
    return {"notice_id": issued, "pupil_id": "0001", "parent": parent, "kind": "NTI"} | told


@pytest.fixture
def found(make_pack, make_log):
    def find(*rows, absent=None, authority=BUCKS):
        log = make_log(*rows, columns=NOTICES.column_names)
        return make_pack({"0001": absent or {}}, notices=log, authority=authority)

    return find


def test_a_period_is_counted_from_the_day_after_its_issue(found):
    """Issued on Monday 9 November, to 4 December: by the 20th nine school days, and the two weeks to come have ten."""
    absent = {"O": ["2026-11-09", "2026-11-12"], "N": ["2026-11-18 AM"]}
    absent |= {"I": ["2026-11-19"], "": ["2026-11-20 PM"]}
    row = notices_to_improve(found(notice("2026-11-09", "2026-12-04"), absent=absent)).iloc[0]
    assert row["possible_sessions"] == 9 * 2 - 1
    assert (row["unauthorised_sessions"], row["n_sessions"], row["missing_sessions"]) == (3, 1, 1)
    assert (row["sessions_left"], row["school_days_left"]) == (20, 10)
    assert (row["allowed_sessions"], row["early_after_sessions"]) == (2, 30)


def test_the_day_of_issue_and_what_follows_the_end_are_not_in_it(found):
    absent = {"O": ["2026-10-12", "2026-10-13", "2026-11-13", "2026-11-16"]}
    row = notices_to_improve(found(notice("2026-10-12", "2026-11-13"), absent=absent)).iloc[0]
    assert row["unauthorised_sessions"] == 4
    assert row["school_days_left"] == 0


def test_half_term_has_no_session_to_come(make_pack, make_log):
    """From Friday 16 October, the last day of the paper, to 6 November: five school days to half term and five after it."""
    log = make_log(notice("2026-10-12", "2026-11-06"), columns=NOTICES.column_names)
    pack = make_pack(notices=log, period=(date(2026, 10, 5), date(2026, 10, 16)))
    assert notices_to_improve(pack)["school_days_left"].tolist() == [10]


def test_a_withdrawn_notice_is_not_followed(found):
    assert notices_to_improve(found(notice("2026-11-09", "2026-12-04", "withdrawn"))).empty


def test_closed_notices_of_last_year_are_not_followed_and_open_ones_are(found):
    rows = notices_to_improve(
        found(notice("2026-05-04", "2026-06-12", "met"), notice("2026-05-05", "2026-06-12"))
    )
    assert rows["standing"].tolist() == [Standing.OUTCOME_DUE]


def test_without_a_profile_what_is_allowed_is_not_known(found):
    row = notices_to_improve(found(notice("2026-11-09", "2026-12-04"), authority=Authority(name="A"))).iloc[0]
    assert row[["allowed_sessions", "early_after_sessions"]].isna().all()


PROGRESS = Progress(possible=20, unauthorised=3, n=1, missing=0, sessions_left=10, days_left=5)
ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("ends", "asks", "outcome", "is_open", "stands"),
    [
        (
            date(2026, 12, 4),
            (2, 30),
            None,
            True,
            Standing.RUNNING,
        ),  # two of two used, for N uses nothing up yet
        (date(2026, 12, 4), (1, 30), None, True, Standing.OVER_ALLOWANCE),
        (date(2026, 12, 4), (1, 20), None, True, Standing.EARLY),
        (date(2026, 12, 4), (None, None), None, True, Standing.RUNNING),
        (date(2026, 11, 20), (None, None), None, True, Standing.RUNNING),  # its last day
        (date(2026, 11, 19), (None, None), None, True, Standing.OUTCOME_DUE),
        (None, (None, None), None, True, Standing.NO_END),
        (date(2026, 12, 4), (0, 1), True, False, Standing.MET),
        (date(2026, 11, 13), (0, 1), False, False, Standing.NOT_MET),
        (date(2026, 11, 13), (0, 1), None, False, Standing.CLOSED),
    ],
)
def test_where_it_stands(ends, asks, outcome, is_open, stands):
    assert standing((ends, ON), PROGRESS, asks, outcome=outcome, is_open=is_open) is stands


def test_the_table_has_those_that_run_before_those_that_are_over(found):
    over, runs = notice("2026-09-28", "2026-11-06", "not met"), notice("2026-11-09", "2026-12-18")
    table = improvement_table(found(over, runs))
    assert table.frame["standing"].tolist() == ["running", "not met"]
    assert "The authority allows 2 unauthorised sessions." in table.note
