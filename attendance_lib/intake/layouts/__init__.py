"""The layouts in which marks arrive, tried in this order, and which kind of export a file is.

The content decides, not the file's name.
"""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from attendance_lib.errors import InputError
from attendance_lib.intake.declared import Table
from attendance_lib.intake.headings import find_columns, plain
from attendance_lib.intake.layouts.census_counts import CENSUS_COUNTS
from attendance_lib.intake.layouts.grid_xlsx import GRID_XLSX
from attendance_lib.intake.layouts.reading import Layout, header_row
from attendance_lib.intake.layouts.sims_xml import SIMS_XML
from attendance_lib.intake.layouts.tidy import TIDY
from attendance_lib.intake.layouts.weekly_wide import WEEKLY_WIDE
from attendance_lib.intake.layouts.wonde_json import WONDE_JSON
from attendance_lib.intake.layouts.xporter import XPORTER
from attendance_lib.intake.schema import LESSONS, MARKS, TABLES
from attendance_lib.intake.sheet import OpenedFile, Sheet

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (SIMS_XML, XPORTER, WONDE_JSON, CENSUS_COUNTS, TIDY, WEEKLY_WIDE, GRID_XLSX)
}


def layout_of(sheet: Sheet, export: OpenedFile) -> Layout | None:
    """Return the first layout of marks that recognises a sheet; None if none does.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> headings = (["pupil_id", "date", "session", "code"], ["Form", "Tutor"])
    >>> sheets = [Sheet("a.csv", "", np.array([names], dtype=object)) for names in headings]
    >>> found = [layout_of(sheet, SimpleNamespace(columns={}, is_spreadsheet=False)) for sheet in sheets]
    >>> found[0].name, found[1]
    ('tidy', None)
    """
    return next((each for each in LAYOUTS.values() if each.recognises(sheet, export)), None)


@dataclass(frozen=True)
class FoundFile:
    """An export: its kind, the layout of marks, the sheet of a workbook that has others (else empty) and its number of rows."""

    path: Path
    kind: str
    layout: str
    sheet: str
    rows: int


def files_of(export: OpenedFile) -> list[FoundFile]:
    """Return what a file is; each sheet of a workbook by itself, those of marks together.

    Raises
    ------
    InputError
        If it cannot be read, or holds counts without dates.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> counts = Sheet("census.csv", "", np.array([["pupil_id", "code", "sessions"]], dtype=object))
    >>> files_of(SimpleNamespace(label="census.csv", path=Path("census.csv"), sheets=(counts,), columns={}, is_spreadsheet=False))
    Traceback (most recent call last):
    attendance_lib.errors.InputError: census.csv: these are counts without dates; attendance census reads them
    """
    found = [file for sheet in export.sheets if (file := _file_of(sheet, export))]
    kinds = {each.kind for each in found}
    if export.is_spreadsheet:
        return found if len(export.sheets) > 1 and kinds != {MARKS.name} else _together(found)
    most_rows = max((len(sheet.cells) - 1 for sheet in export.sheets), default=0)
    is_beside_the_data = most_rows > max((each.rows for each in found), default=0)
    return [] if is_beside_the_data else _together(found)


def _file_of(sheet: Sheet, export: OpenedFile) -> FoundFile | None:
    """Return what a sheet is, None if it is no export.

    Raises
    ------
    InputError
        If it holds counts without dates.
    """
    kind, layout = kind_of(sheet, export)
    if layout and not layout.holds_marks:
        raise InputError(f"{export.label}: these are counts without dates; attendance census reads them")
    rows = max(len(sheet.cells) - 1, 0)
    return FoundFile(export.path, kind, layout.name if layout else "", sheet.name, rows) if kind else None


def _together(files: list[FoundFile]) -> list[FoundFile]:
    """Return the sheets or lists of records of one kind as one file."""
    first: dict[str, FoundFile] = {}
    rows: Counter[str] = Counter()
    for each in files:
        first.setdefault(each.kind, each)
        rows[each.kind] += each.rows
    return [replace(each, sheet="", rows=rows[kind]) for kind, each in first.items()]


def kind_of(sheet: Sheet, export: OpenedFile) -> tuple[str, Layout | None]:
    """Return which kind of export a sheet is, and for marks in which layout; empty if none.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> roll = Sheet("a.csv", "", np.array([["pupil_id", "year_group", "form"]], dtype=object))
    >>> kind_of(roll, SimpleNamespace(columns={}, is_spreadsheet=False))
    ('pupils', None)
    """
    fitting = {table.name: _fit(sheet, table, export) for table in TABLES.values() if table is not MARKS}
    best = max(fitting, key=lambda name: (fitting[name], plain(sheet.name) == plain(name)))
    layout = layout_of(sheet, export)
    if layout and not fitting[LESSONS.name]:
        return MARKS.name, layout
    return (best, None) if fitting[best] else ("", None)


def _fit(sheet: Sheet, table: Table, export: OpenedFile) -> int:
    """Return how many columns of a table the headings of a sheet have; 0 where a required one is missing."""
    header = header_row(sheet, table, export.columns)
    return 0 if header is None else len(find_columns(sheet.cells[header], table, export.columns).positions)
