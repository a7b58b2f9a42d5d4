"""What a workbook says about itself: title, school, period, confidentiality and date."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class WorkbookProperties:
    """The particulars printed on the first sheet, in the footer and in the document's properties.

    ``date`` is an ISO date. It is the only date in the file, so that two writes give the same bytes. ``urn`` is the
    school's number and ``pack_id`` the pack's, by which what staff fill in is known again; a workbook without one is not
    read back.
    """

    title: str
    school: str
    period: str
    confidentiality: str
    date: str
    urn: str = ""
    pack_id: str = ""

    @property
    def moment(self) -> datetime:
        """Return the start of ``date`` in UTC, which dates the document and the parts of its zip.

        Examples
        --------
        >>> WorkbookProperties("Pack", "Larkmoor Academy", "9 to 20 November 2026", "", "2026-11-20").moment.isoformat()
        '2026-11-20T00:00:00+00:00'
        """
        return datetime.fromisoformat(self.date).replace(tzinfo=UTC)

    @property
    def subject(self) -> str:
        """Return the school and the period in one line."""
        return ", ".join(part for part in (self.school, self.period) if part)
