"""Register codes as cells hold them: repaired where the meaning is plain, distinguished from marks never made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np

from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.privacy import for_message, is_a_date
from attendance_lib.intake.values import as_text
from attendance_lib.rules.codes import KNOWN_LETTERS

# What systems show where no mark was made. Source: DfE codes leave these out; SIMS prints "-" for "no mark".
NO_MARK = frozenset({"", "-", "?", "*", "@", "!", "\u2013", "\u2014"})
SLASHES = str.maketrans({"\u2044": "/", "\u2215": "/", "\uff0f": "/", "\uff3c": "\\", "\u2216": "\\"})
BETWEEN = re.compile(r"(?<=[A-Z])[-_. ]+(?=[0-9])")


class CodeState(StrEnum):
    """What became of a cell's text."""

    AS_FOUND = "as found"
    REPAIRED = "repaired"
    NO_MARK = "no mark"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RegisterCode:
    """A register code and how it was found; ``letter`` is empty for a mark never made or an unknown code."""

    letter: str
    state: CodeState


def read_code(cell: object) -> RegisterCode:
    r"""Return the register code in a cell.

    Examples
    --------
    >>> [read_code(cell).letter for cell in ("/", " l ", "C-1", "c 2", r"\\", "'/")]
    ['/', 'L', 'C1', 'C2', '\\', '/']
    >>> read_code("-").state.value, read_code("A").state.value
    ('no mark', 'unknown')
    """
    text = as_text(cell)
    if text in NO_MARK:
        return RegisterCode("", CodeState.NO_MARK)
    if text in KNOWN_LETTERS:
        return RegisterCode(text, CodeState.AS_FOUND if text == cell else CodeState.REPAIRED)
    tried = BETWEEN.sub("", text.translate(SLASHES).upper().lstrip("'").strip()).replace("\\\\", "\\")
    return (
        RegisterCode(tried, CodeState.REPAIRED)
        if tried in KNOWN_LETTERS
        else RegisterCode("", CodeState.UNKNOWN)
    )


@dataclass(frozen=True, eq=False)
class RegisterCodes:
    """A column of codes: repaired, with the state of each row and of each distinct cell, and what was unknown."""

    column: Encoded
    state: np.ndarray
    state_of: tuple[CodeState, ...]
    unknown: dict[str, int]
    repaired: dict[str, int]


def repair_codes(cells: Encoded) -> RegisterCodes:
    """Return a column of cells as codes, with counts of what was repaired and what nobody knows.

    Examples
    --------
    >>> codes = repair_codes(Encoded.of(np.array(["/", "i", "A", ""], dtype=object)))
    >>> codes.column.cells().tolist(), codes.repaired, codes.unknown
    (['/', 'I', '', ''], {"'i' as 'I'": 1}, {"'A'": 1})
    """
    found = [read_code(cell) for cell in cells.values]
    states = np.array([each.state for each in found], dtype=object)
    tallied = list(zip(cells.values, found, cells.counts().tolist(), strict=True))
    return RegisterCodes(
        cells.map(lambda cell: read_code(cell).letter),
        cells.holds(states),
        tuple(states),
        {code_for_message(cell): count for cell, each, count in tallied if each.state is CodeState.UNKNOWN},
        {
            f"{code_for_message(cell)} as '{each.letter}'": count
            for cell, each, count in tallied
            if each.state is CodeState.REPAIRED
        },
    )


def code_for_message(cell: object) -> str:
    """Return a cell of codes as a message shows it; what may be a name or a date of birth is not shown.

    Examples
    --------
    >>> code_for_message("A"), code_for_message("Present"), code_for_message("Amelia"), code_for_message("06/04/2015")
    ("'A'", "'Present'", 'a text of 6 characters', 'a date')
    """
    return "a date" if is_a_date(cell) else for_message(cell)


# Codes of a system's own, and the register code that the school file gives for each

# The rule under which the ledger has what was read so.
OWN_CODES = "own_codes"


@dataclass(frozen=True)
class OwnCodes:
    """``codes`` of the school file: each a code of the system's own and the register code that it stands for."""

    codes: Mapping[str, str] = field(default_factory=dict)

    def standard(self, cell: object) -> object:
        """Return the register code that a cell stands for, the cell itself where the school file has none.

        Examples
        --------
        >>> OwnCodes({"I01": "I"}).standard(" i01 "), OwnCodes({"I01": "I"}).standard("/")
        ('I', '/')
        """
        return self._known.get(as_text(cell).upper(), cell) if self.codes else cell

    def names(self, cell: object) -> bool:
        """Return whether the school file has a register code for a cell."""
        return bool(self.codes) and as_text(cell).upper() in self._known

    @cached_property
    def _known(self) -> dict[str, str]:
        return {name.strip().upper(): read_code(code).letter for name, code in self.codes.items()}
