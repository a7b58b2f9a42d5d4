"""Whom the treated are compared with hangs neither on the processor nor on the order of the rows."""

import numpy as np
import pytest

from attendance_lib.analysis.impact.expectation import nearest_first


def by_hand(row, size):
    """The nearest by sorting every pair: as many as asked for, and all as near as the last of them."""
    last = sorted(row)[size - 1]
    return sorted((value, place) for place, value in enumerate(row) if value <= last)


@pytest.mark.parametrize("size", [1, 3, 10, 40])
def test_the_nearest_are_those_found_one_by_one(size):
    # Three values only, so that nearly every choice falls among equals.
    distance = np.random.default_rng(size).integers(0, 3, (20, 60)) / 1e9
    found = nearest_first(distance, size)
    for row, columns in zip(distance, found, strict=True):
        assert [(row[place], place) for place in columns] == by_hand(row.tolist(), size)


def test_another_order_of_the_rows_finds_the_same_pupils():
    random = np.random.default_rng(5)
    distance = random.integers(0, 4, (1, 80)) / 1e9
    order = random.permutation(80)
    plain, shuffled = (nearest_first(each, 12)[0] for each in (distance, distance[:, order]))
    assert set(order[shuffled]) == set(plain)
    assert len(plain) > 12
