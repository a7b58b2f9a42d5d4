"""Session attendances as SIMS's partner interface gives them: one element a mark, every field an element of its own."""

from attendance_lib.intake.files.export import Export, Sheet
from attendance_lib.intake.layouts import tidy
from attendance_lib.intake.layouts.reading import RawMarks, Reading

RECORD = "SessionAttendance"


def recognises(sheet: Sheet, export: Export) -> bool:
    """Whether the records are SIMS's session attendances with the fields of a mark."""
    return sheet.name == RECORD and not export.is_spreadsheet and tidy.recognises(sheet, export)


def read(reading: Reading) -> RawMarks:
    """Return the marks, one entry a record; the time of ``AttendanceDate`` is the session's and is dropped."""
    return tidy.read(reading)
