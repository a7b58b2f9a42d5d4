"""One row a mark under the schema's names or their usual variants, as CSV or as a sheet."""

from attendance_lib.intake.layouts.reading import Layout, has_headings, read_rows
from attendance_lib.intake.schema import MARKS

TIDY = Layout(
    "tidy",
    MARKS,
    recognises=lambda sheet, export: has_headings(sheet, MARKS, export),
    read=lambda reading: read_rows(reading, MARKS),
    headed={name: name for name in ("pupil_id", "date", "session")},
)
