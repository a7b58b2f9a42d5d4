"""No personal column in a table that is published."""

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


def check_no_personal_column(table: PublicTable) -> PublicTable:
    """Return a table that has no personal column.

    Raises
    ------
    DisclosureError
        If it has one, named with the table.
    """
    if found := personal_columns(table):
        raise DisclosureError(
            f"table {table.name!r}: column {found[0]!r} is about one person and cannot be published. "
            "Leave it out of the table."
        )
    return table
