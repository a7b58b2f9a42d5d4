"""The evidence sheets: one for each parent, in the order of the authority's reader, and nobody else's."""

from datetime import date

import pytest

from attendance_lib.display import Sentences
from attendance_lib.intake.schema import NOTICES, PARENTS
from attendance_lib.papers.notices.evidence import day_of_clock, evidence_sheets
from attendance_lib.papers.notices.gate_page import parents_to_settle
from tests.papers.notices.conftest import WEEK


def test_the_sheet_of_one_parent_holds_nothing_of_the_other(pack):
    """The notice to the father is in his sheet alone."""
    shown = evidence_sheets(pack, "0003").shown
    fathers = next(number for number, part in enumerate(shown) if "D. Cole" in getattr(part, "text", ""))
    of_notices = [part for part in shown if getattr(part, "name", "") == "evidence_notices"]
    assert [len(table.frame) for table in of_notices] == [0, 1]
    mothers = [str(part.payload()) for part in shown[:fathers]]
    assert not any(
        "D. Cole" in text or "penalty notice" in text.lower().replace("penalty notice for each", "")
        for text in mothers[2:9]
    )


def test_a_sheet_follows_the_order_of_the_authority_s_reader(pack):
    parts = [part.title for part in evidence_sheets(pack, "0003").shown if hasattr(part, "frame")]
    assert [title.partition(". ")[0] for title in parts] == list("12345678") * 2
    own = [title.partition(". ")[2].partition(" (")[0] for title in parts]
    assert [title.split(",")[0].split(" and ")[0] for title in own[:5]] == [
        "The sessions", "Registration certificate", "Contacts", "Support", "Notice to improve",
    ]  # fmt: skip
    # Whoever goes by the tables of the page is told whose each one is.
    assert len(set(parts)) == len(parts)


def test_the_workbook_has_one_certificate_of_each_pupil(pack):
    tables = {table.name: table for table in evidence_sheets(pack, "0003").tables}
    assert len(tables["registration_certificate"].frame) == 10
    assert len(tables["evidence_sessions"].frame) == 10


def test_a_pupil_who_is_not_at_a_threshold_is_told(pack):
    assert evidence_sheets(pack, "0002") == Sentences(
        "evidence_sheets",
        ("No pupil 0002 of this cohort is at a threshold. Check the pupil ID.",),
        style="note",
    )


FIRST, SECOND = (
    "A notice would be the first for this parent",
    "A notice would be the second in three years for",
)
UNKNOWN = "Which notice this would be for this parent and child is not known: 1 penalty notice of"


@pytest.mark.parametrize(
    ("kind", "parent", "which", "settle"),
    [
        ("penalty notice", "C. Cole", SECOND, []),
        ("penalty notice", "", UNKNOWN, []),
        ("notice to improve", "", FIRST, ["A notice to improve names no parent: find out who got it."]),
        ("notice to improve", "E. Other", FIRST,
         ["A notice to improve names this parent, who is not on the list of parents of the child."]),
    ],
)  # fmt: skip
def test_a_notice_that_names_no_parent_on_the_list_is_told_and_never_counted_in_silence(
    make_pack, make_log, kind, parent, which, settle
):
    notice = {"notice_id": "N1", "pupil_id": "0003", "parent": parent, "kind": kind, "issued_on": "2026-09-14",
              "ends_on": "2026-10-23", "status": "paid" if kind == "penalty notice" else "active",
              "acted_on_through_date": "2026-09-11"}  # fmt: skip
    mother = {"parent_id": "P3", "pupil_id": "0003", "name": "C. Cole", "relation": "mother", "addresses": 1}
    found = make_pack(
        {"0003": {"G": WEEK}},
        notices=make_log(notice, columns=NOTICES.column_names),
        parents=make_log(mother, columns=PARENTS.column_names),
    )
    who = next(
        part for part in evidence_sheets(found, "0003").shown if getattr(part, "name", "") == "evidence_who"
    )
    assert who.items[-1].startswith(which)
    assert parents_to_settle(found).frame["doubt"].tolist() == settle


# What each table of an evidence sheet holds, worked out by hand


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
    shown = {getattr(part, "name", ""): part for part in evidence_sheets(pack, "0001").shown}
    table = shown["registration_certificate"]
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


def test_a_sheet_about_one_pupil_says_in_no_row_whom_it_is_about(pack):
    tables = [part for part in evidence_sheets(pack, "0001").shown if hasattr(part, "columns")]
    assert len(tables) > 1
    for table in tables:
        shown = [column.name for column in table.columns if column.shown]
        assert not {"pupil_name", "pupil_id", "parent"} & set(shown)
        assert table.row_header == shown[0]
