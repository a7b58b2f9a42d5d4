"""Whose mark it is, when a marks file names pupils in another way than the roll does."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Identified:
    """The roll's identifier for each name used in the marks, and how many names needed which repair."""

    pupil_id: dict[str, str]
    by_upn: int
    by_zeros: int


def identify(used: Iterable[str], pupils: pd.DataFrame) -> Identified:
    """Match the identifiers used in marks with the roll's (PUPILS, one row per enrolment).

    Parameters
    ----------
    used : iterable of str
        The distinct identifiers of the marks.
    pupils : pandas.DataFrame
        PUPILS.

    Returns
    -------
    Identified
        First the identifier as it is, then the unique pupil number in any case, then the identifier without the
        leading zeros that a spreadsheet drops; the last two only where one pupil alone fits.

    Examples
    --------
    >>> roll = pd.DataFrame({"pupil_id": ["003400", "003401"], "upn": ["A1", "A2"]})
    >>> identify(["003400", "3401", "A1", "9"], roll).pupil_id
    {'003400': '003400', '3401': '003401', 'A1': '003400'}
    """
    ids = pupils["pupil_id"].drop_duplicates()
    numbered = pupils.dropna(subset="upn").drop_duplicates(["pupil_id", "upn"])
    by_upn = _whose_alone(numbered["upn"].str.upper(), numbered["pupil_id"])
    by_zeros = _whose_alone(ids.str.lstrip("0"), ids)
    known = set(ids)
    upn = {name: by_upn[name.upper()] for name in used if name not in known and name.upper() in by_upn}
    zeros = {
        name: by_zeros[short]
        for name in used
        if name not in known | upn.keys() and (short := name.lstrip("0")) in by_zeros
    }
    return Identified({name: name for name in used if name in known} | zeros | upn, len(upn), len(zeros))


def _whose_alone(names: pd.Series, ids: pd.Series) -> dict[str, str]:
    """Return the pupil of each name that one pupil alone has."""
    counts = Counter(names)
    return {name: pupil for name, pupil in zip(names, ids, strict=True) if counts[name] == 1}
