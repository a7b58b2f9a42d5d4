"""Disclosure control: what can be said of a school's pupils in a paper that leaves the building.

`protect` is the one step that every published table passes. A table says in coordinates what each of its counts
counts (`PublicTable`), and partitions say what adds up to what (`Partition`).
"""

from attendance_lib.analysis.disclosure.model import (
    Count,
    Partition,
    Protected,
    PublicTable,
    Rate,
    Unit,
    characteristic,
    rows_by,
)
from attendance_lib.analysis.disclosure.protect import protect

__all__ = [
    "Count",
    "Partition",
    "Protected",
    "PublicTable",
    "Rate",
    "Unit",
    "characteristic",
    "protect",
    "rows_by",
]
