"""Runs: cells or days that follow one another, over nights, weekends and holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import holds, is_skipped
from attendance_lib.register import Register


def find_runs(hit: np.ndarray, skip: np.ndarray, gap: int = 0) -> pd.DataFrame:
    """Find where hits follow one another in each row.

    Parameters
    ----------
    hit, skip : numpy.ndarray
        Boolean, shape (rows, places); places to skip neither lengthen nor break a run.
    gap : int
        How many places without a hit a run may bridge.

    Returns
    -------
    pandas.DataFrame
        One row per run, in order of row and place: ``row``, ``first`` and ``last`` (places of its first and
        last hit), ``hits`` (how many) and ``length`` (places from first to last, without those skipped).

    Examples
    --------
    >>> hit, skip = (np.array([[int(sign) for sign in signs]], dtype=bool) for signs in ("1101011", "0010000"))
    >>> find_runs(hit, skip).to_numpy().tolist()
    [[0, 0, 3, 3, 3], [0, 5, 6, 2, 2]]
    >>> find_runs(hit, skip, gap=1).to_numpy().tolist()
    [[0, 0, 6, 5, 6]]
    """
    place = np.cumsum(~skip, axis=1)
    row, column = np.nonzero(hit & ~skip)
    at = place[row, column]
    starts = np.ones(len(row), dtype=bool)
    starts[1:] = (np.diff(row) != 0) | (np.diff(at) > gap + 1)
    first = np.flatnonzero(starts)
    last = np.append(first[1:], len(row)) - 1 if len(row) else first
    return pd.DataFrame(
        {
            "row": row[first],
            "first": column[first],
            "last": column[last],
            "hits": last - first + 1,
            "length": at[last] - at[first] + 1,
        }
    )


@dataclass(frozen=True, eq=False)
class SchoolDays:
    """A register by school days: a day is of a code if it was so in every session that was school for the pupil."""

    register: Register

    @cached_property
    def starts(self) -> np.ndarray:
        """The column of each day's first session."""
        days = self.register.sessions["date"].to_numpy()
        return np.flatnonzero(np.append(True, days[1:] != days[:-1]))

    @cached_property
    def ends(self) -> np.ndarray:
        """The column of each day's last session."""
        return np.append(self.starts[1:], len(self.register.sessions)) - 1

    @cached_property
    def due(self) -> np.ndarray:
        """How many sessions of each day were school for each pupil: shape (pupils, days)."""
        return self.count(~is_skipped(self.register))

    def count(self, cells: np.ndarray) -> np.ndarray:
        """Count cells (boolean, shape (pupils, sessions)) of each day: shape (pupils, days)."""
        return np.add.reduceat(cells, self.starts, axis=1, dtype=np.int8)

    def whole(self, letters: Sequence[str]) -> pd.DataFrame:
        """Find runs of days wholly of these codes: ``first`` and ``last`` are columns of sessions, ``length`` is in school days."""
        of_code = self.count(holds(self.register, letters))
        return self._in_columns(find_runs((of_code == self.due) & (self.due > 0), self.due == 0))

    def partly(self, letters: Sequence[str], gap: int) -> pd.DataFrame:
        """Find runs of days with at least one session of these codes, bridging so many days without one."""
        of_code = self.count(holds(self.register, letters))
        return self._in_columns(find_runs(of_code > 0, self.due == 0, gap))

    def _in_columns(self, runs: pd.DataFrame) -> pd.DataFrame:
        return runs.assign(first=self.starts[runs["first"]], last=self.ends[runs["last"]])

    def nth(self, runs: pd.DataFrame, day: int) -> np.ndarray:
        """Return the date of the ``day``-th school day of each run (datetime64[D])."""
        dates = self.register.sessions["date"].to_numpy().astype("datetime64[D]")[self.starts]
        place = np.cumsum(self.due > 0, axis=1)
        first = np.searchsorted(self.starts, runs["first"].to_numpy())
        at = place[runs["row"], first] + day - 1
        found = [np.searchsorted(place[row], wanted) for row, wanted in zip(runs["row"], at, strict=True)]
        return dates[np.array(found, dtype=np.int64)]
