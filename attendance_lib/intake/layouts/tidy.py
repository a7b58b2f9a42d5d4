"""One row a mark under the schema's names or their usual variants, as CSV or as a sheet."""

from collections.abc import Mapping

import numpy as np

from attendance_lib.intake.encoded import Coded
from attendance_lib.intake.files.export import Export, Sheet
from attendance_lib.intake.headings import Headings, find_columns, missing_columns
from attendance_lib.intake.layouts.reading import RawMarks, Reading, without_empty_rows
from attendance_lib.intake.schema import MARKS, Table
from attendance_lib.intake.values import as_session, as_text

TITLE_ROWS = 10


def recognises(sheet: Sheet, export: Export) -> bool:
    """Whether one of the first rows names every required column of marks."""
    return header_row(sheet, MARKS, export.columns) is not None


def read(reading: Reading) -> RawMarks:
    """Return the marks of a tidy sheet, one entry a row."""
    return read_table_of_marks(reading, MARKS)


def read_table_of_marks(reading: Reading, table: Table) -> RawMarks:
    """Return the marks of a sheet whose headings a table declares, one entry a row."""
    header = header_row(reading.sheet, table, reading.export.columns) or 0
    headings = check_headings(reading, table, header)
    if any(name not in headings.positions for name in table.required):
        return no_marks()
    body = reading.sheet.cells[header + 1 :]
    filled = without_empty_rows(body)
    columns = {
        name: reading.seen(Coded.of(body[filled, position]), name)
        for name, position in headings.positions.items()
    }
    return RawMarks(
        pupil=columns.pop("pupil_id").map(as_text),
        day=reading.days(columns.pop("date"), "date"),
        session=columns.pop("session").map(as_session),
        code=columns.pop("code"),
        rows=np.flatnonzero(filled) + header + 2,
        details=columns,
    )


def header_row(sheet: Sheet, table: Table, mapping: Mapping[str, str]) -> int | None:
    """Return the first row that names every required column of a table, None if there is none."""
    for number, row in enumerate(sheet.cells[:TITLE_ROWS]):
        if set(table.required) <= find_columns(row, table, mapping).positions.keys():
            return number
    return None


def check_headings(reading: Reading, table: Table, header: int) -> Headings:
    """Return where the columns stand, writing down whatever is wrong with the headings as refusals."""
    row = reading.sheet.cells[header] if len(reading.sheet.cells) else []
    headings = find_columns(row, table, reading.export.columns)
    for problem in (*headings.problems, *missing_columns(row, table, headings)):
        reading.refuse(problem, row=header + 1)
    return headings


def no_marks() -> RawMarks:
    """Return no marks at all."""
    empty = Coded.of(np.empty(0, dtype=object))
    return RawMarks(empty, empty, empty, empty, np.empty(0, dtype=np.int64))
