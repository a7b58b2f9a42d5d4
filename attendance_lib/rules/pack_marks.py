"""How a pack's workbook says which pack it is and which row is which, wherever it is saved, converted or pasted.

The writer (``display/workbook``) and the reader (``casebook``) have these in common and nothing else.
"""

import hashlib
import json
import re

PACK_ID_DIGITS = 16
PACK_ID = re.compile(r"\bpk[0-9a-f]{16}\b")
TOKEN = re.compile(r"(pk[0-9a-f]{16})/(\d{3,})")
HEADING = re.compile(r"Pack (pk[0-9a-f]{16})(?: of school (\S+))?")
TOKEN_NAME, TOKEN_HEADING = "row_mark", "Row mark"
# The name of the document's own property and of the defined name that hold the pack's number.
PROPERTY = "attendance_pack"


def pack_id_of(content: object) -> str:
    """Return a pack's number from all that its workbook shows (plain JSON), so that the same print has the same number.

    Examples
    --------
    >>> pack_id_of([1]) == pack_id_of([1]), pack_id_of([1]) == pack_id_of([2]), bool(PACK_ID.fullmatch(pack_id_of({})))
    (True, False, True)
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"pk{hashlib.sha256(text.encode()).hexdigest()[:PACK_ID_DIGITS]}"


def heading_of(pack_id: str, urn: str) -> str:
    """Return the line above a sheet to fill in that says which pack it belongs to.

    Examples
    --------
    >>> heading_of("pk00000000000000aa", "990001"), heading_of("pk00000000000000aa", "")
    ('Pack pk00000000000000aa of school 990001', 'Pack pk00000000000000aa')
    """
    return f"Pack {pack_id} of school {urn}" if urn else f"Pack {pack_id}"


def token_of(pack_id: str, number: int) -> str:
    """Return the mark of a row, counted from 1 under the headings of the sheet as it was printed.

    Examples
    --------
    >>> token_of("pk00000000000000aa", 17)
    'pk00000000000000aa/017'
    """
    return f"{pack_id}/{number:03}"
