"""What the demo school writes down for its raffle and its prize pot: excused lateness, a prize given up, who is not to be named."""

import numpy as np
import pandas as pd

from attendance_lib.demo.register import Book
from attendance_lib.intake.schema import OVERRIDE_REASONS, OVERRIDES, REDRAWS

EXCUSED, EXCUSED_FROM, STILL_SHARE = 12, "2026-09-07", 0.5
ENDED = "2026-11-11"
UNNAMED_SHARE = 0.06


def overrides(book: Book, rng: np.random.Generator) -> pd.DataFrame:
    """List whose lateness and absence is excused, mostly of pupils who are often late.

    Parameters
    ----------
    book : Book
        The finished register.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per agreement, by pupil, with the columns of the ``overrides`` table.
    """
    late = book.holds(("L", "U")).sum(axis=1) * book.roll.is_on_roll[:, -1]
    rows = rng.choice(len(late), EXCUSED, replace=False, p=late / late.sum())
    table = pd.DataFrame(
        {
            "pupil_id": book.roll.table["pupil_id"].to_numpy()[rows],
            "date_from": EXCUSED_FROM,
            "date_to": np.where(rng.random(EXCUSED) < STILL_SHARE, "", ENDED),
            "excuse": rng.choice(OVERRIDE_REASONS, EXCUSED),
        }
    )
    return table[list(OVERRIDES.column_names)].sort_values("pupil_id", kind="stable", ignore_index=True)


def redraws() -> pd.DataFrame:
    """Return the one prize that was given up: the second of the raffle of a week."""
    row = ("raffle 2026-11-09 2026-11-13", 2, "did not want it", "2026-11-17")
    return pd.DataFrame([row], columns=list(REDRAWS.column_names))


def not_to_be_named(book: Book, rng: np.random.Generator) -> np.ndarray:
    """Say of each enrolment whether the pupil is not to be named in public (0 or 1); a returner's two agree."""
    _, pupil = np.unique(book.roll.table["pupil_id"].to_numpy(), return_inverse=True)
    return (rng.random(pupil.max() + 1) < UNNAMED_SHARE).astype(int)[pupil]
