"""Planned absence beside the register: where a mark says otherwise, the file, the row and what to do."""

from dataclasses import replace

import numpy as np
import pandas as pd

from attendance_lib.errors import Severity, counted, in_number
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.tables import TableRead
from attendance_lib.rules.codes import CODES, LATE_AFTER_CLOSE, Category

# An illness ends when it ends: a pupil back before the day that was guessed, however late, contradicts nothing.
GUESSED = "I"
HERE = frozenset(code.letter for code in CODES if code.category is Category.PRESENT) | {LATE_AFTER_CLOSE}


def report_contradictions(read: TableRead | None, marks: pd.DataFrame, ledger: Ledger) -> None:
    """Tell of planned absence on days whose mark is another.

    Parameters
    ----------
    read : TableRead or None
        PLANNED, with file and row of each spell; None where the school exports none.
    marks : pandas.DataFrame
        MARKS up to the last register taken.
    ledger : Ledger
        Where the finding is written: how many spells, and the first of them.
    """
    if read is None:
        return
    wrong = contradicted(read.rows, marks)
    if wrong.any():
        count = int(wrong.sum())
        message = (
            f"{counted(count, 'planned absence', 'planned absences')} {in_number(count, 'has', 'have')} another code in the "
            "register on a day within. Ask which is right, and correct the plan or the mark."
        )
        finding = read.finding("planned_contradicts_mark", wrong, message)
        ledger.find(replace(finding, severity=Severity.SHOULD))


def contradicted(planned: pd.DataFrame, marks: pd.DataFrame) -> np.ndarray:
    """Return which planned spells the register has another code for in one of their sessions at least (boolean, one per row).

    Examples
    --------
    >>> day = pd.Timestamp("2026-11-09")
    >>> planned = pd.DataFrame({"pupil_id": ["1", "2"], "date_from": day, "date_to": day, "session": None, "code": "C"})
    >>> marks = pd.DataFrame({"pupil_id": ["1", "2"], "date": day, "session": "AM", "code": ["C", "I"]})
    >>> contradicted(planned, marks).tolist()
    [False, True]
    """
    if planned.empty:
        return np.zeros(0, dtype=bool)
    spells = planned.assign(
        place=np.arange(len(planned)), date_to=planned["date_to"].fillna(planned["date_from"])
    )
    spells = spells.rename(columns={"code": "planned_code", "session": "planned_session"})
    first, last = spells["date_from"].min(), spells["date_to"].max()
    near = marks[marks["date"].between(first, last) & marks["pupil_id"].isin(spells["pupil_id"])]
    columns = ["pupil_id", "date", "session", "code"]
    joined = near[columns].astype({"pupil_id": str, "code": object}).merge(spells, on="pupil_id")
    inside = (joined["date_from"] <= joined["date"]) & (joined["date"] <= joined["date_to"])
    inside &= joined["planned_session"].isna() | (joined["planned_session"] == joined["session"].astype(str))
    came_back = (joined["planned_code"] == GUESSED) & joined["code"].isin(HERE)
    other = inside & (joined["code"] != joined["planned_code"]) & ~came_back
    return np.isin(np.arange(len(planned)), joined.loc[other, "place"])
