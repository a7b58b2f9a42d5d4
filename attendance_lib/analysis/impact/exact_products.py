"""Products of matrices that come out the same, bit for bit, on every processor and with any number of threads.

A BLAS library adds up in an order that depends on its kernel, and some kernels round once where others round twice, so
the last bits of a product tell one machine from another; whatever is decided from them (who is nearest, which side of a
line) then differs by far more than a last bit. Here each number is cut into whole numbers so small that BLAS adds their
products without any rounding, and what is rounded afterwards is rounded one element at a time in a fixed order
(the error-free splitting of Ozaki, Ogita, Oishi and Rump, Numerical Algorithms 59 (2012) 95-118).
"""

import numpy as np

# Two slices' products have at most 40 bits and 8,192 of them at most 53, which a float holds exactly.
SLICES, SLICE_BITS, BLOCK_ROWS = 3, 20, 8192


def sums_of_products(values: np.ndarray) -> np.ndarray:
    """Return ``values.T @ values``, as exactly as floats allow and whatever the order of the rows.

    Parameters
    ----------
    values : numpy.ndarray
        Finite numbers: shape (rows, columns), at most a million rows.

    Returns
    -------
    numpy.ndarray
        The sum over the rows of the product of each two columns: shape (columns, columns), in the product of their
        units. Numbers less than 2**-60 of the largest in their column count as nothing.

    Raises
    ------
    ValueError
        If a number is missing or infinite: cut into whole numbers it would pass for one.

    Examples
    --------
    >>> sums_of_products(np.array([[1.0, 0.5], [2.0, 0.25]])).tolist()
    [[5.0, 1.0], [1.0, 0.3125]]
    """
    if not np.isfinite(values).all():
        odd = int((~np.isfinite(values)).sum())
        raise ValueError(f"sums of products need finite numbers: {odd} of {values.size} are not")
    slices, scale = sliced(values)
    whole = np.zeros((slices.shape[1], slices.shape[1]), dtype=np.int64)
    for first in range(0, len(values), BLOCK_ROWS):
        block = slices[first : first + BLOCK_ROWS]
        whole += (block.T @ block).astype(np.int64)
    return put_together(whole) * scale[:, None] * scale


def counts_of_both(flags: np.ndarray) -> np.ndarray:
    """Return in how many rows each two columns hold (whole numbers as floats, shape (columns, columns)), which BLAS counts exactly.

    Parameters
    ----------
    flags : numpy.ndarray
        Boolean, shape (rows, columns).

    Examples
    --------
    >>> counts_of_both(np.array([[True, False], [True, True]])).tolist()
    [[2.0, 1.0], [1.0, 1.0]]
    """
    ones = flags.astype(float)
    return ones.T @ ones


def sliced(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut each column into SLICES columns of whole numbers, and say what they were scaled by.

    Returns
    -------
    slices : numpy.ndarray
        Shape (rows, SLICES x columns): all first slices, then all second ones, and so on.
    scale : numpy.ndarray
        A power of two for each column, shape (columns,): the column is ``scale`` times the sum over its slices of
        slice x 2**(-SLICE_BITS x (place + 1)).

    Examples
    --------
    >>> slices, scale = sliced(np.array([[3.0], [0.5]]))
    >>> scale.tolist(), (slices[:, 0] * scale[0] / 2**SLICE_BITS).tolist()  # the first slice holds all of so short a number
    ([4.0], [3.0, 0.5])
    """
    scale = np.ldexp(1.0, np.frexp(np.abs(values).max(axis=0, initial=0.0))[1])
    rows, columns = values.shape
    slices, rest = np.empty((rows, SLICES, columns)), values * (2.0**SLICE_BITS / scale)
    for place in range(SLICES):
        np.rint(rest, out=slices[:, place])
        rest -= slices[:, place]
        rest *= 2.0**SLICE_BITS
    return slices.reshape(rows, -1), scale


def put_together(whole: np.ndarray) -> np.ndarray:
    """Add up the exact products of slices, the smallest first, into those of the columns they were cut from.

    ``whole`` has the shape (SLICES x columns, SLICES x columns); in the result a column's largest number is at most 1.
    """
    columns = len(whole) // SLICES
    parts = whole.reshape(SLICES, columns, SLICES, columns)
    total = np.zeros((columns, columns))
    for place in reversed(range(2 * SLICES - 1)):
        level = sum(parts[i, :, place - i] for i in range(SLICES) if 0 <= place - i < SLICES)
        total = (total + level) * 2.0**-SLICE_BITS
    return total * 2.0**-SLICE_BITS


def product_over_columns(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return ``rows @ columns`` added up column by column: for few columns, where slicing would cost more.

    Parameters
    ----------
    rows : numpy.ndarray
        Shape (rows, inner).
    columns : numpy.ndarray
        Shape (inner, columns) or (inner,).

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns) or (rows,), in the product of their units.

    Examples
    --------
    >>> product_over_columns(np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([10.0, 1.0])).tolist()
    [12.0, 3.0]
    """
    total = np.zeros((len(rows), *columns.shape[1:]))
    for place, factors in enumerate(columns):
        total += np.multiply.outer(rows[:, place], factors)
    return total
