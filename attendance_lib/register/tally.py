"""One tally: sessions counted by how they count, grouped by something about the pupil and about the session.

Counts add up, so a group's figures are its pupils' summed and a trust's are its schools' summed. Rates are
made last, from counts (``analysis/measures.py``).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from attendance_lib.register.grid import FIRST_CODE, LETTER_OF_CELL, Register, cell_of
from attendance_lib.rules.codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE, NO_REASON_YET, Category

NOT_RECORDED = "Not recorded"

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
    by_category = groups.count(register.categories, len(Category))
    counts = {name: by_category[:, category] for name, category in CATEGORY_COLUMNS.items()}
    by_cell = groups.count(register.codes, FIRST_CODE + len(LETTER_OF_CELL))
    # U and N count as they do only while they are in force, which they have been throughout.
    named = {name: by_cell[:, cell_of(letter)] for name, letter in CODE_COLUMNS.items()}
    attended = counts["present_sessions"] + counts["approved_activity_sessions"]
    absent = counts["authorised_absence_sessions"] + counts["unauthorised_absence_sessions"]
    totals = {
        "possible_sessions": attended + absent,
        "attended_sessions": attended,
        "absence_sessions": absent,
    }
    return groups.labels().assign(**totals, **counts, **named)


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
    width = FIRST_CODE + len(LETTER_OF_CELL)
    # The category rides along with the cell because a letter may count differently before and after a change of law.
    pair = register.codes.astype(np.int64) * len(Category) + register.categories
    counts = groups.count(pair, width * len(Category))
    group, found = np.nonzero(counts)
    cell, category = np.divmod(found, len(Category))
    rows = groups.labels().iloc[group].reset_index(drop=True)
    rows = rows.assign(
        code=[LETTER_OF_CELL.get(each, "") for each in cell], category=category, sessions=counts[group, found]
    )
    return rows[cell >= FIRST_CODE].reset_index(drop=True)


class Groups:
    """The groups of a register's pupils crossed with the groups of its sessions."""

    def __init__(self, register: Register, by_pupil: Sequence[str], by_session: Sequence[str]) -> None:
        self.pupil_group, self.pupil_labels = number_groups(register.pupils, by_pupil)
        self.session_group, self.session_labels = number_groups(register.sessions, by_session)

    def count(self, values: np.ndarray, width: int) -> np.ndarray:
        """Count each value (0 to ``width`` - 1) in each group: shape (groups, width), in sessions."""
        across = len(self.session_labels)
        group = self.pupil_group[:, None] * across + self.session_group[None, :]
        total = len(self.pupil_labels) * across
        counted = np.bincount((group * width + values).ravel(), minlength=total * width)
        return counted.reshape(total, width)

    def labels(self) -> pd.DataFrame:
        """Return one row per group, with the grouping columns."""
        return self.pupil_labels.merge(self.session_labels, how="cross")


def number_groups(table: pd.DataFrame, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Return each row's group number (shape (rows,)) and one row per group, ascending.

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
