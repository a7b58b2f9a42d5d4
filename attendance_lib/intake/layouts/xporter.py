"""One record a pupil with a string of marks, two a day and seven days a week, as Xporter gives them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.declared import DATE, PUPIL_NAMES, TEXT, Column, Table
from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.headings import Headings, find_columns
from attendance_lib.intake.layouts.reading import TITLE_ROWS, Layout, RawMarks, Reading, no_marks
from attendance_lib.intake.ledger import Finding, Severity
from attendance_lib.intake.register_codes import NO_MARK
from attendance_lib.intake.sheet import OpenedFile, Sheet
from attendance_lib.intake.values import as_text
from attendance_lib.rules.codes import KNOWN_LETTERS, NEW_CODES_FROM

DATED = {"start_date": "AttStatsStartDate", "end_date": "AttStatsEndDate"}
SESSIONS_A_DAY = 2
SATURDAY, DAYS_A_WEEK = 5, 7
# Codes of two characters by their first: a string of one character a mark cannot distinguish them.
CUT_SHORT = {letter[0] for letter in KNOWN_LETTERS if len(letter) > 1}
STILL_IN_FORCE = "C"
CLOSED = "#"
EXPORT_MARKS_CSV = "Export the field MarksCSV too, which gives each code in full."

STRINGS = Table(
    "strings of marks",
    ("pupil_id",),
    (
        Column(
            "pupil_id", TEXT, "The pupil in the school's records", is_required=True,
            also_called=("MIS_ID", *PUPIL_NAMES, "UPN", "Id"),
        ),
        Column("start_date", DATE, "Day of the first two marks", is_required=True, also_called=("AttStatsStartDate",)),
        Column("end_date", DATE, "Last day that the string may reach", also_called=("AttStatsEndDate",)),
        Column("marks_csv", TEXT, "Codes with commas between", also_called=("MarksCSV",)),
        Column("marks", TEXT, "Codes, one character each", also_called=("Marks",)),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class _String:
    """The marks of one record: its row, its pupil, the day they begin, and one code a session."""

    row: int
    pupil: str
    start: date
    end: date | None
    codes: list[str]
    is_short: bool

    def weekend_marks(self) -> int:
        """Count the marks that would fall on a Saturday or Sunday."""
        first = self.start.weekday()
        return sum(
            code != CLOSED and code not in NO_MARK
            for place, code in enumerate(self.codes)
            if (first + place // SESSIONS_A_DAY) % DAYS_A_WEEK >= SATURDAY
        )

    def days_past_end(self) -> int:
        """Count the days by which the string is longer than its dates allow."""
        last = self.start + timedelta(days=(len(self.codes) + 1) // SESSIONS_A_DAY - 1)
        return max((last - self.end).days, 0) if self.end and self.codes else 0


def recognises(sheet: Sheet, export: OpenedFile) -> bool:
    """Return whether one of the first rows names a first day and a string of marks.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> names = ["MIS_ID", "AttStatsStartDate", "MarksCSV"]
    >>> sheets = [Sheet("marks.csv", "", np.array([each], dtype=object)) for each in (names, names[:2])]
    >>> [recognises(sheet, SimpleNamespace(columns={})) for sheet in sheets]
    [True, False]
    """
    return _headings(sheet, export) is not None


def read(reading: Reading) -> RawMarks:
    """Return the marks of all strings, one entry a session from Monday to Friday; weekends hold none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.intake.ledger import Ledger
    >>> rows = [["MIS_ID", "AttStatsStartDate", "MarksCSV"], ["12", "2026-11-06", "/,L,#,#,#,#,I,I"]]  # from a Friday on
    >>> sheet = Sheet("marks.csv", "", np.array(rows, dtype=object))
    >>> marks = read(Reading(SimpleNamespace(columns={}, date_order=""), sheet, Ledger()))
    >>> columns = [each.cells() for each in (marks.day, marks.session, marks.code)]
    >>> [f"{day:%a} {session} {code}" for day, session, code in zip(*columns, strict=True)]
    ['Fri AM /', 'Fri PM L', 'Mon AM I', 'Mon PM I']
    """
    header, headings = _headings(reading.sheet, reading.export) or (0, Headings({}))
    seen = {
        name: reading.seen(Encoded.of(reading.sheet.cells[header + 1 :, position]), name)
        for name, position in headings.positions.items()
    }
    columns = {
        name: (reading.days(column, DATED[name]) if name in DATED else column).cells()
        for name, column in seen.items()
    }
    strings = [
        found
        for number in range(len(reading.sheet.cells) - header - 1)
        if (found := _string(reading, columns, number, header + 2))
    ]
    if not strings or _refused(reading, strings):
        return no_marks()
    return _spread(strings)


def _headings(sheet: Sheet, export: OpenedFile) -> tuple[int, Headings] | None:
    for number, row in enumerate(sheet.cells[:TITLE_ROWS]):
        found = find_columns(row, STRINGS, export.columns)
        if (
            set(STRINGS.required) <= found.positions.keys()
            and {"marks", "marks_csv"} & found.positions.keys()
        ):
            return number, found
    return None


def _string(reading: Reading, columns: dict[str, np.ndarray], number: int, first_row: int) -> _String | None:
    cell = {name: column[number] for name, column in columns.items()}
    row, start = first_row + number, cell["start_date"]
    full, short = as_text(cell.get("marks_csv")), _one_a_mark(cell.get("marks", ""))
    if not full and not short:
        return None
    if start is None:
        reading.refuse(
            "this is not a date such as 2026-09-01, so no mark has a day.", "AttStatsStartDate", row
        )
        return None
    codes = [code.strip() for code in (full.split(",") if full else short)]
    if full and short and not _agree(codes, short.ljust(len(codes))):
        reading.refuse("Marks and MarksCSV do not tell the same marks. Export both again.", "MarksCSV", row)
    return _String(row, as_text(cell["pupil_id"]), start, cell.get("end_date"), codes, not full)


def _one_a_mark(cell: object) -> str:
    """Return a string of one character a mark; a blank at its beginning is a session without a mark, and is not taken away."""
    return cell.rstrip() if isinstance(cell, str) else as_text(cell)


def _agree(codes: list[str], short: str) -> bool:
    """Return whether codes in full begin with the characters of the string that is cut to one a mark."""
    return len(codes) == len(short) and all(
        code[:1] in ("", sign) for code, sign in zip(codes, short, strict=True)
    )


def _refused(reading: Reading, strings: list[_String]) -> bool:
    """Write down what is wrong with the strings; return whether any of it refuses them."""
    before = len(reading.ledger.refusals)
    drifting = [string for string in strings if string.weekend_marks()]
    long = [string for string in strings if string.days_past_end()]
    if drifting:
        reading.refuse(
            f"{len(drifting)} of {counted(len(strings), 'string')} {in_number(len(drifting), 'has', 'have')} marks on Saturdays "
            "or Sundays. A string should hold 14 marks a week from AttStatsStartDate, weekends as #; here it may hold 10, so that "
            "every later mark would move to another day. Export strings with seven days a week.",
            "Marks", drifting[0].row,
        )  # fmt: skip
    elif long:
        reading.refuse(
            f"{counted(len(long), 'string runs', 'strings run')} past AttStatsEndDate, so that marks stand on other days than "
            "the dates say.",
            "Marks",
            long[0].row,
        )
    _check_short(reading, [string for string in strings if string.is_short])
    return len(reading.ledger.refusals) > before


def _check_short(reading: Reading, strings: list[_String]) -> None:
    """Refuse or report codes that one character does not settle: C may be C1 or C2, and J and Y are no codes any more."""
    for sign in sorted(CUT_SHORT):
        counts = [_count_since_new_codes(string, sign) for string in strings]
        if not any(counts):
            continue
        row = strings[int(np.argmax(np.array(counts) > 0))].row
        alike = ", ".join(sorted(letter for letter in KNOWN_LETTERS if letter[0] == sign and len(letter) > 1))
        what = f"{counted(sum(counts), 'mark is', 'marks are')} cut to '{sign}', which may stand for {alike}"
        if sign == STILL_IN_FORCE:
            message = f"{what}; either way it is authorised absence, but the reason is not known. {EXPORT_MARKS_CSV}"
            reading.ledger.find(
                Finding("cut_codes", Severity.MUST, message, reading.sheet.label, "Marks", sum(counts), row)
            )
        else:
            reading.refuse(f"{what}. {EXPORT_MARKS_CSV}", "Marks", row)


def _count_since_new_codes(string: _String, sign: str) -> int:
    before = max((NEW_CODES_FROM - string.start).days, 0) * SESSIONS_A_DAY
    return string.codes[before:].count(sign)


def _spread(strings: list[_String]) -> RawMarks:
    lengths = np.array([len(string.codes) for string in strings])
    place = np.concatenate([np.arange(length) for length in lengths])
    ordinal = np.repeat([string.start.toordinal() for string in strings], lengths) + place // SESSIONS_A_DAY
    numbers, days = np.unique(ordinal, return_inverse=True)
    values = np.empty(len(numbers), dtype=object)
    values[:] = [date.fromordinal(int(number)) for number in numbers]
    pupils = Encoded.of(np.array([None, *(string.pupil for string in strings)], dtype=object)[1:])
    marks = RawMarks(
        pupil=replace(pupils, places=np.repeat(pupils.places, lengths)),
        day=Encoded(values, days.astype(np.int32)),
        session=Encoded(np.array(["AM", "PM"], dtype=object), (place % SESSIONS_A_DAY).astype(np.int32)),
        code=Encoded.of(
            np.array([None, *(code for string in strings for code in string.codes)], dtype=object)[1:]
        ),
        rows=np.repeat([string.row for string in strings], lengths),
    )
    return marks.where(np.array([day.weekday() < SATURDAY for day in values], dtype=bool)[days])


XPORTER = Layout("xporter", STRINGS, recognises=recognises, read=read)
