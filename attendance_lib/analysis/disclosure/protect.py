"""The one step that every published table of a report passes."""

from collections.abc import Collection, Iterable

from attendance_lib.analysis.disclosure.apply import suppress
from attendance_lib.analysis.disclosure.cells import gather_cells
from attendance_lib.analysis.disclosure.columns import check_columns
from attendance_lib.analysis.disclosure.model import Partition, Protected, PublicTable
from attendance_lib.analysis.disclosure.read_back import Record, read_records
from attendance_lib.analysis.disclosure.record import record_of
from attendance_lib.analysis.disclosure.report import Report


def protect(
    tables: Iterable[PublicTable],
    level: int,
    partitions: Iterable[Partition],
    earlier: Iterable[dict | Record] = (),
    withheld: Collection[str] = (),
) -> Protected:
    """Make all tables of one report safe to publish together.

    Parameters
    ----------
    tables : iterable of PublicTable
        Every table of the report with counts of this school's pupils or sessions. They must come together: what
        one of them shows another may betray.
    level : int
        The smallest count shown besides 0: 5 or 10 (school file, ``suppression_level``).
    partitions : iterable of Partition
        What adds up to what.
    earlier : iterable of dict or Record
        ``record`` of each earlier report that the same readers hold, oldest first.
    withheld : collection of str
        Names of tables of which no count is shown, but one of nought that may not be withheld, or that readers hold.

    Returns
    -------
    Protected
        The tables in the order given, and the record for the next report.

    Raises
    ------
    DisclosureError
        If a table has a column that may not be published, or cannot be made safe; the message names it.
    """
    checked = [check_columns(table) for table in tables]
    report = Report(
        gather_cells(checked), level, tuple(partitions), read_records(earlier), frozenset(withheld)
    )
    suppressed = report.suppressed()
    return Protected(
        tables=tuple(suppress(table, suppressed) for table in checked),
        record=record_of(report.cells, suppressed, report.partitions, level),
        counts=len(report.cells),
        suppressed_counts=len(suppressed),
        corrected_counts=len(report.corrected(suppressed)),
        withheld=tuple(withheld),
    )
