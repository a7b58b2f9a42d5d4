"""A part of the puzzle that no open sum ties to the rest, and the search for worlds that fit it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csc_array, csr_array, eye_array
from scipy.sparse.csgraph import connected_components

from attendance_lib.analysis.disclosure.puzzle import Puzzle

# How far from the truth a count that is left out may be imagined, in required widths; wide enough in practice, and
# the search is repeated without it before a report is called unsafe.
REACH = 4


@dataclass(frozen=True)
class Piece:
    """Counts tied together by sums; everything else is known.

    Parameters
    ----------
    places : numpy.ndarray
        The positions of its counts in the puzzle, m of them.
    rows : scipy.sparse.csr_array
        Shape (n, m), as in the puzzle.
    truth, floor, price : numpy.ndarray
        Shape (m,): the true counts, the least each may be thought to be, and what is lost by leaving it out
        (0 for a count that nobody is shown).
    follows : numpy.ndarray
        Shape (m,): the position in the piece of the enrolments with which a count of sessions must go, or -1.
    """

    places: np.ndarray
    rows: csr_array
    truth: np.ndarray
    floor: np.ndarray
    price: np.ndarray
    follows: np.ndarray

    def worlds_apart(self, target: int, width: int, is_open: np.ndarray) -> "Apart | None":
        """Find two worlds that fit what is published and differ in one count, at the least loss.

        Parameters
        ----------
        target : int
            The position of a count in the piece.
        width : int
            How many values it must be able to have: the worlds differ by at least ``width`` - 1.
        is_open : numpy.ndarray
            Shape (m,), bool: the counts that are left out already.

        Returns
        -------
        Apart or None
            The two worlds and all the counts left out; None if no choice of counts to leave out suffices.
        """
        near = REACH * width
        found = self._search(target, width, is_open, near)
        return found or self._search(target, width, is_open, near + float(self.truth.sum()))

    def as_it_stands(self) -> "Piece":
        """Return the same piece where nothing more may be left out."""
        return replace(self, price=np.full(len(self.price), np.inf))

    def _search(self, target: int, width: int, is_open: np.ndarray, reach: float) -> "Apart | None":
        count, choices = len(self.truth), np.flatnonzero(~is_open & np.isfinite(self.price))
        fixed = ~is_open & ~np.isfinite(self.price)
        low = np.where(is_open, self.floor, np.where(fixed, self.truth, np.maximum(self.floor, self.truth - reach)))
        high = np.where(is_open, np.inf, np.where(fixed, self.truth, self.truth + reach))
        solved = milp(
            np.concatenate([np.zeros(2 * count), self.price[choices]]),
            constraints=[*self._fit(len(choices)), *self._moves(choices, reach), *self._goes_with(choices), self._gap(target, width, len(choices))],
            bounds=Bounds(np.concatenate([low, low, np.zeros(len(choices))]), np.concatenate([high, high, np.ones(len(choices))])),
            integrality=np.ones(2 * count + len(choices)),
        )
        if solved.x is None:
            return None
        values = np.round(solved.x)
        opened = is_open.copy()
        opened[choices[values[2 * count :] > 0]] = True
        return Apart(values[:count], values[count : 2 * count], opened)

    def _fit(self, choices: int) -> list[LinearConstraint]:
        sums = self.rows @ self.truth
        both = block_array([[self.rows, None], [None, self.rows]], format="csc")
        padded = _beside(both, csc_array((both.shape[0], choices)))
        return [LinearConstraint(padded, np.tile(sums, 2), np.tile(sums, 2))] if both.shape[0] else []

    def _moves(self, choices: np.ndarray, reach: float) -> list[LinearConstraint]:
        """A count that is shown is what it is in both worlds."""
        if not len(choices):
            return []
        pick = eye_array(len(self.truth), format="csr")[choices]
        switch, truth = reach * eye_array(len(choices)), self.truth[choices]
        below = block_array([[pick, None, -switch], [None, pick, -switch]], format="csc")
        above = block_array([[pick, None, switch], [None, pick, switch]], format="csc")
        return [LinearConstraint(below, -np.inf, np.tile(truth, 2)), LinearConstraint(above, np.tile(truth, 2), np.inf)]

    def _goes_with(self, choices: np.ndarray) -> list[LinearConstraint]:
        """A count of sessions is left out with the enrolments it would tell."""
        where = {place: position for position, place in enumerate(choices)}
        pairs = [(where[self.follows[place]], position) for place, position in where.items() if self.follows[place] in where]
        if not pairs:
            return []
        matrix = np.zeros((len(pairs), 2 * len(self.truth) + len(choices)))
        for line, (first, then) in enumerate(pairs):
            matrix[line, 2 * len(self.truth) + first], matrix[line, 2 * len(self.truth) + then] = 1, -1
        return [LinearConstraint(csc_array(matrix), -np.inf, 0)]

    def _gap(self, target: int, width: int, choices: int) -> LinearConstraint:
        matrix = np.zeros((1, 2 * len(self.truth) + choices))
        matrix[0, target], matrix[0, len(self.truth) + target] = 1, -1
        return LinearConstraint(csc_array(matrix), width - 1, np.inf)


@dataclass(frozen=True)
class Apart:
    """Two worlds, each of shape (m,), and the counts that must be left out for both to fit (bool, shape (m,))."""

    high: np.ndarray
    low: np.ndarray
    is_open: np.ndarray


def _beside(left: csc_array, right: csc_array) -> csc_array:
    return block_array([[left, right]], format="csc")


def pieces_of(puzzle: Puzzle, price: np.ndarray, follows: np.ndarray, is_open: np.ndarray) -> Iterator[Piece]:
    """Split a puzzle where every tie runs through counts that are known and stay so.

    Parameters
    ----------
    puzzle : Puzzle
        All that is published.
    price, follows : numpy.ndarray
        Shape (m,), see `Piece`; a price is infinite where a count is known and stays so.
    is_open : numpy.ndarray
        Shape (m,), bool: the counts that are left out.

    Yields
    ------
    Piece
        Those with a count that is left out, in the order of their first count.
    """
    loose = np.flatnonzero(is_open | np.isfinite(price))
    ties = abs(puzzle.rows[:, loose])
    pairs = _following(loose, follows)
    number, label = connected_components(ties.T @ ties + pairs, directed=False)
    order = np.argsort(label, kind="stable")
    for chosen in np.split(order, np.cumsum(np.bincount(label, minlength=number))[:-1]):
        places = loose[chosen]
        if is_open[places].any():
            yield _piece(puzzle, places, price, follows)


def _following(loose: np.ndarray, follows: np.ndarray) -> csr_array:
    where = {place: position for position, place in enumerate(loose)}
    pairs = [(position, where[follows[place]]) for place, position in where.items() if follows[place] in where]
    ends = np.array(pairs, dtype=int).reshape(-1, 2).T
    return csr_array((np.ones(len(pairs)), (ends[0], ends[1])), shape=(len(loose), len(loose)))


def _piece(puzzle: Puzzle, places: np.ndarray, price: np.ndarray, follows: np.ndarray) -> Piece:
    rows = puzzle.rows[:, places]
    where = {place: position for position, place in enumerate(places)}
    return Piece(
        places=places,
        rows=csr_array(rows[np.diff(rows.indptr) > 0]),
        truth=puzzle.truth[places],
        floor=puzzle.floor[places],
        price=price[places],
        follows=np.array([where.get(follows[place], -1) for place in places]),
    )
