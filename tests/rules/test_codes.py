"""Every code counts, on every date, as tests/spec/codes.txt says."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from attendance_lib.rules.codes import (
    CODES,
    KNOWN_LETTERS,
    Category,
    categories_on,
    code_in_force,
    code_set_on,
)

SPEC = pd.read_csv(
    Path(__file__).parents[1] / "spec" / "codes.txt",
    sep=r"\s*\|\s*",
    engine="python",
    dtype=str,
    keep_default_na=False,
)
LETTERS = SPEC["code"].tolist()
# The first and the last day of each span that a column of the table states.
SPANS = {
    "to 31 Aug 2013": (date(2006, 9, 1), date(2013, 8, 31)),
    "1 Sep 2013 to 18 Aug 2024": (date(2013, 9, 1), date(2024, 8, 18)),
    "from 19 Aug 2024": (date(2024, 8, 19), date(2030, 7, 31)),
}
EDGES = [(span, day) for span, days in SPANS.items() for day in days]


def in_words(code):
    return code.category.name.lower().replace("_", " ") if code else "no code"


@pytest.mark.parametrize(("span", "day"), EDGES)
def test_every_code_counts_as_the_table_says(span, day):
    assert {letter: in_words(code_in_force(letter, day)) for letter in LETTERS} == dict(
        zip(LETTERS, SPEC[span], strict=True)
    )


@pytest.mark.parametrize(("span", "day"), EDGES)
def test_whole_columns_of_marks_count_as_the_table_says(span, day):
    counted = dict(
        zip(
            [code.letter for code in CODES],
            categories_on(np.array([day], "datetime64[D]"))[:, 0],
            strict=True,
        )
    )
    expected = [
        Category.UNCLASSIFIED if words == "no code" else Category[words.upper().replace(" ", "_")]
        for words in SPEC[span]
    ]
    assert counted == dict(zip(LETTERS, expected, strict=True))


def test_the_table_holds_every_code_and_no_other():
    assert sorted(LETTERS) == sorted(KNOWN_LETTERS)
    assert len(set(LETTERS)) == len(LETTERS) == 38


def test_the_late_codes_are_those_the_table_marks():
    assert {code.letter for code in CODES if code.is_late} == set(SPEC.loc[SPEC["late"] == "late", "code"])


def test_no_two_meanings_of_a_letter_hold_on_one_day():
    days = [
        day + step for day in (date(2013, 8, 31), date(2024, 8, 18)) for step in (timedelta(0), timedelta(1))
    ]
    for day in days:
        in_force = [code.letter for code in CODES if code.from_date <= day <= code.to_date]
        assert len(in_force) == len(set(in_force))


def test_thirty_four_codes_are_in_force_since_2024():
    assert sum(code_in_force(letter, date(2026, 9, 7)) is not None for letter in KNOWN_LETTERS) == 34


@pytest.mark.parametrize("letter", ["", " ", "-", "?", "*", "l", "c1", "C 1", "A"])
def test_what_is_no_code_is_none(letter):
    assert code_in_force(letter, date(2026, 9, 7)) is None


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.letter)
def test_every_code_has_a_meaning_a_group_and_a_source(code):
    assert code.meaning
    assert code.group
    assert "Regulations" in code.source


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.letter)
def test_a_withdrawn_code_cites_the_old_regulations(code):
    assert ("2006" in code.source) == (code.to_date < date(9999, 12, 31))


@pytest.mark.parametrize("change", ["2006-09-01", "2013-09-01", "2024-08-19"])
def test_a_set_of_codes_ends_on_the_very_day_that_a_code_changes(change):
    days = np.datetime64(change) + np.arange(-3, 3)
    sets, table = code_set_on(days), categories_on(days)
    alike = [(table[:, day] == table[:, day - 1]).all() for day in range(1, len(days))]
    assert (sets[1:] == sets[:-1]).tolist() == alike == [True, True, False, True, True]
