"""Penalty notices by parent and child, and the limit of two in three years, worked out by hand from the framework's words."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.penalty_notices import notices_by_parent


def log_of(*rows):
    """A log of (parent, kind, issued on, status, last absence) about pupil 0001."""
    columns = ["parent", "kind", "issued_on", "status", "acted_on_through_date"]
    table = pd.DataFrame(rows, columns=columns).assign(
        pupil_id="0001", notice_id=[str(row) for row in range(len(rows))]
    )
    dated = {
        name: pd.to_datetime(table[name]).astype("datetime64[s]")
        for name in columns
        if name.endswith(("_on", "_date"))
    }
    return table.assign(**dated)


def counted(*rows, on="2027-11-20"):
    """The notices of each parent that count towards the limit on a day."""
    found = notices_by_parent(log_of(*rows), date.fromisoformat(on))
    return dict(zip(found["parent"], found["notices_in_three_years"], strict=True))


@pytest.mark.parametrize(
    ("issued_on", "count"),
    [("2024-11-20", 0), ("2024-11-21", 1), ("2027-11-20", 1), ("2027-11-21", None)],
)
def test_the_three_years_end_on_the_day_a_further_notice_is_thought_of(issued_on, count):
    """Of 20 November 2027 they begin with 21 November 2024; what is issued later is not known yet."""
    assert counted(("A", "penalty notice", issued_on, "paid", None)).get("A") == count


@pytest.mark.parametrize(
    ("issued_on", "last_absence", "count"),
    [
        ("2024-08-18", None, 0),
        ("2024-08-19", None, 1),
        ("2024-09-09", "2024-07-12", 0),
        ("2024-09-09", "2024-09-06", 1),
    ],
)
def test_the_limit_counts_from_19_august_2024_and_for_absence_since_then(issued_on, last_absence, count):
    """Absence before the framework is dealt with under the old law, whenever the notice came."""
    found = counted(("A", "penalty notice", issued_on, "paid", last_absence), on="2025-01-10")
    assert found["A"] == count


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("withdrawn", None), ("Withdrawn by LA 3/10", None), ("Cancelled (wrong parent)", None), ("Draft", None),
        ("not yet issued", None), ("Referred to LA", None), ("paid", 1), ("unpaid, referred for prosecution", 1),
        ("not withdrawn", 1), ("issued", 1), ("", 1),
    ],
)  # fmt: skip
def test_what_was_withdrawn_or_never_issued_counts_for_nothing_however_it_is_written(status, count):
    assert counted(("A", "penalty notice", "2026-10-05", status, None)).get("A") == count


@pytest.mark.parametrize("on", ["2028-02-29", "2028-02-28"])
def test_a_leap_day_ends_three_years_too(on):
    """28 February 2025 is three years before both; a notice of 1 March 2025 counts on both."""
    assert counted(("A", "PN", "2025-03-01", "paid", None), on=on) == {"A": 1}


def test_each_parent_has_a_limit_of_their_own():
    rows = [("A. Ames", "penalty notice", "2026-03-02", "paid", None), ("a. ames ", "Penalty Notice", "2027-03-01", "unpaid", None),
            ("B. Ames", "penalty notice", "2027-03-01", "paid", None)]  # fmt: skip
    assert counted(*rows) == {"A. Ames": 2, "B. Ames": 1}


@pytest.mark.parametrize("status", ["withdrawn", "Withdrawn ", "requested", "not issued"])
def test_what_was_withdrawn_or_never_issued_counts_for_nothing(status):
    assert counted(("A", "penalty notice", "2027-03-01", status, "2027-02-12")) == {}


@pytest.mark.parametrize("kind", ["notice to improve", "Attendance contract", "NTI", "prosecution"])
def test_only_a_penalty_notice_is_one(kind):
    assert counted(("A", kind, "2027-03-01", "active", "2027-02-12")) == {}


def test_the_last_absence_of_the_latest_notice_is_used_up():
    spans = (("2027-03-01", "2027-02-12"), ("2027-10-04", "2027-09-24"))
    first, second = (("A", "penalty notice", day, "paid", to) for day, to in spans)
    found = notices_by_parent(log_of(first, second), date(2027, 11, 20))
    assert found["acted_on_through_date"].tolist() == [pd.Timestamp("2027-09-24")]


def test_a_notice_without_a_parent_is_not_lost():
    assert counted((None, "penalty notice", "2027-03-01", "paid", None)) == {"a parent not named": 1}


def test_no_log_is_no_notice():
    assert notices_by_parent(None, date(2027, 11, 20)).empty


@pytest.mark.parametrize(
    "spelled",
    ["A. Byrne\u200b", "\ufeffA. Byrne", "A.\u00a0 Byrne", "a. byrne", "A. By\u00adrne", "A. Byrne "],
)
def test_what_nobody_can_see_makes_no_other_parent(spelled):
    """Two notices of one parent, the name of the second with a character that a web page left in it."""
    rows = [(name, "penalty notice", "2026-10-05", "issued", None) for name in ("A. Byrne", spelled)]
    assert counted(*rows) == {"A. Byrne": 2}
