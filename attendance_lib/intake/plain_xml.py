"""Plain records of XML: flat elements whose fields hold text alone, as systems write them by the million."""

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter

from attendance_lib.intake.records import MAX_FIELD_CHARACTERS

# Text without a tag, a reference, a character that XML forbids or a return that the parser would change.
PLAIN_TEXT = rf"[^<&>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]{{0,{MAX_FIELD_CHARACTERS}}}+"
SPACE = r"[ \t\r\n]*+"
SPACES = re.compile(SPACE)
# Pieces small enough that what is found in one stays in the processor's cache.
PIECE_CHARACTERS = 65_536
# A plain record: the whole of it, and the text of each of its fields.
Record = tuple[str, ...]


def plain_record(tag: str, fields: Iterable[str]) -> re.Pattern[str]:
    r"""Return the pattern that a record matches if it has some of the fields in their order and nothing else.

    What it matches is well-formed wherever an element may stand. It never goes back over what it has matched.

    Parameters
    ----------
    tag, fields : str, iterable of str
        The name of the record's element and of its fields'; the first group is the whole with the space behind it,
        then one a field, without a match if it is absent.

    Examples
    --------
    >>> pattern = plain_record("P", ["A", "B", "C"])
    >>> pattern.match("<P><A>1</A>\n<C/></P>\n").groups("")
    ('<P><A>1</A>\n<C/></P>\n', '1', '', '')
    >>> pattern.match("<P><A>1 &amp; 2</A></P>") is None
    True
    """
    parts = (rf"(?:<{name}(?:/>|>({PLAIN_TEXT})</{name}>){SPACE})?+" for name in map(re.escape, fields))
    return re.compile(rf"(<{re.escape(tag)}>{SPACE}{''.join(parts)}</{re.escape(tag)}>{SPACE})")


def plain_records(
    text: str, place: int, tag: str, pattern: re.Pattern[str]
) -> Iterator[tuple[list[Record], int]]:
    """Yield the plain records that stand one behind the other from a place on, piece by piece, and where each piece ends.

    The pieces grow with what was found, so that looking for more than there is costs no more than what there was.

    Parameters
    ----------
    text, place : str, int
        The file's text, and where to look: white space before the first record is skipped.
    tag, pattern : str, re.Pattern
        The name of the record's element and its pattern.

    Examples
    --------
    >>> pattern = plain_record("P", ["A"])
    >>> [(len(found), end) for found, end in plain_records(" <P><A>1</A></P> <P/> <P></P>", 0, "P", pattern)]
    [(1, 17)]
    """
    size, closing = 0, f"</{tag}>"
    place = SPACES.match(text, place).end()
    while first := pattern.match(text, place):
        last = text.rfind(closing, first.end(), place + size)
        piece = text[place : first.end() if last < 0 else last + len(closing)]
        found, read = _without_gap(pattern, piece)
        yield found, place + read
        if read < len(piece):
            return
        place, size = SPACES.match(text, place + read).end(), min(2 * (size + read), PIECE_CHARACTERS)


def _without_gap(pattern: re.Pattern[str], piece: str) -> tuple[list[Record], int]:
    """Return the records at the beginning of a piece that have nothing between them, and how long they are."""
    found = pattern.findall(piece)
    read = sum(map(len, map(itemgetter(0), found)))
    if read == len(piece):
        return found, read
    found, read = [], 0
    while match := pattern.match(piece, read):
        found.append(match.groups(""))
        read = match.end()
    return found, read
