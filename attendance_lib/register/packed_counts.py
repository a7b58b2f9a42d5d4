"""Ten counts in one word: marks added up by the tally without looking at each mark ten times.

A word is a whole number of 64 bits that holds ten counts of six bits. A table says for each cell value which of the ten it
counts in, so one addition of two words is ten additions. Six bits hold the sum of 63 sessions; before a sum could grow past what
its bits hold, the word is taken apart into two with twelve bits a count (4,095), and these into whole numbers of 64 bits. Counts
are whole numbers throughout and words are only shifted and added, so the sums are the same on every processor, in any order.
"""

from collections.abc import Sequence

import numpy as np

FIELDS = 10
NARROW, WIDE = 6, 12
CELL_VALUES = 256
# Pupils whose words of 63 sessions the processor has at hand: of 20,000 at once the same sums take three times as long.
PUPILS_AT_ONCE = 2048


def largest(bits: int) -> int:
    """Return the largest count that some bits hold.

    Examples
    --------
    >>> [largest(bits) for bits in (NARROW, WIDE)]
    [63, 4095]
    """
    return (1 << bits) - 1


def words_of(fields: Sequence[np.ndarray]) -> np.ndarray:
    """Return the word (ten counts of sessions) of each cell value: int64, shape (256,).

    Parameters
    ----------
    fields : sequence of numpy.ndarray
        For each of at most ten counts, whether a cell value counts in it (boolean, shape (cell values,)).

    Examples
    --------
    >>> [format(word, "b") for word in words_of([np.array([True, False]), np.array([True, True])])[:3]]
    ['1000001', '1000000', '0']
    """
    words = np.zeros(CELL_VALUES, dtype=np.int64)
    for place, is_counted in enumerate(fields):
        words[: len(is_counted)] += is_counted.astype(np.int64) << (place * NARROW)
    return words


def add_cells(cells: np.ndarray, words: np.ndarray, out: np.ndarray) -> None:
    """Write the sum of the words of each pupil's cells.

    Parameters
    ----------
    cells : numpy.ndarray
        Cell values (uint8) of at most 63 sessions, shape (sessions, pupils).
    words : numpy.ndarray
        The word of each cell value.
    out : numpy.ndarray
        Where the sums go: words, shape (pupils,).

    Examples
    --------
    >>> sums, cells = np.empty(2, dtype=np.int64), np.array([[0, 1], [1, 1]], dtype=np.uint8)
    >>> add_cells(cells, words_of([np.array([False, True])]), sums)  # which cells are 1
    >>> sums.tolist()
    [1, 2]
    """
    for first in range(0, cells.shape[1], PUPILS_AT_ONCE):
        pupils = slice(first, first + PUPILS_AT_ONCE)
        np.add.reduce(words.take(cells[:, pupils]), axis=0, out=out[pupils])


