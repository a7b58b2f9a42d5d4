"""From mark files to MARKS: the layout is recognised, codes are repaired, and what cannot be used is counted."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from types import ModuleType

import numpy as np
import pandas as pd

from attendance_lib.errors import InputError, counted, in_number
from attendance_lib.intake.coded import Coded
from attendance_lib.intake.export import Export, Sheet
from attendance_lib.intake.layouts import LAYOUTS
from attendance_lib.intake.ledger import FileRead, Finding, Ledger, Repair, Severity
from attendance_lib.intake.letters import Letters, LetterState, repair_letters, shown_code
from attendance_lib.intake.mark_details import read_details
from attendance_lib.intake.own_codes import OWN_CODES
from attendance_lib.intake.placeless import lost_marks, report_placeless
from attendance_lib.intake.raw_marks import RawMarks, Reading
from attendance_lib.intake.reconcile import (
    Batch,
    Reconciled,
    reconcile,
    stacked_places,
    unknown_places,
)
from attendance_lib.intake.sources import Source
from attendance_lib.intake.two_exports import two_exports_words
from attendance_lib.intake.unknown_codes import listed, unknown_codes_words
from attendance_lib.intake.unread import report_unread, unknown_layout


@dataclass(frozen=True)
class _File:
    """One file of marks with the layout that recognised a sheet of it."""

    rank: int
    layout: str
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
    if len(ledger.refusals) > before or not batches:
        return None
    result = reconcile([batch for batch in batches if not (batch.is_blank or batch.is_unknown)])
    _report(result, [batch for batch in batches if not (batch.is_blank or batch.is_unknown)], ledger)
    unknown = unknown_places([batch for batch in batches if batch.is_unknown])
    return replace(
        result,
        blanks=stacked_places([batch for batch in batches if batch.is_blank]),
        doubtful=pd.concat([unknown, result.doubtful], ignore_index=True),
        batches=tuple(batch for batch in batches if not (batch.is_blank or batch.is_unknown)),
    )


def detect(export: Export, layout: str) -> tuple[str, tuple[Sheet, ...]]:
    """Return the layout of a file, by content, and every sheet that has it (a school may keep one a term or year group).

    Raises
    ------
    InputError
        If no layout, or not the one stated, recognises any of its sheets.
    """
    for sheet in export.sheets:
        found = _layout_of(sheet, export, LAYOUTS if not layout else {layout: LAYOUTS[layout]})
        if found:
            alike = (other for other in export.sheets if other is not sheet)
            return found, (sheet, *(other for other in alike if _layout_of(other, export, LAYOUTS) == found))
    if layout:
        raise InputError(_not_as_stated(export, layout))
    raise InputError(*unknown_layout(export))


def _layout_of(sheet: Sheet, export: Export, layouts: dict[str, ModuleType]) -> str | None:
    return next((name for name, layout in layouts.items() if layout.recognises(sheet, export)), None)


def _not_as_stated(export: Export, layout: str) -> str:
    others = (_layout_of(sheet, export, LAYOUTS) for sheet in export.sheets)
    looks = next((f" It looks like '{name}'." for name in others if name), "")
    stated = f"this is not in the layout '{layout}' that the school file states"
    return f"{export.label}: {stated}.{looks} Correct or leave out the layout."


def _recognised(source: Source, export: Export, ledger: Ledger) -> list[tuple[str, Sheet]]:
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
    raw = _with_standard_codes(file, LAYOUTS[file.layout].read(file.reading))
    letters = repair_letters(raw.code)
    is_blank = letters.state == LetterState.NO_MARK
    ledger.rows_read += int((~is_blank).sum())
    ledger.files.append(_file_read(file, raw, ~is_blank))
    is_unknown = letters.state == LetterState.UNKNOWN
    has_place = _has_place(file, raw, ~is_blank & ~is_unknown)
    report_placeless(file.reading, raw, is_blank & ~has_place)
    _report_codes(file, raw, letters)
    kept = raw.where(has_place & ~is_blank & ~is_unknown)
    code = letters.column.where(has_place & ~is_blank & ~is_unknown)
    details = read_details(file.reading, kept)
    yield Batch(file.rank, kept.pupil, kept.day, kept.session, code, details, file=file.label, rows=kept.rows)
    blank = raw.where(has_place & is_blank)
    yield Batch(file.rank, blank.pupil, blank.day, blank.session, blank.code, {}, is_blank=True)
    odd = raw.where(has_place & is_unknown)
    shown = odd.code.map(shown_code)
    yield Batch(file.rank, odd.pupil, odd.day, odd.session, shown, {}, is_unknown=True)


def _with_standard_codes(file: _File, raw: RawMarks) -> RawMarks:
    """Put register codes for codes of the system's own, and write down which."""
    own = file.reading.export.own_codes
    counts = zip(raw.code.values, raw.code.counts().tolist(), strict=True)
    read = {
        f"{shown_code(cell)} as '{own.standard(cell)}'": count for cell, count in counts if own.names(cell)
    }
    message = f"codes of the system's own read as the school file says: {listed(read)}"
    file.reading.ledger.repair(Repair(OWN_CODES, file.label, sum(read.values()), message))
    return replace(raw, code=raw.code.map(own.standard)) if read else raw


