"""The register of the demo school while it is being filled in."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from attendance_lib.demo.roll import Roll
from attendance_lib.demo.timetable import Timetable
from attendance_lib.rules.codes import Category, code_in_force

CODES = (
    "", "/", "\\", "L", "U", "I", "M", "C", "C1", "C2", "E", "R", "S", "T", "J1", "G", "N", "O", "B", "K", "P", "V",
    "W", "D", "Q", "Y1", "Y4", "Y7", "H", "J", "#", "X",
)  # fmt: skip
"""Codes that the demo school writes, the blank first; a cell holds the position of its code."""
PLACE = {code: place for place, code in enumerate(CODES)}
PRESENT = ("/", "\\")
_RULES_OF = date(2026, 11, 20)


def _codes_of(*categories: Category) -> tuple[str, ...]:
    """The codes of the demo school that count in some way today."""
    in_force = {code: code_in_force(code, _RULES_OF) for code in CODES}
    return tuple(code for code, rule in in_force.items() if rule and rule.category in categories)


AUTHORISED = _codes_of(Category.AUTHORISED_ABSENCE)
UNAUTHORISED = _codes_of(Category.UNAUTHORISED_ABSENCE)
ATTENDING = _codes_of(Category.PRESENT, Category.APPROVED_ACTIVITY)


@dataclass
class Book:
    """A grid of codes, enrolments down and sessions across, that later steps write over.

    Attributes
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.
    cells : numpy.ndarray
        ``uint8``, positions in `CODES`; AM and PM of each day in turn.
    minutes_late : numpy.ndarray
        ``int16``, minutes late of each cell; -1 where none were written down.
    kept : numpy.ndarray
        Enrolments whose marks are planted: steps that scatter marks leave them alone.
    """

    timetable: Timetable
    roll: Roll
    cells: np.ndarray
    minutes_late: np.ndarray = field(init=False)
    kept: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.minutes_late = np.full(self.cells.shape, -1, dtype=np.int16)
        self.kept = np.zeros(len(self.cells), dtype=bool)

    @property
    def sessions(self) -> int:
        """How many sessions the grid has."""
        return self.cells.shape[1]

    def holds(self, codes: tuple[str, ...]) -> np.ndarray:
        """Say for each cell whether it holds one of the codes (boolean, shape (enrolments, sessions))."""
        wanted = np.zeros(len(CODES), dtype=bool)
        wanted[[PLACE[code] for code in codes]] = True
        return wanted[self.cells]

    def is_open(self) -> np.ndarray:
        """Say for each cell whether the pupil was on roll and the session took place (boolean, shape (enrolments, sessions))."""
        return np.repeat(self.roll.is_on_roll, 2, axis=1) & ~self.closed()

    def closed(self) -> np.ndarray:
        """Say for each cell whether the session did not happen for the year group (boolean, shape (enrolments, sessions))."""
        years = np.repeat(self.roll.year_groups, 2, axis=1)
        closed = np.zeros(self.cells.shape, dtype=bool)
        for year_group, shut in self.timetable.closed.items():
            closed |= (years == year_group) & shut[None, :]
        return closed

    def put(self, where: np.ndarray, code: str, over: tuple[str, ...] | None = None) -> None:
        """Write a code into cells (boolean, one row per enrolment, one column per session), or only over those of ``over``."""
        self.cells[where if over is None else where & self.holds(over)] = PLACE[code]

    def put_days(self, enrolments: np.ndarray, days: np.ndarray, code: str) -> None:
        """Write a code into both sessions of single days: positions of enrolments and of days, one per row of both."""
        self.cells[enrolments, 2 * days] = PLACE[code]
        self.cells[enrolments, 2 * days + 1] = PLACE[code]

    def sessions_between(self, start: str, end: str) -> np.ndarray:
        """Say for each session whether its date is from ``start`` to ``end``, both included (boolean, shape (sessions,))."""
        days = self.timetable.days
        return np.repeat((days >= np.datetime64(start)) & (days <= np.datetime64(end)), 2)


def blank_book(timetable: Timetable, roll: Roll) -> Book:
    """Open a register in which everybody attended every session.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.

    Returns
    -------
    Book
        Present marks everywhere; cells off roll and closed sessions are stamped last, by the exports.
    """
    row = np.tile(np.array([PLACE["/"], PLACE["\\"]], dtype=np.uint8), len(timetable.days))
    return Book(timetable, roll, np.tile(row, (len(roll.table), 1)))


def spell_days(starts: np.ndarray, lengths: np.ndarray, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Lay out spells of whole days, one per row, cut off at the last day.

    Parameters
    ----------
    starts, lengths : numpy.ndarray
        First day of each spell and its length in school days.
    last : int
        Position of the last day there is.

    Returns
    -------
    tuple of numpy.ndarray
        For each day of each spell, the number of the spell and the position of the day.

    Examples
    --------
    >>> spells, days = spell_days(np.array([3, 8]), np.array([2, 3]), last=9)
    >>> spells.tolist(), days.tolist()
    ([0, 0, 1, 1], [3, 4, 8, 9])
    """
    spells = np.repeat(np.arange(len(starts)), lengths)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    days = starts[spells] + offsets
    return spells[days <= last], days[days <= last]
