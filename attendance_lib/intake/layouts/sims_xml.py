"""Session attendances as SIMS's partner interface gives them: one element a mark, every field an element of its own."""

from attendance_lib.intake.layouts.reading import Layout, has_headings, read_rows
from attendance_lib.intake.schema import MARKS
from attendance_lib.intake.sheet import OpenedFile, Sheet

RECORD = "SessionAttendance"


def recognises(sheet: Sheet, export: OpenedFile) -> bool:
    """Return whether the records are SIMS's session attendances with the fields of a mark.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> names = np.array([["pupil_id", "date", "session", "code"]], dtype=object)
    >>> file = SimpleNamespace(columns={}, is_spreadsheet=False)
    >>> [recognises(Sheet("marks.xml", record, names), file) for record in ("SessionAttendance", "LessonAttendance")]
    [True, False]
    """
    return sheet.name == RECORD and not export.is_spreadsheet and has_headings(sheet, MARKS, export)


# The time of ``AttendanceDate`` is the session's; the day is read without it.
SIMS_XML = Layout(
    "sims_xml",
    MARKS,
    recognises=recognises,
    read=lambda reading: read_rows(reading, MARKS),
    headed={name: name for name in ("pupil_id", "date", "session")},
)
