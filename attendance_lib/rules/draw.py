"""A draw that anyone can check: the list's hash first, then a public value, then winners that follow from the two.

Nothing here is random. Whoever has the list and the public value finds the same winners with a few lines of any language.
Source of the practice: RFC 3797 (publish the list before the public source is known, never change it, let anyone run it again).
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import zip_longest

from attendance_lib.rules.occasions import PRIZE_POT, RAFFLE

BLOCK_BITS = 256
COUNTER_BYTES = 8
PLACES = re.compile(r"prizes ([1-9][0-9]*) reserves (0|[1-9][0-9]*)")
TICKET = re.compile(r"([1-9][0-9]*) (\S.*)")
DRAWS = (RAFFLE, PRIZE_POT)
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
DRAW_NAME = rf"({'|'.join(DRAWS)}) {DAY} {DAY}( \S.*)?"


EVERYONE = "all"


def draw_name(kind: str, days: tuple[date, date], cohort: str = EVERYONE) -> str:
    """Return the name of a draw: its kind, its first and last school day, and the cohort if not everyone takes part.

    Examples
    --------
    >>> draw_name("raffle", (date(2026, 11, 16), date(2026, 11, 20)))
    'raffle 2026-11-16 2026-11-20'
    """
    return " ".join((kind, *map(str, days), *([] if cohort == EVERYONE else [cohort])))


@dataclass(frozen=True)
class Drawn:
    """One place of a draw: its number from 1, the ticket (from 1) and whose it is; ``is_reserve`` of those after the prizes."""

    place: int
    ticket: int
    pupil_id: str
    is_reserve: bool


@dataclass(frozen=True)
class TicketList:
    """A list of tickets as it is written down before the public value is known.

    Parameters
    ----------
    draw : str
        Which draw it is: kind, first and last day.
    rule : str
        The rule in force, in words: a rule changed afterwards changes the hash.
    prizes, reserves : int
        How many of each are drawn.
    holders : tuple of str
        Whose each ticket is, ticket 1 first.
    """

    draw: str
    rule: str
    prizes: int
    reserves: int
    holders: tuple[str, ...]

    @property
    def text(self) -> str:
        r"""The text whose hash is made: the draw, the rule, how many are drawn, then a line a ticket.

        Examples
        --------
        >>> TicketList("raffle", "as ever", 1, 2, ("003401", "003402")).text
        'raffle\nas ever\nprizes 1 reserves 2\n1 003401\n2 003402\n'
        """
        tickets = (f"{number} {pupil}" for number, pupil in enumerate(self.holders, start=1))
        head = (self.draw, self.rule, f"prizes {self.prizes} reserves {self.reserves}")
        return "\n".join([*head, *tickets]) + "\n"

    @property
    def hash(self) -> str:
        """The SHA-256 of the text.

        Examples
        --------
        >>> one, other = (TicketList("raffle", "as ever", 1, 2, holders) for holders in (("003401",), ("003402",)))
        >>> len(one.hash), one.hash == other.hash
        (64, False)
        """
        return hash_of(self.text)

    @property
    def pupils(self) -> int:
        """How many pupils hold a ticket.

        Examples
        --------
        >>> TicketList("raffle", "as ever", 1, 1, ("b", "a", "b")).pupils
        2
        """
        return len(set(self.holders))

    @classmethod
    def read(cls, text: str) -> "TicketList":
        """Return the list that a text holds.

        Raises
        ------
        ValueError
            If it is none, down to a blank or a line too many.

        Examples
        --------
        >>> tickets = TicketList("raffle", "as ever", 1, 2, ("003401", "003402"))
        >>> TicketList.read(tickets.text) == tickets
        True
        """
        draw, rule, places, *lines = (
            [*text.split("\n"), "", "", ""] if text.count("\n") < HEAD else text.split("\n")
        )
        numbers, tickets = PLACES.fullmatch(places), [TICKET.fullmatch(line) for line in lines[:-1]]
        if not numbers or not all(tickets):
            at = HEAD if not numbers else HEAD + 1 + tickets.index(None)
            raise ValueError(f"is no list of tickets: line {at} is none of one")
        found = cls(draw, rule, int(numbers[1]), int(numbers[2]), tuple(each[2] for each in tickets))
        if found.text != text:
            pairs = zip_longest(found.text.split("\n"), text.split("\n"))
            at = next(at for at, (one, other) in enumerate(pairs, start=1) if one != other)
            raise ValueError(f"is no list of tickets as it was written from line {at} on")
        return found

    def drawn(self, public_value: str) -> list[Drawn]:
        """Return the places of the draw with a public value, the prizes first and then the reserves.

        Examples
        --------
        >>> tickets = TicketList("raffle", "as ever", 1, 1, ("003401", "003402"))
        >>> sorted(place.pupil_id for place in tickets.drawn("4711"))  # a prize and a reserve: everybody is drawn, once
        ['003401', '003402']
        """
        return draw_winners(
            self.holders, seed_of(self.hash, self.draw, public_value), self.prizes, self.reserves
        )


HEAD = 3  # lines before the tickets


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as ``sha256sum`` prints it.

    Examples
    --------
    >>> hash_of("")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def seed_of(list_hash: str, draw: str, public_value: str) -> str:
    r"""Return the seed of a draw: the SHA-256 of the list's hash, the draw and the public value, a line each.

    Examples
    --------
    >>> seed_of("00", "raffle", "4 8 15") == hash_of("00\nraffle\n4 8 15\n")
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
        """Return the next whole number from 0 to just below a limit (at least 1).

        Examples
        --------
        >>> numbers = Numbers(hash_of(""))
        >>> [numbers.below(1) for _ in range(3)], 0 <= numbers.below(6) < 6
        ([0, 0, 0], True)
        """
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


