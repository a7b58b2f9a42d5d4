"""The actions that staff filled in, read back from a pack's own workbook as they left it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from attendance_lib.errors import InputError, quoted
from attendance_lib.intake.filled_sheet import FilledSheet, SheetPlan, open_filled_sheet
from attendance_lib.intake.pack_cells import ACTION_STATUSES, DATE_COLUMNS, typed_cell
from attendance_lib.intake.pack_headings import ACTION_COLUMNS, KNOWN_HEADINGS, REQUIRED_COLUMNS

__all__ = ["ACTION_COLUMNS", "ACTION_STATUSES", "read_pack_actions"]

ACTIONS_SHEET = SheetPlan(
    "actions", ACTION_COLUMNS, REQUIRED_COLUMNS, KNOWN_HEADINGS, DATE_COLUMNS, typed_cell
)


def read_pack_actions(path: Path) -> pd.DataFrame:
    """Return the actions of a pack's workbook as staff left them.

    Parameters
    ----------
    path : pathlib.Path
        The pack's ``.xlsx``, saved by Excel or LibreOffice.

    Returns
    -------
    pandas.DataFrame
        One row per filled row of the sheet ``actions``, in its order: ``action_id``, ``pupil_id``,
        ``action``, ``owner``, ``status`` (one of ``ACTION_STATUSES``), ``note`` and ``next_step`` as
        text, ``raised_on``, ``due_date`` and ``completed_on`` as datetime64[s], and ``source_row`` (the
        sheet's row number). Blank cells are missing; a row that staff added has no ``action_id``.

    Raises
    ------
    InputError
        If the file cannot be opened or has no such sheet or column; or with one line for each cell that
        cannot be read: a status not in the list, a date, a formula without its result, a row without
        an action, an ``action_id`` twice.

    Notes
    -----
    Dates typed as text are British (day first) or ISO.
    """
    sheet = open_filled_sheet(path, ACTIONS_SHEET)
    problems = sorted([*sheet.cell_problems(), *_repeated(sheet, sheet.columns["action_id"])])
    if problems:
        raise InputError(*(text for _, text in problems))
    return sheet.table()


def _repeated(sheet: FilledSheet, identifiers: list) -> Iterator[tuple[int, str]]:
    counts = Counter(filter(lambda value: isinstance(value, str), identifiers))
    for row, identifier in zip(sheet.rows, identifiers, strict=True):
        if counts[identifier] > 1:
            first = sheet.rows[identifiers.index(identifier)]
            if row != first:
                yield (
                    row,
                    (
                        f"{sheet.place(row, 'action_id')}: {quoted(identifier)} is also in row {first + 1}. "
                        "Delete one of the rows, or clear this cell if the row is a new action."
                    ),
                )
