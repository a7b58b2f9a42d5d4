"""Records of XML and JSON files as tables: one row a record, one column a field, the fields' names in the first row."""

from dataclasses import dataclass, field

import numpy as np

from attendance_lib.errors import InputError, counted

MAX_FIELDS = 500
MAX_CELLS = 60_000_000
MAX_FIELD_CHARACTERS = 1_000_000


@dataclass(frozen=True, eq=False)
class Records:
    """The records of one name: ``cells`` (object), the first row the fields' names, a field that a record lacks empty."""

    name: str
    cells: np.ndarray


@dataclass
class RecordTable:
    """A table that grows by one record at a time; a field unknown so far is a new column."""

    label: str
    count: int = 0
    columns: dict[str, list[object]] = field(default_factory=dict)

    def add(self, record: dict[str, object]) -> None:
        """Add one record.

        Raises
        ------
        InputError
            If the file has more fields or more cells than any export.
        """
        if len(record) > MAX_FIELDS:
            raise InputError(
                f"{self.label}: a record has {len(record):,} fields, more than any export (limit {MAX_FIELDS})."
            )
        for name, value in record.items():
            column = self.columns.get(name)
            if column is None:
                column = self.columns[name] = []
            if len(column) < self.count:
                column.extend([""] * (self.count - len(column)))
            column.append(value)
        self.count += 1
        self.check_size()

    def add_columns(self, columns: dict[str, list[object]], count: int) -> None:
        """Add so many records at once that all have the same fields, given as columns.

        Raises
        ------
        InputError
            If the file has more fields or more cells than any export.
        """
        for name, values in columns.items():
            column = self.columns.setdefault(name, [])
            column.extend([""] * (self.count - len(column)))
            column.extend(values)
        self.count += count
        self.check_size()

    def check_size(self) -> None:
        """Refuse more fields or cells than any export has.

        Raises
        ------
        InputError
            If there are more.
        """
        if len(self.columns) > MAX_FIELDS or len(self.columns) * self.count > MAX_CELLS:
            size = f"{counted(len(self.columns), 'field')} in {counted(self.count, 'record')}"
            raise InputError(
                f"{self.label}: {size} are more than any export has "
                f"(limits {MAX_FIELDS} fields, {MAX_CELLS:,} cells). Split the export by term."
            )

    def as_cells(self) -> np.ndarray:
        """Return the table (object), shape (records + 1, fields)."""
        cells = np.full((self.count + 1, len(self.columns)), "", dtype=object)
        for position, (name, column) in enumerate(self.columns.items()):
            cells[0, position] = name
            cells[1 : len(column) + 1, position] = _object_array(column)
        return cells

    def check_characters(self) -> None:
        """Refuse half a character, which no other file could hold.

        Raises
        ------
        InputError
            If a text holds one.
        """
        texts = {
            text for name in self.columns for text in (name, *self.columns[name]) if isinstance(text, str)
        }
        try:
            "".join(texts).encode("utf-8")
        except UnicodeEncodeError:
            raise InputError(
                f"{self.label}: a text holds half a character (a lone surrogate). Export the file again."
            ) from None


def _object_array(values: list[object]) -> np.ndarray:
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells
