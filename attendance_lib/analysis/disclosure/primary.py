"""Which counts are left out because of what they are themselves."""

from collections.abc import Iterable

from attendance_lib.analysis.disclosure.cells import Cell, Cells
from attendance_lib.analysis.disclosure.model import Key, Unit
from attendance_lib.analysis.disclosure.relations import Relation
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


def plainly_zero(cells: Cells, relations: Iterable[Relation]) -> set[Key]:
    """Return the counts that are 0 because something that they are a part of is shown as 0."""
    zero = {key for key, cell in cells.items() if cell.value == 0 and not is_of_a_small_group(cell, cells)}
    waiting, parts = list(zero), _parts_by_whole(relations)
    while waiting:
        found = parts.get(waiting.pop(), set()) - zero
        zero |= found
        waiting.extend(found)
    return zero


def _parts_by_whole(relations: Iterable[Relation]) -> dict[Key, set[Key]]:
    parts: dict[Key, set[Key]] = {}
    for relation in relations:
        parts.setdefault(relation.whole, set()).update(relation.parts)
    return parts


def primary_cells(cells: Cells, level: int, relations: Iterable[Relation] = ()) -> set[Key]:
    """Return the counts to leave out whatever else is published.

    Parameters
    ----------
    cells : Cells
        All counts of the report.
    level : int
        The smallest count that may be shown, besides 0.
    relations : iterable of Relation
        What adds up.

    Returns
    -------
    set of Key
        Counts of 1 to ``level`` less 1; all that is counted of a group of fewer than ten enrolments, none and
        all of them included, since 0 % and 100 % say something of each of its pupils; and what a table
        already gives as ``c``. A 0 of a larger group stays, and so does a 0 that follows from a published 0.
    """
    zero = plainly_zero(cells, relations)
    alone = {
        key
        for key, cell in cells.items()
        if cell.value is None
        or is_small(cell.value, level)
        or (is_of_a_small_group(cell, cells) and key not in zero)
    }
    return alone | {
        key
        for key, cell in cells.items()
        if cell.unit is Unit.SESSIONS and cell.base in alone and key not in zero and cell.value != 0
    }


def required_widths(cells: Cells, level: int, relations: Iterable[Relation] = ()) -> dict[Key, int]:
    """Return how many values each protected count of a report must be able to have, to any reader.

    Parameters
    ----------
    cells, level, relations
        As in `primary_cells`.

    Returns
    -------
    dict of Key to int
        For a count of 1 to ``level`` less 1: ``level`` values, the least of which is 1 or more where the reader
        may rule out 0, so that nobody can tell that it is below ``level``. For another count of a group of
        1 to 9 enrolments: ``level`` values, or all from 0 to the size of the group if these are fewer. For
        sessions of a small group: as many as ``level`` of its enrolments have. Counts that the tables already
        give as ``c`` have no width: their value is not at hand.
    """
    zero = plainly_zero(cells, relations)
    return {
        key: width
        for key, cell in cells.items()
        if cell.value is not None and key not in zero and (width := _width(cell, cells, level)) > 0
    }


def _width(cell: Cell, cells: Cells, level: int) -> int:
    base = cells.get(cell.base)
    size = base.value if base is not None else None
    if is_small(cell.value, level) and cell.unit is Unit.ENROLMENTS:
        return level
    if is_small(size, SMALLEST_RATE_BASE):
        return (
            min(level, size + 1) if cell.unit is Unit.ENROLMENTS else level * max(1, -(-cell.value // size))
        )
    return level if is_small(cell.value, level) else 0
