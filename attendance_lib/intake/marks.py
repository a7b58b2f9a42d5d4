"""From mark files to MARKS: the layout is recognised, codes are repaired, and what cannot be used is counted."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.errors import InputError, counted, in_number
from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.layouts import LAYOUTS, layout_of
from attendance_lib.intake.layouts.reading import Layout, RawMarks, Reading
from attendance_lib.intake.ledger import FileRead, Finding, Ledger, Repair, Severity
from attendance_lib.intake.privacy import code_for_message
from attendance_lib.intake.reconcile import (
    Batch,
    Reconciled,
    absent,
    reconcile,
    stacked_places,
    two_exports_words,
    unknown_places,
)
from attendance_lib.intake.register_codes import (
    OWN_CODES,
    CodeState,
    RegisterCode,
    counted_codes,
    listed,
    read_code,
    unknown_codes_words,
)
from attendance_lib.intake.schema import LONGEST_SESSION_MINUTES
from attendance_lib.intake.settings.sources import Source
from attendance_lib.intake.sheet import Sheet
from attendance_lib.intake.unread import lost_marks, report_incomplete_rows, report_unread, unknown_layout
from attendance_lib.intake.values import as_text, as_whole, moment_of

# What a file has of a mark besides its code: minutes late, when it was made, and from what it was changed


def read_details(reading: Reading, raw: RawMarks) -> dict[str, np.ndarray]:
    """Return the further columns of a file typed, those with nothing in them left out.

    Parameters
    ----------
    reading : Reading
        The file; values that cannot be read become findings in its ledger.
    raw : RawMarks
        The marks that are kept.

    Returns
    -------
    dict of str to numpy.ndarray
        Shape (marks,) each: ``minutes_late`` (minutes), ``recorded_at`` and ``amended_on`` (datetime64[s]),
        ``amended_from`` (codes); missing values are NaN or NaT.
    """
    typed = {name: _typed(reading, name, raw) for name in raw.details}
    return {name: cells for name, cells in typed.items() if not pd.isna(cells).all()}


def _typed(reading: Reading, name: str, raw: RawMarks) -> np.ndarray:
    column = raw.details[name]
    values = absent(name, len(column.values))
    values[:] = _distinct(reading, name, column)
    filled = np.array([as_text(value) != "" for value in column.values], dtype=bool)
    bad = filled & pd.isna(values)
    severity = Severity.MUST if bad[filled].all() else Severity.SHOULD
    _report_bad((reading, raw), name, column.holds(bad), severity)
    return column.holds(values) if len(values) else absent(name, len(column))


def _distinct(reading: Reading, name: str, column: Encoded) -> list[object]:
    """Return the distinct cells of a further column typed, NaN or NaT where one cannot be."""
    if name == "minutes_late":
        return [_minutes(value) for value in column.values]
    if name == "amended_from":
        return [read_code(reading.own_codes.standard(value)).letter or np.nan for value in column.values]
    return _moments(reading, name, column, with_clock=name == "recorded_at")


def _minutes(value: object) -> float:
    minutes = as_whole(value)
    return float(minutes) if minutes is not None and 0 <= minutes <= LONGEST_SESSION_MINUTES else np.nan


def _moments(reading: Reading, name: str, column: Encoded, *, with_clock: bool) -> list[np.datetime64]:
    days = reading.days(Encoded(column.values, np.arange(len(column.values))), name).cells()
    moments = [
        moment_of(day, value) if with_clock else day for day, value in zip(days, column.values, strict=True)
    ]
    return [np.datetime64("NaT") if moment is None else np.datetime64(moment, "s") for moment in moments]


def _report_bad(found: tuple[Reading, RawMarks], name: str, bad: np.ndarray, severity: Severity) -> None:
    reading, raw = found
    if bad.any():
        count = int(bad.sum())
        message = (
            f"{counted(count, 'value')} cannot be read and {in_number(count, 'is', 'are')} taken as missing. "
            "Correct the export."
        )
        row = int(raw.rows[np.argmax(bad)])
        reading.ledger.find(
            Finding(f"unreadable_{name}", severity, message, reading.sheet.label, name, count, row)
        )


@dataclass(frozen=True)
class _File:
    """One file of marks with the layout that recognised a sheet of it."""

    rank: int
    layout: Layout
    reading: Reading

    @property
    def label(self) -> str:
        return self.reading.sheet.label


def read_marks(
    sources: Iterable[Source], ledger: Ledger, school_days: Collection[date] = ()
) -> Reconciled | None:
    """Read every file of marks.

    Parameters
    ----------
    sources : iterable of Source
        In the order of the school file; a later one wins.
    ledger : Ledger
        Where files, repairs, findings and refusals are written.
    school_days : collection of datetime.date
        The days on which the school is open, by which headings without a year are read.

    Returns
    -------
    Reconciled or None
        One row a pupil, date and session, and the cells left blank; None if a file was refused.
    """
    before = len(ledger.refusals)
    files = [
        _File(source.rank, layout, Reading(export, sheet, ledger, source.exports, tuple(school_days)))
        for source in sources
        for export in source.exports
        for layout, sheet in _recognised(source, export, ledger)
    ]
    batches = [batch for file in files for batch in _batches(file, ledger)]
    return None if len(ledger.refusals) > before or not batches else _reconciled(batches, ledger)


def _reconciled(batches: list[Batch], ledger: Ledger) -> Reconciled:
    """Return one mark a session of all batches that hold register codes, beside the blank and the unknown cells of the others."""
    coded = [batch for batch in batches if not (batch.is_blank or batch.is_unknown)]
    result = reconcile(coded)
    _report(result, coded, ledger)
    unknown = unknown_places([batch for batch in batches if batch.is_unknown])
    return replace(
        result,
        blank_cells=stacked_places([batch for batch in batches if batch.is_blank]),
        doubtful=pd.concat([unknown, result.doubtful], ignore_index=True),
        batches=tuple(coded),
    )


def detect(export: Export, stated: str) -> tuple[Layout, tuple[Sheet, ...]]:
    """Return the layout of a file, by content, and every sheet that has it (a school may keep one a term or year group).

    ``stated`` is the layout's name in the school file, empty if it names none.

    Raises
    ------
    InputError
        If no layout, or not the one stated, recognises any of its sheets.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sheet = Sheet("notes.csv", "", np.array([["Pupil", "Note"]], dtype=object))
    >>> detect(SimpleNamespace(sheets=(sheet,), columns={}, label="notes.csv", is_spreadsheet=False), "tidy")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: notes.csv: this is not in the layout 'tidy' that the school file states. ...
    """
    layouts = [LAYOUTS[stated]] if stated else LAYOUTS.values()
    for sheet in export.sheets:
        found = next((layout for layout in layouts if layout.recognises(sheet, export)), None)
        if found:
            others = (
                each for each in export.sheets if each is not sheet and layout_of(each, export) is found
            )
            return found, (sheet, *others)
    if stated:
        raise InputError(_not_as_stated(export, stated))
    raise InputError(*unknown_layout(export, LAYOUTS))


def _not_as_stated(export: Export, stated: str) -> str:
    others = (layout_of(sheet, export) for sheet in export.sheets)
    looks = next((f" It looks like '{layout.name}'." for layout in others if layout), "")
    what = f"this is not in the layout '{stated}' that the school file states"
    return f"{export.label}: {what}.{looks} Correct or leave out the layout."


def _recognised(source: Source, export: Export, ledger: Ledger) -> list[tuple[Layout, Sheet]]:
    try:
        layout, sheets = detect(export, source.layout)
    except InputError as error:
        ledger.refusals.extend(error.problems)
        return []
    ledger.repair(export.encoding_repair)
    report_unread(export, sheets, ledger)
    if export.error_cells:
        count = len(export.error_cells)
        message = (
            f"{counted(count, 'cell holds', 'cells hold')} an error such as #N/A or #NAME? "
            f"(the first is {export.error_cells[0]}) and {in_number(count, 'is', 'are')} read as blank. "
            "Format the cells of codes as text, and export again."
        )
        ledger.find(Finding("error_cells", Severity.MUST, message, export.label, count=count))
    return [(layout, sheet) for sheet in sheets]


def _batches(file: _File, ledger: Ledger) -> Iterator[Batch]:
    """Yield the marks of a file and its cells without a mark."""
    raw = _with_standard_codes(file, file.layout.read(file.reading))
    codes = repair_codes(raw.code)
    is_blank = codes.state == CodeState.NO_MARK
    ledger.rows_read += int((~is_blank).sum())
    ledger.files.append(_file_read(file, raw, ~is_blank))
    is_unknown = codes.state == CodeState.UNKNOWN
    has_place = _has_place(file, raw, ~is_blank & ~is_unknown)
    report_incomplete_rows(file.reading, raw, is_blank & ~has_place)
    _report_codes(file, raw, codes)
    kept = raw.where(has_place & ~is_blank & ~is_unknown)
    code = codes.column.where(has_place & ~is_blank & ~is_unknown)
    details = read_details(file.reading, kept)
    yield Batch(file.rank, kept.pupil, kept.day, kept.session, code, details, file=file.label, rows=kept.rows)
    blank = raw.where(has_place & is_blank)
    yield Batch(file.rank, blank.pupil, blank.day, blank.session, blank.code, {}, is_blank=True)
    odd = raw.where(has_place & is_unknown)
    shown = odd.code.map(code_for_message)
    yield Batch(file.rank, odd.pupil, odd.day, odd.session, shown, {}, is_unknown=True)


def _with_standard_codes(file: _File, raw: RawMarks) -> RawMarks:
    """Put register codes for codes of the system's own, and write down which."""
    own = file.reading.own_codes
    counts = zip(raw.code.values, raw.code.counts().tolist(), strict=True)
    read = counted_codes(
        (f"{code_for_message(cell)} as '{own.standard(cell)}'", count)
        for cell, count in counts
        if own.names(cell)
    )
    message = f"codes of the system's own read as the school file says: {listed(read)}"
    file.reading.ledger.repair(Repair(OWN_CODES, file.label, sum(read.values()), message))
    return replace(raw, code=raw.code.map(own.standard)) if read else raw


