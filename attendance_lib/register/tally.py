"""One tally: sessions counted by how they count, grouped by something about the pupil and about the session.

Counts add up, so a group's figures are its pupils' summed and a trust's are its schools' summed. Rates are
made last, from counts (``analysis/measures.py``).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from attendance_lib.register.grid import FIRST_CODE, LETTER_OF_CELL, Register, categories_of_cells, cell_of
from attendance_lib.register.groups import Groups
from attendance_lib.register.packed_counts import add_cells, add_words, words_of
from attendance_lib.rules.codes import (
    LATE_AFTER_CLOSE,
    LATE_BEFORE_CLOSE,
    NO_REASON_YET,
    Category,
    code_set_on,
)

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
TOTAL_COLUMNS = ("possible_sessions", "attended_sessions", "absence_sessions")
FIELD_COLUMNS = (*CATEGORY_COLUMNS, *CODE_COLUMNS)
COUNT_COLUMNS = (*TOTAL_COLUMNS, *FIELD_COLUMNS)
COUNT_NAMES = pd.Index(COUNT_COLUMNS)
# Cells for which codes are counted in one go: few enough for the processor to have their groups' numbers at hand.
CELLS_AT_ONCE = 1 << 15


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

    Examples
    --------
    >>> cells = np.array([[cell_of(letter) for letter in "/BIO"]], dtype=np.uint8)
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 4)})
    >>> counts = tally(Register(cells, pd.DataFrame({"year_group": [8]}), sessions), ["year_group"])
    >>> counts[["year_group", "possible_sessions", "attended_sessions", "absence_sessions"]].values.tolist()
    [[8, 4, 2, 2]]
    """
    groups = Groups(register, by_pupil, by_session)
    counts = np.zeros((len(COUNT_COLUMNS), *groups.shape), dtype=np.int64)
    if register.codes.size:
        add_fields(register, groups, counts[len(TOTAL_COLUMNS) :])
    possible, attended, absent, present, activity, authorised, unauthorised, *_ = counts
    np.add(present, activity, out=attended)
    np.add(authorised, unauthorised, out=absent)
    np.add(attended, absent, out=possible)
    table = pd.DataFrame(counts.reshape(len(counts), -1).T, columns=COUNT_NAMES, copy=False)
    down, across = np.indices(groups.shape).reshape(2, -1)
    for place, (name, labels) in enumerate(groups.labels(down, across).items()):
        table.insert(place, name, labels)
    return table


def add_fields(register: Register, groups: Groups, out: np.ndarray) -> None:
    """Write how many sessions of each group count as each of FIELD_COLUMNS.

    Parameters
    ----------
    register : Register
        With at least one cell.
    groups : Groups
        Of that register.
    out : numpy.ndarray
        Where the counts go: int64, shape (fields, *groups.shape).
    """
    cuts, pupils = groups.cuts, groups.pupils
    cells = register.by_session if cuts.is_in_order else register.by_session[cuts.order]
    sums = np.empty((len(cuts.runs), cells.shape[1]), dtype=np.int64)
    for row, (run, day) in enumerate(cuts.runs):
        add_cells(cells[run], words_on_day(day), sums[row])
    if not pupils.is_in_order:
        sums = sums[:, pupils.order]
    add_words(sums, cuts.longest, cuts.first, pupils.starts, out)


@cache
def words_on_day(day: np.datetime64) -> np.ndarray:
    """Return the word of each cell value on a day, shape (cell values,); its counts are in the order of FIELD_COLUMNS.

    See ``register/packed_counts.py``.
    """
    how = categories_on_day(day)
    # U and N count as they do only while they are in force, which they have been throughout.
    named = [np.arange(CELLS) == cell_of(letter) for letter in CODE_COLUMNS.values()]
    return words_of([how == category for category in CATEGORY_COLUMNS.values()] + named)


