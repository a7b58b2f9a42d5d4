"""A sheet of a pack's own workbook as staff filled it in: its cells, and what cannot be read of them.

Columns are found through the workbook's hidden sheet ``columns`` (sheet, heading, name), or by their
headings where that sheet was lost, so staff may sort, filter, insert and delete rows and add columns.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from attendance_lib.errors import InputError, nearest
from attendance_lib.intake.headings import plain
from attendance_lib.intake.pack_cells import Problem
from attendance_lib.intake.pack_headings import find_header
from attendance_lib.intake.spreadsheet import Spreadsheet, open_workbook
from attendance_lib.intake.unsaid_cells import Place, UnsaidCells
from attendance_lib.intake.values import as_text

COLUMNS_SHEET = "columns"

Cell = str | date | Problem | None


@dataclass(frozen=True)
class SheetPlan:
    """What a sheet that staff fill in holds: its name, our columns, those it cannot do without, and the known headings.

    ``type_of`` gives a cell of a column its type, ``None`` where it is blank; ``dates`` names the columns of dates.
    """

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    headings: Mapping[str, str]
    dates: tuple[str, ...]
    type_of: Callable[[str, object], Cell]


@dataclass(frozen=True)
class FilledSheet:
    """A sheet as staff left it: cells, header row (from 0), where our columns stand.

    ``told`` are the positions of all columns that the pack wrote; ``unsaid`` the cells that hold something and read as
    blank.
    """

    label: str
    plan: SheetPlan
    cells: np.ndarray
    header: int
    positions: Mapping[str, int]
    told: tuple[int, ...]
    unsaid: UnsaidCells

    @cached_property
    def rows(self) -> list[int]:
        """Return the rows under the header in which a column of the pack holds anything."""
        return [row for row in range(self.header + 1, len(self.cells)) if self._is_filled(row)]

    @cached_property
    def columns(self) -> dict[str, list[Cell]]:
        """Return the typed cells of each of our columns, in the order of ``rows``."""
        return {name: [self._typed(row, name) for row in self.rows] for name in self.plan.columns}

    def value(self, row: int, name: str) -> object:
        """Return a cell's value, empty text where the column is missing."""
        return self.cells[row, self.positions[name]] if name in self.positions else ""

    def place(self, row: int, name: str) -> str:
        """Say where a cell stands, with the heading that staff see."""
        heading = as_text(self.cells[self.header, self.positions[name]])
        return f"{self.label}, sheet '{self.plan.name}', row {row + 1}, column '{heading}'"

    def cell_problems(self) -> Iterator[tuple[int, str]]:
        """Yield the row and what is wrong of each cell that cannot be read."""
        for name, values in self.columns.items():
            for row, value in zip(self.rows, values, strict=True):
                if isinstance(value, Problem):
                    yield row, f"{self.place(row, name)}: {value.text}."

    def table(self) -> pd.DataFrame:
        """Return the sheet as a table: dates as datetime64[s], the rest as text, and ``source_row`` (the sheet's number)."""
        dates = self.plan.dates
        return pd.DataFrame(
            {
                name: pd.Series(values, dtype="datetime64[s]" if name in dates else "str")
                for name, values in self.columns.items()
            }
        ).assign(source_row=np.array(self.rows, dtype="int64") + 1)

    def _is_filled(self, row: int) -> bool:
        return any(as_text(self.cells[row, at]) or (row, at) in self.unsaid.places for at in self.told)

    def _typed(self, row: int, name: str) -> Cell:
        place = (row, self.positions.get(name))
        if place in self.unsaid.formulas:
            return Problem("holds a formula without its result. Type the value itself")
        if place in self.unsaid.errors:
            return Problem("holds an error such as #N/A. Type the value itself")
        return self.plan.type_of(name, self.value(row, name))


def open_filled_sheet(path: Path, plan: SheetPlan) -> FilledSheet:
    """Open a sheet of a pack's workbook.

    Raises
    ------
    InputError
        If the file cannot be opened or has no such sheet or column.
    """
    workbook = open_workbook(path)
    name = _sheet_called(plan.name, workbook)
    if name is None:
        raise InputError(
            f"{path.name}: there is no sheet '{plan.name}'. {nearest(plan.name, workbook.names)} "
            "Give the sheet its name back, or leave previous_pack empty."
        )
    unsaid = workbook.unsaid(name)
    cells = _reaching(workbook.read(name), unsaid.places)
    declared = _declared_headings(workbook, name)
    header, found = find_header(
        cells, plan.headings | declared, f"{path.name}, sheet '{plan.name}'", plan.required
    )
    positions = {column: at for column, at in found.items() if column in plan.columns}
    return FilledSheet(path.name, plan, cells, header, positions, tuple(found.values()), unsaid)


def _sheet_called(wanted: str, workbook: Spreadsheet) -> str | None:
    return next((name for name in workbook.names if name.strip().casefold() == wanted), None)


def _declared_headings(workbook: Spreadsheet, filled: str) -> dict[str, str]:
    """Return plain heading to column name as the pack wrote them; nothing where its hidden sheet was lost."""
    name = _sheet_called(COLUMNS_SHEET, workbook)
    if name is None:
        return {}
    told = [tuple(map(as_text, row[:3])) for row in workbook.read(name) if len(row) > 2]  # noqa: PLR2004 - sheet, heading, name
    return {
        plain(heading): column
        for sheet, heading, column in told
        if sheet.casefold() == filled.strip().casefold()
    }


def _reaching(cells: np.ndarray, places: frozenset[Place]) -> np.ndarray:
    """Return the cells with blank ones added, so that they reach all of some places."""
    corner = np.array(list(places) or [(-1, -1)]).max(axis=0) + 1
    missing = np.maximum(corner - cells.shape, 0)
    return np.pad(cells, [(0, missing[0]), (0, missing[1])], constant_values="")
