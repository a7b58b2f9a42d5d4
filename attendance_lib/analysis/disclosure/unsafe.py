"""What stops a report that cannot be made safe."""

from attendance_lib.analysis.disclosure.cells import words_of
from attendance_lib.analysis.disclosure.model import Key
from attendance_lib.errors import DisclosureError


class UnsafeError(DisclosureError):
    """A protected count that could be worked out whatever else is left out, and the tables that it stands in or beside."""

    def __init__(self, key: Key, tables: tuple[str, ...]) -> None:
        self.key, self.tables = key, tables
        where = f"table {tables[0]!r}: " if tables else ""
        super().__init__(
            f"{where}the protected count of {words_of(key)} could be worked out from this report and "
            "those before it, whatever else is left out. Leave out the table, or join its groups."
        )
