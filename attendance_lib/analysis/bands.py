"""How many enrolments stand in each of DfE's bands of absence."""

import pandas as pd

from attendance_lib.rules.bands import BANDS


def band_counts(totals: pd.DataFrame) -> pd.DataFrame:
    """Count the enrolments in each band.

    Parameters
    ----------
    totals : pandas.DataFrame
        PUPIL_TOTALS of a year to date.

    Returns
    -------
    pandas.DataFrame
        One row per band, from the most to the least attendance: ``band`` (its name), ``label`` (attendance) and
        ``enrolments`` (those with a possible session).

    Examples
    --------
    >>> band_counts(pd.DataFrame({"band": ["severe", "above_95", "above_95", ""]}))["enrolments"].tolist()
    [2, 0, 0, 0, 0, 1]
    """
    counted = totals["band"].value_counts()
    return pd.DataFrame(
        {
            "band": [band.name for band in BANDS],
            "label": [band.label for band in BANDS],
            "enrolments": [int(counted.get(band.name, 0)) for band in BANDS],
        }
    )
