"""Session marks as Wonde documents them: one object a mark, its code an id to be looked up among the attendance codes."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np

from attendance_lib.intake.declared import DATE, TEXT, WHOLE, Column, Kind, Table
from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.headings import find_columns, plain
from attendance_lib.intake.layouts.reading import Layout, RawMarks, Reading, has_headings, no_marks, read_rows
from attendance_lib.intake.sheet import OpenedFile, Sheet
from attendance_lib.intake.values import as_text, without_unseen

CODE_ID = ("attendance_code_id", "attendance_code", "attendance_code.id")
PUPIL = Column(
    "pupil_id", TEXT, "The pupil's id", is_required=True, also_called=("student_id", "student.id", "student")
)
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
CODE_INSIDE = ("attendance_code.id", "attendance_code.code")
NOT_IN_A_CODE_LIST = frozenset({"date", "session"})


def recognises(sheet: Sheet, export: OpenedFile) -> bool:
    """Return whether the records are marks with the id of a code, or the list of codes itself.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> codes = Sheet("codes.json", "", np.array([["id", "code"], ["A17", "I"]], dtype=object))
    >>> [recognises(codes, SimpleNamespace(columns={}, is_spreadsheet=workbook)) for workbook in (False, True)]
    [True, False]
    """
    if export.is_spreadsheet:
        return False
    header = map(plain, chain.from_iterable(sheet.cells[:1]))
    has_ids = not set(map(plain, CODE_ID)).isdisjoint(header)
    return _is_code_list(sheet) or (has_ids and has_headings(sheet, SESSION_MARKS, export))


def read(reading: Reading) -> RawMarks:
    """Return the marks, one entry a record; a file that only lists the codes has none."""
    if _is_code_list(reading.sheet):
        return no_marks()
    letter_of = _codes_of(reading)
    raw = read_rows(reading, SESSION_MARKS)
    if not letter_of and len(raw):
        reading.refuse(
            "marks here are ids of attendance codes, and no list says which code is which. Save the answer of "
            "attendance-codes beside this file and name both in the school file, as in path: \"wonde/*.json\".",
            "attendance_code_id",
        )  # fmt: skip
        return no_marks()
    # An id that the list does not have is left as it is, and so reported as no register code.
    return replace(raw, code=raw.code.map(lambda identifier: letter_of.get(as_text(identifier), identifier)))


def _is_code_list(sheet: Sheet) -> bool:
    header = {plain(cell) for cell in sheet.cells[0]} if len(sheet.cells) else set()
    is_of_marks = header & (NOT_IN_A_CODE_LIST | {plain(name) for name in PUPIL.also_called})
    return not is_of_marks and len(_positions(sheet, "id", "code")) == len(CODE_LIST.columns)


def _positions(sheet: Sheet, *names: str) -> dict[str, int]:
    """Return the positions of fields; one that occurs twice is left out, for either could be meant."""
    wanted = Table("", (), tuple(Column(name, TEXT, "") for name in names))
    return find_columns(sheet.cells[0], wanted, {}).positions if len(sheet.cells) else {}


def _codes_of(reading: Reading) -> dict[str, str]:
    """Return the code of every id: from the marks themselves, else this file's list, else the lists in the other files."""
    found: dict[str, str] = dict(_pairs(reading.sheet, *CODE_INSIDE))
    for sheet in _code_lists(reading):
        for identifier, code in _pairs(sheet, "id", "code"):
            found.setdefault(identifier, code)
    return found


def _code_lists(reading: Reading) -> Iterator[Sheet]:
    """Yield the lists of codes of this file, then those of the others."""
    others = (other for other in reading.beside if other is not reading.export and not other.is_spreadsheet)
    for export in (reading.export, *others):
        yield from filter(_is_code_list, export.sheets)


def _pairs(sheet: Sheet, *names: str) -> Iterator[tuple[str, str]]:
    """Yield the distinct pairs of two fields; none if the records lack one of them."""
    positions = _positions(sheet, *names)
    if len(positions) < len(names):
        return
    ids, codes = (Encoded.of(sheet.cells[1:, positions[name]]) for name in names)
    both = np.unique(np.stack([ids.places, codes.places]), axis=1)
    yield from (
        (as_text(without_unseen(ids.values[here])), as_text(without_unseen(codes.values[there])))
        for here, there in both.T
    )


WONDE_JSON = Layout("wonde_json", SESSION_MARKS, recognises=recognises, read=read)
