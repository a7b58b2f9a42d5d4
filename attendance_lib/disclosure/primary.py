"""Which counts are left out because of what they are themselves."""

from collections.abc import Collection, Iterable

from attendance_lib.disclosure.record import Cell, Cells
from attendance_lib.disclosure.sums import Relation, zeros_following
from attendance_lib.disclosure.tables import Key, Unit
from attendance_lib.rules.thresholds import SMALLEST_RATE_BASE, is_small


def is_of_a_small_group(cell: Cell, cells: Cells) -> bool:
    """Whether a count is a part of the enrolments of a group of 1 to 9.

    Examples
    --------
    >>> from attendance_lib.disclosure.tables import Unit
    >>> def cell(key, value, base):
    ...     return Cell(key, value, Unit.ENROLMENTS, base, None, 1.0, ())
    >>> girls, absent = (("sex", "F"),), (("measure", "absent"), ("sex", "F"))
    >>> [is_of_a_small_group(cell(absent, 3, girls), {girls: cell(girls, size, None)}) for size in (9, 10)]
    [True, False]
    """
    return is_small(_value(cell.base, cells), SMALLEST_RATE_BASE)


def plainly_zero(cells: Cells, relations: Iterable[Relation], printed: Collection[Key] = ()) -> set[Key]:
    """Return the counts that are 0 because something that they are a part of is shown as 0, or was ``printed`` as 0 before.

    Examples
    --------
    A part of what is shown as 0 is 0; of a small group nobody is told that it has none.

    >>> from attendance_lib.disclosure.tables import Unit
    >>> def cell(key, value, base=None):
    ...     return Cell(key, value, Unit.ENROLMENTS, base, None, 1.0, ())
    >>> late, girls, late_girls = (("late", "yes"),), (("sex", "F"),), (("late", "yes"), ("sex", "F"))
    >>> counts = {late: cell(late, 0), girls: cell(girls, 8), late_girls: cell(late_girls, 0, girls)}
    >>> [plainly_zero(counts, each) == {late, late_girls} for each in ([Relation(late, (late_girls,))], [])]
    [True, False]
    """
    zero = {
        key
        for key, cell in cells.items()
        if cell.value == 0 and not cell.is_none_hidden and not is_of_a_small_group(cell, cells)
    }
    zero |= set(printed)
    following = zeros_following(zero, relations)
    return {key for key in following if key not in cells or not cells[key].value}


def primary_cells(
    cells: Cells, level: int, relations: Iterable[Relation] = (), printed: Collection[Key] = ()
) -> set[Key]:
    """Return the counts to leave out whatever else is published.

    Parameters
    ----------
    cells : Cells
        All counts of the report.
    level : int
        The smallest count that may be shown, besides 0.
    relations : iterable of Relation
        What adds up.
    printed : collection of Key
        The counts that earlier reports printed as 0.

    Returns
    -------
    set of Key
        Counts of 1 to ``level`` less 1, and counts of whatever so few pupils have; all that is counted of a group
        of fewer than ten enrolments, none and all of them included, since 0 % and 100 % say something of each of
        its pupils; and what a table already gives as ``c``. A 0 of a larger group stays, and so does a 0 that
        follows from a published 0.

    Examples
    --------
    >>> from attendance_lib.disclosure.tables import Unit
    >>> keys = {value: (("year_group", str(value)),) for value in (0, 1, 4, 5)}
    >>> counts = {key: Cell(key, value, Unit.ENROLMENTS, None, None, 1.0, ()) for value, key in keys.items()}
    >>> sorted(counts[key].value for key in primary_cells(counts, level=5))
    [1, 4]
    """
    zero = plainly_zero(cells, relations, printed)
    alone = {key for key, cell in cells.items() if key not in zero and _is_left_out(cell, cells, level)}
    return alone | {
        key for key, cell in cells.items() if cell.value and cell.unit is Unit.SESSIONS and cell.base in alone
    }


def _is_left_out(cell: Cell, cells: Cells, level: int) -> bool:
    return (
        cell.value is None
        or is_small(cell.value, level)
        or is_small(cell.people, level)
        or is_small(_value(cell.base, cells), SMALLEST_RATE_BASE)
    )


def _value(key: Key | None, cells: Cells) -> int | None:
    return cells[key].value if key in cells else None


def required_widths(
    cells: Cells, level: int, relations: Iterable[Relation] = (), printed: Collection[Key] = ()
) -> dict[Key, int]:
    """Return how many values each protected count of a report must still be able to have, to any reader.

    Parameters
    ----------
    cells, level, relations, printed
        As in `primary_cells`.

    Returns
    -------
    dict of Key to int
        For a count of 1 to ``level`` less 1: ``level`` values, the least of which is 1 or more where the reader
        may rule out 0 (else one more), so that nobody can tell that it is below ``level``. For another count of a group of
        1 to 9 enrolments: ``level`` values, or all from 0 to the size of the group if these are fewer. For
        sessions of few pupils or of a small group: as many as ``level`` of these have. Counts that the tables already
        give as ``c`` have no width: their value is not at hand.

    Examples
    --------
    >>> from attendance_lib.disclosure.tables import Unit
    >>> keys = {value: (("year_group", str(value)),) for value in (0, 1, 4, 5)}
    >>> counts = {key: Cell(key, value, Unit.ENROLMENTS, None, None, 1.0, ()) for value, key in keys.items()}
    >>> {counts[key].value: width for key, width in required_widths(counts, level=5).items()}
    {1: 5, 4: 5}
    """
    zero = plainly_zero(cells, relations, printed)
    return {
        key: width
        for key, cell in cells.items()
        if cell.value is not None and key not in zero and (width := _width(cell, cells, level)) > 0
    }


def _width(cell: Cell, cells: Cells, level: int) -> int:
    size, people = _value(cell.base, cells), cell.people
    if is_small(cell.value, level) and cell.unit is not Unit.SESSIONS:
        return level + cell.is_none_hidden
    if is_small(people, level):
        return level * _share(cell.value, people)
    if is_small(size, SMALLEST_RATE_BASE):
        return level * _share(cell.value, size) if cell.unit is Unit.SESSIONS else min(level, size + 1)
    return level if is_small(cell.value, level) else 0


def _share(value: int, people: int) -> int:
    """How many each of them has, rounded up; at least 1."""
    return max(1, -(-value // people))
