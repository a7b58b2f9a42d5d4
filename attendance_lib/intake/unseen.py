"""Characters that nobody can see, which web pages and spreadsheets leave in cells: taken out of all but free text."""

import re

# Zero width space, joiners, marks of direction, soft hyphen, word joiner, byte order mark and their like.
UNSEEN = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]"
)
# Of these, what no script needs; the others join letters of some, or turn them.
NEVER_NEEDED = re.compile("[\u00ad\u200b\u2060\ufeff]")


def without_unseen(value: object) -> object:
    r"""Return a value without characters that cannot be seen; only texts can hold any.

    Examples
    --------
    >>> without_unseen("/\u200b"), without_unseen("\ufeff7A"), without_unseen(7.0), len(without_unseen("\u0645\u200c\u0631"))
    ('/', '7A', 7.0, 3)
    """
    if not isinstance(value, str) or value.isascii() or not UNSEEN.search(value):
        return value
    seen = UNSEEN.sub("", value)
    # Blanks that do not break are not ASCII either, and need no joiner.
    return seen if "".join(seen.split()).isascii() else NEVER_NEEDED.sub("", value)