def _file_read(file: _File, raw: RawMarks, marked: np.ndarray) -> FileRead:
    days = [
        day for day, count in zip(raw.day.values, raw.day.counts(), strict=True) if day is not None and count
    ]
    export = file.reading.export
    return FileRead(
        "marks", str(export.path), file.reading.sheet.name, file.layout.name, _count_rows(raw.rows),
        int((raw.pupil.counts() > 0).sum()),
        min(days, default=None), max(days, default=None), export.sha256,
        _count_sessions(raw, marked),
    )  # fmt: skip


def _count_sessions(raw: RawMarks, marked: np.ndarray) -> int:
    """Count the dates and sessions with a mark."""
    days = raw.day.places[marked].astype(np.int64)
    both = days * (len(raw.session.values) + 1) + raw.session.places[marked]
    return int(np.count_nonzero(np.bincount(both)))


def _count_rows(rows: np.ndarray) -> int:
    """Count the distinct rows of a file among marks in the order of the file."""
    return 1 + int(np.count_nonzero(np.diff(rows))) if len(rows) else 0


def _has_place(file: _File, raw: RawMarks, marked: np.ndarray) -> np.ndarray:
    """Return which marks have a pupil, a date and a session; the others are dropped with a finding."""
    usable = np.ones(len(raw), dtype=bool)
    for name, column, is_good in (
        ("pupil_id", raw.pupil, lambda value: value != ""),
        ("date", raw.day, lambda value: value is not None),
        ("session", raw.session, lambda value: value is not None),
    ):
        good = column.holds(np.array([is_good(value) for value in column.values], dtype=bool))
        lost = marked & usable & ~good
        if lost.any():
            file.reading.ledger.drop(lost_marks(file.reading, file.layout, name, raw.rows[lost]))
        usable &= good
    return usable


