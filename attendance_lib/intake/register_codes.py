"""Register codes as cells hold them: repaired where the meaning is plain, distinguished from marks never made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

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
