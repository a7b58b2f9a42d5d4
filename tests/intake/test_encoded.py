"""A column as its distinct values says the same as the column in full."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance_lib.intake.encoded import Encoded, joined

CELLS = st.lists(st.sampled_from(["/", "I", "i", "", None, 7]), max_size=12)


def column(cells):
    return Encoded.of(np.array([*cells, None], dtype=object)[:-1])


@given(CELLS)
def test_the_cells_come_back_as_they_were(cells):
    assert column(cells).cells().tolist() == cells
    assert len(column(cells)) == len(cells)


@given(CELLS)
def test_a_change_of_the_distinct_values_is_a_change_of_every_cell(cells):
    changed = column(cells).map(lambda value: str(value).upper())
    assert changed.cells().tolist() == [str(value).upper() for value in cells]
    assert len(set(changed.values.tolist())) == len(changed.values)


@given(CELLS, CELLS)
def test_columns_stand_one_below_the_other(first, second):
    assert joined([column(first), column(second)]).cells().tolist() == first + second


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NaT])
def test_whatever_is_missing_is_none(missing):
    assert column(["a", missing]).cells().tolist() == ["a", None]


def test_values_are_counted_and_found_where_they_first_stand():
    codes = column(["I", "/", "I", "/", "/"])
    assert dict(zip(codes.values, codes.counts(), strict=True)) == {"I": 2, "/": 3}
    assert dict(zip(codes.values, codes.first_rows(), strict=True)) == {"I": 0, "/": 1}


def test_a_value_of_no_row_is_counted_as_none_and_left_out_of_an_order():
    kept = column(["b", "a", "c"]).where(np.array([True, True, False]))
    assert kept.counts().tolist() == [1, 1, 0]
    assert kept.first_rows().tolist() == [0, 1, -1]
    assert kept.in_order().values.tolist() == ["a", "b"]
    assert kept.in_order().cells().tolist() == ["b", "a"]


def test_what_is_known_of_each_value_is_known_of_each_row():
    assert column(["/", "I", "/"]).holds(np.array([True, False])).tolist() == [True, False, True]
    assert column([]).holds(np.array([], dtype=bool)).tolist() == []
