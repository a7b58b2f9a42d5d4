"""What each table of an evidence sheet holds, worked out by hand."""

from datetime import date

import pytest

from attendance_lib.papers.notices.evidence import evidence_sheets
from attendance_lib.papers.notices.evidence_tables import day_of_clock


def test_the_sessions_stand_by_date_and_code(pack):
    table = next(
        part
        for part in evidence_sheets(pack, "0003").shown
        if getattr(part, "name", "") == "evidence_sessions"
    )
    assert table.frame["date"].dt.date.tolist() == [date(2026, 10, day) for day in range(5, 10)]
    assert set(table.frame["am_code"]) == set(table.frame["pm_code"]) == {"G"}


def test_the_registration_certificate_has_each_week_and_what_is_missing(pack):
    """0001: ten weeks; G in the fifth, and a morning without a mark in the last."""
    table = next(
        part
        for part in evidence_sheets(pack, "0001").shown
        if getattr(part, "name", "") == "registration_certificate"
    )
    assert len(table.frame) == 10
    assert table.frame["unauthorised_in_week"].tolist() == [0, 0, 0, 0, 10, 0, 0, 0, 0, 0]
    assert table.frame["missing_in_week"].tolist() == [0] * 9 + [1]
    assert table.frame["mon"].iloc[-1] == "no mark /"
    assert table.frame["mon"].iloc[4] == "G G"


@pytest.mark.parametrize(("days", "last"), [(21, date(2025, 12, 2)), (28, date(2025, 12, 9))])
def test_the_clocks_begin_with_the_day_of_receipt(days, last):
    """Received on 12 November 2025, which is day 1: day 21 is 2 December, day 28 is 9 December."""
    assert day_of_clock(date(2025, 11, 12), days) == last


def test_a_receipt_that_is_not_known_is_said(pack, make_pack, make_log):
    father = [
        part
        for part in evidence_sheets(pack, "0003").shown
        if getattr(part, "name", "") == "evidence_notices"
    ][1]
    assert father.frame["what_came"].tolist() == [
        "paid; for absence to 31 October 2025; received 12 November 2025; day 21 2 December 2025, day 28 9 December 2025"
    ]
