"""Register codes as cells hold them: repaired where the meaning is plain, told apart from marks never made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np

from attendance_lib.intake.encoded import Coded
from attendance_lib.intake.privacy import is_a_date, shown_plainly
from attendance_lib.intake.values import as_text
from attendance_lib.rules.codes import KNOWN_LETTERS

# What systems show where no mark was made. Source: DfE codes leave these out; SIMS prints "-" for "no mark".
NO_MARK = frozenset({"", "-", "?", "*", "@", "!", "\u2013", "\u2014"})
SLASHES = str.maketrans({"\u2044": "/", "\u2215": "/", "\uff0f": "/", "\uff3c": "\\", "\u2216": "\\"})
BETWEEN = re.compile(r"(?<=[A-Z])[-_. ]+(?=[0-9])")


class LetterState(StrEnum):
    """What became of a cell's text."""

    AS_FOUND = "as found"
    REPAIRED = "repaired"
    NO_MARK = "no mark"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Letter:
    """A code and how it was come by; ``letter`` is empty for a mark never made or a code nobody knows."""

    letter: str
    state: LetterState


def as_letter(cell: object) -> Letter:
    r"""Return the register code in a cell.

    Examples
    --------
    >>> [as_letter(cell).letter for cell in ("/", " l ", "C-1", "c 2", r"\\", "'/")]
    ['/', 'L', 'C1', 'C2', '\\', '/']
    >>> as_letter("-").state.value, as_letter("A").state.value
    ('no mark', 'unknown')
    """
    text = as_text(cell)
    if text in NO_MARK:
        return Letter("", LetterState.NO_MARK)
    if text in KNOWN_LETTERS:
        return Letter(text, LetterState.AS_FOUND if text == cell else LetterState.REPAIRED)
    tried = BETWEEN.sub("", text.translate(SLASHES).upper().lstrip("'").strip()).replace("\\\\", "\\")
    return Letter(tried, LetterState.REPAIRED) if tried in KNOWN_LETTERS else Letter("", LetterState.UNKNOWN)


@dataclass(frozen=True, eq=False)
class Letters:
    """A column of codes: repaired, with the state of each row and of each distinct cell, and what was unknown."""

    column: Coded
    state: np.ndarray
    state_of: tuple[LetterState, ...]
    unknown: dict[str, int]
    repaired: dict[str, int]


def repair_letters(cells: Coded) -> Letters:
    """Return a column of cells as codes, with counts of what was repaired and what nobody knows.

    Examples
    --------
    >>> letters = repair_letters(Coded.of(np.array(["/", "i", "A", ""], dtype=object)))
    >>> letters.column.cells().tolist(), letters.repaired, letters.unknown
    (['/', 'I', '', ''], {"'i' as 'I'": 1}, {"'A'": 1})
    """
    found = [as_letter(cell) for cell in cells.values]
    counts = cells.counts()
    letters = np.empty(len(found), dtype=object)
    letters[:] = [each.letter for each in found]
    states = np.array([each.state for each in found], dtype=object)
    merged = Coded.of(letters)
    tallied = list(zip(cells.values, found, counts.tolist(), strict=True))
    return Letters(
        Coded(merged.values, merged.places[cells.places] if len(found) else cells.places),
        cells.holds(states),
        tuple(states),
        {shown_code(cell): count for cell, each, count in tallied if each.state is LetterState.UNKNOWN},
        {
            f"{shown_code(cell)} as '{each.letter}'": count
            for cell, each, count in tallied
            if each.state is LetterState.REPAIRED
        },
    )


def shown_code(cell: object) -> str:
    """Return a cell of codes as a message shows it; what may be a name or a date of birth is not shown.

    Examples
    --------
    >>> shown_code("A"), shown_code("Present"), shown_code("Amelia"), shown_code("06/04/2015")
    ("'A'", "'Present'", 'a text of 6 characters', 'a date')
    """
    return "a date" if is_a_date(cell) else shown_plainly(cell)


# Codes of a system's own, and what the school file says that each stands for

# The rule under which the ledger has what was read so.
OWN_CODES = "own_codes"


@dataclass(frozen=True)
class OwnCodes:
    """``codes`` of the school file: each a code of the system's own and the register code that it stands for."""

    codes: Mapping[str, str] = field(default_factory=dict)

    def standard(self, cell: object) -> object:
        """Return the register code that a cell stands for, the cell itself where the school file does not say.

        Examples
        --------
        >>> OwnCodes({"I01": "I"}).standard(" i01 "), OwnCodes({"I01": "I"}).standard("/")
        ('I', '/')
        """
        return self._known.get(as_text(cell).upper(), cell) if self.codes else cell

    def names(self, cell: object) -> bool:
        """Whether the school file says what a cell stands for."""
        return bool(self.codes) and as_text(cell).upper() in self._known

    @cached_property
    def _known(self) -> dict[str, str]:
        return {name.strip().upper(): as_letter(code).letter for name, code in self.codes.items()}
