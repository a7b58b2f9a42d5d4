"""Two exports of one period that differ in age: then no register is wrong, and one of the two files is to go."""

from collections.abc import Sequence

import pandas as pd

from attendance_lib.intake.reconcile import Batch

# Of the sessions in doubt two files must both hold nearly all, nine in ten, and so many at least.
NEARLY_ALL, OUT_OF, FEWEST = 9, 10, 20
KEY = ["pupil_id", "date", "session"]
NO_REASON_YET = "N"


def two_exports_words(doubtful: pd.DataFrame, batches: Sequence[Batch]) -> str:
    """Return which two files hold the same sessions at different ages, and which to remove; empty text if none do.

    Parameters
    ----------
    doubtful : pandas.DataFrame
        ``Reconciled.doubtful`` of the rules that one source breaks: one row per session with several codes.
    batches : sequence of Batch
        The marks of each file.

    Returns
    -------
    str
        The older is the one whose marks end earlier, else the one that has more sessions without a reason yet.
    """
    if len(doubtful) < FEWEST:
        return ""
    keys = doubtful[KEY].drop_duplicates().astype({"date": "datetime64[s]"})
    held = [(batch, in_doubt(batch, keys)) for batch in batches]
    both = [(batch, codes) for batch, codes in held if OUT_OF * len(codes) >= NEARLY_ALL * len(keys)]
    if len(both) != 2 or both[0][0].file == both[1][0].file:  # noqa: PLR2004 - two files, as the name says
        return ""
    older, newer = sorted(both, key=lambda each: (last_day(each[0]), -(each[1] == NO_REASON_YET).sum()))
    files = f"{older[0].file} and {newer[0].file} are exports of one period"
    if last_day(older[0]) == last_day(newer[0]) and unreasoned(older[1]) == unreasoned(newer[1]):
        return f"{files}: remove the one that was made first."
    return f"{files}, and {older[0].file} is the older one: remove it."


def in_doubt(batch: Batch, keys: pd.DataFrame) -> pd.Series:
    """Return the codes that a file has for the sessions in doubt."""
    marks = pd.DataFrame(
        {
            "pupil_id": batch.pupil.values[batch.pupil.places],
            "date": pd.to_datetime(pd.Series(batch.day.values[batch.day.places])).astype("datetime64[s]"),
            "session": batch.session.values[batch.session.places],
            "code": batch.letter.values[batch.letter.places],
        }
    )
    marks = marks.drop_duplicates(KEY).astype({"pupil_id": object, "session": object, "code": object})
    return marks.merge(keys.astype({"pupil_id": object, "session": object}), on=KEY)["code"]


def unreasoned(codes: pd.Series) -> int:
    """Return how many codes mean that no reason is known yet."""
    return int((codes == NO_REASON_YET).sum())


def last_day(batch: Batch) -> pd.Timestamp:
    """Return the last day of a file's marks."""
    return pd.to_datetime(pd.Series(batch.day.values[batch.day.places])).max()
