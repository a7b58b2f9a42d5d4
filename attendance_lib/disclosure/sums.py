"""Which counts add up to which, found from their coordinates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise

from attendance_lib.disclosure.record import Cell, Published
from attendance_lib.disclosure.tables import AFTER, AS_AT, TO, Coordinates, Key, Partition, Unit, key_of

# What follows over time: a span is the sum of its pieces, cut at every date that any report or version names

# Pupils of two spans that follow one another: those of the first alone, of both, and of the second alone.
SEEN, PARTED = "seen", "parted"
ONLY_BEFORE, BOTH, ONLY_SINCE = "only before", "both", "only since"
# What is left of a group when one count is taken away that no partition accounts for: it adds up over no time.
NOT_COUNTED = "not_counted"
Span = tuple[str, str]
Sum = tuple[Key, tuple[Key, ...]]


def sums_over_time(units: Mapping[Key, Unit]) -> Iterator[Sum]:
    """Yield, for counts that are alike but for their spans, each sum that holds among them: a whole and its parts.

    Parameters
    ----------
    units : mapping of Key to Unit
        What each known count counts. Those without a span, and enrolments, which stand at a date, have no sum.

    Yields
    ------
    tuple of Key and tuple of Key
        For SESSIONS each span with the pieces into which the others cut it. For PUPILS each span that begins with
        another: the pupils of both are those before and since, where some may be in both.

    Examples
    --------
    >>> days = ("2026-09-01", "2026-10-23", "2026-12-18")
    >>> spans = [(days[0], days[1]), (days[1], days[2]), (days[0], days[2])]
    >>> units = {key_of({AFTER: after, TO: to}): Unit.SESSIONS for after, to in spans}
    >>> ((whole, parts),) = sums_over_time(units)
    >>> span_of(whole) == spans[2], [span_of(part) for part in parts] == spans[:2]
    (True, True)
    """
    families: dict[tuple[Key, Unit], set[Span]] = {}
    for key, unit in units.items():
        if (span := span_of(key)) and unit is not Unit.ENROLMENTS:
            families.setdefault((without_span(key), unit), set()).add(span)
    for (rest, unit), spans in families.items():
        over = _pieces if unit is Unit.SESSIONS else _unions
        yield from over(rest, sorted(spans))


def span_of(key: Key) -> Span | None:
    """Return the span of a count, None where it has none or is already a part of the pupils of two.

    >>> span_of((("after", "2026-07-31"), ("to", "2026-10-25"))), span_of((("as_at", "2026-10-23"),))
    (('2026-07-31', '2026-10-25'), None)
    """
    named = dict(key)
    return (
        (named[AFTER], named[TO])
        if {AFTER, TO} <= named.keys() and not {SEEN, NOT_COUNTED} & named.keys()
        else None
    )


def is_since(key: Key, day: str) -> bool:
    """Whether a count is of days after one (YYYY-MM-DD, or empty) alone.

    >>> year = (("after", "2026-07-31"), ("to", "2026-10-23"))
    >>> is_since(year, "2026-07-31"), is_since(year, "2026-09-01"), is_since(year, "")
    (True, False, True)
    >>> is_since((("as_at", "2025-10-23"),), "2026-07-31")
    False
    """
    named = dict(key)
    return named.get(AFTER, day) >= day and all(named[name] > day for name in (TO, AS_AT) if name in named)


def without_span(key: Key) -> Key:
    """Return the coordinates of a count without its span.

    Examples
    --------
    >>> without_span((("after", "2026-08-31"), ("fsm", "yes"), ("to", "2026-10-23")))
    (('fsm', 'yes'),)
    """
    return tuple(pair for pair in key if pair[0] not in (AFTER, TO))


def _at(rest: Key, span: Span, **more: str) -> Key:
    return key_of({**dict(rest), AFTER: span[0], TO: span[1], **more})


def _pieces(rest: Key, spans: Iterable[Span]) -> Iterator[Sum]:
    cuts = sorted(set(chain.from_iterable(spans)))
    for first, last in spans:
        inside = cuts[cuts.index(first) : cuts.index(last) + 1]
        if len(inside) > len((first, last)):
            yield _at(rest, (first, last)), tuple(_at(rest, piece) for piece in pairwise(inside))


def _unions(rest: Key, spans: list[Span]) -> Iterator[Sum]:
    for first, last in spans:
        for middle in sorted({to for after, to in spans if after == first and to < last}):
            part = {
                seen: _at(rest, (first, last), seen=seen, parted=middle)
                for seen in (ONLY_BEFORE, BOTH, ONLY_SINCE)
            }
            yield _at(rest, (first, last)), (_at(rest, (first, middle)), part[ONLY_SINCE])
            yield _at(rest, (first, middle)), (part[ONLY_BEFORE], part[BOTH])
            yield _at(rest, (middle, last)), (part[BOTH], part[ONLY_SINCE])


@dataclass(frozen=True)
class Relation:
    """A count that is the sum of others."""

    whole: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The whole, then its parts.

        Examples
        --------
        >>> everyone, girls, boys = (), (("sex", "F"),), (("sex", "M"),)
        >>> Relation(everyone, (girls, boys)).keys == (everyone, girls, boys)
        True
        """
        return (self.whole, *self.parts)


