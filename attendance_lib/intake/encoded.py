"""A column as its distinct values and the place of each row's value among them.

A million marks hold a few dozen codes and a few hundred dates, so whatever is worked out for a column is worked out
for its distinct values, once each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Encoded:
    """Distinct ``values`` (object array) and ``places`` (one integer a row)."""

    values: np.ndarray
    places: np.ndarray

    @classmethod
    def of(cls, cells: np.ndarray) -> "Encoded":
        """Return a column in encoded form (one cell a row); whatever is missing (None, NaN) is None.

        Examples
        --------
        >>> Encoded.of(np.array(["AM", "PM", "AM"], dtype=object)).places.tolist()
        [0, 1, 0]
        """
        places, values = pd.factorize(np.asarray(cells, dtype=object))
        is_missing = places < 0
        if is_missing.any():
            places[is_missing], values = len(values), np.append(values, [None])
        return cls(np.asarray(values, dtype=object), places.astype(np.int32))

    def __len__(self) -> int:
        return len(self.places)

    def map(self, change: Callable[[Any], Any]) -> "Encoded":
        """Return the column with each distinct value changed; values that become equal are one.

        Examples
        --------
        >>> Encoded.of(np.array(["a", "A", "b"], dtype=object)).map(str.upper).cells().tolist()
        ['A', 'A', 'B']
        """
        changed = np.empty(len(self.values), dtype=object)
        changed[:] = [change(value) for value in self.values]
        merged = Encoded.of(changed)
        return Encoded(merged.values, merged.places[self.places] if len(changed) else self.places)

    def in_order(self) -> "Encoded":
        """Return the column with its distinct values ascending and only those that occur.

        Examples
        --------
        >>> Encoded(np.array(["b", "c", "a"], dtype=object), np.array([0, 2])).in_order().values.tolist()
        ['a', 'b']
        """
        used = np.flatnonzero(self.counts())
        order = used[np.argsort(self.values[used], kind="stable")]
        place = np.full(len(self.values), -1, dtype=np.int32)
        place[order] = np.arange(len(order))
        return Encoded(self.values[order], place[self.places])

    def where(self, keep: np.ndarray) -> "Encoded":
        """Return the rows kept (boolean or positions).

        Examples
        --------
        >>> column = Encoded.of(np.array(["I", "/", "I"], dtype=object))
        >>> column.where(np.array([True, True, False])).cells().tolist()
        ['I', '/']
        """
        return Encoded(self.values, self.places[keep])

    def holds(self, wanted: np.ndarray) -> np.ndarray:
        """Return, for each row, the entry of its value (``wanted`` has one entry a distinct value).

        Examples
        --------
        >>> column = Encoded.of(np.array(["I", "/", "I"], dtype=object))
        >>> column.holds(column.values == "I").tolist()
        [True, False, True]
        """
        return (
            np.asarray(wanted)[self.places]
            if len(self.values)
            else np.zeros(0, dtype=np.asarray(wanted).dtype)
        )

    def counts(self) -> np.ndarray:
        """Return how many rows hold each distinct value.

        Examples
        --------
        >>> column = Encoded.of(np.array(["I", "/", "I"], dtype=object))
        >>> dict(zip(column.values.tolist(), column.counts().tolist(), strict=True)) == {"I": 2, "/": 1}
        True
        """
        return np.bincount(self.places, minlength=len(self.values))

    def first_rows(self) -> np.ndarray:
        """Return the position of the first row of each distinct value (-1 if there is none).

        Examples
        --------
        >>> column = Encoded.of(np.array(["I", "/", "I"], dtype=object))
        >>> dict(zip(column.values.tolist(), column.first_rows().tolist(), strict=True)) == {"I": 0, "/": 1}
        True
        """
        first = np.full(len(self.values), -1)
        first[self.places[::-1]] = np.arange(len(self.places) - 1, -1, -1)
        return first

    def cells(self) -> np.ndarray:
        """Return the column in full (object array, one value a row).

        Examples
        --------
        >>> Encoded(np.array(["AM", "PM"], dtype=object), np.array([0, 1, 1])).cells().tolist()
        ['AM', 'PM', 'PM']
        """
        return self.holds(self.values)


def joined(columns: list[Encoded]) -> Encoded:
    """Return several columns, one below the other, as one.

    Examples
    --------
    >>> joined([Encoded.of(np.array(["a", "b"])), Encoded.of(np.array(["b"]))]).cells().tolist()
    ['a', 'b', 'b']
    """
    both = Encoded.of(np.concatenate([column.values for column in columns]))
    edges = np.cumsum([0, *(len(column.values) for column in columns)])
    places = [both.places[start + column.places] for start, column in zip(edges, columns, strict=False)]
    return Encoded(both.values, np.concatenate(places))
