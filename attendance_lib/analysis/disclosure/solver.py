"""HiGHS, as the searches use it: without presolve, and without a word."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

STANDARD_OUTPUT = 1


# How many branches one search may try: of the schools tried so far nearly all need fewer than a hundred. A number and not a
# time, so that every machine withholds the same.
NODES = 2000
# scipy's status of a problem without a solution. One that was left at the limit has none of its own: HiGHS calls it a
# solution limit, which scipy does not know.
INFEASIBLE = 2


def solve(
    aim: np.ndarray,
    constraints: list[LinearConstraint],
    bounds: Bounds,
    integrality: np.ndarray,
    nodes: int | None = None,
) -> OptimizeResult:
    """Return what ``scipy.optimize.milp`` finds, within so many branches if any number is given.

    With presolve HiGHS 1.12 can call a solution best that is not (github.com/scipy/scipy/issues/18907); on problems
    as small as these it is a third slower besides.
    """
    with hushed():
        limit = {} if nodes is None else {"node_limit": nodes}
        return milp(
            aim,
            constraints=constraints,
            bounds=bounds,
            integrality=integrality,
            options={"presolve": False} | limit,
        )


@contextmanager
def hushed() -> Iterator[None]:
    """Throw away what a library in C writes to standard output meanwhile.

    HiGHS writes a line of debugging there now and then, which no option of its own stops
    (github.com/jump-dev/HiGHS.jl/issues/312); in a notebook it would become part of the report.
    """
    if os.name != "posix":
        yield
        return
    library = ctypes.CDLL(None)
    library.fflush(None)
    kept, nowhere = os.dup(STANDARD_OUTPUT), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STANDARD_OUTPUT)
    try:
        yield
    finally:
        library.fflush(None)
        os.dup2(kept, STANDARD_OUTPUT)
        os.close(kept)
        os.close(nowhere)
