"""What a log's costs say: one rule of which are recorded, for every paper that adds them up."""

import pandas as pd


def recorded_costs(costs: pd.Series) -> pd.Series:
    """Return costs (pounds, one per row) with those that are not recorded missing.

    A nought says nothing: systems write it where nobody filled in a cost.

    Examples
    --------
    >>> recorded_costs(pd.Series([96.0, 0.0, None])).tolist()
    [96.0, nan, nan]
    """
    known = pd.to_numeric(costs).astype(float)
    return known.where(known > 0)
