"""A row of a sheet that staff fill in: of each cell the log's word or theirs, as the casebook's rule has it."""

import hashlib
from collections.abc import Mapping
from datetime import date

import pandas as pd

from attendance_lib.casebook.state import RowState, State
from attendance_lib.intake.staff.cells import Problem, typed_date

LOG = "log"
KEY_LENGTH = 10


def sheet_number(urn: str, day: object, pupil_id: str) -> str:
    """Return the number of a pupil's row on a sheet of a day: the same whenever it is made, and no word about the pupil.

    Examples
    --------
    >>> sheet_number("990001", "2026-11-20", "002104") == sheet_number("990001", "2026-11-20", "002104")
    True
    >>> sheet_number("990001", "2026-11-20", "002104")[:11]
    '2026-11-20 '
    """
    told = hashlib.sha256(f"{urn}/{day}/{pupil_id}".encode()).hexdigest()
    return f"{day} {told[:KEY_LENGTH]}"


def known_rows(known: State | None, sheet: str) -> Mapping[str, RowState]:
    """Return what the casebook knows of each row of a sheet, by its key; nothing where there is no casebook.

    Examples
    --------
    >>> state = State(1, "", 1, 1, {"plans": {"3": RowState("plans", "3", "log", {})}})
    >>> list(known_rows(state, "plans")), list(known_rows(state, "calls")), list(known_rows(None, "plans"))
    (['3'], [], [])
    """
    return known.rows.get(sheet, {}) if known else {}


def printed_rows(known: State | None, sheet: str, *reports: str) -> dict[str, Mapping[str, str]]:
    """Return what the packs of some reports printed of each row of a sheet, the newest pack's words (cells by row key).

    Examples
    --------
    >>> from attendance_lib.casebook.state import EarlierPrint
    >>> older, newer = (EarlierPrint(1, "pk1", "plan", "all", "", "", 0, {"plans": {"3": {"target": told}}}) for told in ("4", "6"))
    >>> printed_rows(State(1, "", 1, 1, {}, prints=(older, newer)), "plans", "plan")
    {'3': {'target': '6'}}
    """
    prints = known.prints if known else ()
    return {
        key: cells
        for each in prints
        if each.report in reports
        for key, cells in each.cells.get(sheet, {}).items()
    }


def shown_cell(name: str, logged: Mapping | None, row: RowState | None, *, is_date: bool = False) -> object:
    """Return what is shown in a column of a row: the log's value as exported, what staff wrote (a text or a date), or None.

    Parameters
    ----------
    name : str
        The column.
    logged : mapping or None
        The row in the log, None where it is not there.
    row : RowState or None
        What the casebook knows of it.
    is_date : bool
        Whether the column holds days.

    Examples
    --------
    >>> from attendance_lib.casebook.state import CellState, Saying
    >>> said = CellState("actions", "A1", "note", (Saying(1, 1, 0, "workbook", "rang home"),), "")
    >>> row = RowState("actions", "A1", "log", {"note": said})
    >>> shown_cell("note", {"note": ""}, row), shown_cell("note", {"note": "in the log"}, None)
    ('rang home', 'in the log')
    """
    said = row.cells.get(name) if row else None
    # The log may lack a word that only an earlier pack still prints: that is no change of the log's, and the word is shown.
    is_the_log_s = said is None or (said.standing[0].source == LOG and said.value == said.logged)
    if logged is not None and is_the_log_s:
        return None if pd.isna(logged[name]) else logged[name]
    text = said.value if said else ""
    return typed_or_none(text) if is_date else text or None


def typed_or_none(text: str) -> date | None:
    """Return a date as staff type it; None where it is blank or cannot be read.

    Examples
    --------
    >>> typed_or_none("2026-11-24"), typed_or_none("24/11/26"), typed_or_none("soon"), typed_or_none("")
    (datetime.date(2026, 11, 24), datetime.date(2026, 11, 24), None, None)
    """
    day = typed_date(text)
    return None if isinstance(day, Problem) else day
