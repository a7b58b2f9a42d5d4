"""Pupils who left and came back: two enrolments, which rates count apart as DfE does, and one person in a list of people."""

from dataclasses import replace

import numpy as np
import pandas as pd

from attendance_lib.register.grid import NOT_ON_ROLL, Register


def with_earlier_enrolments(register: Register, keep: np.ndarray) -> Register:
    """Return the enrolments kept, each with the sessions of the same pupil's other enrolments.

    Parameters
    ----------
    register : Register
        Every enrolment.
    keep : numpy.ndarray
        Which to keep (boolean, one per enrolment), at most one of a pupil.

    Returns
    -------
    Register
        One row per person: cells of sessions on which an enrolment kept was not on roll are those of the others.
    """
    kept = register.where_pupils(keep)
    ids = register.pupils["pupil_id"].astype(str)
    again = ids.duplicated(keep=False).to_numpy() & ids.isin(ids[keep]).to_numpy() & ~keep
    if not again.any():
        return kept
    row_of = pd.Series(np.arange(int(keep.sum())), index=ids[keep])
    codes = kept.codes.copy()
    rows = row_of.loc[ids[again]].to_numpy()
    for row, other in zip(rows, register.codes[again], strict=True):
        codes[row] = np.where(codes[row] == NOT_ON_ROLL, other, codes[row])
    return replace(kept, codes=codes, amendments=_amendments(register, kept, again, rows))


def _amendments(register: Register, kept: Register, again: np.ndarray, rows: np.ndarray) -> pd.DataFrame:
    """Return the amendments of the enrolments kept and, under their rows, those of the others."""
    place = np.full(len(again), -1)
    place[again] = rows
    theirs = register.amendments[again[register.amendments["row"].to_numpy(dtype=np.int64)]]
    theirs = theirs.assign(row=place[theirs["row"].to_numpy(dtype=np.int64)])
    return pd.concat([kept.amendments, theirs], ignore_index=True) if len(theirs) else kept.amendments


def count_returned(register: Register, pupil_ids: pd.Series) -> int:
    """Return how many of some pupils were on roll in more than one enrolment over a register's sessions.

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "1", "2"]})
    >>> cells = np.array([[3, NOT_ON_ROLL], [NOT_ON_ROLL, 3], [3, 3]], dtype=np.uint8)
    >>> count_returned(Register(cells, pupils, pd.DataFrame()), pd.Series(["1", "2"]))
    1
    """
    was_here = (register.codes != NOT_ON_ROLL).any(axis=1)
    enrolments = register.pupils["pupil_id"].astype(str)[was_here].value_counts()
    return int((enrolments.reindex(pupil_ids.astype(str).unique()).fillna(0) > 1).sum())
