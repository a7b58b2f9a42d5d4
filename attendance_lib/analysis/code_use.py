"""How many sessions some codes were used for, and how many enrolments are behind them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from attendance_lib.register import Register, cell_of, tally
from attendance_lib.rules.codes import CODES, Category

ABSENCES = (Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE)


def absence_codes() -> dict[str, tuple[str, ...]]:
    """Return the codes of absence by the group that a reader sees them under, authorised groups first.

    Examples
    --------
    >>> absence_codes()["Leave granted"]
    ('C1', 'J1', 'C', 'H', 'F')
    """
    ordered = sorted((code for code in CODES if code.category in ABSENCES), key=lambda code: code.category)
    found: dict[str, tuple[str, ...]] = {}
    for code in ordered:
        found[code.group] = (*found.get(code.group, ()), code.letter)
    return found


def use_of_codes(register: Register, groups: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Count the use of each group of codes.

    Parameters
    ----------
    register : Register
        The sessions and enrolments counted.
    groups : mapping of str to tuple of str
        Codes by what they are called together.

    Returns
    -------
    pandas.DataFrame
        One row per group in the order given: ``group``, ``sessions`` (with one of its codes), ``pupils``
        (enrolments with any such session) and ``possible_sessions`` (of the whole register). A code that is not in
        force on its date counts for nothing, as in every rate.
    """
    possible = int(tally(register)["possible_sessions"].iloc[0])
    is_in_force = register.categories != Category.UNCLASSIFIED
    used = [
        np.isin(register.codes, [cell_of(letter) for letter in letters]) & is_in_force
        for letters in groups.values()
    ]
    return pd.DataFrame(
        {
            "group": list(groups),
            "sessions": [int(each.sum()) for each in used],
            "pupils": [int(each.any(axis=1).sum()) for each in used],
            "possible_sessions": possible,
        }
    )
