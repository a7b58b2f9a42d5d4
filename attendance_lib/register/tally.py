"""One tally: sessions counted by how they count, grouped by something about the pupil and about the session.

Counts add up, so a group's figures are its pupils' summed and a trust's are its schools' summed. Rates are
made last, from counts (``analysis/measures.py``).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from attendance_lib.register.grid import FIRST_CODE, LETTER_OF_CELL, Register, categories_of_cells, cell_of
from attendance_lib.rules.codes import (
    LATE_AFTER_CLOSE,
    LATE_BEFORE_CLOSE,
    NO_REASON_YET,
    Category,
    code_set_on,
)

NOT_RECORDED = "Not recorded"
CELLS = FIRST_CODE + len(LETTER_OF_CELL)

CATEGORY_COLUMNS = {
    "present_sessions": Category.PRESENT,
    "approved_activity_sessions": Category.APPROVED_ACTIVITY,
    "authorised_absence_sessions": Category.AUTHORISED_ABSENCE,
    "unauthorised_absence_sessions": Category.UNAUTHORISED_ABSENCE,
    "not_possible_sessions": Category.NOT_POSSIBLE,
    "missing_sessions": Category.MISSING,
    "unclassified_sessions": Category.UNCLASSIFIED,
}
CODE_COLUMNS = {
    "late_before_close_sessions": LATE_BEFORE_CLOSE,
    "late_after_close_sessions": LATE_AFTER_CLOSE,
    "no_reason_yet_sessions": NO_REASON_YET,
}
COUNT_COLUMNS = (
    "possible_sessions",
    "attended_sessions",
    "absence_sessions",
    *CATEGORY_COLUMNS,
    *CODE_COLUMNS,
)


def tally(register: Register, by_pupil: Sequence[str] = (), by_session: Sequence[str] = ()) -> pd.DataFrame:
    """Count sessions for every group of pupils and every group of sessions.

    Parameters
    ----------
    register : Register
        The marks to count.
    by_pupil, by_session : sequence of str
        Columns of ``register.pupils`` and of ``register.sessions``; none means all together.

    Returns
    -------
    pandas.DataFrame
        One row per combination of groups, in ascending order: the grouping columns, then COUNT_COLUMNS
        (all in sessions). A group nobody recorded is called "Not recorded".

    Notes
    -----
    possible = present + approved activity + authorised + unauthorised absence; attended = the first two.
    A late session before the register closed is present (L); after it closed it is an absence (U).
    Source: DfE, Pupil attendance in schools; SI 2024/208.
    """
    groups = Groups(register, by_pupil, by_session)
    sets = count_cells(register, groups)
    counts = {
        name: sum(counted[:, how == category].sum(axis=1) for counted, how in sets)
        for name, category in CATEGORY_COLUMNS.items()
    }
    # U and N count as they do only while they are in force, which they have been throughout.
    named = {
        name: sum(counted[:, cell_of(letter)] for counted, _ in sets) for name, letter in CODE_COLUMNS.items()
    }
    attended = counts["present_sessions"] + counts["approved_activity_sessions"]
    absent = counts["authorised_absence_sessions"] + counts["unauthorised_absence_sessions"]
    totals = {
        "possible_sessions": attended + absent,
        "attended_sessions": attended,
        "absence_sessions": absent,
    }
    labels = groups.labels()
    return pd.concat([labels, pd.DataFrame(totals | counts | named, index=labels.index)], axis=1)


def count_codes(
    register: Register, by_pupil: Sequence[str] = (), by_session: Sequence[str] = ()
) -> pd.DataFrame:
    """Count sessions of each code for every group of pupils and of sessions.

    Returns
    -------
    pandas.DataFrame
        One row per combination of groups and code that occurs: the grouping columns, ``code`` (the
        letter), ``category`` (how it counts on its dates) and ``sessions`` (a count).
    """
    groups = Groups(register, by_pupil, by_session)
    found = [occurring(counted, how) for counted, how in count_cells(register, groups)]
    counts = pd.concat(found or [occurring(np.zeros((0, CELLS), dtype=np.int64), np.zeros(CELLS))])
    # A letter may count differently before and after a change of law, so how it counts is part of the key.
    counts = counts.groupby(["group", "cell", "category"], as_index=False)["sessions"].sum()
    rows = groups.labels().iloc[counts["group"]].reset_index(drop=True)
    letters = [LETTER_OF_CELL[cell] for cell in counts["cell"]]
    return rows.assign(code=letters, category=counts["category"], sessions=counts["sessions"])


def occurring(counted: np.ndarray, how: np.ndarray) -> pd.DataFrame:
    """Return one row per group and code that occurs: ``group``, ``cell``, ``category`` and ``sessions`` (a count).

    Examples
    --------
    >>> counted, how = np.zeros((1, FIRST_CODE + 2), dtype=int), np.full(FIRST_CODE + 2, 7)
    >>> counted[0, FIRST_CODE + 1] = 3
    >>> occurring(counted, how).values.tolist() == [[0, FIRST_CODE + 1, 7, 3]]
    True
    """
    group, cell = np.nonzero(counted)
    rows = pd.DataFrame(
        {"group": group, "cell": cell, "category": how[cell], "sessions": counted[group, cell]}
    )
    return rows[cell >= FIRST_CODE]


def count_cells(register: Register, groups: "Groups") -> list[tuple[np.ndarray, np.ndarray]]:
    """Count each cell value in each group, for each set of codes in force on some of the register's dates.

    Returns
    -------
    list of tuple of numpy.ndarray
        Counts in sessions, shape (groups, cell values), and how each cell value counts under that set
        (Category numbers, shape (cell values,)).

    Notes
    -----
    Marks are counted first and classified after, as counts: hundreds of thousands of marks in one pass,
    then a few numbers a group. Hardly any register spans more than one set of codes.
    """
    days = register.sessions["date"].to_numpy().astype("datetime64[D]")
    in_set = code_set_on(days)
    return [
        (groups.count(register.codes, in_set == each), categories_on_day(days[in_set == each][0]))
        for each in np.unique(in_set)
    ]


@cache
def categories_on_day(day: np.datetime64) -> np.ndarray:
    """Return how each cell value counts on a day: Category numbers, shape (cell values,).

    Examples
    --------
    >>> [Category(each).name for each in categories_on_day(np.datetime64("2026-09-07"))[[cell_of("L"), cell_of("I")]]]
    ['PRESENT', 'AUTHORISED_ABSENCE']
    """
    return categories_of_cells(np.array([day]))[:, 0]


class Groups:
    """The groups of a register's pupils crossed with the groups of its sessions."""

    def __init__(self, register: Register, by_pupil: Sequence[str], by_session: Sequence[str]) -> None:
        self.pupil_group, self.pupil_labels = number_groups(register.pupils, by_pupil)
        self.session_group, self.session_labels = number_groups(register.sessions, by_session)

    def count(self, cells: np.ndarray, where: np.ndarray) -> np.ndarray:
        """Count each cell value over some sessions (boolean): shape (groups, cell values), in sessions."""
        across = len(self.session_labels)
        total = len(self.pupil_labels) * across
        chosen = cells if where.all() else cells[:, where]
        # One number for each cell, of its pupil's group, its session's group and its value, in as few passes as can be.
        keys = chosen + (self.session_group[where] * CELLS)[None, :]
        keys += (self.pupil_group * (across * CELLS))[:, None]
        return np.bincount(keys.ravel(), minlength=total * CELLS).reshape(total, CELLS)

    def labels(self) -> pd.DataFrame:
        """Return one row per group, with the grouping columns."""
        down, across = len(self.pupil_labels), len(self.session_labels)
        pupils = self.pupil_labels.iloc[np.repeat(np.arange(down), across)].reset_index(drop=True)
        sessions = self.session_labels.iloc[np.tile(np.arange(across), down)].reset_index(drop=True)
        return pd.concat([pupils, sessions], axis=1)


