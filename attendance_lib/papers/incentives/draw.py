"""A draw that anyone can check: the list's hash first, then a public value, then winners that follow from the two.

Nothing here is random. Whoever has the list and the public value finds the same winners with a few lines of any language.
Source of the practice: RFC 3797 (publish the list before the public source is known, never change it, let anyone run it again).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

BLOCK_BITS = 256
COUNTER_BYTES = 8


@dataclass(frozen=True)
class Drawn:
    """One place of a draw: its number from 1, the ticket (from 1) and whose it is; ``is_reserve`` of those after the prizes."""

    place: int
    ticket: int
    pupil_id: str
    is_reserve: bool


def list_text(draw: str, rule: str, holders: Sequence[str]) -> str:
    """Return a list of tickets as the text whose hash is made.

    Parameters
    ----------
    draw : str
        Which draw it is: kind, first and last day.
    rule : str
        The rule in force, in words: a rule changed afterwards changes the hash.
    holders : sequence of str
        Whose each ticket is, ticket 1 first.

    Returns
    -------
    str
        A line for the draw, one for the rule, then one a ticket: its number, a blank and the pupil.

    Examples
    --------
    >>> list_text("raffle 2026-11-16 2026-11-20", "one prize", ["003401", "003402"]).splitlines()
    ['raffle 2026-11-16 2026-11-20', 'one prize', '1 003401', '2 003402']
    """
    tickets = (f"{number} {pupil}" for number, pupil in enumerate(holders, start=1))
    return "\n".join([draw, rule, *tickets]) + "\n"


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as ``sha256sum`` prints it.

    Examples
    --------
    >>> hash_of("")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def seed_of(list_hash: str, draw: str, public_value: str) -> str:
    """Return the seed of a draw: the SHA-256 of the list's hash, the draw and the public value, a line each.

    Examples
    --------
    >>> seed_of("00", "raffle", "4 8 15") == hash_of("00\\nraffle\\n4 8 15\\n")
    True
    """
    return hash_of(f"{list_hash}\n{draw}\n{public_value}\n")


class Numbers:
    """Whole numbers that follow from a seed, each as likely as every other.

    Block n is the SHA-256 of the seed's digits followed by the counter n, eight bytes with the highest first. A block at or above
    the largest multiple of the limit is refused, since a remainder alone would favour small numbers; each counter is used once.
    """

    def __init__(self, seed: str) -> None:
        self.seed, self.counter = seed.encode("ascii"), 0

    def below(self, limit: int) -> int:
        """Return the next whole number from 0 to just below a limit (at least 1)."""
        fair = (1 << BLOCK_BITS) // limit * limit
        while (value := self._block()) >= fair:
            pass
        return value % limit

    def _block(self) -> int:
        block = hashlib.sha256(self.seed + self.counter.to_bytes(COUNTER_BYTES)).digest()
        self.counter += 1
        return int.from_bytes(block)


def draw_winners(holders: Sequence[str], seed: str, prizes: int, reserves: int) -> list[Drawn]:
    """Draw the prizes and, once, the reserves; nobody is drawn twice.

    Parameters
    ----------
    holders : sequence of str
        Whose each ticket is, ticket 1 first.
    seed : str
        The seed (``seed_of``).
    prizes, reserves : int
        How many of each; fewer where fewer pupils hold tickets.

    Returns
    -------
    list of Drawn
        In the order drawn, the reserves last.

    Examples
    --------
    >>> [each.pupil_id for each in draw_winners(["a", "a", "a"], "00", prizes=2, reserves=1)]
    ['a']
    """
    numbers, left = Numbers(seed), list(enumerate(holders, start=1))
    drawn: list[Drawn] = []
    while left and len(drawn) < prizes + reserves:
        ticket, pupil = left[numbers.below(len(left))]
        drawn.append(Drawn(len(drawn) + 1, ticket, pupil, len(drawn) >= prizes))
        left = [each for each in left if each[1] != pupil]
    return drawn
