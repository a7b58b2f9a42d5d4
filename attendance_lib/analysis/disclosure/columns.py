"""Which columns a published table may have: none about one person, and no number that nothing is said of."""

from collections.abc import Iterable
from numbers import Real

import pandas as pd

from attendance_lib.analysis.disclosure.model import AFTER, TO, Count, Partition, PublicTable, Unit
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.schema import TABLES

# What identifies one pupil or one event of one pupil, though the schema does not call its value personal.
IDENTIFIERS = frozenset({"pupil_id", "action_id", "contact_id", "notice_id", "form", "key_adult"})

# A group is no person: these are published as groups, counted and suppressed like any other.
GROUPED = frozenset(
    {"ethnicity", "looked_after", "child_in_need", "child_protection", "young_carer", "sen_need", "barrier"}
)


def personal_columns(table: PublicTable) -> list[str]:
    """Return the columns of a table that hold something of one person, in its order.

    A characteristic that the schema calls personal may be what the rows are grouped by, but then its column
    stands among the coordinates of the rows; as any other column it is personal too.
    """
    keys = {name for row in table.rows for name in row}
    personal = {
        column.name for each in TABLES.values() for column in each.columns if column.is_personal
    } | IDENTIFIERS
    return [name for name in map(str, table.frame.columns) if name in personal - (GROUPED & keys)]


def unsaid_numbers(table: PublicTable) -> list[str]:
    """Return the columns of numbers that are declared neither as counts nor as rates nor as plain."""
    said = {each.column for each in (*table.counts, *table.rates)} | set(table.plain)
    said |= {column for count in table.counts for column in count.aids}
    return [name for name, values in table.frame.items() if name not in said and _holds_numbers(values)]


def _holds_numbers(values: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(values):
        return False
    is_mixed = values.dtype == object
    return any(_is_number(value) for value in values) if is_mixed else pd.api.types.is_numeric_dtype(values)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


AS_AT = "as_at"


def untied_columns(table: PublicTable, partitions: Iterable[Partition]) -> list[str]:
    """Return the columns of counts of which nobody says what they add up with, nor that they add up with nothing.

    A count adds up over time if it has a span, is at most what it is out of, and else adds up over what tells it apart: each
    of its coordinates but the date is one of a partition's.
    """
    named = {name for each in partitions for side in (each.whole, *each.parts) for name in side}
    return [
        count.column
        for count in table.counts
        if not (count.alone or count.out_of or _adds_up(table, count, named | {AS_AT, AFTER, TO}))
    ]


def _adds_up(table: PublicTable, count: Count, named: set[str]) -> bool:
    keys = [dict(table.key(row, count)) for row in range(len(table.rows))]
    over_time = count.unit is not Unit.ENROLMENTS and all({AFTER, TO} <= key.keys() for key in keys)
    return over_time or all(key.keys() <= named for key in keys)


def check_tied(table: PublicTable, partitions: Iterable[Partition]) -> PublicTable:
    """Return a table of which it is said what each count adds up with.

    Raises
    ------
    DisclosureError
        If it is not said of a column: what nobody declares is not guarded.
    """
    if found := untied_columns(table, partitions):
        raise DisclosureError(
            f"table {table.name!r}: nothing says what column {found[0]!r} adds up with. Declare a partition or a span of it, "
            "or why there is none (alone)."
        )
    return table


def check_columns(table: PublicTable) -> PublicTable:
    """Return a table whose columns may be published once its small counts are left out.

    Raises
    ------
    DisclosureError
        If a column is about one person, or holds numbers that are declared neither as counts of pupils or
        sessions, nor as made from such counts, nor as plain: they would pass unprotected.
    """
    if found := personal_columns(table):
        raise DisclosureError(
            f"table {table.name!r}: column {found[0]!r} is about one person and cannot be published. "
            "Leave it out of the table."
        )
    if found := unsaid_numbers(table):
        raise DisclosureError(
            f"table {table.name!r}: column {found[0]!r} holds numbers, and nothing says what they count. Declare "
            "it as a count or as a rate; or as plain, if no pupil of this school is counted in it."
        )
    return table
