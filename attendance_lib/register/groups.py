"""The groups of a register's pupils and of its sessions, numbered once for each register."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.register.grid import Register
from attendance_lib.register.packed_counts import NARROW, cut_runs, largest
from attendance_lib.rules.codes import code_set_on

NOT_RECORDED = "Not recorded"


@dataclass(frozen=True)
class Grouping:
    """Rows of a table in groups.

    Attributes
    ----------
    numbers : numpy.ndarray
        Each row's group from 0, shape (rows,).
    labels : dict of str to pandas.Index
        Of each column grouped by, its value in each group, shape (groups,); groups ascend.
    size : int
        How many groups there are.
    """

    numbers: np.ndarray
    labels: dict[str, pd.Index]
    size: int

    @cached_property
    def order(self) -> np.ndarray:
        """Rows, those of one group after each other: shape (rows,).

        Examples
        --------
        >>> number_groups(pd.DataFrame({"year_group": [8, 7, 8]}), ("year_group",)).order.tolist()
        [1, 0, 2]
        """
        return np.argsort(self.numbers, kind="stable")

    @cached_property
    def is_in_order(self) -> bool:
        """Whether the rows stand in that order already.

        Examples
        --------
        >>> [number_groups(pd.DataFrame({"form": forms}), ("form",)).is_in_order for forms in (["7A", "7A"], ["7B", "7A"])]
        [True, False]
        """
        return bool((np.diff(self.order) == 1).all())

    @cached_property
    def starts(self) -> np.ndarray:
        """Where in that order each group starts: shape (groups,).

        Examples
        --------
        >>> number_groups(pd.DataFrame({"year_group": [8, 7, 8]}), ("year_group",)).starts.tolist()
        [0, 1]
        """
        return np.searchsorted(self.numbers[self.order], np.arange(self.size))


class Cuts:
    """Sessions in groups, cut into runs of one group and one set of codes, so short that a narrow word holds a run's sum.

    Attributes
    ----------
    order : numpy.ndarray
        Sessions, those of one run after each other, shape (sessions,).
    is_in_order : bool
        Whether the sessions stand in that order already.
    runs : list of tuple
        Where in that order each run lies (slice), and the day of its first session (datetime64[D]).
    longest : int
        How many sessions the longest run has.
    first : numpy.ndarray
        Which run is the first of each group, shape (groups,).
    """

    def __init__(self, days: np.ndarray, sessions: Grouping) -> None:
        in_set = code_set_on(days)
        self.order = np.lexsort((in_set, sessions.numbers))
        self.is_in_order = bool((np.diff(self.order) == 1).all())
        of_group, by_set = sessions.numbers[self.order], in_set[self.order]
        changes = (np.diff(of_group) != 0) | (np.diff(by_set) != 0)
        starts, _ = cut_runs(np.flatnonzero(np.append(True, changes)), len(days), largest(NARROW))
        ends = np.append(starts[1:], len(days))
        self.runs = [
            (slice(start, end), days[self.order[start]]) for start, end in zip(starts, ends, strict=True)
        ]
        self.longest = int((ends - starts).max())
        self.first = np.searchsorted(of_group[starts], np.arange(sessions.size))


class Groups:
    """The groups of a register's pupils crossed with the groups of its sessions; ``shape`` is how many of each.

    What is worked out of a register is kept with it, since papers ask for the same groups again and again.
    """

    def __init__(self, register: Register, by_pupil: Sequence[str], by_session: Sequence[str]) -> None:
        self._register, self._by_session = register, tuple(by_session)
        self.pupils = self._numbered("pupils", tuple(by_pupil))
        self.sessions = self._numbered("sessions", self._by_session)
        self.shape = self.pupils.size, self.sessions.size

    def _numbered(self, rows: str, by: tuple[str, ...]) -> Grouping:
        kept = self._register.groupings
        if (rows, by) not in kept:
            kept[rows, by] = number_groups(getattr(self._register, rows), by)
        return kept[rows, by]

    @property
    def cuts(self) -> Cuts:
        """The sessions cut for the tally; there is at least one."""
        kept, key = self._register.groupings, ("cuts", self._by_session)
        if key not in kept:
            kept[key] = Cuts(self._register.days, self.sessions)
        return kept[key]

    def labels(self, pupil: np.ndarray, session: np.ndarray) -> dict[Hashable, pd.Index]:
        """Return the grouping columns of some pairs of a group of pupils and a group of sessions, by their numbers.

        Examples
        --------
        >>> register = Register(np.zeros((2, 1), dtype=np.uint8), pd.DataFrame({"form": ["8B", "7A"]}), pd.DataFrame(index=[0]))
        >>> Groups(register, ["form"], []).labels(np.array([0, 1]), np.array([0, 0]))["form"].tolist()  # ascending
        ['7A', '8B']
        """
        pupils = {name: values.take(pupil) for name, values in self.pupils.labels.items()}
        return pupils | {name: values.take(session) for name, values in self.sessions.labels.items()}


def number_groups(table: pd.DataFrame, by: Sequence[str]) -> Grouping:
    """Return the groups of a table's rows by some of its columns; all rows are one group where there is no column.

    Examples
    --------
    >>> number_groups(pd.DataFrame({"form": ["8B", "7A", "8B"]}), ["form"]).numbers.tolist()
    [1, 0, 1]
    """
    if not by:
        return Grouping(np.zeros(len(table), dtype=np.int64), {}, 1)
    numbered = {name: number_values(table[name]) for name in by}
    # At least one value, for a table without rows.
    sizes = [max(len(values), 1) for _, values in numbered.values()]
    keys = np.ravel_multi_index([numbers for numbers, _ in numbered.values()], sizes)
    groups, numbers = np.unique(keys, return_inverse=True)
    places = np.unravel_index(groups, sizes)
    labels = {
        name: values.take(place) for (name, (_, values)), place in zip(numbered.items(), places, strict=True)
    }
    return Grouping(numbers, labels, len(groups))


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
