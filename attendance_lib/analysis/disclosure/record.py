"""What was published, for the reports that come after."""

from dataclasses import dataclass

from attendance_lib.analysis.disclosure.cells import Cells
from attendance_lib.analysis.disclosure.model import Key, Partition, Unit
from attendance_lib.rules.disclosure import SUPPRESSED

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
        """Whether the report said nothing of it."""
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
                "value": SUPPRESSED if key in suppressed else None if cell.told else cell.value,
                "told": None if key in suppressed or not cell.told else list(cell.told),
                "unit": str(cell.unit),
                "out_of": None if cell.base is None else dict(cell.base),
                "none_hidden": cell.is_none_hidden,
                "pupils": None if cell.pupils is None else dict(cell.pupils),
            }
            for key, cell in cells.items()
        ],
    }
