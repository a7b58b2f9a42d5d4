"""Lesson registers: whose each is, and one register a lesson."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.headings import plain
from attendance_lib.intake.ledger import Ledger, Repair
from attendance_lib.intake.placing import identify
from attendance_lib.intake.privacy import for_message
from attendance_lib.intake.schema import LESSONS
from attendance_lib.intake.settings.school_file import LessonSettings
from attendance_lib.intake.settings.sources import Source
from attendance_lib.intake.sheet import Sheet
from attendance_lib.intake.tables import TableRead, read_table
from attendance_lib.intake.values import BRITAIN, CLOCK_OF_DAY, as_flag, as_text

KEY = ["pupil_id", "date", "period"]
# The findings whose rows leave of a lesson nothing known, and what they have in common, in words.
LEFT_OUT = {
    "unknown_code_of_lessons": "no register code",
    "unknown_pupil_of_lessons": "a pupil whom the pupils file does not have",
    "two_registers": "registers of one lesson that differ",
}


def read_lessons(
    sources: Iterable[Source], pupils: pd.DataFrame, periods: LessonSettings, ledger: Ledger
) -> pd.DataFrame | None:
    """Read the lesson registers.

    Parameters
    ----------
    sources : iterable of Source
        The files, in the order of the school file.
    pupils : pandas.DataFrame
        PUPILS: identifiers are matched with the roll's as those of marks are.
    periods : LessonSettings
        The periods of the day as the school file names them.
    ledger : Ledger
        Where findings, repairs and refusals are written.

    Returns
    -------
    pandas.DataFrame or None
        LESSONS, one row per pupil and lesson, by pupil, date and period; ``code`` is missing where a register was not
        taken, or where two registers of one lesson say different things. None where the school file names no file.
    """
    read = read_table(LESSONS, sources, ledger, as_table=with_times_as_periods)
    if read is None:
        return None
    known = _on_the_roll(read, pupils, ledger)
    _report_other_periods(known, periods, ledger)
    return _one_register_each(known, ledger)


# Arbor's lesson records: an event with its times, no period, and marks that a later register made redundant

# Source: github.com/arbor-education/sis-sdk-php, AttendanceRecord; Arbor offers no public sample of a download.
STARTS, REDUNDANT = plain("startDatetime"), plain("isRedundant")
PERIOD = frozenset(map(plain, ("period", *LESSONS.column("period").also_called)))


def with_times_as_periods(sheet: Sheet, ledger: Ledger) -> Sheet:
    """Return Arbor's lesson records with the time at which each begins (HH:MM) as its period; any other sheet as it is.

    Rows that Arbor itself calls redundant are emptied. A row without a time has no period, and is refused as such.

    Examples
    --------
    >>> rows = [["pupil", "startDatetime"], ["1", "2026-09-14 09:05:00"]]
    >>> with_times_as_periods(Sheet("lessons.json", "", np.array(rows, dtype=object)), Ledger()).cells.tolist()
    [['pupil', 'startDatetime', 'period'], ['1', '2026-09-14 09:05:00', '09:05']]
    """
    headings = ((place, [plain(as_text(cell)) for cell in row]) for place, row in enumerate(sheet.sample))
    found = next((each for each in headings if STARTS in each[1] and not PERIOD & set(each[1])), None)
    if found is None:
        return sheet
    place, heads = found
    body = sheet.cells[place + 1 :]
    column = np.full((len(sheet.cells), 1), None, dtype=object)
    column[place, 0] = "period"
    column[place + 1 :, 0] = [_begins_at(cell) for cell in body[:, heads.index(STARTS)]]
    cells = np.hstack([sheet.cells, column])
    if REDUNDANT in heads:
        gone = np.array([as_flag(cell) is True for cell in body[:, heads.index(REDUNDANT)]], dtype=bool)
        cells[place + 1 :][gone] = ""
        message = "rows of lessons are redundant by Arbor's own word, and left out"
        ledger.repair(Repair("redundant_lessons", "", int(gone.sum()), message))
    return replace(sheet, cells=cells)


def _begins_at(cell: object) -> str | None:
    """Return the time of day in Britain at which a lesson begins (HH:MM), None where a cell tells none."""
    text = as_text(cell)
    moment = cell if isinstance(cell, datetime) else _in_britain(text)
    if moment is not None:
        return f"{moment:%H:%M}"
    match = CLOCK_OF_DAY.search(text)
    return f"{int(match[1]):02d}:{match[2]}" if match else None


def _in_britain(text: str) -> datetime | None:
    """Return a moment that says how far it is from UTC by Britain's clock; None where a text is no such moment."""
    if not (text.endswith("Z") or "+" in text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(BRITAIN)
    except (ValueError, OverflowError):
        return None


def _on_the_roll(read: TableRead, pupils: pd.DataFrame, ledger: Ledger) -> TableRead:
    ids = read.rows["pupil_id"]
    found = identify(ids.dropna().unique(), pupils)
    for rule, count, message in (
        ("by_upn", found.by_upn, "pupils of lessons were found by their unique pupil number"),
        ("leading_zeros", found.by_zeros, "identifiers in lessons had lost their leading zeros"),
    ):
        ledger.repair(Repair(rule, "", count, message))
    unknown = ~ids.isin(list(found.pupil_id)).to_numpy()
    if unknown.any():
        count = int(unknown.sum())
        message = (
            f"{counted(count, 'row of lessons names', 'rows of lessons name')} a pupil who is not in the pupils file (the first "
            f"{for_message(str(ids[unknown].iloc[0]))}) and {in_number(count, 'is', 'are')} left out. "
            "Export leavers too, or correct it."
        )
        ledger.find(read.finding("unknown_pupil_of_lessons", unknown, message))
    kept = read.where(~unknown)
    return TableRead(
        kept.rows.assign(pupil_id=kept.rows["pupil_id"].map(found.pupil_id)), kept.files, kept.numbers
    )


def _report_other_periods(read: TableRead, settings: LessonSettings, ledger: Ledger) -> None:
    named = (*settings.morning, *settings.afternoon)
    # A row without a period is refused where it is read.
    other = (read.rows["period"].notna() & ~read.rows["period"].isin(named)).to_numpy(dtype=bool)
    if named and other.any():
        periods = ", ".join(map(for_message, sorted(read.rows.loc[other, "period"].unique())[:SHOWN_PERIODS]))
        message = (
            f"{counted(int(other.sum()), 'row is', 'rows are')} of a period that the school file does not have under 'lessons' "
            f"({periods}). Name it there, under morning or afternoon, or correct the export."
        )
        ledger.find(read.finding("period_outside_day", other, message))


SHOWN_PERIODS = 5


def _one_register_each(read: TableRead, ledger: Ledger) -> pd.DataFrame:
    """Keep one row per pupil and lesson: a class of two teachers has two that agree; of two that differ nothing is known."""
    rows = read.rows.assign(place=np.arange(len(read.rows)))
    ordered = rows.sort_values([*KEY, "code", "teacher", "place"], na_position="last", kind="stable")
    first = ordered.drop_duplicates(KEY)
    message = "rows repeat a pupil's lesson, as of a class with two teachers, and count once"
    ledger.repair(Repair("shared_lessons", "", len(ordered) - len(first), message))
    codes = ordered.dropna(subset="code").drop_duplicates([*KEY, "code"])
    differing = codes[codes.duplicated(KEY, keep=False)]
    if len(differing):
        undecided = differing[KEY].drop_duplicates()
        _report_two_registers(read, differing["place"].to_numpy(), len(undecided), ledger)
        is_so = pd.MultiIndex.from_frame(first[KEY]).isin(pd.MultiIndex.from_frame(undecided))
        first = first.assign(code=first["code"].mask(is_so), minutes_late=first["minutes_late"].mask(is_so))
    return first.drop(columns="place").sort_values(KEY, ignore_index=True)


def _report_two_registers(read: TableRead, places: np.ndarray, lessons: int, ledger: Ledger) -> None:
    """Write down that rows, by their places from 0, are of lessons of a pupil with two registers that differ."""
    wrong = np.zeros(len(read.rows), dtype=bool)
    wrong[places] = True
    message = (
        f"two registers of one lesson say different things ({counted(lessons, 'lesson')}); none is believed. "
        "Correct one of them and export again."
    )
    ledger.find(read.finding("two_registers", wrong, message))
