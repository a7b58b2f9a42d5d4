"""What a layout of marks is, what it is given to read, and the marks that it returns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np

from attendance_lib.errors import in_number
from attendance_lib.intake.declared import Table
from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.headings import Headings, find_columns, missing_columns
from attendance_lib.intake.ledger import Finding, Ledger, Repair, Severity
from attendance_lib.intake.register_codes import OwnCodes
from attendance_lib.intake.sheet import OpenedFile, Sheet
from attendance_lib.intake.values import (
    Dates,
    Order,
    as_session,
    as_text,
    is_midnight_elsewhere,
    resolve_dates,
    serial_date,
    without_unseen,
)

TITLE_ROWS = 10


@dataclass(frozen=True, eq=False)
class RawMarks:
    """One entry a mark seen, blank ones too.

    ``pupil`` holds text, ``day`` dates, ``session`` AM or PM (None where unreadable), ``code`` what the cell
    holds, ``rows`` the row of the file (from 1); ``details`` holds the cells of further columns.
    """

    pupil: Encoded
    day: Encoded
    session: Encoded
    code: Encoded
    rows: np.ndarray
    details: dict[str, Encoded] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, keep: np.ndarray) -> "RawMarks":
        """Return the marks kept (boolean, one a row: a pupil and a session)."""
        return replace(
            self, pupil=self.pupil.where(keep), day=self.day.where(keep), session=self.session.where(keep),
            code=self.code.where(keep), rows=self.rows[keep],
            details={name: column.where(keep) for name, column in self.details.items()},
        )  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a layout is given: the file, the sheet it recognised, and the ledger to write into.

    ``beside`` has the other files of the same source; ``school_days`` the days on which the school is open.
    """

    export: OpenedFile
    sheet: Sheet
    ledger: Ledger
    beside: tuple[OpenedFile, ...] = ()
    school_days: tuple[date, ...] = ()

    @cached_property
    def own_codes(self) -> OwnCodes:
        """The codes of a system's own that the school file has for the file."""
        return OwnCodes(self.export.codes)

    def refuse(self, problem: str, column: str = "", row: int | None = None) -> None:
        """Write down why the sheet is refused.

        Examples
        --------
        >>> reading = Reading(None, Sheet("marks.csv", "", np.empty((0, 0), dtype=object)), Ledger())
        >>> reading.refuse("this is no day. Correct it.", "date", 3)
        >>> reading.ledger.refusals
        ["marks.csv, row 3, column 'date': this is no day. Correct it."]
        """
        self.ledger.refuse(Finding("unreadable", Severity.MUST, problem, self.sheet.label, column, row=row))

    def seen(self, column: Encoded, heading: str) -> Encoded:
        """Return a column without characters that cannot be seen, and write down of how many cells they were taken out.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> file, sheet = SimpleNamespace(date_order=""), Sheet("marks.csv", "", np.empty((0, 0), dtype=object))
        >>> reading = Reading(file, sheet, Ledger())
        >>> reading.seen(Encoded.of(np.array([f"003400{chr(0x200B)}", "003401"], dtype=object)), "pupil_id").cells().tolist()
        ['003400', '003401']
        >>> reading.ledger.repairs[0].count
        1
        """
        found = {value: seen for value in column.values if (seen := without_unseen(value)) is not value}
        if not found:
            return column
        count = int(column.holds(np.array([value in found for value in column.values], dtype=bool)).sum())
        message = f"{in_number(count, 'cell', 'cells')} of '{heading}' held characters that cannot be seen, which were taken out"
        self.ledger.repair(Repair("unseen_characters", self.sheet.label, count, message))
        return column.map(lambda value: found.get(value, value))

    def days(self, column: Encoded, heading: str, *, of_birth: bool = False) -> Encoded:
        """Return a column's cells as dates (None where a cell is none); an order left open is refused.

        The order of day and month is settled by the whole column, then by ``date_order`` of the school file,
        then by the other columns of the sheet. Years of two digits are of this century; those of births that were
        to come after the school's last term are of the one before.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> file, sheet = SimpleNamespace(date_order=""), Sheet("marks.csv", "", np.empty((0, 0), dtype=object))
        >>> reading = Reading(file, sheet, Ledger())
        >>> days = reading.days(Encoded.of(np.array(["03/09/2026", "25/09/2026", "soon"], dtype=object)), "date").cells()
        >>> [str(day) for day in days]  # the second text shows that the day comes first
        ['2026-09-03', '2026-09-25', 'None']
        """
        stated = Order(self.export.date_order) if self.export.date_order else None
        latest = max(self.school_days).year if of_birth and self.school_days else None
        dates = resolve_dates(column.values, stated, latest)
        if dates.is_open:
            dates = resolve_dates(column.values, self._order_elsewhere(), latest)
        self._refuse_unclear_order(dates, heading)
        numbered = self._numbered_days(column, heading)
        self._report_midnights(column, dates.found, heading)
        return column.map((dates.found | numbered).get)

    def _refuse_unclear_order(self, dates: Dates, heading: str) -> None:
        if dates.is_mixed:
            self.refuse(
                "some dates have the day first and some the month first. Export dates as 2026-11-20.", heading
            )
        if dates.is_open:
            self.refuse(
                "dates such as 03/09/2026 could have the day or the month first, and no date here tells which. "
                "Export dates as 2026-11-20, or write date_order: day_first beside the path in the school file.",
                heading,
            )

    def _numbered_days(self, column: Encoded, heading: str) -> dict[object, date]:
        """Return the dates that a workbook holds as bare numbers, and write down that they were read so."""
        found = {value: day for value in column.values if (day := serial_date(value, self.sheet.day_zero))}
        count = sum(
            count
            for value, count in zip(column.values, column.counts().tolist(), strict=True)
            if value in found
        )
        message = f"numbers in '{heading}' are dates without their format, counted from {self.sheet.day_zero}"
        self.ledger.repair(Repair("numbers_as_dates", self.sheet.label, count, message))
        return found

    def _report_midnights(self, column: Encoded, found: dict[object, date], heading: str) -> None:
        """Write down how many dates are midnights in Britain written as the time of another zone."""
        counts = zip(column.values, column.counts().tolist(), strict=True)
        count = sum(
            count for value, count in counts if value in found and is_midnight_elsewhere(found[value], value)
        )
        message = f"dates in '{heading}' are midnight in Britain written in another zone's time, and were read as that day"
        self.ledger.repair(Repair("midnights", self.sheet.label, count, message))

    def _order_elsewhere(self) -> Order | None:
        """Return the order that the other columns of the sheet prove, None if none does or they disagree."""
        columns = (resolve_dates(Encoded.of(column).values) for column in self.sheet.cells.T)
        proven = {dates.order for dates in columns if dates.order}
        return proven.pop() if len(proven) == 1 else None


