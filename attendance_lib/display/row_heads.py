"""Row heads in the PDF's tags, which Typst cannot set without its experimental features.

Typst tags every body cell as data and names its column's head. A screen reader should also say the row's
head (the pupil), so that cell becomes a head with the scope ``Row``, and the other cells are left to the
scopes of both heads. Each change keeps its length, so that every offset in the file stays true; in a file
where nothing matches, nothing is changed.
"""

import re

BODY_CELL = re.compile(rb"/S/TD(/P \d+ 0 R/A\[<</O/Table)(/Headers\[\(U(\d+)x(\d+)y0\)\])")


def with_row_heads(content: bytes, places: list[int]) -> bytes:
    """Tag the cells that head their rows.

    Parameters
    ----------
    content : bytes
        A tagged PDF as Typst writes it.
    places : list of int
        For each table in order, the column (from 0) whose cells head their rows.

    Returns
    -------
    bytes
        The PDF, of the same length.

    Notes
    -----
    ISO 32000-1, table 349: ``Headers``, where given, replaces what ``Scope`` implies, hence it is
    removed. PDF/UA-1, 7.5: a table's heads are tagged TH and have a scope.
    """

    def retagged(cell: re.Match[bytes]) -> bytes:
        is_head = places[int(cell[3]) - 1] == int(cell[4])
        tag, scope = (b"/S/TH", b"/Scope/Row") if is_head else (b"/S/TD", b"")
        return tag + cell[1] + scope.ljust(len(cell[2]))

    return BODY_CELL.sub(retagged, content)
