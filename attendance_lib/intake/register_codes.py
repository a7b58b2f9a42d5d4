"""Register codes as cells hold them: repaired where the meaning is plain, distinguished from marks never made."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from attendance_lib.errors import counted, in_number
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


# The finding about cells that hold no register code: two marks in one, a system's own codes, or a fault of the register

SHOWN_CODES = 8
SHOWN_OWN, EXAMPLE = 3, 'I01: "I"'
# A register code with a number behind it, as I01 and X06.
SUB_CODE = re.compile(r"([A-Z])[-. ]?\d{1,3}")


def unknown_codes_words(cells: Iterable[object], counts: dict[str, int], mangled: str) -> str:
    """Return what is wrong with cells that hold no register code, and what to do.

    Parameters
    ----------
    cells : iterable
        What they hold, each once.
    counts : dict of str to int
        How often, by how a message shows it.
    mangled : str
        What a spreadsheet program did to them, as a sentence with a blank before it; empty if nothing.

    Examples
    --------
    >>> unknown_codes_words(["Q1"], {"'Q1'": 3}, "").partition(". ")[0]
    "3 marks hold what is no register code ('Q1' 3 times) and are left out"
    """
    texts = [as_text(cell).upper() for cell in cells]
    count = sum(counts.values())
    are = in_number(count, "is", "are")
    pairs = sum(map(is_pair, texts))
    if 2 * pairs > len(texts):
        holds = counted(count, "cell holds", "cells hold")
        return (
            f"{holds} two marks, or what is no register code ({listed(counts)}), and {are} left out.{mangled} "
            "Export one row or one column for each session, so that each cell holds one mark."
        )
    what = f"{counted(count, 'mark holds', 'marks hold')} what is no register code ({listed(counts)}) and {are} left out.{mangled}"
    return f"{what} {unknown_codes_remedy(texts)}"


def unknown_codes_remedy(texts: list[str]) -> str:
    """Say what to do about cells (in capitals): a sub-code is the system's and no register's fault, else it is one or the other.

    Examples
    --------
    >>> unknown_codes_remedy(["I01", "I02"]).partition("codes: ")[2]
    '{I01: "I", I02: "I"}.'
    """
    own = own_codes(texts)
    shown = ", ".join(f'{text}: "{code}"' for text, code in sorted(own.items())[:SHOWN_OWN])
    say = "say in the school file, beside the path, which register code each stands for, as in"
    if len(own) == len(texts):
        return f"These look like codes of your system's own: {say} codes: {{{shown}}}."
    return f"Correct the register and export again; of codes of your system's own {say} codes: {{{shown or EXAMPLE}}}."


def own_codes(texts: list[str]) -> dict[str, str]:
    """Return, of cells (in capitals) that are codes of a system's own, each with the register code it begins with.

    Examples
    --------
    >>> own_codes(["I01", "X99Y", "?", "C12"])
    {'I01': 'I', 'C12': 'C'}
    """
    matches = {text: SUB_CODE.fullmatch(text) for text in texts}
    return {text: match[1] for text, match in matches.items() if match and match[1] in KNOWN_LETTERS}


def is_pair(text: str) -> bool:
    r"""Whether a text is two register codes, as of a morning and an afternoon.

    Examples
    --------
    >>> is_pair("/\\"), is_pair("I \\"), is_pair("C1/"), is_pair("C1"), is_pair("A")
    (True, True, True, False, False)
    """
    halves = ((text[:place].strip(), text[place:].strip()) for place in range(1, len(text)))
    return text not in KNOWN_LETTERS and any(set(half) <= KNOWN_LETTERS for half in halves)


def counted_codes(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return how often each text occurs, as messages show cells: different cells may be shown alike.

    Examples
    --------
    >>> counted_codes([("'A'", 1), ("a text of 6 characters", 2), ("a text of 6 characters", 3)])
    {"'A'": 1, 'a text of 6 characters': 5}
    """
    total: dict[str, int] = {}
    for shown, count in counts:
        total[shown] = total.get(shown, 0) + count
    return total


def listed(counts: dict[str, int]) -> str:
    """Return what occurs how often, most often first.

    Examples
    --------
    >>> listed({"'A'": 1, "'B'": 2})
    "'B' 2 times, 'A' 1 time"
    """
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    more = f" and {counted(len(most) - SHOWN_CODES, 'other')}" if len(most) > SHOWN_CODES else ""
    return ", ".join(f"{what} {counted(count, 'time')}" for what, count in most[:SHOWN_CODES]) + more


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
        """Return whether the school file has a register code for a cell.

        Examples
        --------
        >>> OwnCodes({"I01": "I"}).names("i01"), OwnCodes({"I01": "I"}).names("/")
        (True, False)
        """
        return bool(self.codes) and as_text(cell).upper() in self._known

    @cached_property
    def _known(self) -> dict[str, str]:
        return {name.strip().upper(): read_code(code).letter for name, code in self.codes.items()}
