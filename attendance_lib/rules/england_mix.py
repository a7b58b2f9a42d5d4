"""What absence England's pupils of the same phase, year group, free school meals and needs have, and how far pupils differ.

Kept in ``england_mix.csv``: DfE's counts of pupils by band of absence, five points wide, over the school year 2022/23, the newest
that DfE has published by these characteristics together. Nothing is to be had by pupil premium, ethnicity, Reception or nursery,
nor of pupil referral units. Which of two mixes is harder changes slowly; how much absence there is does not, so that the table
gives ratios and spreads, and a level is always England's of the same days.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BANDS = Path(__file__).with_name("england_mix.csv")
SOURCE = "DfE, Absence distributions dashboard, data of 15 July 2025: England, school year 2022/23"
WIDTH, BANDS_BELOW_HALF, OVER_HALF = 0.05, 10, 0.75
PERSISTENT_FROM = 2  # bands: 10 % or more missed
YES, NO = "yes", "no"
YOUNGEST = 1  # Reception is not in the table: Year 1 stands in for the few of it who are of compulsory age
Z_95 = 1.96


@dataclass(frozen=True)
class Bands:
    """Pupils by band of absence: ten of five points each, and half or more missed."""

    pupils: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many pupils.

        Examples
        --------
        >>> Bands((2, 1, 1, *[0] * 8)).size
        4
        """
        return sum(self.pupils)

    @property
    def persistent_rate(self) -> float:
        """The fraction that missed 10 % or more.

        Examples
        --------
        >>> Bands((2, 1, 1, *[0] * 8)).persistent_rate  # one of four from 10 % to 15 %
        0.25
        """
        return sum(self.pupils[PERSISTENT_FROM:]) / self.size

    @property
    def absence_rate(self) -> float:
        """The mean fraction missed of a pupil, each taken to be in the middle of its band.

        Examples
        --------
        >>> round(Bands((2, 0, 2, *[0] * 8)).absence_rate, 4)  # two at 2.5 %, two at 12.5 %
        0.075
        """
        return sum(count * middle for count, middle in zip(self.pupils, MIDDLES, strict=True)) / self.size

    @property
    def spread(self) -> float:
        """The standard deviation of the fraction missed from pupil to pupil.

        Examples
        --------
        >>> round(Bands((2, 0, 2, *[0] * 8)).spread, 4)  # each is 5 points from the mean of 7.5 %
        0.05
        """
        mean = self.absence_rate
        squares = (count * (middle - mean) ** 2 for count, middle in zip(self.pupils, MIDDLES, strict=True))
        return math.sqrt(sum(squares) / self.size)


MIDDLES = (*(WIDTH * (band + 0.5) for band in range(BANDS_BELOW_HALF)), OVER_HALF)
# A pupil's year group, free school meals and special needs (yes, no, or empty where not known).
Cell = tuple[int, str, str]


@cache
def cells_of(phase: str) -> dict[Cell, Bands]:
    """Return England's pupils of a phase, by year group, free school meals and needs; none of a phase DfE does not give."""
    with BANDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["phase"] == phase]
    return {
        (int(row["year_group"]), row["fsm"], row["sen"]): Bands(
            tuple(int(row[name]) for name in list(row)[4:])
        )
        for row in rows
    }


@cache
def england_of(phase: str) -> Bands | None:
    """Return all of England's pupils of a phase; None where DfE gives none.

    Examples
    --------
    >>> bands = england_of("secondary")
    >>> round(bands.persistent_rate, 4), round(bands.absence_rate, 3), round(bands.spread, 3)
    (0.2652, 0.102, 0.145)
    >>> england_of("alternative_provision") is None
    True
    """
    return _sum(cells_of(phase).values())


def like(phase: str, cell: Cell) -> Bands | None:
    """Return England's pupils like one pupil: of the year group and what is known of the rest; None where there are none.

    Examples
    --------
    >>> round(like("primary", (3, "yes", "no")).persistent_rate, 2), like("primary", (3, "", "")).size > 600_000
    (0.26, True)
    """
    year, fsm, sen = max(cell[0], YOUNGEST), cell[1], cell[2]
    return _sum(
        bands
        for (of_year, of_fsm, of_sen), bands in cells_of(phase).items()
        if of_year == year and fsm in ("", of_fsm) and sen in ("", of_sen)
    )


def _sum(bands: Iterable[Bands]) -> Bands | None:
    held = [each.pupils for each in bands]
    return Bands(tuple(map(sum, zip(*held, strict=True)))) if held else None


@dataclass(frozen=True)
class Mix:
    """How a school's mix compares with its phase: 1.2 is a fifth more absence than England's pupils of the phase have."""

    absence: float
    persistent: float


def mix_of(phase: str, pupils: Iterable[Cell]) -> Mix | None:
    """Return by what a school's mix alone would raise or lower England's figures (indirect standardisation).

    Parameters
    ----------
    phase : str
        The school's.
    pupils : iterable of Cell
        Each pupil's year group, free school meals and needs.

    Returns
    -------
    Mix or None
        None where DfE gives nothing of the phase or of none of these pupils. Pupils of whom it gives nothing are left out.

    Examples
    --------
    >>> mix = mix_of("primary", [(3, "yes", "yes"), (3, "no", "no")])
    >>> round(mix.absence, 2), round(mix.persistent, 2)
    (1.19, 1.37)
    >>> mix_of("primary", [(12, "no", "no")]) is None
    True
    """
    everyone = england_of(phase)
    counted: dict[Cell, int] = {}
    for cell in pupils:
        counted[cell] = counted.get(cell, 0) + 1
    known = [(bands, count) for cell, count in sorted(counted.items()) if (bands := like(phase, cell))]
    size = sum(count for _, count in known)
    if everyone is None or not size:
        return None
    return Mix(
        absence=sum(bands.absence_rate * count for bands, count in known) / size / everyone.absence_rate,
        persistent=sum(bands.persistent_rate * count for bands, count in known)
        / size
        / everyone.persistent_rate,
    )


def half_width(phase: str, pupils: int) -> float | None:
    """Return within what of the expected a school's absence lies by chance, 19 times in 20: pupils are the unit.

    Parameters
    ----------
    phase : str
        Of which England's spread from pupil to pupil is taken.
    pupils : int
        How many the school has.

    Returns
    -------
    float or None
        A fraction; None where DfE gives nothing of the phase. Sessions as the unit would make it 7 to 10 times too narrow,
        since those of one pupil are alike.

    Examples
    --------
    >>> round(half_width("primary", 210), 3), round(half_width("secondary", 900), 3)
    (0.011, 0.009)
    """
    everyone = england_of(phase)
    return Z_95 * everyone.spread / math.sqrt(pupils) if everyone and pupils else None
