"""Which further counts to leave out, so that no protected one can be worked out from the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from attendance_lib.analysis.disclosure.piece import COARSE, Piece, pieces_of
from attendance_lib.analysis.disclosure.puzzle import Puzzle

# How often one part of the puzzle may ask whether a figure can be shown again; a number and not a time, as in `solver`.
MOST_SEARCHES = 400
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
        """With how few values the search stops: where an earlier report may have said too much, any is better."""
        return 1 if place in self.yielding else self.enough(place)

    def enough(self, place: int) -> int:
        """With how few values a report is made without another look at what earlier ones say."""
        return min(self.level, self.least(place)) if place in self.modest else self.least(place)

    def least(self, place: int) -> int:
        """With how few values a count may be left if it cannot have its width.

        As many as ``c`` has by itself: one in ``level`` fewer. What has fewer than ``level`` to begin with, in a group
        of so few, keeps them all.
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
    """

    is_open: np.ndarray
    unsafe: tuple[int, ...]
    meagre: Mapping[int, int] = field(default_factory=dict)


def choose(task: Task, price: np.ndarray) -> Choice:
    """Leave out counts until every protected one can have as many values as required, then no more than needed.

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
    """Do the same where a first choice, from fewer counts, left some unsafe; ``price`` has the shape (m,).

    ``unsafe`` of the result holds no yielding count; whether what these are left with is enough is not said.
    """
    return _choose(task, price, so_far, may_yield=True)


def _choose(task: Task, price: np.ndarray, so_far: Choice, *, may_yield: bool) -> Choice:
    opened, unsafe, meagre = so_far.is_open.copy(), [], {}
    for piece in pieces_of(task.puzzle, price, so_far.is_open):
        if np.isin(piece.places, so_far.unsafe).any():
            widths = {at: task.widths[place] for at, place in enumerate(piece.places) if place in task.widths}
            piece = replace(piece, is_coarse=max(widths.values()) > COARSE)
            search = _Search(piece, task.hidden[piece.places], so_far.is_open[piece.places])
            lost = search.secure(widths)
            kept = {at: width for at, width in widths.items() if at not in lost}
            kept |= search.content(
                {at: task.least(piece.places[at]) for at in lost if widths[at] > task.level}
            )
            if may_yield:
                lost = [at for at in lost if at not in kept]
                kept |= search.give_way({at: task.bottom(piece.places[at]) for at in lost}, widths)
            few = {
                at: place
                for at, place in enumerate(piece.places.tolist())
                if at in kept and place in task.yielding and kept[at] < task.enough(place)
            }
            kept |= search.as_many_as_can_be({at: kept[at] for at in few})
            search.close_again(kept)
            meagre |= {place: kept[at] for at, place in few.items()}
            opened[piece.places] = search.is_open
            unsafe += [int(piece.places[at]) for at in lost if at not in kept]
    known = {place for place in so_far.unsafe if not (task.hidden[place] or np.isfinite(price[place]))}
    if may_yield:
        meagre |= dict.fromkeys(known & task.yielding, 1)
        known -= task.yielding
    return Choice(opened, tuple(sorted({*unsafe, *known})), meagre)


def can_have(puzzle: Puzzle, is_open: np.ndarray, place: int, width: int) -> bool:
    """Whether a count (of pupils or sessions) can have so many values where nothing more is left out.

    ``is_open`` (boolean, shape (m,)) says which counts are left out; ``place`` is the position of the count among them.
    """
    for piece in pieces_of(puzzle, np.full(len(is_open), np.inf), is_open):
        if place in piece.places:
            target = int(np.flatnonzero(piece.places == place)[0])
            piece = replace(piece, is_coarse=width > COARSE, nodes=None)
            return piece.worlds_apart(target, width, np.ones(len(piece.places), dtype=bool)) is not None
    return False


class _Search:
    """The worlds found so far for one piece, and what is left out for them to fit."""

    def __init__(self, piece: Piece, hidden: np.ndarray, is_open: np.ndarray) -> None:
        self.piece = piece
        self.hidden = hidden
        self.is_open = is_open.copy()
        self.worlds = [piece.truth]
        self.searches_left = MOST_SEARCHES

    def secure(self, widths: Mapping[int, int]) -> list[int]:
        """Leave out what the protected counts need, the widest first; return those that nothing saves."""
        lost = []
        if len(widths) > FEW:
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
            step = max(1, widths[target] // STEPS)
            tried = [*range(widths[target] - 1, bottom, -step), bottom]
            reached = (width for width in tried if self._can_have(target, width))
            if width := next(reached, 0):
                found[target] = width
        return found

    def as_many_as_can_be(self, kept: Mapping[int, int]) -> dict[int, int]:
        """Return how many values counts can have to the last, which ``give_way`` looks for in steps."""
        return {
            target: next(width for width in count(width) if not self._can_have(target, width + 1))
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


def _spread(worlds: list[np.ndarray], target: int) -> float:
    values = [world[target] for world in worlds]
    return max(values) - min(values)