def units_of(counts: Mapping[Key, Cell | Published]) -> dict[Key, Unit]:
    """Return what each of some counts counts, by its key, in their order."""
    return {key: count.unit for key, count in counts.items()}


def relations_among(units: Mapping[Key, Unit], partitions: Iterable[Partition]) -> list[Relation]:
    """Return every sum in which one of some counts is a part.

    Parameters
    ----------
    units : mapping of Key to Unit
        The counts that are published, now or earlier, and what each counts.
    partitions : iterable of Partition
        What adds up.

    Returns
    -------
    list of Relation
        Each once, in the order of their counts: by the partitions, and over time. They may hold counts that nobody
        published: a reader can work out those too (everyone less FSM is not FSM), and so on from these.

    Examples
    --------
    Of everyone and those with free school meals, those without can be worked out, whether or not they are published.

    >>> units = {(): Unit.ENROLMENTS, key_of({"fsm": "yes"}): Unit.ENROLMENTS}
    >>> (relation,) = relations_among(units, [Partition({}, ({"fsm": "yes"}, {"fsm": "no"}))])
    >>> relation.whole, relation.parts
    ((), ((('fsm', 'no'),), (('fsm', 'yes'),)))
    """
    templates, tried = _by_pair(partitions), set()
    known, found = dict(sorted(units.items())), {}
    waiting = list(known)
    while waiting:
        _close(waiting, templates, tried, known, found)
        for whole, parts in list(sums_over_time(known)):
            # The spans of a sum are cut from those of known counts, so that one of them is known.
            unit = next(known[key] for key in (whole, *parts) if key in known)
            _take(Relation(whole, parts), unit, waiting, known, found)
    return sorted(found, key=lambda relation: relation.keys)


Templates = Mapping[tuple[str, str], list["_Template"]]


def _by_pair(partitions: Iterable[Partition]) -> Templates:
    """Return the partitions by the coordinate of each part that fewest parts have: few of them can hold any one count."""
    templates = [_Template.of(partition) for partition in partitions]
    uses = Counter(pair for template in templates for part in template.of_parts for pair in part)
    found: dict[tuple[str, str], list[_Template]] = {}
    for template in templates:
        rarest = {min(part, key=lambda pair: (uses[pair], pair)) for part in template.of_parts if part}
        for pair in sorted(rarest):
            found.setdefault(pair, []).append(template)
    return found


def _close(
    waiting: list[Key], templates: Templates, tried: set[tuple[int, Key]],
    known: dict[Key, Unit], found: dict[Relation, None],
) -> None:  # fmt: skip
    """Add what the partitions make of the counts that wait, and of what that brings, until nothing waits.

    What a sum shares with its other parts is ``tried`` once: a total of all schools is not written anew for each of them.
    """
    while waiting:
        key = waiting.pop()
        near = {id(template): template for pair in key for template in templates.get(pair, ())}
        for number, template in near.items():
            rest = template.beside(key)
            if rest is not None and (number, rest) not in tried:
                tried.add((number, rest))
                _take(template.relation(rest), known[key], waiting, known, found)


def _take(
    relation: Relation, unit: Unit, waiting: list[Key], known: dict[Key, Unit], found: dict[Relation, None]
) -> None:
    if relation not in found:
        found[relation] = None
        new = [key for key in relation.keys if key not in known]
        known.update(dict.fromkeys(new, unit))
        waiting.extend(new)


