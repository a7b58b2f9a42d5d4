"""Weighted least squares with errors clustered by pupil: the textbook pieces, with nothing of attendance in them.

Every sum is worked out alike on every machine (``exact_products``), and whether a column is made up of others is decided
by a cut-off that stands far outside rounding, so that no verdict hangs on the processor.
"""

from dataclasses import dataclass

import numpy as np

from attendance_lib.analysis.impact.exact_products import product_over_columns, sums_of_products

# A column of whose square no more than this is left when the others are taken out is made up of them: rounding leaves some
# 1e-15, and a column that says anything of its own leaves 1e-6 and more.
CUT_OFF = 1e-10


@dataclass(frozen=True, eq=False)
class Fit:
    """A weighted least squares fit of one or more outcomes on the same columns.

    ``coefficients`` has shape (columns, outcomes); ``covariance`` is that of the first outcome's coefficients
    with errors clustered, shape (columns, columns).
    """

    coefficients: np.ndarray
    covariance: np.ndarray

    def expected(self, columns: np.ndarray) -> np.ndarray:
        """Return the fitted outcomes of new rows, in the outcomes' own unit: shape (rows, outcomes).

        Examples
        --------
        >>> Fit(np.array([[1.0], [2.0]]), np.zeros((2, 2))).expected(np.array([[1.0, 3.0]])).tolist()
        [[7.0]]
        """
        return product_over_columns(columns, self.coefficients)

    def mean_variance(self, columns: np.ndarray, shares: np.ndarray) -> float:
        """Return the variance (in the outcome's unit, squared) of new rows' mean fitted first outcome that the fit leaves.

        ``shares`` says how much each row counts in the mean, one on average (shape (rows,)).

        Examples
        --------
        >>> Fit(np.zeros((1, 1)), np.array([[0.25]])).mean_variance(np.array([[1.0], [3.0]]), np.ones(2))  # the mean is 2
        1.0
        """
        mean = (columns * shares[:, None]).mean(axis=0)
        return float((mean[:, None] * self.covariance * mean).sum())


def fit_weighted(columns: np.ndarray, outcomes: np.ndarray, weights: np.ndarray, cluster: np.ndarray) -> Fit:
    """Fit outcomes on columns by weighted least squares, with cluster-robust errors for the first outcome.

    Parameters
    ----------
    columns : numpy.ndarray
        Shape (rows, columns); a column that the others make up gets the smallest coefficients that fit.
    outcomes : numpy.ndarray
        Shape (rows, outcomes).
    weights : numpy.ndarray
        Proportional to one over the variance: shape (rows,).
    cluster : numpy.ndarray
        Number of the cluster of each row: shape (rows,).

    Returns
    -------
    Fit
        Coefficients, and their covariance by the sandwich with the small-sample factor G/(G-1) x (N-1)/(N-K)
        for N rows, K columns and G clusters (Liang and Zeger 1986; "CR1" in Cameron and Miller 2015).

    Examples
    --------
    >>> line = np.column_stack([np.ones(4), [0.0, 1.0, 2.0, 3.0]])
    >>> fit = fit_weighted(line, np.array([[1.0], [3.0], [5.0], [7.0]]), np.ones(4), np.arange(4))
    >>> fit.coefficients.round(6).ravel().tolist()
    [1.0, 2.0]
    """
    inverse, solved = solve(columns, outcomes, weights)
    residual = outcomes[:, 0] - product_over_columns(columns, solved[:, 0])
    return Fit(solved, sandwich(inverse, columns * (weights * residual)[:, None], cluster))


def coefficients(columns: np.ndarray, outcomes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted least squares coefficients alone: shape (columns, outcomes), as ``fit_weighted`` has them.

    Their unit is that of the outcome for one of the column.

    Examples
    --------
    >>> columns, outcomes = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[2.0], [5.0]])
    >>> coefficients(columns, outcomes, np.ones(2)).round(6).tolist()
    [[2.0], [3.0]]
    """
    return solve(columns, outcomes, weights)[1]


def solve(columns: np.ndarray, outcomes: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the inverse of the normal equations' matrix, shape (columns, columns), and their solution, (columns, outcomes).

    Examples
    --------
    >>> inverse, solution = solve(np.ones((2, 1)), np.array([[1.0], [3.0]]), np.ones(2))  # a mean: 2 of two rows
    >>> inverse.tolist(), solution.tolist()
    ([[0.5]], [[2.0]])
    """
    count, root = columns.shape[1], np.sqrt(weights)[:, None]
    sums = sums_of_products(np.hstack([columns * root, outcomes * root]))
    inverse = least_norm_inverse(sums[:count, :count])
    return inverse, product_over_columns(inverse, sums[:count, count:])


