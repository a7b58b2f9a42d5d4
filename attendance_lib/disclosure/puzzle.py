"""What a reader who holds every report has before him: unknown counts, known ones, and sums."""

import ctypes
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array, eye_array, hstack

from attendance_lib.disclosure.readings import Column, Name, Readings
from attendance_lib.disclosure.sums import Relation
from attendance_lib.disclosure.tables import Key

# HiGHS, as the searches use it: without presolve, and without a word

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

    The unknowns are counts of pupils or sessions, n of them: ``aim`` and ``integrality`` have the shape (n,).

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


@dataclass(frozen=True)
class Puzzle:
    """Counts and what adds up among them, as arrays.

    Parameters
    ----------
    columns : tuple of Column
        The counts, m of them.
    rows : scipy.sparse.csr_array
        Shape (n, m): +1 for each part, -1 for the whole; a row times the true counts is ``sums``.
    sums : numpy.ndarray
        Shape (n,): 0, but for sums that edits of the registers have put out between two reports. A reader is
        taken to know by how much.
    truth : numpy.ndarray
        Shape (m,): the true counts; where no report at hand says, whole numbers that fit.
    is_certain : numpy.ndarray
        Shape (m,): whether ``truth`` is the only number that fits all that the school itself counts.
    """

    columns: tuple[Column, ...]
    rows: csr_array
    sums: np.ndarray
    truth: np.ndarray
    is_certain: np.ndarray

    @cached_property
    def place(self) -> dict[tuple[Key, int], int]:
        """The position of each column by its name."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @cached_property
    def floor(self) -> np.ndarray:
        """The least that a reader allows each count (of pupils or sessions) to be; shape (m,).

        Examples
        --------
        >>> from attendance_lib.disclosure.readings import Standing
        >>> columns = tuple(Column((), Standing.HIDDEN, truth, 10, False) for truth in (3, 12))
        >>> Puzzle(columns, csr_array((0, 2)), np.zeros(0), np.array([3, 12]), np.ones(2, dtype=bool)).floor.tolist()
        [3, 10]
        """
        return np.minimum([column.floor for column in self.columns], self.truth)

    @cached_property
    def in_force(self) -> "Puzzle":
        """The same counts with those sums alone that hold among them now.

        Who was told by how much edits have put a sum out would know what few figures can keep from him: with the 6 that was
        printed he would have the 3 that it has become.

        Examples
        --------
        >>> two_sums = Puzzle((), csr_array(np.array([[1, 1, -1], [1, -1, 0]])), np.array([0, 2]), np.zeros(3), np.zeros(3))
        >>> two_sums.in_force.rows.toarray().tolist()  # the second is 2 out since the registers were edited
        [[1, 1, -1]]
        """
        holds = self.sums == 0
        return replace(self, rows=self.rows[np.flatnonzero(holds)], sums=self.sums[holds])

    def without(self, unsaid: np.ndarray) -> "Puzzle":
        """Return the same puzzle where nothing is said of some counts of pupils or sessions, not even that they are not 0.

        ``unsaid`` is bool, of shape (m,).
        """
        columns = (
            replace(column, floor=0, told=None) if is_unsaid else column
            for column, is_unsaid in zip(self.columns, unsaid, strict=True)
        )
        return replace(self, columns=tuple(columns))

    @cached_property
    def told(self) -> np.ndarray:
        """The least and the most that each count (of pupils or sessions) can be where it is shown; shape (2, m).

        Itself, but where only a coarse rate is shown.

        Examples
        --------
        >>> from attendance_lib.disclosure.readings import Standing
        >>> shown, by_a_coarse_rate = (Column((), Standing.SHOWN, 12, 0, False, told) for told in (None, (10, 14)))
        >>> counts = np.array([12, 12])
        >>> Puzzle((shown, by_a_coarse_rate), csr_array((0, 2)), np.zeros(0), counts, counts > 0).told.tolist()
        [[12.0, 10.0], [12.0, 14.0]]
        """
        told = [column.told or (truth, truth) for column, truth in zip(self.columns, self.truth, strict=True)]
        low, high = np.array(told, dtype=float).reshape(-1, 2).T
        return np.array([np.minimum(low, self.truth), np.maximum(high, self.truth)])


def build_puzzle(readings: Readings, relations: Iterable[Relation]) -> Puzzle:
    """Return the puzzle that some readings of counts and the sums among them make."""
    members = [members for relation in relations for members in readings.sums_of(relation)]
    names = sorted({*chain.from_iterable(members), *readings.names})
    columns = tuple(map(readings.column, names))
    rows = _rows_of(members, names)
    # None becomes NaN.
    given = np.array([column.truth for column in columns], dtype=float)
    certain = _worked_out(rows, given)
    unfitted = Puzzle(columns, rows, np.zeros(len(members)), certain, ~np.isnan(certain))
    return _fitted(unfitted)


def _rows_of(members: list[tuple[Name, ...]], names: list[Name]) -> csr_array:
    """Return sums, the whole first, as rows of +1 for each part and -1 for the whole; shape (sums, names)."""
    place = {name: position for position, name in enumerate(names)}
    where = [
        (line, place[name], 1.0 if part else -1.0)
        for line, row in enumerate(members)
        for part, name in enumerate(row)
    ]
    line, position, sign = (np.array(each) for each in zip(*where, strict=True)) if where else ([], [], [])
    return csr_array((sign, (line, position)), shape=(len(members), len(names)))


def _worked_out(rows: csr_array, given: np.ndarray) -> np.ndarray:
    """Fill in each count that is the only one missing from a sum, again and again."""
    truth, touching = given.copy(), rows.tocsc()
    waiting = list(range(rows.shape[0]))
    while waiting:
        line = waiting.pop()
        inside = slice(rows.indptr[line], rows.indptr[line + 1])
        members, signs = rows.indices[inside], rows.data[inside]
        missing = np.flatnonzero(np.isnan(truth[members]))
        if len(missing) == 1:
            value = -np.nansum(signs * truth[members]) / signs[missing[0]]
            if value >= 0:  # below 0 the registers were edited between two reports; see _fitted
                found = members[missing[0]]
                truth[found] = value
                waiting.extend(touching.indices[touching.indptr[found] : touching.indptr[found + 1]])
    return truth


def _fitted(puzzle: Puzzle) -> Puzzle:
    """Give every count a whole number and every sum its remainder, as small as can be."""
    count, lines = len(puzzle.columns), puzzle.rows.shape[0]
    told = np.array(
        [column.told or (column.floor, np.inf) for column in puzzle.columns], dtype=float
    ).reshape(-1, 2)
    lower, upper = np.where(puzzle.is_certain, puzzle.truth, told.T)
    if lines == 0 or puzzle.is_certain.all():
        truth = lower
    else:
        slack = eye_array(lines, format="csr")
        solved = solve(
            np.concatenate([np.zeros(count), np.ones(2 * lines)]),
            [LinearConstraint(hstack([puzzle.rows, slack, -slack], format="csc"), 0, 0)],
            Bounds(
                np.concatenate([lower, np.zeros(2 * lines)]),
                np.concatenate([upper, np.full(2 * lines, np.inf)]),
            ),
            np.concatenate([np.ones(count), np.zeros(2 * lines)]),
        )
        truth = np.round(solved.x[:count])
    return replace(puzzle, truth=truth, sums=puzzle.rows @ truth)
