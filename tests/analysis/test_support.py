"""What each pupil's records show, worked out by hand on small logs."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.support import support_by_pupil

ON = date(2026, 11, 20)


def day(text):
    return pd.Timestamp(text) if text else pd.NaT


def school_of(interventions=None, contacts=None, notices=None, pupils=("0001", "0002")):
    return SimpleNamespace(
        pupils=pd.DataFrame({"pupil_id": list(pupils)}),
        interventions=interventions,
        contacts=contacts,
        notices=notices,
    )


def interventions(*rows):
    names = [
        "pupil_id",
        "intervention",
        "tier",
        "start_date",
        "end_date",
        "review_date",
        "outcome",
        "next_step",
    ]
    log = pd.DataFrame([list(row) + [None] * (8 - len(row)) for row in rows], columns=names)
    return log.assign(
        **{
            name: pd.to_datetime(log[name]).astype("datetime64[s]")
            for name in names
            if name.endswith("_date")
        }
    )


def contacts(*rows):
    return pd.DataFrame([(who, day(when)) for who, when in rows], columns=["pupil_id", "date"])


def notices(*rows):
    names = ["pupil_id", "kind", "issued_on", "status", "acted_on_through_date"]
    return pd.DataFrame(
        [(who, kind, day(on), status, day(to)) for who, kind, on, status, to in rows], columns=names
    )


def first_of(school, on=ON):
    return support_by_pupil(school, on).iloc[0]


def test_running_interventions_are_counted_by_tier():
    log = interventions(
        ("0001", "Mentor", "2", "2026-10-05"),
        ("0001", "Early help plan", "3", "2026-09-28", "2026-11-20"),
        ("0001", "Breakfast club", "2", "2026-09-14", "2026-11-19"),
        ("0001", "Home visit", "2", "2026-11-21"),
    )
    found = first_of(school_of(log))
    names = ["interventions_now", "tier_2_now", "tier_3_now", "highest_tier"]
    assert [found[name] for name in names] == [2, 1, 1, 3]


def test_a_tier_one_intervention_for_everyone_is_no_pupils_own():
    found = first_of(
        school_of(interventions(("", "Raffle", "1", "2026-04-13"), (None, "Calls", "1", "2026-04-13")))
    )
    assert found["interventions_now"] == 0
    assert pd.isna(found["highest_tier"])


@pytest.mark.parametrize(
    ("review", "outcome", "next_step", "expected", "is_overdue"),
    [
        ("2026-11-20", None, None, "2026-11-20", False),
        ("2026-11-19", None, None, "2026-11-19", True),
        ("2026-11-19", " ", "", "2026-11-19", True),
        ("2026-11-19", "partly met", None, None, False),
        ("2026-11-19", None, "continue", None, False),
        ("2026-12-04", "partly met", None, "2026-12-04", False),
        (None, None, None, None, False),
    ],
)
def test_a_review_is_overdue_when_its_day_is_past_and_nothing_was_written(
    review, outcome, next_step, expected, is_overdue
):
    found = first_of(
        school_of(interventions(("0001", "Mentor", "2", "2026-10-05", None, review, outcome, next_step)))
    )
    assert (found["next_review_date"] == day(expected)) or (
        pd.isna(found["next_review_date"]) and expected is None
    )
    assert found["is_review_overdue"] == is_overdue


def test_the_next_review_is_the_earliest_of_those_running():
    log = interventions(
        ("0001", "Mentor", "2", "2026-10-05", None, "2026-12-01"),
        ("0001", "Transport help", "2", "2026-10-05", None, "2026-11-27"),
        ("0001", "Report card", "2", "2026-09-14", "2026-10-02", "2026-09-25"),
    )
    assert first_of(school_of(log))["next_review_date"] == day("2026-11-27")


def test_contacts_are_counted_from_the_start_of_the_school_year_to_the_day():
    log = contacts(
        ("0001", "2026-07-14"), ("0001", "2026-09-08"), ("0001", "2026-11-12"), ("0001", "2026-11-23")
    )
    found = first_of(school_of(contacts=log))
    assert found["contacts_this_year"] == 2
    assert found["last_contact_date"] == day("2026-11-12")


def test_the_last_contact_may_lie_before_the_school_year():
    found = first_of(school_of(contacts=contacts(("0001", "2026-07-14"))))
    assert (found["contacts_this_year"], found["last_contact_date"]) == (0, day("2026-07-14"))


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        ("active", True),
        ("Issued", True),
        ("unpaid", True),
        (None, True),
        ("Paid", False),
        ("completed", False),
    ],
)
def test_a_notice_is_open_until_its_status_says_otherwise(status, is_open):
    log = notices(("0001", "Notice to improve", "2026-11-02", status, "2026-10-23"))
    assert first_of(school_of(notices=log))["notices_open"] == is_open


def test_a_withdrawn_notice_counts_for_nothing():
    log = notices(("0001", "penalty notice", "2026-11-02", "withdrawn", "2026-10-23"))
    found = first_of(school_of(notices=log))
    assert (found["notices_open"], found["support_text"]) == (0, "")


def test_support_is_told_in_words():
    school = school_of(
        interventions(
            ("0001", "Mentor", "2", "2026-10-05"), ("0001", "Home visit", "2", "2026-09-14", "2026-09-25")
        ),
        contacts(("0001", "2026-09-08"), ("0001", "2026-10-01"), ("0001", "2026-11-12")),
        notices(("0001", "Notice to improve", "2026-11-02", "active", None)),
    )
    text = "Home visit 14 Sep to 25 Sep; Mentor since 5 Oct; 3 contacts, last 12 Nov; notice to improve 2 Nov"
    assert first_of(school)["support_text"] == text


def test_last_years_support_is_not_told_as_this_years():
    log = interventions(
        ("0001", "Mentor", "2", "2026-01-12", "2026-04-03"), ("0001", "Transport help", "2", "2025-11-10")
    )
    found = first_of(school_of(log))
    assert found["support_text"] == "Transport help since 10 Nov 2025"
    assert found["interventions_this_year"] == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("penalty notice", False), ("notice to improve", True), ("attendance contract", True)],
)
def test_a_penalty_notice_and_contacts_are_no_support(kind, expected):
    log = notices(("0001", kind, "2026-11-02", "active", None))
    found = first_of(school_of(interventions(), contacts(("0001", "2026-11-12")), log))
    assert found["has_support"] == expected


def test_a_log_that_was_not_exported_leaves_its_columns_missing():
    found = first_of(school_of(contacts=contacts(("0001", "2026-11-12"))))
    assert found["contacts_this_year"] == 1
    assert (
        found[["interventions_now", "tier_3_now", "is_review_overdue", "notices_open", "has_support"]]
        .isna()
        .all()
    )


def test_every_pupil_has_one_row_in_the_order_of_the_pupils():
    school = school_of(contacts=contacts(("0002", "2026-11-12")), pupils=("0003", "0002", "0003"))
    assert support_by_pupil(school, ON)["pupil_id"].tolist() == ["0003", "0002"]
    assert support_by_pupil(school, ON)["contacts_this_year"].tolist() == [0, 1]


def test_one_log_is_enough_to_say_that_no_support_is_recorded():
    assert not first_of(school_of(interventions()))["has_support"]
