"""Folder names: readable, and no two packs alike, whatever cohorts, values and schools are called."""

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from attendance_lib.errors import RequestError
from attendance_lib.reports.names import pack_name, school_folder
from attendance_lib.reports.period import Period

PERIOD = Period(date(2026, 11, 9), date(2026, 11, 20))


def name_of(cohort="all", **values):
    return pack_name(PERIOD, cohort, values)


@pytest.mark.parametrize(
    ("cohort", "values", "expected"),
    [
        ("all", {}, "2026-11-09_2026-11-20"),
        ("year_7", {}, "2026-11-09_2026-11-20_year_7"),
        ("all", {"tier": 2}, "2026-11-09_2026-11-20_tier-2"),
        ("all", {"min_pupils": 5, "tier": 2}, "2026-11-09_2026-11-20_min_pupils-5_tier-2"),
    ],
)
def test_what_could_mean_nothing_else_is_named_as_it_is(cohort, values, expected):
    assert name_of(cohort, **values) == expected


@pytest.mark.parametrize(
    ("cohort", "begins"), [("Year 7", "_year-7~"), ("../7 B", "_7-b~"), ("CON.", "_con~"), ("五年级", "~")]
)
def test_what_could_mean_another_is_readable_and_marked(cohort, begins):
    found = name_of(cohort).removeprefix("2026-11-09_2026-11-20")
    assert found.startswith(begins)
    assert len(found) == len(begins) + 8


ALIKE = [
    ("all", {}),
    *((cohort, {}) for cohort in (
        "Year 7", "year 7", "year-7", "year_7", "YEAR_7", "Year  7", "year-7.", "year'7", "All", "ALL", "7", "tier-2", "a_b-1",
        "五年级", "六年级", "год", "é", "e", "e\u0301", "CON", "con", "x" * 300, "x" * 301, "a_tier-2", " ", "year-7~1a72e7c5",
    )),
    *(("all", values) for values in (
        {"tier": 2}, {"tier": "2_b-1"}, {"b": "1_tier-2"}, {"b": "1", "tier": "2"}, {"b_tier": 2},
        {"intervention": "Breakfast club"}, {"intervention": "Breakfast-Club"}, {"intervention": "早餐"}, {"intervention": ""},
        {"share": 0.5}, {"share": "0-5"}, {"share": -5}, {"share": 5},
    )),
    ("a", {"b_tier": 2}), ("a_b", {"tier": 2}), ("a", {"tier": 2}), ("tier-2", {"tier": 2}),
]  # fmt: skip


def test_no_two_are_named_alike_not_even_where_capitals_do_not_count():
    names = [(pack_name(PERIOD, *each).casefold(), each) for each in ALIKE]
    assert [(one[1], other[1]) for one, other in combinations(names, 2) if one[0] == other[0]] == []


@pytest.mark.parametrize("cohort", ["x" * 1000, "㎏" * 500, "五" * 500])
def test_every_name_and_what_stands_before_and_after_it_fits_in_a_folder(cohort):
    assert len(f".building-{name_of(cohort, intervention=cohort)}.failed.ipynb".encode()) <= 255


@pytest.mark.parametrize(
    ("school", "expected"),
    [
        ("CON", "con-990001"),
        ("五年级小学", "990001"),
        ("x" * 255, f"{'x' * 120}-990001"),
        ("A.. ", "a-990001"),
    ],
)
def test_a_school_is_told_by_its_urn_whatever_it_is_called(school, expected):
    assert school_folder(Path("out"), (school, "990001")).name == expected


def test_a_folder_whose_name_is_no_text_is_refused_before_anything_is_made_in_it():
    with pytest.raises(
        RequestError, match="caf\ufffd: the name is not in UTF-8, so no receipt can tell it. Rename it"
    ):
        school_folder(Path("caf\udce9"), ("A", "990001"))
