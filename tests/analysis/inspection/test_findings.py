"""Runs over places to skip, and their dates."""

import numpy as np
import pytest

from attendance_lib.analysis.inspection.findings import find_runs


def cells(*rows):
    return np.array([[sign == "x" for sign in row] for row in rows])


@pytest.mark.parametrize(
    ("hit", "skip", "gap", "runs"),
    [
        ("....", "....", 0, []),
        ("xxxx", "....", 0, [(0, 3, 4, 4)]),
        ("x..x", "....", 0, [(0, 0, 1, 1), (3, 3, 1, 1)]),
        ("x..x", ".xx.", 0, [(0, 3, 2, 2)]),
        ("x..x", "....", 1, [(0, 0, 1, 1), (3, 3, 1, 1)]),
        ("x..x", "....", 2, [(0, 3, 2, 4)]),
        ("xx..", "xx..", 0, []),
    ],
)
def test_a_run_skips_and_bridges_as_told(hit, skip, gap, runs):
    found = find_runs(cells(hit), cells(skip), gap)
    assert [tuple(row) for row in found.drop(columns="row").to_numpy().tolist()] == runs


def test_a_run_does_not_go_on_in_the_next_row():
    found = find_runs(cells(".xx", "x..", "..."), np.zeros((3, 3), dtype=bool))
    assert found[["row", "first", "last"]].to_numpy().tolist() == [[0, 1, 2], [1, 0, 0]]
