"""When notices to improve end, from the log of notices alone: the calendar asks for a paper on the day after."""

from datetime import date

from attendance_lib.errors import AttendanceError
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.schema import NOTICES
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import find_sources
from attendance_lib.intake.tables import read_table
from attendance_lib.rules.notices import NoticeKind, notice_kind, still_counts


def improvement_ends(settings: Settings) -> tuple[date, ...]:
    """Return the last day of each notice to improve that was issued and not withdrawn, each day once, ascending.

    None where the school exports no log of notices, or one that cannot be read: whoever makes a paper of it is told.
    """
    try:
        read = read_table(NOTICES, find_sources(settings, NOTICES.name), Ledger())
    except (AttendanceError, OSError):
        return ()
    if read is None:
        return ()
    rows = read.rows.dropna(subset=["ends_on"])
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