def count_codes(
    register: Register, by_pupil: Sequence[str] = (), by_session: Sequence[str] = ()
) -> pd.DataFrame:
    """Count sessions of each code for every group of pupils and of sessions.

    Returns
    -------
    pandas.DataFrame
        One row per combination of groups and code that occurs: the grouping columns, ``code`` (the
        letter), ``category`` (how it counts on its dates) and ``sessions`` (a count).

    Examples
    --------
    >>> cells = np.array([[cell_of(letter) for letter in "/II"]], dtype=np.uint8)
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 3)})
    >>> count_codes(Register(cells, pd.DataFrame(index=[0]), sessions))[["code", "sessions"]].values.tolist()
    [['/', 1], ['I', 2]]
    """
    groups = Groups(register, by_pupil, by_session)
    days, in_set = register.days, code_set_on(register.days)
    sets = np.unique(in_set)
    # A letter may count differently before and after a change of law, so how it counts is part of the key.
    how = [categories_on_day(days[in_set == each][0]) for each in sets]
    kinds = np.array([np.arange(CELLS) * CELLS + each for each in how], dtype=np.int64)
    kinds = kinds.reshape(-1, CELLS)[:, FIRST_CODE:]
    kinds, place = np.unique(kinds, return_inverse=True)
    counts = np.zeros((*groups.shape, len(kinds)), dtype=np.int64)
    for each, at in zip(sets, place.reshape(-1, len(LETTER_OF_CELL)), strict=True):
        counts[..., at] += count_cells(register, groups, in_set == each)[..., FIRST_CODE:]
    pupil, session, kind = np.nonzero(counts)
    cells, categories = np.divmod(kinds[kind], CELLS)
    letters = pd.Index(LETTER_OF_CELL.values(), dtype="str")
    found = {
        "code": letters.take(cells - FIRST_CODE),
        "category": categories.astype(np.uint8),
        "sessions": counts[pupil, session, kind],
    }
    return pd.DataFrame(groups.labels(pupil, session) | found)


def count_cells(register: Register, groups: Groups, where: np.ndarray) -> np.ndarray:
    """Count each cell value in each group over some sessions.

    Parameters
    ----------
    register : Register
        The marks to count.
    groups : Groups
        Of that register.
    where : numpy.ndarray
        The sessions to count (boolean, one per session).

    Returns
    -------
    numpy.ndarray
        Counts in sessions, shape (*groups.shape, cell values).

    Notes
    -----
    Marks are counted first and classified after, as counts: hundreds of thousands of marks in one pass,
    then a few numbers a group. Hardly any register spans more than one set of codes.
    """
    down, across = groups.shape
    counts = np.zeros((down, across * CELLS), dtype=np.int64)
    chosen = register.codes if where.all() else register.codes[:, where]
    of_session = groups.sessions.numbers[where] * CELLS
    order, of_pupil = groups.pupils.order, groups.pupils.numbers
    at_once = max(1, CELLS_AT_ONCE // max(1, chosen.shape[1]))
    for first in range(0, len(chosen), at_once):
        rows = order[first : first + at_once]
        lowest, highest = of_pupil[rows[[0, -1]]]
        keys = chosen[rows] + of_session
        keys += ((of_pupil[rows] - lowest) * (across * CELLS))[:, None]
        found = np.bincount(keys.ravel(), minlength=(highest - lowest + 1) * across * CELLS)
        counts[lowest : highest + 1] += found.reshape(-1, across * CELLS)
    return counts.reshape(down, across, CELLS)


@cache
def categories_on_day(day: np.datetime64) -> np.ndarray:
    """Return how each cell value counts on a day: Category numbers, shape (cell values,).

    Examples
    --------
    >>> [Category(each).name for each in categories_on_day(np.datetime64("2026-09-07"))[[cell_of("L"), cell_of("I")]]]
    ['PRESENT', 'AUTHORISED_ABSENCE']
    """
    return categories_of_cells(np.array([day]))[:, 0]