def number_groups(table: pd.DataFrame, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Return each row's group number from 0 (shape (rows,)) and one row per group, ascending, with the columns grouped by.

    Examples
    --------
    >>> number_groups(pd.DataFrame({"form": ["8B", "7A", "8B"]}), ["form"])[0].tolist()
    [1, 0, 1]
    """
    if not by:
        return np.zeros(len(table), dtype=np.int64), pd.DataFrame(index=[0])
    numbered = {name: number_values(table[name]) for name in by}
    keys = np.column_stack([numbers for numbers, _ in numbered.values()])
    groups, group_of_row = np.unique(keys, axis=0, return_inverse=True)
    labels = {
        name: values.take(groups[:, place]) for place, (name, (_, values)) in enumerate(numbered.items())
    }
    return group_of_row.reshape(-1), pd.DataFrame(labels)


def number_values(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return the number of each row's value (shape (rows,)) and the values in their own order, "Not recorded" last.

    Examples
    --------
    >>> numbers, found = number_values(pd.Series([10, None, 7], dtype="Int16"))
    >>> numbers.tolist(), found.tolist()
    ([1, 2, 0], [7, 10, 'Not recorded'])
    """
    numbers, found = pd.factorize(values, sort=True)
    is_known = numbers >= 0
    if is_known.all():
        return numbers, pd.Index(found)
    return np.where(is_known, numbers, len(found)), pd.Index(
        [*pd.Series(found).tolist(), NOT_RECORDED], dtype=object
    )
