"""Groups of pupils as counts: who has a row, and what a row that is missing tells."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from attendance_lib.papers.governors.group_counts import (
    NO_COMPARISON,
    change_in_words,
    gap_in_words,
    is_open_to,
)
from attendance_lib.rules.groups import GROUPS
from tests.papers.governors.conftest import SECOND

NEEDS = ["K"] * 12 + ["E"] * 3 + ["N"] * 45  # the fifteen with a need are all in Year 9


def test_a_group_without_a_row_tells_that_all_of_a_cohort_are_in_the_others(make_report):
    """Twelve with SEN support are printed and three EHC plans read c: that both are fifteen may stand nowhere.

    Nobody of them is in Year 10, so that Year 9, if that alone had a row, would be all of them: none is given.
    """
    whole = make_report(sen=NEEDS)
    kinds = whole.tables["groups"].query("characteristic == 'SEN'")["enrolments"].tolist()
    need = make_report(sen=NEEDS, where={"sen_status": ["K", "E"]}, earlier=[whole.record])
    years = need.tables["year_groups"].set_index("group")["enrolments"]
    assert (kinds, years.to_dict()) == ([12, "c"], {})


def test_neither_that_a_group_has_a_row_nor_that_it_has_none_can_be_withheld(report_of):
    """Eight of Year 9 have a need, and all of them support: nobody has a plan, and nobody of Year 10 a need."""
    record = report_of(sen=["K"] * 8 + ["N"] * 52, where={"sen_status": ["K", "E"]}).record
    sizes = {
        tuple(sorted(where.items())): (count["value"], count["none_hidden"])
        for count in record["counts"]
        if (where := dict(count["coordinates"])).pop("as_at", "") == SECOND[1].isoformat()
        and where.keys() <= {"year_group", "sen_status"}
    }
    both = ("sen_status", "E+K")
    assert {key: value for key, value in sizes.items() if key != (both,)} == {
        (("sen_status", "E"),): (0, False),
        (("sen_status", "K"),): (8, False),
        (both, ("year_group", "10")): (0, False),
        (both, ("year_group", "9")): (8, False),
    }


def test_a_group_that_read_c_keeps_its_row_when_nobody_is_in_it_any_more(make_report):
    """Three had a plan; the pupils file is put right, and none has: what was c for a date stays so, the row too."""
    first = make_report(sen=NEEDS)
    again = make_report(sen=["K"] * 15 + ["N"] * 45, earlier=[first.record])
    kinds = again.tables["groups"].query("characteristic == 'SEN'").set_index("group")["enrolments"]
    assert kinds["EHC plan"] == "c"
    anew = make_report(sen=["K"] * 15 + ["N"] * 45)
    assert list(anew.tables["groups"].query("characteristic == 'SEN'")["group"]) == ["SEN support"]


@pytest.mark.parametrize(
    ("where", "column", "value", "is_open"),
    [
        ({}, "year_group", 9, True),
        ({"year_group": (9, 10)}, "year_group", 10, True),
        ({"year_group": (9, 10)}, "year_group", 11, False),
        ({"year_group": (9,)}, "fsm", True, True),  # chosen by another column alone
        ({"fsm": (True,)}, "fsm", True, True),
    ],
)
def test_a_cohort_s_own_choice_closes_the_other_groups_of_that_column_alone(where, column, value, is_open):
    workings = SimpleNamespace(pack=SimpleNamespace(cohort=SimpleNamespace(where=where)))
    group = next(each for each in GROUPS if each.column == "fsm")
    assert is_open_to(workings, replace(group, column=column, value=value)) is is_open


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.001, 0.02, "rose"), (-0.02, -0.001, "fell"), (0.0, 0.02, "Within chance"), (-0.02, 0.0, "Within chance")],
)  # fmt: skip
def test_a_range_that_reaches_nought_is_within_chance(low, high, words):
    assert change_in_words((low + high) / 2, low, high, ("rose", "fell")) == words


def test_a_group_that_is_compared_with_nothing_says_so():
    nothing = float("nan")
    assert change_in_words(nothing, nothing, nothing, ("rose", "fell")) == NO_COMPARISON
    assert gap_in_words(-0.03, nothing, nothing, nothing, nothing) == NO_COMPARISON


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.001, 0.06, "Narrowed"),
        (0.0, 0.06, "Within chance"),
        (-0.06, 0.0, "Within chance"),
        (-0.06, -0.001, "Narrowed"),
    ],
)
def test_a_gap_moved_only_where_its_range_leaves_nought_out(low, high, words):
    """From 6 to 3 points below everyone else."""
    assert gap_in_words(-0.03, -0.06, 0.03, low, high) == words
