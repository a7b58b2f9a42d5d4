"""Pupils registered at two schools: the tally of D, and D against the enrolment status."""

import pytest

MAIN, SINGLE = {"enrolment_status": "M"}, {"enrolment_status": "C"}


def test_every_pupil_with_d_is_a_tally_to_agree(inspect):
    things = inspect({"marks": {"2026-09-07": "D D", "2026-09-08": "D D", "2026-10-20": "/ D"}}, {})
    assert things[["rule", "pupil_id", "detail"]].to_numpy().tolist() == [
        ["dual_tally", "0000", "D in 5 sessions: 2 AM, 3 PM"]
    ]
    assert things[["date", "end_date"]].to_numpy().astype("datetime64[D]").astype(str).tolist() == [
        ["2026-09-07", "2026-10-20"]
    ]


def test_a_register_without_d_has_nothing_to_agree(found):
    assert found({"marks": {"2026-09-07": "K K"}}, {}) == []


@pytest.mark.parametrize(
    ("status", "is_found"), [("C", True), ("M", False), ("S", False), ("G", False), (None, False)]
)
def test_d_is_not_for_a_pupil_registered_here_alone(found, status, is_found):
    things = found({"marks": {"2026-11-12": "D D", "2026-11-13": "D \\"}, "enrolment_status": status}, SINGLE)
    wrong = [thing for thing in things if thing[0] == "dual_status"]
    assert wrong == [("dual_status", "0000", "2026-11-12", "2026-11-13", "")] * is_found


@pytest.mark.parametrize(("last_d", "days"), [("2026-10-08", 20), ("2026-10-09", 0)])
@pytest.mark.parametrize("status", ["M", "S"])
def test_a_dual_registration_without_d_for_20_school_days_is_found(inspect, last_d, days, status):
    # From Friday 9 to Friday 23 October are 11 school days, and 9 more from 3 to 13 November.
    things = inspect({"marks": {last_d: "/ D"}, "enrolment_status": status}, {})
    missed = things[things["rule"] == "dual_without_d"]
    assert missed["detail"].tolist() == [f"No D on the last {days} school days"] * bool(days)
    assert missed["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-10-09"] * bool(days)


@pytest.mark.parametrize(("admission", "is_found"), [("2026-10-12", False), ("2026-10-09", True)])
def test_a_dual_registration_is_judged_only_while_on_roll(found, admission, is_found):
    things = found(MAIN | {"admission_date": admission}, {})
    assert things == [("dual_without_d", "0000", admission, "2026-11-13", "")] * is_found


def test_of_last_years_d_nothing_is_said_this_year(found):
    assert found({"marks": {"2026-07-13": "D D"}} | SINGLE, {}, first="2026-06-01") == []