def least_norm_inverse(matrix: np.ndarray) -> np.ndarray:
    """Return the inverse of a symmetric matrix without negative eigenvalues, or its Moore-Penrose inverse.

    Parameters
    ----------
    matrix : numpy.ndarray
        Sums of squares and products: shape (columns, columns).

    Returns
    -------
    numpy.ndarray
        Of the same shape. Where columns are made up of others (CUT_OFF) it is the one that gives the smallest
        coefficients, as ``numpy.linalg.pinv`` would if the cut-off were known to it.

    Examples
    --------
    >>> least_norm_inverse(np.array([[4.0, 0.0], [0.0, 2.0]])).tolist()
    [[0.25, 0.0], [0.0, 0.5]]
    >>> least_norm_inverse(np.array([[1.0, 1.0], [1.0, 1.0]])).tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    root = pivoted_root(matrix)
    if len(root) == len(matrix):
        return inverse_by_elimination(matrix)
    within = inverse_by_elimination(product_over_columns(root, root.T))
    outer = product_over_columns(within, root)
    return product_over_columns(outer.T, outer)


def pivoted_root(matrix: np.ndarray) -> np.ndarray:
    """Return rows whose products add up to a symmetric matrix, as many as its rank (pivoted Cholesky; (rank, columns)).

    The columns are first brought to one length; the next pivot is the one of which most is left.

    Examples
    --------
    >>> pivoted_root(np.array([[4.0, 2.0], [2.0, 1.0]])).tolist()  # of rank one: (2, 1) times itself
    [[2.0, 1.0]]
    """
    length = np.sqrt(np.diagonal(matrix))
    unit = np.where(length > 0, length, 1.0)
    rest, rows = matrix / unit[:, None] / unit, []
    while len(rows) < len(matrix) and (left := np.diagonal(rest)).max() > CUT_OFF:
        pivot = int(left.argmax())
        rows.append(rest[pivot] / np.sqrt(rest[pivot, pivot]))
        rest = rest - np.multiply.outer(rows[-1], rows[-1])
        rest[pivot], rest[:, pivot] = 0.0, 0.0
    return np.array(rows).reshape(len(rows), len(matrix)) * length


def inverse_by_elimination(matrix: np.ndarray) -> np.ndarray:
    """Return the inverse of a symmetric matrix of full rank with positive eigenvalues (same shape; the sweep operator).

    Examples
    --------
    >>> inverse_by_elimination(np.array([[2.0, 1.0], [1.0, 1.0]])).tolist()
    [[1.0, -1.0], [-1.0, 2.0]]
    """
    swept = matrix.copy()
    for place in range(len(swept)):
        pivot, column = swept[place, place], swept[:, place].copy()
        swept -= np.multiply.outer(column, column / pivot)
        swept[place] = swept[:, place] = column / pivot
        swept[place, place] = -1.0 / pivot
    return 0.0 - swept


def sandwich(inverse: np.ndarray, scores: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return the cluster-robust covariance from each row's score (shape (columns, columns)).

    Examples
    --------
    >>> scores = np.array([[1.0], [-1.0]])  # two rows, one above their mean and one below it
    >>> [sandwich(np.array([[0.5]]), scores, np.array(pupils)).tolist() for pupils in ([1, 2], [1, 1])]  # two pupils, or one
    [[[1.0]], [[0.0]]]
    """
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(cluster[order]) != 0])
    summed = np.add.reduceat(scores[order], starts, axis=0)
    rows, groups = len(scores), len(summed)
    factor = groups / max(groups - 1, 1) * (rows - 1) / max(rows - scores.shape[1], 1)
    middle = product_over_columns(product_over_columns(inverse, sums_of_products(summed)), inverse)
    return factor * middle
