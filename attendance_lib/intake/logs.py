"""Planned absence, the desk, and the logs that staff keep: read where the school has them, and checked for what cannot be so."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from attendance_lib.errors import counted
from attendance_lib.intake.ledger import Ledger, Severity
from attendance_lib.intake.schema import (
    INTERVENTIONS,
    LESSONS,
    MARKS,
    NOTICES,
    PLANNED,
    PUPILS,
    REDRAWS,
    TABLES,
)
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import Source, find_sources
from attendance_lib.intake.tables import TableRead, read_table
from attendance_lib.rules.draw import DRAW_NAME

LOGS = tuple(name for name in TABLES if name not in (PUPILS.name, MARKS.name, LESSONS.name))

# The first and the last day of what lasts, in any of them.
SPANS = (("date_from", "date_to"), ("target_from", "target_to"), ("start_date", "end_date"))


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
    """Read one of the optional tables from its files (see ``read_logs``): typed, one row per entry, in the columns' own units."""
    table = TABLES[name]
    read = read_table(table, sources, ledger)
    if read is None:
        return None
    if "pupil_id" in read.rows:
        _report_unknown_pupils(name, read, pupil_ids, ledger)
    for first, last in SPANS:
        if {first, last} <= set(table.column_names):
            _report_turned_round(name, read, (first, last), ledger)
    if name in CHECKS:
        CHECKS[name](read, ledger)
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


def _report_back_too_soon(read: TableRead, ledger: Ledger) -> None:
    """Report planned absence after whose expected return days of it are still to come: one of the two cannot be right."""
    last = read.rows["date_to"].fillna(read.rows["date_from"])
    wrong = (read.rows["expected_back"] < last).to_numpy(dtype=bool)
    if wrong.any():
        rows = counted(int(wrong.sum()), "row of planned expects", "rows of planned expect")
        message = f"{rows} the pupil back before the absence ends. Correct expected_back or date_to."
        ledger.find(read.finding("back_before_it_ends", wrong, message))


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


# What must hold of one table's rows and of no other's.
CHECKS = {
    REDRAWS.name: _report_other_draws,
    PLANNED.name: _report_back_too_soon,
    NOTICES.name: _report_nameless,
}
