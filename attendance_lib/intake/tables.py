"""Read any table of the schema from tidy CSV or a sheet, typed by its declaration."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.typing import NAType

from attendance_lib.errors import InputError, counted, in_number
from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.headings import plain
from attendance_lib.intake.layouts.reading import Reading, check_headings, header_row, without_empty_rows
from attendance_lib.intake.layouts.tidy import TIDY
from attendance_lib.intake.ledger import FileRead, Finding, Ledger, Severity
from attendance_lib.intake.privacy import code_for_message, for_message, is_a_date, looks_changed
from attendance_lib.intake.register_codes import (
    CodeState,
    counted_codes,
    listed,
    read_code,
    unknown_codes_remedy,
)
from attendance_lib.intake.schema import (
    PUPILS,
    Column,
    Kind,
    Table,
)
from attendance_lib.intake.settings.sources import Source
from attendance_lib.intake.sheet import Sheet
from attendance_lib.intake.values import (
    as_flag,
    as_number,
    as_session,
    as_text,
    as_whole,
    moment_of,
)
from attendance_lib.rules.pupils import CENSUS_CODES, WITHOUT_YEAR

YEAR_NAMES = (
    CENSUS_CODES
    | dict.fromkeys(("reception", "rec", "year r", "yr r"), 0)
    | dict.fromkeys(("n", "nursery", "year n"), -1)
)
YEAR_WORDS = re.compile(r"(?:year|yr|y)?\s*(-?\d{1,2})", re.IGNORECASE)


def as_year_group(value: object) -> int | NAType | None:
    """Return a year group as a whole number, Reception 0 and nursery -1; NA of a pupil in none, None if it is no year group.

    Examples
    --------
    >>> [as_year_group(value) for value in ("Year  7", "R", "N1", 11.0, "7A", "X")]
    [7, 0, -2, 11, None, <NA>]
    """
    text = as_text(value).lower()
    if text == WITHOUT_YEAR:
        return pd.NA
    if text in YEAR_NAMES:
        return YEAR_NAMES[text]
    match = YEAR_WORDS.fullmatch(text)
    return int(match[1]) if match else None


READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: lambda cell: as_text(cell) or None,
    Kind.CODE: lambda cell: read_code(cell).letter or None,
    Kind.SESSION: as_session,
    Kind.WHOLE: as_whole,
    Kind.NUMBER: as_number,
    Kind.FLAG: as_flag,
    Kind.YEAR_GROUP: as_year_group,
}
TYPES: dict[Kind, str] = {
    Kind.TEXT: "str",
    Kind.LABEL: "str",
    Kind.CODE: "str",
    Kind.SESSION: "str",
    Kind.DATE: "datetime64[s]",
    Kind.MOMENT: "datetime64[s]",
    Kind.WHOLE: "Int64",
    Kind.NUMBER: "float64",
    Kind.FLAG: "boolean",
    Kind.YEAR_GROUP: "Int64",
}


@dataclass(frozen=True, eq=False)
class TableRead:
    """A typed table and, row by row, the file and the row (from 1) it came from."""

    rows: pd.DataFrame
    files: np.ndarray
    numbers: np.ndarray

    def where(self, keep: np.ndarray) -> "TableRead":
        """Return the rows kept (boolean).

        Examples
        --------
        >>> read = TableRead(pd.DataFrame({"form": ["7A", "7B"]}), np.array(["a.csv", "a.csv"]), np.array([2, 3]))
        >>> kept = read.where(np.array([False, True]))
        >>> kept.rows["form"].tolist(), kept.numbers.tolist()
        (['7B'], [3])
        """
        return TableRead(self.rows[keep].reset_index(drop=True), self.files[keep], self.numbers[keep])

    def finding(self, rule: str, where: np.ndarray, message: str) -> Finding:
        """Return a must about some rows (boolean): their count and the first of them.

        Examples
        --------
        >>> read = TableRead(pd.DataFrame({"form": ["7A", "7B"]}), np.array(["a.csv", "a.csv"]), np.array([2, 3]))
        >>> print(read.finding("odd_form", np.array([False, True]), "1 form is odd. Check it."))
        a.csv, row 3: 1 form is odd. Check it.
        """
        first = int(np.argmax(where))
        place = (str(self.files[first]), "", int(where.sum()), int(self.numbers[first]))
        return Finding(rule, Severity.MUST, message, *place)


def read_table(
    table: Table,
    sources: Iterable[Source],
    ledger: Ledger,
    school_days: Collection[date] = (),
    as_table: Callable[[Sheet, Ledger], Sheet] | None = None,
) -> TableRead | None:
    """Read every file of one table.

    Parameters
    ----------
    table : Table
        Its declaration in the schema.
    sources : iterable of Source
        The files, in the order of the school file.
    ledger : Ledger
        Where files, findings and refusals are written.
    school_days : collection of datetime.date
        The days on which the school is open: nobody on its roll was born after them.
    as_table : callable, optional
        Makes a table's sheet of one that a system lays out in another way, and returns every other sheet as it is.

    Returns
    -------
    TableRead or None
        All columns of the schema, those that no file has missing throughout; None without any readable file.
    """
    known = (tuple(school_days), as_table)
    every = (_read_file(table, export, ledger, known) for source in sources for export in source.exports)
    read = [found for found in every if found]
    if not read:
        return None
    rows = pd.concat([each.rows for each in read], ignore_index=True)
    return TableRead(
        rows, np.concatenate([each.files for each in read]), np.concatenate([each.numbers for each in read])
    )


def _read_file(
    table: Table,
    export: Export,
    ledger: Ledger,
    known: tuple[tuple[date, ...], Callable[[Sheet, Ledger], Sheet] | None],
) -> TableRead | None:
    school_days, as_table = known
    try:
        sheet = _sheet_of(table, export)
    except InputError as error:
        ledger.refusals.extend(error.problems)
        return None
    ledger.repair(export.encoding_repair)
    sheet = as_table(sheet, ledger) if as_table else sheet
    return _read_sheet(table, Reading(export, sheet, ledger, school_days=school_days))


def _read_sheet(table: Table, reading: Reading) -> TableRead | None:
    """Return the rows of a sheet below its headings, None if these lack a required column."""
    sheet = reading.sheet
    header = header_row(sheet, table, reading.export.columns) or 0
    headings = check_headings(reading, table, header)
    if set(table.required) - headings.positions.keys():
        return None
    body = sheet.cells[header + 1 :]
    filled = without_empty_rows(body)
    numbers = np.flatnonzero(filled) + header + 2
    cells = {
        name: _seen(table.column(name), Encoded.of(body[filled, position]), reading)
        for name, position in headings.positions.items()
    }
    rows = pd.DataFrame({column.name: _series(column, cells, (reading, numbers)) for column in table.columns})
    reading.ledger.files.append(_file_read(table, reading, rows))
    read = TableRead(rows, np.full(len(rows), sheet.label, dtype=object), numbers)
    return read.where(~_hold_unknown_codes(table, cells, (reading, numbers)))


def _seen(column: Column, cells: Encoded, reading: Reading) -> Encoded:
    """Return cells without characters that cannot be seen; what a person wrote freely, and names, stay as they are."""
    return cells if column.is_free_text else reading.seen(cells, column.name)


def _hold_unknown_codes(
    table: Table, cells: dict[str, Encoded], origin: tuple[Reading, np.ndarray]
) -> np.ndarray:
    """Return which rows hold what is no register code where a few may (boolean), written down as a finding or a refusal."""
    held = np.zeros(len(origin[1]), dtype=bool)
    for column in table.columns:
        if column.unknown_codes_limit_rate and column.name in cells:
            held |= _hold_unknown_in(table.name, column, cells[column.name], origin)
    return held


def _hold_unknown_in(
    kind: str, column: Column, encoded: Encoded, origin: tuple[Reading, np.ndarray]
) -> np.ndarray:
    """Return which rows hold what is no register code in one column (boolean), which with too many refuse the file."""
    reading, numbers = origin
    states = [read_code(reading.own_codes.standard(value)).state for value in encoded.values]
    is_empty = np.array([state is CodeState.NO_MARK for state in states], dtype=bool)
    is_unknown = np.array([state is CodeState.UNKNOWN for state in states], dtype=bool)
    odd = is_unknown if column.may_be_blank else is_unknown | is_empty
    where = encoded.holds(odd)
    count = int(where.sum())
    if count:
        filled = len(where) - int(encoded.holds(is_empty & column.may_be_blank).sum())
        is_too_many = count > column.unknown_codes_limit_rate * filled
        limit = f"too many of {filled:,} to leave out (limit {column.unknown_codes_limit_rate:.0%})"
        message = _unknown_codes_words(encoded, odd, limit if is_too_many else "left out")
        place = (reading.sheet.label, column.name, count, int(numbers[np.argmax(where)]))
        finding = Finding(f"unknown_code_of_{kind}", Severity.MUST, message, *place)
        (reading.ledger.refuse if is_too_many else reading.ledger.find)(finding)
    return where


def _unknown_codes_words(encoded: Encoded, odd: np.ndarray, what_is_done: str) -> str:
    """Return how many rows hold the odd ones (boolean) of the distinct cells, which these are, what is done and what to do."""
    values, counts = encoded.values[odd], encoded.counts()[odd].tolist()
    cells = zip(values, counts, strict=True)
    shown = listed(counted_codes((code_for_message(value), each) for value, each in cells))
    remedy = unknown_codes_remedy([as_text(value).upper() for value in values])
    count = sum(counts)
    return (
        f"{counted(count, 'row holds', 'rows hold')} what is no register code ({shown}) and {in_number(count, 'is', 'are')} "
        f"{what_is_done}. {remedy}"
    )


def _sheet_of(table: Table, export: Export) -> Sheet:
    """Return the sheet that has the table's columns, the one of its name where several have.

    Raises
    ------
    InputError
        If the file has no sheet at all.
    """
    if not export.sheets:
        raise InputError(
            f"{export.label}: there is no table of {table.name} in this file. Export it as CSV or xlsx."
        )
    fitting = _fitting_sheets(table, export) or export.sheets
    return next((sheet for sheet in fitting if plain(sheet.name) == plain(table.name)), fitting[0])


def _fitting_sheets(table: Table, export: Export) -> list[Sheet]:
    return [sheet for sheet in export.sheets if header_row(sheet, table, export.columns) is not None]


def _series(column: Column, cells: dict[str, Encoded], origin: tuple[Reading, np.ndarray]) -> pd.Series:
    reading, numbers = origin
    if column.name not in cells:
        return pd.Series([None] * len(numbers), dtype=TYPES[column.kind])
    encoded = cells[column.name]
    typed = _distinct(column, encoded, reading)
    is_blank = _are_blank(encoded)
    is_missing = np.array([value is None for value in typed], dtype=bool)
    wrong = is_missing & (~is_blank | (column.is_required and not column.may_be_blank))
    if column.unknown_codes_limit_rate:
        # What is no code leaves its row out (``_hold_unknown_codes``).
        wrong[:] = False
    _report(column, encoded, (reading, numbers), wrong)
    _report_as_dates(column, encoded, (reading, numbers))
    values = np.empty(len(typed), dtype=object)
    values[:] = typed
    return pd.Series(encoded.holds(values) if len(typed) else [], dtype=TYPES[column.kind])


def _distinct(column: Column, encoded: Encoded, reading: Reading) -> list[Any]:
    """Return the distinct values of a column typed, None where a value cannot be."""
    if column.kind is Kind.DATE:
        return _days(column, encoded, reading)
    if column.kind is Kind.MOMENT:
        days = _days(column, encoded, reading)
        moments = (moment_of(day, value) for day, value in zip(days, encoded.values, strict=True))
        return [moment if moment and moment.time() else None for moment in moments]
    read = _reader_of(column, reading)
    return [read(value) for value in encoded.values]


def _reader_of(column: Column, reading: Reading) -> Callable[[Any], Any]:
    """Return what types one cell of a column that is neither date nor moment, None where it cannot."""
    read = READERS.get(column.kind)
    if column.kind is Kind.LABEL:
        return lambda cell: _label(column, cell)
    if column.kind is Kind.CODE:
        return lambda cell: read(reading.own_codes.standard(cell))
    if column.kind in (Kind.WHOLE, Kind.NUMBER):
        return lambda cell: _within(column, read(cell))
    return read


def _within(column: Column, value: float | None) -> float | None:
    """Return a number that a column may hold, None for any other."""
    most = float("inf") if column.most is None else column.most
    return value if value is not None and 0 <= value <= most else None


def _days(column: Column, encoded: Encoded, reading: Reading) -> list[date | None]:
    return list(reading.days(encoded, column.name, of_birth=column.is_of_birth).cells()[encoded.first_rows()])


def _label(column: Column, cell: object) -> str | None:
    """Return a label as the schema writes it; any text where the schema lists none."""
    text = as_text(cell)
    if not column.values:
        return text or None
    known = {value.lower(): value for value in column.values} | dict(column.spellings)
    return known.get(text.lower())


def _are_blank(encoded: Encoded) -> np.ndarray:
    """Return which distinct values are empty text (bool, one per value)."""
    return np.array([as_text(value) == "" for value in encoded.values], dtype=bool)


def _report(column: Column, encoded: Encoded, origin: tuple[Reading, np.ndarray], wrong: np.ndarray) -> None:
    """Write down values that cannot be typed: a refusal in a required column, else taken as missing."""
    reading, numbers = origin
    where = encoded.holds(wrong)
    if not where.any():
        return
    count, first = int(where.sum()), int(np.argmax(where))
    value = encoded.values[encoded.places[first]]
    wanted = f"is not {_wanted(column)}" if as_text(value) else "is empty, but it is required"
    what = f"{_example(column, value)} {wanted} ({counted(count, 'row')})."
    if column.is_required:
        reading.refuse(f"{what} Correct the export.", column.name, int(numbers[first]))
        return
    message = f"{what} It is taken as missing; correct the export."
    # A value here and there is missing; of a column in which none can be read nothing is known at all.
    severity = Severity.MUST if wrong[~_are_blank(encoded)].all() else Severity.SHOULD
    place = (reading.sheet.label, column.name, count, int(numbers[first]))
    reading.ledger.find(Finding(f"unreadable_{column.name}", severity, message, *place))


def _report_as_dates(column: Column, encoded: Encoded, origin: tuple[Reading, np.ndarray]) -> None:
    """Write down labels of the school's own, such as forms, of which a spreadsheet program has made dates or numbers."""
    if column.kind is not Kind.LABEL or column.values or column.is_personal:
        return
    reading, numbers = origin
    changed = np.array([looks_changed(value) for value in encoded.values], dtype=bool)
    where = encoded.holds(changed)
    if len(where) and where.any():
        count, first = int(where.sum()), int(np.argmax(where))
        value = encoded.values[encoded.places[first]]
        example = "a date" if is_a_date(value) else for_message(value)
        rows = counted(count, "row has", "rows have")
        message = (
            f"{rows} a {column.name} that looks like a date or a number in powers of ten (the first: {example}), as a spreadsheet "
            "program makes of 7-1 or 7E1. Format the column as text, type the true ones and export again."
        )
        place = (reading.sheet.label, column.name, count, int(numbers[first]))
        reading.ledger.find(Finding(f"{column.name}_as_date", Severity.SHOULD, message, *place))


def _example(column: Column, value: object) -> str:
    """Return an unreadable value as a message may show it: never one that is personal or could be.

    A stray comma or a wrong mapping moves names into other columns, and in the roll dates of birth.
    """
    is_personal = column.is_personal or column.name == "pupil_id"
    could_be_of_birth = column in PUPILS.columns and is_a_date(value)
    is_empty = as_text(value) == ""
    return "a value" if is_personal or could_be_of_birth or is_empty else for_message(value)


def _wanted(column: Column) -> str:
    if column.values:
        return f"one of {', '.join(column.values)}"
    if column.kind in (Kind.WHOLE, Kind.NUMBER):
        return f"a {column.kind} {'of 0 or more' if column.most is None else f'from 0 to {column.most}'}"
    return f"a {column.kind}"


def _file_read(table: Table, reading: Reading, rows: pd.DataFrame) -> FileRead:
    pupils = int(rows["pupil_id"].nunique()) if "pupil_id" in rows else 0
    file, sheet = reading.export, reading.sheet.name
    return FileRead(table.name, str(file.path), sheet, TIDY.name, len(rows), pupils, None, None, file.sha256)