@dataclass(frozen=True)
class Layout:
    """One way in which systems write marks; all of them are in ``LAYOUTS``, and nothing else in the library knows one by name.

    ``table`` has the columns that it looks for, which a school file may map. ``recognises`` decides by its cells whether a
    sheet is written so, and ``read`` returns the marks. ``headed`` gives, where the cells of a mark are below headings,
    the column of ``table`` for a column of marks, so that a message can show them. ``near_miss`` returns what is wrong with a
    row that only nearly belongs to this layout. Where ``holds_marks`` is false, the file is recognised to be refused.
    """

    name: str
    table: Table
    recognises: Callable[[Sheet, OpenedFile], bool]
    read: Callable[[Reading], RawMarks]
    headed: Mapping[str, str] = field(default_factory=dict)
    near_miss: Callable[[Sequence[object]], str] = lambda _: ""
    holds_marks: bool = True


def read_rows(reading: Reading, table: Table) -> RawMarks:
    """Return the marks of a sheet whose headings a table declares, one entry a row.

    Examples
    --------
    Rows without anything are passed over, and the numbers of the others are those of the file.

    >>> from types import SimpleNamespace
    >>> from attendance_lib.intake.schema import MARKS
    >>> rows = [["pupil_id", "date", "session", "code"], ["12", "2026-11-09", "am", "/"], [""] * 4, ["13", "2026-11-09", "PM", "N"]]
    >>> file, sheet = SimpleNamespace(columns={}, date_order=""), Sheet("marks.csv", "", np.array(rows, dtype=object))
    >>> marks = read_rows(Reading(file, sheet, Ledger()), MARKS)
    >>> marks.pupil.cells().tolist(), marks.session.cells().tolist(), marks.rows.tolist()
    (['12', '13'], ['AM', 'PM'], [2, 4])
    """
    header = header_row(reading.sheet, table, reading.export.columns) or 0
    headings = check_headings(reading, table, header)
    if any(name not in headings.positions for name in table.required):
        return no_marks()
    body = reading.sheet.cells[header + 1 :]
    filled = without_empty_rows(body)
    columns = {
        name: reading.seen(Encoded.of(body[filled, position]), name)
        for name, position in headings.positions.items()
    }
    return RawMarks(
        pupil=columns.pop("pupil_id").map(as_text),
        day=reading.days(columns.pop("date"), "date"),
        session=columns.pop("session").map(as_session),
        code=columns.pop("code"),
        rows=np.flatnonzero(filled) + header + 2,
        details=columns,
    )