def winners_of(drawn: Sequence[Drawn], prizes: int, redrawn: Collection[int]) -> list[Drawn]:
    """Return who has a prize once the redraws are counted: of the places drawn, the first that were not given up.

    Examples
    --------
    >>> places = [Drawn(1, 7, "a", False), Drawn(2, 3, "b", True), Drawn(3, 9, "c", True)]
    >>> [each.pupil_id for each in winners_of(places, 1, {1})]
    ['b']
    """
    return [each for each in drawn if each.place not in redrawn][:prizes]


# The record of a draw, which lies beside its list in the pack, and whether the two are what they say


def record_of(tickets: TicketList, public_value: str, redrawn: Collection[int]) -> dict[str, object]:
    """Return what is written down of a draw: the list's hash and, once there is a public value, what follows from it.

    Parameters
    ----------
    tickets : TicketList
        The list.
    public_value : str
        As it was typed; empty before it is known.
    redrawn : collection of int
        The places that were given up.

    Examples
    --------
    >>> tickets = TicketList("raffle", "as ever", 1, 1, ("003401", "003401"))
    >>> list(record_of(tickets, "", []))  # nothing is drawn before there is a public value
    ['draw', 'rule', 'list_hash', 'tickets', 'pupils', 'public_value']
    >>> [winner["pupil_id"] for winner in record_of(tickets, "4 8 15", [])["winners"]]  # one pupil holds both tickets
    ['003401']
    """
    said: dict[str, object] = {"draw": tickets.draw, "rule": tickets.rule, "list_hash": tickets.hash}
    said |= {"tickets": len(tickets.holders), "pupils": tickets.pupils, "public_value": public_value}
    if not public_value:
        return said
    drawn = tickets.drawn(public_value)
    winners = winners_of(drawn, tickets.prizes, redrawn)
    return said | {
        "seed": seed_of(tickets.hash, tickets.draw, public_value),
        "drawn": [asdict(each) for each in drawn],
        "redrawn": sorted(redrawn),
        "winners": [asdict(each) for each in winners],
    }


WORDS = {
    "draw": "which draw it is",
    "rule": "the rule in force",
    "list_hash": "the list's hash",
    "tickets": "how many tickets there are",
    "pupils": "how many pupils hold one",
    "seed": "the seed",
    "drawn": "who was drawn",
    "winners": "who has won",
}


def draw_faults(text: str, record: Mapping[str, object]) -> Iterator[str]:
    """Yield what of a draw does not follow from its list and its public value, having drawn again.

    Parameters
    ----------
    text : str
        The list, as it lies in the pack.
    record : mapping of str to object
        What was written down of the draw (``record_of``).

    Examples
    --------
    >>> tickets = TicketList("raffle", "as ever", 1, 1, ("003401", "003402"))
    >>> list(draw_faults(tickets.text, record_of(tickets, "4 8 15", [])))
    []
    >>> list(draw_faults(tickets.text, record_of(tickets, "4 8 15", []) | {"winners": []}))
    ['who has won does not follow from the list and the public value: drawn again it comes out different']
    """
    try:
        tickets = TicketList.read(text)
    except ValueError:
        yield f"the list is not as it was written: its hash is {hash_of(text)}, and {record.get('list_hash')} was written down"
        return
    public_value, redrawn = record.get("public_value", ""), record.get("redrawn", [])
    if not isinstance(public_value, str) or not isinstance(redrawn, list):
        yield "the public value or the redraws cannot be read"
        return
    again = record_of(tickets, public_value, [each for each in redrawn if isinstance(each, int)])
    for name, words in WORDS.items():
        if again.get(name) != record.get(name):
            yield f"{words} does not follow from the list and the public value: drawn again it comes out different"
