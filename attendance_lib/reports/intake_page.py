"""The account of reading a school's exports, as a page of plain text for a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.reports.project import Project

if TYPE_CHECKING:
    from attendance_lib.intake.ledger import FileRead, IntakeLog
    from attendance_lib.intake.school import School

FILE_HEADINGS = ("export", "file", "layout", "rows", "pupils", "first day", "last day")
NONE = "  none"


def intake_page(school: "School", project: Project) -> str:
    """Return what was read, repaired and found, without any personal value.

    Parameters
    ----------
    school : School
        A school whose exports were accepted.
    project : Project
        Files are shown relative to it.

    Returns
    -------
    str
        The files with their rows, pupils and dates; the repairs; the findings, those that must be put
        right first; the marks read, left out and missing.
    """
    details, log = school.settings.school, school.log
    findings = sorted(log.findings, key=lambda finding: finding.severity)
    parts = [
        (
            f"{details.name} (URN {details.urn})",
            table([FILE_HEADINGS, *(file_row(file, project) for file in log.files)]),
        ),
        ("Repaired on reading", (f"  {repair.count:>8,}  {repair.message}" for repair in log.repairs)),
        ("To look at", (f"  {finding.severity:<8}  {finding}" for finding in findings)),
        ("Marks", marks_lines(log)),
    ]
    return "\n\n".join("\n".join([title, *(list(lines) or [NONE])]) for title, lines in parts)


def file_row(file: "FileRead", project: Project) -> tuple[str, ...]:
    """Return one file as a row of text; a sheet stands behind its file's name."""
    path = project.relative(Path(file.path))
    name = f"{path} [{file.sheet}]" if file.sheet else path
    dates = (str(day or "") for day in (file.first_date, file.last_date))
    return (file.kind, name, file.layout, f"{file.rows:,}", f"{file.pupils:,}", *dates)


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows of text with columns lined up.

    Examples
    --------
    >>> list(table([("a", "bb"), ("ccc", "d")]))
    ['  a    bb', '  ccc  d']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def marks_lines(log: "IntakeLog") -> Iterable[str]:
    """Return the marks read, left out and missing, a line each."""
    counts = (("read", log.rows_read), ("left out", log.rows_dropped), ("missing", log.missing_marks))
    return [f"  {count:>10,}  {what}" for what, count in counts]
