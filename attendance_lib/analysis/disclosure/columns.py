"""Which columns a published table may have: none about one person, and no number that nothing is said of."""

from numbers import Real

import pandas as pd

from attendance_lib.analysis.disclosure.model import PublicTable
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
