"""Which further counts to leave out, so that no protected one can be worked out from the rest."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

import numpy as np
from scipy.optimize import Bounds, LinearConstraint
from scipy.sparse import block_array, csc_array, csr_array, eye_array, hstack
from scipy.sparse.csgraph import connected_components

from attendance_lib.disclosure.puzzle import INFEASIBLE, NODES, Puzzle, solve

# A part of the puzzle that no open sum ties to the rest, and the search for worlds that fit it

# How far from the truth a count that is left out may be imagined, in required widths; wide enough in practice, and
# the search is repeated without it before a report is called unsafe.
REACH = 4

# Of counts that must be uncertain by more than this, fractions are as good as whole numbers: sessions of many pupils.
# Their search is then a plain linear programme, which leaves out a little more than it must before it shows some again.
COARSE = 20
TOLERANCE = 1e-3
# How many branches a search may try that is not for the best.
EDGE_NODES = 20


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
    told : numpy.ndarray
        Shape (2, m): the least and the most that each is known to be while it is shown (see `Puzzle.told`).
    is_coarse : bool
        Whether worlds need not be whole numbers, because every required width is large.
    nodes : int, optional
        How many branches a search may try before it leaves out more than it must; without end if missing.
    """

    places: np.ndarray
    rows: csr_array
    truth: np.ndarray
    floor: np.ndarray
    price: np.ndarray
    told: np.ndarray
    is_coarse: bool = False
    nodes: int | None = NODES

    def worlds_apart(self, target: int, width: int, is_open: np.ndarray) -> "Apart | None":
        """Find two worlds that fit what is published and differ in one count (of pupils or sessions), at the least loss.

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
        moves = self._fewest_moves(target, width, is_open)
        if moves is not None and (found := self._apart_by(moves, target, width, is_open)) is not None:
            return found
        if moves is None and not self._can_more_help(target, width, is_open):
            return None
        near = REACH * width
        searches = (
            self._search(target, width, is_open, reach) for reach in (near, near + float(self.truth.sum()))
        )
        return next((each for each in searches if each is not None), None)

    def _apart_by(self, moves: np.ndarray, target: int, width: int, is_open: np.ndarray) -> "Apart | None":
        """Return two worlds to which moves lead, where nothing more is left out: their own ends, else some near those."""
        found = self._apart(moves, np.array([], dtype=int), is_open)
        if found is not None and found.high[target] - found.low[target] >= width - 1:
            return found
        return self._apart_near(moves, target, width, is_open)

    def _can_more_help(self, target: int, width: int, is_open: np.ndarray) -> bool:
        """Whether there are worlds so far apart, in fractions at least, once all that may be left out is."""
        may_move = is_open | np.isfinite(self.price)
        return not (may_move == is_open).all() and self._fewest_moves(target, width, may_move) is not None

    def _fewest_moves(self, target: int, width: int, may_move: np.ndarray) -> np.ndarray | None:
        """Return the moves to two worlds, in fractions, so far apart in one count that move all counts the least; shape (2, m).

        They begin where nothing moves and follow the few sums that must, which is soon done and mostly ends in whole numbers. None
        if there are no such worlds, not even in fractions.
        """
        bounds = self._within(may_move, np.inf)
        solved = solve(
            np.ones(4 * len(self.truth)),
            [
                # A move is so much more less so much less, both counted.
                *self._fit_moves,
                _more_or_less(self._gap(target, width, 0)),
            ],
            Bounds(0, np.concatenate([np.tile(bounds.ub, 2), np.tile(-bounds.lb, 2)])),
            np.zeros(4 * len(self.truth), dtype=bool),
        )
        if solved.x is None:
            return None
        more, less = solved.x.reshape(2, 2, -1)
        return more - less

    def _apart_near(self, moves: np.ndarray, target: int, width: int, is_open: np.ndarray) -> "Apart | None":
        """Find two worlds in whole numbers, few branches from two in fractions, where nothing more is left out."""
        inside = self._around((np.abs(moves) > TOLERANCE).any(axis=0))
        near = replace(self.part(inside).as_it_stands(), nodes=EDGE_NODES)
        at = int(np.searchsorted(inside, target))
        found = near._search(at, width, is_open[inside], float(REACH * width))
        if found is None:
            return None
        worlds = np.tile(self.truth, (2, 1))
        worlds[:, inside] = found.high, found.low
        return Apart(*worlds, is_open.copy())

    def _around(self, is_one: np.ndarray) -> np.ndarray:
        """Return the positions of some counts (bool, shape (m,)) and of those that stand in a sum with one of them.

        Whole numbers are mostly found among these, and of so few counts they are soon found.
        """
        ties = abs(self.rows)
        return np.flatnonzero(is_one | (ties.T @ (ties @ is_one.astype(float)) > 0))

    def part(self, inside: np.ndarray) -> "Piece":
        """Return the piece of some of its counts of pupils or sessions; the others stay what they are.

        Parameters
        ----------
        inside : numpy.ndarray
            Their positions in this piece, ascending; the shape is (k,).
        """
        rows = self.rows[:, inside]
        return replace(
            self,
            places=self.places[inside],
            rows=csr_array(rows[np.diff(rows.indptr) > 0]),
            truth=self.truth[inside],
            floor=self.floor[inside],
            price=self.price[inside],
            told=self.told[:, inside],
        )

    def room(self, target: int, may_move: np.ndarray, reach: float) -> float:
        """Return how far apart (in pupils or sessions) two worlds in fractions can be in a count, each within reach of the truth.

        ``may_move`` is bool, of shape (m,).
        """
        aim = np.zeros(len(self.truth))
        aim[target] = 1
        ends = (self._least(sign * aim, may_move, reach) for sign in (-1, 1))
        high, low = (0.0 if moves is None else float(moves[target]) for moves in ends)
        return high - low

    def _fit_one(self) -> list[LinearConstraint]:
        return [LinearConstraint(self.rows, 0, 0)] if self.rows.shape[0] else []

    def _within(self, is_open: np.ndarray, reach: float) -> Bounds:
        """Return how far each count may be from the truth in a world, where nothing more is left out."""
        least, most = self.told - self.truth
        return Bounds(
            np.where(is_open, np.maximum(self.floor - self.truth, -reach), least),
            np.where(is_open, reach, most),
        )

    def worlds_at_the_edge(self, targets: Mapping[int, int], is_open: np.ndarray) -> list[np.ndarray]:
        """Return worlds (counts of pupils or sessions) that fit what is published and lie at the edge of what it leaves open.

        Parameters
        ----------
        targets : mapping of int to int
            Positions of counts in the piece, with how many values each must be able to have.
        is_open : numpy.ndarray
            Shape (m,), bool: the counts that are left out; nothing more is.

        Returns
        -------
        list of numpy.ndarray
            Shape (m,) each. Of any two targets some have the one high and the other low: a few searches so answer for most.
        """
        places, widths = np.array(list(targets)), np.array(list(targets.values()))
        patterns = [(np.arange(len(places)) >> bit) & 1 for bit in range(len(places).bit_length())]
        return [
            world
            for pattern in patterns
            for sign in (1, -1)
            if (world := self._edge(places, sign * (1 - 2 * pattern) / widths, is_open)) is not None
        ]

    def _edge(self, places: np.ndarray, weights: np.ndarray, is_open: np.ndarray) -> np.ndarray | None:
        """Return a world in which some counts, each times its weight, come to as little as can be, near the truth."""
        aim, reach = np.zeros(len(self.truth)), float(REACH * np.max(1 / np.abs(weights)))
        aim[places] = weights
        # In fractions first: their corners are mostly whole numbers, and a branch is dear.
        moves = self._least(aim, is_open, reach)
        world = None if moves is None else self._world(moves, is_open)
        if moves is None or world is not None or self.is_coarse:
            return world
        moves = self._made_whole(moves, aim, is_open, reach)
        return None if moves is None else self._world(moves, is_open)

    def _least(self, aim: np.ndarray, is_open: np.ndarray, reach: float) -> np.ndarray | None:
        """Return the moves to a world, in fractions, in which an aim comes to as little as can be within reach of the truth."""
        return solve(aim, self._fit_one(), self._within(is_open, reach), np.zeros(len(aim), dtype=bool)).x

    def _made_whole(
        self, moves: np.ndarray, aim: np.ndarray, is_open: np.ndarray, reach: float
    ) -> np.ndarray | None:
        """Return moves where those that are whole numbers stay and the fractions among them are looked for again."""
        inside = self._around(np.abs(moves - np.round(moves)) > TOLERANCE)
        found = np.round(moves)
        found[inside] = 0
        rows, rest = self.rows[:, inside], -(self.rows @ found)
        part, sums = self.part(inside), np.flatnonzero(np.diff(rows.indptr))
        again = solve(
            aim[inside],
            [LinearConstraint(rows[sums], rest[sums], rest[sums])],
            part._within(is_open[inside], reach),
            np.ones(len(inside), dtype=bool),
            EDGE_NODES,
        ).x
        if again is not None:
            found[inside] = again
        return None if again is None else found

    def _world(self, moves: np.ndarray, is_open: np.ndarray) -> np.ndarray | None:
        """Return the world to which moves lead, if it agrees with all that is published."""
        world = self.truth + (moves if self.is_coarse else np.round(moves))
        return world if self._fits(world, is_open) else None

    def as_it_stands(self) -> "Piece":
        """Return the same piece where nothing more may be left out."""
        return replace(self, price=np.full(len(self.price), np.inf))

    def _search(self, target: int, width: int, is_open: np.ndarray, reach: float) -> "Apart | None":
        # The unknowns are how far each count is from the truth in the one world and in the other, then the choices.
        count, choices = len(self.truth), np.flatnonzero(~is_open & np.isfinite(self.price))
        may_move = is_open | np.isfinite(self.price)
        constraints = [
            *self._fit(len(choices)),
            *self._moves(choices, reach),
            self._gap(target, width, len(choices)),
        ]
        solved = solve(
            np.concatenate([np.zeros(2 * count), self.price[choices]]),
            constraints,
            self._within_choices(may_move, reach, len(choices)),
            np.full(2 * count + len(choices), not self.is_coarse),
            self.nodes,
        )
        if solved.x is not None:
            return self._apart(solved.x[: 2 * count].reshape(2, count), choices, is_open)
        if solved.status != INFEASIBLE and len(choices):
            # Which few counts to leave out is the hard question; with all of them out the worlds are soon found.
            return self._search(target, width, may_move, reach)
        return None

    def _within_choices(self, may_move: np.ndarray, reach: float, choices: int) -> Bounds:
        """Return how far each count may be from the truth in two worlds, and that a count is left out (1) or is not (0)."""
        least, most = self.told - self.truth
        low = np.where(may_move, np.maximum(self.floor - self.truth, -reach), least)
        high = np.where(may_move, np.maximum(reach, most), most)
        return Bounds(
            np.concatenate([low, low, np.zeros(choices)]), np.concatenate([high, high, np.ones(choices)])
        )

    def _apart(self, moves: np.ndarray, choices: np.ndarray, is_open: np.ndarray) -> "Apart | None":
        moves = np.where(np.abs(moves) < TOLERANCE, 0, moves) if self.is_coarse else np.round(moves)
        opened = is_open.copy()
        opened[choices[~self.as_shown(self.truth + moves)[:, choices].all(axis=0)]] = True
        high, low = self.truth + moves
        return Apart(high, low, opened) if self._fits(high, opened) and self._fits(low, opened) else None

    def as_shown(self, worlds: np.ndarray) -> np.ndarray:
        """Whether each count (of pupils or sessions) is in each world, of shape (..., m), what it is known to be while shown.

        Examples
        --------
        >>> told = np.array([[12, 10], [12, 14]])  # the first is shown itself, the second by a coarse rate
        >>> Piece(None, None, None, None, None, told).as_shown(np.array([[12, 14], [11, 15]])).tolist()
        [[True, True], [False, False]]
        """
        slack = TOLERANCE * self.is_coarse
        return (worlds >= self.told[0] - slack) & (worlds <= self.told[1] + slack)

    def _fits(self, world: np.ndarray, is_open: np.ndarray) -> bool:
        """Whether a world agrees with all that is published: for whole numbers no tolerance counts."""
        slack = TOLERANCE * len(world) * self.is_coarse
        return bool(
            (np.abs(self.rows @ (world - self.truth)) <= slack).all()
            and (world >= self.floor - slack)[is_open].all()
            and self.as_shown(world)[~is_open].all()
        )

    def _fit(self, choices: int) -> list[LinearConstraint]:
        return [LinearConstraint(_beside(self._both, choices), 0, 0)] if self.rows.shape[0] else []

    @cached_property
    def _both(self) -> csc_array:
        return block_array([[self.rows, None], [None, self.rows]], format="csc")

    @cached_property
    def _fit_moves(self) -> list[LinearConstraint]:
        return [_more_or_less(each) for each in self._fit(0)]

    def _moves(self, choices: np.ndarray, reach: float) -> list[LinearConstraint]:
        """A count that is shown is what it is in both worlds."""
        if not len(choices):
            return []
        pick = eye_array(len(self.truth), format="csr")[choices]
        switch = reach * eye_array(len(choices))
        below = block_array([[pick, None, -switch], [None, pick, -switch]], format="csc")
        above = block_array([[pick, None, switch], [None, pick, switch]], format="csc")
        least, most = np.tile((self.told - self.truth)[:, choices], 2)
        return [LinearConstraint(below, -np.inf, most), LinearConstraint(above, least, np.inf)]

    def _gap(self, target: int, width: int, choices: int) -> LinearConstraint:
        matrix = np.zeros((1, 2 * len(self.truth) + choices))
        matrix[0, target], matrix[0, len(self.truth) + target] = 1, -1
        return LinearConstraint(csc_array(matrix), width - 1 + 2 * self.is_coarse, np.inf)


@dataclass(frozen=True)
class Apart:
    """Two worlds, each of shape (m,), and the counts that must be left out for both to fit (bool, shape (m,))."""

    high: np.ndarray
    low: np.ndarray
    is_open: np.ndarray


def _more_or_less(constraint: LinearConstraint) -> LinearConstraint:
    return LinearConstraint(hstack([constraint.A, -constraint.A], format="csc"), constraint.lb, constraint.ub)


def _beside(left: csc_array, columns: int) -> csc_array:
    return block_array([[left, csc_array((left.shape[0], columns))]], format="csc")


def pieces_of(
    puzzle: Puzzle, price: np.ndarray, is_open: np.ndarray, holding: Collection[int]
) -> Iterator[Piece]:
    """Split a puzzle (of pupils or sessions) where every tie runs through counts that are known and stay so.

    Parameters
    ----------
    puzzle : Puzzle
        All that is published.
    price : numpy.ndarray
        Shape (m,), see `Piece`; infinite where a count is known and stays so.
    is_open : numpy.ndarray
        Shape (m,), bool: the counts that are left out.
    holding : collection of int
        The positions of counts; a piece without any of them is not asked for.

    Yields
    ------
    Piece
        Those with one of these counts and one that is left out, in the order of their first count.
    """
    loose = np.flatnonzero(is_open | np.isfinite(price) | (puzzle.told[0] < puzzle.told[1]))
    ties = abs(puzzle.rows[:, loose])
    number, label = connected_components(ties.T @ ties, directed=False)
    order = np.argsort(label, kind="stable")
    everywhere = np.arange(len(puzzle.columns))
    whole = Piece(everywhere, puzzle.rows, puzzle.truth, puzzle.floor, price, puzzle.told)
    is_asked = np.isin(everywhere, list(holding))
    for chosen in np.split(order, np.cumsum(np.bincount(label, minlength=number))[:-1]):
        places = loose[chosen]
        if is_open[places].any() and is_asked[places].any():
            yield whole.part(places)


# How often one part of the puzzle may ask whether a figure can be shown again, and of how many unknowns: of more the less
# often, for each search takes the longer. Numbers and not a time, so that every machine withholds the same.
MOST_SEARCHES, MANY = 400, 300
# Of more protected counts than this worlds are looked for together first.
FEW = 4
# In how many steps a count gives way that cannot have its width.
STEPS = 8


@dataclass(frozen=True)
class Task:
    """What must not be worked out.

    Parameters
    ----------
    puzzle : Puzzle
        All that a reader knows; m counts.
    hidden : numpy.ndarray
        Shape (m,), bool: the counts that are left out whatever else is.
    widths : mapping of int to int
        Required number of values of each protected count, by its position.
    yielding : frozenset of int
        Protected counts of which earlier reports may have said too much: these are given as many values, up to
        the required number, as leaving out anything of the present report can still give them, however few.
        Whether that is enough is for whoever asks to say.
    level : int
        The smallest count shown besides 0.
    modest : frozenset of int
        Protected sessions of a small group or cohort, content with ``level`` values before a report is not made.
    """

    puzzle: Puzzle
    hidden: np.ndarray
    widths: Mapping[int, int]
    yielding: frozenset[int]
    level: int
    modest: frozenset[int] = frozenset()

    def bottom(self, place: int) -> int:
        """With how few values the search stops: where an earlier report may have said too much, any is better.

        Examples
        --------
        >>> task = Task(None, np.array([]), {0: 10, 1: 3}, frozenset({1}), 5, frozenset({0}))
        >>> task.bottom(0), task.bottom(1)  # the second may yield
        (5, 1)
        """
        return 1 if place in self.yielding else self.enough(place)

    def enough(self, place: int) -> int:
        """With how few values a report is made without another look at what earlier ones say.

        Examples
        --------
        >>> task = Task(None, np.array([]), {0: 10, 1: 3}, frozenset({1}), 5, frozenset({0}))
        >>> task.enough(0), task.enough(1)  # the first is content with the level
        (5, 3)
        """
        return min(self.level, self.least(place)) if place in self.modest else self.least(place)

    def least(self, place: int) -> int:
        """With how few values a count may be left if it cannot have its width.

        As many as ``c`` has by itself: one in ``level`` fewer. What has fewer than ``level`` to begin with, in a group
        of so few, keeps them all.

        Examples
        --------
        >>> task = Task(None, np.array([]), {0: 10, 1: 3}, frozenset({1}), 5, frozenset({0}))
        >>> task.least(0), task.least(1)  # one in five fewer; fewer than five to begin with
        (8, 3)
        """
        width = self.widths[place]
        return width if width < self.level else width * (self.level - 1) // self.level


@dataclass(frozen=True)
class Choice:
    """What is left out, and what that does not save.

    Parameters
    ----------
    is_open : numpy.ndarray
        Bool, one for each count of a puzzle.
    unsafe : tuple of int
        The protected counts that cannot have their width, nor the least that they may be left with.
    meagre : mapping of int to int
        How many values yielding counts have that have fewer than is enough of others.
    worlds : sequence of (numpy.ndarray, list of numpy.ndarray)
        Worlds that were found where something stayed unsafe, with the positions of their counts; the rest is as it is. They fit
        whatever more is left out.
    """

    is_open: np.ndarray
    unsafe: tuple[int, ...]
    meagre: Mapping[int, int] = field(default_factory=dict)
    worlds: Sequence[tuple[np.ndarray, list[np.ndarray]]] = ()


def choose(task: Task, price: np.ndarray) -> Choice:
    """Leave out counts of pupils or sessions until every protected one can have as many values as required, then no more.

    Parameters
    ----------
    task : Task
        What must not be worked out.
    price : numpy.ndarray
        Shape (m,): what is lost with each count; infinite where it may not be left out.

    Returns
    -------
    Choice
        For every protected count that is not among ``unsafe`` two worlds were found, whole numbers that fit
        everything published, which differ in it by at least its width less 1.
    """
    return _choose(task, price, Choice(task.hidden, tuple(task.widths)), may_yield=False)


def choose_further(task: Task, price: np.ndarray, so_far: Choice) -> Choice:
    """Do the same where a first choice, from fewer counts of pupils or sessions, left some unsafe; ``price`` has the shape (m,).

    ``unsafe`` of the result holds no yielding count; whether what these are left with is enough is not said.
    """
    return _choose(task, price, so_far, may_yield=True)


def _choose(task: Task, price: np.ndarray, so_far: Choice, *, may_yield: bool) -> Choice:
    opened, unsafe, meagre, worlds = so_far.is_open.copy(), [], {}, []
    for piece in pieces_of(task.puzzle, price, so_far.is_open, so_far.unsafe):
        found = _choose_in(piece, task, so_far, may_yield=may_yield)
        opened[piece.places] = found.is_open
        unsafe += found.unsafe
        meagre |= found.meagre
        worlds += found.worlds
    known = {place for place in so_far.unsafe if not (task.hidden[place] or np.isfinite(price[place]))}
    if may_yield:
        meagre |= dict.fromkeys(known & task.yielding, 1)
        known -= task.yielding
    return Choice(opened, tuple(sorted({*unsafe, *known})), meagre, worlds)


def _choose_in(piece: Piece, task: Task, so_far: Choice, *, may_yield: bool) -> Choice:
    """Return what is left out of one piece: ``is_open`` has one for each of its counts, the rest names places in the puzzle."""
    widths = {at: task.widths[place] for at, place in enumerate(piece.places) if place in task.widths}
    piece = replace(piece, is_coarse=max(widths.values()) > COARSE)
    search = _Search(piece, task.hidden[piece.places], so_far.is_open[piece.places], known_of(piece, so_far))
    kept = _widths_kept(search, task, widths, may_yield=may_yield)
    few = _with_too_few(piece, task, kept)
    kept |= search.as_many_as_can_be({at: kept[at] for at in few}, widths)
    unsafe = tuple(int(piece.places[at]) for at in widths if at not in kept)
    if not unsafe:
        search.close_again(kept)
    # What is chosen from more counts begins where this ends, and a report that is not made needs no more.
    worlds = [(piece.places, search.worlds)] if unsafe else []
    return Choice(search.is_open, unsafe, {place: kept[at] for at, place in few.items()}, worlds)


def _with_too_few(piece: Piece, task: Task, kept: Mapping[int, int]) -> dict[int, int]:
    """Return which yielding counts are left with fewer values than is enough of others: their places in the puzzle."""
    return {
        at: place
        for at, place in enumerate(piece.places.tolist())
        if at in kept and place in task.yielding and kept[at] < task.enough(place)
    }


def _widths_kept(
    search: "_Search", task: Task, widths: Mapping[int, int], *, may_yield: bool
) -> dict[int, int]:
    """Return how many values each count of a piece is given that can be protected, asking less of those that cannot have all."""
    places = search.piece.places
    lost = search.secure(widths)
    kept = {at: width for at, width in widths.items() if at not in lost}
    kept |= search.content({at: task.least(places[at]) for at in lost if widths[at] > task.level})
    if may_yield:
        bottoms = {at: task.bottom(places[at]) for at in lost if at not in kept}
        kept |= search.give_way(bottoms, widths)
    return kept


def known_of(piece: Piece, so_far: Choice) -> list[np.ndarray]:
    """Return the worlds of a first choice as worlds of a piece of more counts (of pupils or sessions), each of shape (m,)."""
    found = []
    for places, worlds in so_far.worlds:
        inside = np.searchsorted(piece.places, places)
        if np.isin(places, piece.places).all():
            for each in worlds:
                world = piece.truth.copy()
                world[inside] = each
                found.append(world)
    return found


def that_can_have(puzzle: Puzzle, is_open: np.ndarray, widths: Mapping[int, int]) -> list[int]:
    """Return which counts (of pupils or sessions) can have so many values where nothing more is left out.

    Parameters
    ----------
    puzzle : Puzzle
        All that a reader knows; m counts.
    is_open : numpy.ndarray
        Shape (m,), bool: the counts that are left out.
    widths : mapping of int to int
        How many values each of some counts would have, by its position.

    Returns
    -------
    list of int
        Positions, ascending.
    """
    found = []
    for piece in pieces_of(puzzle, np.full(len(is_open), np.inf), is_open, widths):
        exact, everywhere = replace(piece, nodes=None), np.ones(len(piece.places), dtype=bool)
        found += [
            place
            for at, place in enumerate(piece.places.tolist())
            if place in widths and exact.worlds_apart(at, widths[place], everywhere) is not None
        ]
    return sorted(found)


class _Search:
    """The worlds found so far for one piece, and what is left out for them to fit."""

    def __init__(
        self, piece: Piece, hidden: np.ndarray, is_open: np.ndarray, worlds: list[np.ndarray]
    ) -> None:
        self.piece = piece
        self.hidden = hidden
        self.is_open = is_open.copy()
        self.worlds = [piece.truth, *worlds]
        self.searches_left = MOST_SEARCHES * MANY // max(MANY, len(piece.truth))

    def secure(self, widths: Mapping[int, int]) -> list[int]:
        """Leave out what the protected counts need, the widest first; return those that nothing saves."""
        lost = []
        if len(widths) > FEW and len(self.worlds) == 1:
            self.worlds += self.piece.worlds_at_the_edge(widths, self.is_open)
        for target, width in sorted(widths.items(), key=lambda item: (-item[1], item[0])):
            if not self._can_have(target, width):
                lost.append(target)
        return lost

    def _can_have(self, target: int, width: int) -> bool:
        if _spread(self.worlds, target) >= width - 1:
            return True
        found = self.piece.worlds_apart(target, width, self.is_open)
        if found is not None:
            self.worlds += [found.high, found.low]
            self.is_open = found.is_open
        return found is not None

    def content(self, least: Mapping[int, int]) -> dict[int, int]:
        """Return which counts can have the least that ``c`` says by itself, as many sessions as so few pupils have.

        Sessions of few pupils want many values, and are content with somewhat fewer before a figure of the whole school goes.
        """
        return {target: width for target, width in least.items() if self._can_have(target, width)}

    def give_way(self, least: Mapping[int, int], widths: Mapping[int, int]) -> dict[int, int]:
        """Give counts the most values that they can have, below their width; return those that reach their least."""
        found = {}
        for target, bottom in least.items():
            step, room = _step(widths[target]), self._room(target, widths[target])
            tried = [*range(widths[target] - 1, bottom, -step), bottom]
            reached = (width for width in tried if width - 1 <= room and self._can_have(target, width))
            if width := next(reached, 0):
                found[target] = width
        return found

    def _room(self, target: int, width: int) -> float:
        """Return how far apart two worlds in fractions can be in a count, whatever else is left out."""
        reach = REACH * width + float(self.piece.truth.sum())
        may_move = self.is_open | np.isfinite(self.piece.price)
        return self.piece.room(target, may_move, reach) + TOLERANCE

    def as_many_as_can_be(self, kept: Mapping[int, int], widths: Mapping[int, int]) -> dict[int, int]:
        """Return how many values counts can have to the last: ``give_way`` looks in steps, and with room to spare where coarse."""
        is_last = {target: _step(widths[target]) == 1 and not self.piece.is_coarse for target in kept}
        self.piece = replace(self.piece, is_coarse=False)
        return {
            target: width
            if is_last[target]
            else next(more for more in count(width) if not self._can_have(target, more + 1))
            for target, width in kept.items()
        }

    def close_again(self, widths: Mapping[int, int]) -> None:
        """Show again, the dearest first, what was left out and turns out not to be needed.

        Where that takes too many searches, the rest stays out: more than must be, and as safe.
        """
        extra = np.flatnonzero(self.is_open & ~self.hidden)
        for place in sorted(extra, key=lambda place: (-self.piece.price[place], place)):
            self._close(place, widths)

    def _close(self, place: int, widths: Mapping[int, int]) -> None:
        trial = self.is_open.copy()
        trial[place] = False
        worlds = [world for world in self.worlds if self.piece.as_shown(world)[place]]
        shut = self.piece.as_it_stands()
        for target, width in widths.items():
            if _spread(worlds, target) < width - 1:
                self.searches_left -= 1
                if self.searches_left < 0:
                    return
                found = shut.worlds_apart(target, width, trial)
                if found is None:
                    return
                worlds += [found.high, found.low]
        self.is_open, self.worlds = trial, worlds


def _step(width: int) -> int:
    return max(1, width // STEPS)


def _spread(worlds: list[np.ndarray], target: int) -> float:
    values = [world[target] for world in worlds]
    return max(values) - min(values)
