"""Lesson registers: whose each is, and one register a lesson."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.ledger import Ledger, Repair
from attendance_lib.intake.placing import identify
from attendance_lib.intake.privacy import for_message
from attendance_lib.intake.schema import LESSONS
from attendance_lib.intake.settings.school_file import LessonSettings
from attendance_lib.intake.settings.sources import Source
from attendance_lib.intake.tables import TableRead, read_table

KEY = ["pupil_id", "date", "period"]


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
    read = read_table(LESSONS, sources, ledger)
    if read is None:
        return None
    known = _on_the_roll(read, pupils, ledger)
    _report_other_periods(known, periods, ledger)
    return _one_register_each(known, ledger)


def _on_the_roll(read: TableRead, pupils: pd.DataFrame, ledger: Ledger) -> TableRead:
    ids = read.rows["pupil_id"]
    found = identify(ids.dropna().unique(), pupils)
    ledger.repair(
        Repair("by_upn", "", found.by_upn, "pupils of lessons were found by their unique pupil number")
    )
    ledger.repair(
        Repair("leading_zeros", "", found.by_zeros, "identifiers in lessons had lost their leading zeros")
    )
    unknown = ~ids.isin(list(found.pupil_id)).to_numpy()
    if unknown.any():
        count = int(unknown.sum())
        message = (
            f"{counted(count, 'row of lessons names', 'rows of lessons name')} a pupil who is not in the pupils file (the first "
            f"{for_message(str(ids[unknown].iloc[0]))}) and {in_number(count, 'is', 'are')} left out. "
            "Export leavers too, or correct it."
        )
        ledger.find(read.finding("unknown_pupil", unknown, message))
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
    codes = ordered.dropna(subset="code").drop_duplicates([*KEY, "code"])
    differs = codes.duplicated(KEY, keep=False)
    again = len(ordered) - len(first)
    ledger.repair(
        Repair(
            "shared_lessons",
            "",
            again,
            "rows repeat a pupil's lesson, as of a class with two teachers, and count once",
        )
    )
    if differs.any():
        undecided = codes.loc[differs, KEY].drop_duplicates()
        wrong = np.zeros(len(rows), dtype=bool)
        wrong[codes.loc[differs, "place"].to_numpy()] = True
        message = (
            f"two registers of one lesson say different things ({counted(len(undecided), 'lesson')}); none is believed. "
            "Correct one of them and export again."
        )
        ledger.find(read.finding("two_registers", wrong, message))
        is_so = pd.MultiIndex.from_frame(first[KEY]).isin(pd.MultiIndex.from_frame(undecided))
        first = first.assign(code=first["code"].mask(is_so), minutes_late=first["minutes_late"].mask(is_so))
    return first.drop(columns="place").sort_values(KEY, ignore_index=True)
