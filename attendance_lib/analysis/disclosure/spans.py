"""What follows over time: a span is the sum of its pieces, cut at every date that any report or version names."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from attendance_lib.analysis.disclosure.model import AFTER, TO, Key, Unit, key_of

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


def without_span(key: Key) -> Key:
    """Return the coordinates of a count without its span."""
    return tuple(pair for pair in key if pair[0] not in (AFTER, TO))


def _at(rest: Key, span: Span, **more: str) -> Key:
    return key_of({**dict(rest), AFTER: span[0], TO: span[1], **more})


def _pieces(rest: Key, spans: Iterable[Span]) -> Iterator[Sum]:
    cuts = sorted({day for span in spans for day in span})
    for first, last in spans:
        inside = [first, *(day for day in cuts if first < day < last), last]
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
