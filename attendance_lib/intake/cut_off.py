"""A delimited file that breaks off: its last line is the beginning of one, without its end."""

import re
from collections.abc import Sequence

from attendance_lib.errors import InputError

DIGIT, LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")


def refuse_cut_off(text: str, delimiter: str, label: str) -> None:
    r"""Refuse a file whose last line is cut off, since nobody can know how much came after it.

    Such a line does not end, has fewer fields than any line before, and begins as these do: a title or a total at the end
    does not, and where a program leaves out empty fields at the end other lines are short too.

    Parameters
    ----------
    text : str
        The whole file.
    delimiter : str
        What stands between its fields.
    label : str
        How messages name it.

    Raises
    ------
    InputError
        If it breaks off, with the row.

    Examples
    --------
    >>> refuse_cut_off("id,day,code\n0012,2026-09-14,/\nTotal", ",", "marks.csv")
    >>> refuse_cut_off("id,day,code\n0012,2026-09-14,/\n0013,2026-", ",", "marks.csv")
    Traceback (most recent call last):
    attendance_lib.errors.InputError: marks.csv, row 3: this last line is cut off, so the file breaks off here. Export it again.
    """
    if text.endswith(("\n", "\r")):
        return
    lines = text.splitlines()
    *before, last = (line.split(delimiter) for line in lines if line.strip())
    if before and len(last) < min(map(len, before)) and begins_as(last, before[-1]):
        raise InputError(
            f"{label}, row {len(lines)}: this last line is cut off, so the file breaks off here. Export it again."
        )


def begins_as(last: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a line begins with the same kind of identifier as another, or with the beginning of one.

    Examples
    --------
    >>> begins_as(["00339"], ["003166", "x"]), begins_as(["Total"], ["003166", "x"]), begins_as(["A12"], ["B3456"])
    (True, False, True)
    """
    return bool(last) and shape(other[0]).startswith(shape(last[0])) and last[0] != ""


def shape(cell: str) -> str:
    """Return a cell with 9 for each digit and A for each letter.

    Examples
    --------
    >>> shape("A1-é7")
    'A9-A9'
    """
    return LETTER.sub("A", DIGIT.sub("9", cell))
