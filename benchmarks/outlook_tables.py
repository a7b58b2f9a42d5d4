"""What the pages of the outlook's calibration share: skill with its standard error over schools, and Markdown tables."""

import numpy as np


def skill(rows: list[dict], which: str, method: str, against: str) -> tuple[float, float]:
    """Return by how many per cent a method's mean squared miss is smaller than another's, and its standard error over schools."""
    ours, theirs = (
        np.array([row[which]["brier"][name] for row in rows if row[which]["pupils"]])
        for name in (method, against)
    )
    ratio = ours.mean() / theirs.mean()
    error = (
        (ours - ratio * theirs).std(ddof=1) / np.sqrt(len(ours)) / theirs.mean()
        if len(ours) > 1
        else float("nan")
    )
    return 100 * (1 - ratio), 100 * error


def with_error(figure: tuple[float, float]) -> str:
    """Return a skill with its standard error.

    Examples
    --------
    >>> with_error((15.62, 0.44))
    '15.6 (0.4)'
    """
    return f"{figure[0]:.1f} ({figure[1]:.1f})"


def table(headings: tuple[str, ...], rows: list[list[str]], first: int = 2) -> str:
    """Return a Markdown table; the first columns are text."""
    lines = [f"| {' | '.join(headings)} |", "|---" * first + "|---:" * (len(headings) - first) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
