"""A reader who holds two reports, knows the rules and solves integer programmes. Shares no code with the suppressor.

He thinks in pupils rather than in published counts: at each date every value of every characteristic is split into
four bands of absence, and each printed count is a sum of such atoms. Who is over a line at both dates, at one or has
left is a small table of its own. All of it is whole numbers from 0 up, and each characteristic splits the same school.
Beyond what is printed he is told, exactly, every count behind a rate that is printed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

BANDS = ("above_95", "at_risk", "persistent_not_severe", "severely_absent")
BANDS_OF = {None: BANDS, "persistently_absent": BANDS[2:], **{band: (band,) for band in BANDS}}
SESSION_MEASURES = {"possible": ("attended", "absence"), "absence": ("absence",), "suspended": ("suspended",)}
GROUP_LIMIT = 10  # of fewer nothing is said

Coordinates = frozenset  # of (name, value) pairs


@dataclass(frozen=True)
class Printed:
    """One count in one report: the number, or None for ``c``; ``of`` are the coordinates of its enrolments."""

    what: Coordinates
    value: int | None
    of: Coordinates | None


def read_tables(originals: Iterable, published: Iterable) -> list[Printed]:
    """Read what a report prints; a count that is not shown counts as printed where every rate made of it is."""
    found = []
    for before, after in zip(originals, published, strict=True):
        bases = {count.column: dict(count.coordinates) for count in before.counts}
        for count in before.counts:
            rates = [rate.column for rate in before.rates if count.column in rate.counts]
            for row, where in enumerate(before.rows):
                truth = before.frame[count.column].iloc[row]
                cells = [
                    after.frame[name].iloc[row] for name in ([count.column] if count.is_shown else rates)
                ]
                what = frozenset({**where, **count.coordinates}.items())
                of = frozenset({**where, **bases[count.out_of]}.items()) if count.out_of else None
                is_hidden = any(isinstance(cell, str) for cell in cells)
                if count.is_shown and not is_hidden:
                    assert cells[0] == truth
                found.append(Printed(what, None if is_hidden else int(truth), of))
    return found


def tells_of_ten(printed: Printed, values: dict[Coordinates, int | None]) -> bool:
    """Whether a number would not be printed of a small group: any but a 0 that the whole school's 0 implies."""
    whole = frozenset(pair for pair in printed.what if pair[0] in ("as_at", "measure"))
    return bool(printed.value) or (printed.value == 0 and values.get(whole, 0) != 0)


@dataclass
class Attack:
    """Linear constraints over atoms, one column each."""

    characteristics: dict[str, tuple[str, ...]]
    columns: dict[tuple, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def column(self, *name: object) -> int:
        return self.columns.setdefault(name, len(self.columns))

    def atoms(self, what: Coordinates) -> list[int]:
        """The atoms that a count is the sum of."""
        where = dict(what)
        as_at, measure = where.pop("as_at"), where.pop("measure", None)
        if "flow" in where:
            return [self.column(as_at, "flow", measure, where["flow"])]
        name, value = next(iter(where.items()), ("whole", "whole"))
        kinds = SESSION_MEASURES.get(measure) or BANDS_OF[measure]
        return [self.column(as_at, name, value, kind) for kind in kinds]

    def add(
        self, plus: Iterable[int], minus: Iterable[int] = (), low: float = 0.0, high: float = np.inf
    ) -> None:
        row: dict[int, float] = {}
        for sign, places in ((1.0, plus), (-1.0, minus)):
            for place in places:
                row[place] = row.get(place, 0.0) + sign
        self.rows.append((row, low, high))

    def know(self, printed: list[Printed]) -> None:
        """Take in one report: its figures, and what a ``c`` cannot be."""
        values = {each.what: each.value for each in printed}
        counted = {each.of for each in printed if each.of is not None and tells_of_ten(each, values)}
        for each in printed:
            size = values[each.of] if each.of is not None else None
            is_large = each.of in counted or (size is not None and size >= GROUP_LIMIT)
            least = GROUP_LIMIT if each.what in counted else 1 if each.of is None or is_large else 0
            low, high = (each.value, each.value) if each.value is not None else (least, np.inf)
            self.add(self.atoms(each.what), low=low, high=high)

    def know_the_school(self, dates: Iterable[str]) -> None:
        """Every characteristic splits the same school; FSM is within pupil premium."""
        kinds = (*BANDS, "attended", "absence", "suspended")
        for as_at, kind, (name, values) in product(dates, kinds, self.characteristics.items()):
            if kind == "suspended" and name != "year_group":
                continue
            parts = [self.column(as_at, name, value, kind) for value in values]
            self.add(parts, [self.column(as_at, "whole", "whole", kind)], high=0)
        for as_at, kind in product(dates, kinds[:-1]):
            premium, meals = (self.column(as_at, name, "yes", kind) for name in ("pupil_premium", "fsm"))
            self.add([premium], [meals])

    def know_the_flow(self, then: str, now: str) -> None:
        for measure in ("persistently_absent", "severely_absent"):
            part = {
                name: self.column(now, "flow", measure, name) for name in ("stayed", "joined", "left", "gone")
            }
            for as_at, names in ((now, ("stayed", "joined")), (then, ("stayed", "left", "gone"))):
                whole = self.atoms(frozenset({("as_at", as_at), ("measure", measure)}))
                self.add([part[name] for name in names], whole, high=0)

    def ranges(self, targets: list[list[int]], enough: list[int]) -> list[float]:
        """For each sum of atoms how many values it can have, counted up to ``enough``."""
        solver = _Solver.of(self)
        worlds = [solver.world(np.zeros(len(self.columns)))]
        widths = []
        for atoms, wanted in zip(targets, enough, strict=True):
            if _width(worlds, atoms) < wanted:
                aim = np.zeros(len(self.columns))
                aim[atoms] = 1
                worlds += [solver.world(aim), solver.world(-aim)]
            widths.append(_width(worlds, atoms))
        return widths


def _width(worlds: list[np.ndarray], atoms: list[int]) -> float:
    sums = [world[atoms].sum() for world in worlds]
    return max(sums) - min(sums) + 1


@dataclass
class _Solver:
    matrix: coo_array
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, attack: Attack) -> "_Solver":
        entries = [
            (line, place, sign) for line, (row, _, _) in enumerate(attack.rows) for place, sign in row.items()
        ]
        line, place, sign = zip(*entries, strict=True)
        shape = (len(attack.rows), len(attack.columns))
        low, high = (np.array([row[side] for row in attack.rows]) for side in (1, 2))
        return cls(coo_array((sign, (line, place)), shape=shape).tocsc(), low, high)

    def world(self, aim: np.ndarray) -> np.ndarray:
        """The school that fits everything known, to the last pupil, and has least of ``aim``.

        Without presolve: with it HiGHS 1.12 calls a world best that is not (seed 29: 6 and up, where 2 fits too).
        """
        solved = milp(
            aim,
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            bounds=Bounds(0, 1e6),
            integrality=np.ones(len(aim)),
            options={"presolve": False},
        )
        assert solved.x is not None, solved.message
        world = np.round(solved.x)
        sums = self.matrix @ world
        assert min(world.min(), (sums - self.low).min(), (self.high - sums).min()) >= 0, "no such school"
        return world
