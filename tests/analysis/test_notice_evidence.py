"""What is on file of each kind of evidence: an empty text where the export has nothing, None where there is no export."""

import pandas as pd
import pytest

from attendance_lib.analysis.notice_evidence import Files, evidence_on_file
from attendance_lib.rules.authorities import BY_HAND, Evidence
from attendance_lib.rules.notices import NoticeKind

NOTHING = Files(None, None, None, None, None, None, None)
CONTACTS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2026-10-05", "2026-10-12", "2026-11-02"]),
        "mode": ["Letter", "phone call", "Home visit"],
    }
).to_dict("records")
PLANS = pd.DataFrame(
    {
        "plan_id": ["SP1", "SP2"],
        "opened_on": pd.to_datetime(["2026-09-14", "2026-10-22"]),
        "reviewed_on": pd.to_datetime(["2026-10-22", None]),
        "agencies": ["CAMHS", " "],
        "early_help_offered_on": pd.to_datetime([None, None]),
    }
).to_dict("records")


def files(**given):
    return Files(**{**vars(NOTHING), **given})


def on_file(kind, **given):
    return evidence_on_file(files(**given))[kind]


@pytest.mark.parametrize(
    "kind", sorted(set(Evidence) - {Evidence.REGISTRATION_CERTIFICATE, Evidence.PARENT_DETAILS})
)
def test_what_nobody_exports_is_not_known(kind):
    """The certificate is made here; a parent who is not on the list has no details."""
    assert on_file(kind) is None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Evidence.CONTACTS, "3, last 2 Nov"),
        (Evidence.LETTERS, "1, last 5 Oct"),
        (Evidence.VISITS, "1, last 2 Nov"),
    ],
)
def test_contacts_are_counted_by_the_way_they_were_made(kind, said):
    assert on_file(kind, contacts=CONTACTS) == said
    assert on_file(kind, contacts=[]) == ""


def test_plans_are_named_and_their_reviews_counted():
    assert on_file(Evidence.PLAN, plans=PLANS) == "SP1 of 14 Sep; SP2 of 22 Oct"
    assert on_file(Evidence.PLAN_REVIEW, plans=PLANS) == "1, last 22 Oct"
    assert on_file(Evidence.PLAN_REVIEW, plans=PLANS[1:]) == ""


def test_agencies_are_those_of_plans_before_those_of_interventions():
    support = [{"intervention": "Club", "agency": "Youth service", "start_date": pd.Timestamp("2026-09-14")}]
    assert on_file(Evidence.AGENCIES, plans=PLANS, interventions=support) == "CAMHS"
    assert on_file(Evidence.AGENCIES, plans=PLANS[1:], interventions=support) == "Youth service"


def test_a_notice_to_improve_is_the_last_of_its_kind():
    notices = [
        {"notice_kind": NoticeKind.NOTICE_TO_IMPROVE, "issued_on": pd.Timestamp(day)}
        for day in ("2026-03-02", "2026-11-09")
    ]
    assert on_file(Evidence.NOTICE_TO_IMPROVE, notices=notices) == "issued 9 Nov; attach the copy"
    assert on_file(Evidence.NOTICE_TO_IMPROVE, notices=[]) == ""


@pytest.mark.parametrize(("held", "said"), [(1, "named, with an address"), (0, ""), (None, "")])
def test_a_parent_without_an_address_is_not_enough(held, said):
    assert on_file(Evidence.PARENT_DETAILS, parent={"addresses": held}) == said


@pytest.mark.parametrize(
    ("siblings", "said"),
    [(0, "0 brothers and sisters at this school"), (1, "1 brother or sister at this school"), (None, None)],
)
def test_no_brother_or_sister_is_known_and_not_unknown(siblings, said):
    assert on_file(Evidence.SIBLINGS, siblings=siblings) == said


def test_what_somebody_attaches_by_hand_is_on_no_export():
    known = evidence_on_file(files(contacts=CONTACTS, plans=PLANS, siblings=1))
    assert [known[kind] for kind in BY_HAND] == [None] * len(BY_HAND)
