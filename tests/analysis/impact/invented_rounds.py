"""Rounds as they are estimated, and pools of them."""

import pandas as pd

from attendance_lib.analysis.impact.pools import pool_rounds


def rounds_table(*rows):
    """Rounds from (estimate, standard error, pupils) or with why they are not comparable."""
    whole = [row if len(row) == 4 else (*row, "") for row in rows]
    return pd.DataFrame(
        {
            "intervention": "Mentor",
            "estimate": [row[0] for row in whole],
            "se": [row[1] for row in whole],
            "low": [row[0] - 2 * row[1] for row in whole],
            "high": [row[0] + 3 * row[1] for row in whole],
            "possible_sessions": [100 * len(row[2]) for row in whole],
            "not_comparable": [row[3] for row in whole],
            "pupil_ids": [tuple(row[2]) for row in whole],
        }
    )


def pool(*rows):
    return pool_rounds(rounds_table(*rows), ["intervention"]).iloc[0]
