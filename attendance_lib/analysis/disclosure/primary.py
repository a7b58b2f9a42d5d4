"""Which counts are left out because of what they are themselves."""

from attendance_lib.analysis.disclosure.cells import Cell, Cells
from attendance_lib.analysis.disclosure.model import Key
from attendance_lib.rules.disclosure import SMALLEST_RATE_BASE


def is_small(value: int | None, level: int) -> bool:
    """Whether a count is from 1 to the level less 1.

    >>> is_small(0, 5), is_small(1, 5), is_small(4, 5), is_small(5, 5)
    (False, True, True, False)
    """
    return value is not None and 0 < value < level


def is_of_a_small_group(cell: Cell, cells: Cells) -> bool:
    """Whether a count is a part of the enrolments of a group of 1 to 9."""
    base = cells.get(cell.base)
    return base is not None and is_small(base.value, SMALLEST_RATE_BASE)


def primary_cells(cells: Cells, level: int, plainly_zero: frozenset[Key] = frozenset()) -> set[Key]:
    """Return the counts to leave out whatever else is published.

    Parameters
    ----------
    cells : Cells
        All counts of the report.
    level : int
        The smallest count that may be shown, besides 0.
    plainly_zero : frozenset of Key
        Counts that are 0 because the whole that they are a part of is published as 0.

    Returns
    -------
    set of Key
        Counts of 1 to ``level`` less 1; all that is counted of a group of fewer than ten enrolments, none and
        all of them included, since 0 % and 100 % say something of each of its pupils; and what a table
        already gives as ``c``. A 0 of a larger group stays, and so does a 0 that follows from a published 0.
    """
    return {
        key
        for key, cell in cells.items()
        if cell.value is None
        or is_small(cell.value, level)
        or (is_of_a_small_group(cell, cells) and key not in plainly_zero)
    }