@dataclass(frozen=True)
class _Template:
    """A partition made ready to be tried on many keys."""

    names: frozenset[str]
    whole: Coordinates
    parts: tuple[Coordinates, ...]
    of_parts: frozenset[frozenset[tuple[str, str]]]
    since: str

    @classmethod
    def of(cls, partition: Partition) -> "_Template":
        sides = (partition.whole, *partition.parts)
        return cls(
            names=frozenset(name for side in sides for name in side),
            whole=partition.whole,
            parts=partition.parts,
            of_parts=frozenset(frozenset(key_of(part)) for part in partition.parts),
            since=partition.since,
        )

    def beside(self, key: Key) -> Key | None:
        """Return what a count that is a part in this partition shares with the other parts; None if it is none."""
        mine = frozenset(pair for pair in key if pair[0] in self.names)
        is_part = mine and mine in self.of_parts and is_since(key, self.since)
        return tuple(pair for pair in key if pair[0] not in self.names) if is_part else None

    def relation(self, rest: Key) -> Relation:
        """Return the sum of the parts that share something."""
        parts = sorted(key_of({**dict(rest), **part}) for part in self.parts)
        return Relation(key_of({**dict(rest), **self.whole}), tuple(parts))


def parts_within(wholes: Iterable[Key], relations: Iterable[Relation]) -> set[Key]:
    """Return all that are a part of some counts, or a part of such a part, and so on.

    Examples
    --------
    >>> everyone, girls, in_year_7 = (), (("sex", "F"),), (("sex", "F"), ("year_group", "7"))
    >>> found = parts_within([everyone], [Relation(everyone, (girls,)), Relation(girls, (in_year_7,))])
    >>> found == {girls, in_year_7}
    True
    """
    parts: dict[Key, set[Key]] = {}
    for relation in relations:
        parts.setdefault(relation.whole, set()).update(relation.parts)
    within, waiting = set(), list(wholes)
    while waiting:
        found = parts.get(waiting.pop(), set()) - within
        within |= found
        waiting.extend(found)
    return within


def zeros_following(zeros: Iterable[Key], relations: Iterable[Relation]) -> set[Key]:
    """Return all that is 0 because some counts are: their parts, wholes of which every part is 0, and so on.

    Examples
    --------
    >>> everyone, girls, boys = (), (("sex", "F"),), (("sex", "M"),)
    >>> sums = [Relation(everyone, (girls, boys))]
    >>> zeros_following([everyone], sums) == zeros_following([girls, boys], sums) == {everyone, girls, boys}
    True
    >>> zeros_following([girls], sums) == {girls}
    True
    """
    known, sums, size = set(zeros), list(relations), -1
    while len(known) > size:
        size = len(known)
        known |= parts_within(known, sums)
        known |= {each.whole for each in sums if known.issuperset(each.parts)}
    return known


def inclusions(counts: Mapping[Key, Cell | Published], relations: Iterable[Relation]) -> list[Relation]:
    """Return, for each count of enrolments that no sum ties to its base, that it is at most the base.

    Written as a sum like any other: the base is the count and the rest (coordinate NOT_COUNTED).

    Examples
    --------
    >>> from attendance_lib.disclosure.record import Published
    >>> girls, absent = (("sex", "F"),), (("measure", "absent"), ("sex", "F"))
    >>> counts = {girls: Published(girls, 40, None, Unit.ENROLMENTS), absent: Published(absent, 6, girls, Unit.ENROLMENTS)}
    >>> [(each.whole == girls, each.parts[0] == absent) for each in inclusions(counts, [])]
    [(True, True)]
    """
    wholes = _wholes_by_part(relations)
    return [
        Relation(cell.base, (key, key_of({**dict(key), NOT_COUNTED: "yes"})))
        for key, cell in counts.items()
        if cell.base is not None and cell.unit is Unit.ENROLMENTS and cell.base not in _above(key, wholes)
    ]


def _wholes_by_part(relations: Iterable[Relation]) -> dict[Key, list[Key]]:
    wholes: dict[Key, list[Key]] = {}
    for relation in relations:
        for part in relation.parts:
            wholes.setdefault(part, []).append(relation.whole)
    return wholes


def _above(key: Key, wholes: dict[Key, list[Key]]) -> set[Key]:
    above, waiting = set(), [key]
    while waiting:
        for whole in wholes.get(waiting.pop(), ()):
            if whole not in above:
                above.add(whole)
                waiting.append(whole)
    return above
