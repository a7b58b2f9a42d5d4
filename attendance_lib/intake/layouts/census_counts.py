"""Sessions by code for each pupil over a term, as the School Census is collected: recognised, and refused as marks.

Counts have no dates, so no register can be made of them; ``intake/census.py`` reads them for rates.
"""

from attendance_lib.intake.declared import TEXT, Column, Table
from attendance_lib.intake.headings import find_columns
from attendance_lib.intake.layouts.reading import Layout, RawMarks, Reading, header_row, no_marks
from attendance_lib.intake.schema import CENSUS_SESSIONS
from attendance_lib.intake.sheet import OpenedFile, Sheet

DATED = Table("", (), (Column("date", TEXT, ""),))


def recognises(sheet: Sheet, export: OpenedFile) -> bool:
    """Return whether the columns are a pupil, a reason and a count of sessions, and there is no date.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> names = ["pupil_id", "code", "sessions"]
    >>> recognises(Sheet("census.csv", "", np.array([names], dtype=object)), SimpleNamespace(columns={}))
    True
    """
    header = header_row(sheet, CENSUS_SESSIONS, export.columns)
    return header is not None and not find_columns(sheet.cells[header], DATED, {}).positions


def read(reading: Reading) -> RawMarks:
    """Refuse the file as marks, with what it can be used for.

    Examples
    --------
    >>> from attendance_lib.intake.ledger import Ledger
    >>> reading = Reading(None, Sheet("counts", "", None), Ledger())
    >>> len(read(reading)), reading.ledger.refusals[0].partition(".")[0]
    (0, 'counts: these are School Census counts: sessions by code for each pupil, without dates')
    """
    reading.refuse(
        "these are School Census counts: sessions by code for each pupil, without dates. They are enough for rates and "
        "persistent absence (run: attendance census PUPILS SESSIONS --on DATE), but not for a register, a fortnight, a "
        "pattern or a notice. Export the marks themselves."
    )
    return no_marks()


CENSUS_COUNTS = Layout("census_counts", CENSUS_SESSIONS, recognises=recognises, read=read, holds_marks=False)
