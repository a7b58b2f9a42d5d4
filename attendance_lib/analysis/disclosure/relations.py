"""Which counts add up to which, found from their coordinates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from attendance_lib.analysis.disclosure.cells import Cell
from attendance_lib.analysis.disclosure.model import Coordinates, Key, Partition, Unit, key_of
from attendance_lib.analysis.disclosure.record import Published

# The coordinate of what is left of a group when one count is taken away that no partition accounts for.
NOT_COUNTED = "not_counted"


@dataclass(frozen=True)
class Relation:
    """A count that is the sum of others."""

    whole: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The whole, then its parts."""
        return (self.whole, *self.parts)


def relations_among(keys: Iterable[Key], partitions: Iterable[Partition]) -> list[Relation]:
    """Return every sum in which one of some counts is a part.

    Parameters
    ----------
    keys : iterable of Key
        The counts that are published, now or earlier.
    partitions : iterable of Partition
        What adds up.

    Returns
    -------
    list of Relation
        Each once, in the order of their counts. They may hold counts that nobody published: a reader can work
        out those too (everyone less FSM is not FSM), and so on from these.
    """
    templates = [_Template.of(partition) for partition in partitions]
    waiting, seen = sorted(set(keys)), set(keys)
    found: dict[Relation, None] = {}
    while waiting:
        key = waiting.pop()
        for relation in (each for template in templates for each in template.relations_of(key)):
            if relation not in found:
                found[relation] = None
                waiting.extend(each for each in relation.keys if each not in seen)
                seen.update(relation.keys)
    return sorted(found, key=lambda relation: relation.keys)


@dataclass(frozen=True)
class _Template:
    """A partition made ready to be tried on many keys."""

    names: frozenset[str]
    whole: Coordinates
    parts: tuple[Coordinates, ...]

    @classmethod
    def of(cls, partition: Partition) -> "_Template":
        sides = (partition.whole, *partition.parts)
        return cls(frozenset(name for side in sides for name in side), partition.whole, partition.parts)

    def relations_of(self, key: Key) -> Iterator[Relation]:
        """Give the sum in which a count is a part, if this partition has one."""
        mine = frozenset(pair for pair in key if pair[0] in self.names)
        if mine and any(frozenset(key_of(part)) == mine for part in self.parts):
            rest = dict(pair for pair in key if pair[0] not in self.names)
            parts = sorted(key_of({**rest, **part}) for part in self.parts)
            yield Relation(key_of({**rest, **self.whole}), tuple(parts))


def parts_within(wholes: Iterable[Key], relations: Iterable[Relation]) -> set[Key]:
    """Return all that are a part of some counts, or a part of such a part, and so on."""
    parts: dict[Key, set[Key]] = {}
    for relation in relations:
        parts.setdefault(relation.whole, set()).update(relation.parts)
    within, waiting = set(), list(wholes)
    while waiting:
        found = parts.get(waiting.pop(), set()) - within
        within |= found
        waiting.extend(found)
    return within


def inclusions(counts: Mapping[Key, Cell | Published], relations: Iterable[Relation]) -> list[Relation]:
    """Return, for each count of enrolments that no sum ties to its base, that it is at most the base.

    Written as a sum like any other: the base is the count and the rest (coordinate NOT_COUNTED).
    """
    wholes: dict[Key, list[Key]] = {}
    for relation in relations:
        for part in relation.parts:
            wholes.setdefault(part, []).append(relation.whole)
    return [
        Relation(cell.base, (key, key_of({**dict(key), NOT_COUNTED: "yes"})))
        for key, cell in counts.items()
        if cell.base is not None and cell.unit is Unit.ENROLMENTS and cell.base not in _above(key, wholes)
    ]


def _above(key: Key, wholes: dict[Key, list[Key]]) -> set[Key]:
    above, waiting = set(), [key]
    while waiting:
        for whole in wholes.get(waiting.pop(), ()):
            if whole not in above:
                above.add(whole)
                waiting.append(whole)
    return above
