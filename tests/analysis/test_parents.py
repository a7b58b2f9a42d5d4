"""Who a pupil's parents are: rows that agree are merged, rows that differ are told, and nothing is guessed."""

from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.parents import known_notices, parents_of
from attendance_lib.intake.support_tables import PARENTS


def pack_with(*rows, notices=None):
    """A pack that knows parents and notices alone; a row is (parent_id, pupil_id, name, relation, lives_with, addresses)."""
    heads = ("parent_id", "pupil_id", "name", "relation", "lives_with", "addresses")
    table = pd.DataFrame(rows, columns=heads).reindex(columns=list(PARENTS.column_names))
    table = table.astype({"lives_with": "boolean", "has_responsibility": "boolean", "addresses": "Int64"})
    log = None if notices is None else pd.DataFrame(notices, columns=["pupil_id", "parent"])
    return SimpleNamespace(school=SimpleNamespace(parents=table, notices=log), results={})


MOTHER = ("P1", "01", "Ada Byrne", "mother", True, 1)


def test_rows_of_one_parent_that_agree_are_one():
    """In capitals, with further blanks, and once without what the other says."""
    found = parents_of(pack_with(MOTHER, ("P1", "01", " ADA  BYRNE", None, None, None)))
    assert found[["parent", "relation", "addresses", "doubt"]].values.tolist() == [
        ["Ada Byrne", "mother", 1, ""]
    ]


def test_rows_that_differ_are_told_side_by_side_and_neither_is_taken():
    found = parents_of(pack_with(MOTHER, ("P1", "01", "Ada Byrne", "aunt", False, 2))).iloc[0]
    assert found["relation"] == "mother / aunt"
    assert found["lives_with"] is None
    assert found["addresses"] is None
    assert found["doubt"] == (
        "Settle what rows of this parent say differently: relation: mother or aunt; whom the child lives with: yes or no; "
        "number of addresses: 1 or 2"
    )


def test_one_parent_of_two_children_is_in_no_doubt():
    found = parents_of(pack_with(MOTHER, ("P1", "02", "Ada Byrne", "mother", True, 1)))
    assert found[["pupil_id", "doubt"]].values.tolist() == [["01", ""], ["02", ""]]


def test_two_parents_of_one_name_are_told_apart_and_asked_about():
    found = parents_of(pack_with(MOTHER, ("P2", "01", "ada byrne", "aunt", True, 1)))
    assert found["parent"].tolist() == ["Ada Byrne (P1)", "ada byrne (P2)"]
    assert found["doubt"].str.contains("one person").all()


def test_neither_responsibility_nor_living_there_is_asked_about():
    pack = pack_with(("P1", "01", "Ada Byrne", "friend", False, 1))
    pack.school.parents["has_responsibility"] = pd.array([False], dtype="boolean")
    assert "a parent in law?" in parents_of(pack)["doubt"].iloc[0]


def test_a_parent_without_a_name_is_called_by_the_identifier():
    assert parents_of(pack_with(("P1", "01", None, None, None, None)))["parent"].tolist() == ["P1"]


@pytest.mark.parametrize(
    ("written", "meant", "is_listed"),
    [
        ("Ada Byrne", "Ada Byrne", True),
        (" ada\u200b  BYRNE ", "Ada Byrne", True),
        ("p1", "Ada Byrne", True),
        ("A. Byrne", "A. Byrne", False),
        (None, "", False),
    ],
)
def test_a_notice_means_a_parent_by_name_or_identifier_and_never_by_likeness(written, meant, is_listed):
    found = known_notices(pack_with(MOTHER, notices=[("01", written)]))
    assert found[["parent", "is_listed"]].values.tolist() == [[meant, is_listed]]


def test_a_notice_about_another_child_does_not_mean_this_child_s_parent():
    found = known_notices(pack_with(MOTHER, notices=[("02", "Ada Byrne")]))
    assert found["is_listed"].tolist() == [False]


def test_a_name_that_two_parents_share_means_neither():
    shared = pack_with(MOTHER, ("P2", "01", "Ada Byrne", "aunt", True, 1), notices=[("01", "Ada Byrne")])
    assert known_notices(shared)["is_listed"].tolist() == [False]


def test_without_exports_there_is_nobody():
    pack = SimpleNamespace(school=SimpleNamespace(parents=None, notices=None), results={})
    assert parents_of(pack).empty
    assert known_notices(pack) is None
