"""Read any table of the schema from tidy CSV or a sheet, typed by its declaration."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from attendance_lib.errors import InputError, counted
from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.files.export import Export, Sheet
from attendance_lib.intake.headings import plain
from attendance_lib.intake.layouts.reading import Reading, check_headings, header_row, without_empty_rows
from attendance_lib.intake.layouts.tidy import TIDY
from attendance_lib.intake.ledger import FileRead, Finding, Ledger, Severity
from attendance_lib.intake.privacy import for_message, is_a_date, looks_changed
from attendance_lib.intake.register_codes import read_code
from attendance_lib.intake.schema import (
    INTERVENTIONS,
    LESSONS,
    MARKS,
    NOTICES,
    PUPILS,
    REDRAWS,
    TABLES,
    Column,
    Kind,
    Table,
)
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import Source, find_sources
from attendance_lib.intake.values import (
    as_flag,
    as_number,
    as_session,
    as_text,
    as_whole,
    as_year_group,
    moment_of,
)
from attendance_lib.rules.draw import DRAW_NAME

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
        """Return the rows kept (boolean)."""
        return TableRead(self.rows[keep].reset_index(drop=True), self.files[keep], self.numbers[keep])

    def finding(self, rule: str, where: np.ndarray, message: str) -> Finding:
        """Return a must about some rows (boolean): their count and the first of them."""
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
    read = [
        found
        for source in sources
        for export in source.exports
        if (found := _read_file(table, export, ledger, (tuple(school_days), as_table)))
    ]
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
    if as_table:
        sheet = as_table(sheet, ledger)
    reading = Reading(export, sheet, ledger, school_days=school_days)
    header = header_row(sheet, table, export.columns) or 0
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
    ledger.files.append(_file_read(table, reading, rows))
    return TableRead(rows, np.full(len(rows), sheet.label, dtype=object), numbers)


def _seen(column: Column, cells: Encoded, reading: Reading) -> Encoded:
    """Return cells without characters that cannot be seen; what a person wrote freely, and names, stay as they are."""
    return cells if column.is_free_text else reading.seen(cells, column.name)


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
    fitting = [
        sheet for sheet in export.sheets if header_row(sheet, table, export.columns) is not None
    ] or list(export.sheets)
    return next((sheet for sheet in fitting if plain(sheet.name) == plain(table.name)), fitting[0])


def _series(column: Column, cells: dict[str, Encoded], origin: tuple[Reading, np.ndarray]) -> pd.Series:
    reading, numbers = origin
    if column.name not in cells:
        return pd.Series([None] * len(numbers), dtype=TYPES[column.kind])
    encoded = cells[column.name]
    typed = _distinct(column, encoded, reading)
    is_blank = np.array([as_text(value) == "" for value in encoded.values], dtype=bool)
    is_missing = np.array([value is None for value in typed], dtype=bool)
    wrong = is_missing & (~is_blank | (column.is_required and not column.may_be_blank))
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
        moments = [moment_of(day, value) for day, value in zip(days, encoded.values, strict=True)]
        return [moment if moment and moment.time() else None for moment in moments]
    if column.kind is Kind.LABEL:
        return [_label(column, value) for value in encoded.values]
    if column.kind is Kind.CODE:
        return [READERS[Kind.CODE](reading.own_codes.standard(value)) for value in encoded.values]
    return [READERS[column.kind](value) for value in encoded.values]


def _days(column: Column, encoded: Encoded, reading: Reading) -> list[date | None]:
    return list(reading.days(encoded, column.name, of_birth=column.is_of_birth).cells()[encoded.first_rows()])


def _label(column: Column, cell: object) -> str | None:
    """Return a label as the schema writes it; any text where the schema lists none."""
    text = as_text(cell)
    if not column.values:
        return text or None
    known = {value.lower(): value for value in column.values} | dict(column.spellings)
    return known.get(text.lower())


def _report(column: Column, encoded: Encoded, origin: tuple[Reading, np.ndarray], wrong: np.ndarray) -> None:
    """Write down values that cannot be typed: a refusal in a required column, else taken as missing."""
    reading, numbers = origin
    where = encoded.holds(wrong)
    if not len(where) or not where.any():
        return
    first = int(np.argmax(where))
    example = _example(column, encoded.values[encoded.places[first]])
    wanted = (
        f"is not {_wanted(column)}"
        if as_text(encoded.values[encoded.places[first]])
        else "is empty, but it is required"
    )
    what = f"{example} {wanted} ({counted(int(where.sum()), 'row')})."
    if column.is_required:
        reading.refuse(f"{what} Correct the export.", column.name, int(numbers[first]))
        return
    message = f"{what} It is taken as missing; correct the export."
    # A value here and there is missing; of a column in which none can be read nothing is known at all.
    filled = np.array([as_text(value) != "" for value in encoded.values], dtype=bool)
    severity = Severity.MUST if wrong[filled].all() else Severity.SHOULD
    place = (reading.sheet.label, column.name, int(where.sum()), int(numbers[first]))
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
    return f"one of {', '.join(column.values)}" if column.values else f"a {column.kind}"


def _file_read(table: Table, reading: Reading, rows: pd.DataFrame) -> FileRead:
    pupils = int(rows["pupil_id"].nunique()) if "pupil_id" in rows else 0
    file, sheet = reading.export, reading.sheet.name
    return FileRead(table.name, str(file.path), sheet, TIDY.name, len(rows), pupils, None, None, file.sha256)


# Every other table of the schema but lessons, read where the school has it: planned absence, and the logs that staff keep

LOGS = tuple(name for name in TABLES if name not in (PUPILS.name, MARKS.name, LESSONS.name))

# The first and the last day of what lasts, in any of them.
SPANS = (("date_from", "date_to"), ("target_from", "target_to"))


def read_logs(settings: Settings, pupil_ids: pd.Series, ledger: Ledger) -> dict[str, TableRead | None]:
    """Read the optional tables.

    Parameters
    ----------
    settings : Settings
        The school file.
    pupil_ids : pandas.Series
        The identifiers of the roll.
    ledger : Ledger
        Where findings and refusals are written.

    Returns
    -------
    dict of str to TableRead or None
        Each log by name, in the order of its file, with the file and row of each of its rows; None where the school file names
        none.
    """
    return {name: read_log(name, find_sources(settings, name), pupil_ids, ledger) for name in LOGS}


def read_log(name: str, sources: Iterable[Source], pupil_ids: pd.Series, ledger: Ledger) -> TableRead | None:
    """Read one of the optional tables from its files (see ``read_logs``)."""
    table = TABLES[name]
    read = read_table(table, sources, ledger)
    if read is None:
        return None
    if "pupil_id" in read.rows:
        _report_unknown_pupils(name, read, pupil_ids, ledger)
    for first, last in SPANS:
        if {first, last} <= set(table.column_names):
            _report_turned_round(name, read, (first, last), ledger)
    if table is REDRAWS:
        _report_other_draws(read, ledger)
    if table is NOTICES:
        _report_nameless(read, ledger)
    if len(table.key) == 1:
        _refuse_repeated_keys(read, table.key[0], ledger)
    return read


def _report_unknown_pupils(name: str, read: TableRead, pupil_ids: pd.Series, ledger: Ledger) -> None:
    ids = read.rows["pupil_id"]
    unknown = (ids.notna() & ~ids.isin(pupil_ids)).to_numpy()
    if unknown.any():
        rows = counted(int(unknown.sum()), f"row of {name} names", f"rows of {name} name")
        message = f"{rows} a pupil_id that is not in the pupils file. Export leavers too, or correct it."
        ledger.find(read.finding("unknown_pupil", unknown, message))
    if name == INTERVENTIONS.name:
        bare = (ids.isna() & read.rows["tier"].isin(["2", "3"])).to_numpy()
        if bare.any():
            tiers = "of Tier 2 or 3"
            what = counted(int(bare.sum()), f"intervention {tiers} names", f"interventions {tiers} name")
            message = f"{what} no pupil. Give the pupil_id."
            ledger.find(read.finding("intervention_without_pupil", bare, message))


def _report_turned_round(name: str, read: TableRead, span: tuple[str, str], ledger: Ledger) -> None:
    """Report spells that end before they begin, which hold on no day."""
    first, last = span
    wrong = (read.rows[last] < read.rows[first]).to_numpy(dtype=bool)
    if wrong.any():
        rows = counted(int(wrong.sum()), f"row of {name} ends", f"rows of {name} end")
        message = f"{rows} before it begins, and so holds on no day. Correct {first} or {last}."
        ledger.find(read.finding("ends_before_it_begins", wrong, message))


def _report_other_draws(read: TableRead, ledger: Ledger) -> None:
    """Report redraws of what is no draw, or of no place, which change nothing."""
    known = read.rows["draw"].str.fullmatch(DRAW_NAME).to_numpy(dtype=bool)
    wrong = ~known | (read.rows["place"] < 1).fillna(value=True).to_numpy(dtype=bool)
    if wrong.any():
        rows = counted(int(wrong.sum()), "row of redraws names", "rows of redraws name")
        message = (
            f"{rows} no place of a draw, and changes none. Write the draw as its list does, such as "
            "'raffle 2026-11-16 2026-11-20', and the place from 1."
        )
        ledger.find(read.finding("unknown_draw", wrong, message))


def _report_nameless(read: TableRead, ledger: Ledger) -> None:
    """Report notices that name no parent: each counts for one parent alone, and of these nobody can say for which."""
    nameless = read.rows["parent"].isna().to_numpy()
    if nameless.any():
        rows = counted(int(nameless.sum()), "notice names", "notices name")
        message = f"{rows} no parent, and notices count for each parent apart. Say in the log who got it."
        finding = read.finding("notice_without_parent", nameless, message)
        ledger.find(replace(finding, severity=Severity.SHOULD, column="parent"))


def _refuse_repeated_keys(read: TableRead, key: str, ledger: Ledger) -> None:
    repeated = read.rows[key].duplicated().to_numpy() & read.rows[key].notna().to_numpy(dtype=bool)
    if np.any(repeated):
        rows = counted(int(repeated.sum()), "row")
        message = f"the {key} stands in an earlier row too ({rows}). Give each row its own."
        ledger.refuse(read.finding("repeated_key", repeated, message))
