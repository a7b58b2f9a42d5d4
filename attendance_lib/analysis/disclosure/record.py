"""What was published, for the reports that come after."""

from dataclasses import dataclass

from attendance_lib.analysis.disclosure.cells import Cells
from attendance_lib.analysis.disclosure.model import Key, Partition, Unit
from attendance_lib.rules.disclosure import SUPPRESSED

LAYOUT = 1


@dataclass(frozen=True)
class Published:
    """One count as a report published it: its value (missing where ``c``), the enrolments it is part of, its unit."""

    key: Key
    value: int | None
    base: Key | None
    unit: Unit


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
        ``layout``, ``level``, ``partitions`` and ``counts``: coordinates and the published value, or ``c``.
        Nothing that the tables do not say.
    """
    return {
        "layout": LAYOUT,
        "level": level,
        "partitions": [
            {"whole": dict(each.whole), "parts": [dict(part) for part in each.parts]} for each in partitions
        ],
        "counts": [
            {
                "coordinates": dict(key),
                "value": SUPPRESSED if key in suppressed else cell.value,
                "unit": str(cell.unit),
                "out_of": None if cell.base is None else dict(cell.base),
            }
            for key, cell in cells.items()
        ],
    }
