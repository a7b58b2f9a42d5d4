"""Session marks as Wonde documents them: one object a mark, its code an id to be looked up among the attendance codes."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from attendance_lib.intake.coded import Coded
from attendance_lib.intake.export import Export, Sheet
from attendance_lib.intake.headings import find_columns, plain
from attendance_lib.intake.layouts import tidy
from attendance_lib.intake.layouts.tidy import header_row, no_marks
from attendance_lib.intake.raw_marks import RawMarks, Reading
from attendance_lib.intake.schema import DATE, TEXT, WHOLE, Column, Kind, Table
from attendance_lib.intake.values import as_text

CODE_ID = ("attendance_code_id", "attendance_code", "attendance_code.id")
PUPIL = Column("pupil_id", TEXT, "The pupil's id", is_required=True, also_called=("student_id", "student.id", "student"))
SESSION_MARKS = Table(
    "session marks",
    ("pupil_id", "date", "session"),
    (
        PUPIL,
        Column("date", DATE, "Day of the session", is_required=True),
        Column("session", Kind.SESSION, "AM or PM", is_required=True),
        Column("code", TEXT, "Id of the attendance code", is_required=True, also_called=CODE_ID),
        Column("minutes_late", WHOLE, "Minutes late", "minutes"),
    ),
)
CODE_LIST = Table(
    "attendance codes",
    ("id",),
    (
        Column("id", TEXT, "Id of the code", is_required=True),
        Column("code", Kind.CODE, "Register code", is_required=True),
    ),
)
NOT_IN_A_CODE_LIST = frozenset({"date", "session"})


def recognises(sheet: Sheet, export: Export) -> bool:
    """Whether the records are marks with the id of a code, or the list of codes itself."""
    if export.is_spreadsheet:
        return False
    header = {plain(cell) for cell in sheet.cells[0]} if len(sheet.cells) else set()
    has_ids = bool(header & {plain(name) for name in CODE_ID})
    return _is_code_list(sheet) or (has_ids and header_row(sheet, SESSION_MARKS, export.columns) is not None)


def read(reading: Reading) -> RawMarks:
    """Return the marks, one entry a record; a file that only lists the codes has none."""
    if _is_code_list(reading.sheet):
        return no_marks()
    letter_of = dict(_codes_of(reading))
    raw = _with_ids(reading)
    if not letter_of and len(raw):
        reading.refuse(
            "marks here are ids of attendance codes, and no list says which code is which. Save the answer of "
            "attendance-codes beside this file and name both in the school file, as in path: \"wonde/*.json\".",
            "attendance_code_id",
        )  # fmt: skip
        return no_marks()
    # An id that the list does not have is left as it is, and so reported as no register code.
    return replace(raw, code=raw.code.map(lambda identifier: letter_of.get(as_text(identifier), identifier)))


def _with_ids(reading: Reading) -> RawMarks:
    return tidy.read_table_of_marks(reading, SESSION_MARKS)


def _is_code_list(sheet: Sheet) -> bool:
    header = {plain(cell) for cell in sheet.cells[0]} if len(sheet.cells) else set()
    return {"id", "code"} <= header and not header & NOT_IN_A_CODE_LIST and not header & {plain(PUPIL.also_called[0])}


def _codes_of(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield id and code of every attendance code in this file, in its marks, and in the files beside it."""
    for export in (reading.export, *(other for other in reading.beside if not other.is_spreadsheet)):
        for sheet in export.sheets:
            if _is_code_list(sheet):
                yield from _pairs(sheet, "id", "code")
    inside = {plain(cell) for cell in reading.sheet.cells[0]}
    if {"attendancecodeid", "attendancecodecode"} <= inside:
        yield from _pairs(reading.sheet, "attendance_code.id", "attendance_code.code")


def _pairs(sheet: Sheet, *names: str) -> Iterator[tuple[str, str]]:
    wanted = Table("", (), tuple(Column(name, TEXT, "") for name in names))
    positions = find_columns(sheet.cells[0], wanted, {}).positions
    ids, codes = (Coded.of(sheet.cells[1:, positions[name]]) for name in names)
    both = np.unique(np.stack([ids.places, codes.places]), axis=1)
    yield from ((as_text(ids.values[here]), as_text(codes.values[there])) for here, there in both.T)
