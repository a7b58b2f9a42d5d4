"""The index of a pack's tables read back: which of them hold anything personal decides where a pack may go."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from attendance_lib.display.csv_tables import INDEX
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.kept_json import read_json
from attendance_lib.reports.published import TABLES, check_as_made

REMEDY = "Make the pack again with --replace."


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ColumnKept(_Kept):
    """What the index says of a column."""

    name: str
    heading: str
    unit: str
    meaning: str
    personal: bool


class TableKept(_Kept):
    """What the index says of a table; it is personal if, and only if, one of its columns is."""

    name: str
    file: str
    title: str
    note: str
    rows: Annotated[int, Field(ge=0)]
    personal: bool
    reading: str
    columns: list[ColumnKept]

    @model_validator(mode="after")
    def _says_so_of_its_columns(self) -> Self:
        if self.personal != any(column.personal for column in self.columns):
            raise ValueError("says otherwise of the table than of its columns whether it is personal")
        return self


TABLES_INDEX = TypeAdapter(list[TableKept])


def read_index(pack: Path) -> list[TableKept]:
    """Return the index of a pack's tables.

    Raises
    ------
    DisclosureError
        If it cannot be read, is of another form, or is not the one that the pack was made with.
    """
    index = read_json(pack / TABLES / INDEX, TABLES_INDEX, DisclosureError, REMEDY)
    check_as_made(pack, f"{TABLES}/{INDEX}", REMEDY)
    return index
