"""What single logs say of the days on which papers are asked for, read without the rest of the school."""

from datetime import date

import pandas as pd

from attendance_lib.errors import AttendanceError
from attendance_lib.intake.declared import Table
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.schema import NOTICES
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import find_sources
from attendance_lib.intake.tables import read_table
from attendance_lib.rules.notices import NoticeKind, notice_kind, still_counts


def log_alone(table: Table, settings: Settings) -> pd.DataFrame | None:
    """Return the rows of one log, typed as the schema has it (dates are days, counts sessions or pupils).

    None where the school exports none, or one that cannot be read: whoever makes a paper of it is told.
    """
    try:
        read = read_table(table, find_sources(settings, table.name), Ledger())
    except (AttendanceError, OSError):
        return None
    return None if read is None else read.rows


def improvement_ends(settings: Settings) -> tuple[date, ...]:
    """Return the last day of each notice to improve that was issued and not withdrawn, each day once, ascending."""
    read = log_alone(NOTICES, settings)
    if read is None:
        return ()
    rows = read.dropna(subset=["ends_on"])
    found = zip(rows["kind"], rows["status"].fillna(""), rows["ends_on"], strict=True)
    return tuple(
        sorted(
            {
                end.date()
                for kind, status, end in found
                if notice_kind(kind) is NoticeKind.NOTICE_TO_IMPROVE and still_counts(status)
            }
        )
    )
