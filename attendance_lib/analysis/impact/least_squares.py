"""Weighted least squares with errors clustered by pupil: the textbook pieces, with nothing of attendance in them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Fit:
    """A weighted least squares fit of one or more outcomes on the same columns.

    ``coefficients`` has shape (columns, outcomes); ``covariance`` is that of the first outcome's coefficients
    with errors clustered, shape (columns, columns).
    """

    coefficients: np.ndarray
    covariance: np.ndarray

    def expected(self, columns: np.ndarray) -> np.ndarray:
        """Return the fitted outcomes of new rows, in the outcomes' own unit: shape (rows, outcomes)."""
        return columns @ self.coefficients

    def mean_variance(self, columns: np.ndarray) -> float:
        """Return the variance (in the outcome's unit, squared) of new rows' mean fitted first outcome that the fit leaves."""
        mean = columns.mean(axis=0)
        return float(mean @ self.covariance @ mean)


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
    weighted = columns * weights[:, None]
    inverse = np.linalg.pinv(columns.T @ weighted, hermitian=True)
    solved = inverse @ (weighted.T @ outcomes)
    residual = outcomes[:, 0] - columns @ solved[:, 0]
    return Fit(solved, sandwich(inverse, weighted * residual[:, None], cluster))


def coefficients(columns: np.ndarray, outcomes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted least squares coefficients alone: shape (columns, outcomes), as ``fit_weighted`` has them.

    Their unit is that of the outcome for one of the column.

    Examples
    --------
    >>> columns, outcomes = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[2.0], [5.0]])
    >>> coefficients(columns, outcomes, np.ones(2)).round(6).tolist()
    [[2.0], [3.0]]
    """
    weighted = columns * weights[:, None]
    return np.linalg.pinv(columns.T @ weighted, hermitian=True) @ (weighted.T @ outcomes)


def sandwich(inverse: np.ndarray, scores: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return the cluster-robust covariance from each row's score (shape (columns, columns))."""
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(cluster[order]) != 0])
    summed = np.add.reduceat(scores[order], starts, axis=0)
    rows, groups = len(scores), len(summed)
    factor = groups / max(groups - 1, 1) * (rows - 1) / max(rows - scores.shape[1], 1)
    return factor * inverse @ (summed.T @ summed) @ inverse
