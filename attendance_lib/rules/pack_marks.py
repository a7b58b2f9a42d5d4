"""How a pack's workbook says which pack it is and which row is which, wherever it is saved, converted or pasted.

The writer (``display/workbook``) and the reader (``casebook``) have these in common and nothing else.
"""

import re

PACK_ID = re.compile(r"\bpk[0-9a-f]{12}\b")
TOKEN = re.compile(r"pk[0-9a-f]{12}/[0-9]{3,}")
HEADING = re.compile(r"Pack (pk[0-9a-f]{12})(?: of school ([0-9]{6}))?")
TOKEN_NAME, TOKEN_HEADING = "row_mark", "Row mark"
# The document's own property, and the defined name, that hold the pack's number.
PROPERTY = "attendance_pack"


def heading_of(pack_id: str, urn: str) -> str:
    """Return the line above a sheet to fill in that says which pack it belongs to.

    Examples
    --------
    >>> heading_of("pk0000000000aa", "990001"), heading_of("pk0000000000aa", "")
    ('Pack pk0000000000aa of school 990001', 'Pack pk0000000000aa')
    """
    return f"Pack {pack_id} of school {urn}" if urn else f"Pack {pack_id}"


def mark_of(number: int) -> str:
    """Return the mark of a row within its pack; rows are counted from 1 over all sheets to fill in, blank ones too.

    Examples
    --------
    >>> mark_of(17), mark_of(1204)
    ('017', '1204')
    """
    return f"{number:03}"


def token_of(pack_id: str, mark: str) -> str:
    """Return what stands in the hidden column of a row.

    Examples
    --------
    >>> token_of("pk0000000000aa", "017")
    'pk0000000000aa/017'
    """
    return f"{pack_id}/{mark}"