@dataclass(frozen=True, eq=False)
class RegisterCodes:
    """A column of codes: repaired, with the state of each row and of each distinct cell, and what was unknown."""

    column: Encoded
    state: np.ndarray
    state_of: tuple[CodeState, ...]
    unknown: dict[str, int]
    repaired: dict[str, int]


def repair_codes(cells: Encoded) -> RegisterCodes:
    """Return a column of cells as codes, with counts of what was repaired and what nobody knows.

    Examples
    --------
    >>> codes = repair_codes(Encoded.of(np.array(["/", "i", "A", ""], dtype=object)))
    >>> codes.column.cells().tolist(), codes.repaired, codes.unknown
    (['/', 'I', '', ''], {"'i' as 'I'": 1}, {"'A'": 1})
    """
    found = [read_code(cell) for cell in cells.values]
    states = np.array([each.state for each in found], dtype=object)
    tallied = list(zip(cells.values, found, cells.counts().tolist(), strict=True))
    return RegisterCodes(
        cells.map(lambda cell: read_code(cell).letter),
        cells.holds(states),
        tuple(states),
        counted_codes(
            (code_for_message(cell), count) for cell, _, count in _in_state(CodeState.UNKNOWN, tallied)
        ),
        counted_codes(
            (f"{code_for_message(cell)} as '{each.letter}'", count)
            for cell, each, count in _in_state(CodeState.REPAIRED, tallied)
        ),
    )


