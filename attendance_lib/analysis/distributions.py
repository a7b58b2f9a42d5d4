"""Quantiles and tails of the textbook distributions, the same on every machine.

SciPy makes them with the logarithm and the exponential of the machine's C library, whose last bit is not the same on every
processor. Twelve significant digits are, and no figure of a paper is read to more.
"""

import numpy as np
from scipy.special import bdtrc, ndtr, ndtri, stdtrit

DIGITS = 12


def settled(value: float) -> float:
    """Return a number to twelve significant digits.

    Examples
    --------
    >>> settled(1.9599639845400545)
    1.95996398454
    """
    return float(f"{value:.{DIGITS}g}")


def normal_quantile(share: float) -> float:
    """Return the value below which a share (a fraction) of a standard normal distribution lies.

    Examples
    --------
    >>> round(normal_quantile(0.975), 4)
    1.96
    """
    return settled(float(ndtri(share)))


def t_quantile(share: float, freedom: float) -> float:
    """Return the value below which a share (a fraction) of Student's t with some degrees of freedom lies.

    Examples
    --------
    >>> round(t_quantile(0.975, 10), 4)
    2.2281
    """
    return settled(float(stdtrit(freedom, share)))


def chance_of_normal(distance: float) -> float:
    """Return how often a standard normal draw lies at least so far from nothing, on either side (a fraction).

    Examples
    --------
    >>> round(chance_of_normal(1.96), 4)
    0.05
    """
    return settled(float(2 * ndtr(-abs(distance))))


def chance_of_more(count: np.ndarray, of: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return how often more than ``count`` of ``of`` independent trials succeed, each with probability ``share`` (fractions).

    The three have one shape, which the result has too.

    Examples
    --------
    >>> chance_of_more(np.array([1, 2]), np.array([2, 2]), np.array([0.5, 0.5])).tolist()
    [0.25, 0.0]
    """
    chance = bdtrc(count, of, share)
    return np.array([settled(each) for each in chance.ravel()]).reshape(chance.shape)


# Ours: where nobody differed, one paper in ten would name somebody or something by chance alone.
FALSE_FINDINGS = 0.1


def is_beyond_chance(count: np.ndarray, of: np.ndarray, share: np.ndarray, questions: int) -> np.ndarray:
    """Return where so many of ``of`` trials or more are too unlikely, for one of so many questions that a paper asks.

    Parameters
    ----------
    count, of, share : numpy.ndarray
        As of ``chance_of_more``, of one shape, which the result has too (boolean).
    questions : int
        How many are asked in all: so many share the chance of a false finding in one paper of ten.

    Examples
    --------
    >>> five, ten, share = np.array([5, 1]), np.array([10, 10]), np.array([0.05, 0.05])
    >>> is_beyond_chance(five, ten, share, questions=100).tolist()
    [True, False]
    """
    return chance_of_more(count - 1, of, share) < FALSE_FINDINGS / max(questions, 1)
