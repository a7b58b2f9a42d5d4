"""What was published, for the reports that come after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from attendance_lib.disclosure.tables import Count, Key, Partition, PublicTable, Unit
from attendance_lib.errors import DisclosureError
from attendance_lib.rules.thresholds import SUPPRESSED

# The different counts that a set of tables publishes, each once however often it is printed

Cells = dict[Key, "Cell"]


@dataclass(frozen=True)
class Cell:
    """One count.

    Parameters
    ----------
    key : Key
        Its coordinates.
    value : int or None
        Missing where the table already says ``c``.
    unit : Unit
        Of the value.
    base : Key or None
        Coordinates of the enrolments of which it is a part, if any.
    people : int or None
        How many pupils are behind it, if fewer than its base may be.
    pupils : Key or None
        Coordinates of the count of those pupils, where it is published: sessions are as many at least.
    is_none_hidden : bool
        Whether a 0 may be left out too.
    told : tuple of int, optional
        The least and the most that it can be by what is printed of it, where that is not the count itself.
    worth : float
        What is lost with it: the figures that are printed of it (itself wherever it is shown and each rate made
        from it), each times the worth of its column; of two alike the larger count is a little dearer.
    tables : tuple of str
        Names of the tables that hold it, in alphabetical order.
    """

    key: Key
    value: int | None
    unit: Unit
    base: Key | None
    people: int | None
    worth: float
    tables: tuple[str, ...]
    told: tuple[int, int] | None = None
    pupils: Key | None = None
    is_none_hidden: bool = False


def gather_cells(tables: Iterable[PublicTable]) -> Cells:
    """Return every count of some tables by its coordinates, in the order of the coordinates.

    Raises
    ------
    DisclosureError
        If a value is no whole number of at least 0, a table gives other rows of coordinates than its frame
        has, or the same count differs between two places.

    Examples
    --------
    >>> frames = {"a": pd.DataFrame({"late": [3]}), "b": pd.DataFrame({"late": [4]})}
    >>> tables = [PublicTable(name, name, frame, ({},), (Count("late"),)) for name, frame in frames.items()]
    >>> gather_cells(tables)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: tables 'a' and 'b': the count of everyone differs between them. ...
    """
    cells: Cells = {}
    for table in tables:
        for cell in _cells_of(table):
            cells[cell.key] = _same(cells[cell.key], cell) if cell.key in cells else cell
    return dict(sorted(cells.items()))


def _cells_of(table: PublicTable) -> Iterator[Cell]:
    if len(table.rows) != len(table.frame):
        raise DisclosureError(
            f"table {table.name!r}: {len(table.frame)} rows but coordinates for {len(table.rows)}. "
            "Say for each row whom its counts are about."
        )
    for count in table.counts:
        figures = count.is_shown + sum(count.column in (*rate.counts, rate.out_of) for rate in table.rates)
        for row, value in enumerate(table.frame[count.column]):
            if not pd.isna(value):
                yield _cell(table, count, row, value, figures)


def _cell(table: PublicTable, count: Count, row: int, value: object, figures: int) -> Cell:
    """Return a count of a table; ``figures`` is in how many figures of its row it is seen."""
    published = count.people if count.people in table.count_by_column else None
    return Cell(
        key=table.key(row, count),
        value=_whole(value, table, count),
        unit=count.unit,
        base=_other(table, row, count.out_of),
        people=_number(table, row, count.people),
        worth=count.worth * (figures + _size(value)),
        tables=(table.name,),
        pupils=_other(table, row, published),
        is_none_hidden=count.is_none_hidden,
        told=tuple(_number(table, row, each) for each in count.told) if count.told else None,
    )


def _size(value: object) -> float:
    """Something between 0 and 1 that grows with a count."""
    return 0.0 if isinstance(value, str) else 1 - 1 / (1 + float(value))


def _other(table: PublicTable, row: int, column: str | None) -> Key | None:
    return table.key(row, table.count_by_column[column]) if column else None


def _number(table: PublicTable, row: int, column: str | None) -> int | None:
    return int(table.frame[column].iloc[row]) if column else None


def _whole(value: object, table: PublicTable, count: Count) -> int | None:
    if isinstance(value, str) and value == SUPPRESSED:
        return None
    if isinstance(value, str) or value != int(value) or value < 0:
        raise DisclosureError(
            f"table {table.name!r}, column {count.column!r}: a value is no count. "
            "Only whole numbers of at least 0 can be protected."
        )
    return int(value)


def _same(one: Cell, other: Cell) -> Cell:
    if None not in (one.value, other.value) and one.value != other.value:
        raise DisclosureError(
            f"tables {one.tables[0]!r} and {other.tables[0]!r}: the count of {words_of(one.key)} differs "
            "between them. Make both from the same enrolments, or tell them apart by a coordinate."
        )
    return replace(
        one,
        value=None if None in (one.value, other.value) else one.value,
        base=one.base or other.base,
        people=one.people if other.people is None else other.people,
        worth=one.worth + other.worth,
        tables=tuple(sorted({*one.tables, *other.tables})),
        told=one.told if other.told else None,
        pupils=one.pupils or other.pupils,
        is_none_hidden=one.is_none_hidden and other.is_none_hidden,
    )


def words_of(key: Key) -> str:
    """Return coordinates as words for a message.

    >>> words_of((("as_at", "2026-10-23"), ("fsm", "yes")))
    'as_at 2026-10-23, fsm yes'
    """
    return ", ".join(f"{name} {value}" for name, value in key) or "everyone"


LAYOUT = 2


@dataclass(frozen=True)
class Published:
    """One count as a report published it: its value, the enrolments it is part of, its unit, the pupils who have it.

    The value is missing where it read ``c``, and where it follows from no rate but to within ``told``.
    """

    key: Key
    value: int | None
    base: Key | None
    unit: Unit
    told: tuple[int, int] | None = None
    pupils: Key | None = None
    is_none_hidden: bool = False

    @property
    def is_left_out(self) -> bool:
        """Whether the report said nothing of it.

        Examples
        --------
        >>> said = ((70, None), (None, (69, 71)), (None, None))
        >>> [Published((), value, None, Unit.SESSIONS, told).is_left_out for value, told in said]
        [False, False, True]
        """
        return self.value is None and self.told is None


@dataclass(frozen=True)
class Earlier:
    """An earlier report: its counts by coordinates, what adds up among them and its level."""

    counts: dict[Key, Published]
    partitions: tuple[Partition, ...]
    level: int


def record_of(cells: Cells, suppressed: set[Key], partitions: tuple[Partition, ...], level: int) -> dict:
    """Return what a report published, as JSON.

    Parameters
    ----------
    cells : Cells
        All counts of the report.
    suppressed : set of Key
        Those left out.
    partitions : tuple of Partition
        What adds up among them.
    level : int
        The smallest count shown.

    Returns
    -------
    dict
        ``layout``, ``level``, ``partitions`` and ``counts``: coordinates and the published value, or ``c``, or the
        least and the most that its rate tells.
        Nothing that the tables do not say.

    Examples
    --------
    >>> keys = [(("sex", sex),) for sex in "FM"]
    >>> counts = {key: Cell(key, value, Unit.ENROLMENTS, None, None, 1.0, ()) for key, value in zip(keys, (3, 12), strict=True)}
    >>> [count["value"] for count in record_of(counts, {keys[0]}, (), 5)["counts"]]
    ['c', 12]
    """
    return {
        "layout": LAYOUT,
        "level": level,
        "partitions": [_partition_kept(each) for each in partitions],
        "counts": [_count_kept(cell, is_left_out=key in suppressed) for key, cell in cells.items()],
    }


def _partition_kept(partition: Partition) -> dict:
    kept = {"whole": dict(partition.whole), "parts": [dict(part) for part in partition.parts]}
    return kept | ({"since": partition.since} if partition.since else {})


def _coordinates_kept(key: Key | None) -> dict | None:
    # Everybody's key is empty, and so not None.
    return None if key is None else dict(key)


def _count_kept(cell: Cell, *, is_left_out: bool) -> dict:
    shown = None if cell.told else cell.value
    return {
        "coordinates": dict(cell.key),
        "value": SUPPRESSED if is_left_out else shown,
        "told": list(cell.told) if cell.told and not is_left_out else None,
        "unit": str(cell.unit),
        "out_of": _coordinates_kept(cell.base),
        "none_hidden": cell.is_none_hidden,
        "pupils": _coordinates_kept(cell.pupils),
    }
