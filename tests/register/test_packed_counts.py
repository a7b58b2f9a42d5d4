"""Words of ten counts, against the same sums in Python's own whole numbers, which know no width."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance_lib.register.packed_counts import FIELDS, PUPILS_AT_ONCE, add_cells, add_words, words_of

EVERY_FIELD = [np.array([False, True])] * FIELDS


def packed(counts):
    """Words from ten counts each, shape (ten, rows, columns)."""
    return sum(counts[field].astype(object) << (6 * field) for field in range(FIELDS)).astype(np.int64)


def added(counts, most, sessions, pupils):
    """What add_words makes of counts, and the same in plain loops over Python's whole numbers."""
    out = np.zeros((FIELDS, len(pupils), len(sessions)), dtype=np.int64)
    add_words(packed(counts), most, np.array(sessions), np.array(pupils), out)
    _, rows, columns = counts.shape
    plain = [
        [
            [
                sum(int(counts[field, row, column]) for row in range(*down) for column in range(*across))
                for down in zip(sessions, [*sessions[1:], rows], strict=True)
            ]
            for across in zip(pupils, [*pupils[1:], columns], strict=True)
        ]
        for field in range(FIELDS)
    ]
    return out.tolist(), plain


def run_starts(draw, length):
    return [0, *sorted(draw(st.sets(st.integers(1, length - 1)) if length > 1 else st.just(set())))]


@st.composite
def sums_asked(draw):
    """Counts of up to 63, some at their greatest, in few runs and in many."""
    rows, columns = draw(st.integers(1, 70)), draw(st.integers(1, 12))
    most = draw(st.sampled_from([1, 5, 62, 63]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    counts = random.choice([0, most // 2, most], size=(FIELDS, rows, columns))
    return counts, most, run_starts(draw, rows), run_starts(draw, columns)


@settings(max_examples=60, deadline=None)
@given(sums_asked())
def test_words_add_up_as_whole_numbers_do(asked):
    ours, plain = added(*asked)
    assert ours == plain


@pytest.mark.parametrize(
    ("rows", "columns"), [(1, 1), (65, 1), (66, 1), (1, 65), (1, 66), (131, 3), (3, 131)]
)
def test_no_count_runs_into_the_next_where_all_are_at_their_greatest(rows, columns):
    counts = np.full((FIELDS, rows, columns), 63)
    counts[1::2] = 0
    ours, plain = added(counts, 63, [0], [0])
    assert ours == plain == [[[63 * rows * columns]], [[0]]] * (FIELDS // 2)


@pytest.mark.parametrize("pupils", [1, PUPILS_AT_ONCE - 1, PUPILS_AT_ONCE, 2 * PUPILS_AT_ONCE + 1])
def test_each_pupil_has_the_sum_of_its_own_cells(pupils):
    cells = np.zeros((63, pupils), dtype=np.uint8)
    cells[: 63 // 3, ::2] = 1
    cells[:, -1] = 1
    sums = np.empty(pupils, dtype=np.int64)
    add_cells(cells, words_of(EVERY_FIELD), sums)
    of_one = sum(1 << (6 * field) for field in range(FIELDS))
    expected = [(21 if number % 2 == 0 else 0) * of_one for number in range(pupils - 1)] + [63 * of_one]
    assert sums.tolist() == expected