def _file_read(file: _File, raw: RawMarks, marked: np.ndarray) -> FileRead:
    days = [
        day for day, count in zip(raw.day.values, raw.day.counts(), strict=True) if day is not None and count
    ]
    export = file.reading.export
    return FileRead(
        "marks", str(export.path), file.reading.sheet.name, file.layout, _count_rows(raw.rows), int((raw.pupil.counts() > 0).sum()),
        min(days, default=None), max(days, default=None), export.sha256,
        _count_sessions(raw, marked),
    )  # fmt: skip


def _count_sessions(raw: RawMarks, marked: np.ndarray) -> int:
    """Count the dates and sessions with a mark."""
    days = raw.day.places[marked].astype(np.int64)
    both = days * (len(raw.session.values) + 1) + raw.session.places[marked]
    return int(np.count_nonzero(np.bincount(both)))


def _count_rows(rows: np.ndarray) -> int:
    """Count the distinct rows of a file among marks that stand in its order."""
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
            file.reading.ledger.drop(lost_marks(file.reading, name, raw.rows[lost]))
        usable &= good
    return usable


def _report_codes(file: _File, raw: RawMarks, letters: Letters) -> None:
    ledger, repaired, unknown = file.reading.ledger, letters.repaired, letters.unknown
    if repaired:
        count = sum(repaired.values())
        how = in_number(count, "code read by its plain meaning", "codes read by their plain meaning")
        ledger.repair(Repair("code_spelling", file.label, count, f"{how}: {listed(repaired)}"))
    if unknown:
        first = int(np.argmax(letters.state == LetterState.UNKNOWN))
        count = sum(unknown.values())
        cells = {
            cell
            for cell, state in zip(raw.code.values, letters.state_of, strict=True)
            if state is LetterState.UNKNOWN
        }
        message = unknown_codes_words(sorted(cells, key=str), unknown, _mangled(raw.code))
        ledger.drop(
            Finding("unknown_code", Severity.MUST, message, file.label, "code", count, int(raw.rows[first]))
        )


def _mangled(codes: Coded) -> str:
    """Say so if a spreadsheet program has made numbers, dates or error values of codes."""
    changed = any(isinstance(value, float | int | date) for value in codes.values)
    return (
        " A spreadsheet program has turned codes into numbers or dates: format the column as text."
        if changed
        else ""
    )


def _report(result: Reconciled, batches: list[Batch], ledger: Ledger) -> None:
    told_apart = result.doubtful[result.doubtful["rule"].isin(["conflicting_marks", "undecided_marks"])]
    which = two_exports_words(told_apart, batches)
    for rule, count, one, several in (
        ("repeated_rows", result.repeated, "its own", "their own"),
        ("overlapping_rows", result.overlapping, "another", "another"),
    ):
        row = f"row that repeats a mark of {one} source was merged with it"
        rows = f"rows that repeat a mark of {several} source were merged with it"
        ledger.repair(Repair(rule, "", count, in_number(count, row, rows)))
    said = (
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
    )  # fmt: skip
    for rule, severity, count, verb, what in said:
        if count:
            message = f"{counted(count, 'pupil session')} {in_number(count, *verb)} {what}"
            ledger.find(Finding(rule, severity, message, column="code", count=count))
