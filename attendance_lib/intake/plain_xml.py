"""The pattern of a plain record: a flat element whose fields hold text alone, as systems write them by the million."""

import re
from collections.abc import Iterable

# Text without a tag, a reference, a character that XML forbids or a return that the parser would change.
PLAIN_TEXT = r"[^<&>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]*+"
SPACE = r"[ \t\r\n]*+"


def plain_record(tag: str, fields: Iterable[str]) -> re.Pattern[str]:
    r"""Return the pattern that a record matches if it has some of the fields in their order and nothing else.

    What it matches is well-formed wherever an element may stand. It never goes back over what it has matched.

    Parameters
    ----------
    tag, fields : str, iterable of str
        The name of the record's element and of its fields'; one group a field, without a match if it is absent.

    Examples
    --------
    >>> pattern = plain_record("P", ["A", "B", "C"])
    >>> pattern.match("\n<P><A>1</A>\n<C/></P>").groups("")
    ('1', '', '')
    >>> pattern.match("<P><A>1 &amp; 2</A></P>") is None
    True
    """
    parts = (rf"(?:<{name}(?:/>|>({PLAIN_TEXT})</{name}>){SPACE})?+" for name in map(re.escape, fields))
    return re.compile(rf"{SPACE}<{re.escape(tag)}>{SPACE}{''.join(parts)}</{re.escape(tag)}>")


def allows_plain_records(text: str) -> bool:
    """Return whether every end tag in a file's text is one: whether it is without comments, sections and instructions."""
    return "<!" not in text and "<?" not in text[2:]