def cut_runs(starts: np.ndarray, length: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut runs that follow on each other into pieces of a bounded length.

    Parameters
    ----------
    starts : numpy.ndarray
        Where each run starts, ascending from 0, shape (runs,); each holds something.
    length : int
        Where the last run ends.
    most : int
        The greatest length of a piece.

    Returns
    -------
    tuple of numpy.ndarray
        Where each piece starts, shape (pieces,), and which piece is the first of each run, shape (runs,).

    Examples
    --------
    >>> pieces, first = cut_runs(np.array([0, 2]), 9, 3)
    >>> pieces.tolist(), first.tolist()
    ([0, 2, 5, 8], [0, 1])
    """
    lengths = np.diff(starts, append=length)
    pieces = -(-lengths // most)
    first = np.cumsum(pieces) - pieces
    place = np.arange(int(pieces.sum())) - np.repeat(first, pieces)
    return np.repeat(starts, pieces) + place * most, first


def add_runs(counts: np.ndarray, starts: np.ndarray, axis: int) -> np.ndarray:
    """Return the sum (of counts of sessions) of each run along an axis; what is one long each stays as it is.

    Examples
    --------
    >>> add_runs(np.array([[1, 2, 3, 4]]), np.array([0, 3]), axis=1).tolist()
    [[6, 4]]
    """
    if len(starts) == counts.shape[axis]:
        return counts
    if len(starts) == 1:
        # As reduceat has it, in a quarter of its time.
        return np.add.reduce(counts, axis=axis, keepdims=True)
    return np.add.reduceat(counts, starts, axis=axis)


def longest(starts: np.ndarray, length: int) -> int:
    """Return how long the longest run is.

    Examples
    --------
    >>> longest(np.array([0, 3, 4]), 9)  # runs of 3, 1 and 5
    5
    """
    return int(np.diff(starts, append=length).max())


def widen(words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take words of ten counts of six bits apart: counts 0, 2, 4, 6 and 8, and counts 1, 3, 5, 7 and 9, of twelve bits each.

    Counts are of sessions, in any shape of words, which both results have.

    Examples
    --------
    >>> word = 3 + (5 << 6)  # count 0 is 3, count 1 is 5
    >>> [int(each) for each in widen(np.array(word))]
    [3, 5]
    """
    every_other = sum(largest(NARROW) << place for place in range(0, FIELDS * NARROW, WIDE))
    return words & every_other, (words >> NARROW) & every_other


def unpack(words: Sequence[np.ndarray], bits: int, out: np.ndarray) -> None:
    """Write each count (of sessions) of some words as whole numbers of 64 bits.

    Parameters
    ----------
    words : sequence of numpy.ndarray
        One word of ten counts, or two as ``widen`` gives them, shape (...).
    bits : int
        Of a count.
    out : numpy.ndarray
        Where the counts go: int64, shape (10, ...).

    Examples
    --------
    >>> counts = np.empty((2, 1), dtype=np.int64)
    >>> unpack([np.array([3 + (5 << 6)])], 6, counts)
    >>> counts.ravel().tolist()
    [3, 5]
    """
    for first, word in enumerate(words):
        fields = out[first :: len(words)]
        shifts = np.arange(0, len(fields) * bits, bits).reshape(-1, *(1 for _ in word.shape))
        np.right_shift(word, shifts, out=fields)
    out &= largest(bits)


def add_words(
    words: np.ndarray, most: int, sessions: np.ndarray, pupils: np.ndarray, out: np.ndarray
) -> None:
    """Add words over runs of their rows and runs of their columns, each in bits that hold its sum.

    Parameters
    ----------
    words : numpy.ndarray
        Words of ten counts of six bits, shape (rows, columns); rows are sums of some sessions, columns are pupils.
    most : int
        No count of a word is greater.
    sessions, pupils : numpy.ndarray
        Where each run of rows, and of columns, starts: shapes (runs of rows,) and (runs of columns,).
    out : numpy.ndarray
        Where the ten counts go: int64, shape (10, runs of columns, runs of rows).

    Examples
    --------
    >>> words, counts = np.array([[40], [60]]), np.empty((10, 1, 1), dtype=np.int64)
    >>> add_words(words, 60, np.array([0]), np.array([0]), counts)  # 100 is more than the 63 that six bits hold
    >>> int(counts[0, 0, 0])
    100
    """
    if words.shape == (len(sessions), len(pupils)):
        unpack([np.ascontiguousarray(words.T)], NARROW, out)
        return
    rows, first_row = cut_runs(sessions, words.shape[0], largest(WIDE) // most)
    most *= longest(rows, words.shape[0])
    columns, first_column = cut_runs(pupils, words.shape[1], largest(WIDE) // most)
    wide = [np.ascontiguousarray(add_runs(add_runs(each, rows, 0), columns, 1).T) for each in widen(words)]
    if wide[0].shape == out.shape[1:]:
        unpack(wide, WIDE, out)
        return
    counts = np.empty((FIELDS, *wide[0].shape), dtype=np.int64)
    unpack(wide, WIDE, counts)
    out[:] = add_runs(add_runs(counts, first_row, 2), first_column, 1)
