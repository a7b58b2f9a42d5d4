"""Sessions by code for each pupil over a term, as the School Census is collected: recognised, and refused as marks.

Counts have no dates, so no register can be made of them; ``intake/census.py`` reads them for rates.
"""

from attendance_lib.intake.files.export import Export, Sheet
from attendance_lib.intake.headings import find_columns
from attendance_lib.intake.layouts.reading import RawMarks, Reading
from attendance_lib.intake.layouts.tidy import header_row, no_marks
from attendance_lib.intake.schema import TEXT, WHOLE, Column, Kind, Table

CENSUS_SESSIONS = Table(
    "census sessions",
    ("pupil_id", "code"),
    (
        Column(
            "pupil_id", TEXT, "The pupil's row in the census's table of pupils", is_required=True,
            also_called=("pupilonrolltableid", "pupilnolongeronrolltableid"),
        ),
        Column("code", Kind.CODE, "Register code", is_required=True, also_called=("attendancereason",)),
        Column("sessions", WHOLE, "Sessions with this code", "sessions", is_required=True, also_called=("absencesessions",)),
    ),
)  # fmt: skip


def recognises(sheet: Sheet, export: Export) -> bool:
    """Whether the columns are a pupil, a reason and a count of sessions, and there is no date."""
    header = header_row(sheet, CENSUS_SESSIONS, export.columns)
    return header is not None and not _has_date(sheet, header)


def read(reading: Reading) -> RawMarks:
    """Refuse the file as marks, and say what it is good for."""
    reading.refuse(
        "these are School Census counts: sessions by code for each pupil, without dates. They are enough for rates and "
        "persistent absence (run: attendance census PUPILS SESSIONS --on DATE), but not for a register, a fortnight, a "
        "pattern or a notice. Export the marks themselves."
    )
    return no_marks()


def _has_date(sheet: Sheet, header: int) -> bool:
    return (
        "date" in find_columns(sheet.cells[header], Table("", (), (Column("date", TEXT, ""),)), {}).positions
    )
