"""The headings of a sheet that staff fill in: which row holds them, and which column is which."""

from collections.abc import Mapping

import numpy as np

from attendance_lib.errors import InputError
from attendance_lib.intake.headings import plain
from attendance_lib.intake.schema import ACTIONS

ACTION_COLUMNS = (*ACTIONS.column_names, "next_step")
REQUIRED_COLUMNS = ("action_id", "pupil_id", "action", "status")
MORE_HEADINGS = {
    "action_id": ("Action number", "Action ref"),
    "pupil_id": ("Pupil number",),
    "raised_on": ("Raised on", "Date raised"),
    "action": ("Action agreed",),
    "owner": ("Who", "Lead"),
    "due_date": ("Due date", "Due by", "By when"),
    "completed_on": ("Completed on", "Date completed", "Done on"),
    "next_step": ("Next step", "Next steps"),
}
HEADER_LEAST = 3  # known headings that make a row the header row


def _known_headings() -> dict[str, str]:
    told = {column.name: column.also_called for column in ACTIONS.columns}
    return {
        plain(heading): name
        for name in ACTION_COLUMNS
        for heading in (name, *told.get(name, ()), *MORE_HEADINGS.get(name, ()))
    }


KNOWN_HEADINGS = _known_headings()


def find_header(
    cells: np.ndarray, headings: Mapping[str, str], label: str, required: tuple[str, ...] = REQUIRED_COLUMNS
) -> tuple[int, dict[str, int]]:
    """Return the row that holds most of our headings, and the position of each column in it.

    Parameters
    ----------
    cells : numpy.ndarray
        The sheet's cells, shape (rows, columns).
    headings : mapping of str to str
        Plain heading to column name.
    label : str
        The file's and the sheet's name, for the message.
    required : tuple of str
        The columns that the sheet cannot do without.

    Raises
    ------
    InputError
        If there is no row of headings, or it lacks a required column.
    """
    found = [_positions(row, headings) for row in cells]
    header = max(range(len(found)), key=lambda row: len(found[row]), default=0)
    if not found or len(found[header]) < HEADER_LEAST:
        raise InputError(
            f"{label}: there is no row of headings. "
            "Put the headings back above the table, as in the pack you were sent."
        )
    missing = [name for name in required if name not in found[header]]
    if missing:
        raise InputError(*(_missing_column(label, header, name) for name in missing))
    return header, found[header]


def _missing_column(label: str, header: int, name: str) -> str:
    return (
        f"{label}, row {header + 1}: there is no column '{name}'. "
        f"Put its heading back, or write '{name}' over it."
    )


def _positions(row: np.ndarray, headings: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, heading in enumerate(row):
        name = headings.get(plain(heading)) if isinstance(heading, str) else None
        if name is not None:
            found.setdefault(name, at)
    return found
