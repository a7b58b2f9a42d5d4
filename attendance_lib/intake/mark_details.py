"""What a file knows of a mark beside its code: minutes late, when it was made, and from what it was changed."""

import re
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.coded import Coded
from attendance_lib.intake.instants import is_midnight_elsewhere
from attendance_lib.intake.ledger import Finding, Severity
from attendance_lib.intake.letters import as_letter
from attendance_lib.intake.raw_marks import RawMarks, Reading
from attendance_lib.intake.reconcile import absent
from attendance_lib.intake.values import as_text, as_whole

CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
LONGEST_SESSION_MINUTES = 300


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
    if name == "minutes_late":
        read = [_minutes(value) for value in column.values]
    elif name == "amended_from":
        standard = [reading.export.own_codes.standard(value) for value in column.values]
        read = [as_letter(value).letter for value in standard]
        read = [letter or np.nan for letter in read]
    else:
        read = _moments(reading, name, column, with_clock=name == "recorded_at")
    bad = np.array(
        [pd.isna(good) and as_text(value) != "" for value, good in zip(column.values, read, strict=True)],
        dtype=bool,
    )
    filled = np.array([as_text(value) != "" for value in column.values], dtype=bool)
    severity = Severity.MUST if bad[filled].all() else Severity.SHOULD
    _report_bad((reading, raw), name, column.holds(bad), severity)
    values = absent(name, len(read))
    values[:] = read
    return column.holds(values) if len(values) else absent(name, len(column))


def _minutes(value: object) -> float:
    minutes = as_whole(value)
    return float(minutes) if minutes is not None and 0 <= minutes <= LONGEST_SESSION_MINUTES else np.nan


def _moments(reading: Reading, name: str, column: Coded, *, with_clock: bool) -> list[np.datetime64]:
    days = reading.days(column, name).cells()[column.first_rows()]
    moments = [
        _moment(day, value) if with_clock else day for day, value in zip(days, column.values, strict=True)
    ]
    return [np.datetime64("NaT") if moment is None else np.datetime64(moment, "s") for moment in moments]


def _moment(day: date | None, value: object) -> datetime | None:
    if day is not None and is_midnight_elsewhere(day, value):
        return datetime.combine(day, time())
    if day is None or isinstance(value, datetime):
        return None if day is None else value.replace(tzinfo=None)
    match = CLOCK.search(as_text(value))
    clock = time(*(int(part or 0) for part in match.groups())) if match else time()
    return datetime.combine(day, clock)


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