def _in_state(
    state: CodeState, tallied: list[tuple[object, RegisterCode, int]]
) -> Iterator[tuple[object, RegisterCode, int]]:
    return (entry for entry in tallied if entry[1].state is state)


def _report_codes(file: _File, raw: RawMarks, codes: RegisterCodes) -> None:
    ledger, repaired, unknown = file.reading.ledger, codes.repaired, codes.unknown
    if repaired:
        count = sum(repaired.values())
        how = in_number(count, "code read by its plain meaning", "codes read by their plain meaning")
        ledger.repair(Repair("code_spelling", file.label, count, f"{how}: {listed(repaired)}"))
    if unknown:
        first = int(np.argmax(codes.state == CodeState.UNKNOWN))
        count = sum(unknown.values())
        cells = {
            cell
            for cell, state in zip(raw.code.values, codes.state_of, strict=True)
            if state is CodeState.UNKNOWN
        }
        message = unknown_codes_words(sorted(cells, key=str), unknown, _mangled(raw.code))
        ledger.drop(
            Finding("unknown_code", Severity.MUST, message, file.label, "code", count, int(raw.rows[first]))
        )


def _mangled(codes: Encoded) -> str:
    """Say so if a spreadsheet program has made numbers, dates or error values of codes."""
    changed = any(isinstance(value, float | int | date) for value in codes.values)
    return (
        " A spreadsheet program has turned codes into numbers or dates: format the column as text."
        if changed
        else ""
    )


def _report(result: Reconciled, batches: list[Batch], ledger: Ledger) -> None:
    """Write down which rows were merged, and which sessions had several codes."""
    for rule, count, one, several in (
        ("repeated_rows", result.repeated, "its own", "their own"),
        ("overlapping_rows", result.overlapping, "another", "another"),
    ):
        row = f"row that repeats a mark of {one} source was merged with it"
        rows = f"rows that repeat a mark of {several} source were merged with it"
        ledger.repair(Repair(rule, "", count, in_number(count, row, rows)))
    _report_several_codes(result, batches, ledger)


def _report_several_codes(result: Reconciled, batches: list[Batch], ledger: Ledger) -> None:
    """Write down how many sessions had several codes, by what settled which holds."""
    several_codes = result.doubtful[result.doubtful["rule"].isin(["conflicting_marks", "undecided_marks"])]
    which = two_exports_words(several_codes, batches)
    for rule, severity, count, verb, what in (
        (
            "overruled_marks", Severity.SHOULD, result.overruled, ("differs", "differ"),
            "between sources; the later source in the school file holds. If the other is right, put it last.",
        ),
        (
            "conflicting_marks", Severity.MUST, result.settled, ("has", "have"),
            f"several codes in one source; the row changed last holds. {which or 'Check these in the register.'}",
        ),
        (
            "undecided_marks", Severity.MUST, result.guessed, ("has", "have"),
            "several codes in one source and nothing tells which is right; attendance was taken before absence. "
            f"{which or 'Correct the register and export again.'}",
        ),
    ):  # fmt: skip
        if count:
            message = f"{counted(count, 'pupil session')} {in_number(count, *verb)} {what}"
            ledger.find(Finding(rule, severity, message, column="code", count=count))
