"""Sums of products against exact fractions, and a solution that no processor can move."""

from fractions import Fraction

import numpy as np
import pytest

from attendance_lib.analysis.impact.exact_products import (
    BLOCK_ROWS,
    product_over_columns,
    sums_of_products,
)
from attendance_lib.analysis.impact.least_squares import CUT_OFF, coefficients, least_norm_inverse


def exactly(values):
    """The sums of products in fractions, rounded once at the end."""
    columns = [[Fraction(each) for each in column] for column in values.T.tolist()]
    return np.array([
        [float(sum(a * b for a, b in zip(one, other, strict=True))) for other in columns] for one in columns
    ])  # fmt: skip


def several_sizes(rows, seed=0):
    """Columns from tiny to huge, one of zeros, one of whole numbers, with rates and signs mixed."""
    random = np.random.default_rng(seed)
    plain = random.standard_normal((rows, 3)) * [1e-9, 1.0, 1e12]
    return np.column_stack([plain, np.zeros(rows), random.integers(0, 60, rows), random.random(rows)])


def test_sums_of_products_are_those_of_exact_fractions_to_the_last_places():
    values = several_sizes(300)
    expected = exactly(values)
    size = np.sqrt(np.multiply.outer(np.diagonal(expected), np.diagonal(expected)))
    # Half a last place of a sum, and a few roundings on the way: nothing like what BLAS may leave where signs cancel.
    assert (np.abs(sums_of_products(values) - expected) <= size * 2.0**-52).all()


def test_the_order_of_the_rows_changes_no_bit_even_over_several_blocks():
    values = several_sizes(2 * BLOCK_ROWS + 100)
    shuffled = values[np.random.default_rng(1).permutation(len(values))]
    assert np.array_equal(sums_of_products(values), sums_of_products(shuffled))


def test_cutting_into_slices_never_leaves_more_than_a_float_can_add_exactly():
    # All numbers as large as their column allows: 8,192 products of 2**40 are 2**53.
    values = np.full((BLOCK_ROWS, 2), 1 - 2.0**-53)
    assert sums_of_products(values)[0, 1] == pytest.approx(BLOCK_ROWS, rel=1e-15)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_none_is_refused_and_not_cut_into_whole_ones(bad):
    with pytest.raises(ValueError, match="finite"):
        sums_of_products(np.array([[1.0], [bad]]))


def test_a_product_over_few_columns_is_that_of_exact_fractions():
    rows, columns = several_sizes(40)[:, [1, 4, 5]], several_sizes(3, seed=2)
    exact = [
        [float(sum(Fraction(a) * Fraction(b) for a, b in zip(row, column, strict=True))) for column in columns.T]
        for row in rows
    ]  # fmt: skip
    assert product_over_columns(rows, columns) == pytest.approx(np.array(exact), rel=1e-12, abs=1e-12)


def of_rank(rank, size, seed=3):
    root = np.random.default_rng(seed).standard_normal((rank, size))
    return root.T @ root


@pytest.mark.parametrize("rank", [1, 3, 7, 8])
def test_the_inverse_is_numpys_where_numpy_is_told_the_same_cut_off(rank):
    matrix = of_rank(rank, 8)
    expected = np.linalg.pinv(matrix, rcond=1e-12, hermitian=True)
    assert least_norm_inverse(matrix) == pytest.approx(expected, rel=1e-8, abs=1e-10)


def test_a_column_of_nothing_gets_no_coefficient():
    columns = np.column_stack([np.ones(4), np.zeros(4), [0.0, 1.0, 2.0, 3.0]])
    found = coefficients(columns, np.array([[1.0], [3.0], [5.0], [7.0]]), np.ones(4))
    assert found.ravel() == pytest.approx([1.0, 0.0, 2.0])


def collinear(noise, seed=4):
    """Two year groups of which one is final: the two columns say one thing, but for noise."""
    random = np.random.default_rng(seed)
    is_final = random.integers(0, 2, 200).astype(float)
    year = is_final + noise * random.standard_normal(200)
    past = random.random(200)
    columns = np.column_stack([np.ones(200), year, is_final, past])
    return columns, (0.9 - 0.3 * past + 0.02 * is_final)[:, None]


def test_of_two_columns_that_say_one_thing_each_gets_half():
    columns, outcome = collinear(0.0)
    # 0.02 shared between two equal columns; the smallest squares are those of 0.01 and 0.01.
    found = coefficients(columns, outcome, np.ones(200)).ravel()
    assert found == pytest.approx([0.9, 0.01, 0.01, -0.3], abs=1e-9)


@pytest.mark.parametrize("noise", [1e-16, 1e-14, 1e-12, 1e-9])
def test_a_difference_that_is_only_rounding_moves_nothing(noise):
    assert noise**2 < CUT_OFF
    columns, outcome = collinear(noise)
    plain = coefficients(*collinear(0.0), np.ones(200))
    assert coefficients(columns, outcome, np.ones(200)) == pytest.approx(plain, abs=1e-8)


def test_columns_that_differ_in_truth_are_told_apart():
    columns, outcome = collinear(0.01)
    found = coefficients(columns, outcome, np.ones(200)).ravel()
    assert found == pytest.approx([0.9, 0.0, 0.02, -0.3], abs=1e-7)