def header_row(sheet: Sheet, table: Table, mapping: Mapping[str, str]) -> int | None:
    """Return the first row that names every required column of a table, None if there is none.

    Examples
    --------
    >>> from attendance_lib.intake.declared import PUPIL_ID
    >>> cells = np.array([["Autumn term", ""], ["Adno", "Mark"], ["003400", "/"]], dtype=object)
    >>> header_row(Sheet("marks.csv", "", cells), Table("marks", ("pupil_id",), (PUPIL_ID,)), {})
    1
    """
    for number, row in enumerate(sheet.cells[:TITLE_ROWS]):
        if set(table.required) <= find_columns(row, table, mapping).positions.keys():
            return number
    return None


def has_headings(sheet: Sheet, table: Table, export: OpenedFile) -> bool:
    """Return whether one of the first rows names every required column of a table.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.intake.declared import PUPIL_ID
    >>> sheet = Sheet("marks.csv", "", np.array([["Adno", "Mark"]], dtype=object))
    >>> has_headings(sheet, Table("marks", ("pupil_id",), (PUPIL_ID,)), SimpleNamespace(columns={}))
    True
    """
    return header_row(sheet, table, export.columns) is not None


def check_headings(reading: Reading, table: Table, header: int) -> Headings:
    """Return the positions of the columns, writing down whatever is wrong with the headings as refusals."""
    row = reading.sheet.cells[header] if len(reading.sheet.cells) else []
    headings = find_columns(row, table, reading.export.columns)
    for problem in (*headings.problems, *missing_columns(row, table, headings)):
        reading.refuse(problem, row=header + 1)
    return headings


def no_marks() -> RawMarks:
    """Return no marks at all.

    Examples
    --------
    >>> len(no_marks())
    0
    """
    empty = Encoded.of(np.empty(0, dtype=object))
    return RawMarks(empty, empty, empty, empty, np.empty(0, dtype=np.int64))


def without_empty_rows(cells: np.ndarray) -> np.ndarray:
    """Return which rows hold anything (boolean, one a row).

    Examples
    --------
    >>> without_empty_rows(np.array([["a", ""], ["", ""], ["", "b"]], dtype=object)).tolist()
    [True, False, True]
    """
    return np.any(cells != "", axis=1) if cells.size else np.zeros(len(cells), dtype=bool)
