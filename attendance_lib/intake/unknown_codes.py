"""What is said of cells that hold no register code: two marks in one, a system's own codes, or a fault of the register."""

import re
from collections.abc import Iterable

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.values import as_text
from attendance_lib.rules.codes import KNOWN_LETTERS

SHOWN_CODES = 8
SHOWN_OWN, EXAMPLE = 3, 'I01: "I"'
# A register code with a number behind it, as I01 and X06.
SUB_CODE = re.compile(r"([A-Z])[-. ]?\d{1,3}")
PLAIN_KEY = re.compile(r"[A-Za-z]\w*")


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
    return f"{what} {_remedy(texts)}"


def _remedy(texts: list[str]) -> str:
    """Say what to do: a sub-code is the system's and not the register's fault, anything else is one or the other."""
    own = {
        text: match[1] for text in texts if (match := SUB_CODE.fullmatch(text)) and match[1] in KNOWN_LETTERS
    }
    shown = ", ".join(f'{text}: "{code}"' for text, code in sorted(own.items())[:SHOWN_OWN])
    say = "say in the school file, beside the path, which register code each stands for, as in"
    if len(own) == len(texts):
        return f"These look like codes of your system's own: {say} codes: {{{shown}}}."
    return f"Correct the register and export again; of codes of your system's own {say} codes: {{{shown or EXAMPLE}}}."


def is_pair(text: str) -> bool:
    r"""Whether a text is two register codes, as of a morning and an afternoon.

    Examples
    --------
    >>> is_pair("/\\"), is_pair("I \\"), is_pair("C1/"), is_pair("C1"), is_pair("A")
    (True, True, True, False, False)
    """
    halves = ((text[:place].strip(), text[place:].strip()) for place in range(1, len(text)))
    return text not in KNOWN_LETTERS and any(set(half) <= KNOWN_LETTERS for half in halves)


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
